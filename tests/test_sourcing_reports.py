"""The advice in the terminal and as JSON: what is grave comes first, and the names are a contract."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner
from sourcing_builders import MINIMAL, MODEL, SAMPLES, own_criteria, replaced

from vendor_eval import advise
from vendor_eval.cli import main
from vendor_eval.reports.terminal.advice import advice_report
from vendor_eval.reports.wording import advice as words

CONFLICT = {**MINIMAL, "data_may_leave": "no", "workload_fte": 30, "max_in_house_fte": 4}

# advise --json in the specification of the evaluation: names and kinds.
CONTRACT = {
    "outcome": str,
    "conflict": bool,
    "close_call": bool,
    "margin": float,
    "totals": dict,
    "removed": dict,
    "automation_overlay": str,
    "crowd_option": str,
    "checklist": dict,
    "conditions": list,
    "ways_out": list,
    "flips": list,
    "factors": list,
    "stability": float,
    "scorecard_weights": dict,
    "tags": list,
    "context": dict,
    "defaults_used": list,
    "warnings": list,
    "cost": dict,
}


def _run(*arguments):
    return CliRunner().invoke(main, ["advise", *map(str, arguments)])


def _lines(profile):
    return advice_report(advise(profile)).splitlines()


# ------------------------------------------------------------------------------------------------ JSON


def test_the_names_of_the_json_are_the_contract():
    printed = _run(SAMPLES / "defect-classifier.yaml", "--json")
    advice = json.loads(printed.stdout)
    assert {name: type(advice[name]) for name in CONTRACT} == CONTRACT
    assert set(advice["totals"]) == {"in_house", "managed_partner", "in_house_then_scale", "crowd"}
    assert advice["checklist"]["managed_partner"] == [1, 4]
    assert advice["removed"] == {"in_house": ["HC7"]}
    assert {"id", "weight", "fit", "reason"} <= set(advice["factors"][0])
    assert {"field", "value", "outcome"} <= set(advice["flips"][0])
    assert advice["cost"]["case"] == "partner_above"
    assert set(advice["cost"]["break_even"]) == {"units", "hours", "fte"}
    assert (
        set(advice["cost"]["per_unit"]) == set(advice["cost"]["per_correct_unit"]) == {"in_house", "partner", "crowd"}
    )
    assert set(advice["scorecard_weights"]) == set(MODEL.criteria.weighted_categories)


def test_a_profile_without_costs_has_null_for_them():
    assert json.loads(_run(SAMPLES / "agtech-weeds.yaml", "--json").stdout)["cost"] is None


def test_the_file_holds_what_the_terminal_prints_as_json(tmp_path):
    done = _run(SAMPLES / "agtech-weeds.yaml", "--json", "-o", tmp_path / "advice.json")
    assert done.exit_code == 0
    assert (tmp_path / "advice.json").read_text(encoding="utf-8") == done.stdout


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_bytes_come_out_whatever_the_hash_seed(seed):
    command = [sys.executable, "-m", "vendor_eval", "advise", str(SAMPLES / "defect-classifier.yaml"), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert done.stdout.decode() == advise(SAMPLES / "defect-classifier.yaml").to_json()


# ------------------------------------------------------------------------------------------------ terminal


def test_a_close_call_is_said_first_with_both_options():
    first = " ".join(_lines(SAMPLES / "agtech-weeds-moving.yaml")[1:5])
    assert first.startswith("CLOSE CALL. Managed partner (77.0) and in-house first (76.2) are 0.8 points apart")
    assert "Put both before whoever decides." in first


def test_a_close_call_against_the_points_says_what_decided():
    first = " ".join(_lines(SAMPLES / "insurer-claims-no-growth.yaml")[1:6])
    assert "The guide's checklist decided: 3 of 4 lines for in-house, 1 of 2 for the other." in first
    assert "78.9 of 100 points, 3.4 behind in-house first (82.3)" in first


def test_a_conflict_is_said_first_with_what_removed_what_and_the_ways_out():
    text = "\n".join(_lines(CONFLICT))
    assert text.startswith("CONFLICT. Nothing is left to choose")
    assert (
        text.index("HC7 removes in-house") < text.index("Ways out:") < text.index("Cut the scope") < text.index("Why")
    )


def test_a_clear_case_says_its_lead_and_how_firm_it_is():
    lines = _lines(SAMPLES / "av-perception.yaml")
    assert lines[1].startswith("Give the work to a managed partner: 87.8 of 100 points, 23.6 ahead of in-house first")
    text = " ".join(lines)
    assert "the outcome stays in 100 % of 2,000 runs: clear under this model." in text
    assert "Its largest factor is stage and stability (+15.4), and it rests on 'In-House vs" in text
    assert "proof" not in text
    unclear = " ".join(_lines(SAMPLES / "agtech-weeds-moving.yaml"))
    assert "of 2,000 runs. Labels" in unclear
    assert "clear under this model" not in unclear.partition("Why")[0]


def test_the_only_option_left_says_so():
    assert _lines({**MINIMAL, "data_may_leave": "no"})[0].startswith("Annotate in-house: the only option that is left")


def test_the_report_names_what_was_assumed_and_where_it_ends():
    text = " ".join(_run(SAMPLES / "agtech-weeds.yaml").stdout.split())
    for name in advise(SAMPLES / "agtech-weeds.yaml").defaults_used:
        assert f"{name} = " in text
    for limit in MODEL.file.limits:
        assert limit in text


def test_costs_are_printed_with_the_break_even_as_a_case():
    text = " ".join(_run(SAMPLES / "defect-classifier.yaml").stdout.split())
    assert "The partner is cheaper above 148,521 units a year (891 hours of in-house work, 0.6 full-time" in text
    assert "at most USD 10.80 an hour" in text
    assert "in_house.productive_hours = 1450 by default (E)" in text


def test_missing_costs_are_asked_for_by_name():
    text = " ".join(advice_report(advise({**MINIMAL, "cost": {"units_per_year": 1000}})).split())
    assert "Not yet comparable" in text
    assert "give partner.price: Quoted price a unit" in text


def test_what_changed_since_the_previous_advice_is_said():
    text = " ".join(_run(SAMPLES / "insurer-claims-a-year-on.yaml").stdout.split())
    assert "The advice of 24 November 2026 was in-house first; now it is managed partner" in text
    assert "stage: prototype, now pre_production (this did it)" in text
    assert "Not yet: G4 is open" in text


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.yaml")))
def test_every_sample_profile_can_be_reported(name):
    done = _run(SAMPLES / f"{name}.yaml")
    assert (done.exit_code, max(map(len, done.stdout.splitlines())) <= 120) == (0, True)


# ------------------------------------------------------------------------------------------------ words


def test_a_gap_that_would_round_to_no_close_call_shows_its_digits():
    profile = {**MINIMAL, "stability": "stabilising", "stage": "pre_production", "workload_fte": 12}
    advice = advise(profile)
    rounded = advice.model_copy(update={"close_call": True, "margin": 3.96, "totals": {}})
    options = tuple(
        option.model_copy(update={"total": {advice.outcome: 80.04}.get(str(option.outcome), 76.04)})
        for option in advice.options
    )
    text = " ".join(words.close_call(rounded.model_copy(update={"options": options, "margin": 3.96})))
    assert "are 3.96 points apart, less than 4" in text


def test_flips_of_one_field_to_one_outcome_are_said_together():
    flips = dict(words.flips(advise(SAMPLES / "agtech-weeds-moving.yaml")))
    assert flips["stage = exploration, prototype or maintenance"] == "In-house first"
    assert flips["workload_fte up to 10"] == "In-house first"
    assert flips["weeks_to_first_batch above 12"] == "In-house first"


# ------------------------------------------------------------------------------------------------ command


def test_faults_of_a_profile_are_printed_with_their_places_and_exit_1(tmp_path):
    path = tmp_path / "profile.yaml"
    path.write_text(yaml.safe_dump({**MINIMAL, "stage": "exploraton"}), encoding="utf-8")
    done = _run(path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "profile.yaml:" in done.stderr
    assert "did you mean 'exploration'" in done.stderr


def test_an_output_of_another_kind_is_wrong_usage(tmp_path):
    assert _run(SAMPLES / "agtech-weeds.yaml", "-o", tmp_path / "advice.docx").exit_code == 2


def test_the_criteria_command_checks_the_model_too(tmp_path):
    own_criteria(tmp_path, replaced("    weight: 22\n", "    weight: 23\n"))
    done = CliRunner().invoke(main, ["criteria", str(tmp_path)])
    assert done.exit_code == 1
    assert "sourcing.yaml" in done.stderr
    assert "weights-not-100" in done.stderr
