"""Version 2 of the shipped criteria is the revision of the question bank, word for word, and says where it comes from.

`tests/bank/revision.yaml` holds the revision as it was written for people.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import asked, codes, opened, read
from builders import write_criteria
from click.testing import CliRunner
from test_bank import CRITERIA as OLD_FOLDER, HERE, _load

from vendor_eval import load_criteria
from vendor_eval.cli import main
from vendor_eval.criteria import Criteria
from vendor_eval.criteria.questions import TIERS, Bounds, Question
from vendor_eval.criteria.questions.figures import FigureQuestion
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.issues import InputError
from vendor_eval.run.assembly.definition import definition
from vendor_eval.run.evaluate import draw_up_sheets, read_responses

REVISION = _load(HERE / "bank" / "revision.yaml")
CRITERIA = HERE.parent / "criteria"
FILES = {path.stem: _load(path) for path in sorted(CRITERIA.glob("*.yaml"))}
CATEGORIES = {name: file for name, file in FILES.items() if "category" in file}
NEW, OLD = load_criteria("annotation-partner@2"), load_criteria("annotation-partner@1")
REVISED = {question["id"]: question for question in REVISION["questions"]}
PLACED = [
    (name, criterion["id"], question)
    for name, file in CATEGORIES.items()
    for criterion in file["criteria"]
    for question in criterion["questions"]
]
MINUTES = {"single_choice": 4, "yes_no_partial": 4, "multi_choice": 6, "certification": 10, "rubric": 60}
INTROS = {
    "vendor_profile": "Your company, its owners and its record",
    "platform_maturity": "Your platform, tools and development",
    "workforce_skill": "The people who would do the work",
    "genai_readiness": "Your experience with Gen AI work",
    "engagement_flexibility": "How work starts, changes and ends",
    "qa_rigor": "How you make and measure quality",
    "labor_ethics": "Pay, conditions and voice of the people who label",
    "security": "How the client's data is protected",
}


def tier(question: Question) -> str:
    unweighted = NEW.parents[question.id].startswith("vendor_profile.")
    return question.tier or ("core" if unweighted else "full")


def of_tier(name: str) -> list[Question]:
    known = TIERS[: TIERS.index(name) + 1]  # type: ignore[arg-type]
    return [question for question in NEW.questions.values() if tier(question) in known]


def minutes(question: Question) -> int:
    """Minutes of a vendor: a figure 10, several figures 5 each and 10 at least; a text beside them is not counted."""
    figures = [part for part in getattr(question, "parts", ()) if getattr(part, "type", "text") != "text"]
    return MINUTES.get(question.type, max(10, 5 * len(figures)))


# Beyond them no honest answer lies: a coefficient, the hours of a day, a ratio of wages, a notice, a life of a company.
BOUNDS = {
    "ENG-08": {"min": 0, "max": 24},
    "GEN-10": {"min": -1, "max": 1},
    "LAB-01": {"min": 0, "max": 10},
    "LAB-21": {"min": 0, "max": 10},
    "SEC-20": {"max": 1000},
    "VEN-06": {"max": 100},
    "WRK-19": {"max": 1000, "whole": True},
    **{id_: {"whole": True} for id_ in ("GEN-05", "GEN-26", "PLT-04", "PLT-21", "VEN-08", "WRK-22")},
}
COUNTED_IN_PARTS = ("GEN-23", "LAB-29", "QAR-21", "QAR-22")


@pytest.mark.parametrize("id_", REVISED)
def test_a_question_stands_in_the_criteria_as_the_revision_has_it_and_has_its_bounds(id_: str) -> None:
    category, criterion, question = next(entry for entry in PLACED if entry[2]["id"] == id_)
    expected = REVISED[id_] | BOUNDS.get(id_, {})
    if id_ in COUNTED_IN_PARTS:
        expected |= {"parts": [part | {"whole": True} for part in expected["parts"]]}
    assert {"category": category, "criterion": criterion, **question} == expected


@pytest.mark.parametrize(
    ("id_", "answer", "code"),
    [
        ("GEN-10", 85, "implausible-value"),
        ("GEN-11", 101, "percentage-out-of-range"),
        ("ENG-08", 99.9, "implausible-value"),
        ("WRK-06", -1, "negative-answer"),
        ("VEN-06", 2015, "implausible-value"),
        ("WRK-19", 10_000, "implausible-value"),
        ("WRK-22", 2.5, "implausible-value"),
        ("LAB-01", "net_pay: 310; living_wage: 2.8", "implausible-value"),
        ("QAR-21", "wrong_1: 0.5; checked_1: 200", "implausible-value"),
    ],
)
def test_a_figure_beyond_its_meaning_is_no_answer(id_: str, answer: object, code: str) -> None:
    reading = read(NEW.questions[id_], answer)
    assert (reading.state, {fault for _, fault in codes(reading)}) == ("invalid", {code})


def test_agreement_below_chance_is_an_honest_answer() -> None:
    reading = read(NEW.questions["GEN-10"], -0.2)
    assert (reading.state, reading.answer.number) == ("answered", -0.2)


@pytest.mark.parametrize("id_", [id_ for id_, question in NEW.questions.items() if isinstance(question, Bounds)])
def test_every_breakpoint_and_every_gate_of_a_figure_lies_within_its_bounds(id_: str) -> None:
    question = NEW.questions[id_]
    assert isinstance(question, FigureQuestion)
    scales = (question.points or (), *(choice.points for choice in question.points_when))
    limits = [x for scale in scales for x, _ in scale]
    limits += [x for gate in question.gates for x in (gate.min, gate.max) if x is not None]
    assert [x for x in limits if not question.holds(x)] == []


def test_the_criteria_ask_the_161_questions_of_the_revision_and_no_others() -> None:
    assert len(PLACED) == len(REVISED) == len(NEW.questions) == 161
    assert set(NEW.questions) == set(REVISED)


def test_categories_and_criteria_are_those_of_version_1_and_one_for_agents() -> None:
    def tree(name: str, folder: Any) -> list[tuple[str, str, float]]:
        return [(c["id"], c["title"], c["weight"]) for c in _load(folder / f"{name}.yaml")["criteria"]]

    added = [(c["id"], c["title"], c["weight"]) for c in REVISION["criteria_added"]]
    for name in INTROS:
        # Vendors read it above the questions, so it speaks of the client.
        reworded = {"Training on our use case": "Training on the client's use case"}
        old = [(id_, reworded.get(title, title), weight) for id_, title, weight in tree(name, OLD_FOLDER)]
        more = added if name == "genai_readiness" else []
        assert tree(name, CRITERIA) == old + more
    (agents,) = (c for c in FILES["genai_readiness"]["criteria"] if c["id"] == "G5")
    assert agents["applies"] == REVISION["criteria_added"][0]["applies"]


def test_each_category_has_its_intro_for_the_vendor() -> None:
    assert {name: file["intro"] for name, file in CATEGORIES.items()} == INTROS


@pytest.mark.parametrize("name", TIERS)
def test_a_tier_has_the_questions_and_hours_of_the_revision(name: str) -> None:
    questions = of_tier(name)
    wanted = REVISION["counts"]["after"][name]
    assert len(questions) == wanted["questions"]
    assert round(sum(map(minutes, questions)) / 60, 1) == wanted["hours"]


def test_the_screen_takes_88_minutes_and_72_without_gen_ai() -> None:
    screen = of_tier("screen")
    assert sorted(question.id for question in screen) == sorted(REVISION["tiers"]["screen"])
    elsewhere = [question for question in screen if not question.id.startswith("GEN-")]
    assert (len(elsewhere), sum(map(minutes, screen)), sum(map(minutes, elsewhere))) == (14, 88, 72)


def test_the_core_is_the_screen_and_the_questions_that_the_revision_lists() -> None:
    listed = set(REVISION["tiers"]["core"].partition(":")[2].split())
    assert {question.id for question in of_tier("core")} == listed | set(REVISION["tiers"]["screen"])


@pytest.mark.parametrize("name", TIERS)
def test_the_gates_of_a_tier_by_stage_are_those_of_the_revision(name: str) -> None:
    by_stage: dict[str, set[str]] = {"read": set(), "award": set(), "data": set()}
    for question in of_tier(name):
        for gate in question.gates:
            if gate.kind != "flag":
                by_stage[gate.stage].add(question.id)
    assert by_stage == {stage: set(ids) for stage, ids in REVISION["gates_by_tier"][name].items()}


def test_questions_that_join_the_core_are_those_of_the_revision() -> None:
    joining = {q.id for q in NEW.questions.values() if q.core_if_must or q.core_if_knock_out}
    assert joining == set(REVISION["joins_core"])


def test_the_core_asks_a_must_where_its_condition_holds(tmp_path: Any) -> None:
    settings = {"criteria": "annotation-partner", "questions": "core"}
    plain = asked(tmp_path / "plain", **settings, context={"expertise_needed": "general", "type": ["genai_sft"]})
    expert = asked(tmp_path / "expert", **settings, context={"feedback_loop": "same_day", "type": ["genai_sft"]})
    assert ("ENG-08" in plain.asked_questions, "ENG-08" in expert.asked_questions) == (False, True)


def test_what_was_removed_or_merged_is_what_the_questions_name() -> None:
    removed = {name: tuple(gone["into"]) for name, gone in REVISION["removed"].items()}
    written = FILES["changes"]["removed"]
    assert {name: tuple(gone.get("into", ())) for name, gone in written.items()} == removed
    assert {name: gone["reason"] for name, gone in written.items()} == {
        name: gone["reason"] for name, gone in REVISION["removed"].items()
    }
    assert set(removed) == set(OLD.questions) - set(NEW.questions)
    assert len(removed) == 41
    assert len(set(NEW.questions) - set(OLD.questions)) == 34
    covered = {(old, q.id) for q in NEW.questions.values() for old in (*q.replaces, *q.merged)}
    assert covered == {(name, into) for name, listed in removed.items() for into in listed}
    assert sum(bool(question.replaces) for question in NEW.questions.values()) == 19


def test_every_scored_question_says_where_its_scale_comes_from() -> None:
    assert {q.id for q in NEW.questions.values() if q.weight and q.scale is None} == set()
    assert all("judgement" not in question for _, _, question in PLACED)


def test_certificates_have_the_labels_of_the_revision_under_the_same_ids() -> None:
    parts = {part["id"]: part for part in FILES["certification"]["parts"]}
    for name, labels in REVISION["certification_labels"].items():
        part = {"text": parts[name]["text"], **parts[name].get("values", {})}
        assert {key: part[key] for key in labels} == labels
    old = {part["id"]: list(part.get("values", ())) for part in _load(OLD_FOLDER / "certification.yaml")["parts"]}
    assert {name: list(part.get("values", ())) for name, part in parts.items()} == old


# ---- words that a vendor reads

OURS = re.compile(r"\b(?:we|We|WE|our|Our|OUR|us|Us|ours|Ours|OURS|partner|Partner|PARTNER)\b")


def vendor_texts() -> Iterator[tuple[str, str]]:
    for category in NEW.categories:
        yield from ((category.category, text) for text in (category.title, category.intro))
        yield from ((criterion.id, criterion.title) for criterion in category.criteria)
    for question in NEW.questions.values():
        texts = [question.text, question.evidence, question.comment_required, *question.options_by_id.values()]
        texts += [text for cell in question.cells() for text in (cell.text, *cell.labels)]
        texts += [*getattr(question, "levels", ()), getattr(question, "valid_until_help", "")]
        yield from ((question.id, text) for text in texts)
    for part in NEW.scheme.parts:
        yield from ((part.id, text) for text in (part.text, *part.values.values()))
    for name, field in NEW.file.context.items():
        yield from ((name, text) for text in (field.values.values() if isinstance(field.values, dict) else ()))


def test_no_text_that_a_vendor_reads_says_we_our_us_or_partner() -> None:
    assert [(place, text) for place, text in vendor_texts() if OURS.search(text)] == []


# ---- sources


def test_every_source_that_a_question_names_is_in_the_register() -> None:
    ids = {source.id for source in NEW.sources.sources}
    assert {f"R{number}" for number in range(1, 41)} <= ids
    named = {name for question in NEW.questions.values() for name in question.sources}
    assert {name for name in named if name != "E" and NEW.sources.find(name) is None} == set()
    assert ids - {f"R{number}" for number in range(1, 41)} == {
        source.id for name in named if (source := NEW.sources.find(name)) and not re.fullmatch(r"R\d+", source.id)
    }


def test_a_source_is_found_by_its_id_and_by_a_place_in_it() -> None:
    def found(name: str) -> str | None:
        source = NEW.sources.find(name)
        return source.id if source else None

    names = ["R1", "R12", "GDPR Art. 33(2)", "GDPR", "28 CFR 202.248 and 202.401", "R41", "GDPRX"]
    assert [found(name) for name in names] == ["R1", "R12", "GDPR", "GDPR", "28 CFR 202", None, None]


def test_the_command_prints_the_register_and_what_became_of_each_question() -> None:
    sources = CliRunner().invoke(main, ["criteria", "--sources"])
    assert (sources.exit_code, "R40" in sources.stdout, "verbatim" in sources.stdout) == (0, True, True)
    changes = CliRunner().invoke(main, ["criteria", "--changes"])
    lines = {line.split()[0]: line for line in changes.stdout.splitlines() if re.match(r"[A-Z]{3}-\d\d", line)}
    assert set(lines) == set(OLD.questions) | set(NEW.questions)
    assert "now in LAB-19" in lines["VEN-13"]
    assert "new, takes over VEN-16" in lines["ENG-22"]
    assert "changed: " in lines["ENG-01"]
    assert "removed" in lines["PLT-03"]


def test_a_question_names_its_sources_by_title_and_a_folder_without_a_register_names_none() -> None:
    def titles(criteria: Criteria) -> dict[str, tuple[str, ...]]:
        defined = definition(criteria, {}, dict.fromkeys(criteria.questions, True))
        return {q.id: q.source_titles for c in defined.categories for own in c.criteria for q in own.questions}

    assert titles(NEW)["ENG-21"] == (
        "Artificial Intelligence Act (European Union, 2026)",
        "judgment of the authors",
    )
    assert set(titles(OLD).values()) == {()}


def test_a_folder_with_a_register_knows_no_other_source(tmp_path: Path) -> None:
    write_criteria(tmp_path, {"a": {"A1": {"Q1": {"sources": ["R1 p. 3", "E", "R2"]}}}})
    load_criteria(tmp_path)
    (tmp_path / "sources.yaml").write_text("sources: [{id: R1, title: A, read: verbatim}]", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_criteria(tmp_path)
    assert [(issue.code, "'R2'" in issue.message) for issue in caught.value.issues] == [("unknown-reference", True)]


@pytest.mark.parametrize("name", ["R1", "E"])
def test_a_source_stands_once_and_never_as_the_judgement_of_the_authors(tmp_path: Path, name: str) -> None:
    write_criteria(tmp_path, {"a": {"A1": {"Q1": {}}}})
    entry = "{id: %s, title: A, read: verbatim}"
    (tmp_path / "sources.yaml").write_text(f"sources: [{entry % 'R1'}, {entry % name}]", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_criteria(tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["repeated-id"]


def test_criteria_without_a_version_before_them_say_so(tmp_path: Path) -> None:
    write_criteria(tmp_path, {"a": {"A1": {"Q1": {}}}})
    changes = CliRunner().invoke(main, ["criteria", str(tmp_path), "--changes"])
    sources = CliRunner().invoke(main, ["criteria", str(tmp_path), "--sources"])
    assert [done.exit_code for done in (changes, sources)] == [1, 1]
    assert ("changes.yaml" in changes.stderr, "sources.yaml" in sources.stderr) == (True, True)


def test_changes_that_tell_of_a_question_twice_are_a_fault(tmp_path: Path) -> None:
    write_criteria(tmp_path, {"a": {"A1": {"Q1": {}}}})
    removed = "removed: {QA-01: {reason: Not asked}, QA-01: {into: [Q1], reason: Asked elsewhere}}"
    (tmp_path / "changes.yaml").write_text(f"of: annotation-partner@1\n{removed}", encoding="utf-8")
    done = CliRunner().invoke(main, ["criteria", str(tmp_path), "--changes"])
    place = f"{tmp_path / 'changes.yaml'}:2:39"
    message = f"Error: {place}: QA-01: the key stands twice in the same place; keep one [repeated-key]"
    assert (done.exit_code, done.stdout, done.stderr.strip()) == (1, "", message)


def test_what_the_buyer_does_to_check_stands_on_the_score_sheet_and_never_in_the_questionnaire(tmp_path: Path) -> None:
    evaluators = [{"id": "ana", "name": "Ana"}]
    context = {"type": ["genai_sft"]}
    evaluation = asked(tmp_path, criteria="annotation-partner@2", context=context, evaluators=evaluators)
    checks = {question.verify for question in NEW.questions.values() if question.verify}
    assert len(checks) > 30
    book = opened(questionnaire(evaluation))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert checks & cells == set()
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses" / "acme.xlsx").write_bytes(questionnaire(evaluation))
    (sheet,), _ = draw_up_sheets(evaluation, read_responses(evaluation), blind=False)
    watch = {texts["ID"]: texts["Watch for"] for _, texts in sheet.scores}
    assert watch["WRK-09"].splitlines() == ["Only sales staff can answer", "Check: Interview with a team lead"]
