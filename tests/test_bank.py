"""Version 1 of the shipped criteria says what the question bank and its rules say.

`tests/bank` holds both as they were written for people. Here they are put together a second time, apart from the
criteria files, and compared whole: a changed score, a lost gate or a new question shows up as a difference.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
CRITERIA = HERE.parent / "criteria" / "annotation-partner-1"

# ---- reading


class Yaml12(yaml.CSafeLoader):
    """Reads scalars by the core schema of YAML 1.2, where `yes`, `no` and dates are text."""


Yaml12.yaml_implicit_resolvers = {}
for _tag, _pattern, _starts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _starts)


def _load(path: Path) -> Any:
    # S506 warns of loaders that build objects; this one is a SafeLoader.
    return yaml.load(path.read_text(encoding="utf-8"), Yaml12)  # noqa: S506


BANK = json.loads((HERE / "bank" / "question-bank.json").read_text(encoding="utf-8"))
RULES = _load(HERE / "bank" / "rules.yaml")
FILES = {path.stem: _load(path) for path in sorted(CRITERIA.glob("*.yaml"))}

SCORECARD = FILES["scorecard"]
CATEGORIES = {FILES[name]["category"]: FILES[name] for name in FILES if "category" in FILES[name]}
PROFILE = CATEGORIES.pop("vendor_profile")

BANK_QUESTIONS = {question["id"]: question for category in BANK["categories"] for question in category["questions"]}
GATE_PROSE = {id_: question["gate"] for id_, question in BANK_QUESTIONS.items() if "gate" in question}
CONDITION_PROSE = {id_: question["applies"] for id_, question in BANK_QUESTIONS.items() if "applies" in question}
SPLIT = {id_: rule["split_into"] for id_, rule in RULES["questions"].items() if "split_into" in rule}
CORE = {id_ for line in RULES["core"]["questions"] for id_ in line}
CORE_IF_KNOCK_OUT = set(RULES["core"]["also_if_its_knock_out_applies"])

# ---- what must stand there

YES_NO_PARTIAL = {"yes": 100, "partial": 50, "no": 0}
TAKEN_FROM_RULES = (
    "text",
    "evidence",
    "options",
    "points_when",
    "above_100",
    "cap_if",
    "comment_required",
    "applies",
    "gates",
    "judgement",
)


def _with_option_ids(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": letter, **option} for letter, option in zip(ascii_lowercase, options, strict=False)]


def _full(question: dict[str, Any]) -> dict[str, Any]:
    """Spell out what a question leaves to its defaults."""
    defaults: dict[str, Any] = {"tier": "full"}
    if question["type"] == "yes_no_partial":
        defaults["scores"] = YES_NO_PARTIAL
    full = defaults | question
    if "options" in full:
        full["options"] = _with_option_ids(full["options"])
    return full


def _without_prose(question: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in question.items() if key not in {"criterion", "gate", "note"}}
    if isinstance(kept.get("applies"), str):
        del kept["applies"]
    return kept | {"type": {"rubric_0_5": "rubric"}.get(kept["type"], kept["type"])}


def _ruled(id_: str) -> dict[str, Any]:
    """What the rules change in a question, in the keys of the criteria."""
    rule = RULES["questions"].get(id_, {})
    changes = {key: rule[key] for key in TAKEN_FROM_RULES if key in rule}
    if "none_scores" in rule:
        changes["none"] = rule["none_scores"]["none"]
    if "certification" in rule:
        changes |= RULES["certification_parts"]["questions"][rule["certification"]]
    for check in RULES["certification_parts"]["checks"]:
        if id_ in check["questions"]:
            changes["within_months"] = check["within_months_of_as_of"]
    return changes


def _marks(category: str, id_: str) -> dict[str, Any]:
    marks: dict[str, Any] = {"tier": "core"} if id_ in CORE else {}
    if id_ in CORE_IF_KNOCK_OUT:
        marks["core_if_knock_out"] = True
    expected = RULES["document_expected"]
    if category in expected["categories"] or id_ in expected["questions"]:
        marks["document_expected"] = True
    return marks


def _expected(category: str, question: dict[str, Any]) -> dict[str, Any]:
    id_ = question["id"]
    return _full(_without_prose(question) | _ruled(id_) | _marks(category, id_))


def _in_order(category: dict[str, Any], criterion: str) -> Iterator[dict[str, Any]]:
    """The questions of a criterion: the bank's, each followed by those split from it, then the added ones."""
    for question in category["questions"]:
        if question["criterion"] == criterion:
            yield question
            yield from SPLIT.get(question["id"], [])
    yield from (question for question in RULES["added"] if question["criterion"] == criterion)


