"""Fill in the sample questionnaires as each vendor of `personas/` would, and write what it sends along.

Every run makes the same bytes. A document says what the answers cite from it, or it is a text of `documents/`.

Three vendors of the full sample treat the workbook as real ones do, which changes no answer (`messes.py`); three label
the sample of a pilot, each in its own way (`stories.py`). The full sample is on record from its seal to its award
(`record.py`).
Run it, where LibreOffice is, after a change of the criteria, the questionnaire or a persona:
python samples/make_samples.py
"""
# ruff: noqa: INP001 - a script beside data, no package

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import messes
import record
import stories
import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from vendor_eval import load_evaluation
from vendor_eval.findings.sheet_rows import WRITTEN_ON
from vendor_eval.findings.sheet_writer import score_sheet
from vendor_eval.forms.layout import SIGNATURE, TICKS, envelopes, form_questions
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.inbox import RESPONSES
from vendor_eval.run.evaluate import draw_up_sheets, read_responses
from vendor_eval.tender import PRICES

SAMPLES = Path(__file__).parent
SIZES = ("small", "full", "pilot")
# Their vendors signed the form; those of the others answered the one of before the declaration was asked.
SIGNED = ("full",)
COVER = {"Vendor name": "name", "Contact": "contact", "Country": "country", "Decimal sign": "decimal_sign"}
SAVED = datetime(2026, 11, 13, 9, 0, tzinfo=UTC)
MESSES: dict[str, Callable[[Workbook], None]] = {
    "trellith": messes.with_moved_answers,
    "pacandan": lambda book: messes.sorted_by_answer(book, "Security and privacy"),
    "brenovik": lambda book: messes.with_merged_answers(book, "QA rigor", ("QAR-21.checked_2", "QAR-21.wrong_3")),
}

Persona = dict[str, Any]
Row = dict[str, Cell]


@dataclass(frozen=True)
class Blank:
    """A workbook as it goes out, the questions in it, and the folder that it comes back into."""

    folder: str
    book: bytes
    asked: frozenset[str]


def main() -> None:
    for size in SIZES:
        folder = SAMPLES / size
        blanks, questions = _blanks(folder), load_evaluation(folder).criteria.questions
        for vendor in yaml.safe_load((folder / "evaluation.yaml").read_text("utf-8"))["vendors"]:
            persona = _persona(vendor["id"], size)
            _return(folder, vendor["id"], blanks, persona)
            _write_documents(folder / "evidence" / vendor["id"], persona, questions)
    _mess_up(SAMPLES / "full" / "responses")
    _offer(SAMPLES / "other-domain" / "tender")
    stories.write_shelves(SAMPLES / "pilot" / "pilot")
    stories.write_boxes(SAMPLES / "pilot-boxes")
    _score(SAMPLES / "full", yaml.safe_load((SAMPLES / "panel.yaml").read_text("utf-8")))
    # What is logged holds the hashes of all the above.
    record.write_record(SAMPLES / "full")


def _persona(name: str, size: str) -> Persona:
    """Read how a vendor answers; in a tender with a pilot it says otherwise what it guarantees."""
    persona: Persona = yaml.safe_load((SAMPLES / "personas" / f"{name}.yaml").read_text("utf-8"))
    for question, comment in stories.COMMENTS[name].items() if size == "pilot" else ():
        persona["answers"][question]["comment"] = comment
    return persona


def _offer(folder: Path) -> None:
    """Fill in the questionnaire of the other domain as each agency of `personas/other-domain/` would."""
    blanks = _blanks(folder)
    for persona in sorted((SAMPLES / "personas" / "other-domain").glob("*.yaml")):
        _return(folder, persona.stem, blanks, yaml.safe_load(persona.read_text("utf-8")))


def _mess_up(folder: Path) -> None:
    messy = {name: messes.changed((folder / f"{name}.xlsx").read_bytes(), mess) for name, mess in MESSES.items()}
    for name, data in messes.saved_by_libreoffice(messy).items():
        (folder / f"{name}.xlsx").write_bytes(_repacked(data))


def _score(folder: Path, panel: dict[str, Any]) -> None:
    """Fill in a score sheet as each evaluator of `panel.yaml` would."""
    evaluation = load_evaluation(folder)
    plans, _ = draw_up_sheets(evaluation, read_responses(evaluation), blind=False)
    for plan in plans:
        book = load_workbook(BytesIO(score_sheet(evaluation, plan)))
        given = panel[plan.evaluator]
        for row in book["Start here"].iter_rows():
            if row[0].value == WRITTEN_ON:
                row[1].value = f"{given['date']}"
        header, *rows = book["Scores"].iter_rows()
        columns = {cell.value: index for index, cell in enumerate(header)}
        for row in rows:
            vendor, _, question = (row[0].value or "").partition(":")
            if question:
                level, reason = given["levels"][vendor][question]
                row[columns["Level"]].value, row[columns["Reason"]].value = level, reason
        _save(book, folder / "scores" / f"{plan.evaluator}.xlsx", plan.name)


def _save(book: Workbook, path: Path, author: str) -> None:
    book.properties.creator = book.properties.lastModifiedBy = author
    book.properties.created = SAVED
    buffer = BytesIO()
    book.save(buffer)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(_repacked(buffer.getvalue()))


def _blanks(folder: Path) -> tuple[Blank, ...]:
    """Draw the workbooks that go out: one, or where prices are opened later one of quality and one of prices."""
    evaluation = load_evaluation(folder)
    if folder.name not in SIGNED:
        evaluation = replace(evaluation, settings=evaluation.settings.model_copy(update={"declaration": "off"}))
    parts = zip((RESPONSES, PRICES), envelopes(evaluation), strict=False)
    return tuple(Blank(place, questionnaire(part), frozenset(form_questions(part))) for place, part in parts)


