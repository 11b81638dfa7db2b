"""sourcing.yaml: a team changes it without touching Python, and every fault says where it is."""

import pytest
from sourcing_builders import MINIMAL, MODEL, SAMPLES, line_of, own_criteria, replaced

from vendor_eval import advise
from vendor_eval.config.shipped import criteria_folder
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.sourcing.folder import check_folder, load_sourcing


def _own_model(tmp_path, change):
    return load_sourcing(own_criteria(tmp_path, change))


# ------------------------------------------------------------------------------------------------ changing it


def test_a_changed_fit_changes_the_outcome(tmp_path):
    before = "fit: {in_house: 1.00, managed_partner: 0.40, in_house_then_scale: 0.40, crowd: 0.30}"
    after = "fit: {in_house: 0.10, managed_partner: 0.40, in_house_then_scale: 1.00, crowd: 0.30}"
    model = _own_model(tmp_path, replaced(before, after))
    profile = SAMPLES / "robotics-grasping.yaml"
    assert advise(profile).outcome == "choose_in_house"
    assert advise(profile, model=model).outcome == "start_in_house_then_scale"


def test_a_changed_weight_changes_the_totals(tmp_path):
    def change(text):
        return text.replace("    weight: 22\n", "    weight: 23\n").replace("    weight: 3\n", "    weight: 2\n")

    model = _own_model(tmp_path, change)
    advice = advise(SAMPLES / "robotics-grasping.yaml", model=model)
    assert advice.totals["in_house"] == pytest.approx(90.7 + 1.0 - 0.8)


def test_the_crowd_can_be_made_an_outcome_with_one_line(tmp_path):
    easy = {**MINIMAL, "complexity": "simple_low_context", "sensitivity": "public", "budget_model": "opex_only"}
    easy |= {"feedback_loop": "weekly", "weeks_to_first_batch": 2, "stage": "exploration", "workload_fte": 1}
    line = "    says: Give the work to a public crowd\n"
    model = _own_model(tmp_path, replaced(line, f"{line}    outcome: choose_crowd\n"))
    assert advise(easy, model=MODEL).outcome != "choose_crowd"
    assert advise(easy, model=model).outcome == "choose_crowd"


def test_a_new_constraint_removes_an_option(tmp_path):
    rule = """constraints:
  - id: HC11
    when: {type: audio}
    removes: [managed_partner]
    says: Our audio stays with us
    reason: Own rule
"""
    model = _own_model(tmp_path, replaced("constraints:\n", rule))
    assert advise({**MINIMAL, "type": "audio"}, model=model).removed["managed_partner"] == ("HC11",)


def test_a_factor_of_ones_own_counts(tmp_path):
    factor = """  - id: F9
    title: Tooling
    weight: 10
    reason: We sell the tool
    parts: [{rows: [{says: Always, reason: Own rule, fit: {in_house: 1, managed_partner: 0, in_house_then_scale: 0,
             crowd: 0}}]}]

# ------------------------------------------------------------------------------------------------ checklists
"""
    heading = "# " + "-" * 96 + " checklists\n"

    def change(text):
        return replaced(heading, factor)(text.replace("    weight: 22\n", "    weight: 12\n"))

    advice = advise(MINIMAL, model=_own_model(tmp_path, change))
    assert [factor.id for factor in advice.factors][-1] == "F9"
    assert advice.factors[-1].contribution["in_house"] == 10


def test_a_folder_without_a_model_of_its_own_takes_the_shipped_one(tmp_path):
    own_criteria(tmp_path, lambda text: text)
    (tmp_path / "sourcing.yaml").unlink()
    assert load_sourcing(tmp_path).sha256 == MODEL.sha256


def test_a_profile_may_name_its_criteria(tmp_path):
    (tmp_path / "ours").mkdir()
    own_criteria(tmp_path / "ours", replaced("close_call: 4\n", "close_call: 20\n"))
    profile = (SAMPLES / "robotics-grasping.yaml").read_text(encoding="utf-8")
    (tmp_path / "profile.yaml").write_text(f"criteria: ours\n{profile}", encoding="utf-8")
    assert advise(tmp_path / "profile.yaml").close_call


