"""What holds for every valid profile, over 20,000 of them at once."""

import numpy as np
import pytest
import sourcing_reference as reference
from sourcing_builders import MODEL, changed, code, random_columns, rows, with_terms

from vendor_eval.sourcing import batch
from vendor_eval.sourcing.model import OPTIONS

COUNT = 24_000  # a sixth contradicts itself and falls out
IN_HOUSE, PARTNER, SEQUENCE, CROWD = range(4)


@pytest.fixture(scope="module")
def profiles():
    drawn = random_columns(np.random.default_rng(20261124), COUNT)
    assert len(drawn) >= 20_000
    return drawn


@pytest.fixture(scope="module")
def evaluated(profiles):
    return batch.evaluate(MODEL, profiles)


def test_the_arrays_say_of_each_profile_what_the_plain_tables_say(profiles, evaluated):
    plain = rows(profiles)
    assert np.allclose(evaluated.totals, [list(reference.totals(p).values()) for p in plain], rtol=0, atol=1e-9)
    assert evaluated.removed.tolist() == [[bool(gone) for gone in reference.removed(p).values()] for p in plain]
    for name, matched in evaluated.matched.items():
        assert matched.tolist() == [reference.checklists(p)[name] for p in plain]
    winners = [(OPTIONS[winner], clash) for winner, clash in zip(*_choice(evaluated), strict=True)]
    assert winners == [reference.choose(p) for p in plain]


def _choice(evaluated):
    return evaluated.choice.winner.tolist(), evaluated.choice.conflict.tolist()


def test_overlay_crowd_tags_and_weights_are_those_of_the_plain_tables(profiles, evaluated):
    plain = rows(profiles)
    overlays = batch.overlays(MODEL, profiles, evaluated)
    assert [MODEL.file.overlays[i].id for i in overlays] == [reference.overlay(p) for p in plain]
    crowd = batch.crowd_options(MODEL, evaluated)
    assert [batch.CROWD_OPTIONS[i] for i in crowd] == [reference.crowd_option(p) for p in plain]
    names = np.array([tag.id for tag in MODEL.file.scorecard.tags])
    tags = [names[has].tolist() for has in batch.tags(MODEL, profiles)]
    assert tags == [reference.tags(p) for p in plain]
    weights = batch.scorecard_weights(MODEL, profiles)
    assert weights.tolist() == [reference.area_weights(mine) for mine in tags]


def test_data_that_may_not_leave_always_stays_in_house(profiles):
    no = np.full(len(profiles), code("data_may_leave", "no"))
    found = batch.evaluate(MODEL, changed(profiles, data_may_leave=no))
    assert (found.choice.winner == IN_HOUSE).all()


def test_the_crowd_is_never_the_outcome(evaluated):
    assert CROWD not in evaluated.choice.winner


def test_more_work_never_raises_the_in_house_total(profiles):
    before = batch.evaluate(MODEL, profiles).totals[:, IN_HOUSE]
    for factor in (1.3, 3.0, 40.0):
        more = profiles.arrays["workload_fte"] * factor
        after = batch.evaluate(MODEL, changed(profiles, workload_fte=more)).totals[:, IN_HOUSE]
        assert (after <= before + 1e-9).all()


def test_stronger_sensitivity_never_raises_the_crowd(profiles):
    order = ("public", "internal", "confidential", "regulated", "internal_only")
    totals = [
        batch.evaluate(MODEL, changed(profiles, sensitivity=np.full(len(profiles), code("sensitivity", word)))).totals[
            :, CROWD
        ]
        for word in order
    ]
    assert (np.diff(totals, axis=0) <= 1e-9).all()


def test_going_back_to_discovering_never_raises_the_partner(profiles):
    def partner(stability):
        codes = np.full(len(profiles), code("stability", stability))
        return batch.evaluate(MODEL, changed(profiles, stability=codes)).totals[:, PARTNER]

    assert (partner("discovering") <= partner("stable") + 1e-9).all()


def test_gaining_experts_of_ones_own_never_lowers_in_house(profiles):
    def in_house(expertise):
        codes = np.full(len(profiles), code("expertise_in_house", expertise))
        return batch.evaluate(MODEL, changed(profiles, expertise_in_house=codes)).totals[:, IN_HOUSE]

    assert (in_house("sufficient") >= in_house("none") - 1e-9).all()


def test_more_people_of_ones_own_never_lower_in_house_nor_raise_the_partner(profiles, evaluated):
    for more in (0.5, 2.0, 20.0, 200.0):
        people = profiles.arrays["in_house_fte"] + more
        after = batch.evaluate(MODEL, changed(profiles, in_house_fte=people)).totals
        assert (after[:, IN_HOUSE] >= evaluated.totals[:, IN_HOUSE] - 1e-9).all()
        assert (after[:, PARTNER] <= evaluated.totals[:, PARTNER] + 1e-9).all()


