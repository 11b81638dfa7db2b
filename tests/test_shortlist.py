"""The shortlist workbook, read back with openpyxl: what stands where, and that a vendor's text stays text."""

import io
import re
import zipfile
from datetime import datetime
from functools import cache

import pytest
from made_results import HOSTILE, changed, sample, variant, with_texts
from openpyxl import load_workbook

from vendor_eval.forms.workbook_writer import LONGEST_CELL, cell_text, inline
from vendor_eval.issues import VendorEvalError
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.contributions import message
from vendor_eval.reports.wording.decision import subline
from vendor_eval.reports.wording.requirements import BEFORE, requirements_met, unmet
from vendor_eval.reports.workbook.shortlist import shortlist

SHEETS = ["Summary", "Weights", "Scores", "Price", "Questions", "Gates", "Sensitivity", "Panel", "Issues", "Method"]
HEADERS = {
    "Summary": "Rank",
    "Weights": "Level",
    "Scores": "Level",
    "Questions": "ID",
    "Gates": "Vendor",
    "Issues": "Vendor",
}


def opened(result, **options):
    return load_workbook(io.BytesIO(shortlist(result, **options)))


@cache
def opened_sample(name):
    return opened(sample(name))


def header_row(sheet):
    return next(cell.row for cell in sheet["A"] if cell.value == HEADERS[sheet.title])


def table(sheet):
    """Rows of a sheet's filtered table as dicts by header."""
    _, last = sheet.auto_filter.ref.split(":")
    rows = sheet.iter_rows(min_row=header_row(sheet), max_row=sheet[last].row, values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def texts(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def shown(value):
    """A cell shows a dash where there is nothing, and holds 16 digits of a figure."""
    return "–" if value is None else pytest.approx(value, abs=1e-9) if isinstance(value, float) else value


# ------------------------------------------------------------------------------------------------ make-up


@pytest.mark.parametrize("paper", [pytest.param("A4", id="a4"), pytest.param("Letter", id="letter")])
def test_every_sheet_prints_as_wide_as_the_paper_with_its_header_on_each_page(paper):
    book = opened(sample("full"), paper=paper)
    assert book.sheetnames == SHEETS
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize)) == ("landscape", {"A4": 9, "Letter": 1}[paper])
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, setup.fitToWidth or 1) == (True, 1)
        assert sheet.oddFooter.right.text.endswith("page &P of &N")
        assert sheet.print_area
        assert sheet.freeze_panes
    for name, title in HEADERS.items():
        row = header_row(book[name])
        assert (book[name].cell(row, 1).value, book[name].print_title_rows) == (title, f"${row}:${row}")


def test_every_table_has_a_filter_over_all_of_its_rows():
    result = sample("full")
    book = opened(result)
    counts = {name: len(table(book[name])) for name in HEADERS}
    criteria = [len(c.criteria) for c in result.definition.categories if c.weighted]
    # The price is a line too.
    nodes = sum(criteria) + len(criteria) + 1
    assert counts == {
        "Summary": len(result.vendors),
        "Weights": nodes,
        "Scores": nodes + 1,
        "Questions": sum(a.state != "not_asked" for v in result.vendors for a in v.answers),
        "Gates": sum(len(v.gates) + sum(n.floor is not None for n in v.nodes) for v in result.vendors),
        "Issues": sum(len(v.issues) for v in result.vendors),
    }


def test_colours_lie_behind_numbers_and_never_replace_them():
    book = opened_sample("full")
    shaded = {sheet.title: {rule.type for r in sheet.conditional_formatting for rule in r.rules} for sheet in book}
    assert shaded == {
        "Summary": {"colorScale"},
        "Weights": {"colorScale"},
        "Scores": {"colorScale"},
        "Price": set(),
        "Questions": {"colorScale"},
        "Gates": set(),
        "Sensitivity": set(),
        "Panel": set(),
        "Issues": set(),
        "Method": set(),
    }
    for row in table(book["Scores"]):
        assert all(value == "–" or isinstance(value, float | int) for value in list(row.values())[4:])


def test_the_bytes_are_the_same_on_every_run_and_name_no_time_but_the_day_of_judging():
    result = sample("small")
    data = shortlist(result)
    assert data == shortlist(result)
    assert load_workbook(io.BytesIO(data)).properties.created == datetime.fromisoformat(result.evaluation.as_of)


