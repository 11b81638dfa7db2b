"""Two envelopes: prices stay unread until the quality is closed, and a quality that changes later is named."""

import csv
import io
import re
import shutil
from datetime import datetime, timedelta, timezone

import pytest
from books import all_form_rows
from builders import run, write_evaluation, write_response
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, scorecard_html, sections, words
from places import faults

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.issues import VendorEvalError
from vendor_eval.record.log import append, read_log
from vendor_eval.record.quality import close_quality
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.ranking import ranked_table, short_table
from vendor_eval.run.evaluate import read_responses
from vendor_eval.run.outputs import Wanted, clarifications, render
from vendor_eval.run.verify import verify

TREE = "{a: {A1: {Q1: {}, Q2: {type: yes_no_partial}}}, b: {B1: {Q3: {}}}}"
ITEMS = """items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000, seconds_per_unit: 20},
 {id: PRC-02, text: Training, unit: once, volume: 1}]"""
PRICE = f"weight: 30, rule: lowest_ratio, currency: USD, open_after: quality, {ITEMS}"
SETTINGS = f"{{evidence: off, tie_breakers: [price], price: {{{PRICE}}}}}"
QUALITY = {"acme": {"Q1": 80, "Q2": "Yes", "Q3": 60}, "bolt": {"Q1": 70, "Q2": "No", "Q3": 65}}
OFFER = {"PRC-01": 0.2, "PRC-02": 100, "OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}
MOMENT = datetime(2026, 11, 23, 9, 12, 44, tzinfo=timezone(timedelta(hours=1)))


def cli(*arguments, **options):
    return CliRunner(env={"VENDOR_EVAL_BY": ""}).invoke(main, list(map(str, arguments)), **options)


def tender(folder, *, more="", findings=""):
    """Write a tender of two vendors without their prices."""
    own = SETTINGS.removesuffix("}") + more + "}"
    return write_evaluation(folder, TREE, QUALITY, settings=own, findings=findings)


def put_price(folder, name, offer):
    """Write a price workbook into prices/."""
    (folder / "prices").mkdir(exist_ok=True)
    rows = [
        ("ID", "Answer", "Comment"),
        *((key, *(value if isinstance(value, tuple) else (value,))) for key, value in offer.items()),
    ]
    write_response(folder / "prices" / name, rows)


def close(folder, moment=MOMENT, why=""):
    qualities = {vendor.id: vendor.quality for vendor in run(folder).vendors}
    close_quality(load_evaluation(folder), read_log(folder), qualities, moment, by="Ruth Adler", why=why)


@pytest.fixture
def sealed(tmp_path):
    folder = tender(tmp_path / "rfp")
    put_price(folder, "acme.xlsx", OFFER)
    put_price(folder, "bolt-price.xlsx", OFFER | {"PRC-01": 0.1})
    return folder


def codes(vendor):
    return [issue.code for issue in vendor.issues if issue.code != "no-template-identity"]


# ------------------------------------------------------------------------------------------------ before closing


def test_the_score_is_the_quality_and_the_result_is_provisional(sealed):
    result = run(sealed)
    price = result.evaluation.price
    assert (price.sealed, price.lowest, price.highest, price.thresholds) == (True, None, None, ())
    assert result.evaluation.provisional
    assert [(v.id, v.score, v.quality, v.price) for v in result.vendors] == [
        ("acme", pytest.approx(75), pytest.approx(75), None),
        ("bolt", pytest.approx(50), pytest.approx(50), None),
    ]
    assert [codes(vendor) for vendor in result.vendors] == [[], []]
    assert result.robustness.price is None
    assert result.robustness.firmness.word == "open"


def test_price_files_are_hashed_as_inputs(sealed):
    assert [i.file for i in run(sealed).evaluation.inputs if i.file.startswith("prices/")] == [
        "prices/acme.xlsx",
        "prices/bolt-price.xlsx",
    ]


def test_a_sheet_pricing_in_a_response_is_left_unread(tmp_path):
    folder = tender(tmp_path / "rfp")
    book = load_workbook(folder / "responses" / "acme.xlsx")
    sheet = book.create_sheet("Pricing")
    for row in (("ID", "Answer"), ("PRC-01", "0,1,2"), ("remark", "our price is 7")):
        sheet.append(row)
    book.save(folder / "responses" / "acme.xlsx")
    acme = run(folder).vendor("acme")
    assert [
        (i.code, i.severity, i.source.file, i.source.sheet) for i in acme.issues if i.code != "no-template-identity"
    ] == [("price-unread", "notice", "responses/acme.xlsx", "Pricing")]


def test_rows_of_prices_elsewhere_are_left_unread_too(tmp_path):
    folder = tender(tmp_path / "rfp")
    rows = [("ID", "Question", "Answer"), *((key, "", value) for key, value in (QUALITY["acme"] | OFFER).items())]
    rows.append(("", "Boxes (1,000 a year)", "7"))
    (folder / "responses" / "acme.xlsx").unlink()
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / "responses" / "acme.csv").write_text(text.getvalue(), encoding="utf-8")
    acme = run(folder).vendor("acme")
    assert acme.quality == pytest.approx(75)
    assert codes(acme).count("price-unread") == 1
    assert not {"unclaimed-content", "unknown-row"} & set(codes(acme))


