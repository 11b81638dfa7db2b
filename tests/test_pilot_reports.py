"""What a pilot measured, on pages, scorecards and vendors' copies, in the workbook and in the terminal."""

import io
import re
from functools import cache
from xml.etree import ElementTree as ET

import outloud
import pikepdf
import pytest
from builders import run
from click.testing import CliRunner
from made_pilots import (
    KEPT,
    LINKS,
    NO_PROMISE,
    NOT_KEPT,
    NOT_MEASURED,
    TOO_FEW,
    WITHIN_CHANCE,
    absent,
    link,
    measured,
    mixed,
    pilot_of,
    with_pilot,
)
from made_results import HOSTILE, sample
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, printed, read, scorecard_html, sections, texts, words as words_of
from test_pilot_evaluation import FACT, GUARANTEE, tender
from test_reports_paper import field_of, filled, printed_pages

from vendor_eval.cli import main
from vendor_eval.reports.pages import documents as paper
from vendor_eval.reports.pages.one_vendor import everybody, only
from vendor_eval.reports.pages.said_and_measured import chart
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.pilot import pilot_text
from vendor_eval.reports.terminal.ranking import ranked_table, short_table
from vendor_eval.reports.wording import pilot as words
from vendor_eval.reports.wording.decision import should_know
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.results.pilot import EffectRecord, FigureRecord
from vendor_eval.results.pilot_figures import FIGURES

PAGE = "Said and measured"
HEAD = f"{PAGE}\nComparison of"  # at the head and at the foot of its pages
LONG = "International Data Services and Annotation Holding (Private) Limited"


@cache
def piloted(vendors, links, *, long_names=False):
    result = field_of(vendors)
    if long_names:
        named = (vendor.model_copy(update={"name": f"{vendor.name} {LONG}"}) for vendor in result.vendors)
        result = result.model_copy(update={"vendors": tuple(named)})
    return mixed(result, links)


LATE = "2026-11-20T18:00:00+01:00"


@cache
def page_of(vendors, links):
    return sections(comparison_html(piloted(vendors, links)))[PAGE]


def flat(text):
    return " ".join(text.split())


# ------------------------------------------------------------------------------------------------ the page


@pytest.mark.parametrize(
    ("vendors", "links", "most", "size"),
    [
        *((2, 1, 5, "A4"), (3, 10, 5, "A4"), (6, 10, 5, "A4"), (10, 10, 7, "A4"), (12, 10, 7, "A4")),
        *((3, 6, 5, "Letter"), (8, 10, 5, "Letter"), (10, 10, 7, "Letter")),
    ],
)
def test_a_pilot_takes_one_page_more_before_the_last(vendors, links, most, size):
    document = paper.comparison(piloted(vendors, links), paper=size)
    pages = texts(document)
    own = [number for number, text in enumerate(pages) if HEAD in text]
    assert own == [len(pages) - 2]
    assert len(pages) <= most
    assert filled(printed_pages(document)[-2])
    assert document.warnings == ()


@pytest.mark.parametrize("vendors", [3, 10])
def test_long_names_stay_on_the_page(vendors):
    html = comparison_html(piloted(vendors, 10, long_names=True))
    assert PAGE in sections(html)
    pages = texts(paper.comparison(piloted(vendors, 10, long_names=True)))
    assert sum(HEAD in text for text in pages) == 1


def test_without_a_pilot_and_in_a_brief_comparison_there_is_no_such_page():
    assert PAGE not in sections(comparison_html(field_of(3)))
    assert PAGE not in sections(comparison_html(piloted(3, 5), brief=True))


def test_a_cell_holds_promise_figure_and_verdict_in_a_word_and_a_mark():
    result = with_pilot(
        field_of(2),
        measured("mwanzora", "Mwanzora Data", (KEPT, NOT_KEPT)),
        measured("trellith", "Trellith", (TOO_FEW,)),
    )
    text = sections(comparison_html(result))[PAGE]
    assert "● kept , counts as 97.0 90 99.5 97 → 98.4 (96.9–99.3)" in text.replace("  ", " ") or "97 → 98.4" in text
    for part in (
        "● kept",
        "97 → 98.4 (96.9–99.3)",
        "✕ not kept",
        "98 → 92.0 (92.0–95.9)",
        "○ cannot tell",
        "99 → 100.0",
    ):
        assert part in text
    assert "1 of 2 tested promises was not kept, by Mwanzora Data" in text


