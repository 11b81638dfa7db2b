"""The types of questions: the cells of a form, reading, value, arithmetic, next better answer."""

import re
from datetime import date, timedelta

import pytest
from books import AS_OF, SETTING, SHIPPED, ask, cell, codes, read
from builders import load
from hypothesis import given, strategies as st
from pydantic import ValidationError

from vendor_eval.config.shipped import words_file
from vendor_eval.criteria.questions import Answer, AnswerCell, AnswerSettings, NextStep, interpolate, months_between

COLOURS = [{"label": "Red", "score": 100}, {"label": "Green, pale", "score": 40}, {"label": "None", "score": 0}]
YEARS = [[0, 0], [2, 50], [5, 100]]
RISING = [[0, 0], [100, 100]]


def value_of(question, *answers, setting=SETTING, **parts):
    """Value of an answer that has one."""
    reading = read(question, *answers, setting=setting, **parts)
    assert reading.state == "answered", reading
    return question.value(reading.answer, setting)


def explained(question, *answers, **parts):
    return question.explain(read(question, *answers, **parts).answer, SETTING)


def next_step(question, *answers, **parts):
    return question.next_step(read(question, *answers, **parts).answer, SETTING)


def kinds(question):
    return [(field.part, field.kind, field.unit, field.none) for field in question.cells()]


# ---- every type


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        pytest.param(ask("yes_no_partial"), [("", "choice", "", False)], id="yes, no, partial"),
        pytest.param(ask("single_choice", options=COLOURS), [("", "choice", "", False)], id="single choice"),
        pytest.param(
            ask("multi_choice", options=COLOURS),
            [("a", "choice", "", False), ("b", "choice", "", False), ("c", "choice", "", False)],
            id="multi choice",
        ),
        pytest.param(ask("number", unit="years", points=YEARS, none=0), [("", "number", "years", True)], id="number"),
        pytest.param(ask("percentage", points=RISING), [("", "percentage", "%", False)], id="percentage"),
        pytest.param(ask("date", points=YEARS), [("", "date", "date", False)], id="date"),
        pytest.param(ask("rubric"), [("", "text", "", False)], id="rubric"),
        pytest.param(ask("text"), [("", "text", "", False)], id="text"),
        pytest.param(
            ask(
                "figures",
                parts=[
                    {"id": "over", "text": "Over", "type": "number", "unit": "people"},
                    {"id": "share", "text": "Share", "type": "percentage"},
                    {"id": "since", "text": "Since", "type": "date"},
                    {"id": "source", "text": "Source", "type": "text"},
                ],
                compute={"rule": "ratio", "of": ["over", "share"]},
                points=RISING,
            ),
            [
                ("over", "number", "people", False),
                ("share", "percentage", "%", False),
                ("since", "date", "date", False),
                ("source", "text", "", False),
            ],
            id="figures",
        ),
        pytest.param(
            ask("certification", parts=["status", "valid_until", "issuer"]),
            [("status", "choice", "", False), ("valid_until", "date", "", False), ("issuer", "text", "", False)],
            id="certification",
        ),
    ],
)
def test_a_form_has_a_row_for_each_answer_cell(question, cells):
    assert kinds(question) == cells


ONE_CELL = {
    "yes_no_partial": ask("yes_no_partial"),
    "single_choice": ask("single_choice", options=COLOURS[:2]),
    "number": ask("number", points=YEARS),
    "percentage": ask("percentage", points=RISING),
    "date": ask("date", points=YEARS),
    "rubric": ask("rubric"),
    "text": ask("text"),
}
EVERY_ONE_CELL = pytest.mark.parametrize("name", ONE_CELL)


@EVERY_ONE_CELL
def test_an_untouched_question_is_blank_without_a_word(name):
    reading = ONE_CELL[name].read({}, SETTING)
    assert (reading.state, reading.answer, reading.faults) == ("blank", None, ())


@EVERY_ONE_CELL
@pytest.mark.parametrize("text", ["-", "–", "?", "...", "TBD", "tbc", " ", "\u00a0"])
def test_a_placeholder_is_no_answer(name, text):
    reading = read(ONE_CELL[name], text)
    assert (reading.state, reading.answer, codes(reading)) == ("blank", None, [("", "placeholder-answer")])


@EVERY_ONE_CELL
@pytest.mark.parametrize("text", ["n/a", "N.A.", "Not applicable", "does not apply"])
def test_not_applicable_is_asked_back_and_counts_as_blank(name, text):
    reading = read(ONE_CELL[name], text)
    assert (reading.state, reading.answer, codes(reading)) == ("blank", None, [("", "not-applicable-answer")])


@EVERY_ONE_CELL
@pytest.mark.parametrize(
    ("filled", "code"),
    [
        pytest.param(cell(None, error="#N/A"), "error-cell", id="error"),
        pytest.param(cell(None, formula="=B3*2"), "formula-without-value", id="formula that was never calculated"),
        pytest.param(cell("Yes", formula="=[1]Sheet1!A1"), "external-link", id="link to another workbook"),
        pytest.param(cell("Yes", formula="='C:\\x\\[a.xlsx]S'!A1"), "external-link", id="link with a path"),
    ],
)
def test_a_cell_without_a_value_of_its_own_is_invalid_and_not_blank(name, filled, code):
    reading = read(ONE_CELL[name], filled)
    assert (reading.state, reading.answer, codes(reading)) == ("invalid", None, [("", code)])


def test_a_formula_over_a_column_of_a_table_is_no_link_to_another_workbook():
    assert value_of(ask("number", points=YEARS), cell(5, formula="=SUM(Table1[years])")) == 100


# ---- yes, partial, no