def test_a_price_workbook_among_the_responses_is_named(sealed):
    shutil.move(sealed / "prices" / "acme.xlsx", sealed / "responses" / "acme-price.xlsx")
    result = cli("check", sealed)
    assert result.exit_code == 1
    assert "responses/acme-price.xlsx: holds prices alone: move it into prices/" in result.output
    assert faults(read_responses, load_evaluation(sealed)) == ["responses/acme-price.xlsx unreadable-file"]


def test_every_output_says_that_prices_are_not_opened(sealed):
    result = run(sealed)
    says = "Prices are not opened yet"
    first = words(comparison_html(result))
    assert f"No recommendation yet: {says[0].lower()}{says[1:]}" in first
    assert sections(comparison_html(result))["Price"].split(says)[1].strip()
    assert "ratings" not in first.lower()
    assert "PRC-01: prices are not opened yet" in cli("explain", sealed, "acme", "PRC-01").output
    for text in (decision_text(result, ""), ranked_table(result), short_table(result)):
        assert "not opened yet" in text
    book = load_workbook(io.BytesIO(dict(render(result, Wanted(("xlsx",))).files)["shortlist.xlsx"]))
    assert any(says in str(cell.value) for row in book["Summary"].iter_rows() for cell in row)
    assert "Price" not in book.sheetnames
    assert says in words(appendix_html(result))


def test_both_ratings_and_prices_may_be_open(tmp_path):
    tree = TREE.replace("Q3: {}", "Q3: {type: rubric}")
    folder = write_evaluation(tmp_path / "rfp", tree, QUALITY, settings=SETTINGS)
    page = words(comparison_html(run(folder)))
    assert "ratings of the evaluators are missing" in page
    assert "and prices are not opened yet, so every total may change" in page


# ------------------------------------------------------------------------------------------------ law 5

CELL = st.one_of(
    st.floats(0.01, 1e6).map(lambda x: round(x, 2)),
    st.sampled_from(["", "on request", "EUR 5", "0,1,2", "1.000", "incl."]),
)
OFFERED = st.fixed_dictionaries(
    {key: st.tuples(CELL, st.sampled_from(["", "per 1,000", "see the contract"])) for key in OFFER}
)


def everything(folder):
    """All that a run makes, with hashes left out."""
    evaluation = load_evaluation(folder)
    result = run(folder)
    rendered = render(result, Wanted(("json", "xlsx", "csv")))
    for name, content in rendered.files.items():
        parts = b"".join(content()) if callable(content) else content
        yield name, re.sub(rb'"sha256": "[0-9a-f]{64}"', b"", parts) if name.endswith("json") else unzipped(parts)
    for vendor, book in clarifications(result, evaluation).items():
        yield f"clarification {vendor}", book and unzipped(book)
        yield f"scorecard {vendor}", without_hashes(scorecard_html(result, vendor))
        yield f"explain {vendor}", explain(result, result.vendor(vendor), None)
    for draw in (comparison_html, appendix_html, ranked_table, short_table):
        yield draw.__name__, without_hashes(draw(result))


def without_hashes(text):
    return re.sub(r"[0-9a-f]{12,64}", "", text)


def unzipped(content):
    if not content.startswith(b"PK"):
        return without_hashes(content.decode("utf-8-sig"))
    book = load_workbook(io.BytesIO(content))
    return [[[without_hashes(str(c.value)) for c in row] for row in sheet.iter_rows()] for sheet in book]


