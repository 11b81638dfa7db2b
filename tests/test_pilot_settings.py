"""pilot.yaml: every fault in one run, with its place and the nearest name; links, and why they sleep."""

import dataclasses

import pytest
from pilots import write_pilot

from vendor_eval import load_evaluation
from vendor_eval.issues import InputError
from vendor_eval.pilot.settings import load_pilot, sleeping_links
from vendor_eval.results.pilot_figures import FIGURES

EVERY_KEY = """
title: Crop and weed, 500 images
task: classification
labels: [crop, weed, unsure, None, NA, no]
measured_on: 2026-11-23
seed: apricot-41
passes: 1
phases: {day1: 40, change: 40, surge: 20}
show: [image, text]
risk: {promised: 98, unacceptable: 95, seller_risk: 5, buyer_risk: 10}
severity: {"weed>crop": 5}
iou: [0.5, 0.75]
criteria: [helpful, honest]
levels: [1, 2, 3, 4, 5]
fast_below: 2
pay: {currency: usd, unit_price: {acme: 0.012}, legal_minimum: {acme: 2.1}, living_wage: {acme: 4.1}}
bootstrap: {draws: 2000, seed: 1}
vendors: [acme, bolt]
gold: truth.csv
absent: {bolt: fell ill}
quality_target: {value: 97, unit: "%"}
disclose: 0
least_items: 100
links:
  - {question: QAR-23, figure: accuracy, kind: guarantee, margin: 3, phase: surge}
"""


@pytest.fixture(scope="module")
def evaluation():
    return load_evaluation("samples/small")


def loaded(folder, text, evaluation=None, vendors=None):
    (folder / "pilot.yaml").write_text(text, encoding="utf-8")
    return load_pilot(folder, evaluation, vendors)


def faults(folder, text, evaluation=None, vendors=None):
    """List the faults of a pilot.yaml as (line, column, code)."""
    with pytest.raises(InputError) as error:
        loaded(folder, text, evaluation, vendors)
    return [(issue.location.line, issue.location.column, issue.code) for issue in error.value.issues]


def message(folder, text, *rest):
    with pytest.raises(InputError) as error:
        loaded(folder, text, *rest)
    return str(error.value)


def test_every_key_of_the_contract_is_read(tmp_path):
    settings = loaded(tmp_path, EVERY_KEY)
    assert settings.labels == ("crop", "weed", "unsure", "None", "NA", "no")
    assert settings.phases == {"day1": 40, "change": 40, "surge": 20}
    assert (settings.risk.promised, settings.risk.buyer_risk) == (98, 10)
    assert settings.costs == {(1, 0): 5}
    assert (settings.pay.currency, settings.pay.unit_price) == ("USD", {"acme": 0.012})
    assert settings.group_of(settings.links[0]) == ("phase", "surge")
    assert (settings.gold, settings.absent) == ("truth.csv", {"bolt": "fell ill"})