YES_NO = ask("yes_no_partial")


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        pytest.param("Yes", "Yes", 100, id="yes"),
        pytest.param(" yEs\u200b", "Yes", 100, id="case, blanks and what nobody sees"),
        pytest.param("y", "Yes", 100, id="letter"),
        pytest.param("✓", "Yes", 100, id="tick"),
        pytest.param(True, "Yes", 100, id="boolean true"),
        pytest.param("Partial", "Partial", 50, id="partial"),
        pytest.param("partly", "Partial", 50, id="partly"),
        pytest.param("No", "No", 0, id="no"),
        pytest.param("n", "No", 0, id="letter n"),
        pytest.param(False, "No", 0, id="boolean false"),
    ],
)
def test_yes_partial_and_no_are_read_in_their_spellings(written, text, value):
    reading = read(YES_NO, written)
    assert (reading.answer, reading.faults) == (Answer(text, frozenset({text.lower()})), ())
    assert YES_NO.value(reading.answer, SETTING) == value


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param(1, "unknown-option", id="1"),
        pytest.param(0, "unknown-option", id="0"),
        pytest.param("1.0", "unknown-option", id="1.0 as text"),
        pytest.param("Yes and no", "unknown-option", id="yes and no"),
        pytest.param("Yes / No", "unknown-option", id="both as the form offers them"),
        pytest.param("x", "unknown-option", id="cross"),
        pytest.param("maybe", "unknown-option", id="maybe"),
        pytest.param("planned", "planned-answer", id="planned"),
        pytest.param("Roadmap Q3", "planned-answer", id="roadmap"),
        pytest.param("Yes, planned for Q3", "planned-answer", id="a yes that is planned"),
        pytest.param("geplant", "planned-answer", id="planned in German"),
        pytest.param("導入予定です", "planned-answer", id="planned in Japanese"),
    ],
)
def test_what_is_no_plain_yes_is_never_taken_for_one(written, code):
    reading = read(YES_NO, written)
    assert (reading.state, codes(reading)) == ("invalid", [("", code)])


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "hi", "tl", "sw", "ja", "zh"]
)
def test_yes_no_and_partial_are_read_in_fourteen_languages(language):
    file = load(words_file().read_text(encoding="utf-8"))
    for name in ("yes", "no", "partial"):
        for word in file[name][language]:
            for written in (word, word.upper(), f" {word}."):
                assert (word, read(YES_NO, written).answer) == (word, Answer(name.capitalize(), frozenset({name})))


@pytest.mark.parametrize(
    ("written", "counts", "condition"),
    [
        pytest.param("Yes, except EU", "Partial", "except EU", id="yes but"),
        pytest.param("Yes - see attached", "Partial", "see attached", id="yes and a document"),
        pytest.param("Y\u00a0(only Lund)", "Y", None, id="a letter alone is no head"),
        pytest.param("Ja, außer Bayern", "Partial", "außer Bayern", id="German"),
        pytest.param("はい、EU以外", "Partial", "EU以外", id="Japanese"),
        pytest.param("Partial: EU only", "Partial", "EU only", id="partial says itself what is missing"),
        pytest.param("No, but we audit yearly", "No", "but we audit yearly", id="no has no worse neighbour"),
        pytest.param("No, planned for Q3", "No", "planned for Q3", id="no, and planned"),
    ],
)
def test_a_qualified_answer_counts_as_its_worse_neighbour_and_is_asked_back(written, counts, condition):
    reading = read(YES_NO, written)
    if condition is None:
        assert (reading.state, codes(reading)) == ("invalid", [("", "unknown-option")])
        return
    assert (reading.answer, reading.conditions) == (Answer(counts, frozenset({counts.lower()})), (condition,))
    assert codes(reading) == [("", "qualified-answer")]


def test_a_qualified_answer_without_a_partial_to_fall_back_to_is_invalid():
    question = ask("yes_no_partial", scores={"yes": 100, "no": 0})
    reading = read(question, "Yes, except EU")
    assert (reading.state, codes(reading)) == ("invalid", [("", "unknown-option")])
    choice = ask("single_choice", options=[{"label": "Every month", "score": 100}, {"label": "Never", "score": 0}])
    assert read(choice, "Every month, except December").state == "invalid"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(ask("yes_no_partial"), id="choice"),
        pytest.param(ask("number", points=[[0, 100], [30, 0]]), id="figure"),
        pytest.param(ask("rubric"), id="words"),
    ],
)
@pytest.mark.parametrize("written", ["see attached", "See attached.", "siehe Anlage", "同上"])
def test_an_answer_that_stands_elsewhere_is_blank_and_asked_back(question, written):
    reading = read(question, written)
    assert (reading.state, codes(reading)) == ("blank", [("", "answer-elsewhere")])


def test_a_file_gives_its_own_scores_and_may_leave_partial_out():
    question = ask("yes_no_partial", scores={"yes": 80, "no": 10})
    assert [value_of(question, text) for text in ("Yes", "No")] == [80, 10]
    assert question.cells()[0].labels == ("Yes", "No")
    assert codes(read(question, "Partial")) == [("", "unknown-option")]


@pytest.mark.parametrize(
    ("written", "step"), [("No", NextStep("'Partial'", 50)), ("Partial", NextStep("'Yes'", 100)), ("Yes", None)]
)
def test_the_next_better_answer_is_named_up_to_the_top(written, step):
    assert next_step(YES_NO, written) == step


# ---- one of several

COLOUR = ask(
    "single_choice",
    options=[
        {"label": "Half-yearly", "score": 60},
        {"label": "None", "score": 0},
        {"label": "Quarterly, least privilege", "score": 100, "synonyms": ["every quarter"]},
        {"label": "2022", "score": 30},
    ],
)


