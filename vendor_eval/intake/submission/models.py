"""Records of what one vendor sent: responses with their places, and issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vendor_eval.criteria.questions import Answer
from vendor_eval.intake.answer_lines import Found, FreeText
from vendor_eval.intake.evidence import InputFile
from vendor_eval.intake.submission.declaration import Declaration
from vendor_eval.issues import Issue, Location
from vendor_eval.results import ConditionReply, Level

State = Literal["answered", "blank", "invalid"]


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
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
    """A vendor's answer to one question, and its place.

    `ticks` are the levels of the options of a tick list, each by its own Evidence, where named documents count apart;
    `files` are those that its Evidence names.
    """

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
    ticks: Mapping[str, Level] = field(default_factory=dict)
    files: tuple[InputFile, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """Everything that one vendor sent; `rounds` counts the rounds of clarifications that came back.

    `offer` holds the answers on prices, `responses` those that are scored. `names` are the vendors that covers name,
    `tokens` is the file of tokens where a clarification was compared with it, `own_texts` the cells that a mapping
    takes for the questionnaire's own text, by mapping, sheet, column and their id; `versions` are those of the
    scorecard with which its questionnaires were sent out. `says` is what it wrote of conditions, by their id.
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
    declaration: Declaration = field(default_factory=Declaration)
    says: Mapping[str, ConditionReply] = field(default_factory=dict)

    @property
    def evidence_files(self) -> tuple[InputFile, ...]:
        """Documents that the Evidence of some answer names, each once."""
        responses = (*self.responses.values(), *self.offer.values())
        return tuple(dict.fromkeys(file for response in responses for file in response.files))
