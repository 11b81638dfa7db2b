"""A vendor's .xlsx with a list, notes and colors added to its parts; whatever else it holds stays byte for byte."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets.cells import Book, bounds, letters
from vendor_eval.spreadsheets.edits import Edit, edited, spans
from vendor_eval.spreadsheets.excel import read_excel
from vendor_eval.spreadsheets.guard import part_name, unpack
from vendor_eval.spreadsheets.markup import Package, relations_part
from vendor_eval.spreadsheets.tints import MAIN, NO_STYLES, Styles, tint
from vendor_eval.spreadsheets.written_notes import NO_COMMENTS, NO_SHAPES, Note, comment_edits, with_boxes

_ZIP = b"PK\x03\x04"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# What cannot be carried over, by the part that holds it.
_LOST = {
    "vbaproject": "macros",
    "xl/macrosheets/": "macros",
    "_xmlsignatures/": "a digital signature",
    "xl/revisions/": "the changes that a shared workbook tracks",
}
_ODD = "it is built in a way that cannot be written again"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS, _CONTENT = (f'xmlns="{_PACKAGE}/{kind}"' for kind in ("relationships", "content-types"))
_LINKED = f'{MAIN} xmlns:r="{_OFFICE}"'
_TYPES, _CORE, _WORKBOOK = "[content_types].xml", "docprops/core.xml", "xl/workbook.xml"
# Names and types of the parts that are added, by the kind of relation.
_FORMATS = "application/vnd.openxmlformats-officedocument"
_ADDED = {
    "worksheet": ("xl/worksheets/sheet{}.xml", "spreadsheetml.worksheet+xml"),
    "styles": ("xl/styles{}.xml", "spreadsheetml.styles+xml"),
    "comments": ("xl/comments{}.xml", "spreadsheetml.comments+xml"),
    "vmlDrawing": ("xl/drawings/vmldrawing{}.vml", "vmlDrawing"),
}
# What a workbook holds before a sheet is added.
_BLANK = {
    "[Content_Types].xml": f'<Types {_CONTENT}><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    f'package.relationships+xml"/><Override PartName="/{_WORKBOOK}" ContentType="{_FORMATS}.spreadsheetml.sheet.main'
    '+xml"/></Types>',
    "_rels/.rels": f'<Relationships {_RELATIONS}><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    f'Target="{_WORKBOOK}"/></Relationships>',
    _WORKBOOK: f"<workbook {MAIN}><bookViews><workbookView/></bookViews><sheets></sheets></workbook>",
}
# Elements of a sheet and of a workbook that come behind one that may have to be added.
_BEHIND_NOTES = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems"),
    *("tableParts", "extLst"),
)
_BEHIND_NAMES = ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "webPublishing", "fileRecoveryPr", "extLst")
# The list: its header stays in sight and on each page, which is as wide as the list.
_LIST_HEAD = (
    f'<worksheet {_LINKED}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView tabSelected="1" '
    'workbookViewId="0"><pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"/></sheetView>'
    "</sheetViews><cols>"
)
_LIST_FOOT = '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'


class NotRewrittenError(Exception):
    """A file is left alone; the message says why, as the end of a sentence."""


PLAIN = '<sz val="10"/>'


class ListCell(NamedTuple):
    """A text of the list, the elements of its font, its color, the cell that it links to, and whether it is wrapped."""

    text: str
    font: str = PLAIN
    color: str = ""
    link: str = ""
    wraps: bool = True


class List(NamedTuple):
    """A list for a sheet: its title, the widths of its columns (0: hidden), and its rows, headers in the fourth."""

    title: str
    widths: Sequence[int]
    rows: Sequence[Sequence[ListCell]]


def open_copy(name: str, content: bytes) -> Book:
    """Read a workbook that can be annotated; raises NotRewrittenError for any other."""
    if not content.startswith(_ZIP) or not name.casefold().endswith(".xlsx"):
        macros = ": this one holds macros" if name.casefold().endswith(".xlsm") else ""
        raise NotRewrittenError(f"only an unprotected .xlsx file can be annotated{macros}")
    try:
        parts = unpack(name, content)
        lost = next((words for part in parts for key, words in _LOST.items() if key in part), "")
        if lost or b"macroEnabled" in parts[_TYPES]:
            raise NotRewrittenError(f"it holds {lost or 'macros'}, which would be lost")
        return read_excel(name, content)
    except (InputError, KeyError) as error:
        raise NotRewrittenError(_ODD) from error


def rewrite(
    before: Book, content: bytes, listed: List, notes: Mapping[str, Mapping[str, Note]], *, old: str = ""
) -> bytes:
    """Add a list before all sheets, or in place of the sheet `old`, and notes by sheet and address.

    Raises NotRewrittenError where the workbook would come out otherwise than it went in.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {part_name(name): name for name in archive.namelist()}
    try:
        copy = _Copy(unpack(before.file, content), names)
        title = copy.add_list(listed, old)
        for sheet in notes:
            copy.annotate(sheet, notes[sheet])
        saved = copy.saved()
    # What is not where it is looked for, or not of one kind.
    except (LookupError, ValueError, StopIteration) as error:
        raise NotRewrittenError(_ODD) from error
    try:
        after = read_excel(before.file, saved)
    except InputError as error:
        raise NotRewrittenError("a copy of it could not be read again") from error
    if _seen(before, title) != _seen(after, title):
        raise NotRewrittenError("a copy of it would not hold the same")
    return saved


