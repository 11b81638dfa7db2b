"""The interview: a profile question by question, with help, defaults and a way back. It reads and prints nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

from vendor_eval.criteria.parsing import read_number
from vendor_eval.issues import AnswerError, did_you_mean
from vendor_eval.sourcing.cost import SECONDS, SHARES
from vendor_eval.sourcing.model import FromUnits, ProfileField, Sourcing
from vendor_eval.sourcing.profile import broken_checks, value_or_default
from vendor_eval.sourcing.rules import Value

UNITS = "units"
COST = "cost"
TITLE = "title"
_YES, _NO = ("y", "yes", "true"), ("n", "no", "false")


@dataclass(frozen=True, slots=True)
class InterviewStep:
    """A question of the interview: its possible answers and its default."""

    name: str
    question: str
    kind: str  # choice, set, bool, number, share (a number, or a percentage) or text
    options: Mapping[str, str] = field(default_factory=dict)
    default: Value | None = None
    required: bool = False
    help: str = ""
    unit: str = ""
    most: float = inf
    from_units: FromUnits | None = None


@dataclass
class Interview:
    """The state of an interview: the answers so far, and which question is open.

    An answer is None where the default counts; `notes` say how a number was worked out.
    """

    model: Sourcing
    answers: dict[str, Value | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _detour: InterviewStep | None = None

    def steps(self) -> Iterator[InterviewStep]:
        """All questions as they stand now; costs are asked only where they are wanted."""
        yield InterviewStep(TITLE, "What is the project called?", "text", default="")
        for name, profile_field in self.model.file.fields.items():
            if self._detour is not None and self._detour.name == name and self._detour.from_units is not None:
                questions = self._detour.from_units
                for part in ("units_per_month", "seconds_per_unit"):
                    yield InterviewStep(f"{name}.{part}", getattr(questions, part), "number", required=True)
                yield InterviewStep(f"{name}.rework", questions.rework, "share", default=0.0, most=1.0)
            else:
                yield _field_step(name, profile_field)
        yield InterviewStep(COST, "Compare what it costs as well?", "bool", default=False)
        if self.answers.get(COST):
            for name, entry in self.model.file.cost.inputs.items():
                if entry.needed:
                    kind, most = "text" if isinstance(entry.default, str) else "share", 1.0 if name in SHARES else inf
                    source = entry.source or entry.quote
                    yield InterviewStep(name, entry.question, kind, default=entry.default, help=source, most=most)

    @property
    def step(self) -> InterviewStep | None:
        """The open question; None when all are answered."""
        return next((step for step in self.steps() if step.name not in self.answers), None)

    @property
    def place(self) -> tuple[int, int]:
        """Number of the open question, and of all."""
        done = [step.name in self.answers for step in self.steps()]
        return sum(done) + 1, len(done)

    def answer(self, text: str) -> None:
        """Answer the open question; an empty text takes the default.

        Raises AnswerError, and stays, where the text has no reading or contradicts an earlier answer.
        """
        step = self.step
        if step is None:
            return
        if step.from_units is not None and text.strip().casefold() == UNITS:
            self._detour = step
            return
        value = read_answer(step, text)
        self._refuse_contradiction(step, value)
        self.answers[step.name] = value
        # A number is worked out once everything that it follows from is answered.
        name = self._detour.name if self._detour is not None else ""
        parts = [f"{name}.{part}" for part in FromUnits.model_fields]
        if not all(part in self.answers for part in parts):
            return
        units, seconds, rework = (float(str(self.answers.pop(part) or 0)) for part in parts)
        productive = self.model.file.cost.assumptions.productive_hours_per_month.value
        self.answers[name] = float(f"{units * seconds * (1 + rework) / SECONDS / productive:.3g}")
        self.notes[name] = f"{units:,.10g} units × {seconds:g} s × {1 + rework:g} / 3600 / {productive:g} hours a month"
        self._detour = None

    def back(self) -> None:
        """Reopen the previous question; at the first question do nothing."""
        answered = [step.name for step in self.steps() if step.name in self.answers]
        if self._detour is not None and not any(name.startswith(f"{self._detour.name}.") for name in answered):
            self._detour = None
        elif answered:
            self.answers.pop(answered[-1])
            self.notes.pop(answered[-1], None)

    def _refuse_contradiction(self, step: InterviewStep, value: Value | None) -> None:
        answers, fields = {**self.answers, step.name: value}, self.model.file.fields
        # A required field is never without a value: its step refuses an empty answer.
        known = {name: value_or_default(fields[name], answer) for name, answer in answers.items() if name in fields}
        for check, names in broken_checks(self.model.file, known):
            if step.name in names:
                raise AnswerError("contradiction", f"{check.says}; answer otherwise, or go back with '<'")


def _field_step(name: str, profile_field: ProfileField) -> InterviewStep:
    return InterviewStep(
        name=name,
        question=profile_field.question,
        kind=profile_field.type,
        default=profile_field.default,
        required=profile_field.default is None,
        help=profile_field.help,
        # Each type of field has its own further keys.
        options=getattr(profile_field, "values", {}),
        unit=getattr(profile_field, "unit", ""),
        from_units=getattr(profile_field, "from_units", None),
    )


_ANSWERS = {
    "text": "In your words",
    "bool": "y or n",
    "number": "A number {unit}",
    "share": "A number, or a percentage with %",
    "set": "Numbers or names, several with commas; none is an answer",
    "choice": "A number or a name",
}


def question_text(step: InterviewStep, number: int, of: int) -> str:
    lines = [f"({number} of {of}) {step.question}"]
    width = max(map(len, step.options), default=0)
    lines += [f"  {n}  {name.ljust(width)}  {meaning}" for n, (name, meaning) in enumerate(step.options.items(), 1)]
    may = _ANSWERS[step.kind].format(unit=step.unit)
    if step.from_units is not None:
        may += ", or 'units' to work it out from units and seconds"
    default = "" if step.default is None or step.default == "" else f" [{_default_text(step.default)}]"
    return "\n".join((*lines, f"  {may.strip()}{default}"))


def _default_text(default: Value) -> str:
    if isinstance(default, bool):
        return "y" if default else "n"
    if isinstance(default, tuple):
        return ", ".join(default) or "none"
    return default if isinstance(default, str) else f"{default:g}"


def read_answer(step: InterviewStep, text: str) -> Value | None:
    """Read an answer; None where the default counts.

    Raises AnswerError where the text has no reading.

    >>> step = InterviewStep("stage", "Where?", "choice", {"exploration": "", "prototype": ""})
    >>> read_answer(step, "2"), read_answer(step, "expl")
    ('prototype', 'exploration')
    """
    word = text.strip()
    if not word:
        if step.required:
            raise AnswerError("missing-answer", "this needs an answer; '?' explains it, '<' goes back")
        return None
    return _READ[step.kind](step, word)


def _read_bool(_step: InterviewStep, word: str) -> Value:
    if word.casefold() not in (*_YES, *_NO):
        raise AnswerError("invalid-answer", f"'{word}' is neither yes nor no")
    return word.casefold() in _YES


def _read_number(_step: InterviewStep, word: str) -> Value:
    number = read_number(f"0{word}" if word.startswith((".", ",")) else word)
    if number < 0:
        raise AnswerError("invalid-answer", f"{word}: expected a number of 0 or more")
    return number


def _read_share(step: InterviewStep, word: str) -> Value:
    is_percent = word.endswith("%")
    number = float(str(_read_number(step, word.removesuffix("%").strip()))) / (100 if is_percent else 1)
    if number > step.most:
        raise AnswerError("invalid-answer", f"{word}: a share runs from 0 to 1; write {word} % or {number / 100:g}")
    return number


def _read_set(step: InterviewStep, word: str) -> Value:
    if word.casefold() == "none":
        return ()
    chosen = {_read_option(step, part) for part in word.replace(",", " ").split()}
    return tuple(option for option in step.options if option in chosen)


def _read_option(step: InterviewStep, word: str) -> str:
    names = tuple(step.options)
    if word.isdecimal() and 1 <= int(word) <= len(names):
        return names[int(word) - 1]
    folded = word.casefold()
    matching = [name for name in names if name.casefold() == folded]
    matching = matching or [name for name in names if name.casefold().startswith(folded)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise AnswerError("invalid-answer", f"'{word}' may be {' or '.join(matching)}; write more of it, or its number")
    hint = did_you_mean(word, names) or f"; give its number, 1 to {len(names)}, or its name"
    raise AnswerError("invalid-answer", f"'{word}' is none of them{hint}")


_READ: Mapping[str, Callable[[InterviewStep, str], Value]] = {
    "text": lambda _step, word: word,
    "bool": _read_bool,
    "number": _read_number,
    "share": _read_share,
    "set": _read_set,
    "choice": _read_option,
}
