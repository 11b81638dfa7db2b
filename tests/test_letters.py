"""Letters after the award: who gets which, what it says, what is refused, and that nobody reads of another bidder."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from types import SimpleNamespace

import docx
import pypdfium2
import pytest
import yaml
from builders import write_evaluation
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings as settings_of_test, strategies as st
from openpyxl import load_workbook
from test_output import content as files_in
from test_staging import killed

from vendor_eval.cli import main
from vendor_eval.config.shipped import samples_folder
from vendor_eval.formatting.printable import visible
from vendor_eval.issues import InputError
from vendor_eval.reports.letters.documents import text_of
from vendor_eval.run.evaluate import evaluate, load_evaluation
from vendor_eval.run.letters.drafting import draft_letters, load_templates
from vendor_eval.run.letters.files import finish_letters, write_letters
from vendor_eval.run.letters.names import refuse_leaks
from vendor_eval.tender.award import Award, AwardFile, read_award

RUBRIC = "{type: rubric, levels: [nothing at all, a claim, named, linked, measured, changed by it], red_flag: Sales}"
GATE = "{gates: [{kind: knock_out, at_least: 20, reason: Enough of it}]}"
TREE = f"{{a: {{A1: {{Q1: {GATE}, R1: {RUBRIC}}}}}, b: {{B1: {{Q2: {{}}, Q3: {{}}, Q4: {{}}, Q5: {{}}}}}}}}"
ANSWERS = {
    "acme": {"Q1": 90, "R1": "We did", "Q2": 80, "Q3": 90, "Q4": 90, "Q5": 90},
    "bolt": {"Q1": 70, "R1": "We did not", "Q2": 60, "Q3": 55, "Q4": 99, "Q5": 65},
    "carl": {"Q1": 10, "R1": "Never", "Q2": 60, "Q3": 55, "Q4": 99, "Q5": 65},
    "dora": {"Q1": 90, "R1": "Ever", "Q2": 60, "Q3": 55, "Q4": 99, "Q5": 65},
}
NAMES = {"acme": "Acme Data", "bolt": "Søndre Bolt", "carl": "Carl & Sons", "dora": "Dora Labs", "emil": "Emil Ltd"}
SETTINGS = (
    "evidence: 'off'\nreference: RFP-7\ndeadline: 2026-11-20T17:00:00+01:00\nvendors:\n"
    "  - {id: acme, name: Acme Data, received: 2026-11-19T10:00:00+01:00}\n"
    "  - {id: bolt, name: Søndre Bolt, received: 2026-11-19T10:00:00+01:00}\n"
    "  - {id: carl, name: Carl & Sons, received: 2026-11-19T10:00:00+01:00}\n"
    "  - {id: dora, name: Dora Labs, received: 2026-11-20T18:30:00+01:00}\n"
    "  - {id: emil, name: Emil Ltd}\n"
)
SEEN = "Seen in the file of the call"
LEVELS = "".join(
    f"- {{vendor: {name}, question: R1, level: {level}, by: Ana Perez, date: 2026-11-21, reason: {SEEN}}}\n"
    for name, level in (("acme", 4), ("bolt", 2), ("carl", 3))
)
AWARD = {"vendor": "acme", "by": "Ruth Adler", "date": "2026-11-25", "reason": "It scores best at a fair price"}
FULL = AWARD | {
    "buyer": {"name": "Office of Help", "address": "Way 1\nTown", "email": "o@example.org", "contact": "Ida"},
    "winner": {"address": "Road 5", "email": "w@example.org", "identifier": "PPON-1"},
    "criteria_at": "Section 4",
    "sent": "2026-12-18",
    "notice": "2026-12-20",
    "holidays": ["2026-12-25", "2026-12-28", "2027-01-01"],
    "solicited": 9,
    "about_winner": {"a": "Its answers are measured", "b": "It shows its work"},
}
_OF_WINNER = ("winner.address", "winner.email", "winner.identifier")
REGIMES = ("private", "uk", "eu", "far")


def award(folder, **keys):
    (folder / "award.yaml").write_text(yaml.safe_dump(FULL | keys, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def tender(tmp_path):
    folder = write_evaluation(tmp_path, TREE, ANSWERS, settings=SETTINGS, findings=LEVELS)
    award(folder)
    return folder


def letters(folder, *words, code=0, vendor="acme"):
    done = CliRunner().invoke(main, ["letters", str(folder), "--award", vendor, *words], env={"VENDOR_EVAL_BY": "Ida"})
    assert done.exit_code == code, done.output
    return done


def listed(folder, *words, vendor="acme"):
    """Write Word documents, and read letters.json by vendor."""
    letters(folder, "--format", "docx", *words, vendor=vendor)
    content = json.loads((folder / "letters/letters.json").read_text())
    return SimpleNamespace(**content, by={letter["vendor"]: letter for letter in content["letters"]})


def missing(folder, *words, **more):
    return json.loads(letters(folder, "--json", *words, code=1, **more).stdout)["missing"]


def abouts(folder, *words, **more):
    return [(part["vendor"], part["about"]) for part in missing(folder, *words, **more)]


def word_text(path):
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf_text(path):
    pages = pypdfium2.PdfDocument(path)
    return "\n".join(pages[number].get_textpage().get_text_range() for number in range(len(pages)))


def texts(folder):
    return {path.stem: " ".join(word_text(path).split()) for path in (folder / "letters").glob("*.docx")}


# ---- who gets which


def test_each_vendor_that_sent_something_gets_its_letter(tender):
    content = listed(tender)
    assert {name: letter["kind"] for name, letter in content.by.items()} == {
        "acme": "award",
        "bolt": "regret",
        "carl": "excluded",
        "dora": "late",
    }
    assert (content.schema, content.award, content.regime, content.cites) == (
        "vendor-eval/letters/1",
        "acme",
        "private",
        [],
    )
    for letter in content.letters:
        (file,) = letter["files"]
        assert file["sha256"] == sha256((tender / file["file"]).read_bytes()).hexdigest()
    assert content.record == {}


def test_a_regret_explains_each_criterion_by_the_answers_that_cost_most(tender):
    bolt = listed(tender, "--regime", "eu").by["bolt"]
    assert [row["node"] for row in bolt["criteria"]] == ["a", "a.A1", "b", "b.B1"]
    assert sum(row["weight"] for row in bolt["criteria"] if "." not in row["node"]) == pytest.approx(100)
    lines = bolt["criteria"][3]["text"].splitlines()
    assert [line[:17] for line in lines] == [
        "Text of Q3? (Q3)"[:10] + " (Q3) Y",
        *(f"Text of Q{n} (Q{n}) Y" for n in (2, 5)),
    ]
    assert "“55”. It scored 55.0 of 100" in lines[0].replace(" %", "")
    rubric = bolt["criteria"][1]["text"].splitlines()[0]
    assert "“We did not”" in rubric
    assert "level 2 of 5" in rubric
    assert "Level 2: “named”. Level 3: “linked”." in rubric
    assert rubric.endswith("Our reason: Seen in the file of the call")
    assert "Ana" not in texts(tender)["bolt"]


def test_the_letter_to_the_excluded_names_question_answer_and_what_was_asked(tender):
    for regime in REGIMES:
        content = listed(tender, "--regime", regime)
        for name in ("carl", "dora"):
            assert (content.by[name]["score"], content.by[name]["winner"], content.by[name]["criteria"]) == (
                None,
                None,
                [],
            )
        own = texts(tender)
        assert "Enough of it: Text of Q1 (Q1)" in own["carl"]
        assert "“10 %”" in own["carl"] or "“10”" in own["carl"]
        assert "at least 20" in own["carl"]
        assert "20 November 2026, 18:30 (UTC+01:00)" in own["dora"]
        assert "20 November 2026, 17:00 (UTC+01:00)" in own["dora"]
        for text in (own["carl"], own["dora"]):
            assert not any(word in text for word in ("Acme", "acme", FULL["reason"], "Road 5", "measured"))


def test_of_the_winner_each_regime_says_its_own(tender):
    winners, own = {}, {}
    for regime in REGIMES:
        winners[regime] = listed(tender, "--regime", regime).by["bolt"]["winner"]
        own[regime] = texts(tender)["bolt"]
    assert winners["private"] is None
    scores = {"a": pytest.approx(85), "b": pytest.approx(87.5)}
    assert winners["uk"] == winners["eu"] == {"name": "Acme Data", "score": pytest.approx(86.25), "scores": scores}
    assert winners["far"] == {"name": "Acme Data", "score": pytest.approx(86.25), "scores": {}}
    said = {
        regime: [word in own[regime] for word in ("Acme Data", "Road 5", "PPON-1", "Its answers are")] for regime in own
    }
    assert said == {
        "private": [False] * 4,
        "uk": [True] * 4,
        "eu": [True, False, False, True],
        "far": [True, True, False, False],
    }
    assert "Offers solicited: 9. Offers received: 4." in own["far"]
    assert "87.5" not in own["far"]
    award(tender, name_winner=True)
    assert listed(tender).by["bolt"]["winner"] == {"name": "Acme Data", "score": None, "scores": {}}


def test_the_letter_to_the_winner_names_nobody_else(tender):
    for regime in REGIMES:
        letters(tender, "--format", "docx", "--regime", regime)
        assert not any(name in texts(tender)["acme"] for name in ("Søndre", "bolt", "Carl", "Dora", "Emil"))
        assert FULL["reason"] in texts(tender)["acme"]


def test_word_and_pdf_say_the_same_and_the_same_bytes_come_twice(tender, tmp_path_factory):
    letters(tender, "--regime", "uk")
    first = {path.name: path.read_bytes() for path in (tender / "letters").glob("*.*")}
    assert {path for path in first if path.startswith("bolt")} == {"bolt.docx", "bolt.pdf"}
    assert "".join(pdf_text(tender / "letters/bolt.pdf").split())[-200:].find("PDF/A-3a") >= 0
    for words in ("8 working days", "4 January 2027", "Its answers are measured", "Road 5"):
        assert words in " ".join(pdf_text(tender / "letters/bolt.pdf").split())
    other = tmp_path_factory.mktemp("other") / "copy"
    shutil.copytree(tender, other)
    shutil.rmtree(other / "letters")
    for folder in (tender, other):
        letters(folder, "--regime", "uk")
        assert {path.name: path.read_bytes() for path in (folder / "letters").glob("*.*")} == first


def test_the_dates_counted_are_printed(tender):
    waits = listed(tender, "--regime", "uk").standstill
    assert (waits["last_day"], waits["sign_from"], len(waits["counted"])) == ("2027-01-04", "2027-01-05", 8)
    assert "s. 51(2)" in waits["rule"]
    assert "21 December 2026, 22 December 2026" in texts(tender)["bolt"]
    assert "not signed before 5 January 2027" in texts(tender)["bolt"]
    far = listed(tender, "--regime", "far").standstill
    assert (far["last_day"], far["sign_from"]) == ("2026-12-21", None)
    assert listed(tender).standstill == {"last_day": None, "sign_from": None, "counted": [], "rule": ""}


def test_a_score_that_others_bids_make_is_said_where_the_law_demands_it_alone(tender):
    price = {
        "weight": 20,
        "rule": "lowest_ratio",
        "currency": "USD",
        "years": 1,
        "items": [{"id": "PRC-01", "text": "Box", "unit": "box", "volume": 10}],
    }
    settings = yaml.safe_load((tender / "evaluation.yaml").read_text())
    (tender / "evaluation.yaml").write_text(json.dumps(settings | {"price": price}, default=str))
    result = evaluate(load_evaluation(tender), skip_unreadable=True)
    file = read_award(load_evaluation(tender), list(NAMES))
    for regime, has_total in (("private", False), ("far", False), ("eu", True)):
        templates, _ = load_templates(tender, file.award, regime)
        own = {draft.name: draft for draft in draft_letters(result, file, templates)}["bolt"]
        assert (own.letter.vendor.score is not None) == has_total
        assert own.letter.vendor.quality is not None
        prices = [row.text for row in own.letter.criteria() if row.node == "price"]
        assert [text.partition(".")[0] for text in prices] == [
            "Your offer has no total price, since a price is missing for PRC-01"
        ] * has_total
        assert all("The lowest total earns all of them" in text for text in prices)


def test_no_requirement_is_left_open_without_a_reason(tmp_path):
    gate = "{evidence: Log, gates: [{kind: must, min: 20, needs: document, reason: Enough of it}]}"
    tree = f"{{a: {{A1: {{Q1: {gate}, Q2: {{}}}}}}, b: {{B1: {{Q3: {{}}}}}}}}"
    settings = "floors: {a: {at_least: 25.01, kind: must}}\ndeclaration: must\nevidence: {claim: 50}\n"
    answers = {"acme": {"Q1": 90, "Q2": 80, "Q3": 90}, "bolt": {"Q1": 70, "Q2": "about a few"}}
    folder = write_evaluation(tmp_path, tree, answers, settings=settings)
    entry = {"vendor": "acme", "kind": "must", "what": "W", "proof": "P", "owner": "I", "due": "2027-01-01"}
    entries = [{"id": f"acme-{name}", "about": name} | entry for name in ("Q1", "DECLARATION")]
    (folder / "conditions.yaml").write_text(json.dumps(entries))
    (folder / "award.yaml").write_text(yaml.safe_dump(AWARD | {"reasons": {"bolt": {"a": "Little of it is proven"}}}))
    bolt = listed(folder).by["bolt"]
    own, rows = texts(folder)["bolt"], {row["node"]: row["text"] for row in bolt["criteria"]}
    assert "Enough of it: Text of Q1 (Q1) “70 %” at least 20 % Open: no document proves it" in own
    assert "A signed declaration that the answers are true" in own
    assert "Category a 25.00 points at least 25.01 points Open: proof or answers that are still missing" in own
    assert (
        "It scored 50.0 of 100, since no document proves it; with full proof it would have scored 70.0." in rows["a.A1"]
    )
    assert "It scored 0.0 of 100, since it could not be read as an answer to the question." in rows["a.A1"]
    assert "Your answer: none. It scored 0.0 of 100, since no answer was given." in rows["b.B1"]
    assert "Our reason: Little of it is proven" in rows["a"]
    assert "Our reason: Little of it is proven" in own


# ---- words of the buyer


def test_reasons_of_award_yaml_come_before_those_of_a_finding(tender):
    award(tender, reasons={"bolt": {"R1": "The file of the call says otherwise"}})
    assert (
        listed(tender, "--regime", "eu")
        .by["bolt"]["criteria"][1]["text"]
        .splitlines()[0]
        .endswith("Our reason: The file of the call says otherwise")
    )


def test_the_panel_speaks_and_no_single_evaluator_is_named(tmp_path):
    folder = tmp_path / "full"
    shutil.copytree(samples_folder() / "full", folder, ignore=shutil.ignore_patterns("out"))
    (folder / "award.yaml").write_text(yaml.safe_dump(AWARD | {"vendor": "mwanzora"}))
    content = listed(folder, vendor="mwanzora")
    text = texts(folder)["trellith"]
    assert "Helena" not in text.replace("Helena Brandt Questions", "")
    assert "Tomás" not in text
    criteria = {row["node"]: row["text"] for row in content.by["trellith"]["criteria"]}
    assert "It reached level 5 of 5." in criteria["workforce_skill.W3"]
    assert "(LAB-16) Your answer: no certificate." in criteria["labor_ethics.L4"]
    assert "earns all of them" in criteria["price"]
    assert "Our reason: " in criteria["workforce_skill.W3"]
    sheet = load_workbook(folder / "scores/helena.xlsx")
    rows = [row for row in sheet["Scores"].iter_rows() if any(cell.value == "WRK-09" for cell in row)]
    header = next(r for r in sheet["Scores"].iter_rows() if any(c.value == "Reason" for c in r))
    column = next(cell.column for cell in header if cell.value == "Reason")
    for row in rows:
        row[column - 1].value = "Weaker than Pacandan by far"
    sheet.save(folder / "scores/helena.xlsx")
    done = letters(folder, "--format", "docx", vendor="mwanzora", code=1)
    addresses = [row[column - 1].coordinate for row in rows]
    assert any(
        f"trellith.docx: 'Pacandan' in the reason of WRK-09, scores/helena.xlsx Scores!{address}" in done.stderr
        for address in addresses
    )


# ---- names


def test_a_name_that_does_not_belong_there_stops_everything(tender):
    award(tender, reasons={"bolt": {"Q2": "Less than Carl & Sons", "b.B1": "Never printed, worse than DORA labs"}})
    done = letters(tender, "--format", "docx", code=1)
    assert "'Carl & Sons' in the reason of Q2, award.yaml:" in done.stderr
    assert "'DORA labs' in the reason of b.B1, award.yaml:" in done.stderr
    assert not (tender / "letters").exists()


def test_the_winner_is_named_only_where_the_law_names_it(tender):
    award(tender, reason="Acme Data is best")
    assert "'Acme Data' in reason, award.yaml:" in letters(tender, "--format", "docx", code=1).stderr
    for regime in ("uk", "eu", "far"):
        letters(tender, "--format", "docx", "--regime", regime)
    award(tender, about_winner={"a": "Better than bolt", "b": "Fine"})
    assert "'bolt' in about_winner.a" in letters(tender, "--regime", "uk", code=1).stderr


def test_an_answer_that_names_a_rival_gives_way_to_words_of_the_buyer(tmp_path):
    answers = ANSWERS | {"bolt": ANSWERS["bolt"] | {"R1": "As good as Carl & Sons"}}
    folder = write_evaluation(tmp_path, TREE, answers, settings=SETTINGS, findings=LEVELS)
    award(folder)
    done = letters(folder, "--format", "docx", code=1)
    assert "bolt.docx: 'Carl & Sons' in the answer to R1, responses/bolt.xlsx Answers!" in done.stderr
    award(folder, reasons={"bolt": {"R1": "It shows no file"}})
    assert "Your answer: as you gave it." in listed(folder).by["bolt"]["criteria"][1]["text"]


class Evaluated:
    def __init__(self, folder):
        self.evaluation = load_evaluation(folder)
        self.result = evaluate(self.evaluation, skip_unreadable=True)

    def __repr__(self):
        return "evaluated"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    folder = write_evaluation(tmp_path_factory.mktemp("names"), TREE, ANSWERS, settings=SETTINGS, findings=LEVELS)
    return Evaluated(folder)


LETTERS = st.text(st.sampled_from("abzÅéøßñ אבגדלשםاتحسعم.&-'"), min_size=4, max_size=14)


@settings_of_test(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(LETTERS.map(lambda text: " ".join(text.split())), min_size=5, max_size=5, unique_by=str.casefold),
    regime=st.sampled_from(REGIMES),
    hostile=st.sampled_from(["plain", "upper", "zero width", "none"]),
)
def test_no_letter_holds_another_bidders_name_and_a_hostile_reason_stops_it(evaluated, names, regime, hostile):
    evaluation, result = evaluated.evaluation, evaluated.result
    words = [name.casefold() for name in names]
    assume(all(any(sign.isalnum() for sign in name) for name in words))
    assume(not any(a in b for a in words for b in words if a is not b))
    vendors = tuple(v.model_copy(update={"name": name}) for v, name in zip(result.vendors, names, strict=True))
    result = result.model_copy(update={"vendors": vendors})
    rival = result.vendor("carl").name
    spelt = {"plain": rival, "upper": rival.upper(), "zero width": "\u200b".join(rival), "none": "nobody"}[hostile]
    given_award = Award.model_validate(FULL | {"reasons": {"bolt": {"R1": f"It says less than ({spelt}) does"}}})
    file = AwardFile(given_award, SimpleNamespace(locate=lambda _path: SimpleNamespace(file="award.yaml", line=1)))
    templates, _ = load_templates(evaluation.folder, given_award, regime)
    drafted = draft_letters(result, file, templates)
    if hostile == "none":
        refuse_leaks(evaluation, result, file, drafted, {})
        for draft in drafted:
            content = json.dumps(draft.letter.alone.model_dump(mode="json"), ensure_ascii=False).casefold()
            for other in vendors:
                allowed = {draft.letter.vendor.id, *(["acme"] if draft.letter.winner else [])}
                if other.id not in allowed:
                    assert f'"{other.name.casefold()}"' not in content
    else:
        with pytest.raises(InputError) as refused:
            refuse_leaks(evaluation, result, file, drafted, {})
        assert {issue.code for issue in refused.value.issues} == {"letter-names-vendor"}


def test_the_finished_files_are_searched_too(evaluated, tender):
    evaluation, result = evaluated.evaluation, evaluated.result
    file = read_award(load_evaluation(tender), list(NAMES))
    templates, _ = load_templates(tender, file.award, "private")
    drafted = draft_letters(result, file, templates)
    refuse_leaks(evaluation, result, file, drafted, {"bolt.pdf": "Nothing of others"})
    with pytest.raises(InputError, match=r"bolt.pdf: 'Carl & Sons' in the finished letter"):
        refuse_leaks(evaluation, result, file, drafted, {"bolt.pdf": "Here is\nCarl &\nSons"})
    letters(tender)
    assert "Søndre Bolt" in text_of((tender / "letters/bolt.docx").read_bytes(), ".docx")
    assert "Søndre Bolt" in visible(text_of((tender / "letters/bolt.pdf").read_bytes(), ".pdf"))
    assert text_of("<p>Søndre</p><p>Bolt &amp; Co</p>".encode(), ".html").split() == ["Søndre", "Bolt", "&", "Co"]


# ---- refused


def test_without_an_award_a_draft_is_written(tender):
    (tender / "award.yaml").unlink()
    assert abouts(tender) == [("", "award.yaml")]
    assert 'vendor: "acme"' in (tender / "award.yaml").read_text()
    assert "required key 'by' is missing" in letters(tender, code=1).stderr
    assert abouts(tender) == [("", "by"), ("", "date"), ("", "reason")]
    (tender / "award.yaml").unlink()
    assert "did you mean 'acme'" in letters(tender, vendor="acne", code=1).stderr
    assert not (tender / "award.yaml").exists()


def test_another_vendor_than_that_of_the_award_is_refused(tender):
    assert "award.yaml gives the contract to acme" in letters(tender, vendor="bolt", code=1).stderr


@pytest.mark.parametrize(
    ("regime", "keys"),
    [
        ("private", []),
        ("eu", ["about_winner", "sent"]),
        ("far", ["sent", "solicited", "winner.address"]),
        (
            "uk",
            ["about_winner.a", "about_winner.b", "criteria_at", "holidays", "notice", *_OF_WINNER],
        ),
    ],
)
def test_each_regime_names_the_keys_that_it_misses_all_at_once(tender, regime, keys):
    (tender / "award.yaml").write_text(yaml.safe_dump(AWARD))
    if not keys:
        letters(tender, "--format", "docx", "--regime", regime)
        return
    assert sorted(abouts(tender, "--regime", regime)) == [("", key) for key in keys]
    assert not (tender / "letters").exists()


def test_conditions_without_a_line_are_one_line_with_their_ids_and_the_command(tmp_path):
    gated = {"gates": [{"kind": "must", "at_least": 95, "reason": "Enough"}]}
    tree = {"a": {"A1": {"Q1": gated, "Q2": gated}}}
    folder = write_evaluation(tmp_path, tree, {"acme": {"Q1": 60, "Q2": 70}}, settings="evidence: 'off'")
    (folder / "award.yaml").write_text(yaml.safe_dump(AWARD))
    command = "vendor-eval conditions acme"
    assert [(part["about"], part["command"]) for part in missing(folder)] == [("Q1", command), ("Q2", command)]
    said = "Missing: acme: conditions.yaml has no line with owner and due about Q1 and Q2"
    assert f"{said}: '{command}' drafts it" in letters(folder, code=1).stderr.splitlines()


def test_a_vendor_that_was_not_evaluated_for_another_reason_needs_words(tender):
    (tender / "responses/bolt.xlsx").write_text("no workbook")
    assert abouts(tender) == [("bolt", "status")]
    award(tender, reasons={"bolt": {"status": "The file cannot be opened"}})
    assert listed(tender).by["bolt"]["kind"] == "excluded"
    assert "The file cannot be opened" in texts(tender)["bolt"]


def test_what_cannot_be_awarded_is_refused_at_once(tender):
    award(tender, vendor="carl")
    (tender / "findings.yaml").write_text(LEVELS.splitlines(keepends=True)[0])
    settings = yaml.safe_load((tender / "evaluation.yaml").read_text())
    (tender / "evaluation.yaml").write_text(json.dumps(settings | {"stage": "read"}, default=str))
    assert abouts(tender, vendor="carl") == [("", "provisional"), ("", "stage"), ("carl", "status")]


def test_a_condition_needs_its_owner_and_its_day(tmp_path):
    gate = "{gates: [{kind: must, at_least: 95, reason: More of it}]}"
    tree = f"{{a: {{A1: {{Q1: {gate}}}}}, b: {{B1: {{Q2: {{}}}}}}}}"
    folder = write_evaluation(tmp_path, tree, {"acme": {"Q1": 90, "Q2": 80}, "bolt": {"Q1": 96, "Q2": 1}})
    (folder / "award.yaml").write_text(yaml.safe_dump(AWARD))
    assert abouts(folder) == [("acme", "Q1")]
    line = "- {id: acme-Q1, vendor: acme, about: Q1, kind: must, what: More, proof: A log, owner: %s, due: %s}\n"
    (folder / "conditions.yaml").write_text(line % ("Ida", ""))
    assert abouts(folder) == [("acme", "Q1")]
    (folder / "conditions.yaml").write_text(line % ("Ida", "2027-01-01"))
    letters(folder, "--format", "docx")


# ---- the record


def log(folder):
    return [json.loads(line) for line in (folder / "decisions.jsonl").read_bytes().splitlines()]


def decide(folder, act, code=0):
    words = ["decide", str(folder), "--act", act, "--by", "Ida", "--why", "So it is"]
    assert CliRunner().invoke(main, words).exit_code == code


def test_the_letters_are_logged_once_with_their_hashes(tender):
    award(tender, vendor="bolt")
    decide(tender, "note")
    done = letters(tender, "--format", "docx", vendor="bolt")
    assert "Søndre Bolt ranks 2nd, not first" in done.stderr
    lines = log(tender)
    own = lines[-1]
    assert own["act"] == "letters"
    assert own["why"].startswith("bolt is of rank 2, not first")
    assert own["new"] == {
        f"letters/{name}.docx": sha256((tender / f"letters/{name}.docx").read_bytes()).hexdigest()
        for name in ("acme", "bolt", "carl", "dora")
    }
    (decision,) = [line for line in lines if line["act"] == "award"]
    assert (decision["by"], decision["why"], decision["on"]) == ("Ruth Adler", FULL["reason"], "2026-11-25")
    assert "about_winner" not in decision["new"]
    content = json.loads((tender / "letters/letters.json").read_text())
    assert content["record"]["log"]["lines"] == len(lines)
    before = (tender / "letters/letters.json").read_bytes()
    letters(tender, "--format", "docx", vendor="bolt")
    assert log(tender) == lines
    assert (tender / "letters/letters.json").read_bytes() == before


def test_a_cancelled_tender_and_a_broken_log_have_no_letters(tender):
    decide(tender, "cancel")
    before = (tender / "decisions.jsonl").read_bytes()
    assert abouts(tender) == [("", "cancel")]
    assert (tender / "decisions.jsonl").read_bytes() == before
    (tender / "decisions.jsonl").write_bytes(before[1:])
    assert ("", "decisions.jsonl") in abouts(tender)


def test_the_seal_is_printed_and_an_unexplained_change_refused(tender):
    words = ["seal", str(tender), "--by", "Ida", "--late", "It was forgotten"]
    assert CliRunner().invoke(main, words).exit_code == 0
    letters(tender, "--format", "docx")
    assert "Sealed on" in texts(tender)["bolt"]
    assert "forgotten" not in texts(tender)["bolt"]
    settings = yaml.safe_load((tender / "evaluation.yaml").read_text())
    (tender / "evaluation.yaml").write_text(json.dumps(settings | {"missing": "exclude"}, default=str))
    assert abouts(tender) == [("", "seal.json")]


def test_a_letter_that_somebody_changed_is_not_replaced(tender):
    letters(tender, "--format", "docx")
    path = tender / "letters/bolt.docx"
    path.write_bytes(path.read_bytes() + b" ")
    assert "was changed since it was written" in letters(tender, "--format", "docx", "--regime", "eu", code=1).stderr
    path.unlink()
    letters(tender, "--format", "docx", "--regime", "eu")
    letters(tender, "--format", "pdf")
    assert not list((tender / "letters").glob("*.docx"))
    (tender / "letters/bolt.docx").write_bytes(b"mine")
    assert "was not made by this tool" in letters(tender, "--format", "docx", code=1).stderr


# ---- a set


def finished(folder, evaluation, result):
    file = read_award(evaluation, list(NAMES))
    templates, _ = load_templates(folder, file.award, "private")
    return file, finish_letters(
        evaluation, result, file, templates, draft_letters(result, file, templates), ["docx", "html"]
    )


def test_letters_that_are_killed_are_the_old_ones_or_the_new_ones(tender):
    evaluation, file = load_evaluation(tender), read_award(load_evaluation(tender), list(NAMES))
    result = evaluate(evaluation)
    moment = datetime(2026, 12, 1, tzinfo=UTC)

    def write(letters):
        write_letters(evaluation, result, letters, file.award, None, moment)

    sets = []
    for reason in ("It scores best", "It is the most careful"):
        award(tender, about_winner={"a": reason, "b": "It shows its work"}, reason=reason)
        _, made = finished(tender, evaluation, result)
        write(made)
        (tender / "letters/notes.txt").write_text("mine")
        sets.append((made, files_in(tender / "letters")))
    (old, old_set), (new, new_set) = sets
    assert old_set != new_set

    def left():
        return files_in(tender / "letters") if (tender / "letters").exists() else {}

    for before, after, expected in ((old, new, [old_set, new_set]), (None, old, [{}, old_set])):
        seen, step = [], 1
        while True:
            write(before) if before else shutil.rmtree(tender / "letters")
            if not killed(tender, step, partial(write, after)):
                break
            mine = {"notes.txt": b"mine"} if left() else {}
            seen.append(expected.index(left() | mine))
            write(after)
            assert left() | {"notes.txt": b"mine"} == expected[1]
            assert not [*tender.glob(".vendor-eval-*")]
            step += 1
        assert (len(seen) > 20, seen) == (True, sorted(seen))


# ---- templates


def test_templates_are_copied_once_and_then_the_buyers(tender):
    letters(tender, "--format", "docx", "--regime", "uk")
    folder = tender / "letters/templates"
    assert sorted(path.name for path in folder.iterdir()) == [
        "award.md",
        "excluded.md",
        "late.md",
        "regret.md",
        "uk.yaml",
    ]
    assert "Procurement Act 2023" in texts(tender)["bolt"]
    assert "the template 'regret' of vendor-eval" in texts(tender)["bolt"]
    letters(tender, "--format", "docx", "--regime", "eu")
    assert "Directive 2014/24/EU" in texts(tender)["bolt"]
    own = "# Hello {vendor}\n\nBy {by}, {buyer}\nNothing: {last_day}\n\n{{criteria}}\n\n## Empty\n\n{{gates}}\n"
    own += "\n{{winner}}\n\n{{standstill}}\n"
    (folder / "regret.md").write_text(own)
    (folder / "eu.yaml").write_text("cites: [Our law]\nstandstill: We wait {days} days\n")
    assert listed(tender, "--regime", "eu").cites == ["Our law"]
    text = texts(tender)["bolt"]
    assert "Hello Søndre Bolt By Ruth Adler, Office of Help Nothing: 29 December 2026" in text
    assert "We wait 10 days" in text
    assert "Empty" not in text
    assert "Made from the buyer's own template letters/templates/regret.md." in text
    assert (folder / "regret.md").read_text() == own


def test_faults_of_templates_are_named_with_line_and_nearest_name(tender):
    letters(tender, "--format", "docx", "--regime", "uk")
    folder = tender / "letters/templates"
    (folder / "regret.md").write_text("# Hello\n\nDear {vendr},\n\n{{criterion}}\n\nSee {{winner}} here\n")
    (folder / "late.md").write_bytes(b"{{gates}}\n\xff\n")
    (folder / "excluded.md").write_text("{{gates}}\n\n{winner}\n")
    (tender / "award.yaml").write_text(yaml.safe_dump(FULL | {"vendor": "acne"}))
    before = {path: path.read_bytes() for path in (tender / "letters").rglob("*.*")}
    said = letters(tender, "--regime", "uk", code=1).stderr
    for words in (
        "award.yaml:",
        "did you mean 'acme'",
        "letters/templates/regret.md:3:6: {vendr} is no field of this letter (did you mean 'vendor'?)",
        "letters/templates/regret.md:5:1: {{criterion}} is no block (did you mean 'criteria'?)",
        "letters/templates/regret.md:7:5: {{winner}} is a block",
        "letters/templates/regret.md:1:1: the block {{standstill}} is missing",
        "letters/templates/late.md:2:1: this is not UTF-8",
        "letters/templates/excluded.md:3:1: {winner} is no field of this letter",
    ):
        assert words in said, said
    assert before == {path: path.read_bytes() for path in (tender / "letters").rglob("*.*")}


def test_nothing_in_a_template_runs(tender):
    letters(tender, "--format", "docx")
    path = tender / "letters/templates/regret.md"
    path.write_text(path.read_text() + "\n{vendor.__class__}\n\n{{ 7*7 }}\n\n{% x %}\n")
    said = letters(tender, "--format", "docx", code=1).stderr
    assert said.count("is no field") + said.count("is no block") == 3


def test_wrong_formats_are_wrong_usage(tender):
    assert "did you mean 'docx'" in letters(tender, "--format", "docs", code=2).stderr
    letters(tender, "--format", ",", code=2)