EXPECTED = {
    question["id"]: _expected(category["id"], question)
    for category in BANK["categories"]
    for criterion in category["criteria"]
    for question in _in_order(category, criterion["id"])
}


# ---- what stands there


def _questions(*categories: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        question for category in categories for criterion in category["criteria"] for question in criterion["questions"]
    ]


WEIGHTED = {question["id"]: question for question in _questions(*CATEGORIES.values())}
ALL = WEIGHTED | {question["id"]: question for question in _questions(PROFILE)}


def _rows(question: dict[str, Any]) -> int:
    """How many answer cells a question has in the questionnaire."""
    cells = {"multi_choice": "options", "certification": "parts"}
    return len(question[cells[question["type"]]]) if question["type"] in cells else 1


def _conditions(node: Any) -> Iterator[dict[str, Any]]:
    """Every `when` and `applies` within a file, wherever it stands."""
    if isinstance(node, list):
        for item in node:
            yield from _conditions(item)
    if isinstance(node, dict):
        yield from (node[key] for key in ("when", "applies") if key in node)
        for value in node.values():
            yield from _conditions(value)


def _named_options(question: dict[str, Any]) -> set[str]:
    """The option ids of a question that its own gates and the caps of other questions name."""
    gates = question.get("gates", [])
    by_gates = {id_ for gate in gates for test in ("one_of", "includes") for id_ in gate.get(test, [])}
    by_caps = {id_ for other in ALL.values() for id_ in other.get("cap_if", {}).get(question["id"], {})}
    return by_gates | by_caps


# ---- questions


@pytest.mark.parametrize("id_", EXPECTED)
def test_a_question_stands_in_the_criteria_as_bank_and_rules_have_it(id_: str) -> None:
    assert _full(WEIGHTED[id_]) == EXPECTED[id_]


@pytest.mark.parametrize("category", BANK["categories"], ids=lambda category: category["id"])
def test_a_category_has_the_criteria_of_the_bank_with_their_questions_in_order(category: dict[str, Any]) -> None:
    ours = CATEGORIES[category["id"]]
    applies = RULES["category_applies"].get(category["id"])
    assert (ours["title"], ours["aim"], ours.get("applies")) == (category["title"], category["aim"], applies)
    assert [
        criterion | {"questions": [question["id"] for question in criterion["questions"]]}
        for criterion in ours["criteria"]
    ] == [
        criterion | {"questions": [question["id"] for question in _in_order(category, criterion["id"])]}
        for criterion in category["criteria"]
    ]


def test_the_scorecard_asks_130_questions_of_the_bank_7_split_from_them_and_15_added() -> None:
    split = {question["id"] for questions in SPLIT.values() for question in questions}
    added = {question["id"] for question in RULES["added"]}
    assert (len(BANK_QUESTIONS), len(split), len(added)) == (130, 7, 15)
    assert set(WEIGHTED) == set(BANK_QUESTIONS) | split | added
    assert len(_questions(*CATEGORIES.values())) == len(WEIGHTED) == 152


def test_the_scores_of_a_multiple_choice_add_up_to_100() -> None:
    sums = {
        id_: sum(option["score"] for option in question["options"])
        for id_, question in WEIGHTED.items()
        if question["type"] == "multi_choice"
    }
    assert sums == dict.fromkeys(sums, 100)


def test_the_vendor_profile_asks_16_questions_without_weight_and_all_its_thresholds_are_judgement() -> None:
    expected = [
        question
        | {"weight": 0, "judgement": True}
        | {"gates": [gate | {"judgement": True} for gate in question["gates"]]}
        for question in RULES["vendor_profile"]["questions"]
    ]
    assert FILES["vendor_profile"] == {
        "category": "vendor_profile",
        "title": "Vendor profile",
        "weighted": RULES["vendor_profile"]["weighted"],
        "criteria": [{"id": "V1", "title": "The company", "weight": 100, "questions": expected}],
    }
    assert len(expected) == 16


# ---- gates and conditions

KINDS = {"KO": "knock_out", "MUST": "must", "flag": "flag"}
NO_GATE = {"WRK-02": "points_when"}  # "scale anchors x0.25 for simple tasks" says how to score


def _kinds_in(prose: str) -> list[str]:
    return [KINDS[word] for word in re.findall("|".join(KINDS), prose)]


