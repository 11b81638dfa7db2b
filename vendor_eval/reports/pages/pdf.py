"""From a template to a document: WeasyPrint where Pango is there, print-ready HTML where it is not."""

import contextlib
import gc
import io
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, money, number, unit_price
from vendor_eval.formatting.printable import cut
from vendor_eval.issues import VendorEvalError
from vendor_eval.reports.pages import tagged
from vendor_eval.reports.pages.overview import segments, shade
from vendor_eval.reports.wording.firmness import share as weights_share
from vendor_eval.reports.wording.names import clean, place
from vendor_eval.reports.wording.phrases import drawn_share, share

if TYPE_CHECKING:
    import jinja2

_PACKAGE = resources.files("vendor_eval.reports")
_FAMILY = "Vendor-Eval-Sans"
_FONTS = "fonts-windows.conf" if sys.platform == "win32" else "fonts.conf"
# Packages of the extra `intl`, which hold fonts and nothing that runs.
_INTL = ("noto_cjk_sans_otc", "justmytype_intl_rtl")
_LOCK = threading.RLock()
_PAPERS = {"A4": "A4", "Letter": "letter"}
# Print-ready HTML does not claim it.
_TAGGED = ".colophon { display: block }"
_INSTALL = (
    "Debian, Ubuntu: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "Fedora: sudo dnf install pango",
    "macOS: brew install pango",
    "Windows: pacman -S mingw-w64-ucrt-x86_64-pango in MSYS2",
)
_SUBSET = (
    "libharfbuzz-subset is missing: the PDFs are made more slowly and differ from run to run; "
    "Debian, Ubuntu: sudo apt-get install libharfbuzz-subset0"
)


@dataclass(frozen=True)
class Page:
    """A finished document, the code points without a glyph, and the fonts of the system that were used."""

    data: bytes
    suffix: str
    missing: frozenset[int] = frozenset()
    foreign: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attached:
    """The data that a PDF was drawn from, to travel within it."""

    name: str
    content: Callable[[], bytes]
    description: str


def render(
    template: str, context: Mapping[str, object], *, paper: str, date: str, attached: Attached | None = None
) -> Page:
    """Fill a template and print it; `date` (YYYY-MM-DD) is the date that the document and what is attached bear.

    A PDF is PDF/A-3a and tagged for PDF/UA-1. Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    _check_paper(paper)
    with _printing():
        press = _press()
        if isinstance(press, str):
            return Page(render_html(template, context, paper=paper, date=date).encode(), ".html", notes=(press,))
        midnight = datetime.fromisoformat(date[:10]).replace(tzinfo=UTC)
        text = _fill(template, context, date)
        if attached is None:
            return press.print(text, paper)
        file = press.weasyprint.Attachment(
            string=attached.content(),
            name=attached.name,
            description=attached.description,
            created=midnight,
            modified=midnight,
            relationship="Data",
        )
        return press.print(text, paper, (file,))


def section_pages(template: str, context: Mapping[str, object], *, paper: str, date: str) -> Mapping[str, int]:
    """Find the page on which each section of a document begins, counted from 1; nothing where Pango is missing.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    _check_paper(paper)
    with _printing():
        press = _press()
        return {} if isinstance(press, str) else press.sections(_fill(template, context, date), paper)


def suffix() -> str:
    """Return the suffix of what `render` makes: .pdf, or .html where Pango is missing."""
    with _printing():
        return ".html" if isinstance(_library(), str) else ".pdf"


def can_fork() -> bool:
    """Tell whether a fork of this process can print: Pango, once it is used, waits for a thread that no fork has."""
    return not any(
        (task / "comm").read_text(encoding="utf-8").startswith("[pango]") for task in Path("/proc/self/task").iterdir()
    )


def render_html(template: str, context: Mapping[str, object], *, paper: str = "A4", date: str) -> str:
    """Fill a template as HTML with its style, for a browser that prints it; nothing is laid out.

    Raises VendorEvalError for a paper that is neither A4 nor Letter.
    """
    _check_paper(paper)
    style = f"<style>{_style()}\n{_paper_rule(paper)}</style></head>"
    return _fill(template, context, date).replace("</head>", style, 1)


def _check_paper(paper: str) -> None:
    if paper not in _PAPERS:
        message = f"paper '{paper}' is not one of {', '.join(_PAPERS)}"
        raise VendorEvalError(message)


def _fill(template: str, context: Mapping[str, object], date: str) -> str:
    return templates().get_template(template).render(context, date=date)