@pytest.mark.parametrize(("vendors", "is_in_full"), [(3, True), (10, False)])
def test_below_the_table_stands_what_became_of_each_vendors_promises(vendors, is_in_full):
    result, text = piloted(vendors, 10), page_of(vendors, 10)
    for vendor in result.pilot.vendors:
        candour = vendor.candour
        counts = f"{candour.linked} {candour.kept} {candour.not_kept} {candour.cannot_tell} {candour.no_promise} surge:"
        assert (candour.sentence if is_in_full else counts) in text
    assert "surge: −6.0 (−10.8 to −1.7)" in text
    assert "Accepted: 14 of 500 wrong, 18 allowed" in text
    assert "Not accepted: 23 of 500 wrong, 18 allowed" in text


def test_every_question_of_ten_vendors_stands_in_the_table():
    assert all(question in page_of(10, 10) for question, *_ in LINKS)
    assert "more question" not in page_of(10, 10)


def test_the_page_says_what_chance_does_what_counts_and_what_was_left_out():
    result, text = piloted(3, 10), page_of(3, 10)
    chance = sum(vendor.candour.expected_by_chance for vendor in result.pilot.vendors)
    assert f"If every promise were true, about {chance:.1f} would read “not kept” by chance alone; here 5 did." in text
    links = [row for vendor in result.pilot.vendors for row in vendor.links]
    counting = sum(row.effect is not None and row.effect.act == "answer" for row in links)
    assert f"{counting} answers count as measured. {len(links) - counting} answers stay as they were given." in text
    assert "3 vendors labeled 500 items of which we alone knew the right labels. Measured on 23 November 2026." in text
    assert "2 items counted for nobody" in text
    assert "Our own experts agree with each other in 91.3 % of the pairs." in text
    assert "the seconds as stated by the vendor" in text


def test_a_pilot_that_does_not_count_says_so():
    vendor = measured("okavira", "Okavira", (KEPT, NOT_KEPT))
    links = tuple(row.model_copy(update={"effect": None}) for row in vendor.links)
    assert list(words.in_the_scores(pilot_of(vendor.model_copy(update={"links": links})))) == [
        "The pilot is shown here and changes no score."
    ]


def test_who_took_no_part_is_named_on_the_page_and_on_page_1():
    result = mixed(field_of(3), 3, without=("trellith",))
    assert ("Pilot", "Trellith Labs took no part in the pilot.") in should_know(result)
    parts = sections(comparison_html(result))
    assert "Trellith Labs took no part in the pilot." in parts["Decision"]
    assert "Trellith Labs took no part in the pilot." in parts[PAGE]


def test_all_who_took_no_part_stand_in_the_first_line_of_what_a_signer_should_know():
    result = with_pilot(field_of(3), *map(absent, ("mwanzora", "trellith")))
    late = [vendor.model_copy(update={"accepted_late": "Portal down", "received": LATE}) for vendor in result.vendors]
    method = result.evaluation.method.model_copy(update={"deadline": "2026-11-20T17:00:00+01:00"})
    evaluation = result.evaluation.model_copy(update={"method": method})
    lines = should_know(result.model_copy(update={"vendors": tuple(late), "evaluation": evaluation}))
    names = [vendor.name for vendor in result.in_order if vendor.pilot == "absent"]
    assert lines[0] == ("Pilot", f"{names[0]} and {names[1]} took no part in the pilot.")
    assert [label for label, _ in lines[1:4]] == ["Late bid"] * 3


def test_a_pilot_without_promises_and_one_that_nobody_took_part_in_have_a_page():
    nothing = measured("mwanzora", "Mwanzora Data", ())
    result = with_pilot(field_of(2), nothing, absent("trellith"))
    assert "What the pilot measured" in sections(comparison_html(result))[PAGE]
    assert len(texts(paper.comparison(result))) == 5
    nobody = with_pilot(field_of(2), absent("mwanzora"), absent("trellith"))
    assert "Mwanzora Data took no part in the pilot." in sections(comparison_html(nobody))[PAGE]


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        ([(KEPT,)], "The tested promise was kept"),
        ([(KEPT, KEPT)], "Both tested promises were kept"),
        ([(NO_PROMISE,)], "The pilot can tell of no promise whether it is kept"),
        ([(NOT_KEPT,)], "The tested promise was not kept, by A"),
        ([(NOT_KEPT, KEPT)] * 4, "4 of 8 tested promises were not kept, by all 4 vendors"),
    ],
)
def test_the_title_says_what_became_of_the_promises(verdicts, title):
    vendors = [measured(f"v{number}", "A", cases) for number, cases in enumerate(verdicts)]
    known = sample("small").vendors[0]
    records = tuple(known.model_copy(update={"id": vendor.id, "name": "A"}) for vendor in vendors)
    result = sample("small").model_copy(update={"vendors": records})
    assert words.headline(result, pilot_of(*vendors)) == title


