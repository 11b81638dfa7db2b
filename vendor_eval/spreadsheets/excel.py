"""Excel workbooks (.xlsx, .xlsm), read in a single pass that enforces the limits; macros are never run."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from vendor_eval.formatting.printable import cut
from vendor_eval.issues import Issue, Location
from vendor_eval.spreadsheets.cells import Book, Sheet, SheetObject, unreadable
from vendor_eval.spreadsheets.guard import MOST_CELLS, unpack
from vendor_eval.spreadsheets.markup import Element, Package, Relation
from vendor_eval.spreadsheets.notes_and_drawings import read_controls, read_notes, read_objects
from vendor_eval.spreadsheets.sheets import SheetReader
from vendor_eval.spreadsheets.strings import read_strings
from vendor_eval.spreadsheets.styles import read_styles
from vendor_eval.spreadsheets.values import Shared

_WORKBOOK = "xl/workbook.xml"
# Excel keeps 31; LibreOffice writes more.
_LONGEST_NAME = 255


def read_excel(name: str, content: bytes) -> Book:
    """Read an .xlsx or .xlsm workbook.

    Raises InputError where a limit of the guard is exceeded or the workbook is damaged.
    """
    package = Package(name, unpack(name, content))
    book = _Workbook.find(package)
    sheets = tuple(book.sheets())
    if not sheets:
        raise unreadable(name, "has no sheet of cells: ask for the workbook with the answers")
    core = next((part for part in package.parts if part.startswith("docprops/core")), "docprops/core.xml")
    people = {element.tag: element.text.strip() for element in package.elements(core, {"creator", "lastModifiedBy"})}
    custom = package.elements("docprops/custom.xml", {"property"})
    properties = {element.attributes.get("name", ""): element.text for element in custom}
    digest = hashlib.sha256(content).hexdigest()
    if any(part.endswith("vbaproject.bin") for part in package.parts):
        book.remarks.append(Issue("macros", "holds macros, which were not run and not read", Location(name)))
    author, editor = people.get("creator", ""), people.get("lastModifiedBy", "")
    return Book(name, digest, sheets, properties, author, editor, remarks=tuple(book.remarks))


@dataclass(frozen=True)
class _Workbook:
    """The workbook part, which lists the sheets, and its relations by id; `remarks` is filled as sheets are read."""

    package: Package
    part: str
    relations: Mapping[str, Relation]
    remarks: list[Issue] = field(default_factory=list)

    @classmethod
    def find(cls, package: Package) -> "_Workbook":
        targets = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
        part = next((part for part in (*targets, _WORKBOOK) if part in package.parts), "")
        if not part:
            raise unreadable(package.file, "has no workbook in it: open it in Excel, save as .xlsx, use that file")
        return cls(package, part, {relation.id: relation for relation in package.relations(part)})

    def sheets(self) -> Iterator[Sheet]:
        elements = list(self.package.elements(self.part, {"sheet", "workbookPr"}))
        settings = next((element.attributes for element in elements if element.tag == "workbookPr"), {})
        shared = self._shared(from_1904=settings.get("date1904") in {"1", "true"})
        left = MOST_CELLS
        # Excel lists sheets of old macros without a part.
        listed = [element for element in elements if element.tag == "sheet" and element.attributes.get("id")]
        self._check_names(listed)
        for element in listed:
            sheet = self._sheet(shared, element.attributes, left)
            if sheet is not None:
                left -= len(sheet.cells)
                yield sheet

    def _check_names(self, sheets: Iterable[Element]) -> None:
        """Reject duplicate names and parts: cells would have two locations, and a small file no end."""
        names: set[str] = set()
        parts: set[str] = set()
        for sheet in sheets:
            name, key = sheet.attributes.get("name", ""), sheet.attributes.get("id", "")
            part = self.relations[key].target if key in self.relations else key
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
        strings_part, styles_part = self._part("sharedStrings"), self._part("styles")
        content = package.parts[strings_part] if strings_part else b""
        strings, rich = read_strings(package.file, strings_part, content) if strings_part else ([], {})
        styles = read_styles(package, styles_part) if styles_part else ()
        images = any(part.startswith("xl/richdata/") for part in package.parts)
        return Shared(package.file, strings, styles, from_1904, images, rich)

    def _part(self, kind: str) -> str:
        targets = (relation.target for relation in self.relations.values() if relation.kind == kind)
        return next((part for part in targets if part in self.package.parts), "")

    def _sheet(self, shared: Shared, attributes: Mapping[str, str], left: int) -> Sheet | None:
        """Read a sheet; None for a sheet of a chart, macros or dialogs, which holds no answers."""
        name = attributes.get("name", "")
        relation = self.relations.get(attributes.get("id", ""))
        if relation is None or relation.target not in self.package.parts:
            message = f"is damaged: the sheet '{name}' is missing: open it in Excel, save it again as .xlsx"
            raise unreadable(self.package.file, message)
        if relation.kind != "worksheet":
            return None
        reader = SheetReader(shared, relation.target, name, cells_left=left)
        reader.read(self.package.parts[relation.target])
        self.remarks.extend(reader.place.remarks)
        related, parts = self.package.relations(relation.target), reader.parts
        controls = read_controls(self.package, related, parts.controls)
        return Sheet(
            name,
            tuple(reader.cells),
            hidden=attributes.get("state", "visible") != "visible",
            merged=tuple(sorted(parts.merged)),
            covered=tuple(reader.covered),
            objects=(
                *read_objects(self.package, related),
                *controls,
                *(SheetObject(address, "object") for address in dict.fromkeys(parts.objects)),
                *(SheetObject(address, "picture in the cell") for address in reader.images),
            ),
            notes=read_notes(self.package, related),
            lists=tuple(parts.lists),
        )