@pytest.mark.parametrize(("id_", "prose"), GATE_PROSE.items(), ids=GATE_PROSE)
def test_a_gate_that_the_bank_writes_in_prose_is_data(id_: str, prose: str) -> None:
    if id_ in NO_GATE:
        assert NO_GATE[id_] in WEIGHTED[id_]
        return
    askers = [id_, *(question["id"] for question in SPLIT.get(id_, []))]
    kinds = {gate["kind"] for asker in askers for gate in WEIGHTED[asker].get("gates", [])}
    assert kinds >= set(_kinds_in(prose)) > set()


def test_the_bank_writes_22_knock_outs_21_musts_and_6_flags_on_49_questions() -> None:
    kinds = Counter(kind for prose in GATE_PROSE.values() for kind in _kinds_in(prose))
    assert len(GATE_PROSE) == 49
    assert kinds == {kind: RULES["bank"][kind] for kind in KINDS.values()}


@pytest.mark.parametrize("id_", CONDITION_PROSE)
def test_a_condition_that_the_bank_writes_in_prose_is_data(id_: str) -> None:
    assert WEIGHTED[id_]["applies"] == RULES["questions"][id_]["applies"]


@pytest.mark.parametrize("id_", [id_ for id_, rule in RULES["questions"].items() if "option_ids" in rule])
def test_an_option_id_stands_beside_the_label_that_the_rules_mean(id_: str) -> None:
    labels = {option["id"]: option["label"] for option in WEIGHTED[id_]["options"]}
    assert labels == labels | RULES["questions"][id_]["option_ids"]


def test_options_that_a_gate_or_cap_names_have_their_ids_written_out_so_that_a_new_option_moves_none() -> None:
    named = {id_: _named_options(question) for id_, question in ALL.items() if "options" in question}
    assert {id_: ids for id_, ids in named.items() if ids} == {
        id_: ids & {option.get("id") for option in ALL[id_]["options"]} for id_, ids in named.items() if ids
    }


def test_option_ids_are_written_for_all_options_of_a_question_or_for_none() -> None:
    mixed = [
        id_ for id_, question in ALL.items() if len({"id" in option for option in question.get("options", [])}) > 1
    ]
    assert mixed == []


def test_conditions_name_only_fields_and_values_of_the_context() -> None:
    conditions = [
        condition for file in [*CATEGORIES.values(), PROFILE, SCORECARD["floors"]] for condition in _conditions(file)
    ]
    named = {
        (field, value)
        for condition in conditions
        for field, wanted in condition.items()
        for value in (wanted if isinstance(wanted, list) else [wanted])
    }
    known = {(field, value) for field, entry in SCORECARD["context"].items() for value in entry["values"]}
    assert named <= known


@pytest.mark.parametrize(
    ("condition", "askers"), RULES["sourcing_conditions"].items(), ids=RULES["sourcing_conditions"]
)
def test_a_condition_of_the_sourcing_advice_is_held_by_gates(condition: str, askers: list[str]) -> None:
    assert all(ALL[asker]["gates"] for asker in askers), condition


# ---- core


def test_the_core_has_45_questions_and_7_more_join_where_their_knock_out_applies() -> None:
    tiers = Counter(question.get("tier", "full") for question in WEIGHTED.values())
    joining = {id_ for id_, question in WEIGHTED.items() if question.get("core_if_knock_out")}
    assert tiers == {"core": 45, "full": 107}
    assert joining == CORE_IF_KNOCK_OUT
    assert len(joining) == 7
    assert all("knock_out" in {gate["kind"] for gate in WEIGHTED[id_]["gates"]} for id_ in joining)


def test_the_questionnaires_have_as_many_answer_rows_as_the_rules_count() -> None:
    core = [question for question in WEIGHTED.values() if question.get("tier") == "core"]
    joining = [question for question in WEIGHTED.values() if question.get("core_if_knock_out")]
    rows = {
        "core": sum(map(_rows, core)),
        "core_with_all_of_also": sum(map(_rows, core + joining)),
        "full": sum(map(_rows, WEIGHTED.values())),
        "vendor_profile": sum(map(_rows, _questions(PROFILE))),
    }
    assert (
        rows == RULES["core"]["rows"] == {"core": 95, "core_with_all_of_also": 106, "full": 280, "vendor_profile": 16}
    )


# ---- scorecard

