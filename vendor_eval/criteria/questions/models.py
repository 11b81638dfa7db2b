"""What a criteria file says of a question: options, breakpoints, gates."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from vendor_eval.config.models import Fault, Figure, Frozen, Text
from vendor_eval.criteria.conditions import Condition
from vendor_eval.criteria.parsing import normalize

_Tests = TypeVar("_Tests", bound=tuple[object, ...])
HUNDRED = 100.0
LEVELS = 6
_TOLERANCE = 1e-9
_TESTS = "at_least, one_of, includes, or min and max"
_LETTERS = 26
Score = Annotated[Figure, Field(ge=0, le=100)]
Weight = Annotated[Figure, Field(ge=0)]
Tier = Literal["screen", "core", "full"]
# In their order: a questionnaire asks its own tier and those before it.
TIERS: tuple[Tier, ...] = get_args(Tier)
# Keys of `brief` in evaluation.yaml: what a vendor must know of the project to answer.
_Work = Literal["task", "modality", "domain", "locales", "unit", "volume_per_month", "peak_month", "seconds_per_unit"]
_Terms = Literal["time_zone", "tool_name", "start", "contract_value", "currency", "insured_sum"]
_Demands = Literal["quality_measure", "quality_target", "expertise", "expert_hours_per_week"]
BriefKey = Literal[_Work, _Terms, _Demands, "draft_rubric", "data_processing_contract"]


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
    promises: Literal["target"] | None = None


def _lettered(options: object) -> object:
    if not isinstance(options, list | tuple):
        return options
    letters = [chr(ord("a") + index) if index < _LETTERS else f"o{index + 1}" for index in range(len(options))]
    lettered = zip(letters, options, strict=True)
    return [{"id": letter, **option} if isinstance(option, dict) else option for letter, option in lettered]


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
            message = f"the option id '{option.id}' stands twice; give each option its own"
            raise Fault("repeated-id", message, index, "id")
        if shared := spellings & texts:
            raise Fault("repeated-label", f"'{min(shared)}' names two options; an answer must mean one", index)
        ids.add(option.id)
        texts |= spellings
    return options


Options = Annotated[tuple[Option, ...], BeforeValidator(_lettered), AfterValidator(_told_apart)]


Stage = Literal["read", "award", "data"]
STAGES: tuple[Stage, ...] = get_args(Stage)


def _refuse_empty(tests: _Tests) -> _Tests:
    if not tests:
        raise Fault("gate-test", "an empty list tests nothing; name a test, or leave the key out")
    return tests


class Bounds(Frozen):
    """The least and the greatest that a figure may be; None for no end."""

    min: Figure | None = None
    max: Figure | None = None

    @model_validator(mode="after")
    def _leave_room(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Fault("gate-test", f"nothing is {self.ends}; exchange min and max")
        return self

    @property
    def ends(self) -> str:
        """The bounds in words, '' for none."""
        bounds = [f"at least {self.min:g}"] if self.min is not None else []
        return " and ".join(bounds + ([f"at most {self.max:g}"] if self.max is not None else []))

    @property
    def limits(self) -> str:
        """What a vendor reads of the bounds, '' where there are none."""
        return f"{self.ends.capitalize()}." if self.ends else ""

    def holds(self, number: float) -> bool:
        """Tell whether a figure lies within the bounds, but for the noise of floats."""
        is_enough = self.min is None or number >= self.min - _TOLERANCE
        return is_enough and (self.max is None or number <= self.max + _TOLERANCE)


NO_BOUNDS = Bounds()


class GateTest(Bounds):
    """One test of one answer: a value, options, or a figure."""

    at_least: Score | None = None
    one_of: tuple[Text, ...] = ()
    includes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        numeric = self.min is not None or self.max is not None
        tests = [self.at_least is not None, bool(self.one_of), bool(self.includes), numeric, *self._other_tests()]
        if sum(tests) != 1:
            raise Fault("gate-test", f"a {self._kind} needs exactly one test: {_TESTS}{self._or_else}")
        return self

    _kind: ClassVar[str] = "branch of any or all"
    _or_else: ClassVar[str] = ""

    def _other_tests(self) -> Iterable[bool]:
        return ()

    @property
    def test(self) -> str:
        if self.at_least is not None:
            return f"value at least {self.at_least:g}"
        if self.one_of:
            return f"one of {', '.join(self.one_of)}"
        if self.includes:
            return f"includes {', '.join(self.includes)}"
        return self.ends


class BranchTest(GateTest):
    """A test of the gate's own answer, or of that to another `question`."""

    question: Text = ""


class Branch(BranchTest):
    """A way to pass a gate: one test, or `all` of several."""

    all: Annotated[tuple[BranchTest, ...], AfterValidator(_refuse_empty)] = ()

    _or_else: ClassVar[str] = "; or all of several"

    def _other_tests(self) -> Iterable[bool]:
        if self.all and self.question:
            raise Fault("gate-test", "name the question in each test of all", "question")
        return (bool(self.all),)


class Gate(GateTest):
    """A test of one answer, or `any` of several, that no total can buy back; `stage` says by when it must be passed."""

    kind: Literal["knock_out", "must", "flag"]
    any: Annotated[tuple[Branch, ...], AfterValidator(_refuse_empty)] = ()
    stage: Stage = "award"
    needs: Literal["document"] | None = None
    when: Condition = {}
    reason: Text = ""
    judgement: bool = False

    _kind: ClassVar[str] = "gate"
    _or_else: ClassVar[str] = "; or any of several"

    def _other_tests(self) -> Iterable[bool]:
        return (bool(self.any),)

    @property
    def questions(self) -> frozenset[str]:
        """Other questions that its branches name."""
        tests = (test for branch in self.any for test in (branch, *branch.all))
        return frozenset(test.question for test in tests if test.question)

    def branches(self, own: str) -> tuple[tuple[tuple[str, GateTest], ...], ...]:
        """List the ways to pass: the tests of each, with the id of the question; `own` is the gate's question."""
        listed = (branch.all or (branch,) for branch in self.any)
        return tuple(tuple((test.question or own, test) for test in tests) for tests in listed) or (((own, self),),)


class PointsWhen(Frozen):
    """Breakpoints that count where a condition holds."""

    when: Condition
    points: Points
    judgement: bool = False
