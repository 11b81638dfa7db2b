"""Days to wait between the letters and the contract, counted one by one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from vendor_eval.tender.award import EU, FAR, UK, Award, Regime

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standstill:
    """The last day to wait or to ask, the first day to sign, None where nothing is waited for, and the days counted."""

    last_day: date
    sign_from: date | None
    counted: tuple[date, ...]


def standstill(award: Award, regime: Regime) -> Standstill | None:
    """Count the standstill of a regime; under far, which has none, the days in which a debriefing is asked for.

    None where the regime has none, or a day that it counts from is missing.
    """
    start, days = award.notice if regime == UK else award.sent, award.days(regime)
    if start is None or days is None:
        return None
    if regime == UK:
        counted = _working_days(start, days, award.holidays or ())
    else:
        counted = tuple(start + _DAY * number for number in range(1, days + 1))
    last = counted[-1]
    while regime == EU and _is_off(last, award.holidays or ()):
        last += _DAY
    return Standstill(last, None if regime == FAR else last + _DAY, counted)


def _working_days(start: date, count: int, holidays: Collection[date]) -> tuple[date, ...]:
    counted: list[date] = []
    day = start
    while len(counted) < count:
        counted += [] if _is_off(day, holidays) else [day]
        day += _DAY
    return tuple(counted)


def _is_off(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() >= _SATURDAY or day in holidays