def list_alone(listed: List) -> bytes:
    """Write a list into a workbook of its own."""
    copy = _Copy({part_name(name): part.encode() for name, part in _BLANK.items()}, {part_name(n): n for n in _BLANK})
    copy.add_list(listed, "")
    return copy.saved()


class _Copy:
    """The parts of a workbook while they change, by normalized name; `names` are their own."""

    def __init__(self, parts: Mapping[str, bytes], names: Mapping[str, str]) -> None:
        self.parts, self.names = dict(parts), names
        self.package = Package("", self.parts)
        self.workbook = self.related("", "officeDocument")
        self.style_part = self.related(self.workbook, "styles") or self.add_part(self.workbook, "styles", NO_STYLES)[0]
        self.styles = Styles(self.parts[self.style_part])
        targets = {relation.id: relation.target for relation in self.package.relations(self.workbook)}
        listed = self.package.elements(self.workbook, {"sheet"})
        self.sheets = {sheet.attributes["name"]: targets[sheet.attributes["id"]] for sheet in listed}

    def related(self, source: str, kind: str) -> str:
        """Return the part of a kind that another one refers to; '' where it refers to none."""
        related = (relation.target for relation in self.package.relations(source) if relation.kind == kind)
        return next(related, "")

    def add_part(self, source: str, kind: str, content: bytes) -> tuple[str, str]:
        """Add a part of a kind that another one refers to; returns its name, and the id of the relation."""
        form, content_type = _ADDED[kind]
        part = next(part for number in count() if (part := form.format(number or "")) not in self.parts)
        self.parts[part] = content
        relations = relations_part(source)
        known = self.parts.setdefault(relations, f"<Relationships {_RELATIONS}></Relationships>".encode())
        key = next(key for number in count(1) if (key := f"rId{number}").encode() not in known)
        relation = f'<Relationship {_RELATIONS} Id="{key}" Type="{_OFFICE}/{kind}" Target="/{part}"/>'
        entry = f'<Override {_CONTENT} PartName="/{part}" ContentType="{_FORMATS}.{content_type}"/>'
        for changed, element in ((relations, relation), (_TYPES, entry)):
            (root,) = spans(self.parts[changed], "/Relationships", "/Types")
            self.parts[changed] = edited(self.parts[changed], [root.appended(element.encode())])
        return part, key

    def add_list(self, listed: List, old: str) -> str:
        """Add a list, or put it in place of an old one, and show it alone; returns the title of its sheet."""
        for part in self.sheets.values():
            content = self.parts[part]
            # Sheets that are selected together are typed into together.
            views = spans(content.partition(b"sheetData")[0], "sheetViews/sheetView")
            selected = (view for view in views if "tabSelected" in view.attributes)
            self.parts[part] = edited(content, [view.with_attributes(tabSelected=0) for view in selected])
        content, sheet = self.parts[self.workbook], self._list_part(listed)
        title, edits = old, []
        if old:
            self.parts[self.sheets[old]] = sheet
        else:
            taken = {title.casefold() for title in self.sheets}
            numbered = (f"{listed.title} {number}" for number in count(2))
            title = next(title for title in chain((listed.title,), numbered) if title.casefold() not in taken)
            edits = self._listing(title, self.add_part(self.workbook, "worksheet", sheet)[1])
        first = [*self.sheets].index(old) if old else 0
        views = spans(content, "bookViews/workbookView")
        edits += [view.with_attributes(activeTab=first, firstSheet=0) for view in views]
        self.parts[self.workbook] = edited(content, edits)
        return title

    def _list_part(self, listed: List) -> bytes:
        rows, links = [], []
        for number, row in enumerate(listed.rows, start=1):
            cells = []
            for column, cell in enumerate(row, start=1):
                if not cell.text:
                    continue
                address = f"{letters(column)}{number}"
                style = self.styles.plain(cell.font, cell.color, wrapped=cell.wraps)
                text = f'<is><t xml:space="preserve">{escape(cell.text)}</t></is>'
                cells.append(f'<c r="{address}" s="{style}" t="inlineStr">{text}</c>')
                if cell.link:
                    links.append(f'<hyperlink ref="{address}" location={quoteattr(cell.link)}/>')
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
        columns = (
            f'<col min="{column}" max="{column}" width="{width}" customWidth="1" hidden="{int(not width)}"/>'
            for column, width in enumerate(listed.widths, start=1)
        )
        linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
        middle = f"{''.join(columns)}</cols><sheetData>{''.join(rows)}</sheetData>{linked}"
        return f"{_LIST_HEAD}{middle}{_LIST_FOOT}".encode()

    def _listing(self, title: str, key: str) -> list[Edit]:
        """List a sheet before all others; names that belong to a sheet count the sheets before it."""
        content = self.parts[self.workbook]
        number = max((int(sheet.attributes["sheetId"]) for sheet in spans(content, "sheets/sheet")), default=0) + 1
        (sheets,) = spans(content, "workbook/sheets")
        sheet = f'<sheet {_LINKED} name="{title}" sheetId="{number}" r:id="{key}"/>'
        edits = [Edit(sheets.inside, sheets.inside, sheet.encode())]
        own = (name for name in spans(content, "definedNames/definedName") if "localSheetId" in name.attributes)
        edits += [name.with_attributes(localSheetId=int(name.attributes["localSheetId"]) + 1) for name in own]
        titles = f'<definedName {MAIN} name="_xlnm.Print_Titles" localSheetId="0">\'{title}\'!$4:$4</definedName>'
        if names := [*spans(content, "workbook/definedNames")]:
            return [*edits, names[0].appended(titles.encode())]
        return [*edits, _inserted(content, "workbook", _BEHIND_NAMES, f"<definedNames {MAIN}>{titles}</definedNames>")]

    def annotate(self, sheet: str, notes: Mapping[str, Note]) -> None:
        """Tint cells of a sheet and write their notes; a cell with a conversation of comments gets its color alone."""
        part = self.sheets[sheet]
        colors: dict[int, dict[int, str]] = {}
        for address, note in notes.items():
            row, column, *_ = bounds(address)
            if note.color:
                colors.setdefault(row, {})[column] = note.color
        self.parts[part] = tint(self.parts[part], colors, self.styles)
        threads = self.package.elements(self.related(part, "threadedComment"), {"threadedComment"})
        threaded = {thread.attributes.get("ref", "").upper() for thread in threads}
        written = {address: note for address, note in notes.items() if address not in threaded}
        comments = self.related(part, "comments") or self.add_part(part, "comments", NO_COMMENTS)[0]
        self.parts[comments] = edited(self.parts[comments], comment_edits(self.parts[comments], written))
        boxes = self._boxes(part)
        self.parts[boxes] = with_boxes(self.parts[boxes], written)

    def _boxes(self, part: str) -> str:
        """Return the old drawing that holds the notes of a sheet; add one where there is none."""
        content = self.parts[part]
        if named := [*spans(content, "worksheet/legacyDrawing")]:
            key = named[0].attributes["id"]
            return next(relation.target for relation in self.package.relations(part) if relation.id == key)
        boxes, key = self.add_part(part, "vmlDrawing", NO_SHAPES)
        drawing = _inserted(content, "worksheet", _BEHIND_NOTES, f'<legacyDrawing {_LINKED} r:id="{key}"/>')
        self.parts[part] = edited(content, [drawing])
        return boxes

    def saved(self) -> bytes:
        """Pack the parts under their names; the same content gives the same bytes."""
        self.parts[self.style_part] = self.styles.saved()
        if _CORE in self.parts:
            self.parts[_CORE] = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", self.parts[_CORE])
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for part, content in self.parts.items():
                name = zipfile.ZipInfo(self.names.get(part, part), _LONG_AGO)
                archive.writestr(name, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _inserted(content: bytes, root: str, behind: Sequence[str], new: str) -> Edit:
    """Put an element into the root, before the first of those that have to come behind it."""
    first = next(spans(content, f"/{root}", *(f"{root}/{tag}" for tag in behind)))
    at = first.close if first.path == f"/{root}" else first.begin
    return Edit(at, at, new.encode())


def _seen(book: Book, without: str) -> list[tuple[Any, ...]]:
    """List what has to be the same; a color may uncover what had the color of its background."""
    return [
        (
            *(sheet.name, sheet.hidden, sheet.merged, sheet.objects, sheet.lists),
            [cell._replace(hidden=False) for cell in (*sheet.cells, *sheet.covered)],
        )
        for sheet in book.sheets
        if sheet.name != without
    ]
