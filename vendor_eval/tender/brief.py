"""The section `brief` of evaluation.yaml: what a vendor must know of the project to answer."""

import posixpath
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from vendor_eval.config.models import Day, Described, Fault, Figure, Text
from vendor_eval.formatting.currencies import CODES
from vendor_eval.issues import did_you_mean

# RFC 5646: language, script, region, variants, extensions, private use.
_LOCALE = re.compile(
    "[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    "(-[0-9a-wyz](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_Count = Annotated[Figure, Field(ge=0)]
_Positive = Annotated[Figure, Field(gt=0)]


def relative_path(file: str, *path: int) -> str:
    """Spell a path relative to evaluation.yaml one way; raise Fault where it is absolute."""
    if file.startswith("/") or Path(file).is_absolute():
        raise Fault("wrong-value", f"'{file}' is an absolute path; name it relative to evaluation.yaml", *path)
    return posixpath.normpath(file)


def _locale(tag: str) -> str:
    if not _LOCALE.fullmatch(tag):
        hint = tag.replace("_", "-")
        cure = f"write {hint}" if hint != tag and _LOCALE.fullmatch(hint) else "write one such as de or pt-BR"
        raise Fault("wrong-value", f"'{tag}' is no language tag of BCP 47; {cure}")
    return tag


def _currency(code: str) -> str:
    if code and code.casefold() not in CODES:
        hint = did_you_mean(code, map(str.upper, CODES)) or "; write one such as EUR"
        raise Fault("wrong-value", f"'{code}' is no currency of ISO 4217{hint}")
    return code.upper()


@cache
def _time_zones() -> frozenset[str]:
    # Imported where used: most evaluations name none, and the list is read from many files.
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name and name not in (known := _time_zones()):
        hint = did_you_mean(name, known) or "; write one such as Europe/Berlin"
        raise Fault("wrong-value", f"'{name}' is no IANA time zone{hint}")
    return name


def _email(address: str) -> str:
    name, _, host = address.partition("@")
    if address and (not name or not host or "@" in host or address.split() != [address]):
        raise Fault("wrong-value", f"'{address}' is no email address; write one such as tenders@example.org")
    return address


Locale = Annotated[Text, AfterValidator(_locale)]
_File = Annotated[Text, AfterValidator(lambda name: name and relative_path(name))]


class Brief(Described):
    """The project in the words and figures that vendors read; what is empty they are not told."""

    task: Text = ""
    """What is to be done, in one to three sentences."""
    modality: Text = ""
    """Kind of data, such as "street video, 1080p"."""
    domain: Text = ""
    """Field that the data comes from, such as "road traffic"."""
    locales: tuple[Locale, ...] = ()
    """Languages and regions as BCP 47 tags, such as [de-DE, pt-BR]."""
    unit: Text = ""
    """What is counted, such as "box" or "answer"."""
    volume_per_month: _Count | None = None
    """Units in a mean month."""
    peak_month: _Count | None = None
    """Units in the busiest month."""
    seconds_per_unit: _Positive | None = None
    """Hands-on time of one unit in seconds."""
    time_zone: Annotated[Text, AfterValidator(_time_zone)] = ""
    """Time zone that you work in, by its IANA name such as Europe/Berlin."""
    tool_name: Text = ""
    """Tool that is to be used, with its version."""
    start: Day | None = None
    """First day of production."""
    contract_value: _Positive | None = None
    """Value of the contract in a year, in `currency`."""
    currency: Annotated[Text, AfterValidator(_currency)] = ""
    """Currency by its ISO 4217 code; without it that of `price`."""
    insured_sum: _Positive | None = None
    """Sum to be insured for each claim, in `currency`; without it `contract_value`."""
    quality_measure: Text = ""
    """How quality is measured, such as "IoU per class"."""
    quality_target: Figure | None = None
    """Target in the unit of `quality_measure`."""
    expertise: Text = ""
    """Who must do the work, such as "licensed radiologists"."""
    expert_hours_per_week: _Count | None = None
    """Hours of experts that are needed in a week."""
    draft_rubric: _File = ""
    """File with the draft of the rubric, sent with the workbook; a path relative to evaluation.yaml."""
    data_processing_contract: _File = ""
    """File with the contract on data processing, sent with the workbook; a path relative to evaluation.yaml."""

    def is_empty(self, key: str) -> bool:
        """Whether nothing is said under a key."""
        value = getattr(self, key)
        return not value.strip() if isinstance(value, str) else value in (None, ())


# Keys of the brief that name a file.
FILES = ("draft_rubric", "data_processing_contract")


class Contact(Described):
    """Who answers the vendors' questions."""

    name: Text = ""
    """Name as printed."""
    email: Annotated[Text, AfterValidator(_email)] = ""
    """Email address."""
    phone: Text = ""
    """Telephone number."""