def test_what_need_not_be_written_has_its_default(tmp_path):
    write_pilot(tmp_path)
    settings = load_pilot(tmp_path)
    assert (settings.passes, settings.least_items, settings.disclose, settings.iou) == (1, 100, 0, (0.5, 0.75))
    assert (settings.bootstrap.draws, settings.bootstrap.seed) == (2000, 1)
    assert (settings.links, settings.phases, settings.risk) == ((), {}, None)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("iou: [", "iuo: [", (12, 1, "unknown-key"), id="unknown key"),
        pytest.param("task: classification", "task: clasification", (3, 7, "wrong-value"), id="task"),
        pytest.param("task: classification", "task: transcript", (3, 7, "wrong-value"), id="task of later"),
        pytest.param("weed, unsure", "Crop, unsure", (4, 16, "repeated-label"), id="two labels alike"),
        pytest.param("weed, unsure", "~, unsure", (4, 16, "wrong-value"), id="a label that is nothing"),
        pytest.param("2026-11-23", "23.11.2026", (5, 14, "wrong-value"), id="no date"),
        pytest.param("apricot-41", "apricot", (6, 7, "wrong-value"), id="short seed"),
        pytest.param("passes: 1", "passes: 0", (7, 9, "wrong-value"), id="no pass"),
        pytest.param("surge: 20}", "surge: 30}", (8, 9, "wrong-value"), id="shares"),
        pytest.param("unacceptable: 95", "unacceptable: 98", (10, 36, "wrong-value"), id="risk"),
        pytest.param("weed>crop", "weed>corp", (11, 12, "unknown-reference"), id="severity of no label"),
        pytest.param("weed>crop", "weed>Weed", (11, 12, "unknown-reference"), id="severity of a right label"),
        pytest.param("[0.5, 0.75]", "[0.5, 1.5]", (12, 12, "wrong-value"), id="iou"),
        pytest.param("[0.5, 0.75]", "[0.5, 0.5]", (12, 1, "wrong-value"), id="iou twice"),
        pytest.param("[1, 2, 3, 4, 5]", "[1, 2, 2]", (14, 9, "wrong-value"), id="levels"),
        pytest.param("fast_below: 2", "fast_below: .inf", (15, 13, "wrong-value"), id="infinite"),
        pytest.param("currency: usd", "currency: usx", (16, 17, "wrong-value"), id="currency"),
        pytest.param("unit_price: {acme: 0.012}, ", "", (16, 6, "wrong-value"), id="no price"),
        pytest.param("draws: 2000", "draws: 0", (17, 20, "wrong-value"), id="draws"),
        pytest.param("bolt]", "acme]", (18, 17, "repeated-label"), id="vendor twice"),
        pytest.param("gold: truth.csv", "gold: /etc/passwd", (19, 7, "wrong-value"), id="absolute path"),
        pytest.param("disclose: 0", "disclose: 20", (22, 11, "wrong-value"), id="disclose is later"),
        pytest.param("figure: accuracy,", "figure: acuracy,", (25, 24, "unknown-reference"), id="figure"),
        pytest.param(
            "figure: accuracy,", "figure: drift,", (25, 24, "wrong-value"), id="figure that is not good or bad"
        ),
        pytest.param("kind: guarantee", "kind: promise", (25, 48, "wrong-value"), id="kind"),
        pytest.param("margin: 3", "margin: -3", (25, 67, "wrong-value"), id="margin"),
        pytest.param("phase: surge", "phase: serge", (25, 70, "unknown-reference"), id="phase of a link"),
        pytest.param("phase: surge", "iou: 0.5", (25, 70, "wrong-value"), id="a key that does not narrow it"),
        pytest.param(
            "surge}", "surge}\n  - {question: QAR-23, figure: f1, kind: fact}", (26, 6, "repeated-id"), id="two"
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, old, new, fault):
    assert EVERY_KEY.count(old) == 1
    assert faults(tmp_path, EVERY_KEY.replace(old, new)) == [fault]


def test_all_faults_are_named_in_one_run(tmp_path, evaluation):
    text = (
        EVERY_KEY.replace("iou: [", "iuo: [")
        .replace("apricot-41", "short")
        .replace("weed>crop", "weed>corp")
        .replace("QAR-23", "QAR-33")
        .replace("accuracy", "acuracy")
        .replace("[acme, bolt]", "[acme, blot]")
    )
    issues = faults(tmp_path, text, evaluation, ["acme", "bolt"])
    assert [(line, code) for line, _, code in issues] == [
        (6, "wrong-value"),
        (11, "unknown-reference"),
        (12, "unknown-key"),
        (18, "unknown-reference"),
        (25, "unknown-reference"),
    ]
    words = message(tmp_path, text, evaluation, ["acme", "bolt"])
    for nearest in ("'iou'", "'weed>crop'", "'bolt'", "'accuracy'"):
        assert f"did you mean {nearest}?" in words


@pytest.mark.parametrize(
    ("task", "more", "code"),
    [
        pytest.param("rubric", "criteria: []\n", "repeated-key", id="a key twice"),
        pytest.param("polygons", "labels: [a]\n", "wrong-value", id="polygons are later"),
        pytest.param("boxes", "passes: 2\n", "wrong-value", id="passes of boxes"),
        pytest.param(
            "classification", "pay: {currency: EUR, price_item: P1}\n", "unknown-reference", id="no such price"
        ),
    ],
)
def test_keys_are_checked_against_the_task(tmp_path, task, more, code):
    write_pilot(tmp_path, task, more)
    with pytest.raises(InputError) as error:
        load_pilot(tmp_path)
    assert code in [issue.code for issue in error.value.issues]


