"""Open points of one vendor, in words for that vendor: what arrived, and what is needed.

No score, weight, gate, threshold or red flag is in these words, nor anything of another vendor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.criteria.questions import Question
from vendor_eval.results import UNPROVEN, AnswerRecord, GateRecord, Result, Source, VendorRecord, issues_of

# Titles of the groups, in their order.
GROUPS = ("Please answer these first", "Please answer these too")
_FIRST, _REST = range(2)
_FULL = 100.0
_QUOTED = 600
_CLOSED = ("settled", "not_asked")
# Faults whose own words say what arrived and what is expected, and nothing of how the answer counts.
UNREAD = frozenset(
    (
        *("abbreviated-number", "ambiguous-date", "ambiguous-number", "approximate-answer", "error-cell"),
        *("external-link", "formula-without-value", "not-a-date", "not-a-number", "range-answer", "wrong-unit"),
    )
)
_PLAIN = UNREAD.union(
    (
        "ambiguous-none",
        "ambiguous-percentage",
        "future-date",
        "implausible-date",
        "implausible-value",
        "negative-answer",
    ),
    ("figures-contradict", "none-beside-others", "percentage-out-of-range"),
)
AGAIN = "The answer has no clear reading: please give it again."
_UNFILED = "Please send the document that Evidence describes, and write its file name there."
_REFUTED = "The document named does not show it: please name one that does, by title, version and page."
_MEASURED = "Our pilot does not bear this out: please name the document that proves it, by title, version and page."
_OWN = {
    "answer-elsewhere": "Please answer in the box itself; a document belongs into Evidence.",
    "answer-in-comment": "Something is written beside the question, but the answer itself is blank: please fill it in.",
    "certificate-in-one-cell": "Please describe the certificate in its rows: status, edition and the others.",
    "certificate-incomplete": "The certificate is described in part: please fill in what is missing.",
    "certificate-not-named": "Please give the issuer and the number of the certificate or report.",
    "contradiction": "Two different answers arrived: please say which one counts.",
    "figures-in-one-cell": "Please answer in the rows of the question, one figure in each.",
    "figures-incomplete": "The question is answered in part: please fill in the rows that are missing.",
    "merged-evidence": "The Evidence is merged and counts for its first row only: please name the document here too.",
    "not-applicable-answer": "Every vendor is asked this question: please answer it, or say in Comment why you cannot.",
    "partial-without-text": "Please say in Comment what 'Partial' covers and what it does not.",
    "placeholder-answer": "No answer arrived yet: please answer.",
    "planned-answer": "Please answer as of today; what is planned belongs into Comment.",
    "qualified-answer": "Please pick the answer that holds, and put the condition into Comment.",
    "row-blank": "A row of the question is blank: please fill it in.",
    "unknown-option": "This is none of the answers in the list: please pick one; the rest belongs into Comment.",
    "unnamed-document": "Please name the document in Evidence: its title, version and page.",
}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    question: Question
    group: int
    arrived: str
    needed: str


def open_points(result: Result, vendor: VendorRecord, questions: Mapping[str, Question]) -> tuple[OpenPoint, ...]:
    """List open points: those that decide a gate or a floor first, then by what the answer could change.

    That is the places that it alone could move the vendor, then the points of the total.
    """
    asks = result.robustness.ask_first if result.robustness else ()
    field = _OpenField(vendor, questions, {ask.question: ask.places for ask in asks if ask.vendor == vendor.id})
    asked = (q.id for category in result.definition.categories for c in category.criteria for q in c.questions)
    order = {question: index for index, question in enumerate(asked)}
    points = []
    for answer in vendor.answers:
        needed = field.needed(answer) if answer.id in questions else ()
        if needed:
            rank = field.rank(answer)
            key = (*rank, order[answer.id])
            points.append((key, OpenPoint(questions[answer.id], rank[0], field.arrived(answer), "\n".join(needed))))
    return tuple(point for _, point in sorted(points, key=lambda pair: pair[0]))


class _OpenField:
    """One vendor's answers, gates and issues by question."""

    def __init__(self, vendor: VendorRecord, questions: Mapping[str, Question], places: Mapping[str, int]) -> None:
        self.questions = questions
        self.places = places
        self.answers = {answer.id: answer for answer in vendor.answers}
        self.gates: dict[str, list[GateRecord]] = {}
        for gate in vendor.gates:
            if gate.result == "unresolved" and gate.kind != "flag" and gate.waived is None:
                for name in gate.open_questions:
                    self.gates.setdefault(name, []).append(gate)
        floors = ((node.id, node.floor) for node in vendor.nodes if node.floor)
        self.floors = tuple(name for name, floor in floors if floor.result == "unresolved" and not floor.waived)
        self.issues = {name: issues for name in questions if (issues := issues_of(vendor.issues, name))}
        self.holding = {
            reference.partition(".")[0]: gates
            for name, gates in self.gates.items()
            if name in questions
            for reference in questions[name].cap_if
        }

    def needed(self, answer: AnswerRecord) -> tuple[str, ...]:
        """Say what the vendor can still do for a question; nothing where that is nothing."""
        if answer.state in _CLOSED:
            return self._follow_up(answer)
        return tuple(dict.fromkeys((*self._faults(answer), *self._gaps(answer))))

    def _follow_up(self, answer: AnswerRecord) -> tuple[str, ...]:
        """Ask a follow-up along with the question that it hangs on."""
        if answer.state != "settled" or answer.value is None or answer.high == answer.low:
            return ()
        question = self.questions[answer.id]
        sentences = []
        for name in self._hangs_on(answer.id):
            labels = {normalize(option): label for option, label in self.questions[name].options_by_id.items()}
            wanted = " or ".join(f"'{labels.get(normalize(option), option)}'" for option in question.ask_if[name])
            sentences.append(f"Please answer this too if your answer to {name} is {wanted}.")
        return tuple(sentences)

    def _faults(self, answer: AnswerRecord) -> Iterator[str]:
        for issue in self.issues.get(answer.id, ()):
            if issue.code == "comment-missing":
                yield f"In Comment, please name: {self.questions[answer.id].comment_required}."
            elif issue.code == "placeholder-answer" and answer.state == "answered":
                continue
            elif issue.code == "evidence-file-missing":
                if answer.evidence != "verified":
                    yield f"{issue.text} ({place(issue.source)})."
            elif issue.code in _OWN:
                yield _OWN[issue.code]
            elif issue.severity == "blocking":
                yield f"{issue.text}." if issue.code in _PLAIN else AGAIN

    def _gaps(self, answer: AnswerRecord) -> Iterator[str]:
        if answer.state == "blank" or (answer.state == "pending" and not answer.raw):
            if not self.issues.get(answer.id):
                proof = ", and name the proof in Evidence" if self.questions[answer.id].evidence else ""
                yield f"Please answer{proof}."
        elif answer.state == "invalid" and not self.issues.get(answer.id):
            yield AGAIN
        elif answer.evidence in UNPROVEN and (answer.id in self.gates or (answer.value or 0) > (answer.credited or 0)):
            refuted = [finding for finding in answer.findings if finding.kind == "claim"]
            asked = any(issue.code == "evidence-file-missing" for issue in self.issues.get(answer.id, ()))
            if refuted or not asked:
                own = _OWN["unnamed-document"] if answer.evidence == "claim" else _UNFILED
                by_pilot = any(finding.is_by_pilot for finding in refuted)
                yield _MEASURED if by_pilot else _REFUTED if refuted else own
        elif answer.word == "unknown" and answer.id in self.gates:
            yield "You do not know the figure: please measure it, or name the best figure that you can stand by."

    def rank(self, answer: AnswerRecord) -> tuple[int, int, int, float]:
        """Give the group, the place in it, and what the answer could change, as a sort key."""
        if answer.state == "settled":
            # After the question that it hangs on.
            return min(self.rank(self.answers[name]) for name in self._hangs_on(answer.id))
        # Points of quality between the worst and the best that the answer can become.
        proven = answer.value if answer.evidence in UNPROVEN else None
        ends = [end for end in (answer.low, answer.high, answer.credited, proven) if end is not None] or [0.0, _FULL]
        change = (-self.places.get(answer.id, 0), -answer.global_weight * (max(ends) - min(ends)))
        kinds = {gate.kind for gate in (*self.gates.get(answer.id, ()), *self.holding.get(answer.id, ()))}
        if kinds:
            return _FIRST, 0 if "knock_out" in kinds else 1, *change
        if any(f"{answer.parent}.".startswith(f"{node}.") for node in self.floors) and answer.global_weight:
            return _FIRST, 2, *change
        return _REST, 0, *change

    def _hangs_on(self, name: str) -> Iterator[str]:
        open_states = {"blank", "invalid"}
        parents = (parent for parent in self.questions[name].ask_if if parent in self.questions)
        return (parent for parent in parents if self.answers[parent].state in open_states)

    def arrived(self, answer: AnswerRecord) -> str:
        """Quote what the vendor wrote, with its cells."""
        # The file and the sheet of several cells are named once.
        sheets: dict[tuple[str | None, str | None], list[Source]] = {}
        for source in dict.fromkeys(answer.sources):
            sheets.setdefault((source.file, source.sheet), []).append(source)
        places = "; ".join(
            ", ".join([place(first), *(str(other.cell) for other in others)]) for first, *others in sheets.values()
        )
        quoted = f"'{shorten(answer.raw, _QUOTED)}'" if answer.raw.strip() else "No answer"
        lines = [f"{quoted} ({places})" if places else "Not in your workbook"]
        lines += [f"Before: '{shorten(old.raw, _QUOTED)}' ({place(old.source)})" for old in answer.earlier]
        lines += [f"Evidence: {shorten(answer.evidence_text, _QUOTED)}"] if answer.evidence_text else []
        lines += [f"Comment: {shorten(answer.comment, _QUOTED)}"] if answer.comment else []
        return "\n".join(lines)


def place(source: Source) -> str:
    """Name a cell as the vendor knows it: its own folder is not ours."""
    file = (source.file or "").rpartition("/")[2]
    return ", ".join(part for part in (file, f"{source.sheet}!{source.cell}" if source.cell else "") if part)
