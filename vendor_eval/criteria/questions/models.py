"""What a criteria file says of a question: options, breakpoints, gates."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from vendor_eval.config.models import Fault, Figure, Frozen, Text
from vendor_eval.criteria.conditions import Condition
from vendor_eval.criteria.parsing import normalize

HUNDRED = 100.0
LEVELS = 6
_LETTERS = 26
Score = Annotated[Figure, Field(ge=0, le=100)]
Weight = Annotated[Figure, Field(ge=0)]
# Keys of `brief` in evaluation.yaml: what a vendor must know of the project to answer.
BriefKey = Literal[
    "task",
    "modality",
    "domain",
    "locales",
    "unit",
    "volume_per_month",
    "peak_month",
    "seconds_per_unit",
    "time_zone",
    "tool_name",
    "start",
    "contract_value",
    "currency",
    "insured_sum",
    "quality_measure",
    "quality_target",
    "expertise",
    "expert_hours_per_week",
    "draft_rubric",
    "data_processing_contract",
]


def _ordered(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    for index, ((x, _), (following, _)) in enumerate(pairwise(points), start=1):
        if following <= x:
            message = f"breakpoints must rise: {following:g} stands after {x:g}; put them in order, each once"
            raise Fault("unordered-points", message, index)
    if not points:
        raise Fault("unordered-points", "at least one breakpoint [answer, score] is needed")
    return points


Points = Annotated[tuple[tuple[Figure, Score], ...], AfterValidator(_ordered)]


class Option(Frozen):
    """One answer offered: its label as shown, and the score that it earns."""

    label: Text
    id: Text = ""
    score: Score | None = None
    synonyms: tuple[Text, ...] = ()


def _lettered(options: object) -> object:
    if not isinstance(options, list | tuple):
        return options
    letters = [chr(ord("a") + index) if index < _LETTERS else f"o{index + 1}" for index in range(len(options))]
    return [
        {"id": letter, **option} if isinstance(option, dict) else option
        for letter, option in zip(letters, options, strict=True)
    ]


def _told_apart(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if not options:
        raise Fault("missing-key", "at least one option is needed")
    ids: set[str] = set()
    texts: set[str] = set()
    for index, option in enumerate(options):
        spellings = {normalize(text) for text in (option.label, *option.synonyms)}
        if not option.id.strip() or "" in spellings:
            raise Fault("wrong-value", "ids, labels and synonyms may not be empty", index)
        if option.id in ids:
            raise Fault(
                "repeated-id", f"the option id '{option.id}' stands twice; give each option its own", index, "id"
            )
        if shared := spellings & texts:
            raise Fault("repeated-label", f"'{min(shared)}' names two options; an answer must mean one", index)
        ids.add(option.id)
        texts |= spellings
    return options


Options = Annotated[tuple[Option, ...], BeforeValidator(_lettered), AfterValidator(_told_apart)]


class Gate(Frozen):
    """One test of one answer that no total can buy back."""

    kind: Literal["knock_out", "must", "flag"]
    at_least: Score | None = None
    one_of: tuple[Text, ...] = ()
    includes: tuple[Text, ...] = ()
    min: Figure | None = None
    max: Figure | None = None
    needs: Literal["document"] | None = None
    when: Condition = {}
    reason: Text = ""
    judgement: bool = False

    @model_validator(mode="after")
    def _one_test(self) -> "Gate":
        numeric = self.min is not None or self.max is not None
        tests = [self.at_least is not None, bool(self.one_of), bool(self.includes), numeric]
        if sum(tests) != 1:
            raise Fault("gate-test", "a gate needs exactly one test: at_least, one_of, includes, or min and max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Fault("gate-test", f"nothing is at least {self.min:g} and at most {self.max:g}; exchange min and max")
        return self

    @property
    def test(self) -> str:
        if self.at_least is not None:
            return f"value at least {self.at_least:g}"
        if self.one_of:
            return f"one of {', '.join(self.one_of)}"
        if self.includes:
            return f"includes {', '.join(self.includes)}"
        bounds = [f"at least {self.min:g}"] if self.min is not None else []
        return " and ".join(bounds + ([f"at most {self.max:g}"] if self.max is not None else []))


class PointsWhen(Frozen):
    """Breakpoints that count where a condition holds."""

    when: Condition
    points: Points
    judgement: bool = False