def test_no_figure_of_an_annotator_is_in_the_words_of_figures():
    assert not [kind.title for kind in FIGURES.values() if "annotator" in kind.title.lower()]


@pytest.mark.parametrize(("vendors", "links", "is_roomy"), [(3, 3, True), (6, 5, True), (10, 10, False)])
def test_a_page_with_room_is_printed_in_larger_letters(vendors, links, is_roomy):
    assert ("section said roomy" in comparison_html(piloted(vendors, links))) is is_roomy


def test_a_cell_says_why_it_cannot_be_told():
    row = link(5, KEPT).model_copy(update={"verdict": "cannot_tell", "reason": "ceiling", "effect": None})
    vendor = measured("mwanzora", "Mwanzora Data", (TOO_FEW,)).model_copy(update={"links": (row,)})
    text = sections(comparison_html(with_pilot(field_of(2), vendor)))[PAGE].replace(" ,", ",")
    assert "○ cannot tell, only an upper limit" in text


# ------------------------------------------------------------------------------------------------ the chart


def test_a_chart_has_the_scale_of_the_question_longer_where_a_figure_lies_outside():
    questions = {q.id: q for c in field_of(3).definition.categories for k in c.criteria for q in k.questions}
    drawn = chart(link(4, KEPT), "h", questions["WRK-06"])
    assert drawn.ends == ("1", "48")
    assert drawn.said == pytest.approx(100 * 7 / 47)
    assert (drawn.low, drawn.measured, drawn.high) == pytest.approx((100 / 47, 250 / 47, 500 / 47))
    outside = chart(link(8, NOT_KEPT), "ratio", questions["LAB-21"])
    assert float(outside.ends[0]) < 0.83
    assert outside.ends[1] == "1.15"
    assert all(0 <= place <= 100 for place in outside[:4])
    assert chart(link(3, NOT_MEASURED), "days", None).measured is None


def test_a_range_without_an_upper_end_is_printed_as_so_much_or_more():
    row = link(4, NOT_KEPT).model_copy(update={"high": None})
    unknown = row.model_copy(update={"measured": None})
    reached = row.model_copy(update={"promised": 12.0, "verdict": "cannot_tell", "reason": "infinite"})
    hours = {"id": "answer_hours", "unit": "h", "better": "lower", "method": "order_statistic", "n": 40}
    figure = FigureRecord(**hours, value=11.5, low=6.5, reason="infinite")
    drawn = chart(row, "h", None)
    assert (drawn.low < drawn.measured < drawn.high, drawn.high) == (True, 100)
    assert words.interval(row, "h") == "6.5 or more"
    assert words.figure_words(figure) == "Median time to answer a question: 11.5 hours (6.5 or more)"
    assert words.arithmetic(figure) == "11.5 over 40; order statistics 6.5 or more"
    assert "11.5 hours measured, the truth is 6.5 or more; verdict: not kept" in words.chart_words(row, "h")
    assert "nothing measured, the truth is 6.5 or more" in words.chart_words(unknown, "h")
    assert words.rule(row, figure) == "even the lower end of the range, 6.5, is above the 4 promised"
    assert words.rule(reached, figure) == (
        "11.5 is at most the 12 promised, but the range has no upper end: not ended yet"
    )
    effect = EffectRecord(act="answer", answer=6.5, low=0, high=60)
    assert "nearest to the promise counts, not ended yet" in words.what_counts(
        unknown.model_copy(update={"effect": effect}), "number"
    )


