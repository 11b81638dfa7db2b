"""evaluation.yaml: its defaults, what it may change, what is asked, of whom, and every fault with its place."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings, strategies as st
from places import expected, faults, write

from vendor_eval.criteria import Floor, load_criteria
from vendor_eval.criteria.questions import Gate, Number
from vendor_eval.intake.inbox import VendorFiles, count_hidden_files, ignored_files, vendor_files
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.tender import EvidenceCaps, Settings, VendorEntry, Waiver
from vendor_eval.tender.starter import starter

LEAST = "title: Partner\nas_of: 2026-11-24\n"
OWN = {
    "c/scorecard.yaml": """\
scorecard: own
title: Own
version: 1
categories: [a, b]
vendor_profile: v
presets: {balanced: {a: 60, b: 40}, lean: {a: 100, b: 0}}
preset_criteria: {lean: {a: {A2: 9}}}
floors: {a: 60, b: {at_least: 50, kind: knock_out}}
context:
  data: {type: choice, question: Which data?, values: {secret: Under contract, open: Anyone's}}
  own: {type: bool, question: Is it yours?, values: [true, false]}
  kinds: {type: set, question: Which kinds?, values: {text: Text, sound: Sound}}
""",
    "c/a.yaml": """\
category: a
title: A
criteria:
  - id: A1
    title: One
    weight: 3
    questions:
      - {id: Q1, text: Asked, type: yes_no_partial, weight: 1, tier: core}
      - {id: Q2, text: Asked, type: yes_no_partial, weight: 2, applies: {own: true}}
      - {id: Q3, text: Asked, type: number, weight: 1, points: [[0, 0], [10, 100]], ask_if: {Q2: [yes]},
         points_when: [{when: {data: secret}, points: [[0, 0], [20, 100]]}]}
  - id: A2
    title: Two
    weight: 1
    applies: {data: secret, kinds: [text, sound]}
    questions:
      - {id: Q4, text: Asked, type: yes_no_partial, weight: 1, core_if_knock_out: true,
         gates: [{kind: knock_out, at_least: 50, when: {data: secret}}, {kind: flag, at_least: 80}]}
""",
    "c/b.yaml": """\
category: b
title: B
applies: {kinds: text}
criteria:
  - id: B1
    title: One
    weight: 1
    questions:
      - id: Q5
        text: Asked
        type: single_choice
        weight: 1
        options: [{label: Good, score: 100}, {label: Poor, score: 0}]
        gates: [{kind: must, one_of: [a]}]
        cap_if: {Q1: {no: 20}}
""",
    "c/v.yaml": """\
category: v
title: V
weighted: false
criteria:
  - id: V1
    title: One
    weight: 1
    questions: [{id: Q6, text: Asked, type: text, weight: 0}]
""",
}


def own(path, settings="", **files):
    return write(path, {**OWN, "evaluation.yaml": f"{LEAST}criteria: c\n{settings}", **files})


def shipped(path, settings=""):
    return write(path, {"evaluation.yaml": LEAST + settings})


def fault_places(path, settings, codes, criteria="criteria: c\n"):
    files = {"evaluation.yaml": f"{LEAST}{criteria}{settings}"}
    folder = write(path, {**OWN, **files})
    assert faults(load_evaluation, folder) == expected(files, *codes)


# ------------------------------------------------------------------------------------------------ settings


def test_title_and_day_are_enough(tmp_path):
    evaluation = load_evaluation(shipped(tmp_path))
    criteria = load_criteria()
    assert evaluation.settings == Settings(title="Partner", as_of=date(2026, 11, 24))
    assert (evaluation.settings.preset, evaluation.settings.missing, evaluation.settings.questions) == (
        *("balanced", "zero", "full"),
    )
    assert (evaluation.settings.shortlist, evaluation.settings.tie_breakers) == (3, ())
    assert evaluation.settings.caps == EvidenceCaps(claim=60, document=85, verified=100)
    assert evaluation.weights == criteria.file.presets["balanced"]
    assert evaluation.floors == criteria.file.floors
    assert (evaluation.criteria.categories, evaluation.context) == (criteria.categories, {"tool": "either"})
    assert [name for name, asked in evaluation.scope.items() if not asked] == ["PLT-21"]
    assert vendor_files(evaluation) == ()


def test_every_setting_is_read(tmp_path):
    text = """\
title: Annotation partner
reference: RFP-2026-014
as_of: 2026-11-24
criteria: annotation-partner@1
preset: genai_confidential
context: {data_may_leave: our_environment_only, sensitivity: confidential, personal_data: true, type: [nlp]}
questions: core
missing: exclude
evidence: {claim: 50, document: 80}
floors: {security: 70, qa_rigor: null, labor_ethics: {at_least: 40, kind: knock_out, when: {personal_data: true}}}
overrides: {SEC-09: {weight: 5}, PLT-07: off, LAB-02: {gates: off}, QAR-03: {points: [[0, 0], [5, 100]]}}
shortlist: 4
tie_breakers: [security, labor_ethics]
waivers:
  - {vendor: bolt, question: SEC-13, reason: Audit booked, approved_by: Head of Data, date: 2026-11-20}
  - {vendor: bolt, node: security, reason: Plan agreed, approved_by: Head of Data, date: 2026-11-21}
vendors:
  - {id: acme, name: Acme Data, file: responses/acme.xlsx, received: 2026-11-20T16:02:00+01:00}
  - {id: bolt, file: [responses/bolt.xlsx, ./responses//more.csv], accept_late: Portal down}
deadline: 2026-11-20T16:00:00Z
"""
    settings = load_evaluation(write(tmp_path, {"evaluation.yaml": text})).settings
    given = {"reason": "Audit booked", "approved_by": "Head of Data", "date": date(2026, 11, 20)}
    cet = timezone(timedelta(hours=1))
    overrides = {"SEC-09": {"weight": 5}, "PLT-07": "off", "LAB-02": {"gates": "off"}}
    assert settings == Settings(
        title="Annotation partner",
        reference="RFP-2026-014",
        as_of=date(2026, 11, 24),
        criteria="annotation-partner@1",
        preset="genai_confidential",
        context={
            "data_may_leave": "our_environment_only",
            "sensitivity": "confidential",
            "personal_data": True,
            "type": ("nlp",),
        },
        questions="core",
        missing="exclude",
        evidence=EvidenceCaps(claim=50, document=80, verified=100),
        floors={
            "security": Floor(at_least=70),
            "qa_rigor": None,
            "labor_ethics": Floor(at_least=40, kind="knock_out", when={"personal_data": (True,)}),
        },
        overrides={**overrides, "QAR-03": {"points": [[0, 0], [5, 100]]}},
        shortlist=4,
        tie_breakers=("security", "labor_ethics"),
        waivers=(
            Waiver(vendor="bolt", question="SEC-13", **given),
            Waiver(vendor="bolt", node="security", **{**given, "reason": "Plan agreed", "date": date(2026, 11, 21)}),
        ),
        vendors=(
            VendorEntry(
                id="acme",
                name="Acme Data",
                file=("responses/acme.xlsx",),
                received=datetime(2026, 11, 20, 16, 2, tzinfo=cet),
            ),
            VendorEntry(id="bolt", file=("responses/bolt.xlsx", "responses/more.csv"), accept_late="Portal down"),
        ),
        deadline=datetime(2026, 11, 20, 16, tzinfo=UTC),
    )


def test_evidence_off_switches_the_caps_off(tmp_path):
    assert load_evaluation(shipped(tmp_path, "evidence: off")).settings.caps is None


def test_a_heading_whose_lines_are_all_comments_says_nothing(tmp_path):
    headings = ["context", "floors", "overrides", "tie_breakers", "vendors", "waivers"]
    evaluation = load_evaluation(shipped(tmp_path, "".join(f"{name}:\n  # - a\n" for name in headings)))
    assert evaluation.settings == Settings(title="Partner", as_of=date(2026, 11, 24))


def test_a_day_from_outside_replaces_the_files(tmp_path):
    evaluation = load_evaluation(shipped(tmp_path), as_of=date(2027, 1, 2))
    assert (evaluation.settings.as_of, evaluation.setting.as_of) == (date(2027, 1, 2), date(2027, 1, 2))


@pytest.mark.parametrize("path", ["", "evaluation.yaml"])
def test_a_folder_or_its_file_may_be_named(tmp_path, path):
    assert load_evaluation(shipped(tmp_path) / path).folder == tmp_path


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("", r"evaluation\.yaml: no such file"),
        ("nowhere", r"nowhere/evaluation\.yaml: no such file"),
        ("nowhere/evaluation.yaml", r"nowhere/evaluation\.yaml: no such file"),
        ("other.yaml", r"other\.yaml: no such file"),
    ],
)
def test_a_path_without_an_evaluation_is_told_with_the_cure(tmp_path, path, named):
    with pytest.raises(VendorEvalError, match=f"{named}.*init DIR"):
        load_evaluation(tmp_path / path)


# ------------------------------------------------------------------------------------------------ weights and floors


def test_a_preset_brings_its_weights_also_those_inside_a_category(tmp_path):
    evaluation = load_evaluation(own(tmp_path, "preset: lean"))
    weights = [criterion.weight for criterion in evaluation.criteria.categories[1].criteria]
    assert (evaluation.weights, weights) == ({"a": 100, "b": 0}, [3, 9])


def test_own_weights_stand_alone(tmp_path):
    evaluation = load_evaluation(own(tmp_path, "weights: {a: 30, b: 70}"))
    weights = [criterion.weight for criterion in evaluation.criteria.categories[1].criteria]
    assert (evaluation.weights, weights) == ({"a": 30, "b": 70}, [3, 1])


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_weights_that_differ_from_100_by_rounding_alone_are_fine(tmp_path_factory, part):
    share = part / 10**4
    folder = own(tmp_path_factory.getbasetemp() / "weights", f"weights: {{a: {share!r}, b: {100 - share!r}}}")
    assert load_evaluation(folder).weights == {"a": share, "b": 100 - share}


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        pytest.param("«weights: {a: 60, b: 39}", ["weights-not-100"], id="99"),
        pytest.param("«weights: {a: 60, b: 39.99999}", ["weights-not-100"], id="99.99999"),
        pytest.param("«weights: {}", ["weights-not-100"], id="none"),
        pytest.param("weights: {a: 60, «c: 40}", ["unknown-reference"], id="of-nothing"),
        pytest.param("weights: {a: «-60, b: 160}", ["wrong-value"], id="negative"),
        pytest.param("weights: {a: «.nan, b: «ten}", ["wrong-value"], id="no-numbers"),
        pytest.param("preset: balanced\n«weights: {a: 60, b: 40}", ["contradiction"], id="beside-a-preset"),
        pytest.param("«preset: balancd", ["unknown-reference"], id="no-such-preset"),
    ],
)
def test_a_fault_of_the_weights_has_its_place(tmp_path, settings, codes):
    fault_places(tmp_path, settings, codes)


@pytest.mark.parametrize(
    ("settings", "floors"),
    [
        pytest.param("", {"a": Floor(at_least=60), "b": Floor(at_least=50, kind="knock_out")}, id="of-the-scorecard"),
        pytest.param("floors: {a: 70, b: null}", {"a": Floor(at_least=70)}, id="changed-and-removed"),
        pytest.param(
            "floors: {a: null, b: {at_least: 5}, a.A2: {at_least: 9, kind: knock_out, when: {data: open}}}",
            {"b": Floor(at_least=5), "a.A2": Floor(at_least=9, kind="knock_out", when={"data": ("open",)})},
            id="of-a-criterion",
        ),
    ],
)
def test_floors_are_overridden_by_key(tmp_path, settings, floors):
    assert load_evaluation(own(tmp_path, settings)).floors == floors


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        pytest.param("floors: {«c: 5, «a.A9: null, «v: 5, a.A1: 5}", ["unknown-reference"], id="of-nothing"),
        pytest.param("floors: {a: «101, b: «-1, a.A1: «x}", ["wrong-value"], id="out-of-range"),
        pytest.param(
            "floors: {a: «{kind: «mst, «atleast: 3}}", ["missing-key", "wrong-value", "unknown-key"], id="keys"
        ),
        pytest.param("floors: {a: {at_least: 5, when: {data: «opn}}}", ["unknown-reference"], id="condition"),
    ],
)
def test_a_fault_of_the_floors_has_its_place(tmp_path, settings, codes):
    fault_places(tmp_path, settings, codes)


# ------------------------------------------------------------------------------------------------ context


@pytest.mark.parametrize(
    ("context", "read"),
    [
        pytest.param("{data: secret}", {"data": "secret"}, id="choice"),
        pytest.param("{own: false}", {"own": False}, id="boolean"),
        pytest.param("{kinds: [text, sound]}", {"kinds": ("text", "sound")}, id="set"),
        pytest.param("{kinds: text}", {"kinds": ("text",)}, id="set-of-one"),
        pytest.param("{kinds: []}", {"kinds": ()}, id="empty-set"),
    ],
)
def test_context_fields_are_read_by_their_type(tmp_path, context, read):
    assert load_evaluation(own(tmp_path, f"context: {context}")).context == read


@pytest.mark.parametrize(
    ("context", "codes"),
    [
        pytest.param("{«dat: secret}", ["unknown-context-field"], id="no-such-field"),
        pytest.param("{data: «secrt}", ["wrong-value"], id="no-such-value"),
        pytest.param("{«data: [secret, open]}", ["wrong-value"], id="list-for-a-choice"),
        pytest.param("{own: «yes}", ["wrong-value"], id="yes-is-text"),
        pytest.param("{own: «'true'}", ["wrong-value"], id="quoted-true"),
        pytest.param("{kinds: [text, «txt, «true]}", ["wrong-value"], id="no-such-values-of-a-set"),
        pytest.param("{data: «}", ["wrong-value"], id="blank"),
        pytest.param("{kinds: [text, «[sound]]}", ["wrong-value"], id="nested"),
    ],
)
def test_a_fault_of_the_context_has_its_place(tmp_path, context, codes):
    fault_places(tmp_path, f"context: {context}", codes)


def test_of_weights_with_a_fault_no_other_preset_is_looked_for(tmp_path):
    scorecard = OWN["c/scorecard.yaml"].replace("balanced", "usual")
    folder = own(tmp_path, "weights: 5", **{"c/scorecard.yaml": scorecard})
    assert faults(load_evaluation, folder) == ["evaluation.yaml:4:10 wrong-value"]


def test_a_context_field_that_is_like_another_tells_which(tmp_path):
    with pytest.raises(InputError, match="did you mean 'kinds'"):
        load_evaluation(own(tmp_path, "context: {kind: [text]}"))


def test_a_field_that_only_a_question_names_may_be_set(tmp_path):
    text = OWN["c/b.yaml"].replace("applies: {kinds: text}", "applies: {region: [eu, us], billed: true}")
    folder = own(tmp_path, "context: {region: asia, billed: false}", **{"c/b.yaml": text})
    evaluation = load_evaluation(folder)
    assert (evaluation.context, evaluation.scope["Q5"]) == ({"region": "asia", "billed": False}, False)


def test_a_field_that_only_a_question_names_has_the_kind_of_its_values(tmp_path):
    text = OWN["c/b.yaml"].replace("applies: {kinds: text}", "applies: {region: eu, billed: true}")
    settings = "context: {region: «true, billed: «yes}"
    folder = own(tmp_path, settings, **{"c/b.yaml": text})
    files = {"evaluation.yaml": f"{LEAST}criteria: c\n{settings}"}
    assert faults(load_evaluation, folder) == expected(files, "wrong-value")


# ------------------------------------------------------------------------------------------------ what is asked

ALL = {"Q1", "Q2", "Q3", "Q4", "Q5", "Q6"}


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        pytest.param("", ALL, id="nothing-set"),
        pytest.param("context: {own: true, data: secret, kinds: [text]}", ALL, id="all-conditions-hold"),
        pytest.param("context: {own: false}", ALL - {"Q2", "Q3"}, id="question-and-its-follow-up"),
        pytest.param("context: {data: open}", ALL - {"Q4"}, id="criterion"),
        pytest.param("context: {kinds: [sound]}", ALL - {"Q5"}, id="category"),
        pytest.param("context: {kinds: []}", ALL - {"Q4", "Q5"}, id="empty-set"),
        pytest.param("questions: core", {"Q1", "Q6"}, id="core"),
        pytest.param("questions: core\ncontext: {data: secret}", {"Q1", "Q4", "Q6"}, id="core-if-knock-out"),
        pytest.param("questions: core\ncontext: {data: open}", {"Q1", "Q6"}, id="core-without-knock-out"),
        pytest.param(
            "questions: core\ncontext: {data: secret, kinds: []}", {"Q1", "Q6"}, id="core-knock-out-that-is-not-asked"
        ),
        pytest.param("overrides: {Q2: off}", ALL - {"Q2", "Q3"}, id="question-off"),
        pytest.param("overrides: {a.A1: off, v: off}", {"Q4", "Q5"}, id="nodes-off"),
        pytest.param("overrides: {Q2: {tier: core}}\nquestions: core", {"Q1", "Q2", "Q6"}, id="tier-overridden"),
        pytest.param("overrides: {Q2: {tier: screen}}\nquestions: screen", {"Q2"}, id="screen"),
        pytest.param("overrides: {Q2: {tier: screen}}\nquestions: core", {"Q1", "Q2", "Q6"}, id="core-asks-the-screen"),
        pytest.param("overrides: {Q6: {tier: full}}\nquestions: core", {"Q1"}, id="profile-in-full-alone"),
        pytest.param(
            "overrides: {Q5: {core_if_must: true}}\nquestions: core", {"Q1", "Q5", "Q6"}, id="core-if-must-without-when"
        ),
        pytest.param(
            "overrides: {Q4: {core_if_knock_out: false, core_if_must: true}}\nquestions: core\ncontext: {data: secret}",
            {"Q1", "Q4", "Q6"},
            id="core-if-must-of-a-knock-out",
        ),
        pytest.param(
            "overrides: {Q1: {tier: screen}, Q5: {core_if_must: true}}\nquestions: screen",
            {"Q1"},
            id="screen-that-nothing-joins",
        ),
        pytest.param("overrides: {Q2: {applies: {}}}\ncontext: {own: false}", ALL, id="condition-overridden"),
    ],
)
def test_the_context_the_tier_and_overrides_decide_what_is_asked(tmp_path, settings, asked):
    evaluation = load_evaluation(own(tmp_path, settings))
    assert {name for name, is_asked in evaluation.scope.items() if is_asked} == asked
    assert set(evaluation.asked_questions) == asked


def test_what_is_not_asked_says_why(tmp_path):
    settings = "criteria: c\nquestions: core\ncontext: {own: false, data: open}\noverrides: {b: off}\n"
    evaluation = load_evaluation(write(tmp_path, {**OWN, "evaluation.yaml": LEAST + settings}))
    assert evaluation.not_asked == {
        "Q2": "Q2 applies only when own = true",
        "Q3": "this evaluation asks the core questions alone, and it is none of them",
        "Q4": "a.A2 applies only when data = secret and kinds = text or sound",
        "Q5": "overrides switch b off",
    }
    full = load_evaluation(write(tmp_path, {"evaluation.yaml": f"{LEAST}criteria: c\ncontext: {{own: false}}\n"}))
    assert full.not_asked["Q3"] == "it follows up Q2, which is not asked"


def test_a_chain_of_follow_ups_ends_where_one_is_not_asked(tmp_path):
    chain = "".join(
        f"      - {{id: R{n}, text: Asked, type: yes_no_partial, weight: 1, ask_if: {{R{n + 1}: [yes]}}}}\n"
        for n in range(1200)
    )
    last = "      - {id: R1200, text: Asked, type: yes_no_partial, weight: 1, applies: {own: true}}\n"
    text = OWN["c/a.yaml"].replace("  - id: A2\n", f"{chain}{last}  - id: A2\n")
    evaluation = load_evaluation(own(tmp_path, "context: {own: false}", **{"c/a.yaml": text}))
    assert [name for name, asked in evaluation.scope.items() if asked] == ["Q6", "Q1", "Q4", "Q5"]


@pytest.mark.parametrize("settings", ["overrides: {a: off, b: off}", "overrides: {a: off}\ncontext: {kinds: []}"])
def test_an_evaluation_that_asks_nothing_is_a_fault(tmp_path, settings):
    assert faults(load_evaluation, own(tmp_path, settings)) == ["evaluation.yaml:1:1 nothing-asked"]


def test_breakpoints_are_those_of_the_context(tmp_path):
    points = [
        load_evaluation(own(tmp_path / str(index), settings)).criteria.questions["Q3"].points[-1]
        for index, settings in enumerate(["", "context: {data: open}", "context: {data: secret}"])
    ]
    assert points == [(10, 100), (10, 100), (20, 100)]


# ------------------------------------------------------------------------------------------------ overrides


def test_overrides_change_what_they_name_and_nothing_else(tmp_path):
    settings = """\
overrides:
  Q1: {weight: 5, scores: {yes: 100, no: 0}}
  Q3: {points: [[0, 100], [7, 0]], unit: h}
  Q4: {gates: [{kind: must, one_of: [yes]}]}
  Q5: {gates: off, options: [{label: Good, score: 90}, {label: Fair, score: 50}]}
  a.A1: {weight: 8}
"""
    before, after = load_evaluation(own(tmp_path / "a")), load_evaluation(own(tmp_path / "b", settings))
    questions = {
        **before.criteria.questions,
        "Q1": before.criteria.questions["Q1"].model_copy(update={"weight": 5, "scores": {"yes": 100, "no": 0}}),
        "Q3": Number(
            id="Q3",
            text="Asked",
            type="number",
            weight=1,
            points=((0, 100), (7, 0)),
            unit="h",
            ask_if={"Q2": ("yes",)},
        ),
        "Q4": before.criteria.questions["Q4"].model_copy(update={"gates": (Gate(kind="must", one_of=("yes",)),)}),
    }
    changed = after.criteria.questions["Q5"]
    assert {**after.criteria.questions, "Q5": None} == {**questions, "Q5": None}
    assert (changed.gates, dict(changed.options_by_id)) == ((), {"a": "Good", "b": "Fair"})
    weights = {
        f"{category.category}.{criterion.id}": criterion.weight
        for category in after.criteria.categories
        for criterion in category.criteria
    }
    assert weights == {"v.V1": 1, "a.A1": 8, "a.A2": 1, "b.B1": 1}
    assert after.criteria.sha256 == before.criteria.sha256


def test_an_override_wins_over_the_shift_of_a_preset(tmp_path):
    evaluation = load_evaluation(own(tmp_path, "preset: lean\noverrides: {a.A2: {weight: 2}}"))
    assert [criterion.weight for criterion in evaluation.criteria.categories[1].criteria] == [3, 2]


@pytest.mark.parametrize(
    ("overrides", "codes"),
    [
        pytest.param("{«Q9: off, «a.A9: off, «c: off}", ["unknown-reference"], id="of-nothing"),
        pytest.param("{«Q1: on, «Q2: 5, «a: , «b: [x]}", ["wrong-value"], id="neither-off-nor-keys"),
        pytest.param("{Q1: {«id: Q7, «type: text}}", ["unknown-key"], id="id-and-type-are-fixed"),
        pytest.param("{Q1: {«wieght: 5}, a.A1: {«wieght: 5, «title: x}}", ["unknown-key"], id="unknown-keys"),
        pytest.param("{Q1: {weight: «-5}, Q2: {weight: «ten}, Q3: {weight: «}}", ["wrong-value"], id="weights"),
        pytest.param("{a.A1: {«weight: -5}, a.A2: {«weight: .nan}, b.B1: {«weight: }}", ["wrong-value"], id="of-nodes"),
        pytest.param(f"{{a.A1: {{«weight: 1{'0' * 400}}}}}", ["wrong-value"], id="endless-weight"),
        pytest.param("{a: {«weight: 5}}", ["wrong-value"], id="weight-of-a-category"),
        pytest.param("{Q3: {points: [[5, 0], «[1, 100]]}}", ["unordered-points"], id="falling-points"),
        pytest.param(
            "{Q4: {gates: [{kind: must, one_of: [«x]}]}, Q1: {gates: [«{kind: must}]}}",
            ["unknown-reference", "gate-test"],
            id="gates",
        ),
        pytest.param(
            "{«Q5: {options: [{label: Fine, id: z, score: 1}]}}", ["unknown-reference"], id="gate-left-behind"
        ),
        pytest.param("{Q1: {applies: {data: «x, own: true}}}", ["unknown-reference"], id="condition"),
        pytest.param(
            "{Q4: {gates: [{kind: must, one_of: [yes], when: {data: [open, «x]}}]}}", ["unknown-reference"], id="when"
        ),
        pytest.param("{Q1: {ask_if: {«Q9: [x], Q4: [«x]}}}", ["unknown-reference"], id="follow-ups"),
        pytest.param("{Q1: {ask_if: {«Q2: [yes]}}, Q2: {ask_if: {«Q1: [yes]}}}", ["unknown-reference"], id="ring"),
        pytest.param(
            "{«Q2: {scores: {partial: 50, no: 0}}}", ["unknown-reference"], id="option-that-a-follow-up-names"
        ),
        pytest.param("{Q1: {weight: 0}, Q2: {weight: 0}, Q3: {weight: 0}}", ["all-zero-weights"], id="all-0"),
    ],
)
def test_a_fault_of_an_override_is_placed_in_the_evaluation(tmp_path, overrides, codes):
    mark = "«" if codes == ["all-zero-weights"] else ""
    fault_places(tmp_path, f"{mark}overrides: {overrides}", codes)


def test_a_certification_is_overridden_within_its_scheme(tmp_path):
    settings = "overrides: {SEC-13: {parts: [status, «scpoe], statuses: [«vald]}}\n"
    files = {"evaluation.yaml": LEAST + settings}
    assert faults(load_evaluation, write(tmp_path, files)) == expected(files, "unknown-reference")


# ------------------------------------------------------------------------------------------------ names

WAIVER = "{vendor: x, reason: r, approved_by: p, date: 2026-11-20"


def waivers(*named):
    return f"waivers: [{', '.join(f'{WAIVER}, {one}}}' for one in named)}]"


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        pytest.param("tie_breakers: [a, «c, «v]", ["unknown-reference"], id="tie-breakers"),
        pytest.param(waivers("«question: Q9", "«node: a.A9"), ["unknown-reference"], id="waivers"),
        pytest.param(
            f"waivers: [«{WAIVER}}}, «{WAIVER}, question: Q1, node: a}}]", ["wrong-value"], id="waiver-of-what"
        ),
        pytest.param(
            waivers("«question: Q1", "«node: a.A1", "question: Q4", "node: b"),
            ["nothing-to-waive"],
            id="waivers-of-what-no-gate-tests",
        ),
        pytest.param(
            f"overrides: {{Q4: {{gates: off}}}}\nfloors: {{a: null}}\n{waivers('«question: Q4', '«node: a')}",
            ["nothing-to-waive"],
            id="waivers-of-what-was-taken-away",
        ),
        pytest.param("waivers: [««««{question: Q1}]", ["missing-key"], id="waiver-of-nobody"),
        pytest.param("vendors: [{id: x}, {«id: x}]", ["repeated-id"], id="vendor-twice"),
        pytest.param(
            "vendors: [{id: «''}, «{name: x}, «x]", ["wrong-value", "missing-key", "wrong-value"], id="vendors"
        ),
        pytest.param("vendors: [{id: x, file: [a.csv, «/a.csv]}]", ["wrong-value"], id="absolute-path"),
        pytest.param(
            "deadline: 2026-11-20T17:00:00+01:00\nvendors: [{id: x, «received: 2026-11-20T17:00:00}]",
            ["wrong-value"],
            id="time-without-zone",
        ),
        pytest.param("evidence: «{claim: 90, document: 80}", ["wrong-value"], id="worse-proof-counts-more"),
        pytest.param("evidence: {claim: «101, «documnt: 5}", ["wrong-value", "unknown-key"], id="evidence"),
        pytest.param("evidence: «of", ["wrong-value"], id="neither-caps-nor-off"),
        pytest.param("shortlist: «0", ["wrong-value"], id="shortlist"),
        pytest.param("shortlist: «2.5", ["wrong-value"], id="part-of-a-vendor"),
        pytest.param("questions: «short\nmissing: «skip", ["wrong-value"], id="questions-and-missing"),
        pytest.param("«titel: x\n«floor: {a: 5}", ["unknown-key"], id="unknown-keys"),
        pytest.param("«title: x", ["repeated-key"], id="repeated-key"),
    ],
)
def test_a_fault_of_a_setting_has_its_place(tmp_path, settings, codes):
    fault_places(tmp_path, settings, codes)


def test_a_waiver_without_a_gate_tells_what_has_one(tmp_path):
    with pytest.raises(InputError, match=r"Q1 has no gate, so there is nothing to waive.*(Q4|Q5)"):
        load_evaluation(write(tmp_path, {**OWN, "evaluation.yaml": f"{LEAST}criteria: c\n{waivers('question: Q1')}"}))


def test_a_fault_names_its_key_once(tmp_path):
    with pytest.raises(InputError, match=": evidence: claim 90, document 80, verified 100: better proof"):
        load_evaluation(shipped(tmp_path, "evidence: {claim: 90, document: 80}"))


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        pytest.param("floors: {a: «101, «c: 5}", ["wrong-value", "unknown-reference"], id="floors"),
        pytest.param("context: {data: [«[x]], «dat: secret}", ["wrong-value", "unknown-context-field"], id="context"),
        pytest.param("weights: {a: «-1, «zz: 40}", ["wrong-value", "unknown-reference"], id="weights"),
        pytest.param(
            f"waivers: [{WAIVER}, question: Q4, «raeson: r}}, {WAIVER}, «question: Q9}}]",
            ["unknown-key", "unknown-reference"],
            id="waivers",
        ),
        pytest.param("vendors: [{id: x}, {«nam: y, id: y}, {«id: x}]", ["unknown-key", "repeated-id"], id="vendors"),
        pytest.param("tie_breakers: [«[a], «c]", ["wrong-value", "unknown-reference"], id="tie-breakers"),
    ],
)
def test_a_fault_hides_none_of_those_beside_it(tmp_path, settings, codes):
    fault_places(tmp_path, settings, codes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("«", ["missing-key"], id="empty"),
        pytest.param("«[a]", ["wrong-value"], id="list"),
        pytest.param("««reference: x", ["missing-key"], id="neither-title-nor-day"),
        pytest.param("title: x\nas_of: «24.11.2026", ["wrong-value"], id="day-in-another-order"),
        pytest.param("title: x\nas_of: «86400", ["wrong-value"], id="no-seconds-since-1970"),
        pytest.param("title: a«: b", ["yaml-syntax"], id="syntax"),
        pytest.param(f"{LEAST}criteria: «nowhere", ["missing-file"], id="no-criteria"),
        pytest.param(f"{LEAST}criteria: «{'x' * 3000}", ["missing-file"], id="endless-path"),
        pytest.param(f'{LEAST}criteria: «"a\\0b"', ["yaml-syntax"], id="impossible-path"),
        pytest.param(f"{LEAST}criteria: «[c]\nshortlist: «x", ["wrong-value"], id="no-path"),
    ],
)
def test_a_file_that_is_no_evaluation_has_placed_faults(tmp_path, text, codes):
    files = {"evaluation.yaml": text}
    assert faults(load_evaluation, write(tmp_path, files)) == expected(files, *codes)


def test_all_faults_come_out_of_one_run(tmp_path):
    settings = """\
«titel: x
«title: again
reference: «*x
preset: «[lean]
questions: «short
context: {«dat: secret, data: «secrt}
floors: {«c: 5}
overrides: {«Q9: off, Q1: {weight: «x}}
tie_breakers: [«c]
vendors: [{id: x}, {«id: x}]
"""
    fault_places(
        tmp_path,
        settings,
        [
            *("unknown-key", "repeated-key", "yaml-alias", "wrong-value", "wrong-value", "unknown-context-field"),
            *(
                "wrong-value",
                "unknown-reference",
                "unknown-reference",
                "wrong-value",
                "unknown-reference",
                "repeated-id",
            ),
        ],
    )


def test_faults_of_the_criteria_come_with_those_of_the_evaluation(tmp_path):
    files = {
        "evaluation.yaml": f"{LEAST}criteria: c\nshortlist: «x\n",
        "c/a.yaml": OWN["c/a.yaml"].replace("title: A\n", "«titel: A\n").replace("category", "«category"),
    }
    found = faults(load_evaluation, write(tmp_path, {**OWN, **files}))
    bare = {name.removeprefix("c/"): text for name, text in files.items()}
    assert found == expected(bare, "missing-key", "unknown-key", "wrong-value")


STRANGE = ["", "5", "true", "x", ".nan", "[]", "{}", "[null]", "[[]]", "[{}]", "[x, 5]", "{a: }", "{5: {}}", "{a: [1]}"]


@pytest.mark.parametrize("value", STRANGE, ids=[value or "blank" for value in STRANGE])
@pytest.mark.parametrize("key", [name for name in Settings.model_fields if name not in {"title", "as_of", "criteria"}])
def test_anything_under_any_key_loads_or_has_placed_faults(tmp_path, key, value):
    try:
        issues = vendor_files(load_evaluation(own(tmp_path, f"{key}: {value}"))) and ()
    except InputError as found:
        issues = found.issues
    assert all(issue.location.line and issue.location.column for issue in issues)


# ------------------------------------------------------------------------------------------------ vendors


def vendors(path, settings="", *names):
    return (
        vendor_files(load_evaluation(shipped(path, settings)))
        if not names
        else vendor_files(_with(path, settings, names))
    )


def _with(path, settings, names):
    write(path, {f"responses/{name}": "" for name in names})
    return load_evaluation(shipped(path, settings))


def test_each_workbook_in_responses_is_a_vendor(tmp_path):
    names = ["bolt.CSV", "acme.xlsx", "Cedar & Co.ods", "dune.xlsm", "elm.xls", "fir.xlsb"]
    assert vendors(tmp_path, "", *names) == tuple(
        VendorFiles(name.rpartition(".")[0], files=(f"responses/{name}",)) for name in sorted(names)
    )


def test_hidden_and_lock_files_and_other_kinds_are_passed_over(tmp_path):
    names = [".acme.xlsx", "~$acme.xlsx", ".~lock.acme.xlsx#", "Thumbs.db", "desktop.ini", "notes.txt", "acme.pdf"]
    assert vendors(tmp_path, "", *names, "acme.xlsx") == (VendorFiles("acme", files=("responses/acme.xlsx",)),)


def test_what_is_no_workbook_is_listed_with_the_reason(tmp_path):
    write(tmp_path, {"responses/old/deep/acme.xlsx": "", "responses/old/a.txt": ""})
    (tmp_path / "responses" / "empty").mkdir()
    names = [".acme.xlsx", "~$acme.xlsx", "Thumbs.db", "desktop.ini", "notes.txt", "acme.pdf", "acme.xlsx"]
    evaluation = _with(tmp_path, "", names)
    assert {stray.file: stray.reason.partition(":")[0] for stray in ignored_files(evaluation)} == {
        "responses/acme.pdf": "is no workbook",
        "responses/notes.txt": "is no workbook",
        "responses/empty": "is a folder without a workbook",
        "responses/old/a.txt": "is no workbook",
        "responses/old/deep": "is a folder",
    }


@pytest.mark.parametrize(
    ("settings", "names", "files"),
    [
        pytest.param("", ["bolt.pdf"], {"bolt": ("responses/bolt.pdf",)}, id="of-a-vendor-nobody-named"),
        pytest.param("vendors: [{id: bolt}]", ["bolt.DOCX"], {"bolt": ("responses/bolt.DOCX",)}, id="of-a-listed-one"),
        pytest.param("", ["bolt.pdf", "bolt.numbers"], {"bolt": ("responses/bolt.numbers",)}, id="two-of-them"),
        pytest.param("", ["bolt.pdf", "bolt.xlsx"], {"bolt": ("responses/bolt.xlsx",)}, id="beside-a-workbook"),
        pytest.param("", ["Bolt.pdf", "bolt.csv"], {"bolt": ("responses/bolt.csv",)}, id="beside-one-in-other-case"),
        pytest.param(
            "vendors: [{id: bolt, file: responses/b.csv}]",
            ["b.csv", "bolt.html"],
            {"bolt": ("responses/b.csv",)},
            id="beside-the-named-file",
        ),
        pytest.param("", ["readme.txt", "logo.png"], {}, id="other-kinds-are-nobody's"),
    ],
)
def test_a_document_stands_for_a_workbook_that_is_not_there(tmp_path, settings, names, files):
    assert {vendor.id: vendor.files for vendor in vendors(tmp_path, settings, *names)} == files


def test_named_vendors_come_first_in_their_order_then_the_files_that_nobody_named(tmp_path):
    settings = """\
vendors:
  - {id: zeta, name: Zeta Ltd, file: ./responses/acme.xlsx, received: 2026-11-20T17:00:00, accept_late: Portal down}
  - {id: bolt}
  - {id: none}
  - {id: many, file: [responses/one.csv, responses/two.csv]}
"""
    found = vendors(tmp_path, settings, "acme.xlsx", "bolt.xlsx", "one.csv", "two.csv", "alone.xlsx")
    assert found == (
        VendorFiles("zeta", "Zeta Ltd", ("responses/acme.xlsx",), datetime(2026, 11, 20, 17), "Portal down"),  # noqa: DTZ001  as the file says
        VendorFiles("bolt", files=("responses/bolt.xlsx",)),
        VendorFiles("none"),
        VendorFiles("many", files=("responses/one.csv", "responses/two.csv")),
        VendorFiles("alone", files=("responses/alone.xlsx",)),
    )


def test_the_files_in_a_vendors_folder_are_that_vendors(tmp_path):
    names = [
        "acme/a.xlsx",
        "acme/b.csv",
        "acme/c.pdf",
        "acme/.x.xlsx",
        "bolt/b.pdf",
        "cord.xlsx",
        "dusk/d.xlsx",
        "e.csv",
    ]
    settings = "vendors: [{id: dusk, file: responses/e.csv}, {id: cord, file: responses/acme/b.csv}]"
    assert vendors(tmp_path, settings, *names) == (
        VendorFiles("dusk", files=("responses/e.csv", "responses/dusk/d.xlsx")),
        VendorFiles("cord", files=("responses/acme/b.csv", "responses/cord.xlsx"), clash=True),
        VendorFiles("acme", files=("responses/acme/a.xlsx",)),
        VendorFiles("bolt", files=("responses/bolt/b.pdf",)),
    )
    assert count_hidden_files(load_evaluation(tmp_path)) == 1


def test_files_outside_responses_may_be_named(tmp_path):
    write(tmp_path / "sent", {"a.xlsx": ""})
    evaluation = load_evaluation(shipped(tmp_path / "rfp", "vendors: [{id: a, file: ../sent/a.xlsx}]"))
    assert vendor_files(evaluation) == (VendorFiles("a", files=("../sent/a.xlsx",)),)


@pytest.mark.parametrize(
    ("settings", "names", "expected_codes"),
    [
        pytest.param(
            "vendors: [{id: a, file: responses/x.csv}, {id: b, file: «responses/x.csv}]",
            ["x.csv"],
            ["repeated-file"],
            id="shared",
        ),
        pytest.param("vendors: [{id: a, file: «responses/acm.xlsx}]", ["acme.xlsx"], ["missing-file"], id="misspelt"),
        pytest.param(
            "vendors: [{id: a, file: «respnses/acme.xlsx}]", ["acme.xlsx"], ["missing-file"], id="no-such-folder"
        ),
        pytest.param(
            "vendors: [{id: a, file: [responses/x.csv, «y.csv]}]", ["x.csv"], ["missing-file"], id="one-of-two"
        ),
        pytest.param(f"vendors: [{{id: a, file: «{'x' * 3000}}}]", [], ["missing-file"], id="endless-path"),
        pytest.param('vendors: [{id: a, file: «"a\\0b"}]', [], ["yaml-syntax"], id="impossible-path"),
    ],
)
def test_a_fault_of_the_responses_is_told(tmp_path, settings, names, expected_codes):
    files = {"evaluation.yaml": LEAST + settings}
    assert faults(vendors, tmp_path, settings, *names) == expected(files, *expected_codes)


@pytest.mark.parametrize("settings", ["", "vendors: [{id: acme, file: responses/acme.xlsx}]"], ids=["none", "one"])
def test_files_of_one_name_that_are_not_all_listed_clash(tmp_path, settings):
    (acme, bolt) = vendors(tmp_path, settings, "acme.xlsx", "acme.csv", "bolt.xlsx")
    assert (acme.id, set(acme.files), acme.clash) == ("acme", {"responses/acme.xlsx", "responses/acme.csv"}, True)
    assert (bolt.id, bolt.clash) == ("bolt", False)


def test_what_programs_leave_behind_is_counted(tmp_path):
    vendors(tmp_path, "", "acme.xlsx", "~$acme.xlsx", ".DS_Store", "Thumbs.db")
    assert count_hidden_files(load_evaluation(tmp_path)) == 3


def test_a_misspelt_file_tells_the_nearest(tmp_path):
    with pytest.raises(InputError, match=r"did you mean 'responses/acme\.xlsx'"):
        vendors(tmp_path, "vendors: [{id: a, file: responses/acne.xlsx}]", "acme.xlsx")


# ------------------------------------------------------------------------------------------------ the starter


@pytest.mark.parametrize("title", ["Partner", "a: 'b' # \"c\" é", "yes", "5"])
@pytest.mark.parametrize("core", [True, False])
def test_what_init_writes_loads_as_it_stands(tmp_path, title, core):
    text = starter(load_criteria(), title=title, as_of=date(2026, 11, 24), preset="seasonal_cv", core=core)
    settings = load_evaluation(write(tmp_path, {"evaluation.yaml": text})).settings
    assert settings == Settings(
        title=title,
        as_of=date(2026, 11, 24),
        criteria="annotation-partner@2",
        preset="seasonal_cv",
        questions="core" if core else "full",
        stage="read",
    )


def test_what_init_writes_asks_for_every_context_field(tmp_path):
    criteria = load_criteria()
    text = starter(criteria, title="Partner", as_of=date(2026, 11, 24), preset="balanced", core=False)
    lines = {name: re.findall(rf"^  # {name}: (.*)$", text, re.MULTILINE) for name in criteria.file.context}
    assert {name: len(found) for name, found in lines.items()} == dict.fromkeys(criteria.file.context, 1)
    for name, field in criteria.file.context.items():
        assert f"  # {field.question}" in text
        assert all(f"  #   {value} " in text for value in field.values if isinstance(value, str))
        for index, example in enumerate(lines[name]):
            set_ = text.replace(f"  # {name}: {example}", f"  {name}: {example}")
            folder = write(tmp_path / f"{name}{index}", {"evaluation.yaml": set_})
            assert list(load_evaluation(folder).settings.context) == [name]


def test_what_init_writes_still_loads_with_every_comment_taken_out(tmp_path):
    text = starter(load_criteria(), title="Partner", as_of=date(2026, 11, 24), preset="balanced", core=False)
    settings = re.sub(r"^# (?=[a-z_]+:(?: |$)|  - |     [a-z])", "", text, flags=re.MULTILINE)
    settings = re.sub(r"^  # (?=[a-z_]+: \S+$)", "  ", settings, flags=re.MULTILINE)
    loaded = load_evaluation(write(tmp_path, {"evaluation.yaml": settings})).settings
    assert (loaded.reference, loaded.tie_breakers, len(loaded.waivers), len(loaded.vendors)) == (
        *("RFP-2026-001", ("security",), 1, 1),
    )
    assert set(loaded.context) == set(load_criteria().file.context)


def test_the_starter_offers_own_weights_that_load_in_place_of_the_preset(tmp_path):
    text = starter(load_criteria(), title="Partner", as_of=date(2026, 11, 24), preset="balanced", core=False)
    own = re.search(r"weights: \{.*\}", text)[0]
    text = re.sub(r"^preset: .*$", own, text, flags=re.MULTILINE)
    loaded = load_evaluation(write(tmp_path, {"evaluation.yaml": text}))
    assert loaded.weights == load_criteria().file.presets["balanced"]


def test_a_starter_for_no_preset_tells_the_nearest():
    with pytest.raises(VendorEvalError, match="did you mean 'balanced'"):
        starter(load_criteria(), title="Partner", as_of=date(2026, 11, 24), preset="balancd", core=False)
