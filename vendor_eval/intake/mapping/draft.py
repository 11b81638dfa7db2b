"""Draft of a mapping: the recognized layout, and for each question of ours the nearest of theirs, as comments."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from vendor_eval.config.models import load_document
from vendor_eval.criteria.parsing import normalize, shorten
from vendor_eval.criteria.questions import Question
from vendor_eval.forms.layout import rows
from vendor_eval.intake.mapping.models import MappingFile, shipped_mappings
from vendor_eval.intake.mapping.recognition import Column, Recognised
from vendor_eval.intake.mapping.roles import ROLES
from vendor_eval.intake.mapping.tables import named_edition
from vendor_eval.intake.tables import area
from vendor_eval.issues import VendorEvalError
from vendor_eval.spreadsheets import Book

NEAREST = 3
_WIDTH = 100


def draft(recognised: Sequence[Recognised], questions: Sequence[Question], *, file: str) -> str:
    """Write a mapping of the recognized layout, with all answers in comments, for a person to confirm."""
    sheets = _chosen(recognised)
    head = (
        f"# Which questions of {_plain(file)} answer which of ours. Begun by 'vendor-eval map', to be completed.",
        "# Every question of ours stands in 'answers' or in 'no_counterpart'. What is suggested below is only near in",
        "# words: compare the questions, and take a suggestion over by a line of your own.",
        "",
    )
    answers = (*_same_ids(sheets, questions), *_answers(sheets, questions))
    return "\n".join((*head, *_sheets(sheets), *_values(sheets), *answers, ""))


def _chosen(recognised: Sequence[Recognised]) -> list[Recognised]:
    """Choose the questionnaires; without an answer column the sheet for vendors with the most ids."""
    ranked = sorted(recognised, key=lambda sheet: (sheet.hidden, sheet.is_buyers, -len(sheet.ids)))
    return [sheet for sheet in recognised if sheet.is_questionnaire] or ranked[:1]


def _sheets(sheets: Sequence[Recognised]) -> Iterator[str]:
    if not sheets:
        yield "# No ids were recognized. Name the columns by the text of their header or by letter."
        yield "columns: {id: A, question: B, answer: C, comment: D}"
        yield ""
        return
    yield "sheets:"
    for sheet in sheets:
        ids = [name for name, _ in sheet.ids]
        contents = f"{len(ids)} ids, {_plain(ids[0])} to {_plain(ids[-1])}; {_header_rows(sheet)}"
        yield f"  - name: {_quoted(sheet.name)}    # {contents}"
        answer = sheet.columns.get("answer")
        if sheet.headers and not (answer and answer.header):
            yield f"    header: {sheet.headers[0]}"
        yield "    columns:            # by the text of the header, or by letter"
        yield from (f"      {line}" for line in _columns(sheet))
    yield ""


def _columns(sheet: Recognised) -> Iterator[str]:
    for role in ("id", "question", "answer"):
        column = sheet.columns.get(role)
        if role == "answer" and sheet.ticks:
            yield f"answer: {{{', '.join(f'{word}: {column.letter}' for word, column in sheet.ticks.items())}}}"
        elif role == "answer" and sheet.rivals:
            yield f"# answer: {_listed(sheet.rivals).replace(', ', ' or ')}    # several may be it: name one"
        else:
            yield f"{role}: {_named(column)}" if column else f"# {role}: A    # not recognized: name it"
    for role in ("evidence", "comment"):
        if column := sheet.columns.get(role):
            yield f"{role}: {_named(column)}"
    if sheet.template:
        yield f"# template: [{_listed(sheet.template)}]    # columns that hold only the questionnaire's own text"
    if sheet.others:
        yield f"# not known: {_listed(sheet.others)}    # answers, comments or own text? --compare a second file"


def _named(column: Column) -> str:
    """Name a column by its header, which may move; by its letter where header rows differ in it."""
    return _quoted(column.header) if column.header else column.letter


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(map(_named, columns))


def _header_rows(sheet: Recognised) -> str:
    rows_of = ", ".join(map(str, sorted(sheet.headers)))
    return f"header in row {rows_of}" if rows_of else "no header row"


def _values(sheets: Sequence[Recognised]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for sheet in sheets:
        counts.update(dict(sheet.answers))
    yield "# Their words: ours. Yes, No, Partial and N/A need no line; others do where an option of ours is meant."
    yield "values:"
    yield from (f"  # {_quoted(text)}:    # {count} times" for text, count in counts.items())
    yield ""


def _same_ids(sheets: Sequence[Recognised], questions: Sequence[Question]) -> Iterator[str]:
    theirs = {normalize(name) for sheet in sheets for name, _ in sheet.ids}
    shared = sum(normalize(question.id) in theirs for question in questions)
    if shared:
        ids = "1 id" if shared == 1 else f"{shared} ids"
        yield f"# {ids} of {len(questions)} are ours and theirs alike. If the questions are alike too, take this over:"
        yield "# same_ids: true"
        yield ""


def _answers(sheets: Sequence[Recognised], questions: Sequence[Question]) -> Iterator[str]:
    theirs = [(name, text) for sheet in sheets for name, text in sheet.ids if text]
    yield "# Our id: theirs, or {id: theirs, column: ..., values: {their word: ours}}. A yes or no feeds no figure."
    yield "answers:"
    for question in questions:
        yield f"  # {question.id}: {_plain(question.text)}"
        for name, text, likeness in nearest(question, theirs):
            yield f"  #     nearest {_plain(name)} ({likeness:.0f} of 100): {_plain(text)}"
        for row in rows((question,)):
            own = f"    # {_plain(row.cell.text)}" if row.cell.part else ""
            yield f"  # {row.key}: {own}".rstrip()
    yield ""
    yield "# Our id: why their questionnaire does not answer it. The id of a question stands for all its rows."
    yield "no_counterpart:"


def nearest(question: Question, theirs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str, float], ...]:
    """Find their three questions nearest to one of ours in words: id, text, likeness of 100."""
    from rapidfuzz import fuzz, process

    texts = [normalize(text) for _, text in theirs]
    matches = process.extract(normalize(question.text), texts, scorer=fuzz.token_set_ratio, limit=NEAREST)
    return tuple((*theirs[index], likeness) for _, likeness, index in matches)


def fitting(recognised: Sequence[Recognised], book: Book, version: str) -> str:
    """Name the shipped mapping to a version of the criteria whose sheets and ids are all here; '' for none."""
    names = {normalize(sheet.name) for sheet in book.sheets}
    ids = {normalize(name) for sheet in recognised for name, _ in sheet.ids}
    for name, path in shipped_mappings(version).items():
        file: MappingFile = load_document(path, MappingFile).sound()
        named = bool(file.sheets) and all(not names.isdisjoint(entry.names) for entry in file.sheets)
        answered = all(normalize(counterpart.id) in ids for counterpart in file.answers.values())
        edition = named_edition(file, book.sheets) if file.editions else None
        if named and answered and (edition is None or edition.is_read):
            return name
    return ""


def describe(recognised: Sequence[Recognised], book: Book) -> str:
    """Describe the recognized layout of a workbook, and the columns that a person has to name.

    Raises VendorEvalError where no cell is filled.
    """
    if not any(sheet.cells for sheet in book.sheets):
        raise VendorEvalError(f"{book.file}: no cell is filled, so there is nothing to map: ask for the right file")
    chosen = _chosen(recognised)
    lines = [line for sheet in recognised for line in _described(sheet, chosen=sheet in chosen)]
    if not recognised:
        filled = "; ".join(f"{sheet.name} ({area(sheet.cells)})" for sheet in book.sheets if sheet.cells)
        lines += [
            f"  no column of ids was recognized in {shorten(filled, _WIDTH)}",
            "  If its questions have ids, name the columns in the mapping by letter; if not, number them in a copy.",
        ]
    elif not any(sheet.has_answers for sheet in chosen):
        lines.append("  No column of answers was recognized: name it in the mapping, by its header or letter.")
    return "\n".join(map(_printable, (book.file, *lines)))


def _described(sheet: Recognised, *, chosen: bool) -> Iterator[str]:
    ids = [name for name, _ in sheet.ids]
    title = f"  {sheet.name}{' (hidden)' if sheet.hidden else ''}: {len(ids)} ids, {ids[0]} to {ids[-1]}"
    if not chosen:
        yield f"{title}; {sheet.left_out or 'no answer column recognized'}, left out"
        return
    yield f"{title}; {_header_rows(sheet)}"
    for role in ROLES:
        column = sheet.columns.get(role)
        text = f"{column.letter:<4}{shorten(column.header, 60)}" if column else "not recognized"
        if role == "answer" and sheet.ticks:
            text = ", ".join(f"{word} {column.letter}" for word, column in sheet.ticks.items())
        elif role == "answer" and sheet.rivals:
            text = f"several may be it, name one: {', '.join(c.letter for c in sheet.rivals)}"
        yield f"    {role:<9}{text}".rstrip()
    if sheet.answers:
        yield f"    answers  {', '.join(f'{text} {count}' for text, count in sheet.answers)}"


def _quoted(text: str) -> str:
    return json.dumps(_printable(text), ensure_ascii=False)


def _plain(text: str) -> str:
    return shorten(_printable(text), _WIDTH)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
