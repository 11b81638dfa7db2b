"""Interests of evaluators: who is recused for whom, what counts then, and what is said of it."""

import hashlib
import io
import json

import pytest
from builders import answer, run, write_evaluation
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, words
from test_panel import ANSWERS, LEVELS, TREE, codes, fill, sheets

from vendor_eval.cli import main
from vendor_eval.findings.codes import ScoreKey
from vendor_eval.findings.recusal import Statement, declared_interests
from vendor_eval.issues import InputError, Location
from vendor_eval.record.derived import Read, present
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.decision import should_know
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.run.evaluate import load_evaluation, read_responses, scores_of
from vendor_eval.run.verify import verify

INTEREST = "conflicts: [{vendor: acme, reason: Worked there until 2024}]"
LIFTED = INTEREST.replace("2024}", "2024, recuse: false, decided_by: Eva L., why: Nobody else reads German}")
# Levels of R1, R2, R3 in which ben alone is generous with acme: without ben the median falls.
GENEROUS = {
    "ana": {"acme": (1, 1, 3), "bolt": (3, 2, 2), "cord": (1, 1, 0)},
    "ben": {"acme": (5, 5, 5), "bolt": (2, 3, 2), "cord": (2, 1, 0)},
    "cem": {"acme": (None, 2, 1), "bolt": (None, 3, 3), "cord": (None, 2, 1)},
}


def panel(more="", evaluator="ben"):
    own = {"ana": "id: ana, name: Ana P.", "ben": "id: ben", "cem": "id: cem, categories: [b]"}
    people = ", ".join(f"{{{text}{f', {more}' if more and name == evaluator else ''}}}" for name, text in own.items())
    return f"evaluators: [{people}]"


def write(folder, more="", *, levels=GENEROUS, evaluator="ben", extra="", **options):
    """Write a tender that every evaluator has scored."""
    text = f"{{{panel(more, evaluator)}{extra}}}"
    write_evaluation(folder, TREE, ANSWERS, settings=text, **options)
    sheets(folder)
    for name, given_ in levels.items():
        fill(folder, name, given_)
    return folder


def says(text):
    """Write a text into the cover of a score sheet."""

    def change(book):
        for row in book["Start here"].iter_rows():
            if row[0].value == "Conflicts of interest":
                row[1].value = text

    return change


def figures(result):
    """What a sheet changes: scores, ranks, levels, and how far the panel agrees."""
    agree = result.panel.model_dump(exclude={"ratings", "conflicts", "issues", "members"})
    ratings = {(rating.vendor, rating.question): rating.level for rating in result.panel.ratings if rating.level}
    vendors = [
        (v.id, v.rank, v.score, v.low, v.high, v.pending, [(a.id, a.credited, a.findings) for a in v.answers])
        for v in result.vendors
    ]
    levels = {member.id: member.levels for member in result.panel.members}
    return agree, ratings, levels, vendors, result.ranking, result.evaluation.provisional


# ---- what counts


def test_levels_of_the_recused_do_not_count_and_stay_on_record(tmp_path):
    before, after = run(write(tmp_path / "1")), run(write(tmp_path / "2", INTEREST))
    assert (answer(before.vendor("acme"), "R1").value, answer(after.vendor("acme"), "R1").value) == (60, 20)
    assert (answer(before.vendor("acme"), "R2").value, answer(after.vendor("acme"), "R2").value) == (40, 30)
    assert answer(before.vendor("bolt"), "R1").value == answer(after.vendor("bolt"), "R1").value
    rating = next(r for r in after.panel.ratings if (r.vendor, r.question) == ("acme", "R2"))
    assert (rating.levels, rating.level, rating.recused) == ({"ana": 1, "ben": 5, "cem": 2}, 1.5, ("ben",))
    assert after.panel.missing == ()
    assert not after.evaluation.provisional