def test_comments_and_form_do_not_change_the_identity_of_a_model(tmp_path):
    assert _own_model(tmp_path, lambda text: f"# ours\n{text}").sha256 == MODEL.sha256


# ------------------------------------------------------------------------------------------------ faults

FAULTS = {
    "misspelt-key": ("    weight: 22\n", "    wieght: 22\n", "unknown-key", "wieght", "'weight'"),
    "misspelt-option": (
        "removes: [in_house]",
        "removes: [in_hause]",
        "unknown-reference",
        "removes: [in_hause]",
        "'in_house'",
    ),
    "misspelt-field": (
        "{feedback_loop: same_day}\n            says: Same-day",
        "{feedback_lop: same_day}\n            says: Same-day",
        "unknown-reference",
        "feedback_lop",
        "'feedback_loop'",
    ),
    "misspelt-value": (
        "when: {sensitivity: public}",
        "when: {sensitivity: pubic}",
        "unknown-reference",
        "pubic",
        "'public'",
    ),
    "weights-not-100": ("    weight: 22\n", "    weight: 23\n", "weights-not-100", "factors:", "101"),
    "fit-above-1": (
        "in_house: 0.70, managed_partner: 0.40,",
        "in_house: 1.70, managed_partner: 0.40,",
        "wrong-value",
        "1.70",
        "1",
    ),
    "missing-row": (
        "          - when: {sensitivity: public}\n",
        "          - when: {sensitivity: [public, internal]}\n",
        "unreachable-row",
        "when: {sensitivity: internal}",
        "Internal data",
    ),
    "no-reason": (
        "            reason: Closeness is worth little\n",
        "",
        "missing-key",
        "when: {feedback_loop: weekly}",
        "quote",
    ),
    "unknown-number": (
        "{above: max_in_house_fte}}\n    removes",
        "{above: max_inhouse_fte}}\n    removes",
        "unknown-reference",
        "max_inhouse_fte",
        "'max_in_house_fte'",
    ),
    "values-of-a-number": (
        "{weeks_to_first_batch: {below: 4}}",
        "{weeks_to_first_batch: [4]}",
        "wrong-value",
        "weeks_to_first_batch: [4]",
        "min, max",
    ),
    "limits-of-a-word": (
        "when: {maturity: early}, quote",
        "when: {maturity: {min: 1}}, quote",
        "wrong-value",
        "maturity: {min: 1}",
        "no number",
    ),
    "delta-not-0": (
        "engagement_flexibility: 6, qa_rigor: -2}",
        "engagement_flexibility: 7, qa_rigor: -2}",
        "delta-not-0",
        "engagement_flexibility: 7",
        "adds up to 1",
    ),
    "unknown-question": ("questions: [SEC-22]", "questions: [SEC-222]", "unknown-reference", "SEC-222", "'SEC-22'"),
    "unknown-category": (
        "qa_rigor: 14, labor_ethics: 8",
        "qa_rigour: 14, labor_ethics: 8",
        "unknown-reference",
        "qa_rigour",
        "'qa_rigor'",
    ),
    "unknown-tag": ("- id: client_tool\n", "- id: client_tol\n", "unknown-reference", "client_tol", "'client_tool'"),
    "unknown-preset-tag": (
        "domain_nlp: [no_genai, sme_domain]",
        "domain_nlp: [no_genai, sme_domian]",
        "unknown-reference",
        "sme_domian",
        "'sme_domain'",
    ),
    "unknown-outcome": (
        "outcomes: [choose_in_house]",
        "outcomes: [choose_inhouse]",
        "unknown-reference",
        "choose_inhouse",
        "'choose_in_house'",
    ),
    "unknown-cost-input": (
        "    crowd.raters:",
        "    crowd.ratters:",
        "unknown-reference",
        "crowd.ratters",
        "'crowd.raters'",
    ),
    "no-fallback-overlay": (
        "  - id: ai_assist_full_review\n",
        "  - id: ai_assist_full_review\n    when: {type: nlp}\n",
        "wrong-value",
        "- id: ai_assist_full_review",
        "no `when`",
    ),
    "repeated-id": ("  - id: HC8\n", "  - id: HC7\n", "repeated-id", "- id: HC7", "twice"),
    "unknown-trigger-field": (
        "type: ratio, field: workload_fte",
        "type: ratio, field: stage",
        "unknown-reference",
        "type: ratio, field: stage",
        "workload_fte",
    ),
    "unknown-default": (
        "    default: vetted_partner\n",
        "    default: vetted\n",
        "unknown-reference",
        "default: vetted",
        "vetted_partner",
    ),
    "unknown-measure": (
        "when: {gold_items: {min: 200}",
        "when: {gold_itms: {min: 200}",
        "unknown-reference",
        "gold_itms",
        "'gold_items'",
    ),
}


