"""The panel: score sheets out and back in, agreement, and what the ranking owes to whom."""

import hashlib
import io
import json
import re
import shutil

import krippendorff
import numpy as np
import pytest
from builders import answer, evaluated, run, write_evaluation
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from office import needs_office, saved_as
from openpyxl import load_workbook
from openpyxl.comments import Comment
from pages import appendix_html, comparison_html, scorecard_html, words
from places import old_samples

from vendor_eval.cli import main
from vendor_eval.findings.acts import Finding
from vendor_eval.findings.agreement import agreement, concordance, severity, spread
from vendor_eval.findings.codes import mask
from vendor_eval.findings.sheets import read_scores
from vendor_eval.formatting.figures import number
from vendor_eval.issues import InputError, Location
from vendor_eval.reports.tables import csv_files
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.issues import check_report
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.decision import should_know
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.run.evaluate import draw_up_sheets, evaluate, load_evaluation, read_responses
from vendor_eval.scoring.field import rank_under

ANCHORS = ["nothing", "a claim", "named", "linked", "measured", "changed by it"]
RUBRIC = f"{{type: rubric, levels: {ANCHORS}, red_flag: Only sales staff answers}}"
TREE = f"{{a: {{A1: {{Q1: {{}}, R1: {RUBRIC}}}}}, b: {{B1: {{R2: {RUBRIC}, R3: {RUBRIC}}}}}}}"
ANSWERS = {
    "acme": {"Q1": (80, "Log 7 of Acme"), "R1": "We at ACME did", "R2": "Text", "R3": "Text"},
    "bolt": {"Q1": (60, "Log 8"), "R1": "We did not", "R2": "Text", "R3": "Text"},
    "cord": {"Q1": (70, "Log 9"), "R1": "Perhaps", "R2": "Text", "R3": "Text"},
}
PANEL = "evaluators: [{id: ana, name: Ana P.}, {id: ben}, {id: cem, categories: [b]}]"
# Levels of R1, R2, R3 by evaluator and vendor.
LEVELS = {
    "ana": {"acme": (4, 5, 3), "bolt": (3, 2, 2), "cord": (1, 1, 0)},
    "ben": {"acme": (4, 4, 3), "bolt": (1, 3, 2), "cord": (2, 1, 0)},
    "cem": {"acme": (None, 4, 5), "bolt": (None, 3, 3), "cord": (None, 2, 1)},
}


def tender(folder, more="", **options):
    return write_evaluation(folder, TREE, ANSWERS, settings=f"{{{PANEL}{more}}}", **options)


def sheets(folder, *options):
    done = CliRunner().invoke(main, ["score-sheets", str(folder), *options])
    assert done.exit_code == 0, done.output
    return folder / "score-sheets"


def rows(book, name="Scores"):
    """Rows by key, each with its cells by header."""
    header, *found = book[name].iter_rows()
    titles = [cell.value for cell in header]
    return {row[0].value: dict(zip(titles, row, strict=True)) for row in found if row[0].value}


def fill(folder, evaluator, levels=None, *, change=None, claims=(), name=None, codes=None):
    """Fill in a score sheet and put it into scores/."""
    book = load_workbook(folder / "score-sheets" / f"{evaluator}.xlsx")
    found = rows(book)
    for vendor, given_ in (LEVELS[evaluator] if levels is None else levels).items():
        for question, level in zip(("R1", "R2", "R3"), given_, strict=True):
            if level is not None:
                row = found[f"{(codes or {}).get(vendor, vendor)}:{question}"]
                row["Level"].value, row["Reason"].value = level, f"{evaluator} saw {question} of {vendor}"
    for key, act, to, reason in claims:
        row = rows(book, "Claims")[key]
        row["Act"].value, row["Correct to"].value, row["Reason"].value = act, to, reason
    cover = book["Start here"]
    for row in cover.iter_rows():
        if row[0].value == "Written on (YYYY-MM-DD)":
            row[1].value = "2026-11-23"
    if change:
        change(book)
    (folder / "scores").mkdir(exist_ok=True)
    path = folder / "scores" / f"{name or evaluator}.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def filled_in(tmp_path_factory):
    folder = tender(tmp_path_factory.mktemp("scored"))
    sheets(folder)
    for evaluator in LEVELS:
        fill(folder, evaluator)
    return folder


@pytest.fixture
def scored(filled_in, tmp_path):
    """A tender of its own that every evaluator has scored."""
    return shutil.copytree(filled_in, tmp_path, dirs_exist_ok=True)


def codes(result):
    return [issue.code for issue in result.panel.issues]


# ---- out


def test_a_sheet_shows_anchors_answers_and_claims_and_nothing_of_others(tmp_path):
    folder = tender(tmp_path)
    sheets(folder)
    book = load_workbook(folder / "score-sheets" / "ana.xlsx")
    row = rows(book)["acme:R1"]
    assert row["Levels"].value == "\n".join(f"{i}  {text}" for i, text in enumerate(ANCHORS))
    assert (row["Watch for"].value, row["Answer"].value) == ("Only sales staff answers", "We at ACME did")
    assert row["Other answers"].value == "Q1 Text of Q1 — 80 (evidence: Log 7 of Acme)"
    assert {key: claim["Evidence"].value for key, claim in rows(book, "Claims").items()} == {
        "acme:Q1": "Log 7 of Acme",
        "bolt:Q1": "Log 8",
        "cord:Q1": "Log 9",
    }
    texts = " ".join(str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value)
    assert not [word for word in ("ben", "cem", "rank", "Rank", "price", "Score of 100") if word in texts.split()]
    rules = {str(rule.sqref): rule.type for rule in book["Scores"].data_validations.dataValidation}
    assert list(rules.values()) == ["whole"]


GRADED = f"""{{a: {{A1: {{Q1: {{weight: 3}}, R1: {RUBRIC}}}}},
 b: {{B1: {{Q2: {{weight: 2}}, Q3: {{weight: 1, gates: [{{kind: knock_out, at_least: 10}}]}}, R2: {RUBRIC}}}}}}}"""
PROVEN = {"Q1": (90, "Log"), "Q2": (50, "Log"), "Q3": (80, "Log"), "R1": "Text", "R2": "Text"}