@pytest.mark.parametrize(("task", "missing"), [("classification", ["labels"]), ("rubric", ["criteria", "levels"])])
def test_what_a_task_needs_is_asked_for(tmp_path, task, missing):
    text = f"title: x\ntask: {task}\nmeasured_on: 2026-11-23\n"
    with pytest.raises(InputError) as error:
        loaded(tmp_path, text)
    assert [(issue.code, issue.message.split("'")[1]) for issue in error.value.issues] == [
        ("missing-key", key) for key in missing
    ]


def test_a_missing_file_and_an_empty_one_are_named(tmp_path):
    with pytest.raises(InputError) as error:
        load_pilot(tmp_path)
    assert [issue.code for issue in error.value.issues] == ["unreadable-file"]
    assert [code for *_, code in faults(tmp_path, "")] == ["missing-key"]


# ------------------------------------------------------------------------------------------------ links

HEAD = "title: x\ntask: classification\nlabels: [a, b]\nmeasured_on: 2026-11-23\n"


def linked(*links, more=""):
    return f"{HEAD}{more}links:\n" + "\n".join(f"  - {{{link}}}" for link in links)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        pytest.param("question: QAR-21, figure: alpha, kind: fact", "wrong-value", id="unit"),
        pytest.param("question: WRK-06, figure: first_batch_days, kind: fact", "wrong-value", id="hours are no days"),
        pytest.param("question: QAR-99, figure: accuracy, kind: fact", "unknown-reference", id="no question"),
        pytest.param("question: ENG-06, figure: accuracy, kind: fact", "wrong-value", id="no figure is asked for"),
        pytest.param(
            "question: GEN-12, figure: accuracy, kind: guarantee", "wrong-value", id="a choice without promise"
        ),
        pytest.param("question: QAR-21, figure: recall, kind: fact", "missing-key", id="recall of no class"),
        pytest.param("question: QAR-21, figure: recall, kind: fact, class: c", "unknown-reference", id="no class"),
    ],
)
def test_a_link_must_fit_its_question(tmp_path, evaluation, link, code):
    assert [found for *_, found in faults(tmp_path, linked(link), evaluation)] == [code]


def test_a_link_that_fits_is_read_and_narrowed(tmp_path, evaluation):
    settings = loaded(
        tmp_path,
        linked(
            "question: QAR-21, figure: recall, kind: fact, class: A",
            "question: QAR-23, figure: accuracy, kind: guarantee",
        ),
        evaluation,
    )
    assert [settings.group_of(link) for link in settings.links] == [("class", "a"), (None, None)]


def test_a_figure_of_boxes_is_that_of_the_first_iou(tmp_path):
    text = linked("question: QAR-23, figure: f1, kind: guarantee").replace("classification", "boxes")
    settings = loaded(tmp_path, f"{text}\niou: [0.85, 0.5]")
    assert settings.group_of(settings.links[0]) == ("iou", "0.85")


def asleep(folder, evaluation, text, **options):
    settings = loaded(folder, text, evaluation)
    notices = sleeping_links(settings, folder, evaluation, several_experts=options.get("several_experts", False))
    assert {issue.code for issue in notices.values()} <= {"link-asleep"}
    return {question: (issue.location.line, issue.message) for question, issue in notices.items()}


def with_target(evaluation, target):
    brief = evaluation.settings.brief.model_copy(update={"quality_target": target})
    return dataclasses.replace(evaluation, settings=evaluation.settings.model_copy(update={"brief": brief}))