# Points for platform, workforce, Gen AI, engagement, QA, labour, security: the table of presets in the sourcing model.
PRESETS = {
    "balanced": (12, 16, 10, 12, 20, 12, 18),
    "cv_high_volume": (18, 14, 2, 20, 22, 10, 14),
    "seasonal_cv": (16, 12, 2, 26, 20, 10, 14),
    "genai_rlhf_sft": (10, 16, 26, 10, 16, 10, 12),
    "genai_confidential": (8, 16, 26, 8, 14, 10, 18),
    "genai_regulated": (6, 14, 24, 4, 18, 8, 26),
    "regulated_data": (10, 16, 0, 8, 24, 10, 32),
    "safety_critical_cv": (16, 16, 0, 16, 32, 8, 12),
    "domain_nlp": (12, 24, 2, 12, 22, 12, 16),
    "early_stage_pilot": (12, 22, 2, 22, 18, 10, 14),
    "trust_and_safety": (10, 16, 2, 10, 20, 26, 16),
    "strict_ethics": (12, 16, 2, 12, 22, 20, 16),
    "automation_first": (20, 14, 2, 12, 24, 12, 16),
}


def test_the_scorecard_names_itself_its_categories_and_the_vendor_profile() -> None:
    assert {key: SCORECARD[key] for key in ("scorecard", "title", "version", "categories", "vendor_profile")} == {
        "scorecard": RULES["rules"],
        "title": "Data annotation partner",
        "version": "1.0.0",
        "categories": [category["id"] for category in BANK["categories"]],
        "vendor_profile": "vendor_profile",
    }
    assert set(CATEGORIES) == set(SCORECARD["categories"])


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_gives_100_points_as_the_sourcing_model_computed_them(preset: str) -> None:
    assert SCORECARD["presets"][preset] == dict(zip(SCORECARD["categories"], PRESETS[preset], strict=True))
    assert sum(SCORECARD["presets"][preset].values()) == 100


def test_there_are_no_other_presets() -> None:
    assert list(SCORECARD["presets"]) == list(PRESETS)


def test_presets_of_gen_ai_and_of_much_computer_vision_shift_weights_inside_a_category() -> None:
    assert SCORECARD["preset_criteria"] == {
        preset: tag["weights"] for tag in RULES["criterion_weights_by_tag"].values() for preset in tag["presets"]
    }
    for shifts in SCORECARD["preset_criteria"].values():
        for category, weights in shifts.items():
            assert list(weights) == [criterion["id"] for criterion in CATEGORIES[category]["criteria"]]
            assert sum(weights.values()) == 100


def test_the_floors_are_those_of_the_rules() -> None:
    assert SCORECARD["floors"] == RULES["floors"]


@pytest.mark.parametrize("field", RULES["context"])
def test_a_context_field_is_asked_as_the_rules_say(field: str) -> None:
    # What vendors read before the value is ours.
    assert {k: v for k, v in SCORECARD["context"][field].items() if k != "label"} == RULES["context"][field]


def test_the_context_has_no_other_fields() -> None:
    assert list(SCORECARD["context"]) == list(RULES["context"])


# ---- certificates, evidence


def test_certificates_are_asked_and_judged_by_the_parts_and_the_decision_table_of_the_rules() -> None:
    rules = RULES["certification_parts"]
    assert FILES["certification"] == {
        "best": "a valid certificate that names our site and our service",
        "parts": rules["parts"],
        "needed_for_value": rules["needed_for_value"],
        "asked_if_status": ["valid", "renewal_booked"],
        "edition_also_for": ["stage1_passed"],
        "complete_alone": ["none", "self_declared", "expired", "in_progress"],
        "needed_for_document": rules["needed_for_document"],
        "table": rules["table"],
    }


def test_certification_questions_use_the_parts_in_their_order_and_statuses_that_exist() -> None:
    parts = [part["id"] for part in FILES["certification"]["parts"]]
    statuses = FILES["certification"]["parts"][0]["values"]
    asked = [question for question in WEIGHTED.values() if question["type"] == "certification"]
    assert {question["id"] for question in asked} == set(RULES["certification_parts"]["questions"])
    for question in asked:
        assert question["parts"] == [part for part in parts if part in question["parts"]]
        assert set(question.get("statuses", [])) | set(question.get("status_values", {})) <= set(statuses)


@pytest.mark.parametrize("key", RULES["evidence_words"])
def test_words_that_prove_nothing_are_those_of_the_rules(key: str) -> None:
    assert FILES["evidence_words"][key] == RULES["evidence_words"][key]
    assert set(FILES["evidence_words"]) == set(RULES["evidence_words"])