def test_rows_stand_by_category_and_claims_by_what_they_could_change(tmp_path):
    """What a knock-out depends on comes first, its category with it; then the points that depend on it."""
    answers = {"acme": PROVEN, "bolt": PROVEN | {"Q2": (100, "Log"), "Q1": (100, "Log")}}
    folder = write_evaluation(tmp_path, GRADED, answers, settings=f"{{{PANEL}}}")
    sheets(folder)
    book = load_workbook(folder / "score-sheets" / "ana.xlsx")
    order = [key.partition(":")[0] for key in rows(book)][:2]
    assert list(rows(book)) == [f"{vendor}:{name}" for name in ("R1", "R2") for vendor in order]
    tied = [f"{vendor}:Q3" for vendor in order]
    assert list(rows(book, "Claims")) == [*tied, "bolt:Q2", "acme:Q2", "bolt:Q1", "acme:Q1"]
    breaks = {name: [mark.id for mark in book[name].row_breaks.brk] for name in ("Scores", "Claims")}
    assert breaks == {"Scores": [3], "Claims": [5]}


def test_a_sheet_prints_as_wide_as_the_paper_with_level_and_reason_beside_the_question(tmp_path):
    folder = tender(tmp_path)
    sheets(folder)
    book = load_workbook(folder / "score-sheets" / "ana.xlsx")
    headers = [cell.value for cell in book["Scores"][1]]
    assert headers[3:6] == ["Question", "Level", "Reason"]
    assert headers[-1] == "Other answers"
    assert book["Scores"].freeze_panes == "G2"
    for name, last in (("Scores", "J"), ("Claims", "I")):
        sheet = book[name]
        assert sheet.print_area.startswith(f"'{name}'!$A$1:${last}$")
        assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"


def test_an_evaluator_gets_the_own_categories(tmp_path):
    folder = tender(tmp_path)
    sheets(folder)
    book = load_workbook(folder / "score-sheets" / "cem.xlsx")
    assert {key.partition(":")[2] for key in rows(book)} == {"R2", "R3"}
    assert "Claims" not in book.sheetnames


def test_vendors_stand_in_another_order_for_each_evaluator_the_same_for_a_seed(tmp_path):
    orders = {}
    for seed in (1, 2, 1):
        folder = tender(tmp_path / f"{seed}-{len(orders)}", more=f", seed: {seed}")
        sheets(folder)
        found = tuple(
            tuple(dict.fromkeys(key.partition(":")[0] for key in rows(load_workbook(folder / "score-sheets" / f))))
            for f in ("ana.xlsx", "ben.xlsx", "cem.xlsx")
        )
        assert orders.setdefault(seed, found) == found
    assert len({order for found in orders.values() for order in found}) > 1


def test_under_codes_a_telling_word_of_a_name_is_hidden_and_papers_of_the_company_stay_away():
    evaluation = load_evaluation(old_samples() / "full")
    readings = read_responses(evaluation)
    names = {one.submission.vendor: one.submission.name for one in readings}
    (open_sheet, *_), _ = draw_up_sheets(evaluation, readings, blind=False)
    sheets_, key = draw_up_sheets(evaluation, readings, blind=True)
    assert set(key.codes.values()) == set(names)
    assert any(name.endswith(":VEN-01") for name, _ in open_sheet.claims)
    for sheet in sheets_:
        assert not any(":VEN-" in name for name, _ in (*sheet.scores, *sheet.claims))
        text = "\n".join(cell for _, row in (*sheet.scores, *sheet.claims) for cell in row.values())
        told = {word for name in names.values() for word in name.split()} - {"AI", "Lab", "Data", "Language", "Global"}
        assert not [word for word in told if re.search(rf"(?<!\w){word}(?!\w)", text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Quercus Data GmbH, see quercus.example", "V1 GmbH, see V1.example"),
        ("Unlike SALIX, we keep data", "Unlike V2, we keep data"),
        ("Data is safe; the quercine report", "Data is safe; the quercine report"),
        ("Members of Ostra", "Members of [a vendor]"),
    ],
)
def test_a_word_of_a_name_is_hidden_where_nobody_uses_it_as_a_common_word(text, hidden):
    names = {"q": "Quercus Data", "s": "Salix Data Ostra", "o": "Olea Ostra"}
    codes_ = {"q": "V1", "s": "V2", "o": "V3"}
    assert mask(names, codes_, ["our data", text])(text) == hidden


def test_a_long_answer_is_cut_with_a_mark_that_says_whom_to_ask(tmp_path):
    answers = {**ANSWERS, "acme": {"Q1": (80, "x" * 32_000, "y" * 32_000), "R1": "z" * 32_000}}
    folder = write_evaluation(tmp_path, TREE, answers, settings=f"{{{PANEL}}}")
    sheets(folder)
    book = load_workbook(folder / "score-sheets" / "ana.xlsx")
    shown = [rows(book)["acme:R1"]["Answer"].value, rows(book, "Claims")["acme:Q1"]["Evidence"].value]
    assert all(len(text) == 8_000 and text.endswith("cut here: ask the buyer for the whole text") for text in shown)


