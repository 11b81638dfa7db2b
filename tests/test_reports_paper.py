"""The comparison and the scorecards: words by their HTML, and on paper pages, bookmarks, links, attachments, bytes."""

import hashlib
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import pytest
from made_results import HOSTILE, changed, sample, variant, with_texts
from pages import appendix_html, comparison_html, printed, read, sections, texts, words

from vendor_eval.issues import VendorEvalError
from vendor_eval.reports.pages import documents as paper
from vendor_eval.reports.wording.lookups import questions_of
from vendor_eval.results import Result

LONG = "Consolidated Annotation and Linguistic Data Services of the Northern Archipelago Ltd"
SIGNED = "How firm, open points, signatures"
SECTIONS = ["Decision", "Categories", SIGNED]
BOUGHT = ["Decision", "Categories", "Price", SIGNED]
BEHIND = [
    "Requirements",
    "Strengths, gaps, red flags",
    "Question matrix",
    "Clarifications",
    "Panel",
    "How firm, in full",
    "Method",
]


def provisional(plain):
    plain["evaluation"]["provisional"] = True
    for vendor in plain["vendors"]:
        answer = next(answer for answer in vendor["answers"] if answer["id"] == "ENG-04")
        answer |= {
            "state": "pending",
            "value": None,
            "credited": None,
            "finding": None,
            "findings": [],
            "evidence": None,
        }
        vendor["pending"] = ["ENG-04"]
    plain["evaluation"]["pending"] = [f"{vendor['id']} ENG-04" for vendor in plain["vendors"]]


def all_excluded(plain):
    """Let every vendor refuse what the last one refuses."""
    *others, last = plain["vendors"]
    for vendor in others:
        vendor |= {key: last[key] for key in ("status", "status_text", "reasons", "status_reasons")}
        for records, key in (("answers", "id"), ("gates", "question")):
            refused = [record for record in last[records] if record[key] == "LAB-19"]
            vendor[records] = [record for record in vendor[records] if record[key] != "LAB-19"] + refused
    for place, vendor in enumerate(plain["vendors"], 1):
        vendor |= {"rank": None, "best_rank": None, "worst_rank": None, "would_rank": place}
    plain["ranking"] = plain["shortlist"] = []


def tied(plain):
    first, second = plain["ranking"][:2]
    for vendor in plain["vendors"]:
        if vendor["id"] in {first, second}:
            vendor |= {"score": 80.0, "credited": 80.0, "low": 80.0, "high": 80.0, "rank": 1, "tie_broken_by": ""}


def alone(plain):
    plain["vendors"] = plain["vendors"][:1]
    plain["ranking"] = plain["shortlist"] = [plain["vendors"][0]["id"]]


def nobody(plain):
    """Leave vendors that sent nothing."""
    plain["vendors"] = [
        {
            "id": vendor["id"],
            "name": vendor["name"],
            "status": "not_evaluated",
            "reasons": ["no response"],
            "status_reasons": [
                {"question": "", "node": "", "kind": "response", "result": "not_evaluated", "text": "no response"}
            ],
        }
        for vendor in plain["vendors"]
    ]
    plain["ranking"] = plain["shortlist"] = []


def twelve(plain):
    """Repeat six vendors under other names, each a little lower."""
    ranked = len(plain["ranking"])
    for vendor in list(plain["vendors"]):
        again = vendor | {"id": f"{vendor['id']}-2", "name": f"{vendor['name']} Second"}
        if again["rank"]:
            again |= {"rank": again["rank"] + ranked, "score": again["score"] - 10, "credited": again["credited"] - 10}
            plain["ranking"].append(again["id"])
        plain["vendors"].append(again)


def named(*names):
    def change(plain):
        for vendor, name in zip(plain["vendors"], names, strict=False):
            vendor["name"] = name

    return change


def wordy(plain):
    rubrics = {question.id for _, question in questions_of(sample("small")) if question.levels}
    for vendor in plain["vendors"]:
        for answer in vendor["answers"]:
            if answer["state"] == "answered":
                answer["raw"] = "annotation " * 455 + "x" * 5000
                if answer["id"] not in rubrics:
                    answer["answer"] = answer["raw"]
                answer["evidence_text"] = answer["comment"] = "y" * 5000


