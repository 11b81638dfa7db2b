"""Rows of a sheet of answers, read as lines under the header that holds there."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.forms.layout import KEY
from vendor_eval.intake.answer_lines import AnswerLine, Found
from vendor_eval.intake.submission.cell_claims import CellClaims
from vendor_eval.intake.submission.contents import Collected
from vendor_eval.intake.submission.dropdowns import offered
from vendor_eval.intake.submission.form import folded_id
from vendor_eval.intake.submission.tables import ANSWER, COMMENT, EVIDENCE, ID, QUESTION, UNIT, WRITTEN, FormTable
from vendor_eval.intake.tables import UNSEEN, rows_with_header, span
from vendor_eval.issues import Issue, did_you_mean
from vendor_eval.spreadsheets import Book, Cell, Sheet, bounds, letters

_NEAR = 90
_HINTED = 50


class RowReader:
    def __init__(
        self, collected: Collected, book: Book, sheet: Sheet, table: FormTable, claims: CellClaims, *, is_older: bool
    ) -> None:
        self.collected, self.book, self.sheet, self.table, self.claims = collected, book, sheet, table, claims
        self.form, self.is_older = collected.form, is_older
        self.notes, self.controls = dict(sheet.notes), sheet.controls()
        self.offered = offered(book, sheet)
        self.strange: dict[int, Cell] = {}
        self.asked: dict[int, Cell] = {}
        self.seconds: tuple[int, ...] = ()
        self.sign = book.decimal_sign
        self.count = 0

    def read(self) -> None:
        """Read every row; `count` is then the number of rows of our questions."""
        for number, columns, row in rows_with_header(self.sheet, self.table.headers, None):
            if columns is not None and number not in self.table.headers:
                self._row(number, columns, row)
            else:
                named = (*columns.values(), *self.table.seconds.get(number, ())) if columns is not None else ()
                self._read_second_answers(number, columns, row)
                own = (c for n, c in row.items() if n in named or normalize(c.raw) in self.form.template_texts)
                self.claims.claim(own)
        self._notice_hidden()
        for address, text in self.notes.items():
            self.claims.say("note", f"a note was not read: '{shorten(text)}'", address=address)
        self.claims.close(self._hint)

    def _read_second_answers(self, number: int, columns: Mapping[str, int] | None, row: Mapping[int, Cell]) -> None:
        seconds = self.table.seconds.get(number, ())
        if columns is not None and seconds:
            first, *others = (row[column] for column in (columns[ANSWER], *seconds))
            names = ", ".join(f"'{shorten(cell.raw, 30)}' ({cell.address})" for cell in others)
            message = (
                f"{len(others) + 1} columns of answers: '{shorten(first.raw, 30)}' ({first.address}), {names}; an "
                "answer counts where they agree or only one of them holds it: leave one column"
            )
            self.claims.say("several-answer-columns", message, others[0])
            self.seconds = seconds
        elif columns is not None:
            self.seconds = ()

    def _row(self, number: int, columns: Mapping[str, int], row: dict[int, Cell]) -> None:
        named = {name: row[column] for name, column in columns.items() if column in row}
        ids = [named[name] for name in (KEY, ID) if name in named]
        if len(ids) > 1 and folded_id(ids[0].raw) != folded_id(ids[1].raw):
            wrong = f"the visible id '{ids[1].raw}' is not the row's key '{ids[0].raw}'"
            self.claims.say("id-mismatch", f"{wrong}: restore the id, the row was not read", ids[1])
            self.claims.claim(cell for cell in ids if folded_id(cell.raw) in self.form.folded)
            return
        key = self.form.folded.get(folded_id(ids[0].raw)) if ids else None
        found_by: Found = "key" if KEY in named else "id"
        if key is None and QUESTION in named and self._may_go_by_text(ids):
            key, found_by = self._by_text(named[QUESTION], ids), "text"
        if key is None:
            self._stray(ids, row, named.get(QUESTION))
            return
        self.claims.claim((*ids, named.get(QUESTION)))
        self.count += 1
        if key in self.collected.excess:
            self.collected.excess[key] += 1
            self.claims.claim(named.values())
            return
        address = f"{letters(columns[ANSWER])}{number}"
        line = AnswerLine(key, self.book.file, self.sheet.name, address, found_by=found_by)
        self.collected.add(line)
        if self._asks_another(key, named) or not self._reads_as_asked(key, named):
            self.claims.claim((named.get(UNIT),))
            self.claims.list_with(named[name] for name in WRITTEN if name in named)
            return
        self._fill(key, line, named)
        if EVIDENCE in columns and line.evidence is None:
            line.proof_merged = self._hiding.get(f"{letters(columns[EVIDENCE])}{number}", "")
        self._fill_seconds(line, row)
        if line.answer is None and not line.merged:
            line.stray = tuple(cell for cell in row.values() if cell.address in self.claims.open)

    def _may_go_by_text(self, ids: Sequence[Cell]) -> bool:
        """Whether a row has no id, or a strange one on a sheet of ours: a sheet of strange ids is a foreign one."""
        known = any(folded_id(cell.raw) in self.form.not_asked for cell in ids)
        return not ids or (self.table.holds_ids and not known)

    def _by_text(self, cell: Cell, ids: Sequence[Cell]) -> str | None:
        key = self.form.by_text.get(normalize(cell.raw))
        if key is not None:
            has = f"the id '{shorten(ids[0].raw, 30)}', which is none of ours," if ids else "no id"
            text = f"the row has {has} and was found by the question's text"
            self.claims.say_of_answer("found-by-text", text, self.form.ids[key], cell)
        return key

    def _fill(self, key: str, line: AnswerLine, named: Mapping[str, Cell]) -> None:
        line.answer, line.evidence = named.get(ANSWER), named.get(EVIDENCE)
        line.comment, line.unit = named.get(COMMENT), named.get(UNIT)
        line.sign, line.round = self.sign, self.collected.round
        line.merged = "" if line.answer else self._hiding.get(line.address, "")
        line.note, line.control = self.notes.pop(line.address, ""), self.controls.get(line.address, "")
        self.claims.claim((line.answer, line.evidence, line.comment))
        if not self._is_loose_unit(key, line):
            self.claims.claim((line.unit,))
        labels = self.offered.get(line.address)
        # Where rows were sorted or moved they have the lists of others.
        if labels is not None and key in self.form.labels and labels not in self.form.lists:
            self._changed_list(key, line, labels)

    def _fill_seconds(self, line: AnswerLine, row: Mapping[int, Cell]) -> None:
        """Add the cells of further answer columns as duplicates."""
        for cell in (row[column] for column in self.seconds if column in row):
            self.claims.claim((cell,))
            second = AnswerLine(line.key, line.file, line.sheet, cell.address, cell, unit=line.unit)
            second.found_by, second.sign, second.round = line.found_by, line.sign, line.round
            self.collected.add(second)

    def _changed_list(self, key: str, line: AnswerLine, labels: frozenset[str]) -> None:
        asked = self.form.labels[key]
        more, fewer = sorted(labels - asked), sorted(asked - labels)
        words = [f"has '{shorten(label, 30)}'" for label in more[:3]]
        words += [f"lacks '{shorten(label, 30)}'" for label in fewer[:3]]
        changed = "the older template offered other answers" if self.is_older else "the list of answers was changed"
        text = f"{changed}: it {', '.join(words)}"
        self.claims.say_of_answer("changed-dropdown", text, self.form.ids[key], address=line.address)

    def _asks_another(self, key: str, named: Mapping[str, Cell]) -> bool:
        """Report a row that has the text of another question, as where ids were sorted without their rows."""
        cell = named.get(QUESTION)
        other = self.form.by_text.get(normalize(cell.raw), key) if cell is not None else key
        if cell is None or other == key or self.is_older or not any(name in named for name in WRITTEN):
            return False
        text = f"the row has the id of {key} and asks what {other} asks: put rows and ids in order again, "
        text += "it was not read"
        self.claims.say_of_answer("mixed-row", text, self.form.ids[key], cell)
        return True

    def _reads_as_asked(self, key: str, named: Mapping[str, Cell]) -> bool:
        """Compare the question's text; where an older template asked something else, the answer is not read."""
        cell = named.get(QUESTION)
        if cell is None or normalize(cell.raw) in self.form.asked[key]:
            return True
        row = self.form.rows.get(key)
        expected = shorten(row.text if row else self.form.questions[key].text, 60)
        if not self.is_older:
            blank = "" if ANSWER in named else "; the Answer is blank: answer in the Answer column"
            text = f"the question reads '{shorten(cell.raw, 60)}', asked was '{expected}'{blank}"
            self.claims.say_of_answer("changed-question", text, self.form.ids[key], cell)
            return True
        answer = f"; '{shorten(named[ANSWER].raw, 40)}' was not taken over" if ANSWER in named else ""
        text = f"asked was '{shorten(cell.raw, 60)}', now it is '{expected}'{answer}: answer it again"
        self.claims.say_of_answer("asked-again", text, self.form.ids[key], cell)
        return False

    def _is_loose_unit(self, key: str, line: AnswerLine) -> bool:
        """Whether a Unit cell can be no part of an answer."""
        unit = self.form.rows[key].cell.unit if key in self.form.rows else ""
        return line.unit is not None and normalize(line.unit.raw) != normalize(unit) and not (unit and line.answer)

    @cached_property
    def _hiding(self) -> Mapping[str, str]:
        """Map the addresses of hidden answers and evidence to the merged areas that hide them."""
        hidden: dict[str, str] = {}
        headers = self.table.headers.values()
        columns = {named[name] for named in headers for name in (ANSWER, EVIDENCE) if name in named}
        for area in self.sheet.merged:
            top, left, bottom, right = bounds(area)
            for column in columns.intersection(range(left, right + 1)):
                rows = range(top if column > left else top + 1, bottom + 1)
                hidden |= {f"{letters(column)}{row}": area for row in rows}
        return hidden

    def _stray(self, ids: list[Cell], row: Mapping[int, Cell], asked: Cell | None) -> None:
        if ids and folded_id(ids[0].raw) in self.form.not_asked:
            self.claims.claim(ids)
            others = [cell for cell in row.values() if cell not in ids]
            if others:
                text = "not asked in this evaluation: what stands beside it is not scored"
                place, answer = self.claims.at(ids[0]), self.form.not_asked[folded_id(ids[0].raw)]
                issue = Issue("question-not-asked", f"{ids[0].raw} is {text}", place, *answer, text)
                self.claims.issues.append(issue)
            self.claims.list_with(others)
            return
        strange = [cell for cell in ids if normalize(cell.raw) not in self.form.template_texts]
        self.claims.claim(cell for cell in ids if cell not in strange)
        if strange:
            self.strange[strange[0].row] = strange[0]
        elif asked is not None:
            self.asked[asked.row] = asked

    def _hint(self, cells: list[Cell]) -> str:
        """Suggest the nearest id, or the question that reads nearly the same."""
        number = cells[0].row
        if number in self.strange:
            return did_you_mean(self.strange[number].raw, self.form.rows)
        if number not in self.asked or len(self.asked) > _HINTED:
            return ""
        from rapidfuzz import fuzz, process

        texts = {key: normalize(row.text) for key, row in self.form.rows.items()}
        asked = normalize(self.asked[number].raw)
        match = process.extractOne(asked, texts, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR)
        return f"; it reads much like {match[2]}, which a mapping could say" if match else ""

    def _notice_hidden(self) -> None:
        written = {columns[name] for columns in self.table.headers.values() for name in WRITTEN if name in columns}
        cells = [c for c in self.sheet.cells if c.column in written and c.row not in self.table.headers]
        hidden = [cell for cell in cells if cell.hidden or self.sheet.hidden]
        if hidden:
            message = f"{UNSEEN} were read: {span(hidden)}"
            self.claims.say("hidden-content", message, hidden[0])