def test_blinded_sheets_hold_codes_alone_and_are_read_by_the_key(tmp_path):
    folder = tender(tmp_path)
    sheets(folder, "--blind")
    key = (folder / "score-key.yaml").read_text()
    assert all(vendor in key for vendor in ANSWERS)
    code = {v: k for k, v in __import__("json").loads(key)["codes"].items()}
    for evaluator in LEVELS:
        book = load_workbook(folder / "score-sheets" / f"{evaluator}.xlsx")
        cells = [str(cell.value).casefold() for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if any(vendor in cell for vendor in ANSWERS)]
        fill(folder, evaluator, codes=code)
    result = run(folder)
    assert (result.panel.blinded, result.evaluation.provisional, codes(result)) == (True, False, [])
    assert [f.act for f in answer(result.vendor("acme"), "R1").findings] == ["level 4", "level 4"]
    (folder / "score-key.yaml").unlink()
    (told,) = {issue.message.partition(" ")[2] for issue in run(folder).panel.issues}
    assert told.startswith("stands under a code, and score-key.yaml, which says whose it is")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("codes: {V1: acme, V1: bolt}", "1:19: V1: the key stands twice in the same", id="a-code-of-two"),
        pytest.param("codes: &all {V1: acme}", "1:8: &all: anchors are not read", id="anchor"),
        pytest.param("codes: {V1: acme}\n---\ncodes: {V1: bolt}", "2:1: a second document begins here", id="two-keys"),
    ],
)
@pytest.mark.parametrize("command", ["score-sheets", "evaluate"])
def test_a_key_with_a_fault_of_syntax_stops_whatever_reads_it(tmp_path, command, text, told):
    folder = tender(tmp_path)
    (folder / "score-key.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, [command, str(folder)])
    assert (done.exit_code, f"score-key.yaml:{told}" in done.stderr) == (1, True)
    assert not {"score-sheets", "out"} & {file.name for file in folder.iterdir()}


# ---- back in


def test_levels_become_the_median_and_every_level_stays(scored):
    result = run(scored)
    assert not result.evaluation.provisional
    assert codes(result) == []
    found = answer(result.vendor("bolt"), "R2")
    # 2, 3, 3
    assert (found.answer, found.value, found.credited) == ("3", 60, 60)
    assert [(f.by, f.act, f.date) for f in found.findings] == [
        ("Ana P.", "level 2", "2026-11-23"),
        ("ben", "level 3", "2026-11-23"),
        ("cem", "level 3", "2026-11-23"),
    ]
    member = result.panel.members[0]
    assert (member.id, member.name, member.file, member.levels) == ("ana", "Ana P.", "scores/ana.xlsx", 9)
    assert member.sha256 == hashlib.sha256((scored / "scores" / "ana.xlsx").read_bytes()).hexdigest()
    assert {"scores/ana.xlsx", "scores/ben.xlsx"} <= {item.file for item in result.evaluation.inputs}


def test_the_mean_rule_takes_the_mean(scored):
    path = scored / "evaluation.yaml"
    path.write_text(path.read_text().replace('"title"', '"aggregate": "mean", "title"'))
    assert answer(run(scored).vendor("bolt"), "R2").value == pytest.approx(20 * 8 / 3)


def test_it_is_provisional_until_each_evaluator_gave_each_level_and_names_who_is_missing(scored):
    fill(scored, "ben", {**LEVELS["ben"], "cord": (None, 1, 0)})
    result = run(scored)
    assert result.evaluation.provisional
    assert [(m.evaluator, m.vendor, m.question) for m in result.panel.missing] == [("ben", "cord", "R1")]
    (scored / "scores" / "ben.xlsx").unlink()
    assert {m.evaluator for m in run(scored).panel.missing} == {"ben"}
    assert len(run(scored).panel.missing) == 9


def test_without_any_sheet_the_rubrics_are_pending(tmp_path):
    result = run(tender(tmp_path))
    assert answer(result.vendor("acme"), "R1").state == "pending"
    assert result.panel.alpha.overall is None


def edit(sheet, key, column, value):
    def change(book):
        rows(book, sheet)[key][column].value = value

    return change


def copied(book):
    copy = book.copy_worksheet(book["Scores"])
    rows(book, copy.title)["acme:R1"]["Level"].value = 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (edit("Scores", "acme:R1", "Level", 6), "wrong-level"),
        (edit("Scores", "acme:R1", "Level", -1), "wrong-level"),
        (edit("Scores", "acme:R1", "Level", 3.5), "wrong-level"),
        (edit("Scores", "acme:R1", "Level", "high"), "wrong-level"),
        (edit("Scores", "acme:R1", "Level", None), "level-missing"),
        (edit("Scores", "acme:R1", "Reason", None), "reason-missing"),
        (edit("Scores", "acme:R1", "Levels", "0 good\n5 bad"), "edited-anchors"),
        (edit("Scores", "acme:R1", "Reason", "n/a"), "reason-missing"),
        (edit("Scores", "acme:R1", "Levels", None), "edited-anchors"),
        (edit("Scores", "acme:R1", "Level", "=B3+1"), "formula-without-value"),
        (edit("Scores", "acme:R1", "Level", "#N/A"), "wrong-level"),
        (edit("Scores", "acme:R1", "Key", "acne:R1"), "unknown-row"),
        (edit("Scores", "acme:R1", "Key", "bolt:R1"), "key-mismatch"),
        (edit("Scores", "acme:R1", "ID", "R2"), "key-mismatch"),
        (copied, "contradiction"),
    ],
    ids=[
        *("6", "-1", "half", "word", "no level", "no reason", "anchors", "says nothing", "no anchors", "formula"),
        *("error", "key", "another vendor", "another rubric", "copied"),
    ],
)
def test_a_level_that_cannot_be_taken_is_asked_back_with_its_cell(scored, change, code):
    fill(scored, "ben", change=change)
    result = run(scored)
    assert code in codes(result)
    assert next(i for i in result.panel.issues if i.code == code).source.cell
    assert ("ben", "acme", "R1") in {(m.evaluator, m.vendor, m.question) for m in result.panel.missing}
    assert result.evaluation.provisional


def test_without_the_hidden_column_rows_are_told_by_vendor_and_id(scored):
    def change(book):
        book["Scores"].delete_cols(1)

    before = run(scored)
    fill(scored, "ben", change=change)
    after = run(scored)
    assert codes(after) == []
    assert [v.score for v in after.vendors] == [v.score for v in before.vendors]


def test_rows_sorted_and_columns_moved_are_read_all_the_same(scored):
    def change(book):
        sheet = book["Scores"]
        header, *found = [[cell.value for cell in row] for row in sheet.iter_rows()]
        sheet.delete_rows(1, sheet.max_row)
        for row in (header, *sorted(found, key=str, reverse=True)):
            sheet.append([None, *row[::-1]])

    before = run(scored)
    fill(scored, "ben", change=change)
    after = run(scored)
    assert codes(after) == []
    assert [v.score for v in after.vendors] == [v.score for v in before.vendors]


def test_a_question_that_reads_otherwise_is_noticed_and_the_level_counts(scored):
    fill(scored, "ben", change=edit("Scores", "acme:R1", "Question", "Something else?"))
    result = run(scored)
    assert codes(result) == ["changed-question"]
    assert result.panel.missing == ()


def test_what_stands_beside_the_rows_is_listed_with_its_cell(scored):
    def change(book):
        book["Scores"]["N3"] = "Ask them about this"
        book["Start here"]["A20"] = "I was ill that week"
        book.create_sheet("Mine")["B2"] = "Thoughts"
        book["Scores"]["I3"].comment = Comment("Not sure", "ben")

    fill(scored, "ben", change=change)
    result = run(scored)
    assert sorted((issue.code, str(issue.source)) for issue in result.panel.issues) == [
        ("note", "scores/ben.xlsx, Scores!I3"),
        ("unclaimed-content", "scores/ben.xlsx, Mine!B2"),
        ("unclaimed-content", "scores/ben.xlsx, Scores!N3"),
        ("unclaimed-content", "scores/ben.xlsx, Start here!A20"),
    ]
    assert result.panel.missing == ()