def test_the_effect_is_the_score_with_these_levels_less_the_score_without_whichever_counts(tmp_path):
    plain = run(write(tmp_path / "1"))
    recused, lifted = run(write(tmp_path / "2", INTEREST)), run(write(tmp_path / "3", LIFTED))
    points = plain.vendor("acme").score - recused.vendor("acme").score
    assert points > 5
    (conflict,) = recused.panel.conflicts
    assert conflict.model_dump() == {
        "evaluator": "ben",
        "vendor": "acme",
        "reason": "Worked there until 2024",
        "recused": True,
        "decided_by": "",
        "why": "",
        "levels": 3,
        "effect": pytest.approx(points),
        "rank_if_counted": 1,
    }
    (counted,) = lifted.panel.conflicts
    assert (counted.recused, counted.decided_by, counted.why) == (False, "Eva L.", "Nobody else reads German")
    assert (counted.levels, counted.effect) == (3, pytest.approx(points))
    assert counted.rank_if_counted == lifted.vendor("acme").rank
    assert figures(lifted) == figures(plain)


def test_acts_of_the_recused_do_not_count_and_contradict_nobody(tmp_path):
    claim = ("acme:Q1", "accept as verified", None, "Read log 7")
    back = ("acme:Q1", "back to claim", None, "Log 7 is of another site")
    folder = write(tmp_path, INTEREST)
    fill(folder, "ana", GENEROUS["ana"], claims=[claim])
    fill(folder, "ben", GENEROUS["ben"], claims=[back])
    result = run(folder)
    assert answer(result.vendor("acme"), "Q1").evidence == "verified"
    assert codes(result) == []
    text = (folder / "evaluation.yaml").read_text().replace('"conflicts"', '"categories": [], "conflicts"')
    (folder / "evaluation.yaml").write_text(
        text.replace('"reason": "Worked', '"recuse": false, "decided_by": "E", "why": "W", "reason": "Worked')
    )
    assert codes(run(folder)) == ["contradiction"]


def test_recuse_false_needs_somebody_and_a_reason(tmp_path):
    blank = LIFTED.replace("Eva L.", "' '")
    without = [LIFTED.replace(part, "") for part in ("decided_by: Eva L., ", ", why: Nobody else reads German")]
    for lifted in (blank, *without):
        folder = write_evaluation(tmp_path, TREE, ANSWERS, settings=f"{{{panel(lifted)}}}")
        with pytest.raises(InputError) as fault:
            load_evaluation(folder)
        assert [issue.code for issue in fault.value.issues] == ["missing-key"]


def test_where_nobody_is_left_the_rubric_is_pending_and_named(tmp_path):
    alone = f"{{evaluators: [{{id: ana, {INTEREST}}}]}}"
    folder = write_evaluation(tmp_path / "alone", TREE, ANSWERS, settings=alone)
    sheets(folder)
    fill(folder, "ana", GENEROUS["ana"])
    result = run(folder)
    assert result.vendor("acme").pending == ("R1", "R2", "R3")
    assert result.evaluation.pending == ("acme R1", "acme R2", "acme R3")
    assert result.evaluation.provisional
    assert [(i.code, i.question) for i in result.panel.issues] == [
        ("rubric-left-to-nobody", name) for name in ("R1", "R2", "R3")
    ]
    rating = next(r for r in result.panel.ratings if (r.vendor, r.question) == ("acme", "R1"))
    assert (rating.levels, rating.level) == ({"ana": 1}, None)
    (conflict,) = result.panel.conflicts
    # What is pending leaves the sums, and acme has but a claim beside it.
    assert conflict.effect < 0
    # A level of the buyer needs no evaluator.
    entry = "{vendor: acme, question: R1, level: 2, by: Eva, date: 2026-11-23, reason: Read it}"
    (folder / "findings.yaml").write_text(f"- {entry}\n")
    assert [i.question for i in run(folder).panel.issues if i.code == "rubric-left-to-nobody"] == ["R2", "R3"]