def test_nothing_in_the_file_leads_out_of_it_and_only_the_live_sheets_compute():
    with zipfile.ZipFile(io.BytesIO(shortlist(with_texts(sample("small"), HOSTILE)))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any("external" in name or "vba" in name or "connections" in name for name in parts)
    assert not any('TargetMode="External"' in text or "<hyperlink" in text for text in parts.values())
    assert not any("quotePrefix" in text for text in parts.values())
    live = {f"xl/worksheets/sheet{at}.xml" for at in (1, 2, 6)}
    assert {name for name, text in parts.items() if re.search(r"<f[ >]", text)} == live
    names = re.findall(r"<definedName name=\"([^\"]+)\"", parts["xl/workbook.xml"])
    assert set(names) == {"_xlnm._FilterDatabase", "_xlnm.Print_Area", "_xlnm.Print_Titles"}


# ------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_summary_says_what_the_result_says(name):
    result = sample(name)
    keys = {
        "Rank": "rank",
        "Vendor": "name",
        "Score": "score",
        "Low": "low",
        "High": "high",
        "Claimed": "claimed",
        "Credited": "credited",
        "Covered": "coverage",
        "With document": "documented",
        "Verified": "verified",
        "Best rank": "best_rank",
        "Worst rank": "worst_rank",
        "Would have ranked": "would_rank",
    }
    rows = table(opened_sample(name)["Summary"])
    assert [{key: row[key] for key in keys} for row in rows] == [
        {key: shown(getattr(vendor, name)) for key, name in keys.items()} for vendor in result.in_order
    ]
    assert [row["Status"] for row in rows] == [vendor.status_text for vendor in result.in_order]
    counts = [requirements_met(vendor) for vendor in result.in_order]
    assert [row["Requirements met"] for row in rows] == [f"{met} of {asked}" for met, asked in counts]
    if result.evaluation.price:
        assert [row["Price USD"] for row in rows] == [shown(vendor.price.total) for vendor in result.in_order]
    assert [row["Short-listed"] for row in rows] == [
        "yes" if vendor.id in result.shortlist else "–" for vendor in result.in_order
    ]


def test_scores_show_one_decimal_and_hold_all_of_them():
    book = opened_sample("full")
    header = [cell.value for cell in book["Summary"][header_row(book["Summary"])]]
    score = book["Summary"].cell(header_row(book["Summary"]) + 1, header.index("Score") + 1)
    assert (score.number_format, score.value) == ("0.0", shown(sample("full").in_order[0].score))


def test_two_totals_that_would_print_alike_show_one_more_digit():
    def near(plain):
        plain["vendors"][0]["score"] = 80.04
        plain["vendors"][1]["score"] = 80.01

    result = changed(sample("small"), near)
    book = opened(result)
    column = [cell.value for cell in book["Summary"][header_row(book["Summary"])]].index("Score") + 1
    assert book["Summary"].cell(header_row(book["Summary"]) + 1, column).number_format == f"0.{'0' * result.digits}"
    assert result.digits == 2


def test_every_node_stands_under_every_vendor():
    result = sample("full")
    rows = table(opened_sample("full")["Scores"])
    titles = [
        (level, c.title, k)
        for c in result.definition.categories
        if c.weighted
        for level, k in (("Category", "all criteria"), *(("Criterion", k.title) for k in c.criteria))
    ]
    assert [(r["Level"], r["Category"], r["Criterion"]) for r in rows[1:]] == [*titles, ("Price", "Price", "–")]
    for vendor in result.vendors:
        assert [row[vendor.name] for row in rows] == [
            shown(score) for score in (vendor.score, *(node.score for node in vendor.nodes), vendor.price.score)
        ]


@pytest.mark.parametrize("name", ["small", "full"])
def test_what_the_categories_and_the_price_add_makes_the_score(name):
    result = sample(name)
    share = result.quality_share()
    titles = {c.id: c.title for c in result.definition.categories}
    for row, vendor in zip(table(opened_sample(name)["Summary"]), result.in_order, strict=True):
        points = {key.removesuffix(": points"): value for key, value in row.items() if key.endswith(": points")}
        own = {titles[n.id]: share * n.contribution for n in vendor.nodes if n.kind == "category" and n.in_scope}
        own |= {"Price": vendor.price.contribution} if vendor.price else {}
        assert points == {title: pytest.approx(value, abs=1e-9) for title, value in own.items()}
        assert sum(points.values()) == pytest.approx(vendor.score, abs=1e-9)


@pytest.mark.parametrize("name", ["small", "full"])
def test_weights_stand_in_points_of_the_total_that_add_up_to_100_with_the_price(name):
    result = sample(name)
    sheet = opened_sample(name)["Weights"]
    rows = table(sheet)
    nodes, price = result.in_order[0].nodes, result.evaluation.price
    shares = {node.id: node.global_weight for node in nodes}
    expected = [(n.weight, pytest.approx(100 * result.quality_share() * n.global_weight)) for n in nodes]
    expected += [(price.weight, price.weight)] if price else []
    assert [(row["Weight as stated"], row["Points of the total"]) for row in rows] == expected
    assert [row["Share of its parent"] for row in rows[: len(nodes)]] == [
        pytest.approx(n.global_weight / shares.get(n.parent, 1.0)) if shares.get(n.parent, 1.0) else "–" for n in nodes
    ]
    whole = sum(row["Points of the total"] for row in rows if row["Level"] in {"Category", "Price"})
    assert (whole, sheet.cell(sheet.max_row, 6).value) == (pytest.approx(100), pytest.approx(100))


@pytest.mark.parametrize(("name", "shown_columns"), [("small", 6), ("full", 8)])
def test_the_summary_prints_on_one_page_with_eight_columns_and_folds_the_rest(name, shown_columns):
    sheet = opened_sample(name)["Summary"]
    header = [cell.value for cell in sheet[header_row(sheet)]]
    price = ["Quality", "Price USD"] if name == "full" else []
    expected = ["Rank", "Vendor", "Status", "Score", *price, "Requirements met", "First reason"]
    assert (header[:shown_columns], len(expected)) == (expected, shown_columns)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert re.search(rf"\$A\$1:\${'FH'[name == 'full']}\$\d+$", sheet.print_area)
    folded = [letter for letter, column in sheet.column_dimensions.items() if column.outlineLevel == 1]
    assert all(sheet.column_dimensions[letter].hidden for letter in folded)
    assert not any(sheet.column_dimensions[letter].hidden for letter in "ABCDEF")
    assert folded


def chart_of(result):
    """The XML of the chart and of its drawing, the sheet, and the rows from and to which it goes."""
    data = shortlist(result)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chart, drawing = (
            archive.read(f"xl/{part}").decode() for part in ("charts/chart1.xml", "drawings/drawing1.xml")
        )
    rows = [int(row) + 1 for row in re.findall(r"<xdr:row>(\d+)</xdr:row>", drawing)]
    columns = [int(column) for column in re.findall(r"<xdr:col>(\d+)</xdr:col>", drawing)]
    return chart, drawing, load_workbook(io.BytesIO(data))["Summary"], rows, columns


@pytest.mark.parametrize("name", ["small", "full"])
def test_a_chart_shows_what_each_category_and_the_price_add_and_covers_no_cell(name):
    result = sample(name)
    chart, drawing, sheet, (first, last), (left, right) = chart_of(result)
    weighed = sum(c.weighted and c.in_scope for c in result.definition.categories) + bool(result.evaluation.price)
    assert chart.count("<c:ser>") == weighed
    assert '<c:plotVisOnly val="1"/>' not in chart
    one, other = (result.vendor(vendor).name for vendor in result.ranking[:2])
    assert f'descr="Against {other}, {one} gains most on ' in drawing
    covered = [cell for row in sheet.iter_rows(min_row=first, max_row=last) for cell in row if cell.value is not None]
    assert covered == []
    end = re.search(r"\$([A-Z])\$(\d+)$", sheet.print_area)
    assert (left, last <= int(end[2]), right <= ord(end[1]) - ord("A") + 1) == (0, True, True)
    # The figures that are drawn are those of the table.
    values = [float(text) for text in re.findall(r"<c:v>([\d.e-]+)</c:v></c:pt>", chart)]
    drawn = [vendor for vendor in result.in_order if vendor.score is not None]
    assert sum(values) == pytest.approx(sum(vendor.score for vendor in drawn), abs=1e-6)


def test_the_chart_tells_the_message_also_of_one_vendor_of_equals_and_of_nobody(tmp_path):
    alone = variant(tmp_path / "one", keep=("okavira",))
    assert message(alone).startswith("Okavira Data earns most on ")
    nobody = variant(tmp_path / "none", keep=("nordhain",))
    assert message(nobody) == "What each category adds to the score"

    def level(plain):
        first, second = (next(v for v in plain["vendors"] if v["id"] == name) for name in plain["ranking"][:2])
        second["nodes"] = first["nodes"]

    assert message(changed(sample("small"), level)).endswith(" earn the same points in every category")


def test_every_asked_answer_stands_with_its_cell():
    result = sample("full")
    rows = table(opened_sample("full")["Questions"])
    by_id = {(v.name, a.id): a for v in result.vendors for a in v.answers if a.state != "not_asked"}
    assert len(rows) == len(by_id)
    for row in rows:
        answer = by_id[row["Vendor"], row["ID"]]
        assert (row["Value"], row["Credited"], row["State"], row["Proof"], row["Source cell"]) == (
            shown(answer.value),
            shown(answer.credited),
            answer.state,
            shown(answer.evidence),
            str(answer.source) or "–",
        )
        assert (row["Answer"], row["Evidence"] or "") == (answer.answer or answer.raw or "–", answer.evidence_text)


def test_every_gate_and_floor_stands_with_its_waiver_and_note():
    result = sample("full")
    rows = table(opened_sample("full")["Gates"])
    waived = [row for row in rows if row["Result"] == "failed, waived"]
    assert [(row["Vendor"], row["Gate"]) for row in waived] == [("Søndre Lab", "SEC-13")]
    assert "Waived by Ruth Adler, Head of Information Security, 2026-11-23: Stage 2" in waived[0]["Why, waiver, note"]
    open_flags = sorted((v.name, g.question) for v in result.vendors for g in v.gates if g.open)
    assert sorted((r["Vendor"], r["Gate"]) for r in rows if r["Result"] == "hit, note wanted") == open_flags
    noted = [gate.note for v in result.vendors for gate in v.gates if gate.note]
    assert noted
    assert all(any(note in (row["Why, waiver, note"] or "") for row in rows) for note in noted)
    assert sum(row["Gate"] == "floor" for row in rows) == sum(
        n.floor is not None for v in result.vendors for n in v.nodes
    )
    assert not any(re.fullmatch(r"(one|all) of: [a-z](; [a-z])*", row["Passes with"]) for row in rows)


def test_what_is_not_met_stands_with_what_cures_it_and_by_when():
    result = sample("full")
    rows = table(opened_sample("full")["Gates"])
    not_met = [(vendor.name, one) for vendor in result.vendors for one in unmet(result, vendor)]
    expected = {(name, one.cure) for name, one in not_met if one.outcome != "waived"}
    assert {(row["Vendor"], row["What cures it"]) for row in rows if row["What cures it"] != "–"} <= expected
    wanting = [row for row in rows if row["Result"] in {"failed", "unresolved"} and row["Kind"] != "flag"]
    assert len(wanting) == sum(one.outcome != "waived" for _, one in not_met) > 10
    assert not [row for row in wanting if row["What cures it"] == "–"]
    assert {row["Due"] for row in rows if row["Kind"] != "flag"} <= set(BEFORE.values())


def test_issues_stand_with_their_place():
    result = sample("full")
    rows = table(opened_sample("full")["Issues"])
    expected = [(v.name, i.severity, i.code, i.message, str(i.source)) for v in result.vendors for i in v.issues]
    assert sorted(tuple(row.values()) for row in rows) == sorted(expected)


def test_the_method_holds_what_is_needed_to_make_the_number_again():
    result = sample("full")
    record = result.evaluation
    written = "\n".join(cell.value for cell in texts(opened_sample("full")) if cell.parent.title == "Method")
    wanted = [record.scorecard.sha256, record.scorecard.version, record.method.tool_version, "Sign-off", "Signature"]
    wanted += [text for source in record.inputs for text in (source.file, source.sha256)]
    wanted += [f.by for v in result.vendors for a in v.answers for f in a.findings]
    wanted += [f.note for v in result.vendors for f in v.notes]
    wanted += [f"{name} {weight:g}" for name, weight in record.weights.items()]
    wanted += [*record.method.context, *(w["reason"] for w in record.method.waivers)]
    assert [text for text in wanted if text not in written] == []


# ------------------------------------------------------------------------------------------------ cases


def test_a_single_vendor_is_shown_alone(tmp_path):
    result = variant(tmp_path, keep=("okavira",))
    assert [row["Vendor"] for row in table(opened(result)["Summary"])] == ["Okavira Data"]
    assert "So far Okavira Data is first" in subline(result)


def test_where_all_are_excluded_nobody_is_ranked_and_the_total_stands(tmp_path):
    result = variant(tmp_path, keep=("nordhain",))
    row = table(opened(result)["Summary"])[0]
    vendor = result.vendors[0]
    assert (row["Rank"], row["Score"], row["Would have ranked"]) == ("–", vendor.score, 1)
    assert "No recommendation: Nordhain Bildwerk is excluded" in [cell.value for cell in texts(opened(result))]


def test_a_vendor_without_a_response_stands_in_every_table_of_vendors(tmp_path):
    result = variant(tmp_path, vendors=[{"id": "silent", "name": "Silent Ltd"}])
    book = opened(result)
    row = table(book["Summary"])[-1]
    assert (row["Vendor"], row["Status"], row["Score"], row["First reason"]) == (
        "Silent Ltd",
        "Not evaluated",
        "–",
        "Not evaluated: no response.",
    )
    assert {row["Silent Ltd"] for row in table(book["Scores"])} == {"–"}


def test_nobody_evaluated_still_gives_a_workbook(tmp_path):
    result = variant(tmp_path, keep=("none",), vendors=[{"id": "silent", "name": "Silent Ltd"}])
    # The small sample has no price and no panel.
    assert opened(result).sheetnames == [name for name in SHEETS if name not in {"Price", "Panel"}]
    assert "No recommendation: no vendor was evaluated" in [cell.value for cell in texts(opened(result))]


def test_a_provisional_result_is_marked_on_every_sheet_and_in_every_footer(tmp_path):
    result = variant(tmp_path, name="full", findings=False)
    assert result.evaluation.provisional
    for sheet in opened(result):
        assert sheet["A3"].value.startswith("PROVISIONAL")
        assert "PROVISIONAL" in sheet.oddFooter.center.text
    for sheet in opened_sample("full"):
        assert sheet.oddFooter.center.text is None


def test_a_category_out_of_scope_is_named_and_its_weight_shared(tmp_path):
    result = variant(tmp_path, overrides={"genai_readiness": "off"})
    book = opened(result)
    row = next(r for r in table(book["Weights"]) if r["Category"] == "Gen AI readiness")
    assert "not in scope" in row["Floor"]
    assert (row["Points of the total"], row["Questions asked"]) == (0, 0)
    scores = next(r for r in table(book["Scores"]) if r["Category"] == "Gen AI readiness")
    assert set(list(scores.values())[4:]) == {"–"}


def test_a_floor_that_is_missed_carries_its_sign_beside_the_number():
    result = sample("full")
    sheet = opened_sample("full")["Scores"]
    signs = {"fail": '0.0" ▼"', "unresolved": '0.0" △"'}
    for column, vendor in enumerate(result.in_order, 5):
        for row, node in enumerate(vendor.nodes, header_row(sheet) + 2):
            expected = signs.get(node.floor.result if node.floor else "", "0.0")
            assert sheet.cell(row, column).number_format == expected


def test_no_issue_is_said_so():
    def without(plain):
        for vendor in plain["vendors"]:
            vendor["issues"] = []

    sheet = opened(changed(sample("small"), without))["Issues"]
    assert "No issue: every cell was read." in [cell.value for cell in texts(sheet.parent)]


# ------------------------------------------------------------------------------------------------ text of vendors


def test_whatever_a_vendor_writes_is_a_string_cell_with_the_same_text():
    result = with_texts(sample("small"), HOSTILE)
    book = opened(result)
    assert {cell.data_type for cell in texts(book)} == {"s", "f"}
    assert {cell.parent.title for cell in texts(book) if cell.data_type == "f"} == {"Summary", "Weights", "Sensitivity"}
    assert not any(cell.hyperlink or cell.quotePrefix for cell in texts(book))
    by_place = {(v.id, a.id): a for v in result.vendors for a in v.answers}
    order = [v.id for v in result.in_order]
    sheet = book["Questions"]
    columns = {cell.value: cell.column for cell in sheet[header_row(sheet)]}
    names = {cell_text(v.name): v.id for v in result.vendors}
    assert len(names) == len(order)
    for row in range(header_row(sheet) + 1, sheet.max_row + 1):
        key = names[sheet.cell(row, columns["Vendor"]).value], sheet.cell(row, columns["ID"]).value
        if by_place[key].state == "answered":
            cells = [sheet.cell(row, columns[name]) for name in ("Answer", "Evidence", "Comment")]
            # Excel reads the escape as the character; openpyxl leaves it.
            written = [cell.value.replace("_x000D_", "\r") for cell in cells]
            answer = by_place[key]
            assert written == [cell_text(text) for text in (answer.answer, answer.evidence_text, answer.comment)]


def test_a_vendors_name_is_in_no_sheet_name_footer_or_property():
    result = with_texts(sample("small"), ["Evil & Sons Ltd"])
    with zipfile.ZipFile(io.BytesIO(shortlist(result))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    # On the sheet Weights it is what a formula found, and in the chart what its cells hold, not in the formula.
    found = {name: text for name, text in parts.items() if "Evil" in text}
    named = ["xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"]
    assert sorted(found) == named
    formulas = [formula for text in found.values() for formula in re.findall("<(?:c:)?f>(.*?)</(?:c:)?f>", text)]
    assert (len(formulas) > 20, any("Evil" in formula for formula in formulas)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [pytest.param("x" * 40_000, id="letters"), pytest.param("😀" * 20_000, id="two-units-each")],
)
def test_a_text_that_no_cell_takes_is_cut_with_a_mark(text):
    cut = cell_text(text)
    assert len(cut.encode("utf-16-le")) // 2 in {LONGEST_CELL, LONGEST_CELL - 1}
    assert cut.endswith("cut here: the whole text stands in results.json")

    def long(plain):
        plain["vendors"][0]["answers"][0]["comment"] = text

    rows = table(opened(changed(sample("small"), long))["Questions"])
    assert cut in [row["Comment"] for row in rows]


def test_a_text_of_ours_that_no_cell_takes_is_refused():
    def long(plain):
        plain["evaluation"]["title"] = "x" * 40_000

    with pytest.raises(VendorEvalError, match="does not fit into an Excel cell"):
        shortlist(changed(sample("small"), long))


def test_a_name_that_turns_text_does_not_turn_our_sentences():
    result = with_texts(sample("small"), ["Acme\n\u202eatad\u2066 Ltd"])
    said = " ".join(opened(result)["Summary"].cell(row, 1).value or "" for row in (3, 4)) + message(result)
    assert not any(sign in said for sign in "\n\u202e\u2066")
    assert inline("Acme\n\u202eatad") == "Acme atad"


def test_a_title_that_starts_with_a_digit_or_holds_an_ampersand_leaves_the_footer_readable():
    def title(plain):
        plain["evaluation"]["title"] = "2026 R&D " + "x" * 300

    book = opened(changed(sample("small"), title))
    assert "R&&D" in shortlist_footer(book)
    assert all(len(sheet.oddFooter.left.text) < 200 for sheet in book)


def shortlist_footer(book):
    return book["Summary"].oddFooter.left.text


def test_thousands_of_levels_that_are_missing_are_counted_and_fit_into_a_cell():
    result = sample("small")
    pending = tuple(f"vendor-{at} PLT-05" for at in range(3000))
    record = result.evaluation.model_copy(update={"provisional": True, "pending": pending})
    crowded = result.model_copy(update={"evaluation": record})
    words = "vendor-199 PLT-05 and 2,800 more"
    cells = [cell for row in opened(crowded)["Method"].iter_rows(values_only=True) for cell in row if cell]
    assert next(cell for cell in cells if str(cell).startswith("no level yet for ")).endswith(words)
    assert words in ranked_table(crowded)