def test_a_day_that_has_no_one_reading_is_asked_back(scored):
    def change(book):
        for row in book["Start here"].iter_rows():
            if row[0].value == "Written on (YYYY-MM-DD)":
                row[1].value = "03/04/2026"

    fill(scored, "ben", change=change)
    result = run(scored)
    assert codes(result) == ["no-written-date"]
    assert (result.panel.members[1].written, result.panel.issues[0].source.cell) == (None, "B9")


def fault(folder):
    with pytest.raises(InputError) as caught:
        run(folder)
    return [issue.code for issue in caught.value.issues]


def test_a_second_sheet_of_one_evaluator_is_refused_unless_the_evaluation_says_which_counts(scored):
    fill(scored, "ana", {**LEVELS["ana"], "acme": (0, 0, 0)}, name="ana again")
    assert fault(scored) == ["several-sheets"]
    path = scored / "evaluation.yaml"
    path.write_text(path.read_text().replace('"id": "ana",', '"id": "ana", "sheet": "ana again.xlsx",'))
    assert [f.act for f in answer(run(scored).vendor("acme"), "R1").findings] == ["level 0", "level 4"]


def test_the_sheet_of_another_under_ones_name_is_refused(scored):
    shutil.copy(scored / "scores" / "ana.xlsx", scored / "scores" / "ben.xlsx")
    assert fault(scored) == ["wrong-evaluator"]


def test_a_sheet_of_nobody_and_a_workbook_of_another_kind_are_refused(scored):
    path = scored / "evaluation.yaml"
    path.write_text(path.read_text().replace('"id": "cem"', '"id": "eve"'))
    assert fault(scored) == ["wrong-evaluator"]
    shutil.copy(scored / "responses" / "acme.xlsx", scored / "scores" / "cem.xlsx")
    assert fault(scored) == ["no-score-sheet"]


def test_every_file_in_scores_is_read_refused_or_listed(scored):
    (scored / "scores" / "ana.pdf").write_bytes(b"%PDF-1.7")
    (scored / "scores" / "~$ben.xlsx").write_bytes(b"lock")
    result = run(scored)
    assert [(issue.code, str(issue.source)) for issue in result.panel.issues] == [
        ("score-sheet-not-read", "scores/ana.pdf")
    ]
    (scored / "scores" / "ben.xlsx").write_bytes(b"")
    (scored / "scores" / "cem.xlsx").write_bytes(b"PK\3\4cut")
    assert fault(scored) == ["unreadable-file", "unreadable-file"]


def test_a_damaged_sheet_is_not_asked_of_the_vendor(scored):
    (scored / "scores" / "ben.xlsx").write_bytes(b"PK\x03\x04junk")
    with pytest.raises(InputError) as caught:
        run(scored)
    (issue,) = caught.value.issues
    assert (issue.code, issue.location.file, "vendor" in issue.message) == ("unreadable-file", "scores/ben.xlsx", False)


def test_a_sheet_that_counts_and_is_not_there_is_a_fault(scored):
    path = scored / "evaluation.yaml"
    path.write_text(path.read_text().replace('"id": "ana",', '"id": "ana", "sheet": "anna.xlsx",'))
    with pytest.raises(InputError, match=r"anna.xlsx is not in scores/ \(did you mean 'ana.xlsx'\?\)"):
        run(scored)


def test_the_same_levels_with_the_same_reasons_look_copied(scored):
    def change(book):
        for key, row in rows(book).items():
            vendor, _, question = key.partition(":")
            row["Level"].value = LEVELS["ana"][vendor][("R1", "R2", "R3").index(question)]
            row["Reason"].value = f"ana saw {question} of {vendor}"

    fill(scored, "ben", {}, change=change)
    assert codes(run(scored)) == ["copied-sheet"]


@pytest.mark.parametrize("kind", ["ods", "xls"])
@needs_office
def test_a_sheet_saved_as_another_kind_of_workbook_is_read(scored, kind):
    before = run(scored)
    path = scored / "scores" / "ben.xlsx"
    shutil.copy(saved_as(path, kind, scored / "saved"), scored / "scores")
    path.unlink()
    after = run(scored)
    assert (codes(after), after.panel.missing) == (["reduced-checks"], ())
    assert [v.score for v in after.vendors] == [v.score for v in before.vendors]
    assert after.panel.members[1].file == f"scores/ben.{kind}"


def test_rows_of_a_vendor_that_could_not_be_read_wait(tmp_path):
    listed = "vendors: [{id: acme}, {id: bolt}, {id: cord}]"
    folder = write_evaluation(tmp_path, TREE, ANSWERS, settings=f"{{{PANEL}, {listed}}}")
    sheets(folder)
    for evaluator in LEVELS:
        fill(folder, evaluator)
    (folder / "responses" / "cord.xlsx").write_bytes(b"PK\3\4cut")
    result = evaluate(load_evaluation(folder), skip_unreadable=True)
    assert set(codes(result)) == {"row-of-unread-vendor"}
    assert {issue.severity for issue in result.panel.issues} == {"notice"}
    assert not result.evaluation.provisional


def test_a_row_that_was_given_to_somebody_else_does_not_count(scored):
    def change(book):
        book["Scores"].append(["acme:R1", *[None] * 3, 5, "Seen too"])

    fill(scored, "cem", change=change)
    result = run(scored)
    assert codes(result) == ["wrong-evaluator-row"]
    assert [f.act for f in answer(result.vendor("acme"), "R1").findings] == ["level 4", "level 4"]


# ---- claims


@pytest.mark.parametrize(
    ("act", "to", "level", "text", "credited"),
    [
        ("accept as verified", None, "verified", "80", 80),
        ("back to claim", None, "claim", "80", 60),
        ("correct", "70 %", "document", "70", 70),
    ],
)
def test_an_act_on_a_claim_counts_as_a_finding(scored, act, to, level, text, credited):
    fill(scored, "ana", claims=[("acme:Q1", act, to, "Seen")])
    found = answer(run(scored).vendor("acme"), "Q1")
    assert (found.evidence, found.answer, found.credited, found.raw) == (level, text, credited, "80")
    assert found.finding.by == "Ana P."


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (("acme:Q1", "accept as verified", None, None), "reason-missing"),
        (("acme:Q1", "maybe", None, "Seen"), "wrong-act"),
        (("acme:Q1", "correct", None, "Seen"), "wrong-act"),
        (("acme:Q1", "back to claim", "70 %", "Seen"), "wrong-act"),
        (("acme:Q1", "correct", "a lot", "Seen"), "wrong-value"),
        (("acme:Q1", "accept as verified", None, "-"), "reason-missing"),
    ],
)
def test_an_act_that_is_not_clear_is_asked_back(scored, claim, code):
    fill(scored, "ana", claims=[claim])
    result = run(scored)
    assert codes(result) == [code]
    assert answer(result.vendor("acme"), "Q1").evidence == "document"