@settings(max_examples=6, deadline=None)
@given(offers=st.tuples(OFFERED, OFFERED, OFFERED))
def test_other_prices_change_nothing_but_hashes(offers, tmp_path_factory):
    outputs = []
    folder = tmp_path_factory.mktemp("rfp")
    tender(folder, findings='- {vendor: acme, question: Q1, answer: "79", by: Ana P., date: 2026-11-20, reason: seen}')
    cli("questionnaire", folder, "-o", folder / "form.xlsx")
    for acme, bolt, cato in ((OFFER, OFFER, OFFER), offers):
        put_price(folder, "acme.xlsx", acme)
        whole = [(key, *(value if isinstance(value, tuple) else (value,))) for key, value in bolt.items()]
        rows = [("ID", "Answer", "Comment"), *QUALITY["bolt"].items(), *whole]
        write_response(folder / "responses" / "bolt.xlsx", rows)
        # A questionnaire of before, with the sheet Pricing.
        write_response(folder / "responses" / "cato.xlsx", [("ID", "Answer"), *QUALITY["bolt"].items()])
        book = load_workbook(folder / "responses" / "cato.xlsx")
        for row in (
            ("ID", "Answer", "Comment"),
            *((key, *(v if isinstance(v, tuple) else (v,))) for key, v in cato.items()),
        ):
            (book["Pricing"] if "Pricing" in book.sheetnames else book.create_sheet("Pricing")).append(row)
        book["Pricing"].append(("", f"in all {cato['PRC-01']}"))
        book.save(folder / "responses" / "cato.xlsx")
        outputs.append(dict(everything(folder)))
    assert outputs[0] == outputs[1]


# ------------------------------------------------------------------------------------------------ the questionnaire


def test_the_questionnaire_comes_in_two_files_and_is_known_again(tmp_path):
    folder = tender(tmp_path / "rfp")
    result = cli("questionnaire", folder, "-o", tmp_path / "F.xlsx")
    assert (result.exit_code, sorted(path.name for path in tmp_path.glob("*.xlsx"))) == (0, ["F-price.xlsx", "F.xlsx"])
    quality, price = (load_workbook(tmp_path / name) for name in ("F.xlsx", "F-price.xlsx"))
    assert "Pricing" not in quality.sheetnames
    assert [name for name in price.sheetnames if not name.startswith("_")] == ["Start here", "Pricing"]
    signed = [any(cell.value == "Signed by" for cell in book["Start here"]["A"]) for book in (quality, price)]
    assert signed == [True, False]
    for book in (quality, price):
        for key, row in all_form_rows(book).items():
            row["Answer"].value = (QUALITY["acme"] | OFFER)[key]
    quality.save(folder / "responses" / "acme.xlsx")
    (folder / "prices").mkdir()
    price.save(folder / "prices" / "acme.xlsx")
    put_price(folder, "bolt.xlsx", OFFER)
    before = run(folder).vendor("acme")
    assert (before.quality, codes(before)) == (pytest.approx(75), ["declaration-missing"])
    close(folder)
    after = run(folder).vendor("acme")
    assert (after.quality, codes(after), after.price.total) == (pytest.approx(75), ["declaration-missing"], 300)


def test_without_the_key_the_questionnaire_is_one_file(tmp_path):
    folder = write_evaluation(tmp_path / "rfp", TREE, QUALITY, settings=SETTINGS.replace("open_after: quality, ", ""))
    cli("questionnaire", folder, "-o", tmp_path / "F.xlsx")
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["F.xlsx"]
    assert "Pricing" in load_workbook(tmp_path / "F.xlsx").sheetnames


# ------------------------------------------------------------------------------------------------ closing


def test_close_writes_the_qualities_and_opens_the_prices(sealed):
    before = run(sealed)
    result = cli("close", "quality", sealed, "--by", "Ruth Adler")
    assert result.exit_code == 0, result.output
    line = read_log(sealed).lines[-1]
    assert (line.act, line.by, line.new) == ("close", "Ruth Adler", {v.id: v.quality for v in before.vendors})
    opened = [line for line in read_log(sealed).lines if line.act == "open"]
    assert {"response/prices/acme.xlsx", "response/prices/bolt-price.xlsx"} <= set(opened[0].about)
    after = run(sealed)
    assert (after.evaluation.price.sealed, after.evaluation.provisional) == (False, False)
    assert [vendor.price.total for vendor in after.vendors] == [300, 200]
    assert after.vendor("bolt").score == pytest.approx(0.7 * 50 + 30)
    assert after.vendor("bolt").files == ("responses/bolt.xlsx", "prices/bolt-price.xlsx")
    closed = after.evaluation.record.quality_closed
    assert (closed.by, closed.line, closed.since) == ("Ruth Adler", line.n, ())
    assert not [issue for issue in after.evaluation.issues if issue.code == "quality-changed"]


def test_closing_twice_is_refused(sealed):
    close(sealed)
    log = (sealed / "decisions.jsonl").read_bytes()
    result = cli("close", "quality", sealed, "--by", "Ruth Adler")
    assert (result.exit_code, (sealed / "decisions.jsonl").read_bytes()) == (1, log)
    assert "was closed by Ruth Adler on 2026-11-23" in result.output
    with pytest.raises(VendorEvalError, match="was closed"):
        close(sealed)