@cache
def templates(folder: str = "templates") -> "jinja2.Environment":
    """Open a folder of templates; texts in them are escaped, and lose what nobody can see."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("vendor_eval.reports", folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: clean(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(number=number, money=money, unit_price=unit_price, listed=listed)
    environment.filters.update(day=day, cut=cut, place=place, shade=shade, drawn_share=drawn_share)
    environment.globals.update(segments=segments, share=share, weights_share=weights_share)
    return environment


def _style() -> str:
    return (_PACKAGE / "templates" / "pages.css").read_text(encoding="utf-8")


def _paper_rule(paper: str) -> str:
    return f"@page {{ size: {_PAPERS[paper]} }}"


@dataclass(frozen=True)
class _Press:
    """WeasyPrint with our fonts and our style, both read once."""

    weasyprint: Any
    fonts: Any
    fetcher: Any
    style: Any
    papers: Mapping[str, Any]
    notes: tuple[str, ...]

    def _laid_out(self, text: str, paper: str) -> Any:
        html = self.weasyprint.HTML(string=text, url_fetcher=self.fetcher)
        return html.render(font_config=self.fonts, stylesheets=[self.style, self.papers[paper]])

    def sections(self, text: str, paper: str) -> dict[str, int]:
        tree = self._laid_out(text, paper).make_bookmark_tree()
        return {label: target[0] + 1 for label, target, *_ in reversed(tree)}

    def print(self, text: str, paper: str, attachments: Sequence[Any] = ()) -> Page:
        document = self._laid_out(text, paper)
        with warnings.catch_warnings():
            # WeasyPrint leaves the file of its color profile open.
            warnings.simplefilter("ignore", ResourceWarning)
            data = document.write_pdf(finisher=tagged.finish, pdf_variant="pdf/a-3a", attachments=attachments)
        used = document.fonts.values()
        missing = frozenset(code for font in used for code in font.missing)
        families = {str(font.name.decode().partition("+")[2].split(",")[0]) for font in used}
        foreign = frozenset(name for name in families if not name.startswith(_FAMILY))
        return Page(data, ".pdf", missing, foreign, self.notes)


@cache
def _library() -> tuple[Any, tuple[str, ...]] | str:
    """Import WeasyPrint, which makes no font ready yet; return it and its notes, or why it cannot be used."""
    with _own_fonts(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            import weasyprint
            from weasyprint.pdf import fonts
        except OSError as error:
            library = str(error).partition(":")[0]
            return (
                f"no PDF, since {library}; the pages are written as HTML to print. To get PDFs, {'; '.join(_INSTALL)}"
            )
    # A font keeps the time that it bears, in place of the time of day.
    fonts.TTFont = partial(fonts.TTFont, recalcTimestamp=False)
    notes = (_SUBSET,) if any("harfbuzz-subset" in str(w.message).casefold() for w in caught) else ()
    return weasyprint, notes


@cache
def _press() -> _Press | str:
    library = _library()
    if isinstance(library, str):
        return library
    weasyprint, notes = library
    with _own_fonts(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
    fetcher = _fetcher()
    style = weasyprint.CSS(string=_style(), font_config=fonts, url_fetcher=fetcher)
    papers = {name: weasyprint.CSS(string=_paper_rule(name) + _TAGGED, url_fetcher=fetcher) for name in _PAPERS}
    return _Press(weasyprint, fonts, fetcher, style, papers, notes)


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc] # it brings no types
        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - the signature of its base
            message = f"a page asked for {url[:200]}"
            raise FatalURLFetchingError(message)

    return Refusing()


@contextlib.contextmanager
def _own_fonts() -> Iterator[None]:
    """Let fontconfig read our configuration while it starts, with the folders of the fonts of the extra `intl`."""
    specs = (find_spec(package) for package in _INTL)
    folders = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    with resources.as_file(_PACKAGE / "fonts") as own, TemporaryDirectory() as temporary:
        more = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
        text = f"<fontconfig><include>{escape(str(own / _FONTS))}</include>{more}</fontconfig>"
        file = Path(temporary, "fonts.conf")
        file.write_text(text, encoding="utf-8")
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@contextlib.contextmanager
def _printing() -> Iterator[None]:
    """Print in one thread at a time, and collect garbage after a document: nothing of its layout can be freed before.

    Pango is no library for threads: what belongs to our fonts is used, and freed, by the one that has the lock.
    """
    with _LOCK:
        enabled = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if enabled:
                gc.enable()
            gc.collect(0)  # what was made meanwhile is all in the youngest generation