def test_the_pages_and_the_sheet_say_or_more():
    row = link(4, NOT_KEPT).model_copy(update={"high": None})
    vendor = measured("mwanzora", "Mwanzora Data", (TOO_FEW,))
    figures = [figure for figure in vendor.figures if figure.id != "answer_hours"]
    figure = FigureRecord(
        id="answer_hours",
        unit="h",
        better="lower",
        method="order_statistic",
        value=11.5,
        low=6.5,
        n=40,
        reason="infinite",
    )
    vendor = vendor.model_copy(update={"links": (row,), "figures": (*figures, figure)})
    result = with_pilot(field_of(2), vendor)
    assert "4 → 11.5 (6.5 or more)" in sections(comparison_html(result))[PAGE]
    cells = [cell.value for line in load_workbook(io.BytesIO(shortlist(result)))[PAGE] for cell in line]
    assert cells.count("or more") == 2


def test_a_chart_says_its_message():
    page = ET.fromstring(comparison_html(piloted(2, 3)))  # noqa: S314  our page, with everything in it escaped
    svgs = [element for element in page.iter() if element.tag.endswith("svg")]
    titles = [svg[0].text for svg in svgs if "verdict:" in (svg[0].text or "")]
    assert len(titles) == 6
    assert titles[0] == (
        "Items wholly right: 97 % promised, 98.4 % measured, the truth is between 96.9 and 99.3; verdict: kept"
    )


# ------------------------------------------------------------------------------------------------ scorecards


@pytest.mark.parametrize("copy", [False, True], ids=["committee", "vendor"])
@pytest.mark.parametrize(("vendors", "links", "size"), [(3, 3, "A4"), (6, 10, "A4"), (6, 10, "Letter")])
def test_a_scorecard_with_a_pilot_keeps_to_two_pages(vendors, links, size, copy):
    for vendor in ("mwanzora", "trellith"):
        assert len(read(paper.scorecard(piloted(vendors, links), vendor, paper=size, vendor_copy=copy)).pages) == 2


def test_many_evaluators_and_promises_stay_on_two_pages():
    result = piloted(6, 10)
    note = sample("full").vendor("mwanzora").notes[0]
    notes = tuple(note.model_copy(update={"by": f"Evaluator {number}"}) for number in range(6))
    vendors = tuple(vendor.model_copy(update={"notes": notes}) for vendor in result.vendors)
    crowded = result.model_copy(update={"vendors": vendors})
    for vendor in ("mwanzora", "zenquora"):
        assert len(read(paper.scorecard(crowded, vendor, paper="Letter")).pages) == 2


def test_the_card_has_a_row_for_each_promise_and_says_what_counts():
    text = words_of(scorecard_html(piloted(3, 3), "mwanzora"))
    assert "Said and measured: 1 of 2 tested promises kept" in text
    assert "Items wholly right QAR-08, % 90 99.5 97 98.4 (96.9–99.3) 500 ● kept 97.0" in text
    assert (
        "Items wholly right, at least (one-sided 95 %) QAR-10, % 85 98.5 98 92.0 (92.0–95.9) 500 ✕ not kept 92.0"
        in text.replace("85 98 98", "85 98.5 98")
    )
    assert "The whole batch is accepted: 14 of 500 wrong, 18 allowed." in text
    assert "Dot: what was said." in text


def test_figures_without_room_on_a_vendors_copy_are_counted():
    vendor = measured("trellith", "Trellith Labs", (KEPT,))
    more = tuple(vendor.figures[0].model_copy(update={"by": "class", "group": f"c{n}"}) for n in range(150))
    result = with_pilot(field_of(3), vendor.model_copy(update={"figures": (*vendor.figures, *more)}))
    pages = texts(paper.scorecard(result, "trellith", vendor_copy=True))
    assert len(pages) == 2
    assert re.search(r"Also measured, \d\d of 15\d", flat(pages[1]))


def test_promises_without_room_are_counted_and_those_not_kept_come_first():
    text = flat(" ".join(texts(paper.scorecard(piloted(6, 10), "mwanzora"))))
    assert re.search(r"\d more promises, in shortlist\.xlsx", text)
    assert text.index("QAR-10") < text.index("QAR-08")
    assert "LAB-21" not in text


def test_a_vendor_that_was_not_measured_has_no_figure_on_its_card():
    result = mixed(field_of(3), 3, without=("trellith",))
    text = words_of(scorecard_html(result, "trellith"))
    assert "The pilot measured nothing No file in labels/." in text
    assert "Said and measured" not in words_of(scorecard_html(field_of(3), "trellith"))