def test_an_evaluator_without_a_sheet_has_no_effect(tmp_path):
    (conflict,) = run(write(tmp_path, INTEREST, levels={"ana": GENEROUS["ana"]})).panel.conflicts
    assert (conflict.recused, conflict.levels, conflict.effect) == (True, 0, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    levels=st.lists(st.integers(0, 5), min_size=24, max_size=24),
    pairs=st.sets(
        st.tuples(st.sampled_from(("ana", "ben", "cem")), st.sampled_from(("acme", "bolt", "cord"))),
        min_size=1,
        max_size=4,
    ),
    rule=st.sampled_from(("median", "mean")),
    act=st.sampled_from(("accept as verified", "back to claim", None)),
)
def test_recusal_equals_the_same_evaluation_with_those_rows_blank(tmp_path_factory, levels, pairs, rule, act):
    numbers = iter(levels)
    given_ = {
        name: {v: tuple(None if x is None else next(numbers) for x in row) for v, row in rows.items()}
        for name, rows in LEVELS.items()
    }
    blank = {
        name: {v: (None, None, None) if (name, v) in pairs else row for v, row in rows.items()}
        for name, rows in given_.items()
    }
    results = []
    for levels_ in (given_, blank):
        folder = tmp_path_factory.mktemp("law")
        people = [
            {**person, "conflicts": [{"vendor": v, "reason": "r"} for name, v in sorted(pairs) if name == person["id"]]}
            for person in ({"id": "ana"}, {"id": "ben"}, {"id": "cem", "categories": ["b"]})
        ]
        write_evaluation(folder, TREE, ANSWERS, settings=json.dumps({"evaluators": people, "aggregate": rule}))
        sheets(folder)
        for name, own in levels_.items():
            claimed = act and name != "cem" and not (levels_ is blank and (name, "bolt") in pairs)
            claims = [("bolt:Q1", act if name == "ana" else "back to claim", None, "Seen")] if claimed else ()
            fill(folder, name, own, claims=claims)
        results.append(run(folder))
    recused, without = results
    assert figures(recused) == figures(without)
    assert codes(recused) == codes(without)
    for conflict in recused.panel.conflicts:
        expected = sum(level is not None for level in given_[conflict.evaluator][conflict.vendor])
        assert conflict.levels == expected


# ---- what an evaluator says on the sheet


@pytest.mark.parametrize(
    ("text", "vendors"),
    [
        ("My brother works at bolt", ("bolt",)),
        ("Shares of ACME and of Cord", ("acme", "cord")),
        ("My brother works in the trade", ()),
        ("I was bolted out of a house", ()),
    ],
)
def test_an_interest_on_the_sheet_recuses_where_it_names_a_vendor(tmp_path, text, vendors):
    folder = write(tmp_path)
    fill(folder, "ben", GENEROUS["ben"], change=says(text))
    result = run(folder)
    assert tuple(conflict.vendor for conflict in result.panel.conflicts) == vendors
    assert all(c.recused and c.levels == 3 and c.reason == text for c in result.panel.conflicts)
    assert codes(result) == ([] if vendors else ["interest-unclear"])
    done = CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json", "--strict"])
    assert done.exit_code == (0 if vendors else 1)


def test_an_unclear_interest_says_where_it_stands(tmp_path):
    folder = write(tmp_path)
    fill(folder, "ben", GENEROUS["ben"], change=says("It is complicated"))
    (issue,) = run(folder).panel.issues
    assert (issue.code, issue.severity) == ("interest-unclear", "blocking")
    assert (issue.source.file, issue.source.sheet, issue.source.cell) == ("scores/ben.xlsx", "Start here", "B10")


def test_an_interest_in_the_evaluation_settles_what_the_sheet_says(tmp_path):
    folder = write(tmp_path, LIFTED)
    fill(folder, "ben", GENEROUS["ben"], change=says("I know acme well"))
    (conflict,) = run(folder).panel.conflicts
    assert (conflict.recused, conflict.reason) == (False, "Worked there until 2024")
    fill(folder, "ben", GENEROUS["ben"], change=says("It is complicated"))
    assert codes(run(folder)) == []


def test_names_are_found_by_words_that_nobody_else_uses(tmp_path):
    evaluation = load_evaluation(write(tmp_path))

    def named(text, key=None, texts=()):
        names = {"acme": "Acme Data", "bolt": "Ørsted Data", "cord": "Data Cord"}
        statements = {"ben": Statement(text, Location("scores/ben.xlsx"))}
        return [i.vendor for i in declared_interests(evaluation, statements, names, key, texts)[0]]

    assert named("ørsted paid my studies") == ["bolt"]
    assert named("I like data", texts=["our data is safe"]) == []
    assert named("V2 is known to me", ScoreKey(codes={"V1": "acme", "V2": "cord"})) == ["cord"]
    assert named("V2 is known to me") == []


# ---- what is said of it