@pytest.mark.parametrize(
    ("written", "id_", "text", "value"),
    [
        pytest.param("Quarterly, least privilege", "c", "Quarterly, least privilege", 100, id="label"),
        pytest.param(" quarterly,  LEAST privilege", "c", "Quarterly, least privilege", 100, id="folded"),
        pytest.param("Every quarter", "c", "Quarterly, least privilege", 100, id="synonym"),
        pytest.param("None", "b", "None", 0, id="none where an option says so"),
        pytest.param(2022, "d", "2022", 30, id="a label that Excel made a number"),
    ],
)
def test_a_label_is_read_as_its_option(written, id_, text, value):
    reading = read(COLOUR, written)
    assert (reading.answer, reading.faults) == (Answer(text, frozenset({id_})), ())
    assert COLOUR.value(reading.answer, SETTING) == value


@pytest.mark.parametrize("written", ["Quarterly", "half yearly", "c", "Yes", 7, True, AS_OF])
def test_a_label_that_is_not_offered_is_asked_back_and_never_guessed(written):
    reading = read(COLOUR, written)
    assert (reading.state, codes(reading)) == ("invalid", [("", "unknown-option")])


def test_the_order_of_the_labels_does_not_tell_the_score():
    assert COLOUR.cells()[0].labels == ("2022", "Half-yearly", "None", "Quarterly, least privilege")


def test_the_order_of_yes_partial_and_no_is_the_natural_one():
    assert YES_NO.cells()[0].labels == ("Yes", "Partial", "No")


@pytest.mark.parametrize(
    ("written", "step"),
    [("None", NextStep("'2022'", 30)), ("2022", NextStep("'Half-yearly'", 60)), ("Quarterly, least privilege", None)],
)
def test_the_next_better_option_is_the_one_just_above(written, step):
    assert next_step(COLOUR, written) == step


def test_options_without_a_score_are_read_and_not_valued():
    question = ask("single_choice", weight=0, options=[{"label": "A"}, {"label": "B"}])
    assert (question.is_scored, value_of(question, "B"), next_step(question, "B")) == (False, None, None)


# ---- several of several

CONTROLS = ask(
    "multi_choice",
    options=[
        {"label": "Badges, all doors", "score": 30},
        {"label": "Cameras", "score": 20},
        {"label": "Guards", "score": 60, "synonyms": ["guard"]},
    ],
)


@pytest.mark.parametrize(
    ("rows", "chosen", "text", "value"),
    [
        pytest.param({"a": "Yes", "b": "Yes", "c": "No"}, "ab", "Badges, all doors; Cameras", 50, id="sum"),
        pytest.param({"a": "Yes", "b": "x", "c": True}, "abc", "Badges, all doors; Cameras; Guards", 100, id="capped"),
        pytest.param({"b": "Yes"}, "b", "Cameras", 20, id="an empty row is not ticked"),
        pytest.param({"a": "No"}, "", "none of these", 0, id="one no is an answer"),
        pytest.param({"a": "Yes", "c": "n/a"}, "a", "Badges, all doors", 30, id="n/a beside an answer is not ticked"),
        pytest.param({"a": "Yes", "c": "-"}, "a", "Badges, all doors", 30, id="a dash beside an answer is not ticked"),
    ],
)
def test_the_ticked_rows_add_up_to_at_most_100(rows, chosen, text, value):
    reading = read(CONTROLS, **rows)
    assert (reading.state, reading.answer) == ("answered", Answer(text, frozenset(chosen)))
    assert CONTROLS.value(reading.answer, SETTING) == value


@pytest.mark.parametrize(
    ("rows", "state", "faults"),
    [
        pytest.param({}, "blank", [], id="untouched"),
        pytest.param(
            {"a": "n/a", "b": "n/a"},
            "blank",
            [("a", "not-applicable-answer"), ("b", "not-applicable-answer")],
            id="n/a",
        ),
        pytest.param({"a": "Yes", "b": "perhaps"}, "invalid", [("b", "unknown-option")], id="one row unreadable"),
        pytest.param({"a": "Yes", "b": "n/a"}, "answered", [("b", "placeholder-answer")], id="n/a in one row"),
    ],
)
def test_the_rows_of_a_question_are_judged_together(rows, state, faults):
    reading = read(CONTROLS, **rows)
    assert (reading.state, codes(reading)) == (state, faults)


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        pytest.param("Cameras; Guards", "bc", id="semicolons"),
        pytest.param("Cameras\nguard", "bc", id="line breaks and a synonym"),
        pytest.param("badges, all doors", "a", id="one label with a comma"),
        pytest.param("None of these", "", id="none of these"),
        pytest.param("none", "", id="none"),
        pytest.param("No", "", id="no"),
    ],
)
def test_a_sheet_with_one_row_may_list_the_labels(written, chosen):
    reading = read(CONTROLS, written)
    assert (reading.state, reading.answer.chosen, reading.faults) == ("answered", frozenset(chosen), ())


@pytest.mark.parametrize(
    ("written", "state", "code"),
    [
        pytest.param("Cameras; Dogs", "invalid", "unknown-option", id="one label is not offered"),
        pytest.param("Badges, Cameras", "invalid", "unknown-option", id="commas stand in labels"),
        pytest.param("Yes", "invalid", "unknown-option", id="yes to which"),
        pytest.param("x", "invalid", "unknown-option", id="a cross beside no option"),
        pytest.param(True, "invalid", "unknown-option", id="true to which"),
        pytest.param(3, "invalid", "unknown-option", id="a count"),
        pytest.param("-", "blank", "placeholder-answer", id="placeholder"),
        pytest.param(" ", "blank", "placeholder-answer", id="space"),
        pytest.param("n/a", "blank", "not-applicable-answer", id="n/a"),
        pytest.param(cell(None, error="#REF!"), "invalid", "error-cell", id="error"),
        pytest.param(cell(None, formula="=A1"), "invalid", "formula-without-value", id="formula"),
    ],
)
def test_a_row_for_the_whole_that_lists_no_labels_ticks_nothing(written, state, code):
    reading = read(CONTROLS, written)
    assert (reading.state, [code for _, code in codes(reading)]) == (state, [code])


