"""Issues are data: codes, the question that each is about, and outputs that parse no wording."""

import random
from pathlib import Path
from runpy import run_path

import pytest
from builders import load, run, write_evaluation, write_response
from issue_codes import used_codes
from made_results import sample
from places import old_samples

import vendor_eval
from vendor_eval import load_evaluation
from vendor_eval.cli.records import check_form
from vendor_eval.forms.open_points import open_points
from vendor_eval.forms.open_prices import open_prices
from vendor_eval.issues import _CODES, CODES, Issue, Location, Severity
from vendor_eval.reports.pages.method import clarify
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.issues import check_report

ROOT = Path(__file__).parent.parent

# ---- codes


def test_the_codes_that_are_used_are_the_codes_that_are_listed():
    used, unseen = used_codes(Path(vendor_eval.__file__).parent)
    assert unseen == []
    assert {code: place for code, place in used.items() if code not in CODES} == {}
    assert set(CODES) - set(used) == set()


def test_a_code_that_is_not_listed_is_an_error():
    with pytest.raises(ValueError, match="no-such-code"):
        Issue("no-such-code", "words")


def test_codes_stand_in_order_each_with_its_meaning_and_its_cure():
    texts = load(SCRIPT["CODES_FILE"].read_text(encoding="utf-8"))
    assert list(texts) == sorted(CODES)
    assert [
        code for code, text in texts.items() if not all(text[key].endswith(".") for key in ("meaning", "cure"))
    ] == []


def test_each_code_is_listed_once_and_those_of_a_severity_in_order():
    assert list(CODES) == [code for severity in Severity for code in sorted(CODES) if CODES[code] is severity]
    assert sum(len(codes.split()) for codes in _CODES.values()) == len(CODES)


SCRIPT = run_path(str(ROOT / "scripts" / "make_references.py"))


# ---- what an issue is about


@pytest.mark.parametrize(
    ("question", "part", "message"),
    [("LAB-02", "", "LAB-02: is blank"), ("LAB-02", "b", "LAB-02.b: is blank"), ("", "", "is blank")],
)
def test_the_message_of_an_answer_begins_with_its_id(question, part, message):
    issue = Issue.of_answer("note", "is blank", Location("a.xlsx"), question, part)
    assert (issue.message, issue.text, issue.question, issue.part) == (message, "is blank", question, part)


# ---- every invalid answer is explained

ROWS = "type: multi_choice, options: [{label: Badges, score: 61}, {label: Cameras, score: 39}]"
NUMBER = "type: number, unit: days, points: [[0, 100], [30, 0]]"
DAY = "type: date, points: [[0, 100], [12, 0]]"
SHARE = "type: percentage, points: [[0, 0], [100, 100]]"
CHOICE = "type: yes_no_partial"
# A question of this type, what its rows hold (by the part behind its id), and the codes that explain it.
FAULTS = {
    "F01": (CHOICE, [("", "perhaps")], ["unknown-option"]),
    "F02": (CHOICE, [("", "planned for 2027")], ["planned-answer"]),
    "F03": (CHOICE, [("", "Yes"), ("", "No")], ["contradiction"]),
    "F04": (NUMBER, [("", "1,234")], ["ambiguous-number"]),
    "F05": (NUMBER, [("", "5k")], ["abbreviated-number"]),
    "F06": (NUMBER, [("", "3-5")], ["range-answer"]),
    "F07": (NUMBER, [("", "about 4")], ["approximate-answer"]),
    "F08": (NUMBER, [("", "few")], ["not-a-number"]),
    "F09": (NUMBER, [("", -3)], ["negative-answer"]),
    "F10": (NUMBER, [("", "3 boxes")], ["wrong-unit"]),
    "F11": (NUMBER, [("", "none")], ["ambiguous-none"]),
    "F12": (NUMBER, [("", "=1+1")], ["formula-without-value"]),
    "F13": (NUMBER, [("", 3), ("", 4)], ["contradiction"]),
    "F14": (SHARE, [("", 0.95)], ["ambiguous-percentage"]),
    "F15": (SHARE, [("", "120 %")], ["percentage-out-of-range"]),
    "F16": (DAY, [("", "03/04/2026")], ["ambiguous-date"]),
    "F17": (DAY, [("", "soon")], ["not-a-date"]),
    "F18": (DAY, [("", "2027-05-05")], ["future-date"]),
    "F19": (ROWS, [("a", "perhaps"), ("b", "No")], ["unknown-option"]),
    "F20": (ROWS, [("a", "Yes"), ("a", "No"), ("b", "No")], ["contradiction"]),
    "F21": (ROWS, [("", "Badges"), ("b", "Yes")], ["contradiction"]),
    "F22": (ROWS, [("", "Fences")], ["unknown-option"]),
}
ITEMS = "{id: P1, text: A box, unit: box, volume: 10}, {id: P2, text: Once, unit: once, volume: 1}"
PRICE = f"{{price: {{weight: 30, best: 400, worst: 900, currency: USD, years: 2, items: [{ITEMS}]}}}}"


def faulty(folder):
    """Write an evaluation whose answers are all invalid, of one vendor, and with prices that are."""
    questions = "".join(f"    {name}: {{{keys}}}\n" for name, (keys, _, _) in FAULTS.items())
    write_evaluation(folder, load(f"a:\n  A1:\n{questions}"), {}, settings=PRICE)
    rows = [
        (f"{name}.{part}" if part else name, value)
        for name, (_, answers, _) in FAULTS.items()
        for part, value in answers
    ]
    prices = [("P1", 3), ("P1", 5), ("P2", "free of charge")]
    write_response(folder / "responses" / "acme.xlsx", [*rows, *prices])
    return folder


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    folder = faulty(tmp_path_factory.mktemp("faults"))
    return run(folder)


