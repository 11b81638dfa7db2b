"""The parts of report.html that look into a result: drill-down, search, vendor against vendor, what-ifs, changes."""

import re

import pytest
from browser import Opened, needs_browser
from builders import answer, node, run, write_evaluation
from test_changes import clarified  # noqa: F401  a fixture

from vendor_eval.config.shipped import samples_folder
from vendor_eval.formatting.figures import number
from vendor_eval.reports.page.document import report_page
from vendor_eval.reports.wording.contributions import contributions
from vendor_eval.reports.wording.price import rule_title

pytestmark = needs_browser
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def result():
    return run(samples_folder() / "full")


def text_of(opened, selector):
    return " ".join(opened.page.locator(selector).first.inner_text().split())


def open_row(opened, within, words):
    row = opened.page.locator(f"{within} summary", has_text=words).last
    row.click()
    part = row.locator("xpath=..")
    part.locator(":scope > :nth-child(2)").wait_for()  # what is inside comes a moment after the click
    return part


def shown(opened, count=2):
    """Wait until what hangs on the state is drawn again."""
    opened.page.evaluate(f"""async () => {{
        for (let at = 0; at < {count}; at++) await new Promise((then) => requestAnimationFrame(then));
    }}""")


def minus(value, digits=1):
    return f"{'+' if value > 0 else MINUS}{number(abs(value), digits)}"


# ---- where exactly did Brenovik say that?


def test_a_word_leads_to_the_cell(opened, result):
    own = answer(result.vendor("brenovik"), "SEC-05")
    opened.page.fill("#search-words", "brenovik code or push")
    shown(opened)
    assert text_of(opened, "#search [role=status]") == "1 answer."
    row = text_of(opened, "#search .hits summary")
    assert own.raw in row
    assert row.endswith(f"{own.source.file}, sheet {own.source.sheet}, cell {own.source.cell}")


def test_a_phrase_comes_before_its_words_and_accents_do_not_matter(opened):
    opened.page.fill("#search-words", "by password alone")
    shown(opened)
    assert text_of(opened, "#search .hits summary").startswith("Pacandan Global")
    opened.page.fill("#search-words", "sondre sec-05")
    shown(opened)
    assert text_of(opened, "#search .hits summary").startswith("Søndre Lab")
    opened.page.fill("#search-words", "no such words")
    shown(opened)
    assert text_of(opened, "#search [role=status]") == "No answer has all of this. Fewer words find more."


@pytest.mark.parametrize(
    ("title", "holds"),
    [
        ("Points left", lambda a, _: a.effective_weight > 0 and a.credited < 100),
        ("Proof missing", lambda a, _: a.value is not None and a.value > a.credited),
        ("Flag", lambda _, gates: any(g.kind == "flag" and g.result != "pass" for g in gates)),
        ("Requirement failed or open", lambda _, gates: any(g.kind != "flag" and g.result != "pass" for g in gates)),
        ("Changed by a clarification", lambda a, _: bool(a.earlier)),
    ],
)
def test_a_filter_finds_what_the_result_holds(opened, result, title, holds):
    expected = sum(
        holds(a, [gate for gate in vendor.gates if gate.question == a.id])
        for vendor in result.evaluated
        for a in vendor.answers
        if a.state != "not_asked"
    )
    opened.page.get_by_label(title, exact=True).check()
    text = text_of(opened, "#search [role=status]")
    assert text.startswith(f"{expected} answer" if expected else "No answer")


def test_evaluators_who_disagree_are_found(opened, result):
    opened.page.get_by_label("Evaluators disagree").check()
    apart = sum(max(r.levels.values()) - min(r.levels.values()) >= 2 for r in result.panel.ratings if r.levels)
    assert text_of(opened, "#search [role=status]").startswith(f"{apart} answer" if apart else "No answer")


# ---- from the total to the cell


def test_points_are_those_of_the_result_at_every_level(opened, result):
    vendor, share = result.vendor("trellith"), result.quality_share()
    opened.page.select_option("#detail select", "trellith")
    category = open_row(opened, "#detail", "Security and privacy")
    points = contributions(result, vendor)["security"]
    assert number(points) in category.locator("summary").first.inner_text()
    criterion = open_row(opened, "#detail", "Identity and access")
    own = answer(vendor, "SEC-05")
    assert number(share * node(vendor, own.parent).contribution) in criterion.locator("summary").first.inner_text()
    card = open_row(opened, "#detail", "SEC-05").inner_text()
    assert f"= {number(share * own.contribution, 3)} points of the total" in card
    assert f"sheet {own.source.sheet}, cell {own.source.cell}" in card
    assert own.explanation in card
    assert own.files[0].file in card