def test_an_answer_as_a_whole_and_on_its_own_rows_is_a_contradiction():
    reading = CONTROLS.read({"": cell("Cameras"), "b": cell("No")}, SETTING)
    assert (reading.state, codes(reading)) == ("invalid", [("", "contradiction")])


def test_the_sum_of_the_ticked_options_can_be_redone():
    assert explained(CONTROLS, a="Yes", c="Yes") == "ticked: 30 + 60 = 90 (at most 100)"
    assert explained(CONTROLS, a="Yes", b="Yes", c="Yes") == "ticked: 30 + 20 + 60 = 100 (at most 100)"
    assert explained(CONTROLS, a="No") == "ticked: 0 = 0 (at most 100)"


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        pytest.param({"a": "Yes"}, NextStep("also 'Guards'", 90), id="the best one left"),
        pytest.param({"b": "Yes", "c": "Yes"}, NextStep("also 'Badges, all doors'", 100), id="capped"),
        pytest.param({"a": "Yes", "b": "Yes", "c": "Yes"}, None, id="at the top"),
    ],
)
def test_the_next_better_tick_is_the_most_valuable_one_left(rows, step):
    assert next_step(CONTROLS, **rows) == step


# ---- figures

DAYS = ask("number", unit="days", points=[[0, 100], [30, 70], [90, 15]])


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        pytest.param(0, "0", 100, id="at the first breakpoint"),
        pytest.param(30, "30", 70, id="at a breakpoint"),
        pytest.param(60, "60", 42.5, id="halfway: 70 - 30/60 x 55"),
        pytest.param(15, "15", 85, id="halfway: 100 - 15/30 x 30"),
        pytest.param(500, "500", 15, id="flat beyond the last"),
        pytest.param("30 days", "30", 70, id="text with the unit"),
        pytest.param("720 h", "30", 70, id="another unit that converts"),
        pytest.param("4 weeks", "28", 72, id="weeks: 100 - 28/30 x 30"),
        pytest.param("7,5", "7.5", 92.5, id="decimal comma: 100 - 7.5/30 x 30"),
    ],
)
def test_a_figure_is_valued_between_its_breakpoints(written, text, value):
    reading = read(DAYS, written)
    assert (reading.answer.text, reading.faults) == (text, ())
    assert DAYS.value(reading.answer, SETTING) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("approx. 30", "approximate-answer", id="approximation"),
        pytest.param("20-30", "range-answer", id="range"),
        pytest.param("1,234", "ambiguous-number", id="separator"),
        pytest.param("2 months", "wrong-unit", id="unit"),
        pytest.param(-1, "negative-answer", id="below zero"),
        pytest.param("-1", "negative-answer", id="below zero as text"),
        pytest.param("None", "ambiguous-none", id="none where it is no answer"),
        pytest.param("Yes", "not-a-number", id="word"),
        pytest.param(True, "not-a-number", id="boolean"),
        pytest.param(AS_OF, "not-a-number", id="day"),
        pytest.param(cell(0.5, percent=True), "wrong-unit", id="share"),
    ],
)
def test_a_figure_with_no_single_reading_is_invalid(written, code):
    reading = read(DAYS, written)
    assert (reading.state, reading.answer, codes(reading)) == ("invalid", None, [("", code)])


def test_the_decimal_sign_of_the_first_sheet_settles_a_figure():
    readings = [read(DAYS, "1.234", setting=AnswerSettings(AS_OF, sign)).answer.number for sign in (".", ",")]
    assert readings == [1.234, 1234.0]


@pytest.mark.parametrize("text", ["do not know", "Don't know", "Don\u2019t know", "unknown", "not measured"])
@pytest.mark.parametrize("name", ["number", "percentage", "date"])
def test_do_not_know_is_an_answer_worth_0(name, text):
    question = ONE_CELL[name]
    reading = read(question, text)
    assert (reading.state, codes(reading)) == ("answered", [("", "unmeasured")])
    assert (question.value(reading.answer, SETTING), reading.answer.number, reading.answer.word) == (0, None, "unknown")
    assert explained(question, text) == "'do not know' counts 0"


@pytest.mark.parametrize("type_", ["number", "percentage", "date"])
@pytest.mark.parametrize(("worth", "value"), [(0, 0), (55, 55)])
def test_none_is_an_answer_where_the_file_says_what_it_is_worth(type_, worth, value):
    question = ask(type_, points=RISING, none=worth)
    reading = read(question, "None")
    assert (reading.state, reading.answer.word, reading.faults) == ("answered", "none", ())
    assert (question.value(reading.answer, SETTING), explained(question, "none")) == (value, f"'none' counts {value}")


@pytest.mark.parametrize(
    ("written", "share"),
    [
        pytest.param(cell(0.95, percent=True), 95, id="percent cell"),
        pytest.param("95 %", 95, id="text"),
        pytest.param(95, 95, id="figure"),
        pytest.param(0, 0, id="zero"),
    ],
)
def test_a_share_is_read_in_its_forms(written, share):
    assert value_of(ask("percentage", points=RISING), written) == share


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param(0.95, "ambiguous-percentage", id="fraction of one"),
        pytest.param(1, "ambiguous-percentage", id="one"),
        pytest.param(120, "percentage-out-of-range", id="above 100"),
        pytest.param(cell(95, percent=True), "percentage-out-of-range", id="95 in a percent cell"),
        pytest.param("-5 %", "percentage-out-of-range", id="below zero"),
    ],
)
def test_a_share_with_no_single_reading_is_invalid(written, code):
    reading = read(ask("percentage", points=RISING), written)
    assert (reading.state, codes(reading)) == ("invalid", [("", code)])