def test_closing_without_envelopes_or_without_a_name_is_refused(sealed):
    assert cli("close", "quality", sealed).exit_code == 2
    assert cli("close", "price", sealed, "--by", "Ruth").exit_code == 2
    shutil.rmtree(sealed / "prices")
    write_evaluation(sealed, TREE, QUALITY, settings=SETTINGS.replace("open_after: quality, ", ""))
    result = cli("close", "quality", sealed, "--by", "Ruth")
    assert (result.exit_code, (sealed / "decisions.jsonl").exists()) == (1, False)
    assert "open_after" in result.output


def test_a_pending_rubric_keeps_the_prices_closed_unless_somebody_says_why(tmp_path):
    tree = TREE.replace("Q3: {}", "Q3: {type: rubric}")
    folder = write_evaluation(tmp_path / "rfp", tree, QUALITY, settings=SETTINGS)
    refused = cli("close", "quality", folder, "--by", "Ruth Adler")
    assert (refused.exit_code, (folder / "decisions.jsonl").exists()) == (1, False)
    assert "have not scored acme Q3, bolt Q3" in refused.output
    assert cli("close", "quality", folder, "--by", "Ruth Adler", "--why", "Ana is ill").exit_code == 0
    assert read_log(folder).lines[-1].why == "Ana is ill"


def test_a_quality_that_changes_after_the_opening_is_named(sealed):
    close(sealed)
    findings = '- {vendor: acme, question: Q1, answer: "60", by: Ana P., date: 2026-11-25, reason: seen}'
    (sealed / "findings.yaml").write_text(findings, encoding="utf-8")
    assert cli("check", sealed).exit_code == 0
    result = run(sealed)
    (since,) = result.evaluation.record.quality_closed.since
    assert (since.vendor, since.old, since.new) == ("acme", pytest.approx(75), pytest.approx(70))
    (issue,) = [issue for issue in result.evaluation.issues if issue.code == "quality-changed"]
    said = "Quality of acme was 75.0 when the prices were opened and is 70.0 now: finding Q1 by Ana P., 2026-11-25"
    assert (issue.severity, issue.message) == ("warning", said)
    assert said in words(comparison_html(result))
    assert "Quality of acme" not in words(scorecard_html(result, "bolt"))


def test_a_price_that_is_exchanged_before_closing_shows(sealed):
    CliRunner().invoke(main, ["decide", str(sealed), "--act", "note", "--by", "Ruth", "--why", "begins"])
    put_price(sealed, "acme.xlsx", OFFER | {"PRC-01": 9})
    cli("check", sealed)
    (replaced,) = run(sealed).evaluation.record.responses_replaced
    assert (replaced.vendor, replaced.file) == ("acme", "prices/acme.xlsx")


def test_a_log_without_its_closing_seals_again(sealed):
    close(sealed)
    (sealed / "decisions.jsonl").unlink()
    assert run(sealed).evaluation.price.sealed


def test_what_a_line_of_closing_holds_is_checked(sealed):
    append(sealed, read_log(sealed), [entry_of_closing({"acme": "75", "bolt": 50.0})], MOMENT)
    since = run(sealed).evaluation.record.quality_closed.since
    assert [(change.vendor, change.old) for change in since] == [("acme", None)]


def entry_of_closing(new):
    from vendor_eval.record.log import Entry

    return Entry(act="close", by="Ruth Adler", about=tuple(new), new=new)


def test_prices_of_nobody_are_named_once_they_are_opened(sealed):
    put_price(sealed, "cato.xlsx", OFFER)
    (sealed / "prices" / "offer.pdf").write_bytes(b"%PDF-1.7")
    assert not run(sealed).evaluation.not_read
    close(sealed)
    assert [file.file for file in run(sealed).evaluation.not_read] == ["prices/cato.xlsx", "prices/offer.pdf"]


# ------------------------------------------------------------------------------------------------ bad input, the pilot


def test_a_folder_of_prices_without_the_key_is_a_fault(sealed):
    settings_ = SETTINGS.replace("open_after: quality, ", "")
    write_evaluation(sealed, TREE, QUALITY, settings=settings_)
    assert faults(load_evaluation, sealed) == ["evaluation.yaml:9:2 price-folder"]
    assert cli("check", sealed).exit_code == 1
    shutil.rmtree(sealed / "prices")
    load_evaluation(sealed)


def test_sealed_prices_are_frozen_verified_and_an_exchanged_one_is_named(sealed, tmp_path):
    cli("seal", sealed, "--by", "Ruth Adler", "--late", "Prices came early")
    cli("evaluate", sealed, "--format", "json")
    archive = tmp_path / "a.zip"
    cli("freeze", sealed, "-o", archive)
    assert not verify(archive).faults
    shutil.copy(sealed / "prices" / "bolt-price.xlsx", sealed / "prices" / "acme.xlsx")
    assert ("changed", "prices/acme.xlsx") in [(fault.code, fault.location.file) for fault in verify(sealed).faults]
