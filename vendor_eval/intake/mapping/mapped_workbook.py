"""Foreign questionnaires read by a mapping: each filled cell is part of a line, template text, or unclaimed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.formatting.figures import truncated
from vendor_eval.intake.answer_lines import AnswerLine, FreeText
from vendor_eval.intake.mapping.models import ForeignLayout, SheetEntry, Target
from vendor_eval.intake.mapping.roles import is_open_box, is_tick, sounds_filled
from vendor_eval.intake.mapping.tables import MappedTable, Places, find_table, looks_like_id, named_edition
from vendor_eval.intake.tables import UNSEEN, area, rows_with_header, span
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets import Book, Cell, Sheet, letters, read_workbook

_QUOTED = 12
_NAMED = 5


@dataclass(frozen=True)
class Foreign:
    """A workbook read by a mapping.

    `template` are cells of the questionnaire itself, `absent` ids of ours without their counterpart, `own_texts`
    the typed cells of template columns by mapping, column and their id: they are the same in every vendor's file. Of a
    sheet that was not read, `unclaimed` names the area.
    """

    lines: tuple[AnswerLine, ...]
    template: tuple[Location, ...]
    unclaimed: tuple[Location, ...]
    issues: tuple[Issue, ...]
    absent: frozenset[str]
    own_texts: Mapping[tuple[str, ...], FreeText]


def read_foreign(book: Book, layout: ForeignLayout) -> Foreign:
    """Read a workbook by a mapping.

    Raises InputError where no sheet has the columns and ids that the mapping names, or the form is another version.
    """
    edition = named_edition(layout.file, book.sheets) if layout.file.editions else None
    reads = " and ".join(layout.file.editions)
    if edition and not edition.is_read:
        message = f"mapping {layout.name} reads {reads}, and this questionnaire says '{shorten(edition.cell.raw, 60)}'"
        cure = "ids may mean something else there: ask for one of these, or make a mapping with 'vendor-eval map FILE'"
        place = Location(book.file, edition.sheet.name, edition.cell.address)
        raise InputError([Issue("unreadable-file", f"{message}; {cure}", place)])
    tables = _tables(book, layout)
    reader = _MappedReader(book, layout)
    reader.report_lost_sheets(tables)
    if layout.file.editions and edition is None:
        message = f"no sheet names the version of the questionnaire, and the mapping reads {reads}: ask which one it is"
        reader.issue("edition-not-found", message, tables[0].sheet)
    for table in tables:
        reader.read_sheet(table)
    names = [table.sheet.name for table in tables]
    reader.leave_sheets(names)
    if layout.original:
        original = read_workbook(layout.original, name=layout.file.original)
        reader.compare_templates(read_foreign(original, replace(layout, original=None)).own_texts)
    return reader.result(names)


def _tables(book: Book, layout: ForeignLayout) -> list[MappedTable]:
    """Find the tables of the named sheets; for a sheet that is missing, and without names, those with the ids."""
    by_name = {normalize(sheet.name): sheet for sheet in book.sheets}
    named = [(entry, next((by_name[n] for n in entry.names if n in by_name), None)) for entry in layout.file.sheets]
    tried = [find_table(sheet, layout, entry) for entry, sheet in named if sheet is not None]
    tables = [table for table in tried if isinstance(table, MappedTable)]
    wrong = [reason for reason in tried if isinstance(reason, str)]
    lost = [entry for entry, sheet in named if sheet is None]
    if lost or not named:
        tables += _by_ids(book, layout, lost or [None], tuple(tables))
    if wrong or not tables:
        raise InputError([_unreadable(book, layout, wrong, lost)])
    return tables


def _by_ids(
    book: Book, layout: ForeignLayout, entries: Iterable[SheetEntry | None], before: Sequence[MappedTable]
) -> Iterator[MappedTable]:
    """Find the sheets that hold the ids which no sheet before holds, the one with most of them first."""
    names = {table.sheet.name for table in before}
    missing = set(layout.ids).difference(*map(_ids, before))
    tables = [find_table(sheet, layout, entry) for entry in entries for sheet in book.sheets if sheet.name not in names]
    candidates = [table for table in tables if isinstance(table, MappedTable)]
    if not layout.ids and not before:
        # A mapping without a counterpart names no ids: the sheet with the columns and the most ids is the form.
        yield from sorted((table for table in candidates if table.headers), key=_extent)[-1:]
    while missing and candidates:
        best = max(candidates, key=lambda table: (len(missing & _ids(table)), not table.sheet.hidden))
        gained = missing & _ids(best)
        if not gained:
            return
        yield best
        missing -= gained
        candidates = [table for table in candidates if table.sheet.name != best.sheet.name]


def _extent(table: MappedTable) -> tuple[bool, bool, int]:
    """Rank a table: a report is hidden or computed, and the form has the most ids."""
    typed = [row[table.first.answer] for _, row in table.sheet.rows() if table.first.answer in row]
    computed = sum(bool(cell.formula) for cell in typed) * 2 > len(typed)
    return not table.sheet.hidden, not computed, sum(map(looks_like_id, _ids(table)))


def _ids(table: MappedTable) -> set[str]:
    return {
        normalize(row[places.id].raw)
        for _, places, row in rows_with_header(table.sheet, table.headers, table.first)
        if places.id in row
    }


def _unreadable(book: Book, layout: ForeignLayout, wrong: list[str], lost: list[SheetEntry]) -> Issue:
    here = ", ".join(f"'{sheet.name}'" for sheet in book.sheets)
    named = ", ".join(f"'{entry.name}'" for entry in lost)
    nothing = f"no sheet {named}, and no other with its ids" if named else "no sheet has its columns and ids"
    reason = "; ".join(wrong) or nothing
    message = f"does not fit mapping {layout.name}: {reason}; sheets here: {here}; 'vendor-eval map FILE' shows more"
    return Issue("unreadable-file", message, Location(book.file))


def template_differs(mapping: str, title: str, differs: str, first: FreeText) -> Issue:
    """Make the issue of a template column in which a vendor wrote."""
    called = f"mapping {mapping}: column '{shorten(title, 40)}' is under 'template', which is not read, but {differs}"
    message = f"{called}; first '{shorten(first.text, 60)}'; take it out of 'template', or name it 'comment'"
    return Issue("template-differs", message, first.location)


@dataclass
class _MappedReader:
    """Claims every filled cell of a workbook once."""

    book: Book
    layout: ForeignLayout
    lines: list[AnswerLine] = field(default_factory=list)
    template: list[Location] = field(default_factory=list)
    unclaimed: list[Location] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    own_texts: dict[tuple[str, ...], FreeText] = field(default_factory=dict)
    rows: int = 0

    def __post_init__(self) -> None:
        self.targets: dict[str, list[Target]] = {}
        for target in self.layout.targets:
            self.targets.setdefault(target.id, []).append(target)
        self.counts = any(name.isdigit() for name in self.targets)

    def report_lost_sheets(self, tables: Iterable[MappedTable]) -> None:
        """Report named sheets that are missing, and whose ids no other sheet has."""
        read = [table.entry for table in tables]
        lost = [entry.name for entry in self.layout.file.sheets if entry not in read]
        if lost:
            names = ", ".join(f"'{name}'" for name in lost)
            cure = "ask for it, or correct 'sheets'"
            message = f"mapping {self.layout.name}: no sheet {names}, and no other with ids of its own: {cure}"
            self.issues.append(Issue("sheet-not-found", message, Location(self.book.file)))

    def read_sheet(self, table: MappedTable) -> None:
        if table.entry is not None and normalize(table.sheet.name) not in table.entry.names:
            message = f"sheet '{table.entry.name}' is not here; '{table.sheet.name}' holds its ids and was read"
            self.issue("renamed-sheet", message, table.sheet)
        if table.missing:
            names = ", ".join(f"'{name}'" for name in table.missing)
            message = f"no header reads {names}: what stands in such a column is not read; correct the mapping"
            self.issue("column-not-found", message, table.sheet)
        reader = _MappedSheetReader(self, table)
        for number, places, row in rows_with_header(table.sheet, table.headers, table.first):
            reader.row(number, places, row)
        reader.report()

    def compare_templates(self, original: Mapping[tuple[str, ...], FreeText]) -> None:
        """Report template columns whose cells differ from the questionnaire as it was sent."""
        columns: dict[tuple[str, ...], list[FreeText]] = {}
        for key, text in self.own_texts.items():
            own = normalize(original[key].text) if key in original else ""
            if normalize(text.text) not in {"", own}:
                columns.setdefault(key[:-1], []).append(text)
        for (name, _, title), texts in columns.items():
            differs = f"{len(texts)} of its cells differ from '{self.layout.file.original}'"
            self.issues.append(template_differs(name, title, differs, texts[0]))

    def issue(self, code: str, message: str, sheet: Sheet, cell: Cell | None = None) -> None:
        place = Location(self.book.file, sheet.name, cell.address if cell else "")
        self.issues.append(Issue(code, f"mapping {self.layout.name}: {message}", place))

    def leave_sheets(self, read: Sequence[str]) -> None:
        others = [sheet for sheet in self.book.sheets if sheet.name not in read and sheet.cells]
        self.unclaimed += [Location(self.book.file, sheet.name, area(sheet.cells)) for sheet in others]
        if others:
            listed = ", ".join(f"'{sheet.name}' ({area(sheet.cells)}, {len(sheet.cells)} filled)" for sheet in others)
            self.issue("unclaimed-content", f"sheets that were not read: {listed}", others[0], others[0].cells[0])

    def result(self, sheets: Iterable[str]) -> Foreign:
        present = {line.key for line in self.lines}
        absent = [target for target in self.layout.targets if target.key not in present]
        if absent:
            names = truncated([f"{target.counterpart.id} ({target.key})" for target in absent], _NAMED)
            words = "ids that are not in the workbook, counted as blank; correct 'answers', or ask back"
            message = f"mapping {self.layout.name}: {words}: {names}"
            self.issues.append(Issue("question-not-found", message, Location(self.book.file)))
        answered = len({line.key for line in self.lines if line.answer is not None})
        where = ", ".join(f"'{name}'" for name in sheets)
        counted = f"{self.rows} of their questions, {answered} of ours answered"
        message = f"read by mapping {self.layout.name} from {where}: {counted}"
        self.issues.insert(0, Issue("read-by-mapping", message, Location(self.book.file)))
        keys = frozenset(target.key for target in absent)
        claimed = tuple(self.lines), tuple(self.template), tuple(self.unclaimed)
        return Foreign(*claimed, tuple(self.issues), keys, self.own_texts)


def _ticked(target: Target, ticked: Sequence[tuple[str, Cell]]) -> str:
    """Read the ticks of a row in our words: several of them, or another text than a tick, have no reading."""
    if len(ticked) > 1:
        places = ", ".join(cell.address for _, cell in ticked)
        return f"ticked are {' and '.join(word for word, _ in ticked)} ({places})"
    if not ticked:
        return ""
    word, cell = ticked[0]
    answers = [name for name in (word, word.replace("/", "")) if name in target.words]
    if is_tick(cell, word):
        return target.words[answers[0]] if answers else word
    return f"'{shorten(cell.raw)}' in the column for {word}"


@dataclass
class _MappedSheetReader:
    """Reads the cells of a sheet with a table, and reports unclaimed ones in groups, not row by row."""

    reader: _MappedReader
    table: MappedTable
    loose: list[Cell] = field(default_factory=list)
    unasked: list[Cell] = field(default_factory=list)
    unasked_ids: list[str] = field(default_factory=list)
    unmapped: dict[int, list[Cell]] = field(default_factory=dict)
    hidden: list[Cell] = field(default_factory=list)
    second: list[Cell] = field(default_factory=list)
    own_texts: dict[int, list[Cell]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.controls = self.table.sheet.controls()
        self.first = min(self.table.headers, default=0)
        titles = dict(self.table.sheet.rows()).get(self.first, {})
        self.titles = {normalize(cell.raw) for cell in titles.values()}
        self.named = {column: cell.raw for column, cell in titles.items()}

    def row(self, number: int, places: Places, row: dict[int, Cell]) -> None:
        if number in self.table.headers:
            self._header(number, places, row)
            return
        key = row.get(places.id)
        known = self.reader.targets.get(normalize(key.raw), ()) if key else ()
        targets = [target for target in known if self._is_on_sheet(target)]
        if key is not None and (targets or self._is_question(key, places, row)):
            self._question(key, targets, places, row)
        else:
            self._between(places, row)

    def _is_on_sheet(self, target: Target) -> bool:
        names = (self.table.sheet.name, self.table.entry.name if self.table.entry else "")
        return not target.counterpart.sheet or normalize(target.counterpart.sheet) in map(normalize, names)

    def _is_question(self, key: Cell, places: Places, row: Mapping[int, Cell]) -> bool:
        """Return whether a row without a target is a question of theirs, rather than a text in the id column."""
        folded = normalize(key.raw)
        shaped = folded in self.reader.targets or looks_like_id(key.raw) or (self.reader.counts and folded.isdigit())
        return shaped and (places.question in row if places.question else len(row) > 1)

    def _header(self, number: int, places: Places, row: Mapping[int, Cell]) -> None:
        """Claim a header row: of a repeated header the texts of the first, and the title of the section."""
        for column, cell in row.items():
            known = number == self.first or column == places.id or normalize(cell.raw) in self.titles
            self._claim(cell) if known else self.loose.append(cell)

    def _between(self, places: Places, row: Mapping[int, Cell]) -> None:
        """Claim a row without an id that repeats headers under the title of a section; leave any other."""
        others = [cell for column, cell in row.items() if column != places.id]
        titled = bool(others) and all(normalize(cell.raw) in self.titles for cell in others)
        for column, cell in row.items():
            self._claim(cell) if titled or column in places.template else self.loose.append(cell)

    def _question(self, key: Cell, targets: list[Target], places: Places, row: dict[int, Cell]) -> None:
        self.reader.rows += 1
        rest = self._without_template(key, places, row)
        own = dict(places.own)
        used = [own.get(target.counterpart.column, 0) or places.answer for target in targets]
        texts = {column: row.get(column) for column in (places.evidence, places.comment) if column not in used}
        evidence, comment = texts.get(places.evidence), texts.get(places.comment)
        ticked = [(word, rest[column]) for word, column in places.ticks if column in rest]
        for target, column in zip(targets, used, strict=True):
            by_tick = bool(places.ticks) and column == places.answer
            answer = (ticked[0][1] if ticked else None) if by_tick else row.get(column)
            answered = _ticked(target, ticked) if by_tick else answer and target.words.get(normalize(answer.raw))
            address = answer.address if answer else f"{letters(column)}{key.row}"
            book, sheet = self.reader.book, self.table.sheet
            line = AnswerLine(target.key, book.file, sheet.name, address, answer, evidence, comment)
            if answer and answered:
                line.read_as = answer._replace(value=answered, percent=False, formula="", error="")
            line.found_by, line.sign, line.control = "mapping", book.decimal_sign, self.controls.get(address, "")
            self.reader.lines.append(line)
            cells = [cell for cell in (answer, evidence, comment) if cell is not None]
            self.hidden += [cell for cell in cells if cell.hidden or sheet.hidden]
        if targets:
            ticks = [cell for _, cell in ticked] if places.answer in used else []
            self.second += ticks[1:]
            claimed = {*used, *(cell.column for cell in ticks), places.evidence, places.comment}
            rest = {column: cell for column, cell in rest.items() if column not in claimed}
        ticks_and_own = (*places.own, *places.ticks)
        self._leave_rest(key, places, rest, [column for _, column in ticks_and_own])

    def _without_template(self, key: Cell, places: Places, row: Mapping[int, Cell]) -> dict[int, Cell]:
        """Claim the id, the question, template columns and boxes without a tick; return the other cells."""
        rest = dict(row)
        for column in (places.id, places.question, *places.template):
            cell = rest.pop(column, None)
            if cell is not None:
                self._claim(cell)
            if column in places.template:
                self._compare_later(column, cell, key)
        for _, column in places.ticks:
            if column in rest and is_open_box(rest[column]):
                self._claim(rest.pop(column))
        return rest

    def _compare_later(self, column: int, cell: Cell | None, key: Cell) -> None:
        """Keep the text of a template column, blank ones too; a computed one may differ with the answers."""
        if cell is not None and cell.formula:
            return
        title = normalize(self.named.get(column, letters(column)))
        place = Location(self.reader.book.file, self.table.sheet.name, f"{letters(column)}{key.row}")
        name = (self.reader.layout.name, self.table.entry.name if self.table.entry else "", title)
        self.reader.own_texts[(*name, normalize(key.raw))] = FreeText(cell.raw if cell else "", place)
        if cell is not None and normalize(cell.raw):
            self.own_texts.setdefault(column, []).append(cell)

    def _leave_rest(self, key: Cell, places: Places, rest: Mapping[int, Cell], own: Iterable[int]) -> None:
        """Leave cells that answer none of ours: their answers, and cells of columns that the mapping does not name."""
        answers = {places.answer, places.evidence, places.comment, *own} - {0}
        unasked = [cell for column, cell in rest.items() if column in answers]
        if unasked:
            self.unasked += unasked
            self.unasked_ids.append(key.raw)
        for column, cell in rest.items():
            if column not in answers:
                self.unmapped.setdefault(column, []).append(cell)

    def _claim(self, cell: Cell) -> None:
        self.reader.template.append(Location(self.reader.book.file, self.table.sheet.name, cell.address))

    def report(self) -> None:
        """Report unclaimed cells and template columns with answers, in one issue for each reason and column."""
        rows = dict(self.table.sheet.rows())
        headers = [rows[number] for number in self.table.headers if number in rows]
        for column, cells in self.own_texts.items():
            if why := sounds_filled([row[column].raw for row in headers if column in row], cells):
                place = Location(self.reader.book.file, self.table.sheet.name, cells[0].address)
                title, first = self.named.get(column, letters(column)), FreeText(cells[0].raw, place)
                why = f"{why}: {span(cells)}"
                self.reader.issues.append(template_differs(self.reader.layout.name, title, why, first))
        for cells, words in self._groups():
            if cells:
                file, sheet = self.reader.book.file, self.table.sheet
                self.reader.unclaimed += [Location(file, sheet.name, cell.address) for cell in cells]
                self.reader.issue("unclaimed-content", words, sheet, cells[0])
        if self.hidden:
            message = f"{UNSEEN} were read: {span(self.hidden)}"
            self.reader.issue("hidden-content", message, self.table.sheet, self.hidden[0])

    def _groups(self) -> Iterator[tuple[list[Cell], str]]:
        ids = f"{truncated(self.unasked_ids, _NAMED)} ({span(self.unasked)})"
        yield self.unasked, f"{len(self.unasked_ids)} of their answers answer none of our questions: {ids}"
        quoted = "; ".join(f"{cell.address} '{shorten(cell.raw, 60)}'" for cell in self.loose[:_QUOTED])
        more = f"; and {span(self.loose[_QUOTED:])}" if len(self.loose) > _QUOTED else ""
        yield self.loose, f"belongs to no question of the mapping, ignored: {quoted}{more}"
        yield self.second, f"second ticks of rows that are asked back: {span(self.second)}"
        for column, cells in sorted(self.unmapped.items()):
            title = shorten(self.named[column], 40) if column in self.named else ""
            name = f"column {letters(column)} '{title}'" if title else f"column {letters(column)}"
            first = f"{cells[0].address} '{shorten(cells[0].raw, 60)}'"
            yield cells, f"{name} is not in the mapping, ignored: {span(cells)}; first {first}"