ALPHA = ask("number", unit="alpha", points=[[0.2, 0], [0.8, 100]], min=-1, max=1)
HOURS = ask("number", unit="h/day", points=[[0, 0], [8, 100]], min=0, max=24)
NOTICE = ask("number", unit="months", points=YEARS, max=120)
PEOPLE = ask("number", unit="people", points=YEARS, whole=True)
CHANGE = ask("percentage", points=RISING, max=300)


@pytest.mark.parametrize(
    ("question", "written", "said"),
    [
        pytest.param(
            ALPHA, 85, "85 alpha is not plausible, since this figure is at least -1 and at most 1", id="alpha"
        ),
        pytest.param(ALPHA, -1.01, "-1.01 alpha is not", id="below a minimum that is below zero"),
        pytest.param(HOURS, 99.9, "at least 0 and at most 24", id="hours"),
        pytest.param(NOTICE, "30 years", "360 months is not", id="in another unit"),
        pytest.param(HOURS, -1, "-1 h/day is not", id="below a minimum of zero"),
        pytest.param(PEOPLE, 2.5, "2.5 is no whole number of people", id="half of one"),
        pytest.param(CHANGE, 301, "301 % is not", id="above a maximum of its own"),
        pytest.param(ask("percentage", points=RISING, max=40), "41 %", "at most 40", id="a narrower share"),
        pytest.param(
            ask("date", points=YEARS, max=120),
            "2001-11-24",
            "24 November 2001, 300 months ago, is not",
            id="a day",
        ),
    ],
)
def test_a_figure_beyond_its_meaning_is_asked_back(question, written, said):
    reading = read(question, written)
    assert (reading.state, reading.answer, codes(reading)) == ("invalid", None, [("", "implausible-value")])
    assert said in reading.faults[0].message


@pytest.mark.parametrize(
    ("question", "written", "number"),
    [
        pytest.param(ALPHA, -1, -1, id="least"),
        pytest.param(ALPHA, 1, 1, id="greatest"),
        pytest.param(NOTICE, "10 years", 120, id="in another unit"),
        pytest.param(PEOPLE, "3.0", 3, id="whole as text"),
        pytest.param(CHANGE, 250, 250, id="a share above 100"),
    ],
)
def test_a_figure_within_its_bounds_is_read(question, written, number):
    assert read(question, written).answer.number == number


def test_the_best_answer_that_is_left_lies_within_the_bounds():
    question = ask("number", points=[[0, 0], [8, 100]], max=6)
    answers = question.candidates((), SETTING)
    assert max(question.value(answer, SETTING) for answer in answers) == 75


def test_bounds_that_leave_no_room_are_a_fault():
    with pytest.raises(ValidationError, match="nothing is at least 2 and at most 1; exchange min and max"):
        ask("number", points=YEARS, min=2, max=1)
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        ask("percentage", points=YEARS, min=-5)


def test_a_share_of_something_else_may_pass_100():
    question = ask("percentage", points=[[100, 0], [200, 100]], above_100=True)
    assert value_of(question, 150) == 50


REDONE = re.compile(
    r"^(?P<x>[\d.]+) days lies between [\d.]+ \(scores [\d.]+\) and [\d.]+ \(scores [\d.]+\): "
    r"(?P<sum>.+) = (?P<value>[\d.]+)$"
)


@given(st.integers(0, 1000).map(lambda tenths: tenths / 10))
def test_the_arithmetic_of_a_figure_comes_out_when_it_is_redone(days):
    text = explained(DAYS, days)
    value = interpolate(((0, 100), (30, 70), (90, 15)), days)
    if match := REDONE.match(text):
        arithmetic = match["sum"].replace(" x ", " * ")
        assert re.fullmatch(r"[\d.()+\-*/ ]+", arithmetic)
        assert float(match["x"]) == days
        assert eval(arithmetic) == pytest.approx(value, abs=1e-9)  # noqa: S307  digits and signs, checked above
        assert float(match["value"]) == pytest.approx(value, abs=1e-6)
    else:
        assert text == f"{days:.10g} days scores {value:.10g}"


def test_the_arithmetic_of_a_figure_reads_like_this():
    assert explained(DAYS, 60) == (
        "60 days lies between 30 (scores 70) and 90 (scores 15): 70 + (60 - 30) / (90 - 30) x (15 - 70) = 42.5"
    )


@pytest.mark.parametrize(
    ("written", "step"),
    [
        pytest.param(60, NextStep("30 days", 70), id="the next breakpoint"),
        pytest.param(30, NextStep("0 days", 100), id="from a breakpoint"),
        pytest.param(0, None, id="at the top"),
        pytest.param("do not know", NextStep("90 days", 15), id="from nothing"),
    ],
)
def test_the_next_better_figure_is_the_breakpoint_just_above(written, step):
    assert next_step(DAYS, written) == step


def test_breakpoints_may_fall_again_where_too_good_means_untested():
    question = ask("percentage", points=[[0, 0], [5, 100], [10, 100], [50, 20]])
    assert [value_of(question, share) for share in (2.5, 7, 30, 90)] == [50, 100, 60, 20]
    assert next_step(question, 30) == NextStep("10 %", 100)


POINTS = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 100)), min_size=1, max_size=6, unique_by=lambda p: p[0]
)


@given(POINTS.map(sorted), st.floats(-10, 1010))
def test_a_value_never_leaves_what_its_breakpoints_span(points, x):
    points = tuple((float(at), float(score)) for at, score in points)
    scores = [score for _, score in points]
    assert min(scores) - 1e-9 <= interpolate(points, x) <= max(scores) + 1e-9
    assert [interpolate(points, at) for at, _ in points] == scores


