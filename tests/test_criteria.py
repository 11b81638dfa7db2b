"""Criteria folders: what loads, and every fault of every file in one run, with line and column."""

import json
from pathlib import Path

import jsonschema
import pytest
from builders import load, write_criteria
from places import expected, faults, write

from vendor_eval.config.shipped import criteria_folder
from vendor_eval.config.yaml12 import parse_document
from vendor_eval.criteria import Category, Criterion, Floor, json_schema, load_criteria
from vendor_eval.criteria.parsing import normalize
from vendor_eval.criteria.questions import Gate, Number, Option, SingleChoice, YesNoPartial
from vendor_eval.issues import InputError, VendorEvalError

ROOT = Path(__file__).parent.parent
# The model of the advisor is no part of the scorecard: its own tests check it.
SHIPPED = sorted(file for file in criteria_folder().glob("*.yaml") if file.name != "sourcing.yaml")

SCORECARD = """\
scorecard: own
title: Own
version: 1.10
categories: [a]
presets:
  balanced: {a: 100}
"""
HEAD = """\
category: a
title: A
criteria:
  - id: A1
    title: One
    weight: 1
    questions:
"""
Q1 = "{id: Q1, text: Asked?, type: yes_no_partial, weight: 1}"
CHOICE = "{id: Q2, text: Which?, type: single_choice, weight: 0, options: [{label: Yes}, {label: No}, {label: None}]}"


def asking(*questions):
    return HEAD + "".join(f"      - {question}\n" for question in questions)


A = asking(Q1)


def folder_of(path, a=A, scorecard=SCORECARD, **others):
    files = {"scorecard.yaml": scorecard, "a.yaml": a, **{f"{name}.yaml": text for name, text in others.items()}}
    return write(path, files), files


def values(folder, text):
    """Read plain values from a text, by YAML 1.2."""
    return parse_document(write(folder, {"values.txt": text}) / "values.txt")[0].value


# ------------------------------------------------------------------------------------------------ what loads


def test_a_small_folder_loads_with_its_defaults(tmp_path):
    criteria = load_criteria(folder_of(tmp_path)[0])
    question = YesNoPartial(id="Q1", text="Asked?", type="yes_no_partial", weight=1)
    criterion = Criterion(id="A1", title="One", weight=1, questions=(question,))
    assert criteria.categories == (Category(category="a", title="A", criteria=(criterion,)),)
    assert (criteria.file.scorecard, criteria.file.version, criteria.file.presets) == (
        "own",
        "1.10",
        {"balanced": {"a": 100}},
    )
    assert (criteria.node_ids, dict(criteria.parents)) == (("a", "a.A1"), {"Q1": "a.A1"})


BLOCK = {
    "scorecard.yaml": """\
scorecard: own
title: Own # the title
version: 1.10
categories:
- a
presets:
  balanced:
    a: 100
floors:
  a:
    at_least: 60
    kind: must
""",
    "a.yaml": """\
category: a
title: A
criteria:
- id: A1
  title: Why? Because
  weight: 1
  questions:
  - id: Q1
    text: >-
      Which of these
      is #1?
    type: single_choice
    weight: 2
    options:
    - id: a
      label: Yes
      score: 100
    - id: b
      label: 2022
      score: 50
      synonyms:
      - C#9
    - id: c
      label: None
      score: 0
    gates:
    - kind: knock_out
      one_of:
      - a
      - b
      when:
        data:
        - no
""",
}
FLOW = {
    "scorecard.yaml": "{scorecard: own, title: Own, version: 1.10, categories: [a],"
    " presets: {balanced: {a: 100}}, floors: {a: 60}}",
    "a.yaml": """\
{category: a, title: A, criteria: [{id: A1, title: Why? Because, weight: 1, questions: [
  {id: Q1, text: 'Which of these is #1?', type: single_choice, weight: 2, options: [
    {label: Yes, score: 100}, {label: 2022, score: 50, synonyms: [C#9]}, {label: None, score: 0}],
   gates: [{kind: knock_out, one_of: [a, b], when: {data: no}}]}]}]}
""",
}


def test_block_and_flow_style_say_the_same(tmp_path):
    block = load_criteria(write(tmp_path / "block", BLOCK))
    flow = load_criteria(write(tmp_path / "flow", FLOW))
    question = SingleChoice(
        id="Q1",
        text="Which of these is #1?",
        type="single_choice",
        weight=2,
        options=(
            Option(id="a", label="Yes", score=100),
            Option(id="b", label="2022", score=50, synonyms=("C#9",)),
            Option(id="c", label="None", score=0),
        ),
        gates=(Gate(kind="knock_out", one_of=("a", "b"), when={"data": ("no",)}),),
    )
    assert (block.questions, flow.questions) == ({"Q1": question}, {"Q1": question})
    assert (block.file, block.file.floors) == (flow.file, {"a": Floor(at_least=60)})
    assert {name for condition in block.conditions() for name in condition} == {"data"}


def test_option_ids_default_to_letters_in_file_order(tmp_path):
    labels = ", ".join(f"{{label: Label {number}}}" for number in range(28))
    question = f"{{id: Q2, text: Which?, type: multi_choice, weight: 0, options: [{labels}]}}"
    criteria = load_criteria(folder_of(tmp_path, asking(Q1, question))[0])
    assert (
        " ".join(criteria.questions["Q2"].options_by_id)
        == "a b c d e f g h i j k l m n o p q r s t u v w x y z o27 o28"
    )