def test_a_rubric_takes_a_level_and_no_act(scored):
    def change(book):
        book["Claims"].append(["acme:R2", *[None] * 5, "accept as verified", None, "Seen"])

    fill(scored, "ana", {}, change=change)
    assert "wrong-act" in codes(run(scored))


def test_what_findings_yaml_decides_is_not_asked_of_evaluators_and_sets_their_act_aside(scored):
    fill(scored, "ana", claims=[("acme:Q1", "accept as verified", None, "Seen")])
    line = (
        "- {vendor: acme, question: Q1, claim: true, by: Eva, date: 2026-11-23, reason: The log is of another firm}\n"
    )
    (scored / "findings.yaml").write_text(line)
    result = run(scored)
    assert answer(result.vendor("acme"), "Q1").evidence == "claim"
    assert [(issue.code, issue.source.file) for issue in result.panel.issues] == [("act-set-aside", "scores/ana.xlsx")]
    sheets(scored, "-o", str(scored / "again"))
    assert "acme:Q1" not in rows(load_workbook(scored / "again" / "ana.xlsx"), "Claims")


def test_evaluators_who_contradict_each_other_on_a_claim_both_wait(scored):
    fill(scored, "ana", claims=[("acme:Q1", "accept as verified", None, "Seen")])
    fill(scored, "ben", claims=[("acme:Q1", "back to claim", None, "Not seen")])
    result = run(scored)
    assert codes(result) == ["contradiction"]
    assert answer(result.vendor("acme"), "Q1").evidence == "document"
    fill(scored, "ben", claims=[("acme:Q1", "accept as verified", None, "Seen too")])
    assert answer(run(scored).vendor("acme"), "Q1").evidence == "verified"


def test_a_correction_in_a_cell_that_shows_percent_is_read_as_it_shows(scored):
    def percent(book):
        row = rows(book, "Claims")["acme:Q1"]
        row["Act"].value, row["Correct to"].value, row["Reason"].value = "correct", 0.7, "Counted"
        row["Correct to"].number_format = "0%"

    fill(scored, "ana", change=percent)
    result = run(scored)
    assert (codes(result), answer(result.vendor("acme"), "Q1").answer) == ([], "70")


def test_two_spellings_of_one_corrected_answer_do_not_contradict_each_other(scored):
    fill(scored, "ana", claims=[("acme:Q1", "correct", "70 %", "Counted")])
    fill(scored, "ben", claims=[("acme:Q1", "correct", "70.0%", "Counted too")])
    result = run(scored)
    assert (codes(result), answer(result.vendor("acme"), "Q1").answer) == ([], "70")
    fill(scored, "ben", claims=[("acme:Q1", "correct", "71 %", "Counted too")])
    assert codes(run(scored)) == ["contradiction"]


# ---- consensus


def test_a_moderated_level_counts_and_the_individual_ones_stay(scored):
    before = run(scored)
    path = scored / "evaluation.yaml"
    path.write_text(path.read_text().replace('"title"', '"aggregate": "consensus", "title"'))
    assert answer(run(scored).vendor("bolt"), "R1").state == "pending"
    sheets(scored, "--consensus")
    book = load_workbook(scored / "score-sheets" / "consensus.xlsx")
    assert rows(book)["bolt:R1"]["Given"].value.splitlines()[0] == "Ana P. 3: ana saw R1 of bolt"
    for row in rows(book).values():
        row["Level"].value, row["Reason"].value, row["Took part"].value = 2, "Talked over", "Ana P., ben, cem"
    book.save(scored / "scores" / "consensus.xlsx")
    result = run(scored)
    found = answer(result.vendor("bolt"), "R1")
    assert (found.value, [f.act for f in found.findings]) == (40, ["level 3", "level 1", "level 2"])
    assert found.findings[-1].note == "Ana P., ben, cem"
    assert not result.evaluation.provisional
    rating = next(one for one in result.panel.ratings if (one.vendor, one.question) == ("bolt", "R1"))
    assert (rating.levels, rating.level) == ({"ana": 3, "ben": 1}, 2)
    assert (rating.moderated.reason, rating.moderated.took_part) == ("Talked over", "Ana P., ben, cem")
    assert result.panel.severity == before.panel.severity
    paper = words(appendix_html(result))
    assert "9 levels were moderated; every individual one stays" in paper
    assert "bolt R1 Ana P. 3, ben 1 2 Talked over (Ana P., ben, cem" in paper
    book = load_workbook(io.BytesIO(shortlist(result)))
    assert {"Talked over", "Ana P., ben, cem", "level 3"} <= {str(c.value) for row in book["Panel"] for c in row}
    signed = words(comparison_html(result)).rpartition("Signatures")[2]
    assert all(name in signed for name in ("Ana P.", "ben", "cem"))
    assert "Consensus" not in signed


# ---- agreement


def test_agreement_by_hand(scored):
    panel = run(scored).panel
    every = [[4, 3, 1, 5, 3, 2, 2, 1, 0], [4, 1, 2, 4, 3, 3, 2, 1, 0], [np.nan] * 3 + [4, 5, 3, 3, 2, 1]]
    theirs = krippendorff.alpha(np.array(every, float), level_of_measurement="ordinal")
    assert panel.alpha.overall == pytest.approx(theirs, abs=1e-12)
    assert panel.alpha.verdict == "amber" if theirs < 0.8 else "green"
    assert set(panel.alpha.categories) == {"a", "b"}
    assert panel.kendall_w == 1
    grand = np.nanmean(every)
    assert panel.severity == pytest.approx(
        {n: 20 * (np.nanmean(v) - grand) for n, v in zip(LEVELS, every, strict=True)}
    )
    assert [(one.vendor, one.question, one.levels) for one in panel.spread] == [
        ("acme", "R3", {"ana": 3, "ben": 3, "cem": 5}),
        ("bolt", "R1", {"ana": 3, "ben": 1}),
    ]
    assert [(one.evaluator, one.winner) for one in panel.without] == [(name, "acme") for name in LEVELS]


