"""Letters on paper: Word documents, and PDFs or print-ready pages. The same letter gives the same bytes."""

import html
import io
import re
from collections.abc import Sequence
from zipfile import ZipFile

from vendor_eval.reports.letters.passages import Block, Heading, Table
from vendor_eval.reports.letters.word import WordDocument

_LINE_ENDS = re.compile(r"</w:p>|<w:br/>|<w:tab/>|</(?:p|h\d|td|th|div|title)>")
_TAG = re.compile(r"<[^>]*>")
_TITLE, _MOST_LEVELS = 0, 2


def word(title: str, blocks: Sequence[Block], *, date: str, paper: str = "A4") -> bytes:
    """Write a letter as a Word document that bears a date (YYYY-MM-DD)."""
    document = WordDocument(title, date=date, paper=paper)
    for block in blocks:
        if isinstance(block, Heading):
            document.heading(block.text.text, _TITLE if block.level == 1 else min(block.level - 1, _MOST_LEVELS))
        elif isinstance(block, Table):
            document.table(block.header, [[cell.text for cell in row] for row in block.rows], block.widths)
        else:
            document.paragraph(block.text.text)
    return document.to_bytes()


def page(title: str, blocks: Sequence[Block], *, date: str, paper: str = "A4") -> tuple[bytes, str, tuple[str, ...]]:
    """Print a letter: its bytes, its suffix (.pdf, or .html where Pango is missing), what the reader should know."""
    from vendor_eval.reports.pages.pdf import render

    view = {"title": title, "blocks": [(type(block).__name__, block) for block in blocks]}
    printed = render("letter.html.j2", {"view": view}, paper=paper, date=date)
    notes = list(printed.notes)
    if printed.missing:
        signs = " ".join(f"U+{code:04X}" for code in sorted(printed.missing)[:5])
        notes.append(
            f"characters print as boxes, since no font here has them ({signs}); pip install 'vendor-eval[intl]'"
        )
    return printed.data, printed.suffix, tuple(notes)


def text_of(content: bytes, suffix: str) -> str:
    """Read the text of a finished letter, its title and other properties included."""
    if suffix == ".pdf":
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(content))
        properties = map(str, (reader.metadata or {}).values())
        return "\n".join((*properties, *(page.extract_text() for page in reader.pages)))
    if suffix == ".html":
        return _without_tags(content.decode())
    with ZipFile(io.BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        return "\n".join(_without_tags(parts.read(name).decode()) for name in names)


def _without_tags(markup: str) -> str:
    return html.unescape(_TAG.sub("", _LINE_ENDS.sub("\n", markup)))
