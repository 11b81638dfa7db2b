"""Cell values by the type that the cell declares: shared string, number, boolean, date, error."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import isfinite

from vendor_eval.spreadsheets.cells import Value
from vendor_eval.spreadsheets.markup import unescape, whole_number
from vendor_eval.spreadsheets.number_formats import Shows
from vendor_eval.spreadsheets.shown import Run
from vendor_eval.spreadsheets.styles import PLAIN, Style, from_serial

# Excel keeps 15 digits; Python would make a number of any length of them.
_DIGITS = 15
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
_DAYS = {"date", "duration"}


class Damaged(ValueError):
    """The text of a cell does not fit its type; the message names the text."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Strings, styles and settings shared by the sheets of a workbook.

    `rich` are the runs of the strings that have some, by index as text; `images` says that cells may contain pictures.
    """

    file: str
    strings: Sequence[str]
    styles: Sequence[Style]
    from_1904: bool = False
    images: bool = False
    rich: Mapping[str, Sequence[Run]] = field(default_factory=dict)


class Styles(dict[str, Style]):
    """Styles by the index that a cell names, as text; `lost` are indices of styles that are not there."""

    def __init__(self, styles: Sequence[Style]) -> None:
        super().__init__()
        self.styles = styles
        self.lost: list[str] = []

    def __missing__(self, text: str) -> Style:
        index = whole_number(text)
        if index is not None and index < len(self.styles):
            self[text] = self.styles[index]
        else:
            # Some programs write indices of styles and no styles.
            self.lost += [text[:20]] if self.styles else ()
            self[text] = PLAIN
        return self[text]


class Values:
    """Parses the text of cells by their type."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.kinds: Mapping[str, Callable[[str], Value]] = {
            "s": self._shared_text,
            "str": unescape,
            "inlineStr": unescape,
            "b": _boolean,
            "d": _day,
        }

    def read(self, kind: str, text: str | None, shows: Shows) -> tuple[Value, str]:
        """Parse the text of a cell to value and error; raises Damaged."""
        if text is None:
            return None, ""
        if kind == "n":
            return self._number(text.strip(), shows)
        if kind == "e":
            return None, text
        if kind not in self.kinds:
            raise Damaged(f"is of the type '{kind[:20]}', which Excel does not know")
        return self.kinds[kind](text), ""

    def _shared_text(self, text: str) -> str | None:
        index = whole_number(text)
        if index is not None and index < len(self.shared.strings):
            return self.shared.strings[index]
        if text.strip():
            raise Damaged(f"points to the shared text {text[:20]}, which is not there")
        return None

    def _number(self, text: str, shows: Shows) -> tuple[Value, str]:
        if not text:
            return None, ""
        number: int | float
        if len(text) <= _DIGITS and text.removeprefix("-").isdecimal() and text.isascii():
            number = int(text)
        elif _NUMBER.fullmatch(text):
            number = float(text)
        else:
            raise Damaged(f"holds '{text[:20]}' as a number")
        if not isfinite(number):
            return None, "#NUM!"
        if shows in _DAYS:
            return from_serial(number, shows, from_1904=self.shared.from_1904), ""
        return number, ""


def _boolean(text: str) -> bool | None:
    folded = text.strip().casefold()
    if not folded:
        return None
    if folded not in _BOOLEANS:
        raise Damaged(f"holds '{text[:20]}' as true or false")
    return _BOOLEANS[folded]


def _day(text: str) -> Value:
    """Parse an ISO date, date and time, or time; other text is returned unchanged."""
    for parse in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            return parse(text.strip())
        except ValueError:
            continue
    return text
