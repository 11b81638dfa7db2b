"""Workbooks of Excel, read in one pass that holds the limits. They are never saved again, and macros never run."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vendor_eval.formatting.printable import cut
from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.cells import Book, Hung, Sheet, unreadable
from vendor_eval.spreadsheets.guard import MOST_CELLS, unpack
from vendor_eval.spreadsheets.markup import Element, Package, Relation
from vendor_eval.spreadsheets.notes_and_drawings import read_hung, read_notes
from vendor_eval.spreadsheets.sheets import SheetPass
from vendor_eval.spreadsheets.strings import read_strings
from vendor_eval.spreadsheets.styles import read_styles
from vendor_eval.spreadsheets.values import Shared

_WORKBOOK = "xl/workbook.xml"
# Excel keeps 31; LibreOffice writes more.
_LONGEST_NAME = 255


def read_excel(name: str, content: bytes) -> Book:
    """Read an .xlsx or .xlsm workbook.

    Raises InputError when a limit of the guard is broken or the workbook cannot be read.
    """
    package = Package(name, unpack(name, content))
    book = _Workbook.find(package)
    sheets = tuple(book.sheets())
    if not sheets:
        raise unreadable(name, "has no sheet of cells: ask for the workbook with the answers")
    author, editor = _people(package)
    digest = hashlib.sha256(content).hexdigest()
    macros = any(part.endswith("vbaproject.bin") for part in package.parts)
    remark = Issue("macros", "holds macros, which were not run and not read", Location(name))
    return Book(name, digest, sheets, _properties(package), author, editor, remarks=(remark,) if macros else ())


def _people(package: Package) -> tuple[str, str]:
    """Who made the document, and who saved it last."""
    part = next((part for part in package.parts if part.startswith("docprops/core")), "docprops/core.xml")
    found = {e.tag: e.text.strip() for e in package.elements(part, {"creator", "lastModifiedBy"})}
    return found.get("creator", ""), found.get("lastModifiedBy", "")


def _properties(package: Package) -> Mapping[str, str]:
    """Properties that the document was given beside those that every one has."""
    found = package.elements("docprops/custom.xml", {"property"})
    return {element.attributes.get("name", ""): element.text for element in found}


@dataclass(frozen=True)
class _Workbook:
    """The part that names the sheets, and its relations by id."""

    package: Package
    part: str
    relations: Mapping[str, Relation]

    @classmethod
    def find(cls, package: Package) -> "_Workbook":
        named = [one.target for one in package.relations("") if one.kind == "officeDocument"]
        part = next((part for part in (*named, _WORKBOOK) if part in package.parts), "")
        if not part:
            raise unreadable(package.file, "has no workbook in it: open it in Excel, save as .xlsx, use that file")
        return cls(package, part, {one.id: one for one in package.relations(part)})

    def sheets(self) -> Iterator[Sheet]:
        listed = list(self.package.elements(self.part, {"sheet", "workbookPr"}))
        settings = next((element.attributes for element in listed if element.tag == "workbookPr"), {})
        shared = self._shared(from_1904=settings.get("date1904") in {"1", "true"})
        left = MOST_CELLS
        named = [element for element in listed if element.tag == "sheet"]
        self._check_names(named)
        for element in named:
            one = self._sheet(shared, element.attributes, left)
            if one is not None:
                left -= len(one.cells)
                yield one

    def _check_names(self, sheets: Iterable[Element]) -> None:
        """Refuse names and parts that stand twice: a cell would have two places, and a small file no end."""
        names: set[str] = set()
        parts: set[str] = set()
        for sheet in sheets:
            name, part = sheet.attributes.get("name", ""), sheet.attributes.get("id", "")
            if len(name) > _LONGEST_NAME:
                message = f"names a sheet with {len(name):,} characters, '{cut(name, 40)}': shorten the name"
                raise unreadable(self.package.file, message, code="sheet-name-too-long")
            if name.casefold() in names or part in parts:
                message = f"lists the sheet '{cut(name, 40)}', or its cells, twice: save it again in Excel"
                raise unreadable(self.package.file, message, code="duplicate-sheet")
            names.add(name.casefold())
            parts.add(part)

    def _shared(self, *, from_1904: bool) -> Shared:
        package = self.package
        texts, looks = self._part("sharedStrings"), self._part("styles")
        strings = read_strings(package.file, texts, package.parts[texts]) if texts else ()
        styles = read_styles(package, looks) if looks else ()
        images = any(part.startswith("xl/richdata/") for part in package.parts)
        return Shared(package.file, strings, styles, from_1904, images)

    def _part(self, kind: str) -> str:
        named = (one.target for one in self.relations.values() if one.kind == kind)
        return next((part for part in named if part in self.package.parts), "")

    def _sheet(self, shared: Shared, attributes: Mapping[str, str], left: int) -> Sheet | None:
        """Read one sheet; None for a chart, or a sheet of macros or dialogs, which holds no answers."""
        name = attributes.get("name", "")
        relation = self.relations.get(attributes.get("id", ""))
        if relation is None or relation.target not in self.package.parts:
            message = f"is damaged: the sheet '{name}' is missing: open it in Excel, save it again as .xlsx"
            raise unreadable(self.package.file, message)
        if relation.kind != "worksheet":
            return None
        one = SheetPass(shared, relation.target, name, cells_left=left)
        one.run(self.package.parts[relation.target])
        beside = self.package.relations(relation.target)
        hung = (*read_hung(self.package, beside), *(Hung(a, "object") for a in dict.fromkeys(one.around.objects)))
        pictures = (*hung, *(Hung(address, "picture in the cell") for address in one.images))
        return Sheet(
            name,
            tuple(one.cells),
            hidden=attributes.get("state", "visible") != "visible",
            merged=tuple(sorted(one.around.merged)),
            covered=tuple(one.covered),
            notes=read_notes(self.package, beside),
            hung=pictures,
            lists=tuple(one.around.lists),
        )
