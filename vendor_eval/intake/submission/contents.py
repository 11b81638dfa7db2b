"""What the workbooks of a vendor hold, before the questions are read from it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vendor_eval.criteria.parsing import shorten
from vendor_eval.intake.answer_lines import AnswerLine, FreeText
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.intake.submission.declaration import Box
from vendor_eval.intake.submission.form import Form
from vendor_eval.issues import Issue, Location

# So many issues with one code are listed of one question, and so many of a sheet where they are about none.
_OF_A_QUESTION, _OF_A_SHEET = 20, 1000
# So many rows of one answer are compared; no questionnaire repeats a question as often, in however many copies.
MOST_ROWS = 1000


def limited(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Yield issues; of what a sheet repeats without end the first ones, and how many more there are."""
    alike: dict[tuple[str, ...], list[Issue]] = {}
    for issue in issues:
        place = issue.location
        key = (issue.code, issue.question, issue.part, place.file, place.sheet)
        alike.setdefault(key, []).append(issue)
        if len(alike[key]) <= _most(issue):
            yield issue
    for group in alike.values():
        more = group[_most(group[0]) :]
        if more:
            text = f"{len(more):,} more issues like these on this sheet, not listed: leave one row of each question"
            yield Issue.of_answer(more[0].code, text, more[0].location, more[0].question, more[0].part)


def _most(issue: Issue) -> int:
    return _OF_A_QUESTION if issue.question else _OF_A_SHEET


@dataclass
class Collected:
    """Contents of all workbooks of a vendor; `lines` by key, `excess` counts those past MOST_ROWS, which are not kept.

    `no_counterpart` and `reported_absent` are what mappings say of ids that are absent.
    """

    form: Form
    cover: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    names: list[FreeText] = field(default_factory=list)
    own_texts: dict[tuple[str, ...], FreeText] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    unclaimed: list[Location] = field(default_factory=list)
    lines: dict[str, list[AnswerLine]] = field(default_factory=dict)
    excess: Counter[str] = field(default_factory=Counter)
    file: str = ""
    round: int = 0
    no_counterpart: dict[str, str] = field(default_factory=dict)
    reported_absent: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)

    def sign(self, name: str, box: Box) -> bool:
        """Keep the newest filled box of the declaration; return whether the box counts, or says the same."""
        kept = self.boxes.setdefault(name, box)
        if box.cell and (kept.cell is None or kept.round < box.round):
            self.boxes[name] = box
            return True
        return box.cell is None or (kept.cell is not None and kept.cell.raw == box.cell.raw)

    def add(self, line: AnswerLine) -> None:
        lines = self.lines.setdefault(line.key, [])
        if len(lines) < MOST_ROWS:
            lines.append(line)
        else:
            self.excess[line.key] += 1

    def settle(self, claims: CellClaims) -> None:
        """Add the unclaimed cells and issues of a sheet."""
        self.unclaimed += claims.unclaimed
        self.issues += claims.issues

    def leave_out_unasked(self, file: str, asked: frozenset[str]) -> None:
        """Leave out what a clarification answers and did not ask; each is named with its cell."""
        for key in [key for key in self.lines if self.form.ids[key][0] not in asked]:
            kept = [line for line in self.lines[key] if line.file != file]
            for line in self.lines[key]:
                filled = [cell for cell in (line.answer, line.evidence, line.comment) if cell is not None]
                if line.file == file and filled:
                    quoted = f"'{shorten(filled[0].raw)}' answers what this clarification did not ask"
                    text = f"{quoted}, so it does not count: ask whether the offer changes"
                    place = line.locate(filled[0])
                    self.issues.append(Issue.of_answer("clarification-not-asked", text, place, *self.form.ids[key]))
            if kept:
                self.lines[key] = kept
            else:
                del self.lines[key]