def test_an_own_folder_without_them_uses_the_shipped_tables(tmp_path):
    own, shipped = load_criteria(folder_of(tmp_path)[0]), load_criteria()
    assert (own.scheme, own.words) == (shipped.scheme, shipped.words)


SCHEME = """\
parts: [{id: status, type: choice, text: Status, values: {valid: Valid, none: No}}]
needed_for_value: [status]
needed_for_document: []
complete_alone: [none]
asked_if_status: [valid]
edition_also_for: []
table: [{when: {status: none}, value: 0}, {value: 70}]
"""
WORDS = "{trim: ' -', none: {en: [n/a, no]}, unnamed_document: {en: [attached]}}"


def test_an_own_folder_with_them_uses_its_own_tables(tmp_path):
    asked = "{id: Q1, text: Certified?, type: certification, weight: 1}"
    folder, _ = folder_of(tmp_path, asking(asked), certification=SCHEME, evidence_words=WORDS)
    criteria = load_criteria(folder)
    assert criteria.questions["Q1"].options_by_id == {"valid": "Valid", "none": "No"}
    assert [criteria.words.judge(text) for text in ("- NO", "Attached", "Policy v3", " ")] == [
        *("nothing", "unnamed", "document", "nothing")
    ]


def test_a_certification_with_its_least_keys_asks_for_all_but_an_edition(tmp_path):
    asked = "{id: Q1, text: Certified?, type: certification, weight: 1}"
    question = load_criteria(folder_of(tmp_path, asking(asked))[0]).questions["Q1"]
    assert [cell.part for cell in question.cells()] == [
        "status",
        "accredited",
        "scope",
        "valid_until",
        "issuer",
        "number",
    ]


def test_hidden_files_and_files_of_other_kinds_are_passed_over(tmp_path):
    folder, _ = folder_of(tmp_path)
    write(folder, {".a.yaml": b"\xff", "._b.yaml": b"\0", "schema.json": "{", "notes.txt": "- @"})
    (folder / ".#a.yaml").symlink_to("nowhere")
    assert load_criteria(folder).node_ids == ("a", "a.A1")


@pytest.mark.parametrize("path", [None, "annotation-partner", str(criteria_folder()), criteria_folder()])
def test_the_shipped_scorecard_loads_by_name_and_by_path(path):
    criteria = load_criteria(path)
    assert (criteria.file.scorecard, len(criteria.file.categories), len(criteria.categories)) == (
        "annotation-partner",
        7,
        8,
    )


def test_the_hash_is_of_the_meaning_and_not_of_the_form(tmp_path):
    for file in SHIPPED:
        (tmp_path / file.name).write_text(json.dumps(parse_document(file)[0].value, indent=3), encoding="utf-8")
    assert load_criteria(tmp_path).sha256 == load_criteria().sha256


@pytest.mark.parametrize("name", sorted({file.name for file in SHIPPED} - {"evidence_words.yaml", "changes.yaml"}))
def test_the_hash_hears_of_a_change_in_any_file(tmp_path, name):
    write(tmp_path, {file.name: file.read_text(encoding="utf-8") for file in SHIPPED})
    text = (tmp_path / name).read_text(encoding="utf-8")
    key = next(key for key in ("read: verbatim", "title: ", "text: ") if key in text)
    changed = "read: second hand" if key == "read: verbatim" else f"{key}New "
    (tmp_path / name).write_text(text.replace(key, changed, 1), encoding="utf-8")
    assert load_criteria(tmp_path).sha256 != load_criteria().sha256


@pytest.mark.parametrize("name", ["nowhere", "a.yaml", "", "."])
def test_what_is_no_criteria_folder_is_told(tmp_path, name):
    write(tmp_path, {"a.yaml": ""})
    with pytest.raises(VendorEvalError, match=r"scorecard\.yaml"):
        load_criteria(tmp_path / name)


# ------------------------------------------------------------------------------------------------ one question

NUMBER = "id: Q2, text: How many?, type: number"
SINGLE = "id: Q2, text: Which?, type: single_choice, weight: 1"
CERTIFICATE = "id: Q2, text: Certified?, type: certification, weight: 1"


def number(*keys, weight="1"):
    return f"{{{', '.join((NUMBER, f'weight: {weight}', *keys))}}}"


def single(*keys):
    return f"{{{', '.join((SINGLE, *keys))}}}"


