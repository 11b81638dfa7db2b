"""A PDF that a screen reader can read and an archive can keep: what a checker finds, and the facts that it rests on."""

import io
from xml.etree import ElementTree as ET

import outloud
import pikepdf
import pytest
from made_results import sample
from pages import comparison_html, printed
from sourcing_builders import SAMPLES

from vendor_eval import advise
from vendor_eval.reports.pages import documents
from vendor_eval.reports.pages.advice import advice_document

WINNER = {"small": "okavira", "full": "mwanzora"}
DOCUMENTS = {
    "comparison": lambda name: documents.comparison(sample(name)),
    "scorecard": lambda name: documents.scorecard(sample(name), WINNER[name]),
    "vendor's copy": lambda name: documents.scorecard(sample(name), WINNER[name], vendor_copy=True),
}
CLAIMS = "tagged for PDF/UA-1"


def check(document, folder):
    """Return what the checker calls an error, and what qpdf says of the syntax."""
    path = folder / "checked.pdf"
    path.write_bytes(printed(document))
    result = outloud.check(str(path))
    assert result.error is None
    with pikepdf.open(path) as pdf:
        syntax = pdf.check_pdf_syntax()
    return [(f.rule, f.page, f.message, f.evidence) for f in result.findings if f.severity == "error"], syntax


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("name", ["small", "full"])
def test_the_checker_finds_no_error(kind, name, tmp_path):
    assert check(DOCUMENTS[kind](name), tmp_path) == ([], [])


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml"))[::3], ids=lambda path: path.stem)
def test_the_checker_finds_no_error_in_an_advice(path, tmp_path):
    assert check(advice_document(advise(path)), tmp_path) == ([], [])


@pytest.fixture(scope="module")
def pdf():
    with pikepdf.open(io.BytesIO(printed(documents.comparison(sample("small"))))) as opened:
        yield opened


def elements(node):
    """All elements of the structure below a node."""
    for kid in node.get("/K", ()):
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid)


def test_the_file_says_what_it_follows(pdf):
    with pdf.open_metadata() as metadata:
        marks = [metadata[f"{name}:{key}"] for name, key in (("pdfaid", "part"), ("pdfaid", "conformance"))]
        assert [*marks, metadata["pdfuaid:part"], metadata["dc:title"]] == ["3", "A", "1", str(pdf.docinfo["/Title"])]
    text = bytes(pdf.Root.Metadata.read_bytes())
    assert len(ET.fromstring(text).findall(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")) == 1  # noqa: S314
    assert b"pdfaExtension:schemas" in text
    assert (pdf.Root.Lang, pdf.Root.MarkInfo.Marked, pdf.Root.ViewerPreferences.DisplayDocTitle) == ("en", True, True)


def test_only_a_pdf_says_that_it_is_tagged():
    import pypdfium2

    made = printed(documents.comparison(sample("small")))
    pages = pypdfium2.PdfDocument(made)
    assert CLAIMS in pages[len(pages) - 1].get_textpage().get_text_bounded()
    assert "compliant" not in comparison_html(sample("small"))
    assert ".colophon { display: none" in comparison_html(sample("small"))


def test_the_result_is_attached_once_with_its_dates_and_what_it_is(pdf):
    assert list(pdf.attachments) == ["results.json"]
    assert len(pdf.Root.AF) == 1
    spec = pdf.Root.AF[0]
    assert (spec.AFRelationship, spec.UF) == ("/Data", "results.json")
    assert str(spec.Desc)
    file = spec.EF.F
    assert bytes(file.read_bytes()).decode() == sample("small").to_json()
    assert {str(file.Params[key]) for key in ("/CreationDate", "/ModDate")} == {"D:20261124000000Z"}


@pytest.mark.parametrize("copy", [False, True])
def test_a_scorecard_has_nothing_attached(copy):
    made = documents.scorecard(sample("small"), "okavira", vendor_copy=copy)
    with pikepdf.open(io.BytesIO(printed(made))) as opened:
        assert (list(opened.attachments), "/AF" in opened.Root) == ([], False)


def test_each_header_cell_has_a_scope_and_is_found_by_its_id(pdf):
    root = pdf.Root.StructTreeRoot
    heads = [element for element in elements(root) if element.S == "/TH"]
    assert {str(head.A.Scope) for head in heads} == {"/Column", "/Row"}
    assert {str(head.A.Scope) for head in heads if head.P.P.S == "/THead"} == {"/Column"}
    named = list(root.IDTree.Names)
    names = [bytes(name) for name in named[::2]]
    assert names == sorted(names)
    assert sorted(bytes(head.ID) for head in heads) == names
    asked = {bytes(name) for cell in elements(root) if cell.S == "/TD" for name in cell.A.get("/Headers", ())}
    assert asked <= set(names)


def test_each_chart_says_its_message(pdf):
    figures = [element for element in elements(pdf.Root.StructTreeRoot) if element.S == "/Figure"]
    assert figures
    assert all(len(str(figure.Alt)) > 20 for figure in figures)


def test_what_margins_repeat_is_not_read_aloud(pdf):
    for page in pdf.pages:
        kinds = [
            str(operands[1].get("/Type", ""))
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and str(operands[0]) == "/Artifact"
        ]
        assert len(kinds) >= 3
        assert set(kinds) == {"/Pagination"}
    read = {str(element.S) for element in elements(pdf.Root.StructTreeRoot)}
    assert {"/Document", "/H1", "/H2", "/P", "/Table", "/Figure"} <= read


def test_the_tree_of_content_names_no_element_of_the_margins(pdf):
    read = {element.objgen for element in elements(pdf.Root.StructTreeRoot)}
    for entry in list(pdf.Root.StructTreeRoot.ParentTree.Nums)[1::2]:
        assert all(element is None or element.objgen in read for element in entry)