def test_agreement_within_a_category_by_hand(scored):
    a, b = run(scored).panel.categories
    theirs = krippendorff.alpha(np.array([[4, 3, 1], [4, 1, 2]], float), level_of_measurement="ordinal")
    assert (a.id, a.apart, a.leader) == ("a", 1, "acme")
    assert a.alpha == pytest.approx(theirs, abs=1e-12)
    # Rankings acme, bolt, cord and acme, cord, bolt: rank sums 2, 5, 5.
    assert a.kendall_w == pytest.approx(0.75)
    grand = 15 / 6
    assert a.severity == pytest.approx({"ana": 20 * (8 / 3 - grand), "ben": 20 * (7 / 3 - grand)})
    assert (b.id, b.apart, b.kendall_w, [one.winner for one in b.without]) == ("b", 1, 1, ["acme"] * 3)


def test_every_level_stands_in_a_table_of_raters_and_units(scored):
    lines = csv_files(run(scored))["levels.csv"].decode("utf-8-sig").splitlines()
    assert lines[0] == "vendor,question,ana,ben,cem,level that counts"
    assert "bolt,R1,3.0,1.0,,2.0" in lines
    assert len(lines) == 1 + 9


def test_who_would_win_without_an_evaluator_is_found_by_scoring_again(tmp_path):
    settings_ = "{evidence: off, evaluators: [{id: ana}, {id: ben}, {id: cem}], aggregate: mean}"
    folder = write_evaluation(tmp_path, TREE, ANSWERS, settings=settings_)
    sheets(folder)
    for name, (acme, bolt) in {"ana": (0, 5), "ben": (3, 3), "cem": (3, 3)}.items():
        fill(folder, name, {"acme": (acme,) * 3, "bolt": (bolt,) * 3, "cord": (0,) * 3})
    result = run(folder)
    assert result.ranking[0] == "bolt"
    by_category = {one.id: (one.leader, [found.winner for found in one.without]) for one in result.panel.categories}
    assert by_category == {"a": ("bolt", ["acme", "bolt", "bolt"]), "b": ("bolt", ["acme", "bolt", "bolt"])}
    paper = words(comparison_html(result))
    assert "How firm: depends on one evaluator." in paper
    assert "Without the scores of ana, acme would come first." in paper
    scored_by = paper.partition("Who scored")[2]
    assert "ana all 4.4 points stricter acme first" in scored_by
    assert scored_by.count("same first place") == 2
    assert "Loses 6.7 points on “Text of R1”: level 3.67 of 5." in paper
    paper = words(appendix_html(result))
    assert "The first place hangs on ana" in paper
    assert "Without ana the winner would be acme." in paper
    assert "Category b: bolt leads; without ana acme would" in paper
    assert [(one.evaluator, one.winner) for one in result.panel.without] == [
        ("ana", "acme"),
        ("ben", "bolt"),
        ("cem", "bolt"),
    ]


def test_a_tie_without_an_evaluator_leaves_the_first_where_it_is(tmp_path):
    """Without ana both have the same levels; that the id of acme comes first decides nothing."""
    answers = {**ANSWERS, "acme": ANSWERS["acme"] | {"Q1": 60}}
    settings_ = "{evidence: off, evaluators: [{id: ana}, {id: ben}], aggregate: mean}"
    folder = write_evaluation(tmp_path, TREE, answers, settings=settings_)
    sheets(folder)
    for name, (acme, bolt) in {"ana": (0, 5), "ben": (3, 3)}.items():
        fill(folder, name, {"acme": (acme,) * 3, "bolt": (bolt,) * 3, "cord": (0,) * 3})
    result = run(folder)
    assert [(one.evaluator, one.winner) for one in result.panel.without] == [("ana", "bolt"), ("ben", "bolt")]
    assert "The result is the same if any one evaluator is left out." in result.robustness.sentence


def test_a_conflict_of_interest_is_on_record(tmp_path):
    more = "evaluators: [{id: ana, conflicts: [{vendor: acme, reason: Worked there until 2024}]}]"
    (conflict,) = evaluated(tmp_path, TREE, ANSWERS, settings=f"{{{more}}}").panel.conflicts
    assert (conflict.evaluator, conflict.vendor, conflict.reason) == ("ana", "acme", "Worked there until 2024")
    with pytest.raises(InputError, match="acne"):
        evaluated(tmp_path / "2", TREE, ANSWERS, settings=f"{{{more.replace('acme', 'acne')}}}")


@pytest.mark.parametrize(
    ("told", "shown"),
    [("My brother works at bolt", "My brother works at bolt"), *((text, "") for text in ("None.", "-", "n/a", "no"))],
)
def test_an_interest_told_on_the_sheet_is_on_record(scored, told, shown):
    def change(book):
        for row in book["Start here"].iter_rows():
            if row[0].value == "Conflicts of interest":
                row[1].value = told

    fill(scored, "ben", change=change)
    result = run(scored)
    assert (result.panel.members[1].interests, codes(result)) == (shown, [])
    assert ("on the sheet: My brother works at bolt" in words(comparison_html(result))) is bool(shown)
    assert ("ben declares on the sheet: My brother works at bolt" in ranked_table(result)) is bool(shown)
    cells = {cell.value for row in load_workbook(io.BytesIO(shortlist(result)))["Panel"].iter_rows() for cell in row}
    assert ("ben declares on the sheet: My brother works at bolt" in cells) is bool(shown)


@needs_office
def test_a_score_sheet_survives_libreoffice(scored):
    before = run(scored)
    for path in (scored / "scores").iterdir():
        shutil.copy(saved_as(path, "xlsx", scored / "saved"), path)
    after = run(scored)
    assert after.panel.severity == before.panel.severity
    assert codes(after) == []
    assert [v.score for v in after.vendors] == [v.score for v in before.vendors]


# ---- laws

levels = st.dictionaries(st.tuples(st.sampled_from("vwx"), st.sampled_from(["R1", "R2"])), st.integers(0, 5))
quick = settings(max_examples=80, deadline=None)


@quick
@given(st.lists(levels, min_size=2, max_size=4), st.permutations(range(4)))
def test_the_order_of_the_evaluators_changes_nothing(given_, order):
    ratings = {f"e{index}": one for index, one in enumerate(given_)}
    turned = {f"e{index}": ratings[f"e{index}"] for index in order if f"e{index}" in ratings}
    units = sorted({unit for one in given_ for unit in one})
    assert agreement(ratings, units).alpha == pytest.approx(agreement(turned, units).alpha, nan_ok=True)
    assert concordance(ratings, "vwx") == pytest.approx(concordance(turned, "vwx"))
    assert severity(ratings) == pytest.approx(severity(turned))
    assert {(one.vendor, one.question) for one in spread(ratings)} == {
        (one.vendor, one.question) for one in spread(turned)
    }