def certificate(*keys):
    return f"{{{', '.join((CERTIFICATE, *keys))}}}"


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        pytest.param("«{text: Asked?, type: text, weight: 0}", ["missing-key"], id="no-id"),
        pytest.param("{id: «'', text: Asked?, type: text, weight: 0}", ["wrong-value"], id="blank-id"),
        pytest.param("«{id: Q2, «tpye: text}", ["missing-key", "unknown-key"], id="misspelt-type"),
        pytest.param("{id: Q2, text: Asked?, type: «txt, weight: 0}", ["wrong-value"], id="no-such-type"),
        pytest.param("{id: Q2, text: Asked?, type: text, weight: «1}", ["wrong-value"], id="weighted-text"),
        pytest.param(
            "{id: Q2, text: Asked?, type: text, weight: 0, «unit: h}", ["unknown-key"], id="key-of-another-type"
        ),
        pytest.param("«" + number(), ["missing-key"], id="no-points"),
        pytest.param(number("points: «[]"), ["unordered-points"], id="empty-points"),
        pytest.param(number("points: [[0, 0], [5, 50], «[3, 100]]"), ["unordered-points"], id="falling-points"),
        pytest.param(number("points: [[0, 0], «[0, 100]]"), ["unordered-points"], id="two-points-at-one-place"),
        pytest.param(number("points: [[0, «101], «[1], [«x, 3]]"), ["wrong-value"], id="wrong-points"),
        pytest.param(
            number("points: [[0, 0]], points_when: [{when: {a: b}, points: [[1, 1], «[0, 0]]}, ««{}]"),
            ["unordered-points", "missing-key", "missing-key"],
            id="points-when",
        ),
        pytest.param("«" + single(), ["missing-key"], id="no-options"),
        pytest.param(single("options: «[]"), ["missing-key"], id="empty-options"),
        pytest.param(single("options: [«{label: Yes}]"), ["missing-key"], id="option-without-score"),
        pytest.param(
            single("options: [{label: x, score: 1}, {id: «a, label: y, score: 2}]"),
            ["repeated-id"],
            id="option-id-twice",
        ),
        pytest.param(
            single("options: [{label: Ja, score: 1}, «{label: No, synonyms: [' JA'], score: 2}]"),
            ["repeated-label"],
            id="label-of-two-options",
        ),
        pytest.param(single("options: [«{label: '', score: 1}]"), ["wrong-value"], id="blank-label"),
        pytest.param(
            single("options: [«{«lable: Yes, score: 1}, «x]"),
            ["missing-key", "unknown-key", "wrong-value"],
            id="wrong-options",
        ),
        pytest.param(
            "{id: Q2, text: How?, type: rubric, weight: 1, levels: «[a, b]}", ["wrong-value"], id="two-levels"
        ),
        pytest.param(
            "{id: Q2, text: Asked?, type: yes_no_partial, weight: 1, scores: {yes: 1, «ye: 2, no: «true}}",
            ["wrong-value"],
            id="scores",
        ),
        pytest.param(certificate("parts: [status, «scpoe]"), ["unknown-reference"], id="no-such-part"),
        pytest.param(certificate("«parts: [scope]"), ["missing-key"], id="no-status"),
        pytest.param(certificate("statuses: [valid, «vald]"), ["unknown-reference"], id="no-such-status"),
        pytest.param(certificate("status_values: {«vald: 3}"), ["unknown-reference"], id="value-of-no-status"),
        pytest.param(certificate("editions: [{id: a, label: b, withdrawn_from: «2026}]"), ["wrong-value"], id="no-day"),
        pytest.param(certificate("ask_if: {«Q9: [a]}"), ["unknown-reference"], id="ask-if-no-question"),
        pytest.param(certificate("ask_if: {Q1: [yes, «yess]}"), ["unknown-reference"], id="ask-if-no-option"),
        pytest.param(certificate("ask_if: {Q1: «yes}"), ["wrong-value"], id="ask-if-no-list"),
        pytest.param(certificate("ask_if: {«Q2: [valid]}"), ["unknown-reference"], id="ask-if-itself"),
        pytest.param(certificate("cap_if: {«Q9: {a: 1}}"), ["unknown-reference"], id="cap-if-no-question"),
        pytest.param(certificate("cap_if: {Q1: {no: 1, «x: 2}}"), ["unknown-reference"], id="cap-if-no-option"),
        pytest.param(
            certificate("cap_if: {Q2.status: {valid: 1, «x: 2}, «Q2.part: {a: 1}, «Q1.a: {b: 1}}"),
            ["unknown-reference"],
            id="cap-if-a-part",
        ),
        pytest.param(certificate("cap_if: {Q1: {no: «101}}"), ["wrong-value"], id="cap-above-100"),
        pytest.param(certificate("applies: {a: «}"), ["wrong-value"], id="blank-condition"),
        pytest.param(certificate("tier: «cor, «tear: core"), ["wrong-value", "unknown-key"], id="tier"),
        pytest.param(certificate("scale: «guess, core_if_must: «ye"), ["wrong-value"], id="scale"),
        pytest.param(certificate("brief: [locales, «locale]"), ["wrong-value"], id="brief"),
        pytest.param(certificate("replaces: «Q3, merged: [«'']"), ["wrong-value"], id="old-ids"),
        pytest.param(
            single("options: [{label: x, score: 1, promises: «targt}]"), ["wrong-value"], id="promise-of-an-option"
        ),
    ],
)
def test_a_fault_of_a_question_has_its_place(tmp_path, question, codes):
    folder, files = folder_of(tmp_path, asking(Q1, question))
    assert faults(load_criteria, folder) == expected(files, *codes)


@pytest.mark.parametrize(
    "weight", ["-1", "-0.001", ".nan", ".inf", "true", "'1'", "ten", "", "[1]", "1e999", "9" * 5000]
)
def test_a_weight_is_a_finite_number_of_0_or_more(tmp_path, weight):
    folder, files = folder_of(tmp_path, asking(Q1, number("points: [[0, 0]]", weight=f"«{weight}")))
    assert faults(load_criteria, folder) == expected(files, "wrong-value")


@pytest.mark.parametrize("weight", ["0", "0.001", "1e3", "007"])
def test_a_weight_of_any_size_is_fine(tmp_path, weight):
    folder, _ = folder_of(tmp_path, asking(Q1, number("points: [[0, 0]]", weight=weight)))
    assert load_criteria(folder).questions["Q2"].weight == float(weight)