def test_a_vendors_copy_holds_its_own_promises_figures_and_acceptance_and_nothing_else():
    vendor = measured("trellith", "Trellith Labs", (NOT_KEPT, KEPT, TOO_FEW), wrong=23)
    secret = vendor.figures[0].model_copy(update={"by": "stratum", "group": "dairy"})
    vendor = vendor.model_copy(update={"figures": (*vendor.figures, secret)})
    result = with_pilot(field_of(6), measured("mwanzora", "Mwanzora Data", (KEPT,)), vendor)
    alone = only(result, result.vendor("trellith"), everybody(result)).pilot
    assert [vendor.id for vendor in alone.vendors] == ["trellith"]
    assert (alone.pilot.expert_ceiling, alone.pilot.inputs, alone.vendors[0].issues) == (None, (), ())
    assert alone.vendors[0].links == result.pilot.vendor("trellith").links
    text = flat(" ".join(texts(paper.scorecard(result, "trellith", vendor_copy=True))))
    for own in ("✕ not kept", "The whole batch is not accepted", "Repeated items labeled alike: 92.0 % (80.8–97.8)"):
        assert own in text
    card = text[text.index("Said and measured") : text.index("Most valuable")]
    for hidden in ("91.3", "91.25", "experts", "gold", "plan", "seed", "t00016", "dairy", "Mwanzora", "Søndre"):
        assert hidden not in card
    assert "Mwanzora" not in text


def test_the_pilot_is_nobody_who_signs_or_wrote_a_remark(tmp_path):
    result = run(tender(tmp_path, {"acme": 470, "bolt": 495}, FACT))
    assert any(finding.by == "pilot" for answer in result.vendor("acme").answers for finding in answer.findings)
    text = words_of(scorecard_html(result, "acme"))
    assert "The evaluators wrote nothing" in text
    assert "Evaluator pilot" not in text
    assert "Evaluator pilot" not in words_of(comparison_html(result))


def test_an_answer_that_was_measured_is_printed_so(tmp_path):
    result = run(tender(tmp_path, {"acme": 459, "bolt": 495}, FACT, items=487))
    text = words_of(appendix_html(result))
    assert "99 %, measured 94.3 %" in text
    assert "corrected to" not in text


# ------------------------------------------------------------------------------------------------ read aloud, hostile


@pytest.mark.parametrize("kind", ["comparison", "scorecard", "copy"])
@pytest.mark.parametrize("vendors", [2, 10])
def test_the_checker_finds_no_error(kind, vendors, tmp_path):
    result = piloted(vendors, 7)
    document = {
        "comparison": lambda: paper.comparison(result),
        "scorecard": lambda: paper.scorecard(result, "trellith"),
        "copy": lambda: paper.scorecard(result, "trellith", vendor_copy=True),
    }[kind]()
    path = tmp_path / "checked.pdf"
    path.write_bytes(printed(document))
    errors = outloud.check(str(path))
    assert errors.error is None
    assert [(f.rule, f.page, f.message) for f in errors.findings if f.severity == "error"] == []
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_hostile_texts_of_a_pilot_are_printed_as_text():
    result = piloted(3, 5)
    texts_ = iter(HOSTILE * 20)
    vendors = tuple(
        vendor.model_copy(
            update={
                "figures": tuple(
                    f.model_copy(update={"group": next(texts_) if f.by else None}) for f in vendor.figures
                ),
                "candour": vendor.candour.model_copy(update={"sentence": next(texts_)}),
            }
        )
        for vendor in result.pilot.vendors
    )
    facts = result.pilot.pilot.model_copy(update={"title": "<script>alert(1)</script> =1+1"})
    pilot = result.pilot.model_copy(update={"vendors": vendors, "pilot": facts})
    hostile = result.model_copy(update={"pilot": pilot})
    assert "<script>alert(1)</script> =1+1: 3 vendors labeled 500 items" in sections(comparison_html(hostile))[PAGE]
    sheet = load_workbook(io.BytesIO(shortlist(hostile)))[PAGE]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "\x1b" not in pilot_text(pilot)


# ------------------------------------------------------------------------------------------------ workbook