def test_work_inside_ones_own_systems_never_raises_the_partner(profiles):
    def partner(leave):
        codes = np.full(len(profiles), code("data_may_leave", leave))
        return batch.evaluate(MODEL, changed(profiles, data_may_leave=codes)).totals[:, PARTNER]

    assert (partner("our_environment_only") <= partner("vetted_partner") + 1e-9).all()


def test_model_tool_and_whose_data_it_is_change_no_total(profiles, evaluated):
    count, owned = len(profiles), ~profiles.arrays["third_party_data"]
    model, tool = np.full(count, code("model_type", "agent")), np.full(count, code("tool", "ours"))
    after = batch.evaluate(MODEL, changed(profiles, model_type=model, tool=tool, third_party_data=owned))
    assert (after.totals == evaluated.totals).all()


def test_no_tag_takes_from_labor_and_random_sets_of_tags_keep_the_floors():
    rng = np.random.default_rng(13)
    names = list(MODEL.tags)
    for tag in MODEL.tags.values():
        assert tag.delta.get("labor_ethics", 0) >= 0
    for has in rng.random((3000, len(names))) < 0.4:
        chosen = [name for name, chance in zip(names, has, strict=True) if chance]
        points = MODEL.points(chosen)
        assert [*points.values()] == reference.area_weights(chosen)
        assert all(points[name] >= floor for name, floor in MODEL.floors.items())
        assert max(points.values()) <= 36


def test_scorecard_weights_add_up_to_100_and_keep_their_floors(profiles):
    weights = batch.scorecard_weights(MODEL, profiles)
    assert (weights.sum(axis=1) == 100).all()
    assert (weights >= np.array([*MODEL.floors.values()])).all()
    assert weights.max() <= 36


def test_no_constraint_is_bought_back_by_points(evaluated):
    chosen_is_removed = np.take_along_axis(evaluated.removed, evaluated.choice.winner[:, None], axis=1)[:, 0]
    assert (chosen_is_removed == evaluated.choice.conflict).all()


def test_only_a_close_call_is_decided_against_the_points(evaluated):
    left = np.where(~evaluated.removed[:, :CROWD], evaluated.totals[:, :CROWD], -1)
    is_best = np.argmax(left, axis=1) == evaluated.choice.winner
    assert (
        is_best | evaluated.choice.close | evaluated.choice.conflict | np.isclose(left.max(axis=1), left[:, 0])
    ).all()


def test_close_calls_and_conflicts_are_as_frequent_as_the_specification_found(evaluated):
    assert evaluated.choice.close.mean() == pytest.approx(0.18, abs=0.04)
    assert evaluated.choice.conflict.mean() == pytest.approx(0.16, abs=0.06)


def test_the_crowd_would_win_close_calls_only():
    """Enumerates every profile in which no constraint bars the crowd: the numbers beside `options` in the file."""
    values = {
        "stage": 5,
        "stability": 3,
        "scale_up_expected": (False, True),
        "workload_fte": (1.0, 5.0, 25.0),
        "volume_pattern": 2,
        "type": tuple(code("type", word) for word in ("cv_basic", "cv_dense", "nlp", "audio")),
        "sensitivity": tuple(code("sensitivity", word) for word in ("public", "internal")),
        "feedback_loop": 3,
        "weeks_to_first_batch": (2.0, 8.0, 16.0),
        "in_house_fte": (0.0, 25.0),
        "budget_model": 3,
        "perspective_bias_concern": 2,
    }
    axes = [np.arange(v) if isinstance(v, int) else np.array(v) for v in values.values()]
    grid = dict(zip(values, (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")), strict=True))
    count = len(grid["stage"])
    fixed = {
        "complexity": code("complexity", "simple_low_context"),
        "expertise_needed": code("expertise_needed", "general"),
        "error_severity": code("error_severity", "moderate"),
    }
    arrays = {}
    for name in MODEL.file.fields:
        filler = (
            np.zeros((count, len(MODEL.file.fields["regimes"].values)), dtype=bool)
            if name == "regimes"
            else np.zeros(count, dtype=int)
        )
        arrays[name] = grid.get(name, np.full(count, fixed[name]) if name in fixed else filler)
    arrays["max_in_house_fte"] = np.full(count, 10.0)
    arrays["harmful_content"] = np.zeros(count, dtype=bool)
    found = batch.evaluate(MODEL, with_terms(arrays))
    assert not found.removed[:, CROWD].any()
    best = np.where(~found.removed[:, :CROWD], found.totals[:, :CROWD], -1).max(axis=1)
    lead = np.round(found.totals[:, CROWD] - best, 9)
    assert count == 155_520
    assert ((lead > 0).sum(), lead.max(), ((lead <= 0) & (lead > -4)).sum()) == (1140, 3.8, 9288)