MADE = {
    "small": lambda: sample("small"),
    "full": lambda: sample("full"),
    "provisional": lambda: changed(sample("small"), provisional),
    "all excluded": lambda: changed(sample("small"), all_excluded),
    "tied": lambda: changed(sample("small"), tied),
    "one vendor": lambda: changed(sample("small"), alone),
    "nobody": lambda: changed(sample("small"), nobody),
    "twelve": lambda: changed(sample("full"), twelve),
    "long names": lambda: changed(sample("small"), named(LONG, LONG[::-1], "W" * 80)),
    "other scripts": lambda: changed(
        sample("small"), named("شركة البيانات الموحدة", "株式会社データ注釈", "חברת נתונים")
    ),
    "wordy": lambda: changed(sample("small"), wordy),
    "hostile": lambda: with_texts(sample("small"), HOSTILE),
}


@cache
def made(name):
    return MADE[name]()


@cache
def compared(name):
    return paper.comparison(made(name))


@cache
def compared_words(name):
    return words(comparison_html(made(name)))


@cache
def behind(name):
    return paper.appendix(made(name))


@cache
def carded(name, vendor):
    return paper.scorecard(made(name), vendor)


@pytest.mark.parametrize("name", MADE)
def test_every_page_names_the_evaluation_its_date_and_its_number(name):
    pages = texts(compared(name))
    title = made(name).evaluation.title
    for number, text in enumerate(pages, 1):
        assert f"{title}\n24 November 2026" in text
        assert f"page {number} of {len(pages)}" in text


def test_sections_are_bookmarks_and_in_the_appendix_vendors_are_below_them():
    assert [item.title for item in read(compared("full")).outline] == BOUGHT
    outline = read(behind("full")).outline
    below = [[inner.title for inner in item] for item in outline if isinstance(item, list)]
    vendors = [vendor.name for vendor in made("full").in_order]
    assert [item.title for item in outline if not isinstance(item, list)] == BEHIND
    assert below[1:] == [vendors, vendors]
    # Only who does not meet a requirement is below the first.
    assert below[0] == [name for name in vendors if name != "Mwanzora Data"]


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize(("vendors", "most"), [(2, 4), (6, 4), (8, 4), (12, 6), (20, 6), (25, 6)])
def test_a_comparison_keeps_to_its_pages_and_fills_them(vendors, most, size):
    document = paper.comparison(field_of(vendors), paper=size)
    pages = texts(document)
    assert len(pages) <= most
    assert len(pages) >= len(BOUGHT)
    assert all(filled(page) for page in printed_pages(document)[:-1])
    said = any("These pages show the first 20 of 25 evaluated vendors" in " ".join(page.split()) for page in pages)
    assert said is (vendors > 20)


@cache
def field_of(count):
    """Make a result of so many vendors from those of the full sample, with the analyses of the first place."""
    if count < len(sample("full").vendors):
        with TemporaryDirectory() as folder:
            few = tuple(vendor.id for vendor in sample("full").in_order[:count])
            return variant(Path(folder), name="full", keep=few, waivers=[], evaluators=[])
    result = sample("full")
    order = [vendor for vendor in result.in_order if vendor.rank] + [v for v in result.in_order if not v.rank]
    plain = json.loads(result.to_json())
    known = {vendor["id"]: vendor for vendor in plain["vendors"]}
    plain["vendors"], plain["ranking"] = [], []
    for at in range(count):
        vendor = json.loads(json.dumps(known[order[at % len(order)].id]))
        again = at // len(order)
        if again:
            vendor |= {"id": f"{vendor['id']}-{again}", "name": f"{vendor['name']} and Partners {again}"}
        if vendor["rank"]:
            plain["ranking"].append(vendor["id"])
            vendor |= {"rank": len(plain["ranking"]), "score": vendor["score"] - again}
            vendor["credited"] = vendor["score"]
        plain["vendors"].append(vendor)
    plain["shortlist"] = plain["ranking"][:3]
    return Result.model_validate(plain)


def printed_pages(document):
    with closing(pypdfium2.PdfDocument(printed(document))) as pdf:
        return [lowest_and_height(page) for page in pdf]


def lowest_and_height(page):
    """Where the last line above the foot of a page begins, and how high the page is, in points."""
    with closing(page.get_textpage()) as text:
        bottoms = [text.get_charbox(at)[1] for at in range(text.count_chars())]
    return min(bottom for bottom in bottoms if bottom > 48), page.get_height()