# ---- days and months


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        pytest.param(date(2026, 5, 24), date(2026, 11, 24), 6, id="24 May to 24 November"),
        pytest.param(date(2026, 5, 24), date(2026, 11, 10), 5 + 17 / 31, id="24 May to 10 November"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), 0, id="the same day"),
        pytest.param(date(2026, 11, 23), date(2026, 11, 24), 1 / 30, id="a day of November"),
        pytest.param(date(2025, 11, 24), date(2026, 11, 24), 12, id="a year"),
        pytest.param(date(2026, 1, 31), date(2026, 2, 28), 1, id="end of January to end of February"),
        pytest.param(date(2026, 1, 31), date(2026, 3, 1), 1 + 1 / 31, id="end of January to 1 March"),
        pytest.param(date(2026, 1, 30), date(2026, 2, 27), 28 / 29, id="the day before the shortened month ends"),
        pytest.param(date(2024, 1, 31), date(2024, 2, 29), 1, id="leap year"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), 12, id="from 29 February"),
        pytest.param(date(2025, 12, 31), date(2026, 6, 30), 6, id="across the turn of the year"),
        pytest.param(date(2026, 11, 24), date(9999, 12, 31), 95677 + 7 / 31, id="for ever"),
    ],
)
def test_months_are_whole_ones_and_days_over_the_days_to_the_next_monthly_day(start, end, months):
    assert months_between(start, end) == pytest.approx(months, abs=1e-12)


DAYS_OF_A_LIFE = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(DAYS_OF_A_LIFE, st.integers(0, 4000), st.integers(0, 400))
def test_more_days_are_never_fewer_months(start, first, more):
    earlier, later = start + timedelta(days=first), start + timedelta(days=first + more)
    assert months_between(start, earlier) <= months_between(start, later)


@given(DAYS_OF_A_LIFE, st.integers(0, 4000))
def test_the_whole_months_are_those_that_the_calendar_counts(start, days):
    end = start + timedelta(days=days)
    months = (end.year - start.year) * 12 + end.month - start.month
    assert months - 1 <= months_between(start, end) < months + 1


AGE = ask("date", points=[[0, 100], [6, 40], [12, 0]], none=5)


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        pytest.param("2026-05-24", "2026-05-24", 40, id="six months"),
        pytest.param(date(2026, 8, 24), "2026-08-24", 70, id="three months: 100 - 3/6 x 60"),
        pytest.param(AS_OF, "2026-11-24", 100, id="the day itself"),
        pytest.param("none", "none", 5, id="none"),
    ],
)
def test_a_day_is_valued_by_the_months_since(written, text, value):
    reading = read(AGE, written)
    assert (reading.answer.text, reading.faults) == (text, ())
    assert AGE.value(reading.answer, SETTING) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param(AS_OF + timedelta(days=1), "future-date", id="tomorrow"),
        pytest.param("03/04/2026", "ambiguous-date", id="March or April"),
        pytest.param(46350, "not-a-date", id="serial number"),
        pytest.param("last spring", "not-a-date", id="words"),
    ],
)
def test_a_day_that_cannot_be_taken_is_invalid(written, code):
    reading = read(AGE, written)
    assert (reading.state, codes(reading)) == ("invalid", [("", code)])


def test_the_months_of_a_day_are_said():
    assert explained(AGE, "2026-05-24") == "6 months before the evaluation date scores 40"
    assert next_step(AGE, "2026-05-24") == NextStep("0 months before the evaluation date", 100)


# ---- rubrics and texts


def test_a_rubric_is_worth_what_the_evaluators_say_and_not_what_the_vendor_writes():
    question = ask("rubric", levels=["none", "weak", "fair", "good", "strong", "best"])
    written = read(question, "We do it well").answer
    assert (written, question.value(written, SETTING)) == (Answer("We do it well"), None)
    assert question.explain(written, SETTING) == "no evaluator has given a level"
    assert question.next_step(written, SETTING) is None
    level = question.at_level(3)
    assert (question.value(level, SETTING), question.explain(level, SETTING)) == (60, "level 3 x 20 = 60")
    assert question.next_step(level, SETTING) == NextStep("level 4: strong", 80)
    assert question.next_step(question.at_level(5), SETTING) is None


def test_half_levels_come_from_a_median_and_lead_to_the_next_whole_one():
    question = ask("rubric")
    level = question.at_level(3.5)
    assert (question.value(level, SETTING), question.explain(level, SETTING)) == (70, "level 3.5 x 20 = 70")
    assert question.next_step(level, SETTING) == NextStep("level 4", 80)


@pytest.mark.parametrize("written", ["=1+1", "'x", "  two\r\nlines ", "🙂", "none", "do not know", "30-40"])
def test_a_text_is_kept_as_it_was_written(written):
    reading = read(ask("text"), written)
    assert (reading.answer, reading.faults) == (Answer(written), ())
    assert (ask("text").value(reading.answer, SETTING), ask("text").is_scored) == (None, False)


# ---- certificates

FULL = {"status": "Valid", "edition": "ISO/IEC 27001:2022", "accredited": "Yes", "scope": "Our site and our service"}
FULL |= {"valid_until": date(2028, 6, 30), "issuer": "Certbody", "number": "IS 1234"}
OTHER_EDITION = {"SEC-13": {}, "QAR-19": {"edition": "ISO 9001:2026"}, "LAB-16": {"edition": "SA8000:2014"}}
OTHER_EDITION["LAB-17"] = {"edition": "Standards v2.1"}
SOON, LATER = date(2027, 2, 21), date(2027, 2, 22)


def certificate(id_, **changes):
    """Question and cells of a certificate that is worth 100, with changes; None empties a cell."""
    question = SHIPPED.questions[id_]
    parts = [field.part for field in question.cells()]
    cells = {**FULL, "open_actions": "No", **OTHER_EDITION[id_], **changes}
    return question, {part: cells[part] for part in parts if cells[part] is not None}


def test_the_days_of_these_examples_are_89_and_90_after_the_evaluation_date():
    assert [(day - AS_OF).days for day in (SOON, LATER)] == [89, 90]