def explained_codes(result, vendor, name):
    """Codes in an explanation; they end its issues, and a line may break in them."""
    text = "".join(explain(result, vendor, name).split())
    return [code for code in CODES if f"[{code}]" in text]


@pytest.mark.parametrize("name", FAULTS)
def test_the_explanation_of_an_invalid_answer_names_its_issue(faults, name):
    (acme,) = faults.vendors
    assert {answer.id: answer.state for answer in acme.answers}[name] == "invalid"
    assert explained_codes(faults, acme, name) == FAULTS[name][2]


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_explanation_of_every_invalid_answer_of_a_sample_names_an_issue(name):
    result = sample(name)
    unexplained = [
        (vendor.id, answer.id)
        for vendor in result.vendors
        for answer in vendor.answers
        if answer.state == "invalid" and not explained_codes(result, vendor, answer.id)
    ]
    assert unexplained == []


@pytest.mark.parametrize(("name", "key"), [("F03", "F03"), ("F13", "F13"), ("F20", "F20.a")])
def test_the_explanation_of_an_answer_given_twice_says_so_with_both_cells(faults, name, key):
    (acme,) = faults.vendors
    (issue,) = [issue for issue in acme.issues if issue.question == name]
    text = " ".join(explain(faults, acme, name).split())
    row = int(issue.source.cell[1:])
    assert f"{key}: answered twice" in text
    assert f"Answers!B{row}" in text
    assert f"Answers!B{row - 1}" in text


def test_the_explanation_of_a_price_given_twice_says_so(faults):
    (acme,) = faults.vendors
    assert "P1: answered twice" in " ".join(explain(faults, acme, "P1").split())


def test_the_page_names_an_answer_given_twice_once_and_with_its_reason(faults):
    page = clarify(Overview(faults, faults.digits), faults.vendors[0], 99)
    (row,) = [row for row in page["rows"] if row["question"].startswith("F03")]
    assert "Could not be read: answered twice" in row["lacks"]
    assert [remark for remark in page["remarks"] if remark.startswith("F03")] == []


def test_a_price_given_twice_is_asked_back(tmp_path):
    folder = faulty(tmp_path)
    result = run(folder)
    points = {point.question.id: point for point in open_prices(result, result.vendors[0], load_evaluation(folder))}
    assert "Two different answers arrived: please say which one counts." in points["P1"].needed


def test_the_machine_form_of_check_names_question_and_part(faults):
    (vendor,) = check_form(faults, {}, {})["vendors"]
    clashes = [(one["question"], one["part"]) for one in vendor["issues"] if one["code"] == "contradiction"]
    assert clashes == [("F03", ""), ("F13", ""), ("F20", "a"), ("F21", ""), ("P1", "")]


def test_an_answer_given_twice_alike_is_explained(tmp_path):
    folder = write_evaluation(tmp_path, load("a: {A1: {ONE: {type: number, points: [[0, 0], [9, 100]]}}}"), {})
    write_response(folder / "responses" / "acme.xlsx", [("ONE", 3), ("ONE", 3)])
    result = run(folder)
    assert explained_codes(result, result.vendors[0], "ONE") == ["duplicate-answer"]


# ---- no output depends on wording


def reword(monkeypatch, seed):
    """Replace the words of every issue by random ones."""
    chance = random.Random(seed)  # noqa: S311  words of a test
    check = Issue.__post_init__

    def words():
        return "".join(chance.choice("abcdefgh :;.,'()") for _ in range(chance.randint(1, 60))) + "."

    def reworded(issue):
        check(issue)
        object.__setattr__(issue, "message", words())
        object.__setattr__(issue, "text", words())

    monkeypatch.setattr(Issue, "__post_init__", reworded)


def facts(folder):
    """List what the outputs show of each vendor, apart from words."""
    evaluation = load_evaluation(folder)
    result = run(folder)
    overview = Overview(result, result.digits)
    questions = evaluation.asked_questions
    for vendor in result.vendors:
        yield vendor.id, vendor.status, vendor.score
        yield [(issue.code, issue.severity, issue.source, issue.question, issue.part) for issue in vendor.issues]
        yield [(answer.id, answer.state, answer.credited) for answer in vendor.answers]
        if vendor.status == "not_evaluated":
            continue
        yield [(point.question.id, point.group, point.arrived) for point in open_points(result, vendor, questions)]
        yield [(point.question.id, point.arrived) for point in open_prices(result, vendor, evaluation)]
        yield [(name, explained_codes(result, vendor, name)) for name in (answer.id for answer in vendor.answers)]
        if vendor.price:
            yield [explained_codes(result, vendor, item.id) for item in vendor.price.items]
        page = clarify(overview, vendor, 99)
        yield [(row["question"], row["points"], row["cell"]) for row in page["rows"]], len(page["remarks"])
    yield sum(line.startswith("      ") for line in check_report(result).splitlines())


@pytest.mark.parametrize("seed", range(3))
def test_outputs_keep_their_facts_whatever_the_words_of_issues(tmp_path, monkeypatch, seed):
    folder = faulty(tmp_path)
    expected = list(facts(folder))
    reword(monkeypatch, seed)
    assert "answered twice" not in explain(run(folder), run(folder).vendors[0], "F03")
    assert list(facts(folder)) == expected


@pytest.mark.parametrize("name", ["small", "full"])
def test_samples_keep_their_facts_whatever_the_words_of_issues(monkeypatch, name):
    folder = old_samples() / name
    expected = list(facts(folder))
    reword(monkeypatch, 0)
    assert list(facts(folder)) == expected