@pytest.mark.parametrize(
    ("gate", "codes"),
    [
        pytest.param("«{kind: must}", ["gate-test"], id="no-test"),
        pytest.param("«{kind: must, at_least: 3, one_of: [yes]}", ["gate-test"], id="two-tests"),
        pytest.param("«{kind: must, at_least: 3, min: 1}", ["gate-test"], id="value-and-figure"),
        pytest.param("«{kind: must, min: 2, max: 1}", ["gate-test"], id="nothing-passes"),
        pytest.param("{kind: «mus, at_least: 3}", ["wrong-value"], id="no-such-kind"),
        pytest.param("{kind: must, at_least: «101}", ["wrong-value"], id="above-100"),
        pytest.param("{kind: must, one_of: «yes}", ["wrong-value"], id="one-for-a-list"),
        pytest.param("{kind: must, one_of: [yes, «maybe]}", ["unknown-reference"], id="no-such-option"),
        pytest.param("{kind: must, includes: [«maybe, Partial]}", ["unknown-reference"], id="includes-no-such-option"),
        pytest.param("«{kind: must, max: 5}", ["gate-test"], id="figure-of-a-choice"),
        pytest.param("{kind: must, at_least: 1, needs: «proof, «wehn: {}}", ["wrong-value", "unknown-key"], id="keys"),
    ],
)
def test_a_fault_of_a_gate_has_its_place(tmp_path, gate, codes):
    question = (
        f"{{id: Q1, text: Asked?, type: yes_no_partial, weight: 1, gates: [{{kind: flag, at_least: 1}}, {gate}]}}"
    )
    folder, files = folder_of(tmp_path, asking(question))
    assert faults(load_criteria, folder) == expected(files, *codes)


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        pytest.param(number("points: [[0, 0]], gates: [{kind: must, «one_of: [a]}]"), ["gate-test"], id="number"),
        pytest.param(
            "{id: Q2, text: Asked?, type: text, weight: 0, gates: [«{kind: must, at_least: 5}]}",
            ["gate-test"],
            id="text",
        ),
        pytest.param(
            CHOICE.replace("weight: 0", "weight: 0, gates: [«{kind: must, at_least: 5}]"), ["gate-test"], id="no-scores"
        ),
        pytest.param(
            certificate("gates: [{kind: must, one_of: [valid, Expired or withdrawn, «expird]}]"),
            ["unknown-reference"],
            id="status",
        ),
    ],
)
def test_a_gate_must_fit_its_question(tmp_path, question, codes):
    folder, files = folder_of(tmp_path, asking(Q1, question))
    assert faults(load_criteria, folder) == expected(files, *codes)


@pytest.mark.parametrize(
    ("gate", "codes"),
    [
        pytest.param("any: [{at_least: 60}, {all: [{min: 3}, {question: Q1, one_of: [Yes]}]}]", [], id="sound"),
        pytest.param("any: «[]", ["gate-test"], id="no-branch"),
        pytest.param("any: [{at_least: 60}, {all: «[]}]", ["gate-test"], id="all-of-nothing"),
        pytest.param("any: [{at_least: 60}, «{min: 3, at_least: 60}]", ["gate-test"], id="two-tests"),
        pytest.param("any: [«{question: Q1}]", ["gate-test"], id="no-test"),
        pytest.param("any: [«{all: [{min: 3}], at_least: 60}]", ["gate-test"], id="test-and-all"),
        pytest.param("any: [{question: «Q1, all: [{at_least: 60}]}]", ["gate-test"], id="question-of-all"),
        pytest.param("any: [{min: 3}, {min: 3, «any: [{at_least: 3}]}]", ["unknown-key"], id="any-in-any"),
        pytest.param("any: [{all: [{min: 3, «all: [{min: 3}]}]}]", ["unknown-key"], id="all-in-all"),
        pytest.param("«question: Q1, min: 3", ["unknown-key"], id="question-of-a-gate"),
        pytest.param("any: [{min: 3}, {«question: Q11, at_least: 60}]", ["unknown-reference"], id="no-question"),
        pytest.param("any: [{min: 3}, {all: [{min: 3}, {«question: Q, min: 1}]}]", ["unknown-reference"], id="in-all"),
        pytest.param("any: [{min: 3}, «{question: Q3, at_least: 60}]", ["gate-test"], id="unscored-question"),
        pytest.param("any: [{min: 3}, {question: Q1, one_of: [«maybe]}]", ["unknown-reference"], id="no-option-of-it"),
        pytest.param("any: [{«one_of: [maybe]}]", ["gate-test"], id="options-of-a-number"),
        pytest.param("min: 3, stage: «contract", ["wrong-value"], id="no-such-stage"),
    ],
)
def test_a_fault_of_a_branch_has_its_place(tmp_path, gate, codes):
    gated = number(f"points: [[0, 0]], gates: [{{kind: must, {gate}}}]")
    folder, files = folder_of(tmp_path, asking(Q1, gated, "{id: Q3, text: Why?, type: text, weight: 0}"))
    if not codes:
        (loaded,) = load_criteria(folder).questions["Q2"].gates
        assert [[name for name, _ in branch] for branch in loaded.branches("Q2")] == [["Q2"], ["Q2", "Q1"]]
        assert (loaded.stage, loaded.questions) == ("award", {"Q1"})
    else:
        assert faults(load_criteria, folder) == expected(files, *codes)