@pytest.mark.parametrize("id_", OTHER_EDITION)
def test_a_valid_certificate_that_names_site_and_service_is_worth_100(id_):
    question, cells = certificate(id_)
    reading = read(question, **cells)
    assert (reading.state, reading.faults, question.value(reading.answer, SETTING)) == ("answered", (), 100)
    assert question.is_document(reading.answer)
    assert question.next_step(reading.answer, SETTING) is None


TABLE = [
    pytest.param("SEC-13", {"status": "None"}, 0, id="none"),
    pytest.param("SEC-13", {"status": "Self-declared or self-assessed"}, 0, id="self-declared"),
    pytest.param("SEC-13", {"status": "Expired or withdrawn"}, 0, id="expired by its own word"),
    pytest.param("SEC-13", {"status": "In progress or pending"}, 0, id="in progress"),
    pytest.param("QAR-19", {"status": "In progress or pending"}, 0, id="in progress, quality"),
    pytest.param("LAB-16", {"status": "In progress or pending"}, 0, id="in progress, labour"),
    pytest.param("LAB-17", {"status": "In progress or pending"}, 20, id="in progress, B Corp"),
    pytest.param("SEC-13", {"edition": "ISO/IEC 27001:2013"}, 0, id="withdrawn edition 2013"),
    pytest.param("SEC-13", {"edition": 2013}, 0, id="withdrawn edition typed as a year"),
    pytest.param("SEC-13", {"edition": "2022"}, 100, id="edition typed as a year"),
    pytest.param("QAR-19", {"edition": "Older"}, 0, id="withdrawn older edition"),
    pytest.param("QAR-19", {"edition": "ISO 9001:2015"}, 100, id="2015 edition while its end is not set"),
    pytest.param("SEC-13", {"status": "Stage-1 audit passed"}, 30, id="stage 1"),
    pytest.param("SEC-13", {"status": "Stage-1 audit passed", "edition": "2013"}, 0, id="stage 1, withdrawn edition"),
    pytest.param("SEC-13", {"valid_until": AS_OF - timedelta(days=1)}, 0, id="expired yesterday"),
    pytest.param("SEC-13", {"valid_until": AS_OF}, 60, id="valid through its last day"),
    pytest.param(
        "SEC-13", {"status": "Valid, renewal audit booked", "valid_until": AS_OF}, 90, id="last day, renewal booked"
    ),
    pytest.param("SEC-13", {"accredited": "No"}, 0, id="not accredited"),
    pytest.param("LAB-16", {"accredited": "No"}, 0, id="no independent auditor"),
    pytest.param("SEC-13", {"scope": "Another service or entity"}, 0, id="another entity"),
    pytest.param("SEC-13", {"scope": "Our service, but another site"}, 40, id="another site"),
    pytest.param(
        "SEC-13",
        {"scope": "Our service, but another site", "valid_until": SOON},
        40,
        id="another site and few days: the lower counts",
    ),
    pytest.param("SEC-13", {"valid_until": SOON}, 60, id="89 days left"),
    pytest.param("SEC-13", {"valid_until": LATER}, 100, id="90 days left"),
    pytest.param(
        "SEC-13", {"status": "Valid, renewal audit booked", "valid_until": SOON}, 90, id="89 days left, renewal booked"
    ),
    pytest.param(
        "SEC-13",
        {"status": "Valid, renewal audit booked", "valid_until": LATER},
        100,
        id="90 days left, renewal booked",
    ),
    pytest.param("LAB-16", {"open_actions": "Yes"}, 100, id="open actions cap it elsewhere"),
    pytest.param(
        "LAB-17", {"edition": "Version 1.6 (80-point model), still in its cycle"}, 100, id="v1.6 caps it elsewhere"
    ),
]


@pytest.mark.parametrize(("id_", "changes", "value"), TABLE)
def test_the_first_line_of_the_table_that_fits_counts(id_, changes, value):
    question, cells = certificate(id_, **changes)
    assert value_of(question, **cells) == value


@pytest.mark.parametrize(("id_", "changes", "value"), TABLE)
def test_the_line_that_counted_is_said_with_its_value(id_, changes, value):
    question, cells = certificate(id_, **changes)
    words, _, said = explained(question, **cells).rpartition(": ")
    assert (bool(words), said) == (True, str(value))


@pytest.mark.parametrize(
    ("ended", "value"),
    [pytest.param(AS_OF, 0, id="today"), pytest.param(AS_OF + timedelta(days=1), 100, id="tomorrow")],
)
def test_an_edition_is_withdrawn_from_its_day_on(ended, value):
    editions = [{"id": "2015", "label": "ISO 9001:2015", "withdrawn_from": ended}]
    question = ask("certification", editions=editions)
    assert value_of(question, **{**FULL, "edition": "ISO 9001:2015"}) == value


@pytest.mark.parametrize(
    "status", ["None", "Self-declared or self-assessed", "Expired or withdrawn", "In progress or pending"]
)
def test_these_statuses_are_complete_answers_alone(status):
    reading = read(SHIPPED.questions["SEC-13"], status=status)
    assert (reading.state, reading.faults) == ("answered", ())


@pytest.mark.parametrize(
    ("id_", "changes"),
    [
        pytest.param("SEC-13", {"status": None}, id="status"),
        pytest.param("SEC-13", {"edition": None}, id="edition"),
        pytest.param("SEC-13", {"accredited": None}, id="accredited"),
        pytest.param("SEC-13", {"scope": None}, id="scope"),
        pytest.param("SEC-13", {"valid_until": None}, id="valid until"),
        pytest.param("SEC-13", {"valid_until": "do not know"}, id="valid until unknown"),
        pytest.param("LAB-16", {"open_actions": None}, id="open actions"),
        pytest.param("SEC-13", {"status": "Stage-1 audit passed", "edition": None}, id="edition of a stage-1 audit"),
    ],
)
def test_a_certificate_without_a_part_that_its_value_needs_is_blank(id_, changes):
    question, cells = certificate(id_, **changes)
    reading = read(question, **cells)
    assert (reading.state, reading.answer) == ("blank", None)
    assert [code for _, code in codes(reading)] == ["certificate-incomplete"]