@quick
@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.sampled_from(["median", "mean"]))
def test_the_common_level_lies_between_the_lowest_and_the_highest(given_, rule):
    from datetime import date

    from vendor_eval.findings.acts import SheetFinding, aggregated

    found = [
        SheetFinding(
            vendor="v",
            question="R",
            level=level,
            by="x",
            date=date(2026, 1, 1),
            reason="r",
            evaluator="x",
            place=Location(),
        )
        for level in given_
    ]
    assert min(given_) <= aggregated(found, rule) <= max(given_)
    assert aggregated(found, rule) == aggregated(found[::-1], rule)


def test_neither_the_order_of_evaluators_nor_that_of_their_files_changes_the_result(scored):
    before = run(scored)
    path = scored / "evaluation.yaml"
    turned = json.loads(path.read_text())
    turned["evaluators"].reverse()
    turned["evaluators"] = [one | {"sheet": f"{9 - at}.xlsx"} for at, one in enumerate(turned["evaluators"])]
    path.write_text(json.dumps(turned))
    for at, one in enumerate(turned["evaluators"]):
        (scored / "scores" / f"{one['id']}.xlsx").rename(scored / "scores" / f"{9 - at}.xlsx")
    after = run(scored)
    assert [(v.id, v.score, v.low, v.high, v.rank) for v in after.vendors] == [
        (v.id, v.score, v.low, v.high, v.rank) for v in before.vendors
    ]
    for one, other in ((before.panel, after.panel), *zip(before.panel.categories, after.panel.categories, strict=True)):
        assert one.severity == pytest.approx(other.severity)
        assert one.kendall_w == pytest.approx(other.kendall_w)
        assert {(each.evaluator, each.winner) for each in one.without} == {
            (each.evaluator, each.winner) for each in other.without
        }
    assert before.panel.alpha.overall == pytest.approx(after.panel.alpha.overall)
    assert {(one.vendor, one.question, one.level) for one in before.panel.ratings} == {
        (one.vendor, one.question, one.level) for one in after.panel.ratings
    }


def test_a_rubric_that_nobody_was_given_is_named(tmp_path):
    only_a = "{evaluators: [{id: ana, categories: [a]}]}"
    result = run(write_evaluation(tmp_path, TREE, ANSWERS, settings=only_a))
    (issue,) = result.panel.issues
    assert (issue.code, issue.source.file) == ("rubric-given-to-nobody", "evaluation.yaml")
    assert "R2, R3" in issue.message


@pytest.mark.parametrize("command", ["check", "score-sheets", "questionnaire"])
def test_a_rubric_on_nobodys_sheet_is_said_before_anything_else(tmp_path, command):
    tender = write_evaluation(tmp_path, TREE, ANSWERS, settings="{evaluators: [{id: ana, categories: [a]}]}")
    more = ("-o", str(tmp_path / "form.xlsx")) if command == "questionnaire" else ()
    result = CliRunner().invoke(main, [command, str(tender), *more])
    said = "no evaluator was given R2, R3"
    first = result.stdout if command == "check" else result.stderr
    assert said in " ".join(first.split("\n")[:6])
    assert run(tender).evaluation.issues[0].code == "rubric-given-to-nobody"


def test_page_1_does_not_wait_for_evaluators_who_gave_all_they_were_asked_for(scored):
    path = scored / "evaluation.yaml"
    text = json.loads(path.read_text())
    text["evaluators"] = [{"id": "ana", "categories": ["a"]}, {"id": "ben", "categories": ["a"]}]
    path.write_text(json.dumps(text))
    (scored / "scores" / "cem.xlsx").unlink()
    result = run(scored)
    assert result.evaluation.pending
    assert not result.panel.missing
    assert "6 ratings that no evaluator was asked for are still missing" in " ".join(
        decision_text(result, "out").split()
    )


def test_what_two_evaluators_wrote_on_one_answer_stands_under_the_name_of_each(scored):
    for who, why in (("ana", "The log names another site"), ("ben", "The log ends in March")):
        fill(scored, who, claims=[("acme:Q1", "back to claim", None, why)])
    shown = appendix_html(run(scored))
    details = re.findall(r'<span class="detail">([^<]+)</span>', shown)
    assert [text for text in details if "The log" in text] == [
        "Ana P., 23 November 2026: Sent back as unproven: The log names another site",
        "ben, 23 November 2026: Sent back as unproven: The log ends in March",
    ]


def test_no_variation_is_not_full_agreement():
    ratings = {"ana": {("v", "R"): 3, ("w", "R"): 3}, "ben": {("v", "R"): 3, ("w", "R"): 3}}
    found = agreement(ratings, ratings["ana"])
    assert (found.alpha, found.verdict) == (None, "no variation")
    assert concordance(ratings, "vw") is None


# ---- everywhere


def test_terminal_pages_and_workbook_say_who_scored_what(scored):
    fill(scored, "ben", {**LEVELS["ben"], "cord": (None, 1, 0)})
    result = run(scored)
    table = ranked_table(result)
    assert "PROVISIONAL: levels are missing\n  - ben: cord R1" in table
    alpha = f"Krippendorff’s alpha {number(result.panel.alpha.overall, 2)}"
    assert alpha in table
    paper = words(comparison_html(result))
    assert "1 rating of the evaluators is still missing, so every total may change." in paper
    assert alpha in paper
    paper = words(appendix_html(result))
    assert "1 level of the panel is missing" in paper
    assert "Missing: ben: cord R1" in paper
    assert alpha in paper
    book = load_workbook(io.BytesIO(shortlist(result)))
    cells = {str(cell.value) for row in book["Panel"].iter_rows() for cell in row}
    assert {"Ana P.", "scores/ana.xlsx", "ana saw R1 of acme", "Missing: ben: cord R1"} <= cells


def test_explain_lists_every_level(scored):
    result = run(scored)
    text = explain(result, result.vendor("bolt"), "R2")
    assert re.search(
        r"level 2 by Ana P\. on 23 November 2026: ana saw R2 of bolt \(scores/ana\.xlsx, Scores!E\d+\)", text
    )
    assert "level 3 x 20 = 60" in text


