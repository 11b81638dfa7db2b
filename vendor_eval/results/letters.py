"""Letters after the award as letters.json lists them."""

from typing import Literal

from pydantic import Field

from vendor_eval.json_files import parse_json
from vendor_eval.results.base import Record
from vendor_eval.results.record import RecordState

LETTERS_SCHEMA = "vendor-eval/letters/1"
LetterKind = Literal["award", "regret", "excluded", "late"]
KINDS: tuple[LetterKind, ...] = ("award", "regret", "excluded", "late")


class WinnerRecord(Record):
    """What a letter says of the winner; `scores` are by category."""

    name: str
    score: float | None = None
    scores: dict[str, float] = {}


class CriterionText(Record):
    """A category or criterion: its share of the total in percent, the own score of 100, and why."""

    node: str
    title: str
    weight: float
    score: float | None
    text: str


class LetterFile(Record):
    """A finished letter; the path is relative to the evaluation."""

    file: str
    sha256: str


class LetterRecord(Record):
    """A letter to one vendor."""

    vendor: str
    kind: LetterKind
    files: tuple[LetterFile, ...] = ()
    score: float | None = None
    winner: WinnerRecord | None = None
    criteria: tuple[CriterionText, ...] = ()


class StandstillRecord(Record):
    """Days that are waited for, or in which a debriefing is asked for; None where there are none."""

    last_day: str | None = None
    sign_from: str | None = None
    counted: tuple[str, ...] = ()
    rule: str = ""


class LettersRecord(Record):
    """All letters of an award, by which law, and where the record stood."""

    schema_: str = Field(default=LETTERS_SCHEMA, alias="schema")
    award: str
    regime: str
    cites: tuple[str, ...] = ()
    standstill: StandstillRecord = StandstillRecord()
    record: RecordState | dict[str, str] = {}
    letters: tuple[LetterRecord, ...] = ()


class MissingRecord(Record):
    """What a letter cannot do without: of which vendor, '' for all, about which key, and what is missing."""

    vendor: str
    about: str
    what: str


def listed_letters(content: bytes) -> dict[str, str]:
    """Map the files that a letters.json of any release lists to their hashes.

    Raises ValueError, KeyError or TypeError for what is none.
    """
    letters = parse_json(content)["letters"]
    return {str(file["file"]): str(file["sha256"]) for letter in letters for file in letter["files"]}