@pytest.mark.parametrize(
    ("target", "asked", "why"),
    [
        ('quality_target: {value: 97, unit: "%"}\n', 97, None),
        ("", 97, "no quality_target; write it, equal to that of the brief"),
        (
            'quality_target: {value: 98, unit: "%"}\n',
            97,
            "98, and that of the brief 97; write the same number into both",
        ),
        ('quality_target: {value: 98, unit: "%"}\n', None, "brief empty"),
        ("quality_target: {value: 97, unit: IoU}\n", 97, "in IoU, the figure in %"),
    ],
)
def test_a_promise_of_the_target_is_compared_only_where_both_say_the_same(tmp_path, evaluation, target, asked, why):
    text = linked("question: QAR-23, figure: accuracy, kind: guarantee", more=target)
    notices = asleep(tmp_path, with_target(evaluation, asked), text)
    assert [why in words for _, words in notices.values()] == ([] if why is None else [True])


@pytest.mark.parametrize(
    ("link", "more", "why"),
    [
        pytest.param("question: GEN-10, figure: alpha, kind: fact", "passes: 2\n", "does not ask", id="not asked"),
        pytest.param("question: QAR-23, figure: f1, kind: guarantee", "", "has no f1", id="figure of another task"),
        pytest.param("question: QAR-23, figure: pair_agreement, kind: fact", "", "two or more passes", id="one pass"),
        pytest.param("question: QAR-23, figure: fast_share, kind: fact", "", "no fast_below", id="fast"),
        pytest.param("question: QAR-23, figure: critical_errors, kind: fact", "", "no severity", id="severity"),
        pytest.param("question: LAB-21, figure: pay_ratio_legal, kind: ceiling", "", "no pay", id="pay"),
    ],
)
def test_a_link_whose_figure_cannot_be_had_sleeps(tmp_path, evaluation, link, more, why):
    ((line, words),) = asleep(tmp_path, evaluation, linked(link, more=more)).values()
    assert why in words
    assert line == 6 + bool(more)


def test_a_link_to_the_log_wakes_up_with_log_csv(tmp_path, evaluation):
    asked = dataclasses.replace(evaluation)
    asked.__dict__["asked_questions"] = evaluation.criteria.questions
    text = linked("question: ENG-05, figure: first_batch_days, kind: fact")
    assert "no log.csv" in asleep(tmp_path, asked, text)["ENG-05"][1]
    (tmp_path / "log.csv").write_text("vendor,event,at\n")
    assert asleep(tmp_path, asked, text) == {}


def test_without_an_evaluation_questions_are_not_known_and_figures_are(tmp_path):
    assert loaded(tmp_path, linked("question: OWN-01, figure: accuracy, kind: fact")).links[0].question == "OWN-01"
    assert [code for *_, code in faults(tmp_path, linked("question: OWN-01, figure: x, kind: fact"))] == [
        "unknown-reference"
    ]


def test_the_units_of_figures_are_those_of_the_bank(evaluation):
    units = {
        getattr(evaluation.criteria.questions[question], "unit", "")
        for question in ("QAR-21", "GEN-10", "GEN-11", "ENG-05", "WRK-06", "WRK-07", "LAB-21", "LAB-01")
    }
    assert units <= {kind.unit for kind in FIGURES.values()}


@pytest.mark.parametrize("way", ["dots", "link"])
def test_a_path_of_the_pilot_stays_in_the_folder_of_the_tender(tmp_path, way):
    (tmp_path / "x.txt").write_text("a secret line")
    (tmp_path / "tender" / "pilot").mkdir(parents=True)
    (tmp_path / "tender" / "evaluation.yaml").write_text("title: RFP")
    (tmp_path / "tender" / "gold.csv").write_text("item,label")
    (tmp_path / "tender" / "pilot" / "link").symlink_to(tmp_path)
    gold = {"dots": "../../x.txt", "link": "link/x.txt"}[way]
    file = tmp_path / "tender" / "pilot" / "pilot.yaml"
    file.write_text(EVERY_KEY.replace("gold: truth.csv", f"gold: {gold}"))
    with pytest.raises(InputError) as caught:
        load_pilot(file.parent)
    assert [(issue.code, issue.location.line) for issue in caught.value.issues] == [("wrong-value", 19)]
    assert f"gold: '{gold}' leads out of the folder of the tender" in str(caught.value)
    assert "secret" not in str(caught.value)
    file.write_text(EVERY_KEY.replace("gold: truth.csv", "gold: ../gold.csv"))
    assert load_pilot(file.parent).gold == "../gold.csv"