def filled(place):
    """Whether a page is filled for a third at least."""
    lowest, height = place
    return lowest < height - height / 3


def test_with_an_appendix_the_comparison_names_its_pages():
    result = made("full")
    named = paper.comparison(result, brief=True, appendices=True)
    plain, more = (" ".join(" ".join(texts(document)).split()) for document in (compared("full"), named))
    assert "more in shortlist.xlsx, sheet Sensitivity" in plain
    assert "in the appendix" not in plain
    page = int(re.search(r"more in the appendix, page (\d+)", more)[1])
    assert "How firm, in full" in texts(behind("full"))[page - 1]


def test_the_first_page_says_who_by_how_much_and_who_could_still_win():
    text = re.sub(r"\s+", " ", texts(compared("full"))[0])
    assert (
        "Recommended: Mwanzora Data USD 1,094,000 over 2 years. 82.9 of 100 points, 4.8 ahead of Trellith Labs" in text
    )
    assert "Brenovik Language Data could still win, but only if 34 of its 62 missing answers were perfect" in text
    assert "Pacandan Global Never a password alone. The answer is “Password”." in text
    assert "!D" not in text


def test_what_is_open_is_grouped_on_the_last_page_and_each_requirement_is_in_the_appendix():
    last = sections(comparison_html(made("full")))[SIGNED]
    assert "who is recommended Zenquora AI 19 knock-outs, 31 other requirements and 101 other answers rest on" in last
    assert "Brenovik Language Data 4 knock-outs, 9 other requirements and 48 other answers are missing" in last
    assert not re.search(r"[A-Z]{3}-\d\d", last)
    pages = sections(appendix_html(made("full")))
    brenovik = pages["Requirements"].partition("Brenovik Language Data Requirement Is")[2]
    assert "LAB-22 open No answer yet. To pass: at most 2 weeks. before award" in brenovik
    assert "5.2 points wait for proof" in pages["Clarifications"].partition("Trellith Labs")[0]
    assert "Ended, listed ▲ Vendor profile!D15" in pages["Strengths, gaps, red flags"]


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (
            "tied",
            [
                "No recommendation: Okavira Data and Celadora Visión share the first place",
                "Okavira Data: 80.0 points. Celadora Visión: 80.0 points.",
            ],
        ),
        ("one vendor", ["Ranked first: Okavira Data 81.3 of 100 points, the only vendor that can be ranked."]),
        (
            "all excluded",
            [
                "No recommendation: all 3 vendors are excluded",
                "Failed knock-out Okavira Data Celadora Visión Nordhain Bildwerk The chain is disclosed",
                " ".join(["A clear no The answer is “Refused”."] * 3),
                "Three ways on Ask back",
            ],
        ),
        ("nobody", ["No recommendation: no vendor was evaluated", "Not evaluated Okavira Data : no response."]),
    ],
)
def test_the_first_page_never_claims_a_winner_that_is_none(name, sentences):
    page = sections(comparison_html(made(name)))["Decision"]
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert "Recommended:" not in page
    assert name == "one vendor" or "ahead of" not in page


@pytest.mark.parametrize(("name", "sections"), [("small", SECTIONS[::2]), ("full", BOUGHT[::3])])
def test_a_brief_comparison_is_the_first_and_the_last_page(name, sections):
    brief = read(paper.comparison(made(name), brief=True))
    assert [item.title for item in brief.outline] == sections
    assert len(brief.pages) == 2


def test_letter_is_another_paper_with_the_same_content():
    letter = read(paper.comparison(made("small"), paper="Letter"))
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in letter.pages} == {(612, 792)}
    assert [item.title for item in letter.outline if not isinstance(item, list)] == SECTIONS


@pytest.mark.parametrize("appendices", [False, True])
def test_a_paper_of_another_size_is_refused(appendices):
    with pytest.raises(VendorEvalError, match="not one of A4, Letter"):
        paper.comparison(made("small"), paper="A3", appendices=appendices)


def test_a_provisional_result_is_marked_on_every_page():
    def marked(document):
        # The letters of the mark stand apart.
        return ["PROVISIONAL" in text.replace(" ", "") for text in texts(document)]

    assert all(marked(compared("provisional")))
    assert all(marked(carded("provisional", "okavira")))
    assert not any(marked(compared("small")))


