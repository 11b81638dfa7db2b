"""Laws of the score, as properties over random small criteria and answers."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from builders import evaluated, run, write_evaluation, write_response
from hypothesis import HealthCheck, given, settings, strategies as st
from places import old_samples

# A case writes workbooks, so that what is read is what a vendor would send.
fast = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOLERANCE = 1e-9

PERCENT = {"type": "percentage", "points": [[0, 0], [100, 100]]}
YES_NO = {"type": "yes_no_partial"}
CHOICE = {
    "type": "single_choice",
    "options": [{"label": "None", "score": 0}, {"label": "Some", "score": 35}, {"label": "All", "score": 90}],
}
TICKS = {"type": "multi_choice", "options": [{"label": "One", "score": 60}, {"label": "Two", "score": 55}]}
SHARE = {
    "type": "figures",
    "parts": [
        {"id": "right", "text": "How many were right?", "type": "number"},
        {"id": "of", "text": "Of how many?", "type": "number"},
    ],
    "compute": {"rule": "share", "of": ["right", "of"]},
    "points": [[0, 0], [100, 100]],
}
KINDS = (PERCENT, YES_NO, CHOICE, TICKS, SHARE)
ROWS = {"multi_choice": (".a", ".b"), "figures": (".right", ".of")}

# Answers of each kind from worst to best, as the rows of a workbook.
LADDERS = {
    "percentage": [[("", 0)], [("", 7.5)], [("", 40)], [("", 99)], [("", 100)]],
    "yes_no_partial": [[("", "No")], [("", "Partial")], [("", "Yes")]],
    "single_choice": [[("", "None")], [("", "Some")], [("", "All")]],
    "figures": [[(".right", 0), (".of", 9)], [(".right", 3), (".of", 8)], [(".right", 7), (".of", 7)]],
    "multi_choice": [
        [(".a", "No"), (".b", "No")],
        [(".a", "No"), (".b", "Yes")],
        [(".a", "Yes"), (".b", "No")],
        [(".a", "Yes"), (".b", "Yes")],
    ],
}
SILENT = (None, "n/a")

weights = st.sampled_from([1, 2, 3, 0.5, 10])
evidence = st.sampled_from([None, "Contract, annex 2", "on request"])
calculation = st.fixed_dictionaries({"missing": st.sampled_from(["zero", "exclude"]), "caps": st.booleans()})


@st.composite
def trees(draw) -> dict[str, object]:
    """One to three categories of one or two criteria of one to three questions; some of weight 0."""
    tree: dict[str, object] = {}
    number = 0
    for category in "abc"[: draw(st.integers(1, 3))]:
        criteria = {}
        for index in range(draw(st.integers(1, 2))):
            questions = {}
            for position in range(draw(st.integers(1, 3))):
                number += 1
                weight = draw(weights) if position == 0 else draw(st.one_of(weights, st.just(0)))
                questions[f"Q{number}"] = {**draw(st.sampled_from(KINDS)), "weight": weight}
            criteria[f"{category}{index}"] = {"weight": draw(weights), **questions}
        tree[category] = criteria
    return tree


def questions(tree: Mapping[str, Mapping[str, Mapping[str, object]]]) -> dict[str, str]:
    """Types by id."""
    return {
        name: question["type"]
        for criteria in tree.values()
        for criterion in criteria.values()
        for name, question in criterion.items()
        if name != "weight"
    }


@st.composite
def replies(draw, tree):
    """What one vendor says: a step of each ladder, nothing, n/a, or nonsense; with or without proof."""
    given = {}
    for name, kind in questions(tree).items():
        choice = draw(st.sampled_from([*range(len(LADDERS[kind])), "blank", "n/a", "invalid"]))
        given[name] = (choice, draw(evidence))
    return given


def rows(tree, reply) -> dict[str, object]:
    """Turn a reply into the rows of a workbook."""
    result = {}
    for name, kind in questions(tree).items():
        choice, proof = reply[name]
        if choice == "blank":
            result[name + ROWS.get(kind, ("",))[0]] = (None, proof)
        elif choice in {"n/a", "invalid"}:
            parts = ROWS.get(kind, ("",))
            result |= {name + part: ("n/a" if choice == "n/a" else "who knows", proof, "Said so") for part in parts}
        else:
            result |= {name + part: (cell, proof, "One site") for part, cell in LADDERS[kind][choice]}
    return result


@st.composite
def cases(draw, vendors=2):
    tree = draw(trees())
    names = ["acme", "bolt", "cord"][:vendors]
    return tree, {name: draw(replies(tree)) for name in names}, draw(calculation)


def score(case_tree, replies_of, how, **options):
    """Evaluate in a folder of its own."""
    settings_ = f"{{missing: {how['missing']}{'' if how['caps'] else ', evidence: off'}{options.pop('more', '')}}}"
    answers = {vendor: rows(case_tree, reply) for vendor, reply in replies_of.items()}
    with tempfile.TemporaryDirectory() as folder:
        return evaluated(Path(folder), case_tree, answers, settings=settings_, **options)


def totals(result):
    return {v.id: (v.score, v.low, v.high, v.claimed, v.coverage) for v in result.vendors}


def close(first, second):
    assert first.keys() == second.keys()
    for vendor, numbers in first.items():
        assert numbers == pytest.approx(second[vendor], abs=TOLERANCE)


# ------------------------------------------------------------------------------------------------ sums


@fast
@given(cases())
def test_contributions_add_up_to_the_total(case):
    tree, given_, how = case
    for vendor in score(tree, given_, how).vendors:
        categories = [node for node in vendor.nodes if node.kind == "category"]
        assert sum(node.contribution for node in categories) == pytest.approx(vendor.score, abs=TOLERANCE)
        assert sum(answer.contribution for answer in vendor.answers) == pytest.approx(vendor.score, abs=TOLERANCE)
        for node in vendor.nodes:
            below = [child.contribution for child in vendor.nodes if child.parent == node.id]
            below += [answer.contribution for answer in vendor.answers if answer.parent == node.id]
            assert sum(below) == pytest.approx(node.contribution, abs=TOLERANCE)


@fast
@given(cases())
def test_weights_of_what_is_asked_add_up_to_one(case):
    tree, given_, how = case
    for vendor in score(tree, given_, how).vendors:
        assert sum(answer.global_weight for answer in vendor.answers) == pytest.approx(1, abs=TOLERANCE)
        left = sum(answer.effective_weight for answer in vendor.answers)
        assert left == pytest.approx(1 if any(node.score is not None for node in vendor.nodes) else 0, abs=TOLERANCE)


@fast
@given(cases())
def test_low_score_and_high_stand_in_order_on_every_node(case):
    tree, given_, how = case
    for vendor in score(tree, given_, how).vendors:
        assert vendor.low <= vendor.score + TOLERANCE
        assert vendor.score <= vendor.high + TOLERANCE
        assert vendor.credited <= vendor.claimed + TOLERANCE
        for node in vendor.nodes:
            if node.score is not None:
                assert (
                    -TOLERANCE <= node.low <= node.score + TOLERANCE <= node.high + 2 * TOLERANCE <= 100 + 3 * TOLERANCE
                )
                assert node.score <= node.claimed + TOLERANCE <= node.reach + 2 * TOLERANCE
                assert node.high <= node.reach + TOLERANCE


# ------------------------------------------------------------------------------------------------ what changes nothing


@fast
@given(cases(), st.sampled_from([0.25, 3, 7.1, 1000]), st.data())
def test_scaling_all_weights_of_a_node_changes_nothing(case, factor, data):
    tree, given_, how = case
    category = data.draw(st.sampled_from(sorted(tree)))
    criterion = data.draw(st.sampled_from(sorted(tree[category])))

    def scaled(content):
        return {
            name: question if name == "weight" else {**question, "weight": question["weight"] * factor}
            for name, question in content.items()
        }

    of_questions = {**tree, category: {**tree[category], criterion: scaled(tree[category][criterion])}}
    of_criteria = {
        **tree,
        category: {name: {**content, "weight": content["weight"] * factor} for name, content in tree[category].items()},
    }
    before = totals(score(tree, given_, how))
    close(totals(score(of_questions, given_, how)), before)
    close(totals(score(of_criteria, given_, how)), before)


@fast
@given(cases(vendors=3), st.randoms(use_true_random=False))
def test_order_of_categories_criteria_questions_rows_and_vendors_changes_nothing(case, random):
    tree, given_, how = case

    def shuffled(content):
        items = list(content.items())
        random.shuffle(items)
        return {key: shuffled(value) if key[0] in "abc" else value for key, value in items}

    names = list(given_)
    random.shuffle(names)
    listed = f", vendors: [{', '.join(f'{{id: {name}}}' for name in names)}]"
    before, after = score(tree, given_, how), score(shuffled(tree), given_, how, more=listed)
    # Sums do not depend on the order of their terms: not one bit changes.
    assert totals(before) == totals(after)
    assert before.ranking == after.ranking
    assert {v.id: (v.rank, v.best_rank, v.worst_rank) for v in before.vendors} == {
        v.id: (v.rank, v.best_rank, v.worst_rank) for v in after.vendors
    }


@fast
@given(cases(vendors=1), st.data())
def test_the_order_of_the_files_of_a_vendor_changes_nothing(case, data):
    tree, given_, how = case
    lines = [(key, *answer) for key, answer in rows(tree, given_["acme"]).items()]
    cut = data.draw(st.integers(1, len(lines)))
    found = []
    for files in (["one.xlsx", "two.xlsx"], ["two.xlsx", "one.xlsx"]):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            listed = f"{{missing: {how['missing']}, vendors: [{{id: acme, file: [{', '.join(files)}]}}]}}"
            write_evaluation(folder, tree, {}, settings=listed)
            write_response(folder / "one.xlsx", lines[:cut])
            write_response(folder / "two.xlsx", lines[cut:] or lines[:1])
            found.append(totals(run(folder)))
    assert found[0] == found[1]


@fast
@given(cases(vendors=3), st.data())
def test_removing_a_vendor_changes_no_other_score(case, data):
    tree, given_, how = case
    gone = data.draw(st.sampled_from(sorted(given_)))
    rest = {vendor: reply for vendor, reply in given_.items() if vendor != gone}
    before, after = score(tree, given_, how), score(tree, rest, how)
    for vendor in after.vendors:
        old = before.vendor(vendor.id)
        assert (vendor.score, vendor.low, vendor.high, vendor.claimed) == (old.score, old.low, old.high, old.claimed)
        assert (vendor.nodes, vendor.answers, vendor.gates) == (old.nodes, old.answers, old.gates)
    assert [name for name in before.ranking if name != gone] == list(after.ranking)


# ------------------------------------------------------------------------------------------------ what moves the score


@fast
@given(cases(vendors=1), st.data())
def test_a_better_answer_never_lowers_the_total(case, data):
    tree, given_, how = case
    name = data.draw(st.sampled_from(sorted(questions(tree))))
    ladder = LADDERS[questions(tree)[name]]
    worse, better = sorted(data.draw(st.tuples(st.integers(0, len(ladder) - 1), st.integers(0, len(ladder) - 1))))
    proof = data.draw(evidence)
    first, second = (
        score(tree, {"acme": {**given_["acme"], name: (step, proof)}}, how).vendor("acme") for step in (worse, better)
    )
    for key in ("score", "low", "high", "claimed"):
        assert getattr(first, key) <= getattr(second, key) + TOLERANCE


@fast
@given(cases(vendors=1), st.data())
def test_better_proof_never_lowers_the_total(case, data):
    tree, given_, how = case
    name = data.draw(st.sampled_from(sorted(questions(tree))))
    choice, _ = given_["acme"][name]
    bare, proven = (
        score(tree, {"acme": {**given_["acme"], name: (choice, proof)}}, how).vendor("acme")
        for proof in (None, "Contract, annex 2")
    )
    assert bare.score <= proven.score + TOLERANCE
    assert bare.claimed == pytest.approx(proven.claimed, abs=TOLERANCE)


@fast
@given(cases(vendors=1), st.sampled_from(["blank", "n/a"]), st.data())
def test_silence_never_raises_the_score(case, silence, data):
    tree, given_, how = case
    how = {**how, "missing": "zero"}
    name = data.draw(st.sampled_from(sorted(questions(tree))))
    before = score(tree, given_, how).vendor("acme")
    after = score(tree, {"acme": {**given_["acme"], name: (silence, None)}}, how).vendor("acme")
    assert after.score <= before.score + TOLERANCE
    assert after.low <= before.low + TOLERANCE
    assert after.claimed <= before.claimed + TOLERANCE
    assert after.coverage <= before.coverage + TOLERANCE


@fast
@given(cases(vendors=1), st.data())
def test_blank_and_na_count_alike(case, data):
    tree, given_, how = case
    name = data.draw(st.sampled_from(sorted(questions(tree))))
    blank, na = (score(tree, {"acme": {**given_["acme"], name: (word, None)}}, how) for word in ("blank", "n/a"))
    close(totals(blank), totals(na))


@fast
@given(cases(vendors=1), st.data())
def test_whatever_an_open_answer_turns_out_to_be_the_total_stays_between_low_and_high(case, data):
    tree, given_, how = case
    open_ = {name: reply for name, reply in given_["acme"].items() if reply[0] in {"blank", "n/a", "invalid"}}
    filled = {
        name: (data.draw(st.integers(0, len(LADDERS[questions(tree)[name]]) - 1)), "Contract, annex 2")
        for name in open_
    }
    before = score(tree, given_, how).vendor("acme")
    after = score(tree, {"acme": {**given_["acme"], **filled}}, how).vendor("acme")
    assert before.low - TOLERANCE <= after.score <= before.high + TOLERANCE


# ------------------------------------------------------------------------------------------------ hanging together


ENTANGLED = {
    "a": {
        "a0": {
            "weight": 1,
            "Q1": {**YES_NO, "weight": 1},
            "Q2": {**PERCENT, "weight": 3, "ask_if": {"Q1": ["yes"]}},
            "Q3": {**YES_NO, "weight": 2, "ask_if": {"Q1": ["no", "partial"]}},
            "Q4": {**PERCENT, "weight": 2, "ask_if": {"Q3": ["yes"]}},
        },
        "a1": {
            "weight": 2,
            "Q5": {**PERCENT, "weight": 2, "cap_if": {"Q1": {"no": 20, "partial": 50}, "Q6.b": {"no": 70}}},
            "Q6": {**TICKS, "weight": 1, "cap_if": {"Q7": {"a": 0, "b": 30}}},
            "Q7": {**CHOICE, "weight": 1},
        },
    },
}


@fast
@given(replies(ENTANGLED), st.sampled_from(["blank", "n/a"]), st.sampled_from(sorted(questions(ENTANGLED))))
def test_silence_never_pays_where_answers_hang_together(reply, silence, name):
    how = {"missing": "zero", "caps": True}
    before = score(ENTANGLED, {"acme": reply}, how).vendor("acme")
    after = score(ENTANGLED, {"acme": {**reply, name: (silence, None)}}, how).vendor("acme")
    assert after.score <= before.score + TOLERANCE
    assert after.low <= before.low + TOLERANCE


@fast
@given(replies(ENTANGLED), st.data())
def test_low_and_high_hold_where_answers_hang_together(reply, data):
    how = {"missing": data.draw(st.sampled_from(["zero", "exclude"])), "caps": data.draw(st.booleans())}
    open_ = [name for name, (choice, _) in reply.items() if choice in {"blank", "n/a", "invalid"}]
    filled = {
        name: (data.draw(st.integers(0, len(LADDERS[questions(ENTANGLED)[name]]) - 1)), "Contract, annex 2")
        for name in open_
    }
    before = score(ENTANGLED, {"acme": reply}, how).vendor("acme")
    after = score(ENTANGLED, {"acme": {**reply, **filled}}, how).vendor("acme")
    assert before.low - TOLERANCE <= before.score <= before.high + TOLERANCE
    assert before.low - TOLERANCE <= after.score <= before.high + TOLERANCE


# ------------------------------------------------------------------------------------------------ ranks


@fast
@given(cases(vendors=3))
def test_ranks_agree_with_totals_and_lie_between_best_and_worst(case):
    tree, given_, how = case
    result = score(tree, given_, how)
    for one in result.vendors:
        assert one.rank == 1 + sum(other.score > one.score + TOLERANCE for other in result.vendors)
        assert one.best_rank <= one.rank <= one.worst_rank


# ------------------------------------------------------------------------------------------------ the same bytes


@fast
@given(cases())
def test_the_same_inputs_give_the_same_bytes(case):
    tree, given_, how = case
    answers = {vendor: rows(tree, reply) for vendor, reply in given_.items()}
    with tempfile.TemporaryDirectory() as folder:
        written = write_evaluation(Path(folder), tree, answers, settings=f"{{missing: {how['missing']}}}")
        assert run(written).to_json() == run(written).to_json()


PRINT = """
import sys
from vendor_eval import evaluate, load_evaluation
sys.stdout.buffer.write(evaluate(load_evaluation(sys.argv[1])).to_json().encode())
"""


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
    ],
    ids=["east", "west"],
)
def test_hash_seed_time_zone_and_locale_change_no_byte(elsewhere, tmp_path):
    sample = old_samples() / "small"
    done = subprocess.run(
        [sys.executable, "-c", PRINT, sample],
        env={**os.environ, **elsewhere},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == run(sample).to_json()