def _return(folder: Path, vendor: str, blanks: Sequence[Blank], persona: Persona) -> None:
    """Fill in every workbook as a vendor would, and put each where the buyer does."""
    for question in persona["answers"]:
        if not any(question in blank.asked for blank in blanks):
            raise SystemExit(f"{question} is answered by a persona and not asked in the questionnaire")
    for blank in blanks:
        path = folder / blank.folder / f"{vendor}.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_filled(blank, persona))


def _filled(blank: Blank, persona: Persona) -> bytes:
    book = load_workbook(BytesIO(blank.book))
    _fill_cover(book["Start here"], persona)
    rows = {key: row for sheet in book for key, row in _rows(sheet)}
    for question, given in persona["answers"].items():
        if question in blank.asked:
            _fill_question(rows, question, given)
    book.properties.creator = book.properties.lastModifiedBy = persona["contact"]
    book.properties.created = SAVED
    buffer = BytesIO()
    book.save(buffer)
    return _repacked(buffer.getvalue())


def _fill_cover(sheet: Worksheet, persona: Persona) -> None:
    signed = dict.fromkeys(TICKS, "Yes") | persona["signed"] if "signed" in persona else {}
    boxes = {label: persona[name] for label, name in COVER.items()}
    boxes |= {label: signed.get(name) for name, label in (SIGNATURE | TICKS).items()}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in boxes:
                sheet.cell(cell.row, cell.column + 1).value = boxes[cell.value]


def _rows(sheet: Worksheet) -> Iterator[tuple[str, Row]]:
    """Yield the visible ID of each row under the header row, and its cells by header."""
    headers: dict[str, int] = {}
    for row in sheet.iter_rows():
        cells = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if not headers and {"ID", "Answer"} <= cells.keys():
            headers = cells
        elif headers and (key := row[headers["ID"] - 1].value):
            yield key, {header: row[column - 1] for header, column in headers.items()}


def _fill_question(rows: dict[str, Row], question: str, given: dict[str, Any]) -> None:
    own = {key: row for key, row in rows.items() if key == question or key.startswith(f"{question}.")}
    for key, value in _cells(question, given["answer"], own):
        own[key]["Answer"].value = value
        if own[key]["Answer"].number_format.endswith("%"):
            own[key]["Answer"].number_format = "General"
    first = next(iter(own.values()))
    evidence = given.get("evidence")
    if isinstance(evidence, dict):
        for option, cited in evidence.items():
            own[f"{question}.{option}"]["Evidence"].value = cited
    else:
        first["Evidence"].value = evidence
    first["Comment"].value = given.get("comment")


def _cells(question: str, answer: object, own: dict[str, Row]) -> Iterator[tuple[str, object]]:
    match answer:
        case list():
            yield from ((key, "Yes" if key.rpartition(".")[2] in answer else "No") for key in own)
        case dict():
            yield from ((f"{question}.{part}", value) for part, value in answer.items())
        case _:
            yield question, answer


def _write_documents(folder: Path, persona: Persona, questions: Mapping[str, Any]) -> None:
    for name, title in persona.get("documents", {}).items():
        folder.mkdir(parents=True, exist_ok=True)
        if title.endswith(".txt"):
            lines = (SAMPLES / "documents" / title).read_text("utf-8").format(vendor=persona["name"]).splitlines()
        else:
            lines = [persona["name"], title, "", *_cited(persona["answers"], name, questions)]
        (folder / name).write_bytes(_pdf(lines) if name.endswith(".pdf") else "\n".join([*lines, ""]).encode())


def _cited(answers: Persona, name: str, questions: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a document says: the place that an answer cites, the question, and the answer."""
    for question, given in answers.items():
        evidence = given.get("evidence")
        for cell in evidence.values() if isinstance(evidence, dict) else [evidence or ""]:
            _, cites, place = cell.partition(name)
            if cites:
                asked = questions[question]
                yield f"{place.strip(' ,()') or name}. {asked.text} {_in_words(asked, given['answer'])}"


def _in_words(question: Any, answer: object) -> str:
    match answer:
        case list():
            return "; ".join(question.options_by_id[option] for option in answer)
        case dict():
            return "; ".join(f"{part.replace('_', ' ')}: {value}" for part, value in answer.items())
        case _:
            return f"{answer} {getattr(question, 'unit', None) or ''}".strip()


def _pdf(lines: list[str]) -> bytes:
    """Print lines on one page, without any tool whose next version would print other bytes."""
    wrapped = [row for line in lines for row in wrap(line, 90) or [""]]
    shown = (row.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for row in wrapped)
    text = "BT /F1 11 Tf 60 780 Td 16 TL " + " ".join(f"({row}) '" for row in shown) + " ET"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {fonts} >>"
    content = f"<< /Length {len(text.encode('cp1252'))} >>\nstream\n{text}\nendstream"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, content, font]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def _repacked(data: bytes) -> bytes:
    """Take out what differs between two savings of the same content.

    openpyxl writes the time into the document and into each part; LibreOffice lists what boxes take in any order.
    """
    modified = rf"\g<1>{SAVED:%Y-%m-%dT%H:%M:%SZ}".encode()
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", modified, content)
            rules = re.findall(rb"<dataValidation .*?</dataValidation>", content, re.DOTALL)
            content = content.replace(b"".join(rules), b"".join(sorted(rules)))
            part = ZipInfo(name, SAVED.timetuple()[:6])
            part.create_system = 0
            target.writestr(part, content, ZIP_DEFLATED)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