def test_a_category_out_of_scope_is_said_to_be():
    text = compared_words("small")
    assert "Gen AI readiness is not in scope here; its weight went to the other categories in proportion" in text


def test_the_matrix_repeats_its_key_and_marks_blanks_and_red_flags():
    pages = [text for text in texts(behind("full")) if "Question matrix" in text]
    assert len(pages) > 1
    assert all("A Mwanzora Data · B Trellith Labs" in text for text in pages)
    assert any("✓ ▲" in text or "✓▲" in text for text in pages)
    line = next(line for text in pages for line in text.splitlines() if line.startswith("GEN-09"))
    assert line.split()[-2] == "–"  # Brenovik, E of A to F, gave no answer


# ------------------------------------------------------------------------------------------------ text of others


@pytest.mark.parametrize(
    ("of", "attached"),
    [(compared, {"results.json"}), (lambda name: carded(name, "okavira"), set())],
    ids=["comparison", "scorecard"],
)
def test_hostile_text_leaves_no_link_no_attachment_of_its_own_and_no_script(of, attached):
    reader = read(of("hostile"))
    assert [page.get("/Annots") for page in reader.pages] == [None] * len(reader.pages)
    assert set(reader.attachments) == attached
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])
    names = reader.trailer["/Root"].get("/Names", {})
    assert "/JavaScript" not in names
    assert ("/EmbeddedFiles" in names) is bool(attached)


def test_hostile_text_is_printed_as_text():
    markup = with_texts(
        sample("small"), ["<script>alert(1)</script>", "<img src='file:///etc/passwd'/>", "\u202ea\x00b"]
    )
    text = words(comparison_html(markup))
    assert "Ranked first: <script>alert(1)</script> 81.3 of 100 points" in text
    assert "<img src='file:///etc/passwd'/>" in text
    assert "root:" not in text
    assert not {"\u202e", "\x00"} & set(text)


def test_very_long_answers_are_cut_with_a_mark():
    assert "[cut, 10,005 characters]" in words(appendix_html(made("wordy")))
    assert len(read(compared("wordy")).pages) == 3


def test_letters_that_no_font_has_are_a_warning_that_names_the_vendor():
    unknown = changed(sample("small"), named("Data \N{LINEAR B SYLLABLE B008 A}\U00012000"))
    document = paper.comparison(unknown)
    read(document)
    boxes = [warning for warning in document.warnings if "print as boxes" in warning]
    foreign = [warning for warning in document.warnings if "fonts of this machine" in warning]
    assert boxes or foreign
    assert all(warning.startswith("Data ") for warning in boxes)


def test_latin_letters_need_no_font_of_the_machine():
    assert compared("full").warnings == ()


# ------------------------------------------------------------------------------------------------ bytes

SCRIPT = """
import hashlib, sys
from made_results import sample
from vendor_eval.reports.pages import documents as paper
from vendor_eval.results import Result
documents = [paper.comparison(sample("small")), paper.scorecard(sample("small"), "okavira")]
print(*(hashlib.sha256(document.data).hexdigest() for document in documents))
"""


def test_the_bytes_are_the_same_in_another_process_folder_time_zone_and_under_another_hash_seed(tmp_path):
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    other = {"PYTHONPATH": path, "PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "SOURCE_DATE_EPOCH": "1"}
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(command, cwd=tmp_path, env=os.environ | other, capture_output=True, text=True, check=True)
    ours = [compared("small"), carded("small", "okavira")]
    assert run.stdout.split() == [hashlib.sha256(document.data).hexdigest() for document in ours]


def test_a_second_document_is_like_the_first():
    assert paper.comparison(made("small")) == compared("small")


def test_the_document_bears_the_date_of_the_evaluation():
    facts = read(compared("small")).metadata
    assert facts.title == "Comparison: Polygons and boxes for the fruit and shelf models"
    assert facts.creation_date.date().isoformat() == facts.modification_date.date().isoformat() == "2026-11-24"


def test_no_page_ends_with_the_heading_of_a_vendor():
    pages = texts(behind("full"))
    standing = re.compile(r"^(Ranked \w+ with|Not ranked, ) ?.*points.*\nAppendix of the comparison", re.MULTILINE)
    assert any(re.search(r"^Ranked \w+ with ", page, re.MULTILINE) for page in pages)
    assert [number for number, page in enumerate(pages, 1) if standing.search(page)] == []
