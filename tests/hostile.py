"""Workbooks written by hand, as no office program writes them."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text(address, words):
    return f'<c r="{address}" t="inlineStr"><is><t>{words}</t></is></c>'


CELL = text("B2", "30 days")
ROWS = f'<row r="1">{text("A1", "ID")}{text("B1", "Answer")}</row><row r="2">{text("A2", "SEC-01")}{CELL}</row>'


def sheet(rows=ROWS, *, after=""):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def grid(rows, columns, more=0):
    """A sheet of numbers, and some more in the first row."""
    names = [chr(65 + column) for column in range(columns)]
    extra = "".join(f'<c r="{chr(65 + columns + one)}1"><v>1</v></c>' for one in range(more))
    return sheet("".join(
        f'<row r="{row}">{"".join(f"<c r={chr(34)}{name}{row}{chr(34)}><v>1</v></c>" for name in names)}'
        f"{extra if row == 1 else ''}</row>"
        for row in range(1, rows + 1)
    ))  # fmt: skip


def styles(count):
    return f'<styleSheet xmlns="{MAIN}"><cellXfs>{_numbered(count)}</cellXfs></styleSheet>'


def _numbered(count):
    # Different from each other, so that they are not packed like a bomb.
    return "".join(f'<xf numFmtId="{number * 7919 % 99_991}"/>' for number in range(count))


def relations(*pairs):
    listed = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in pairs)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def book(
    content=None,
    *,
    parts=None,
    strings=("x",),
    styles_part=None,
    sheets='<sheet name="S" sheetId="1" r:id="rId1"/>',
    stored=False,
    compression=None,
):
    """Zip a workbook; `strings` are shared, and where they are not the usual one the answer is the first of them."""
    if content is None:
        shared = '<c r="B2" t="s"><v>0</v></c>'
        content = sheet(ROWS if strings == ("x",) else ROWS.replace(CELL, shared))
    inside = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId8", "sharedStrings", "sharedStrings.xml"),
            ("rId9", "styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": content,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{one}</t></si>" for one in strings)}</sst>',
        "xl/styles.xml": styles_part or styles(1),
        **(parts or {}),
    }
    buffer = io.BytesIO()
    packing = compression or (zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, part in inside.items():
            archive.writestr(name, part)
    return buffer.getvalue()


_ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="S"><table:table-row>{cell}</table:table-row>
<table:table-row table:number-rows-repeated="{rows}">{repeated}</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(rows, columns, *, filled, percent=False):
    """Zip an OpenDocument sheet with a cell that is repeated."""
    share = '<table:table-cell office:value-type="percentage" office:value="0.95"><text:p/></table:table-cell>'
    cell = share if percent else '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    empty = "<table:table-cell/>"
    repeated = (cell if filled else empty).replace(
        "<table:table-cell", f'<table:table-cell table:number-columns-repeated="{columns}"', 1
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", _ODS.format(cell=cell, rows=rows, repeated=repeated))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()