@pytest.mark.parametrize("option", ["b", "No", " NO ", "Yes", "None"])
def test_gates_and_follow_ups_name_options_by_id_or_label(tmp_path, option):
    gated = CHOICE.replace("weight: 0", f"weight: 0, gates: [{{kind: must, one_of: ['{option}']}}]")
    follow_up = f"{{id: Q3, text: Why?, type: text, weight: 0, ask_if: {{Q2: ['{option}']}}}}"
    question = load_criteria(folder_of(tmp_path, asking(Q1, gated, follow_up))[0]).questions["Q2"]
    names = {*question.options_by_id, *map(normalize, question.options_by_id.values())}
    assert normalize(question.gates[0].one_of[0]) in names


@pytest.mark.parametrize(
    ("keys", "scale"),
    [
        ("", None),
        ("judgement: false", None),
        ("judgement: true", "judgement"),
        ("scale: judgement", "judgement"),
        ("scale: source", "source"),
        ("scale: source, judgement: true", "source"),
    ],
)
def test_the_scale_of_a_question_is_of_a_source_or_a_judgement_and_read_from_either_key(tmp_path, keys, scale):
    question = load_criteria(folder_of(tmp_path, asking(Q1, certificate(*filter(None, [keys]))))[0]).questions["Q2"]
    assert (question.scale, question.judgement) == (scale, scale == "judgement")


def test_a_long_ring_of_follow_ups_is_a_fault_of_each(tmp_path):
    ring = [
        f"{{id: R{n}, text: Asked?, type: yes_no_partial, weight: 1, ask_if: {{«R{(n + 1) % 1100}: [yes]}}}}"
        for n in range(1100)
    ]
    outside = "{id: Q2, text: Asked?, type: yes_no_partial, weight: 1, ask_if: {R0: [yes]}}"
    folder, files = folder_of(tmp_path, asking(Q1, *ring, outside))
    assert faults(load_criteria, folder) == expected(files, "unknown-reference")


def test_ids_may_hold_dots(tmp_path):
    dotted = "{id: A&A-01.1, text: Certified?, type: certification, weight: 1}"
    capped = (
        "{id: A&A-01.2, text: Asked?, type: yes_no_partial, weight: 1, ask_if: {A&A-01.1: [valid]},"
        " cap_if: {A&A-01.1: {valid: 5}, A&A-01.1.scope: {other: 5}}}"
    )
    assert list(load_criteria(folder_of(tmp_path, asking(dotted, capped))[0]).questions) == ["A&A-01.1", "A&A-01.2"]


# ------------------------------------------------------------------------------------------------ across files

