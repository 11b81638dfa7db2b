"""Records of what one vendor sent: responses with their places, and issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vendor_eval.criteria.questions import Answer
from vendor_eval.intake.answer_lines import Found, FreeText
from vendor_eval.issues import Issue, Location

State = Literal["answered", "blank", "invalid"]
Level = Literal["claim", "document", "verified"]


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer that a clarification replaced."""

    raw: str
    location: Location


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A filled row of an answer that has several; `key` is what follows the dot of its id."""

    key: str
    raw: str
    location: Location


@dataclass(frozen=True, slots=True)
class Response:
    """A vendor's answer to one question, and its place."""

    question: str
    state: State
    given: Answer | None
    raw: str
    evidence: str
    level: Level | None
    comment: str
    location: Location
    locations: tuple[Location, ...]
    found_by: Found = ""
    earlier: tuple[EarlierAnswer, ...] = ()
    parts: tuple[AnswerPart, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read, the hash of its bytes, and the people that it names."""

    file: str
    sha256: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """Everything that one vendor sent; `rounds` counts the rounds of clarifications that came back.

    `offer` holds the answers on prices, `responses` those that are scored. `names` are the vendors that covers name,
    `tokens` is the file of tokens where a clarification was compared with it, `own_texts` the cells that a mapping
    takes for the questionnaire's own text, by mapping, sheet, column and their id; `versions` are those of the
    scorecard with which its questionnaires were sent out.
    """

    vendor: str
    name: str
    cover: Mapping[str, str]
    responses: Mapping[str, Response]
    offer: Mapping[str, Response]
    issues: tuple[Issue, ...]
    unclaimed: tuple[Location, ...]
    inputs: tuple[InputFile, ...]
    texts: tuple[FreeText, ...] = ()
    names: tuple[FreeText, ...] = ()
    own_texts: Mapping[tuple[str, ...], FreeText] = field(default_factory=dict)
    rounds: int = 0
    tokens: InputFile | None = None
    versions: frozenset[str] = frozenset()