def test_points_follow_the_weights(opened):
    opened.page.select_option("#detail select", "trellith")
    before = opened.page.locator("#detail summary", has_text="Security and privacy").last.inner_text()
    opened.set("number-security", 40)
    shown(opened)
    after = opened.page.locator("#detail summary", has_text="Security and privacy").last.inner_text()
    assert before != after
    assert after.endswith("of 40.0 points")


# ---- why is Trellith second?


def test_a_sentence_and_a_table_say_why_a_vendor_stands_where_it_does(opened, result):
    first, second = (result.vendor(name) for name in result.ranking[:2])
    opened.page.get_by_label(f"{second.name}: Why this place?").click()
    shown(opened)
    why = text_of(opened, "#compare .why")
    assert why.startswith(f"{second.name} is 2nd with {number(second.score, result.digits)} points.")
    assert f"{number(first.score - second.score, result.digits)} points behind {first.name}" in why
    rows = [row.inner_text().split("\t") for row in opened.page.locator("#compare tbody tr").all()]
    ours, theirs = contributions(result, second), contributions(result, first)
    assert len(rows) == len(ours) + 1
    for (_, _, own, other, difference), name in zip(rows, ours, strict=False):
        assert (own, other) == (number(ours[name]), number(theirs[name]))
        assert difference == minus(ours[name] - theirs[name])
    worst = min(ours, key=lambda name: ours[name] - theirs[name])
    assert f"loses most on {next(c.title for c in result.definition.categories if c.id == worst)}" in why


def test_questions_come_by_what_they_put_between_two_vendors(opened, result):
    share = result.quality_share()
    first, second = (result.vendor(name) for name in result.ranking[:2])
    gaps = {a.id: share * (a.contribution - answer(first, a.id).contribution) for a in second.answers}
    opened.page.get_by_role("button", name="Show all questions").click()
    rows = opened.page.locator("#compare .pairs > details > summary").all_inner_texts()
    assert len(rows) == sum(a.state != "not_asked" for a in second.answers)
    shown_gaps = [round(abs(gaps[re.match(r"[A-Z]+-\d+", row)[0]]), 9) for row in rows]
    assert shown_gaps == sorted(shown_gaps, reverse=True)


def test_an_excluded_vendor_says_why_it_has_no_place(opened, result):
    out = result.vendor("pacandan")
    opened.page.select_option("#compare select >> nth=0", "pacandan")
    assert f"{out.status_text}. Otherwise it would have ranked 2nd." in text_of(opened, "#compare .why")


def test_a_screen_has_no_points_and_still_compares(browser, tmp_path):
    folder = write_evaluation(
        tmp_path,
        "a: {A1: {Q1: {tier: screen, type: yes_no_partial, gates: [{kind: must, one_of: [yes], needs: document}]}}}",
        {"acme": {"Q1": ("Yes", "Annex 3")}, "bolt": {"Q1": "Yes"}},
        settings="questions: screen",
    )
    file = tmp_path / "report.html"
    file.write_bytes(report_page(run(folder)))
    with Opened(browser, file) as window:
        window.page.select_option("#compare select >> nth=0", "bolt")
        assert text_of(window, "#compare .why") == "bolt: Eligible, subject to 1 condition before award."
        assert window.page.locator("#compare .pairs summary").count() == 1
        window.page.select_option("#what-if select >> nth=0", "bolt")
        window.page.locator('#what-if [name="out-bolt"]').check()
        assert window.banner
        assert text_of(window, '#ranking [data-vendor="bolt"] .status') == "Left out by you"
        window.page.locator("#reset").click()
        assert not window.banner
        assert (
            text_of(window, '#ranking [data-vendor="bolt"] .status') == "Eligible, subject to 1 condition before award"
        )
        assert window.messages == []


# ---- what if