def rows_below(sheet, title, column):
    """Rows of the table in which a column has this title, as dictionaries."""
    head = next(row for row in sheet.iter_rows(values_only=True) if row[column] == title)
    start = next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if row == head)
    rows = []
    for row in sheet.iter_rows(min_row=start + 1, values_only=True):
        if row[0] is None:
            break
        rows.append(dict(zip(filter(None, head), row, strict=False)))
    return rows


def dashed(value):
    return "–" if value is None else value


def test_the_workbook_holds_every_field_of_every_promise():
    result = piloted(6, 10)
    sheet = load_workbook(io.BytesIO(shortlist(result)))[PAGE]
    rows = rows_below(sheet, "Question", 2)
    names = {vendor.id: vendor.name for vendor in result.vendors}
    order = [vendor.id for vendor in result.in_order]
    links = [
        (vendor.id, row)
        for vendor in sorted(result.pilot.vendors, key=lambda v: order.index(v.id))
        for row in vendor.links
    ]
    assert [
        {
            "Vendor": names[vendor],
            "Question": row.question,
            "Figure": row.figure,
            "Narrowed by": dashed(row.by),
            "To": dashed(row.group),
            "Kind": row.kind,
            "Margin": row.margin,
            "Promised": dashed(row.promised),
            "Measured": dashed(row.measured),
            "Low": dashed(row.low),
            "High": dashed(row.high),
            "Out of": dashed(row.n),
            "Verdict": words.VERDICTS[row.verdict],
            "Would settle it": dashed(row.needed),
            "Why": words.reason_words(row.reason) if row.reason else "–",
            "Counts as": row.effect.act if row.effect else "–",
            "Answer that counts": dashed(row.effect and row.effect.answer),
            "Value at least": dashed(row.effect and row.effect.low),
            "Value at most": dashed(row.effect and row.effect.high),
            "Set aside by us": "no" if row.effect else "–",
        }
        for vendor, row in links
    ] == [{key: value for key, value in row.items() if key != "Promised and measured"} for row in rows]


def test_the_workbook_holds_every_figure_and_what_came_back():
    result = piloted(3, 4)
    sheet = load_workbook(io.BytesIO(shortlist(result)))[PAGE]
    figures = [figure for vendor in result.pilot.vendors for figure in vendor.figures]
    rows = rows_below(sheet, "Id", 3)
    assert [(r["Id"], r["Value"], r["Low"], r["High"], r["Counted"], r["Out of"], r["p"]) for r in rows] == [
        tuple(map(dashed, (f.id, f.value, f.low, f.high, f.k, f.n, f.p))) for f in figures
    ]
    vendor = result.pilot.vendors[0]
    assert rows_below(sheet, "Tasks", 2)[0] | {"Vendor": None} == {
        "Vendor": None,
        "What became of its promises": vendor.candour.sentence,
        "Tasks": 550,
        "Rows read": 548,
        "Missing": 2,
        "Invalid": 3,
        "Status": "measured",
        "Asked for": 4,
        "Tested": 2,
        "Kept": 1,
        "Not kept": 1,
        "Cannot tell": 2,
        "Not given": 0,
        "Not kept by chance": 0.1,
        "Items": 500,
        "Wrong": 14,
        "Allowed": 18,
        "The whole batch": "Accepted: 14 of 500 wrong, 18 allowed",
        "Seller's risk, %": 0.66,
        "Buyer's risk, %": 8.65,
        "Accepted": "yes",
    }


def test_the_sheet_on_the_method_lists_the_files_of_the_pilot():
    result = piloted(3, 4)
    cells = {cell.value for row in load_workbook(io.BytesIO(shortlist(result)))["Method"].iter_rows() for cell in row}
    files = result.pilot.pilot.inputs
    assert files
    assert {text for source in files for text in (source.file, f"sha256 {source.sha256}")} <= cells


def test_without_a_pilot_the_workbook_has_no_such_sheet():
    assert PAGE not in load_workbook(io.BytesIO(shortlist(field_of(3)))).sheetnames


# ------------------------------------------------------------------------------------------------ terminal


@pytest.mark.parametrize("render", [short_table, ranked_table])
def test_rank_ends_with_the_candour_of_each_vendor(render):
    result = mixed(field_of(3), 5, without=("trellith",))
    text = flat(render(result))
    assert all(vendor.candour.sentence in text for vendor in result.pilot.vendors if vendor.candour)
    assert "Trellith Labs: not measured" in text
    assert "If every promise were true, about 0.2 would read “not kept” by chance alone; here 2 did." in text
    measured_between = "An answer that the pilot measured counts between the ends of its range."
    assert (measured_between in text, measured_between in flat(render(field_of(3)))) == (True, False)
    assert "Said and measured" not in render(field_of(3))


