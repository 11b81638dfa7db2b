"""What stands on pages: words are read in their HTML, and from paper only what paper has."""

import io
import json
from contextlib import closing
from html.parser import HTMLParser
from unittest.mock import patch
from xml.etree import ElementTree as ET

import pypdf
import pypdfium2
import pytest

from vendor_eval.reports.pages.documents import appendix, comparison, scorecard, scorecard_appendices

LINES = {"caption", "div", "h1", "h2", "h3", "li", "ol", "p", "table", "tbody", "thead", "tr", "ul"}
APART = {"br", "svg", "td", "text", "th"}
UNSEEN = {"title"}  # of a chart: nobody sees it on paper


def _pieces(element):
    name = element.tag.rpartition("}")[2]
    around = "\n" if name in LINES else " " if name in APART else ""
    if name not in UNSEEN:
        # What the margins of paper repeat is an attribute of an empty element.
        yield around + element.get("data-text", "") + (element.text or "").replace("\n", " ")
        for child in element:
            yield from _pieces(child)
        yield around
    yield (element.tail or "").replace("\n", " ")


def lines(html):
    """Lines of the body of a page; a row of a table is one, with blanks between its cells."""
    body = ET.fromstring(html).find("body")  # noqa: S314  our page, with everything in it escaped
    return [" ".join(line.split()) for line in "".join(_pieces(body)).split("\n") if line.strip()]


class _Explored(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.within, self.is_code = [], "", False

    def handle_starttag(self, tag, attrs):
        self.within = dict(attrs).get("id", "") if tag == "script" else ""
        self.is_code = tag in {"script", "style"}
        self.texts += [text for name, text in attrs if name in {"aria-label", "placeholder", "title"}]

    def handle_endtag(self, _tag):
        self.within, self.is_code = "", False

    def handle_data(self, data):
        if self.within == "data":
            self.texts += json.loads(data)["texts"]
        elif not self.is_code:
            self.texts.append(data)


def texts_to_explore(html):
    """Texts of report.html: those of its markup, and of the answers that its script opens."""
    parser = _Explored()
    parser.feed(html)
    assert len(parser.texts) > 200
    return parser.texts


def words(html):
    """Text of a page in one line, as somebody who searches it finds it."""
    return " ".join(lines(html))


def sections(html):
    """Text of each section of a page, in their order, by the name that is its bookmark."""
    parts = [div for div in ET.fromstring(html).iter("div") if len(div) and div[0].get("class") == "name"]  # noqa: S314
    return {part[0].get("data-label"): " ".join("".join(_pieces(part)).split()) for part in parts}


def html(draw, *args, **options):
    """HTML of a document, as it is written where Pango is missing."""
    with patch("vendor_eval.reports.pages.pdf._press", return_value="no Pango"):
        return draw(*args, **options).data.decode()


def comparison_html(result, **options):
    return html(comparison, result, **options)


def appendix_html(result):
    return html(appendix, result)


def scorecard_html(result, vendor, **options):
    return html(scorecard, result, vendor, **options)


def scorecard_appendix_html(result, vendor):
    return html(dict(scorecard_appendices(result))[vendor])


def printed(document):
    """Bytes of a document on paper."""
    if document.suffix != ".pdf":
        pytest.skip("Pango is not installed")
    return document.data


def read(document):
    """Read a printed document: its outline, its boxes, its metadata, what is attached."""
    return pypdf.PdfReader(io.BytesIO(printed(document)))


def texts(document):
    """Text of each page of a printed document; pdfium takes a twentieth of pypdf's time."""
    with closing(pypdfium2.PdfDocument(printed(document))) as pdf:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pdf]