# Deltas, floors and presets stand in sourcing.yaml where the scorecard has no tags, as in version 1.
VERSION_1 = {"delta-not-0", "unknown-category", "unknown-preset-tag"}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_says_where_it_is_and_what_was_expected(tmp_path, case):
    old, new, issue_code, at, word = FAULTS[case]
    source = criteria_folder() / "annotation-partner-1" if case in VERSION_1 else None
    folder = own_criteria(tmp_path, replaced(old, new), source)
    with pytest.raises(InputError) as found:
        load_sourcing(folder)
    issue = next(issue for issue in found.value.issues if issue.code == issue_code)
    assert word in issue.message
    assert issue.location.file == "sourcing.yaml"
    assert issue.location.column > 0
    if case != "repeated-id":
        assert abs(issue.location.line - line_of(folder / "sourcing.yaml", at)) <= 1


def test_a_table_without_a_row_for_some_profiles_names_them(tmp_path):
    row = MODEL.file.factors[2].parts[0].rows[0]
    passage = "          - when: {sensitivity: public}\n            says: Public data\n"
    change = replaced(passage, passage.replace("public", "[internal]"))
    with pytest.raises(InputError) as found:
        load_sourcing(own_criteria(tmp_path, change))
    assert "no row covers sensitivity = public" in str(found.value)
    assert row.says == "Public data"


def test_all_faults_come_out_of_one_run(tmp_path):
    def change(text):
        text = text.replace("removes: [in_house]", "removes: [in_hause]")
        return text.replace("questions: [SEC-22]", "questions: [SEC-222]").replace(
            "    weight: 22\n", "    weight: 2\n"
        )

    with pytest.raises(InputError) as found:
        load_sourcing(own_criteria(tmp_path, change))
    assert [issue.code for issue in found.value.issues] == ["unknown-reference", "weights-not-100", "unknown-reference"]


def _foreign(folder):
    """A scorecard of other people: one category, no sourcing.yaml."""
    (folder / "scorecard.yaml").write_text(
        "scorecard: theirs\ntitle: T\nversion: 1\ncategories: [cost]\npresets: {all: {cost: 100}}\n", encoding="utf-8"
    )
    (folder / "cost.yaml").write_text(
        "category: cost\ntitle: C\ncriteria:\n  - id: C1\n    title: C\n    weight: 1\n    questions:\n"
        "      - {id: Q1, text: Q, type: yes_no_partial, weight: 1}\n",
        encoding="utf-8",
    )
    return folder


def test_criteria_of_other_people_need_no_model(tmp_path):
    assert check_folder(_foreign(tmp_path)).file.scorecard == "theirs"


def test_the_shipped_model_says_where_it_does_not_fit_other_criteria(tmp_path):
    with pytest.raises(VendorEvalError, match="does not fit these criteria"):
        load_sourcing(_foreign(tmp_path))


def test_checking_a_folder_gathers_faults_of_the_criteria_and_of_the_advisor(tmp_path):
    folder = own_criteria(tmp_path, replaced("close_call: 4\n", "close_cal: 4\n"))
    card = (folder / "scorecard.yaml").read_text(encoding="utf-8")
    (folder / "scorecard.yaml").write_text(card.replace("version: ", "versoin: "), encoding="utf-8")
    with pytest.raises(InputError) as found:
        check_folder(folder)
    assert {issue.location.file for issue in found.value.issues} == {"scorecard.yaml", "sourcing.yaml"}
