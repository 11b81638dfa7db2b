"""A vendor's .xlsx written again with openpyxl, where nothing of it is lost; the same content gives the same bytes."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # the guard has refused every document type

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets.cells import Sheet
from vendor_eval.spreadsheets.excel import read_excel
from vendor_eval.spreadsheets.guard import unpack
from vendor_eval.spreadsheets.markup import Package

if TYPE_CHECKING:
    from openpyxl import Workbook

_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
# Parts that openpyxl writes again, or that hold nothing that anybody sees. Whatever else there is would be lost.
_KEPT = re.compile(
    r"\A(?:\[content_types\]\.xml|(.*/)?_rels/[^/]*\.rels|docprops/(core|app|custom)\.xml|docprops/thumbnail\.\w+"
    r"|xl/(workbook|styles|sharedstrings|calcchain)\.xml|xl/(theme|worksheets|tables)/[^/]+\.xml"
    r"|xl/(comments/)?comments?\d*\.xml|xl/drawings/[^/]+\.vml|xl/printersettings/.*|(customxml|docmetadata)/.*)"
)
_LOST = {
    "vbaproject": "macros",
    "xl/media/": "pictures",
    "chart": "charts",
    "xl/drawings/": "pictures, charts or shapes",
    "threadedcomments/": "threaded comments",
    "xl/persons/": "threaded comments",
    "xl/ctrlprops/": "form controls",
    "xl/activex/": "form controls",
    "xl/embeddings/": "embedded files",
    "pivot": "pivot tables",
    "xl/externallinks/": "links to other workbooks",
}
_LOST_IN_SHEETS = {
    rb"<(\w+:)?extLst\b": "rules or formats of newer versions of Excel",
    rb"<(\w+:)?legacyDrawingHF\b": "pictures in the header",
    rb"<(\w+:)?customSheetView\b": "custom views",
    rb"AlternateContent\b": "form controls or objects",
    rb"""\bt=["']d["']""": "dates in a form that Excel itself does not write",
}
_OBJECT = re.compile(rb"""ObjectType\s*=\s*["'](\w+)""")
# A formula as openpyxl writes it, without the result that was saved with it.
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b(?:[^>]*/>|.*?</f>))<v ?(?:/>|></v>)', re.DOTALL)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
LONG_AGO = datetime(1980, 1, 1)  # noqa: DTZ001  openpyxl takes no zone


class NotRewrittenError(Exception):
    """A file is left alone; the message says why, as the end of a sentence."""


def rewrite(name: str, content: bytes, change: Callable[["Workbook"], None]) -> bytes:
    """Load a workbook, change it, and save it; `change` adds one sheet before all others, notes and colors.

    Raises NotRewrittenError where the file is no .xlsx, holds what openpyxl would lose, or would come out otherwise
    than it went in.
    """
    if not content.startswith(_ZIP) or not name.casefold().endswith(".xlsx"):
        raise NotRewrittenError("only an unprotected .xlsx file can be annotated")
    before = Package(name, unpack(name, content))
    if lost := next(_losses(before.parts), ""):
        raise NotRewrittenError(f"it holds {lost}, which would be lost")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = _opened(content)
            change(book)
            saved = save(book, _sheet_parts(before))
        same = _seen(read_excel(name, content).sheets) == _seen(read_excel(name, saved).sheets[1:])
    except InputError as error:
        raise NotRewrittenError("a copy of it could not be read again") from error
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise NotRewrittenError("it is built in a way that cannot be written again") from error
    if not same:
        raise NotRewrittenError("a copy of it would not hold the same")
    return saved


def _losses(parts: Mapping[str, bytes]) -> Iterator[str]:
    if _WORKBOOK not in parts:
        yield "its parts in an unusual place"
    for part, content in parts.items():
        if not _KEPT.fullmatch(part):
            yield next((words for key, words in _LOST.items() if key in part), f"the part {part}")
        elif part.endswith(".vml") and set(_OBJECT.findall(content)) - {b"Note"}:
            yield "form controls or pictures"
        elif part.startswith("xl/worksheets/"):
            yield from (words for sign, words in _LOST_IN_SHEETS.items() if re.search(sign, content))
    if b"macroEnabled" in parts["[content_types].xml"]:
        yield "macros"


def _opened(content: bytes) -> "Workbook":
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        def read_worksheets(self) -> None:
            # As the numbers that they are: a date would be rounded to microseconds.
            vars(self.wb).update(_date_formats=set(), _timedelta_formats=set())
            super().read_worksheets()

    reader = Reader(io.BytesIO(content), rich_text=True)
    reader.read()
    if "docProps/core.xml" not in reader.valid_files:
        reader.wb.properties.created = LONG_AGO
    book: Workbook = reader.wb
    return book


def save(book: "Workbook", results: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Save a workbook as if long ago; `results` are sheets by part, whose saved results of formulas are put back."""
    buffer, fixed = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(fixed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part in results:
                content = _fill(content, dict(_results(results[part])))
            elif part == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(part, LONG_AGO.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _sheet_parts(before: Package) -> dict[str, bytes]:
    """Map the part of each sheet, as it will be named behind a new first sheet, to its content now."""
    targets = {relation.id: relation.target for relation in before.relations(_WORKBOOK)}
    sheets = [targets[sheet.attributes["id"]] for sheet in before.elements(_WORKBOOK, {"sheet"})]
    return {f"xl/worksheets/sheet{number}.xml": before.parts[part] for number, part in enumerate(sheets, start=2)}


def _results(sheet: bytes) -> Iterator[tuple[bytes, tuple[str, str]]]:
    for _, cell in ET.iterparse(io.BytesIO(sheet)):  # noqa: S314  see the import
        if cell.tag.endswith("}c"):
            parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
            if "f" in parts and parts.get("v") is not None:
                yield cell.get("r", "").encode(), (cell.get("t", "n"), parts["v"] or "")
            cell.clear()


def _fill(sheet: bytes, results: Mapping[bytes, tuple[str, str]]) -> bytes:
    from xml.sax.saxutils import escape

    def fill(match: re.Match[bytes]) -> bytes:
        kind, result = results.get(match[1], ("", ""))
        if not kind:
            return match[0]
        value = f'<v xml:space="preserve">{escape(result)}</v>' if kind == "str" else f"<v>{escape(result)}</v>"
        head = f' t="{kind}">'.encode()
        return b'<c r="' + match[1] + b'"' + match[2] + head + match[3] + value.encode()

    return _FORMULA.sub(fill, sheet)


def _seen(sheets: tuple[Sheet, ...]) -> list[tuple[Any, ...]]:
    """List what has to be the same; a formula that cells share is written into each of them."""
    return [
        (
            *(sheet.name, sheet.hidden, sheet.merged, sheet.objects, sorted(sheet.lists)),
            # A color may uncover what had the color of its background.
            [cell._replace(hidden=False, formula=str(bool(cell.formula))) for cell in (*sheet.cells, *sheet.covered)],
        )
        for sheet in sheets
    ]