B = HEAD.replace("category: a", "category: b").replace("A1", "B1") + "      - " + Q1.replace("Q1", "Q9") + "\n"
TWO = SCORECARD.replace("[a]", "[a, b]").replace("{a: 100}", "{a: 60, b: 40}")


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        pytest.param({"scorecard": SCORECARD.replace("[a]", "[a, «c]")}, ["unknown-reference"], id="no-file"),
        pytest.param({"scorecard": SCORECARD.replace("[a]", "[a, «a]")}, ["repeated-id"], id="listed-twice"),
        pytest.param({"scorecard": SCORECARD, "b": B.replace(": b", ": «b")}, ["unknown-reference"], id="not-listed"),
        pytest.param({"scorecard": SCORECARD.replace("[a]", "«5")}, ["wrong-value"], id="no-list-of-categories"),
        pytest.param({"scorecard": SCORECARD.replace("[a]", "[a, «[b]]")}, ["wrong-value"], id="no-name-of-a-category"),
        pytest.param({"scorecard": SCORECARD + "«vendor_profile: c\n"}, ["unknown-reference"], id="no-profile"),
        pytest.param({"scorecard": SCORECARD + "vendor_profile: «a\n"}, ["wrong-value"], id="weighted-profile"),
        pytest.param(
            {"scorecard": TWO.replace("b: 40", "«b: 40"), "b": B + "weighted: false\n"},
            ["unknown-reference"],
            id="unweighted-in-a-preset",
        ),
        pytest.param(
            {"scorecard": TWO, "b": B.replace("Q9", "«Q1")}, ["repeated-id"], id="question-id-of-another-file"
        ),
        pytest.param(
            {"b": B.replace(": b", ": «a").replace("B1", "«A1").replace("Q9", "«Q1")},
            ["repeated-id"],
            id="category-of-another-file",
        ),
        pytest.param(
            {"scorecard": TWO, "b": B + B[B.index("  - id") :].replace("B1", "«B1").replace("Q9", "Q8")},
            ["repeated-id"],
            id="criterion-id-twice",
        ),
        pytest.param(
            {"scorecard": SCORECARD.replace(" balanced: {a: 100}", " «x: {a: 99}")}, ["weights-not-100"], id="99"
        ),
        pytest.param(
            {"scorecard": SCORECARD + "  x: {a: 100, «c: 0}\n"}, ["unknown-reference"], id="weight-of-no-category"
        ),
        pytest.param({"scorecard": SCORECARD + "  x: {a: «-1}\n"}, ["wrong-value"], id="negative-weight"),
        pytest.param({"scorecard": SCORECARD + "  x: {a: «.nan}\n"}, ["wrong-value"], id="no-number"),
        pytest.param({"scorecard": SCORECARD + "  x: {a: «'100'}\n"}, ["wrong-value"], id="text-as-weight"),
        pytest.param({"scorecard": SCORECARD + "  «x: {}\n"}, ["weights-not-100"], id="no-weights"),
        pytest.param({"scorecard": SCORECARD + "  x: «5\n"}, ["wrong-value"], id="no-preset"),
        pytest.param(
            {"scorecard": SCORECARD + "preset_criteria: {«blanced: {a: {A1: 1}}}\n"},
            ["unknown-reference"],
            id="no-such-preset",
        ),
        pytest.param(
            {"scorecard": SCORECARD + "preset_criteria: {balanced: {«c: {A1: 1}, a: {A1: 1, «A2: 1}}}\n"},
            ["unknown-reference"],
            id="preset-criteria-of-nothing",
        ),
        pytest.param(
            {"scorecard": SCORECARD + "preset_criteria: {balanced: {«a: {A1: 0}}}\n"},
            ["all-zero-weights"],
            id="all-shifted-to-0",
        ),
        pytest.param(
            {"scorecard": SCORECARD + "floors: {a: 5, a.A1: 5, «a.A2: 5, «b: 5, «5: 5}\n"},
            ["unknown-reference"],
            id="floors-of-nothing",
        ),
        pytest.param({"scorecard": SCORECARD + "floors: «true\n"}, ["wrong-value"], id="no-floors"),
        pytest.param({"scorecard": SCORECARD + "floors: {a: «101}\n"}, ["wrong-value"], id="floor-above-100"),
        pytest.param(
            {"a": asking(Q1).replace("weight: 1\n", "weight: 0\n").replace("criteria", "«criteria")},
            ["all-zero-weights"],
            id="all-criteria-0",
        ),
        pytest.param(
            {"a": asking(Q1.replace("1}", "0}")).replace("- id", "- «id")}, ["all-zero-weights"], id="all-questions-0"
        ),
        pytest.param({"a": "category: a\ntitle: A\n«criteria: []\n"}, ["all-zero-weights"], id="no-criteria"),
        pytest.param(
            {"a": HEAD.replace("- id", "- «id").replace("questions:", "questions: []")},
            ["all-zero-weights"],
            id="no-questions",
        ),
        pytest.param(
            {
                "a": HEAD.replace("a\n", "«a.b\n", 1) + f"      - {Q1}\n",
                "scorecard": SCORECARD.replace("[a]", "[a.b]").replace("{a:", "{a.b:"),
            },
            ["wrong-value"],
            id="category-id-with-a-dot",
        ),
        pytest.param({"a": "«"}, ["missing-key"], id="empty-category"),
        pytest.param({"a": "«5"}, ["wrong-value"], id="no-category"),
        pytest.param({"a": "category: a\n«\ttitle: x"}, ["yaml-syntax"], id="category-that-cannot-be-read"),
        pytest.param({"scorecard": "«- a"}, ["wrong-value"], id="no-scorecard"),
        pytest.param({"scorecard": "«# nothing"}, ["missing-key"], id="empty-scorecard"),
        pytest.param(
            {"scorecard": "scorecard: own\ntitle: a«: b"}, ["yaml-syntax"], id="scorecard-that-cannot-be-read"
        ),
        pytest.param({"certification": "parts: «5\n" + SCHEME.partition("\n")[2]}, ["wrong-value"], id="no-scheme"),
        pytest.param(
            {"certification": SCHEME.replace("[status]", "[«scope]")}, ["unknown-reference"], id="scheme-of-nothing"
        ),
        pytest.param(
            {"certification": SCHEME.replace("[none]", "[«nne]")}, ["unknown-reference"], id="scheme-of-no-status"
        ),
        pytest.param(
            {"certification": SCHEME.replace("}]\nneeded", "}, {id: «status, type: text, text: x}]\nneeded")},
            ["repeated-id"],
            id="part-twice",
        ),
        pytest.param(
            {"certification": SCHEME.replace(": [{id: status", ": «[{id: state")},
            ["missing-key"],
            id="scheme-without-status",
        ),
        pytest.param(
            {"certification": SCHEME.replace(", {value: 70}", "").replace("table: ", "table: «")},
            ["certification-table"],
            id="table-with-a-gap",
        ),
        pytest.param({"evidence_words": WORDS.replace("' -'", "«5")}, ["wrong-value"], id="trim"),
    ],
)
def test_a_fault_of_a_folder_has_its_place(tmp_path, files, codes):
    folder, written = folder_of(tmp_path, **files)
    assert faults(load_criteria, folder) == expected(written, *codes)


@pytest.mark.parametrize("weights", [[99.99999999999999, 0, 0], [33.3, 33.3, 33.4], [100.0000009, 0, 0]])
def test_weights_that_differ_from_100_by_rounding_alone_are_fine(tmp_path, weights):
    balanced = dict(zip("abc", weights, strict=True))
    scorecard = SCORECARD.replace("[a]", "[a, b, c]").replace("{a: 100}", json.dumps(balanced))
    c = B.replace("category: b", "category: c").replace("Q9", "Q8")
    assert load_criteria(folder_of(tmp_path, scorecard=scorecard, b=B, c=c)[0]).file.presets == {"balanced": balanced}


CONTEXT = """\
context:
  data: {type: choice, question: Which?, values: {secret: Yes, open: No}}
  own: {type: bool, question: Yours?, values: [true, false]}
"""


def test_conditions_name_values_that_their_fields_have(tmp_path):
    when = "{data: [open, «opn], own: «yes, other: x}"
    question = (
        f"{{id: Q1, text: How many?, type: number, weight: 1, points: [[0, 0]], applies: {when},"
        f" gates: [{{kind: must, min: 1, when: {when}}}], points_when: [{{when: {when}, points: [[0, 0]]}}]}}"
    )
    a = f"{asking(question)}    applies: {when}\napplies: {when}\n"
    folder, files = folder_of(tmp_path, a, SCORECARD + CONTEXT + f"floors: {{a: {{at_least: 5, when: {when}}}}}\n")
    assert faults(load_criteria, folder) == expected(files, "unknown-reference")