RATE = {"unit": "%", "better": "higher"}
COUNTED = FigureRecord(
    id="accuracy", value=97.2, low=95.347, high=98.461, k=486, n=500, method="clopper_pearson", **RATE
)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (COUNTED, "486 of 500 = 97.2; Clopper-Pearson 95.3-98.5"),
        (
            COUNTED.model_copy(update={"id": "accuracy_lower", "value": 95.657, "low": 95.657}),
            "486 of 500: 95.7; Clopper-Pearson 95.7-98.5",
        ),
        (
            FigureRecord(id="f1", value=98.38, low=97.32, high=99.31, n=40, method="bootstrap", **RATE),
            "98.4 over 40; bootstrap 97.3-99.3",
        ),
        (
            FigureRecord(id="first_batch_days", value=3.5, low=3.5, high=3.5, unit="days", method="exact"),
            "3.5; exact 3.5-3.5",
        ),
        (
            FigureRecord(id="alpha", n=10, unit="alpha", method="bootstrap", reason="no_variation"),
            "– over 10; all answers are alike",
        ),
        (
            FigureRecord(
                id="issues_per_1000", value=14, low=5.6, high=28.8, k=7, n=500, unit="per 1,000", method="poisson"
            ),
            "7 of 500 = 14.0; Poisson 5.6-28.8",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
def test_the_arithmetic_of_a_figure(figure, text):
    assert words.arithmetic(figure) == text


@pytest.mark.parametrize(
    ("at", "case", "better", "text"),
    [
        (
            0,
            KEPT,
            "higher",
            "98.4 is at least the 97 promised, and the lower end of the range, 96.9, is not below 94 (the ",
        ),
        (0, NOT_KEPT, "higher", "even the upper end of the range, 95.9, is below the 98 promised"),
        (
            *(0, WITHIN_CHANCE, "higher"),
            "97.2 is below the 98 promised, but within chance: the range reaches 98.5; 1,340 items like these would",
        ),
        (
            1,
            TOO_FEW,
            "higher",
            "97.1 is at least the 97 promised, but the lower end of the range, 96.0, is below 97: too few",
        ),
        (0, NO_PROMISE, "higher", "nothing was promised"),
        (0, NOT_MEASURED, "higher", "it could not be measured"),
        (4, KEPT, "lower", "3.5 is at most the 8 promised, and the upper end of the range, 6.0, is not above 8"),
        (4, NOT_KEPT, "lower", "even the lower end of the range, 6.5, is above the 4 promised"),
        (4, WITHIN_CHANCE, "lower", "5.0 is above the 4 promised, but within chance: the range reaches 3.0"),
        (7, NOT_KEPT, "lower", "70.0 is above the 24 promised"),
        (5, KEPT, "higher", "the figure is only the most that the truth can be"),
    ],
)
def test_a_verdict_is_said_with_the_rule_that_gave_it(at, case, better, text):
    row = link(at, case)
    figure = FigureRecord(id=row.figure, value=row.measured, unit="", better=better, method="exact")
    assert words.rule(row, figure).startswith(text)


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        (link(1, NOT_KEPT), "percentage", "92.0 %, verified: what was measured counts in the place of what was said"),
        (link(0, KEPT), "percentage", "97.0 %, verified: of a guarantee the worse counts, here what was promised"),
        (link(0, NOT_KEPT), "percentage", "94.0 %, verified: of a guarantee the worse counts, here what was measured"),
        (link(5, NOT_KEPT), "number", "sent back as unproven, since the most that can be is less than was promised"),
        (link(5, KEPT), "number", "the answer stays as it was given: the figure is the most that can be"),
        (link(0, NO_PROMISE), "percentage", "the answer stays as it was given: a guarantee that was not given is none"),
        (link(1, NOT_MEASURED), "percentage", "the answer stays as it was given: nothing was measured"),
        (
            link(1, KEPT).model_copy(update={"effect": None}),
            "percentage",
            "the answer stays as it was given: there are too",
        ),
        (
            link(0, KEPT).model_copy(update={"effect": None}),
            "single_choice",
            "the answer stays as it was given: a choice",
        ),
        (
            link(1, NOT_KEPT).model_copy(update={"effect": EffectRecord(act="answer", answer=95.92, low=1, high=1)}),
            *(
                "percentage",
                "95.9 %, verified: of so few items the end of the range that is nearest to the promise counts",
            ),
        ),
        (
            link(1, NOT_KEPT).model_copy(update={"effect": EffectRecord(act="answer", answer=92, set_aside=True)}),
            *("percentage", "what we found before on this answer; the pilot is set aside"),
        ),
        (
            link(0, NOT_KEPT).model_copy(update={"effect": EffectRecord(act="claim")}),
            *("single_choice", "sent back as unproven, since it was not kept; a document is needed"),
        ),
    ],
)
def test_what_counts_is_said_with_its_reason(row, kind, text):
    assert words.what_counts(row, kind).startswith(text)