def test_what_is_set_is_listed_and_taken_back_one_by_one(opened):
    opened.page.select_option("#what-if select >> nth=0", "zenquora")
    opened.page.select_option("#what-if select >> nth=1", index=1)
    opened.page.select_option("#what-if .holder select", "best")
    opened.page.select_option("[name=rule]", "lowest_ratio")
    opened.page.fill("[name=price-of-zenquora]", "700000")
    opened.page.keyboard.press("Tab")
    opened.page.check("[name=out-mwanzora]")
    shown(opened)
    entries = opened.page.locator("#what-if .set li").all_inner_texts()
    assert len(entries) == 4
    assert f"Price rule: {rule_title('lowest_ratio')}" in " ".join(entries)
    assert "Price of Zenquora AI: USD 700,000" in " ".join(entries)
    assert "Mwanzora Data is left out." in opened.page.locator("#what-if").inner_text()
    for left in (3, 2, 1, 0):
        opened.page.locator("#what-if .set button").first.press("Enter")
        shown(opened, 3)
        assert opened.page.locator("#what-if .set li").count() == left
        # The keyboard stays where it was, and never falls back to the top of the page.
        assert opened.page.evaluate("document.activeElement.closest('#what-if') !== null")
    assert not opened.banner
    assert not opened.page.locator("#what-if .set").is_visible()


def test_all_that_is_unproven_can_be_proven_at_once(opened):
    opened.page.select_option("#what-if select >> nth=0", "zenquora")
    opened.page.get_by_role("button", name=re.compile(r"Set all \d+ unproven to proven")).click()
    shown(opened)
    ranks = {row["vendor"]: row["rank"] for row in opened.rows()}
    assert ranks["zenquora"] == "1"
    assert "Zenquora AI: 4th → 1st" in opened.page.locator("#what-if").inner_text()
    opened.page.get_by_role("button", name=re.compile("^Take back")).click()
    shown(opened)
    assert not opened.banner


def test_an_answer_says_what_each_setting_would_bring(opened):
    opened.page.fill("#search-words", "zenquora sec-05")
    shown(opened)
    opened.page.locator("#search summary").first.click()
    choice = opened.page.locator("#search .answer select")
    choice.focus()
    promised = choice.locator("option[value=failed]").inner_text()
    choice.select_option("failed")
    shown(opened)
    row = next(row for row in opened.rows() if row["vendor"] == "zenquora")
    assert promised == f"failed: excluded, {number(float(row['score']))} points"
    assert row["rank"] == ""


def test_an_answer_without_a_single_reading_is_shown_as_it_was_written(opened, result):
    assert answer(result.vendor("trellith"), "GEN-08").raw == "0.95"
    opened.page.fill("#search-words", "trellith gen-08")
    shown(opened)
    row = text_of(opened, "#search .hits summary")
    assert "No clear reading yet: 0.95" in row
    assert "0.95 %" not in row


def test_a_level_says_of_how_many(opened, result):
    opened.page.fill("#search-words", "pacandan plt-05")
    shown(opened)
    level = answer(result.vendor("pacandan"), "PLT-05").answer
    assert f"Level {level} of 5" in text_of(opened, "#search .hits summary")


def test_what_if_the_exclusion_fell(opened, result):
    excluded = result.vendor("pacandan")
    words = opened.page.locator("#what-if .standing")
    opened.page.locator("#what-if select").first.select_option("pacandan")
    sentence = f"{excluded.status_text}. If the exclusion fell, it would rank {excluded.would_rank}nd."
    assert " ".join(words.inner_text().split()).endswith(sentence)
    opened.page.locator("#what-if select").first.select_option("zenquora")
    assert not words.is_visible()


def test_boxes_of_weights_have_one_decimal(opened):
    opened.page.fill("[name=number-security]", "40")
    opened.page.locator("[name=number-security]").blur()
    boxes = opened.page.locator("#weights input[name^=number-]").evaluate_all("boxes => boxes.map(({value}) => value)")
    assert "40.0" in boxes
    assert all(re.fullmatch(r"\d+\.\d", value) for value in boxes)


# ---- without script


def test_pilot_and_changes_are_there_without_script(browser, clarified, tmp_path):  # noqa: F811
    for name, folder in (("pilot", samples_folder() / "pilot"), ("changes", clarified)):
        result = run(folder)
        file = tmp_path / f"{name}.html"
        file.write_bytes(report_page(result))
        with Opened(browser, file, java_script_enabled=False) as window:
            part = window.page.locator(f"#{name}")
            assert part.locator("details").count() == (len(result.pilot.vendors) if name == "pilot" else 1)
            for summary in part.locator("summary").all():
                summary.click()
            text = part.inner_text()
            if name == "pilot":
                assert all(link.question in text for vendor in result.pilot.vendors for link in vendor.links)
            else:
                replaced = result.vendor("acme").replaced
                assert all(record.raw in text and str(record.source) in text for record in replaced)
                assert len(replaced) == part.locator("tbody tr").count() > 0