def test_a_condition_may_name_a_field_of_its_own_and_no_misspelt_one(tmp_path):
    when = "{place: here, «dataa: open}"
    question = (
        f"{{id: Q1, text: How many?, type: number, weight: 1, points: [[0, 0]], applies: {when},"
        f" gates: [{{kind: must, min: 1, when: {when}}}], points_when: [{{when: {when}, points: [[0, 0]]}}]}}"
    )
    folder, files = folder_of(tmp_path, asking(question), SCORECARD + CONTEXT)
    assert faults(load_criteria, folder) == expected(files, "unknown-context-field")


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        pytest.param("{type: choice, question: q, values: «{}}", ["missing-key"], id="no-values"),
        pytest.param("{type: set, question: q, values: «[true, false]}", ["wrong-value"], id="booleans-of-a-set"),
        pytest.param("{type: bool, question: q, values: «{yes: Yes}}", ["wrong-value"], id="keys-of-a-boolean"),
        pytest.param("{type: choice, question: q, values: «5}", ["wrong-value"], id="number-for-values"),
        pytest.param("«{type: bool, question: q}", ["missing-key"], id="missing-values"),
        pytest.param(
            "{type: set, question: q, values: {a: b}, from_profile: «cpy}", ["wrong-value"], id="from-profile"
        ),
        pytest.param(
            "{type: set, question: q, values: {a: b}, from_profile: [ask, {«vlue: 3}, «true]}",
            ["unknown-key", "wrong-value"],
            id="rules",
        ),
    ],
)
def test_a_fault_of_the_context_dictionary_has_its_place(tmp_path, field, codes):
    folder, files = folder_of(tmp_path, scorecard=f"{SCORECARD}context:\n  x: {field}\n")
    assert faults(load_criteria, folder) == expected(files, *codes)


def test_all_faults_of_all_files_come_out_of_one_run(tmp_path):
    a = asking(
        "{id: Q1, text: Asked?, type: yes_no_partial, weight: «ten, «wieght: 1}",
        "{id: Q2, text: Asked?, type: yes_no_partial, weight: 1, gates: [{kind: must, one_of: [«x]}],"
        " applies: {data: «y}}",
        "{id: Q3, text: Asked?, type: yes_no_partial, weight: 1, «weight: 2, ask_if: {Q1: [z], «Q7: [z], Q2: [«z]}}",
        "{id: «Q2, text: &x Asked?, type: yes_no_partial, weight: 1}".replace("&x", "«&x"),
    ).replace("title: A\n", "title: A\n«aims: none\n")
    b = HEAD.replace("category: a", "category: b") + "      - {id: Q8, text: Asked?, type: «yes, weight: 1}\n"
    scorecard = (
        TWO.replace("title: Own\n", "«title: Own\n«titel: Own\n", 1)
        .replace("b: 40", "b: 39")
        .replace("balanced", "«balanced")
    )
    scorecard = "title: First\n" + scorecard + CONTEXT + "floors: {«c: 5, b.A1: «x}\n"
    folder, files = folder_of(tmp_path, a, scorecard, b=b, certification=SCHEME.replace("[status]", "[«x]"))
    assert faults(load_criteria, folder) == expected(
        files,
        *("unknown-key", "wrong-value", "unknown-key", "unknown-reference", "unknown-reference", "repeated-key"),
        *("unknown-reference", "unknown-reference", "repeated-id", "yaml-alias"),
        "wrong-value",
        "unknown-reference",
        *("repeated-key", "unknown-key", "weights-not-100", "unknown-reference", "wrong-value"),
    )


def test_of_a_file_that_cannot_be_read_nothing_is_said_to_be_missing(tmp_path):
    follow_up = "{id: Q2, text: Why?, type: text, weight: 0, ask_if: {Q9: [yes], Q1: [yes]}}"
    scorecard = TWO + "floors: {b.B1: 5}\npreset_criteria: {balanced: {b: {B1: 2}}}\n"
    folder, files = folder_of(tmp_path, asking(Q1, follow_up), scorecard, b=B + "«@\n")
    assert faults(load_criteria, folder) == expected(files, "yaml-syntax")


def test_of_a_scheme_with_faults_nothing_else_is_concluded(tmp_path):
    wrong = certificate("parts: [x], gates: [{kind: must, one_of: [y]}]")
    capped = "{id: Q3, text: Asked?, type: yes_no_partial, weight: 1, cap_if: {Q2.x: {y: 1}}}"
    folder, files = folder_of(tmp_path, asking(Q1, wrong, capped), certification=SCHEME.replace("table", "«tabel"))
    found = expected(files, "unknown-key")
    assert faults(load_criteria, folder) == ["certification.yaml:1:1 missing-key", *found]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"scorecard": SCORECARD + "floors: {a.A2: 5}\n"}, "a.A1"),
        ({"scorecard": SCORECARD + "  x: {a: 100, aa: 0}\n"}, "a"),
        ({"scorecard": SCORECARD + "preset_criteria: {balancd: {}}\n"}, "balanced"),
        ({"a": asking(Q1, certificate("ask_if: {Q01: [yes]}"))}, "Q1"),
        ({"a": asking(Q1, certificate("ask_if: {Q1: [yess]}"))}, "yes"),
        ({"a": asking(Q1, certificate("parts: [status, scop]"))}, "scope"),
        ({"a": asking(Q1, certificate("brief: [timezone]"))}, "time_zone"),
        ({"a": asking(Q1, certificate("applies: {data: opn}")), "scorecard": SCORECARD + CONTEXT}, "open"),
    ],
)
def test_a_reference_to_nothing_tells_the_nearest_name(tmp_path, files, name):
    with pytest.raises(InputError, match=f"did you mean '{name}'"):
        load_criteria(folder_of(tmp_path, **files)[0])