def test_a_figure_shows_the_decimals_that_tell_it_from_the_promise():
    row = link(0, NOT_KEPT).model_copy(update={"promised": 98.0, "measured": 97.0, "low": 95.0, "high": 97.98})
    figure = COUNTED.model_copy(update={"value": 97.0, "high": 97.98})
    assert words.rule(row, figure) == "even the upper end of the range, 97.98, is below the 98 promised"
    assert words.interval(row, "%") == "95.0–97.98"


def test_explain_leads_from_a_promise_to_the_wrong_items(tmp_path):
    tender(tmp_path, {"acme": 470, "bolt": 495}, GUARANTEE)
    shown = CliRunner().invoke(main, ["explain", str(tmp_path), "acme", "Q1"])
    assert shown.exit_code == 0, shown.output
    text = flat(shown.output)
    assert "Promised: 99 % (responses/acme.xlsx," in text
    assert "Measured: Items wholly right, in %: 470 of 500 = 94.0; Clopper-Pearson 91.5-95.9" in text
    assert "Verdict: ✕ not kept: even the upper end of the range, 95.9, is below the 99 promised" in text
    assert "Counts: 94.0 %, verified: of a guarantee the worse counts, here what was measured" in text
    assert "Wrong, by code and source (30): Code Source Gold Label Error" in text
    assert "i0000 i0000 crop weed wrong" in text
    assert ("i0019" in text, "i0020" in text) == (True, False)
    assert "10 more in out/pilot/errors/acme.csv" in text
    assert shown.output.count("crop") == 20


def errors(*rows):
    head = ("item", "source", "phase", "gold", "label", "error")
    return "".join(",".join(row) + "\r\n" for row in (head, *rows)).encode("utf-8-sig")


@pytest.mark.parametrize(
    ("figure", "by", "group", "codes"),
    [
        ("accuracy", None, None, ["t1", "t2", "t3"]),
        ("accuracy", "phase", "surge", ["t2", "t3"]),
        ("recall", "class", "crop", ["t1", "t3"]),
        ("precision", "class", "crop", ["t2"]),
        ("answer_hours", None, None, []),
        ("alpha", None, None, []),
    ],
)
def test_wrong_items_are_those_of_the_figure(figure, by, group, codes):
    result = with_pilot(field_of(2), measured("mwanzora", "Mwanzora Data", (KEPT,)))
    vendor = result.vendor("mwanzora")
    narrowed = link(0, KEPT).model_copy(update={"figure": figure, "by": by, "group": group})
    result.pilot.vendors[0].__dict__["links"] = (narrowed,)
    measured_answer = next(answer for answer in vendor.answers if answer.id == "QAR-08")
    object.__setattr__(measured_answer, "pilot", narrowed)
    rows = [("t1", "s1", "day1", "crop", "weed", "wrong"), ("t2", "s2", "surge", "weed", "crop", "wrong")]
    rows.append(("t3", "s3", "surge", "crop", "", "missing"))
    text = explain(result, vendor, "QAR-08", errors(*rows))
    assert [code for code in ("t1", "t2", "t3") if f"\n{code} " in text] == codes
    assert ("They are in out/pilot/errors/mwanzora.csv too" in text) is bool(codes)


def test_explain_without_a_pilot_says_nothing_of_one():
    assert "Promised" not in explain(field_of(2), field_of(2).vendor("mwanzora"), "QAR-08")