def test_page_one_says_who_is_recused_and_what_it_would_change(tmp_path):
    result = run(write(tmp_path, INTEREST))
    (conflict,) = result.panel.conflicts
    told = dict(should_know(result))["Interest"]
    assert told == (
        "ben declared an interest in acme: Worked there until 2024. "
        f"ben is recused for acme; their 3 levels would change its score by +{conflict.effect:.1f} and "
        f"{'no rank' if result.vendor('acme').rank == 1 else 'its rank to 1'}."
    )
    for text in (words(comparison_html(result)), words(appendix_html(result)), ranked_table(result)):
        assert "ben is recused for acme; their 3 levels would change its score by" in text
    cells = {cell.value for row in load_workbook(io.BytesIO(shortlist(result)))["Panel"].iter_rows() for cell in row}
    assert any("ben is recused for acme" in str(text) for text in cells)
    assert "(5)" in words(appendix_html(result))


def test_page_one_says_who_let_the_levels_count_and_why(tmp_path):
    result = run(write(tmp_path, LIFTED))
    told = dict(should_know(result))["Interest"]
    assert "ben is not recused for acme: their 3 levels count, and change its score by +" in told
    assert told.endswith("Decided by Eva L.: Nobody else reads German.")


@pytest.mark.parametrize(
    "text", ["No conflicts of interest.", "I have none", "None to declare", "no interest in any vendor"]
)
def test_who_declares_none_declares_none(tmp_path, text):
    folder = write(tmp_path)
    fill(folder, "ben", GENEROUS["ben"], change=says(text))
    result = run(folder)
    assert (result.panel.conflicts, codes(result)) == ((), [])


@pytest.mark.parametrize("command", ["evaluate", "rank", "check"])
def test_a_run_says_once_whose_levels_count_no_longer(tmp_path, command):
    folder = write(tmp_path, INTEREST)
    options = ["--format", "json"] if command == "evaluate" else []
    done = CliRunner().invoke(main, [command, str(folder), *options])
    sentence = "ben's levels for acme no longer count; recuse: false with decided_by and why lets them"
    assert done.output.count(sentence) == 1
    decided = INTEREST.replace("2024}", "2024, decided_by: Eva L., why: As our rules say}")
    again = write(tmp_path / "decided", decided)
    assert "no longer count" not in CliRunner().invoke(main, [command, str(again), *options]).output


def test_the_log_has_interests_of_the_evaluation_and_of_sheets(tmp_path):
    folder = write(tmp_path, LIFTED)
    fill(folder, "ana", GENEROUS["ana"], change=says("Bolt paid my studies"))
    evaluation = load_evaluation(folder)
    readings = read_responses(evaluation)
    state = present(evaluation, Read(("acme", "bolt", "cord"), scores_of(evaluation, readings)))
    assert (state["conflict/ben/acme"].act, state["conflict/ben/acme"].by) == ("recusal_lifted", "Eva L.")
    told = state["conflict/ana/bolt"]
    assert (told.act, told.by, told.why) == ("conflict", "Ana P.", "Bolt paid my studies")
    # Rows of the recused stay in the log.
    assert state["sheet/ana/bolt/R1"].new["level"] == 3


def test_a_tender_with_an_interest_on_a_sheet_is_frozen_and_an_erased_one_is_found(tmp_path):
    folder = write(tmp_path)
    fill(folder, "ben", GENEROUS["ben"], change=says("My brother works at bolt"))

    def command(*words):
        done = CliRunner().invoke(main, [*map(str, words)], env={"VENDOR_EVAL_BY": "Ruth Adler"})
        assert done.exit_code == 0, done.output

    command("seal", folder, "--late", "Responses came early")
    command("evaluate", folder, "--format", "json")
    command("freeze", folder, "-o", tmp_path / "a.zip")
    command("verify", tmp_path / "a.zip")
    fill(folder, "ben", GENEROUS["ben"])
    # As somebody would who writes no line into the log.
    result = run(folder).to_json().encode()
    (folder / "out" / "results.json").write_bytes(result)
    listed = json.loads((folder / "out" / "manifest.json").read_text())
    listed["sha256"]["results.json"] = hashlib.sha256(result).hexdigest()
    (folder / "out" / "manifest.json").write_text(json.dumps(listed))
    faults = verify(folder).faults
    assert [(fault.code, fault.location.file) for fault in faults] == [("changed", "evaluation.yaml")]