# ------------------------------------------------------------------------------------------------ strange files

STRANGE = ["", "5", "true", "x", ".nan", "[]", "{}", "[null]", "[[]]", "[{}]", "[x, 5]", "{a: }", "{5: {}}", "{a: [1]}"]
KEYS = {
    "scorecard": ["scorecard", "title", "version", "categories", "presets", "preset_criteria", "floors", "context"],
    "a": ["category", "title", "criteria", "applies", "weighted"],
    "certification": ["parts", "needed_for_value", "table"],
    "evidence_words": ["trim", "none", "unnamed_document"],
}


def issues_of(folder):
    """Load a folder; only faults may come of it."""
    try:
        load_criteria(folder)
    except InputError as found:
        return found.issues
    return ()


@pytest.mark.parametrize("value", STRANGE, ids=[value or "blank" for value in STRANGE])
@pytest.mark.parametrize(("file", "key"), [(file, key) for file, keys in KEYS.items() for key in keys])
def test_anything_under_any_key_loads_or_has_placed_faults(tmp_path, file, key, value):
    texts = {
        "scorecard": SCORECARD,
        "a": asking(Q1, certificate()),
        "certification": SCHEME,
        "evidence_words": WORDS,
    }
    tree = values(tmp_path, texts[file])
    tree.pop(key, None)
    texts[file] = f'{json.dumps(tree)[:-1]}{", " if tree else ""}"{key}": {value}}}'
    folder, _ = folder_of(tmp_path, texts.pop("a"), texts.pop("scorecard"), **texts)
    assert all(issue.location.line and issue.location.column for issue in issues_of(folder))


@pytest.mark.parametrize("value", STRANGE, ids=[value or "blank" for value in STRANGE])
@pytest.mark.parametrize(
    "key", ["gates", "applies", "ask_if", "cap_if", "options", "points", "points_when", "parts", "id"]
)
def test_anything_under_any_key_of_a_question_loads_or_has_placed_faults(tmp_path, key, value):
    questions = [ask(f"{key}: {value}") for ask in (number, single, certificate)]
    folder, _ = folder_of(tmp_path, asking(Q1, *questions))
    assert all(issue.location.line and issue.location.column for issue in issues_of(folder))


# ------------------------------------------------------------------------------------------------ for editors


VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json_schema())


def misfits(folder, text):
    """Find what does not fit the schema."""
    return [error.message for error in VALIDATOR.iter_errors(values(folder, text))]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_file_fits_the_schema_and_names_it(tmp_path, file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert misfits(tmp_path, text) == []


@pytest.mark.parametrize("text", [*BLOCK.values(), *FLOW.values(), SCORECARD, asking(Q1), SCHEME, WORDS])
def test_a_file_that_loads_fits_the_schema(tmp_path, text):
    assert misfits(tmp_path, text) == []


@pytest.mark.parametrize(
    ("file", "key"),
    [
        *[(file, key) for file, keys in KEYS.items() for key in keys if key not in {"applies", "weighted"}],
        *[("question", key) for key in ["id", "text", "type", "weight", "options", "gates", "label", "kind", "one_of"]],
    ],
)
def test_a_misspelt_key_does_not_fit_the_schema(tmp_path, file, key):
    full = SCORECARD + CONTEXT + "floors: {a: 5}\npreset_criteria: {balanced: {a: {A1: 1}}}\n"
    texts = {"scorecard": full, "a": A, "certification": SCHEME, "evidence_words": WORDS, "question": FLOW["a.yaml"]}
    text = texts[file].replace(f"{key}:", f"{key[:-1]}x{key[-1]}:", 1)
    assert text != texts[file]
    assert misfits(tmp_path, text) != []


def test_a_question_without_the_keys_of_its_type_does_not_fit_the_schema(tmp_path):
    assert misfits(tmp_path, asking(single())) != []


def test_a_number_reads_from_points_of_the_file(tmp_path):
    question = load_criteria(folder_of(tmp_path, asking(number("points: [[0, 0], [5.5, 100]]")))[0]).questions["Q2"]
    assert question == Number(id="Q2", text="How many?", type="number", weight=1, points=((0, 0), (5.5, 100)))


def test_criteria_are_loaded_anew_where_a_file_of_them_changed(tmp_path):
    write_criteria(tmp_path, load("{a: {A1: {Q1: {}}}}"))
    first = load_criteria(tmp_path)
    assert load_criteria(tmp_path) is first
    write_criteria(tmp_path, load("{a: {A1: {Q1: {weight: 3}}}}"))
    (question,) = load_criteria(tmp_path).categories[0].criteria[0].questions
    assert question.weight == 3
    (tmp_path / "a.yaml").write_text("category: [", encoding="utf-8")
    with pytest.raises(InputError):
        load_criteria(tmp_path)
