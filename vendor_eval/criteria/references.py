"""What a question names: its certification, options in gates, other questions."""

from collections.abc import Container, Iterable, Iterator, Mapping

from vendor_eval.config.yaml12 import YamlSource
from vendor_eval.criteria.models import Steps
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import Certification, CertificationScheme, Gate, GateTest, Question
from vendor_eval.criteria.questions.models import BranchTest
from vendor_eval.issues import Issue, did_you_mean


def certification_faults(
    source: YamlSource, path: Steps, question: Question | None, scheme: CertificationScheme | None
) -> Iterator[Issue]:
    """Check that a certification names parts and statuses of its scheme; other questions have none."""
    if not isinstance(question, Certification) or scheme is None:
        return
    for key, known in (("parts", scheme.part_ids), ("statuses", scheme.statuses), ("status_values", scheme.statuses)):
        for index, name in enumerate(getattr(question, key)):
            if name not in known:
                step = name if key == "status_values" else index
                yield reference_fault(source, (*path, key, step), f"{key}: '{name}' is not in the scheme", name, known)
    if question.parts and "status" not in question.parts:
        message = "parts: 'status' is missing; no certificate has a value without it"
        yield Issue("missing-key", message, source.locate((*path, "parts"), key=True), question.id)


def gate_faults(
    source: YamlSource, path: Steps, question: Question, gate: Gate, known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    """Check that each test of a gate can be applied to its question."""
    for index, branch in enumerate(gate.any):
        for number, test in enumerate(branch.all):
            yield from _target_faults(source, (*path, "any", index, "all", number), question, test, known)
        if not branch.all:
            yield from _target_faults(source, (*path, "any", index), question, branch, known)
    if not gate.any:
        yield from _test_faults(source, path, question, gate)


def _target_faults(
    source: YamlSource, path: Steps, own: Question, test: BranchTest, known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    if test.question and test.question not in known:
        message = f"question: '{test.question}' is no question"
        yield reference_fault(source, (*path, "question"), message, test.question, known)
    elif (target := known[test.question] if test.question else own) is not None:
        yield from _test_faults(source, path, target, test)


def _test_faults(source: YamlSource, path: Steps, question: Question, test: GateTest) -> Iterator[Issue]:
    """Check that a test can be applied to a question."""
    for key, names in (("one_of", test.one_of), ("includes", test.includes)):
        if names and not question.options_by_id:
            message = f"{key}: a {question.type} question has no options; use at_least, or min and max"
            yield Issue("gate-test", message, source.locate((*path, key), key=True), question.id)
        for index, name in enumerate(names if question.options_by_id else ()):
            if option_id(question, name) is None:
                known = (*question.options_by_id, *question.options_by_id.values())
                message = f"{key}: '{name}' is no option of {question.id}"
                yield reference_fault(source, (*path, key, index), message, name, known)
    numeric = question.type in {"number", "percentage", "date", "figures", "rubric"}
    if (test.min is not None or test.max is not None) and not numeric:
        kind = f"{question.id} is a {question.type} question"
        message = f"min and max need a figure; {kind}: use at_least, one_of or includes"
        yield Issue("gate-test", message, source.locate(path), question.id)
    if test.at_least is not None and not question.is_scored:
        message = f"at_least needs a value; {question.id} has no scores: use one_of, or min and max"
        yield Issue("gate-test", message, source.locate(path), question.id)


def option_id(question: Question, name: str) -> str | None:
    """Id of the option that a gate or a condition names by id or by label; None if there is none."""
    options = question.options_by_id
    if name in options:
        return name
    labels = {normalize(label): key for key, label in options.items()}
    return labels.get(normalize(name))


def reference_faults(
    source: YamlSource, path: Steps, question: Question, known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    """Check that `ask_if` and `cap_if` name other questions and answers that these offer."""
    for name, answers in question.ask_if.items():
        place = (*path, "ask_if", name)
        yield from _check_options(source, place, name, answers, known)
        if _hangs_on(question.id, name, known):
            message = f"ask_if: {question.id} depends on itself: remove one"
            yield Issue("unknown-reference", message, source.locate(place, key=True), question.id)
    for reference, caps in question.cap_if.items():
        yield from _check_options(source, (*path, "cap_if", reference), reference, caps, known)


def _hangs_on(target: str, name: str, known: Mapping[str, Question | None]) -> bool:
    """Tell whether a chain of follow-ups leads from a question to the target."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        follower = ahead.pop()
        question = None if follower in seen else known.get(follower)
        seen.add(follower)
        ahead += question.ask_if if question else ()
    return target in seen


def _check_options(
    source: YamlSource, path: Steps, reference: str, answers: Iterable[str], known: Mapping[str, Question | None]
) -> Iterator[Issue]:
    key = path[-2]
    name, part = split_reference(reference, known) if key == "cap_if" else (reference, "")
    if name not in known:
        yield reference_fault(source, path, f"{key}: '{name}' is no question", name, known)
        return
    other = known[name]
    if other is None:
        return
    offered = options_of(other, part)
    if offered is None:
        message = f"{key}: '{reference}' has no options"
        yield Issue("unknown-reference", message, source.locate(path, key=True))
        return
    labels = {normalize(label) for label in offered.values()}
    for index, answer in enumerate(answers):
        if answer not in offered and normalize(answer) not in labels:
            place = (*path, answer if key == "cap_if" else index)
            yield reference_fault(source, place, f"{key}: '{answer}' is no option of {reference}", answer, offered)


def split_reference(reference: str, known: Container[str]) -> tuple[str, str]:
    """Split what `cap_if` names into the id of a question, which may hold dots, and a part of it."""
    name, _, part = reference.rpartition(".")
    return (name, part) if reference not in known and name in known else (reference, "")


def options_of(question: Question, part: str) -> Mapping[str, str] | None:
    """Option ids and labels of a question, or of one part of a certification; None if it has none."""
    if not part:
        return question.options_by_id or None
    cell = next((cell for cell in question.cells() if cell.part == part), None)
    return {option.id: option.label for option in cell.options} or None if cell else None


def reference_fault(source: YamlSource, path: Steps, message: str, name: str, known: Iterable[str]) -> Issue:
    return Issue("unknown-reference", f"{message}{did_you_mean(name, known)}", source.locate(path, key=True))


def bind(question: Question, scheme: CertificationScheme | None) -> Question:
    return question.bind(scheme) if isinstance(question, Certification) and scheme is not None else question