def test_every_level_leads_to_its_cell_of_a_score_sheet(scored):
    result = run(scored)
    (ana, *_) = next(answer for answer in result.vendor("bolt").answers if answer.id == "R2").findings
    cell = load_workbook(scored / "scores" / "ana.xlsx")[ana.source.sheet][ana.source.cell]
    assert (ana.by, ana.source.file, cell.value) == ("Ana P.", "scores/ana.xlsx", LEVELS["ana"]["bolt"][1])
    book = load_workbook(io.BytesIO(shortlist(result)))
    assert str(ana.source) in {cell.value for row in book["Panel"].iter_rows() for cell in row}


def test_a_sheet_written_after_the_evaluation_date_is_noticed_at_its_cells(scored):
    def later(book):
        for row in book["Start here"].iter_rows():
            if row[0].value == "Written on (YYYY-MM-DD)":
                row[1].value = "2027-05-01"

    fill(scored, "ana", change=later)
    found = [i.source for i in run(scored).vendor("bolt").issues if i.code == "finding-after-as-of"]
    assert [(source.file, source.sheet) for source in found] == [("scores/ana.xlsx", "Scores")] * 3


def test_check_prints_the_faults_of_score_sheets_and_exits_1(scored):
    fill(scored, "ben", change=edit("Scores", "acme:R1", "Level", 6))
    done = CliRunner().invoke(main, ["check", str(scored)])
    assert done.exit_code == 1
    assert re.search(
        r"^    wrong-level\n      scores/ben.xlsx, Scores!E\d+: acme R1: '6' is no level", done.output, re.MULTILINE
    )


def test_check_names_who_has_not_given_which_levels(scored):
    (scored / "scores" / "cem.xlsx").unlink()
    done = CliRunner().invoke(main, ["check", str(scored)])
    named = "acme R2, acme R3, bolt R2, bolt R3, cord R2, cord R3"
    assert f"PROVISIONAL: levels are missing\n  - cem: {named}\n" in done.output
    told = json.loads(CliRunner().invoke(main, ["check", str(scored), "--json"]).stdout)["missing_levels"]
    assert told[0] == {"evaluator": "cem", "vendor": "acme", "question": "R2"}
    assert len(told) == 6


def test_a_sheet_that_was_filled_in_is_never_written_over(scored):
    sheets(scored)
    shutil.copy(scored / "scores" / "ben.xlsx", scored / "score-sheets" / "ben.xlsx")
    (scored / "score-sheets" / "ana.xlsx").unlink()
    done = CliRunner().invoke(main, ["score-sheets", str(scored)])
    assert done.exit_code == 1
    assert "ben.xlsx: filled in already, so nothing was written; put filled sheets into scores/" in done.output
    assert not (scored / "score-sheets" / "ana.xlsx").exists()
    assert len(list(sheets(scored, "-o", str(scored / "again")).parent.glob("again/*.xlsx"))) == 3


def test_the_copy_for_a_vendor_is_provisional_while_one_of_its_levels_is_missing(scored):
    fill(scored, "ben", {**LEVELS["ben"], "cord": (None, 1, 0)})
    result = run(scored)
    copies = {name: words(scorecard_html(result, name, vendor_copy=True)) for name in ANSWERS}
    assert {name: "PROVISIONAL" in text for name, text in copies.items()} == {
        "acme": False,
        "bolt": False,
        "cord": True,
    }
    told = re.compile(r"Ana P\.|\bben\b|\bcem\b")
    assert not [found for text in copies.values() for found in told.findall(text)]


def test_score_sheets_want_evaluators(tmp_path):
    done = CliRunner().invoke(main, ["score-sheets", str(write_evaluation(tmp_path, TREE, ANSWERS))])
    assert done.exit_code == 1
    assert "names no 'evaluators'" in done.output


def test_ranking_from_what_was_judged_before_is_ranking_anew():
    evaluation = load_evaluation(old_samples() / "full")
    readings = read_responses(evaluation)
    names = {reading.vendor.id: reading.submission.name for reading in readings if reading.submission}
    findings = read_scores(evaluation, names).findings
    _, judged, _ = rank_under(evaluation, readings, findings)
    for evaluator in evaluation.settings.evaluators:
        rest = [finding for finding in findings if finding.evaluator != evaluator.id]
        again = rank_under(evaluation, readings, rest, judged)
        assert again == rank_under(evaluation, readings, rest)
        kept = {id(leaf) for vendor in judged for leaf in vendor.card.leaves}
        assert any(id(leaf) in kept for vendor in again[1] for leaf in vendor.card.leaves)


def test_an_answer_that_a_changed_one_caps_is_scored_anew():
    evaluation = load_evaluation(old_samples() / "full")
    readings = read_responses(evaluation)
    # The criteria cap LAB-13 at 0 after this answer to LAB-23.
    act = {"question": "LAB-23", "answer": "Finding, not remedied", "by": "ana", "date": "2026-11-20", "reason": "seen"}
    findings = [Finding(vendor=reading.vendor.id, **act) for reading in readings if reading.submission]
    _, judged, _ = rank_under(evaluation, readings, ())
    _, again, _ = rank_under(evaluation, readings, findings, judged)
    credited = [leaf.credited for vendor in again for leaf in vendor.card.leaves if leaf.question.id == "LAB-13"]
    assert credited
    assert set(credited) == {0.0}


def test_a_level_of_findings_yaml_over_the_panel_is_said_as_overruled(scored):
    entry = "{vendor: acme, question: R1, level: 1, by: Eva, date: 2026-11-23, reason: The plan is of another site}"
    other = "{vendor: acme, question: R2, note: Looked at, by: Eva, date: 2026-11-23, reason: A note alone}"
    (scored / "findings.yaml").write_text(f"- {entry}\n- {other}\n")
    result = run(scored)
    assert answer(result.vendor("acme"), "R1").value == 20
    assert [(i.code, i.source.file, i.question) for i in result.panel.issues] == [
        ("level-overruled", "findings.yaml", "R1")
    ]
    assert "overruled: findings.yaml gives level 1 by Eva, the panel gave ana " in check_report(result)
    assert "1 rubric of acme is overruled: the buyer's level counts, not the panel's." in ranked_table(result)
    assert ("Overruled", "acme: 1 level of the evaluators was overruled by Eva.") in should_know(result)
    assert "acme: 1 level of the evaluators was overruled by Eva." in words(comparison_html(result))