def test_a_part_that_is_not_needed_beside_a_status_may_be_blank():
    reading = read(SHIPPED.questions["SEC-13"], status="Stage-1 audit passed", edition="2022")
    assert (reading.state, reading.faults) == ("answered", ())


@pytest.mark.parametrize("part", ["issuer", "number"])
@pytest.mark.parametrize("written", [None, "-", "none", "Unknown", "do not know", "n/a"])
def test_a_certificate_without_issuer_or_number_stays_a_claim_and_keeps_its_value(part, written):
    question, cells = certificate("SEC-13", **{part: written})
    reading = read(question, **cells)
    assert (reading.state, question.value(reading.answer, SETTING)) == ("answered", 100)
    assert not question.is_document(reading.answer)
    assert ("status", "certificate-not-named") in codes(reading)


def test_nobody_asks_for_the_number_of_a_certificate_that_does_not_exist():
    question = SHIPPED.questions["SEC-13"]
    assert question.is_document(read(question, status="None").answer)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"valid_until": date(2029, 11, 25)}, ("valid_until", "implausible-date"), id="beyond three years"),
        pytest.param({"valid_until": date(9999, 12, 31)}, ("valid_until", "implausible-date"), id="for ever"),
        pytest.param({"valid_until": "03/04/2027"}, ("valid_until", "ambiguous-date"), id="March or April"),
        pytest.param({"status": "Certified"}, ("status", "unknown-option"), id="unknown status"),
        pytest.param({"scope": "Yes"}, ("scope", "unknown-option"), id="unknown scope"),
    ],
)
def test_a_part_that_cannot_be_read_makes_the_certificate_invalid(changes, fault):
    question, cells = certificate("SEC-13", **changes)
    reading = read(question, **cells)
    assert (reading.state, codes(reading)) == ("invalid", [fault])


def test_three_years_to_the_day_are_plausible():
    question, cells = certificate("SEC-13", valid_until=date(2029, 11, 24))
    assert value_of(question, **cells) == 100


@given(st.integers(-2000, 1000))
def test_a_certificate_is_never_worth_more_with_fewer_days_left(days):
    question, cells = certificate("SEC-13", valid_until=AS_OF + timedelta(days=days))
    _, longer = certificate("SEC-13", valid_until=AS_OF + timedelta(days=days + 1))
    assert value_of(question, **cells) <= value_of(question, **longer)


def test_a_certificate_is_judged_on_the_evaluation_date():
    question, cells = certificate("SEC-13", valid_until=date(2027, 6, 30))
    days = [date(2026, 11, 24), date(2027, 6, 1), date(2027, 7, 1)]
    assert [value_of(question, setting=AnswerSettings(day), **cells) for day in days] == [100, 60, 0]


def test_the_next_step_of_a_certificate_is_a_valid_one():
    question, cells = certificate("SEC-13", scope="Our service, but another site")
    assert next_step(question, **cells) == NextStep("a valid certificate that names our site and our service", 100)
    other = question.bind(SHIPPED.scheme.model_copy(update={"best": "a diploma"}))
    assert next_step(other, **cells) == NextStep("a diploma", 100)


RENEWAL = "renewal (It ends in 68 days; 90 or more score 100)"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({"valid_until": AS_OF + timedelta(days=68)}, RENEWAL, id="ends soon"),
        pytest.param(
            {"valid_until": AS_OF + timedelta(days=68), "status": "Valid, renewal audit booked"}, RENEWAL, id="booked"
        ),
        pytest.param({"accredited": "No"}, "a certificate by an accredited body", id="body"),
        pytest.param(
            {"accredited": "No", "valid_until": AS_OF + timedelta(days=68)},
            f"a certificate by an accredited body; {RENEWAL}",
            id="two caps",
        ),
        pytest.param({"edition": "ISO/IEC 27001:2013"}, "a certificate of a current edition", id="withdrawn edition"),
        pytest.param(
            {"valid_until": AS_OF - timedelta(days=3)},
            "a valid certificate that names our site and our service",
            id="expired",
        ),
        pytest.param(
            {"scope": "Another service or entity", "valid_until": AS_OF + timedelta(days=68)},
            "a valid certificate that names our site and our service",
            id="of somebody else",
        ),
    ],
)
def test_the_next_step_of_a_capped_certificate_names_the_rule_and_nothing_that_it_has(changes, text):
    question, cells = certificate("SEC-13", **changes)
    assert next_step(question, **cells) == NextStep(text, 100)


def test_a_label_in_a_form_keeps_its_help():
    fields = {field.part: field for field in SHIPPED.questions["LAB-16"].cells()}
    assert fields["valid_until"].help == "Audit report without an end date: its date plus 12 months"
    assert fields["accredited"].text == "Was it issued by an accredited or otherwise independent third party?"
    assert isinstance(fields["status"], AnswerCell)


# ---- the whole scorecard


@pytest.mark.parametrize(
    "id_", [id_ for id_, question in SHIPPED.questions.items() if question.type == "single_choice"]
)
def test_every_label_of_the_scorecard_reads_as_its_own_option(id_):
    question = SHIPPED.questions[id_]
    found = [next(iter(read(question, option.label).answer.chosen)) for option in question.options]
    assert found == [option.id for option in question.options]


@pytest.mark.parametrize(
    "id_", [id_ for id_, question in SHIPPED.questions.items() if question.type in {"number", "percentage"}]
)
def test_every_unit_of_the_scorecard_is_read_behind_a_figure(id_):
    question = SHIPPED.questions[id_]
    reading = read(question, f"7 {question.unit}".strip())
    assert (reading.state, reading.answer.number) == ("answered", 7)
