"""Word documents of a few blocks. The same content gives the same bytes."""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from vendor_eval.reports.wording.names import clean

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_PAPERS = {"A4": (21.0, 29.7), "Letter": (21.59, 27.94)}
_MARGIN = 2.0
_FONT = "Arial"
_SIZES = {"Normal": 10, "Title": 18, "Heading 1": 13, "Heading 2": 11}
_STAMP = (1980, 1, 1, 0, 0, 0)
# Signs that no XML file may hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class WordDocument:
    """A Word document, written from the top down; `date` (YYYY-MM-DD) is the day that its properties bear."""

    def __init__(self, title: str, *, date: str, paper: str = "A4", landscape: bool = False) -> None:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        self._docx: Any = docx.Document()
        section, sides = self._docx.sections[0], _PAPERS[paper]
        section.page_width, section.page_height = map(Cm, sides[::-1] if landscape else sides)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
        for name, size in _SIZES.items():
            style = self._docx.styles[name]
            style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[key]  # it would count before the name
            for script in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(qn(f"w:{script}"), _FONT)
        moment = datetime.fromisoformat(date[:10])
        properties = self._docx.core_properties
        properties.title, properties.author, properties.last_modified_by = _text(title)[:255], "vendor_eval", ""
        properties.comments, properties.revision = "", 1
        properties.created = properties.modified = properties.last_printed = moment

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading; level 0 is the title."""
        self._docx.add_heading(_text(text), level)

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        run = self._docx.add_paragraph().add_run(_text(text))
        run.bold = bold or None

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        size: float = 9,
        height: float = 0,
    ) -> None:
        """Write a table with widths in cm, its rows at least of a height in cm.

        Its header, unless it is empty, stands again on each page.
        """
        from docx.oxml import OxmlElement
        from docx.shared import Cm, Pt

        lines = [header, *rows] if header else list(rows)
        table = self._docx.add_table(rows=len(lines), cols=len(widths), style="Table Grid" if header else None)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)  # LibreOffice goes by the columns, Word by the cells
        for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Cm(width)
                paragraph: Paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                run = paragraph.add_run(_text(text))
                run.font.size, run.bold = Pt(size), (bool(header) and number == 0) or None
            # A row is not parted by the end of a page.
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  it has no public name
            if height and (number or not header):
                row.height = Cm(height)
        if header:
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
        self._docx.add_paragraph()

    def to_bytes(self) -> bytes:
        """Render the document; its parts bear one date whenever it was written."""
        drawn, dated = io.BytesIO(), io.BytesIO()
        self._docx.save(drawn)
        with ZipFile(drawn) as source, ZipFile(dated, "w") as target:
            for name in source.namelist():
                entry = ZipInfo(name, _STAMP)
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                target.writestr(entry, source.read(name), ZIP_DEFLATED)
        return dated.getvalue()


def _text(text: str) -> str:
    """Fit a text of anybody into a document: no sign that XML forbids, or that would turn a line around."""
    return "\n".join(map(clean, _FORBIDDEN.sub("", text).splitlines()))
