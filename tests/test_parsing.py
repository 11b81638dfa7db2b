"""Text to the one reading it has. What has several is asked back, and never read as one of them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from vendor_eval.config.models import load_document
from vendor_eval.config.shipped import words_file
from vendor_eval.criteria.parsing import (
    Qualified,
    Quantity,
    convert,
    is_unit,
    normalize,
    read_date,
    read_number,
    read_option,
    read_percentage,
    read_quantity,
    shorten,
    unknown_option,
)
from vendor_eval.criteria.parsing.words import WordsFile
from vendor_eval.criteria.questions import Option
from vendor_eval.issues import AnswerError

WORDS = load_document(words_file(), WordsFile).value
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a\u202c"


def code_of(read, *args, **options):
    """Code of the fault that a reading raises."""
    with pytest.raises(AnswerError) as caught:
        read(*args, **options)
    return caught.value.code


def reading(read, *args, **options):
    """What is read, or the code of the fault."""
    try:
        return read(*args, **options)
    except AnswerError as error:
        return error.code


# ---- comparing texts


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        pytest.param("  Yes ", "yes", id="outer blanks"),
        pytest.param("Yes,\n\tno", "yes, no", id="line breaks and tabs"),
        pytest.param("Yes,\u00a0no", "yes, no", id="a space that does not break"),
        pytest.param("\ufeffYes\u200b", "yes", id="byte order mark and zero width"),
        pytest.param("\u202aYes\u202c", "yes", id="marks of direction"),
        pytest.param("Don\u2019t know", "don't know", id="a curled apostrophe"),
        pytest.param("\u201cYes\u201d", '"yes"', id="curled quotes"),
        pytest.param("\uff39\uff45\uff53", "yes", id="full width"),
        pytest.param("STRASSE", "strasse", id="capitals"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("Yes_x000D_", "yes", id="a carriage return as Excel escapes it"),
        pytest.param("Yes\r\n", "yes", id="carriage return and line feed"),
        pytest.param("on\u2011site", "on-site", id="a hyphen that does not break"),
        pytest.param("A\u0308", "ä", id="a letter and its accent apart"),
    ],
)
def test_a_text_is_folded_for_comparison(written, folded):
    assert normalize(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(alphabet="abc 1", min_size=1), st.sampled_from(INVISIBLE), st.integers(0, 20))
def test_what_nobody_sees_changes_no_comparison(text, invisible, at):
    assert normalize(text[:at] + invisible + text[at:]) == normalize(text)


def test_a_long_text_is_cut_for_a_message_and_says_so():
    assert (shorten("a  b\nc"), shorten("x" * 80), shorten("x" * 81)) == ("a b c", "x" * 80, "x" * 80 + "…")


def test_an_unknown_option_names_the_nearest_one_and_never_a_list_of_forty():
    few = unknown_option("Partal", ["Yes", "Partial", "No"])
    many = unknown_option("Partal", [f"Answer {n}" for n in range(40)])
    assert few.code == many.code == "unknown-option"
    assert "did you mean 'Partial'?" in str(few)
    assert "Answer 7" not in str(many)


# ---- figures


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("30", Quantity(30.0, ""), id="plain"),
        pytest.param("30.", Quantity(30.0, ""), id="full stop behind"),
        pytest.param("+30", Quantity(30.0, ""), id="plus"),
        pytest.param("-5", Quantity(-5.0, ""), id="minus"),
        pytest.param("−5", Quantity(-5.0, ""), id="minus sign"),
        pytest.param("12.5", Quantity(12.5, ""), id="decimal point"),
        pytest.param("12,5", Quantity(12.5, ""), id="decimal comma"),
        pytest.param("0.123", Quantity(0.123, ""), id="zero point three digits are no thousands"),
        pytest.param("0,123", Quantity(0.123, ""), id="zero comma three digits are no thousands"),
        pytest.param("1234.567", Quantity(1234.567, ""), id="four digits in front are no thousands"),
        pytest.param("1234,567", Quantity(1234.567, ""), id="four digits before a comma are no thousands"),
        pytest.param("1,234.5", Quantity(1234.5, ""), id="both signs, English"),
        pytest.param(".5 h", Quantity(0.5, "h"), id="no digit before the sign"),
        pytest.param("1.234,5", Quantity(1234.5, ""), id="both signs, German"),
        pytest.param("1,234,567.89", Quantity(1234567.89, ""), id="millions, English"),
        pytest.param("1.234.567,89", Quantity(1234567.89, ""), id="millions, German"),
        pytest.param("1.234.567", Quantity(1234567.0, ""), id="two points"),
        pytest.param("1,234,567", Quantity(1234567.0, ""), id="two commas"),
        pytest.param("1 234", Quantity(1234.0, ""), id="space"),
        pytest.param("1\u00a0234,5", Quantity(1234.5, ""), id="space that does not break, comma"),
        pytest.param("1\u202f234", Quantity(1234.0, ""), id="narrow space"),
        pytest.param("1'234.5", Quantity(1234.5, ""), id="apostrophe"),
        pytest.param("1\u2019234", Quantity(1234.0, ""), id="curled apostrophe"),
        pytest.param("30 days", Quantity(30.0, "days"), id="unit"),
        pytest.param("30days", Quantity(30.0, "days"), id="unit without a space"),
        pytest.param("3 per 1,000", Quantity(3.0, "per 1,000"), id="unit with a figure"),
        pytest.param("95\u200b %", Quantity(95.0, "%"), id="zero width before the unit"),
        pytest.param("\ufeff95", Quantity(95.0, ""), id="byte order mark in front"),
        pytest.param("\uff19\uff15", Quantity(95.0, ""), id="full width digits"),
        pytest.param("EUR 5000", Quantity(5000.0, "EUR"), id="currency in front"),
        pytest.param("€5,000.50 per month", Quantity(5000.5, "EUR per month"), id="currency sign in front"),
        pytest.param("30 km", Quantity(30.0, "km"), id="a unit that begins with k"),
        pytest.param("5 m", Quantity(5.0, "m"), id="m may be minutes, months or millions"),
    ],
)
def test_a_figure_with_one_reading_is_read(text, read):
    assert read_quantity(text) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("1.234", "ambiguous-number", id="point before three digits"),
        pytest.param("1,234", "ambiguous-number", id="comma before three digits"),
        pytest.param("-1.234", "ambiguous-number", id="negative"),
        pytest.param("123,456 h", "ambiguous-number", id="with a unit"),
        pytest.param("1.234.56", "ambiguous-number", id="groups of two"),
        pytest.param("1.2,3", "ambiguous-number", id="both signs, no groups"),
        pytest.param("1,23,456.7", "ambiguous-number", id="groups of two before a point"),
        pytest.param("1,234.5,6", "ambiguous-number", id="two decimal signs"),
        pytest.param("24 7", "ambiguous-number", id="two numbers"),
        pytest.param("12 345 6", "ambiguous-number", id="a group that is too short"),
        pytest.param("2-3 days", "range-answer", id="range"),
        pytest.param("2 – 3", "range-answer", id="range with a dash"),
        pytest.param("2 to 3", "range-answer", id="range in words"),
        pytest.param("1.5..2", "range-answer", id="range with points"),
        pytest.param("~30", "approximate-answer", id="tilde"),
        pytest.param("<24h", "approximate-answer", id="below"),
        pytest.param("≤ 24 h", "approximate-answer", id="at most"),
        pytest.param("approx. 30", "approximate-answer", id="approx."),
        pytest.param("about 30", "approximate-answer", id="about"),
        pytest.param("ca. 30", "approximate-answer", id="ca."),
        pytest.param("Up to 30", "approximate-answer", id="up to"),
        pytest.param("at least 30", "approximate-answer", id="at least"),
        pytest.param("10²", "not-a-number", id="a power is not 102"),
        pytest.param("95¹", "not-a-number", id="a footnote is not 951"),
        pytest.param("1½", "not-a-number", id="a half is not 11/2"),
        pytest.param("EUR 5k", "abbreviated-number", id="thousands"),
        pytest.param("5 million", "abbreviated-number", id="millions"),
        pytest.param("between 2 and 3 days", "range-answer", id="between"),
        pytest.param("2 days - 3 days", "range-answer", id="range with its unit twice"),
        pytest.param("2h-3h", "range-answer", id="range without blanks"),
        pytest.param("up to 2-3 days", "range-answer", id="at most a range"),
        pytest.param("30+", "approximate-answer", id="plus"),
        pytest.param("30 or more", "approximate-answer", id="or more"),
        pytest.param("etwa 30", "approximate-answer", id="German"),
        pytest.param("moins de 30", "approximate-answer", id="French"),
        pytest.param("约30", "approximate-answer", id="Chinese"),
        pytest.param("30以内", "approximate-answer", id="Japanese, behind"),
        pytest.param("planned", "not-a-number", id="word"),
        pytest.param("max. 30", "approximate-answer", id="max."),
        pytest.param("", "not-a-number", id="nothing"),
    ],
)
def test_a_figure_with_several_readings_or_none_is_asked_back(text, code):
    assert code_of(read_quantity, text) == code


def test_an_approximation_is_asked_back_with_the_figure_that_would_be_taken():
    with pytest.raises(AnswerError, match=r"we would take 30"):
        read_quantity("approx. 30")


def test_an_ambiguous_figure_is_asked_back_with_both_readings():
    with pytest.raises(AnswerError, match=r"1234 or 1\.234"):
        read_quantity("1,234")


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        pytest.param("1.234", ".", 1.234, id="point where the point is decimal"),
        pytest.param("1.234", ",", 1234.0, id="point where the comma is decimal"),
        pytest.param("1,234", ",", 1.234, id="comma where the comma is decimal"),
        pytest.param("1,234", ".", 1234.0, id="comma where the point is decimal"),
        pytest.param("1.5", ",", 1.5, id="a point that cannot group"),
    ],
)
def test_the_decimal_sign_that_the_vendor_named_settles_an_ambiguous_figure(text, sign, number):
    assert read_quantity(text, decimal_sign=sign).number == number


def test_two_decimal_signs_are_no_figure_whatever_was_named():
    assert code_of(read_quantity, "1.234.567", decimal_sign=".") == "ambiguous-number"


STYLES = {"English": (",", "."), "German": (".", ","), "Swiss": ("'", "."), "French": ("\u202f", ","), "SI": (" ", ".")}
FIGURES = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=None).map(
    lambda number: number.quantize(Decimal("0.000001")).normalize()
)


def written(number: Decimal, grouping: str, decimal: str) -> str:
    """Write a figure as a person of some country would."""
    return f"{number:,f}".replace(",", "G").replace(".", decimal).replace("G", grouping)


@given(FIGURES, st.sampled_from(sorted(STYLES)), st.booleans())
def test_a_figure_of_any_country_is_read_as_what_it_is_or_asked_back(number, style, grouped):
    grouping, decimal = STYLES[style]
    text = written(number, grouping if grouped else "", decimal)
    assert reading(read_quantity, text) in (Quantity(float(number), ""), "ambiguous-number")


@given(FIGURES, st.sampled_from(["English", "German"]), st.booleans())
def test_a_figure_is_never_asked_back_once_the_vendor_named_the_decimal_sign(number, style, grouped):
    grouping, decimal = STYLES[style]
    text = written(number, grouping if grouped else "", decimal)
    assert read_quantity(text, decimal_sign=decimal) == Quantity(float(number), "")


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_one_separator_before_three_digits_is_never_read(head, tail, sign):
    assert code_of(read_quantity, f"{head}{sign}{tail:03}") == "ambiguous-number"


@given(st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False))
def test_the_figure_of_a_cell_is_taken_as_it_is(number):
    assert read_number(number) == number


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(True, id="boolean"),
        pytest.param(date(2026, 3, 2), id="a day that Excel made of 2-3"),
        pytest.param(datetime(2026, 3, 2), id="a day with a time"),  # noqa: DTZ001  cells know no time zone
        pytest.param(time(12, 30), id="time of day"),
        pytest.param(timedelta(hours=30), id="duration"),
        pytest.param(float("inf"), id="more than a cell can hold"),
        pytest.param(float("nan"), id="no number"),
        pytest.param("9" * 400, id="more digits than any figure has"),
    ],
)
def test_what_is_no_figure_is_refused(value):
    assert code_of(read_number, value) == "not-a-number"


# ---- units


@pytest.mark.parametrize(
    ("number", "given", "asked", "converted"),
    [
        pytest.param(3, "weeks", "days", 21, id="weeks to days"),
        pytest.param(90, "min", "h", 1.5, id="minutes to hours"),
        pytest.param(48, "hours", "days", 2, id="hours to days"),
        pytest.param(2, "d", "h", 48, id="days to hours"),
        pytest.param(1, "week", "h", 168, id="a week to hours"),
        pytest.param(2, "years", "months", 24, id="years to months"),
        pytest.param(18, "mo", "years", 1.5, id="months to years"),
        pytest.param(12, "Hours.", "h", 12, id="capital and full stop"),
        pytest.param(1, "day", "days", 1, id="singular"),
        pytest.param(5, "experiment", "experiments", 5, id="singular of an own unit"),
        pytest.param(95, "percent", "%", 95, id="percent in words"),
        pytest.param(3, "per 1,000", "per 1,000", 3, id="unit with a figure"),
        pytest.param(6, "hours per day", "h/day", 6, id="per in words"),
        pytest.param(5, "USD/h", "USD per hour", 5, id="per as a stroke"),
        pytest.param(7, "", "days", 7, id="none given"),
        pytest.param(7, "", "", 7, id="none given, none asked"),
    ],
)
def test_a_unit_that_converts_exactly_is_converted(number, given, asked, converted):
    assert convert(Quantity(number, given), asked) == converted


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        pytest.param("months", "days", id="months have no fixed days"),
        pytest.param("years", "weeks", id="years have no fixed weeks"),
        pytest.param("working days", "days", id="working days"),
        pytest.param("m", "min", id="m may be months"),
        pytest.param("k", "people", id="thousands"),
        pytest.param("days per week", "days", id="something behind"),
        pytest.param("s", "", id="seconds where nothing was asked"),
        pytest.param("\u20442", "days", id="the rest of a half"),
        pytest.param("%", "days", id="a share where a duration is asked"),
    ],
)
def test_another_unit_is_asked_back(given, asked):
    assert code_of(convert, Quantity(3, given), asked) == "wrong-unit"


@pytest.mark.parametrize(
    ("text", "unit", "same"),
    [
        pytest.param("Day", "days", True, id="singular and capital"),
        pytest.param("hours", "h", True, id="in full"),
        pytest.param("per cent", "%", True, id="in words"),
        pytest.param("weeks", "days", False, id="another one"),
        pytest.param("", "days", False, id="none"),
    ],
)
def test_spellings_of_one_unit_are_told_from_other_units(text, unit, same):
    assert is_unit(text, unit) is same


def test_a_figure_in_a_cell_that_shows_percent_is_no_plain_number():
    assert code_of(read_number, 0.95, unit="days", percent=True) == "wrong-unit"


# ---- shares


@pytest.mark.parametrize(
    ("value", "percent", "share"),
    [
        pytest.param(95, False, 95, id="number"),
        pytest.param(95.5, False, 95.5, id="fraction"),
        pytest.param(0, False, 0, id="zero"),
        pytest.param(0.95, True, 95, id="cell that shows percent"),
        pytest.param(0.07, True, 7, id="cell that shows percent, no rounding noise"),
        pytest.param(0.005, True, 0.5, id="half a percent in a cell that shows percent"),
        pytest.param("95 %", False, 95, id="text with the sign"),
        pytest.param("95%", False, 95, id="text with the sign, no space"),
        pytest.param("95 percent", False, 95, id="in words"),
        pytest.param("95,5 %", False, 95.5, id="decimal comma"),
        pytest.param("0.5 %", False, 0.5, id="half a percent with the sign"),
        pytest.param("1 %", False, 1, id="one percent with the sign"),
        pytest.param("95", False, 95, id="text"),
    ],
)
def test_a_share_with_one_reading_is_read(value, percent, share):
    assert read_percentage(value, percent=percent) == share


@pytest.mark.parametrize(
    ("value", "percent", "code"),
    [
        pytest.param(0.95, False, "ambiguous-percentage", id="a fraction of one"),
        pytest.param(1, False, "ambiguous-percentage", id="one"),
        pytest.param("0,95", False, "ambiguous-percentage", id="a fraction of one as text"),
        pytest.param("1", False, "ambiguous-percentage", id="one as text"),
        pytest.param(101, False, "percentage-out-of-range", id="above 100"),
        pytest.param(95, True, "percentage-out-of-range", id="95 in a cell that shows percent"),
        pytest.param(-1, False, "percentage-out-of-range", id="below zero"),
        pytest.param(float("inf"), False, "not-a-number", id="more than a cell can hold"),
        pytest.param("95 % of staff", False, "wrong-unit", id="a share of something else"),
        pytest.param("9 of 10", False, "wrong-unit", id="a ratio"),
        pytest.param("90-95 %", False, "range-answer", id="range"),
        pytest.param(True, False, "not-a-number", id="boolean"),
        pytest.param(date(2026, 11, 24), False, "not-a-number", id="day"),
    ],
)
def test_a_share_with_several_readings_or_none_is_asked_back(value, percent, code):
    assert code_of(read_percentage, value, percent=percent) == code


@pytest.mark.parametrize(
    ("value", "percent", "read"),
    [
        pytest.param(140, False, 140, id="number"),
        pytest.param(1.4, True, 140, id="cell that shows percent"),
        pytest.param(140, True, "percentage-out-of-range", id="140 in a cell that shows percent is 14,000 %"),
    ],
)
def test_a_share_of_something_else_may_pass_100(value, percent, read):
    assert reading(read_percentage, value, percent=percent, above_100=True) == read


@given(st.integers(0, 10000))
def test_a_share_reads_the_same_as_figure_text_and_percent_cell(hundredths):
    share = hundredths / 100
    assert read_percentage(f"{share} %") == share
    assert read_percentage(hundredths / 10000, percent=True) == pytest.approx(share, abs=1e-9)
    assert reading(read_percentage, share) == ("ambiguous-percentage" if 0 < share <= 1 else share)


# ---- days

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        pytest.param("2026-11-24", date(2026, 11, 24), id="ISO"),
        pytest.param("2026-3-4", date(2026, 3, 4), id="ISO without zeros"),
        pytest.param("2026-11-24T00:00:00", date(2026, 11, 24), id="ISO with midnight"),
        pytest.param("2026\u201111\u201124", date(2026, 11, 24), id="hyphens that do not break"),
        pytest.param("\u200b2026-11-24 ", date(2026, 11, 24), id="zero width in front"),
        pytest.param("24.11.2026", date(2026, 11, 24), id="day first, above 12"),
        pytest.param("11/24/2026", date(2026, 11, 24), id="month first, day above 12"),
        pytest.param("3/3/2026", date(2026, 3, 3), id="day and month alike"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), id="cell with a day"),
        pytest.param(datetime(2026, 11, 24, 23, 59), date(2026, 11, 24), id="cell with day and time"),  # noqa: DTZ001  cells know no time zone
        pytest.param("2026-11-24 23:59", date(2026, 11, 24), id="ISO with an hour"),
        pytest.param("2026-11-24T23:59:59.5Z", date(2026, 11, 24), id="ISO with an hour and a zone"),
        pytest.param("24 November 2026, 5:30 PM", date(2026, 11, 24), id="with an hour in English"),
        pytest.param("24th of November, 2026", date(2026, 11, 24), id="English, in full"),
        pytest.param("Nov. 24th, 2026", date(2026, 11, 24), id="American, cut short"),
        pytest.param("24NOV2026", date(2026, 11, 24), id="without blanks"),
        pytest.param("24/Nov/2026", date(2026, 11, 24), id="with slashes"),
        pytest.param("2026-Nov-24", date(2026, 11, 24), id="year first, month by name"),
        pytest.param("24. November 2026", date(2026, 11, 24), id="German"),
        pytest.param("1er novembre 2026", date(2026, 11, 1), id="French, first of a month"),
        pytest.param("24 de noviembre de 2026", date(2026, 11, 24), id="Spanish"),
        pytest.param("1º de novembro de 2026", date(2026, 11, 1), id="Portuguese, first of a month"),
        pytest.param("2026年11月24日", date(2026, 11, 24), id="Japanese and Chinese"),
        pytest.param("2026 年 11 月 24 号", date(2026, 11, 24), id="Chinese, with blanks"),
        pytest.param("24 / 11 / 2026", date(2026, 11, 24), id="blanks around the slashes"),
    ],
)
def test_a_day_with_one_reading_is_read(value, day):
    assert read_date(value) == day


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param("03/04/2026", "ambiguous-date", id="March or April"),
        pytest.param("3.4.2026", "ambiguous-date", id="with points"),
        pytest.param("24.11.26", "not-a-date", id="two digits of a year"),
        pytest.param("2026-02-30", "not-a-date", id="30 February"),
        pytest.param("31.13.2026", "not-a-date", id="month 13"),
        pytest.param("November 2026", "not-a-date", id="no day"),
        pytest.param("soon", "not-a-date", id="word"),
        pytest.param("24 November", "not-a-date", id="no year"),
        pytest.param("24 Smarch 2026", "not-a-date", id="no such month"),
        pytest.param("24 November 26", "not-a-date", id="two digits of a year behind a name"),
        pytest.param("24 November 2026 or 2027", "not-a-date", id="two years"),
        pytest.param("31 November 2026", "not-a-date", id="31 November"),
        pytest.param("24.11.0026", "not-a-date", id="the year 26"),
        pytest.param("24.11.2962", "not-a-date", id="the year 2962"),
        pytest.param("46350", "not-a-date", id="serial number as text"),
        pytest.param(time(12, 30), "not-a-date", id="time of day"),
        pytest.param(46350, "not-a-date", id="serial number"),
        pytest.param(2026, "not-a-date", id="year"),
        pytest.param(True, "not-a-date", id="boolean"),
        pytest.param(1e300, "not-a-date", id="huge number"),
    ],
)
def test_a_day_with_several_readings_or_none_is_asked_back(value, code):
    assert code_of(read_date, value) == code


def test_a_serial_number_is_asked_back_with_the_days_of_both_calendars():
    with pytest.raises(AnswerError, match="2026-11-24 or 2030-11-25"):
        read_date(46350)


@given(DAYS, st.sampled_from(["{d}.{m}.{y}", "{m}/{d}/{y}", "{d}-{m}-{y}"]))
def test_a_day_in_any_order_is_read_as_what_it_is_or_asked_back(day, form):
    text = form.format(d=day.day, m=day.month, y=f"{day.year:04}")
    expected = "ambiguous-date" if day.day <= 12 and day.day != day.month else day
    assert reading(read_date, text) == expected


NAMES = [
    pytest.param(number, name, id=f"{language} {name}")
    for language, months in WORDS.months.items()
    for number, names in enumerate(months, start=1)
    for name in names
]


@pytest.mark.parametrize(("number", "name"), NAMES)
def test_a_day_is_read_by_the_name_of_its_month_in_every_language(number, name):
    day = date(2026, number, 24)
    assert (
        read_date(f"24 {name} 2026") == read_date(f"24. {name.upper()}. 2026") == read_date(f"{name} 24, 2026") == day
    )


def test_each_language_of_the_words_has_its_months():
    assert set(WORDS.months) == set(WORDS.yes)


@given(DAYS, st.sampled_from([name for param in NAMES for name in [param.values]]))
def test_a_day_with_the_name_of_a_month_has_one_reading(day, month):
    number, name = month
    read = reading(read_date, f"{day.day} {name} {day.year}")
    try:
        assert read == date(day.year, number, day.day)
    except ValueError:
        assert read == "not-a-date"


@given(DAYS)
def test_an_iso_day_reads_back(day):
    assert read_date(day.isoformat()) == day


# ---- what a text cannot choose between


@pytest.mark.parametrize(
    ("read", "value", "options", "readings"),
    [
        pytest.param(read_quantity, "1,234", {}, ("1234", "1.234"), id="thousands or decimals"),
        pytest.param(read_quantity, "2-3 days", {}, ("2", "3"), id="range"),
        pytest.param(read_quantity, "2 days to 3 days", {}, ("2", "3"), id="range with its unit"),
        pytest.param(read_quantity, "approx. 30 days", {}, ("30 days",), id="approximation"),
        pytest.param(read_quantity, "30 days or more", {}, ("30 days",), id="approximation behind the unit"),
        pytest.param(read_quantity, "30 ± 2 days", {}, ("30 days",), id="give or take"),
        pytest.param(read_quantity, "EUR 5k", {}, ("5000 EUR",), id="thousands in short"),
        pytest.param(read_percentage, 0.95, {}, ("0.95 %", "95 %"), id="share or percentage"),
        pytest.param(read_date, "03/04/2026", {}, ("2026-04-03", "2026-03-04"), id="day or month first"),
        pytest.param(read_date, 46350, {}, ("2026-11-24", "2030-11-25"), id="serial number"),
        pytest.param(read_date, "soon", {}, (), id="none"),
    ],
)
def test_what_has_several_readings_names_them(read, value, options, readings):
    with pytest.raises(AnswerError) as caught:
        read(value, **options)
    assert caught.value.readings == readings
    assert all(one in str(caught.value) for one in readings)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_the_readings_of_a_figure_are_those_under_either_sign(head, tail, sign):
    text = f"{head}{sign}{tail:03}"
    with pytest.raises(AnswerError) as caught:
        read_quantity(text)
    under = {read_quantity(text, decimal_sign=one).number for one in ".,"}
    assert {float(one) for one in caught.value.readings} == under


# ---- options

OFFERED = (Option(label="Yes", id="yes"), Option(label="Partial", id="partial"), Option(label="No", id="no"))
TICKS = (OFFERED[0], OFFERED[2])
LABELS = (
    Option(label="Every month", id="a"),
    Option(label="Every month, by an outsider", id="b"),
    Option(label="2022", id="c"),
    Option(label="None", id="d", synonyms=("nobody",)),
)


@pytest.mark.parametrize(
    ("value", "options", "option"),
    [
        pytest.param("Yes", OFFERED, "yes", id="label"),
        pytest.param(" yEs. ", OFFERED, "yes", id="case, blanks, full stop"),
        pytest.param("Jawohl", OFFERED, "yes", id="German"),
        pytest.param("Yes, yes", OFFERED, "yes", id="twice"),
        pytest.param("Yes, fully compliant", OFFERED, "yes", id="twice in other words"),
        pytest.param("はい。", OFFERED, "yes", id="a full stop of Japanese"),
        pytest.param("√", OFFERED, "yes", id="a root for a tick"),
        pytest.param("*Yes*", OFFERED, "yes", id="printed bold"),
        pytest.param("Yes*", OFFERED, Qualified("Yes", "partial", "*"), id="a mark of a note"),
        pytest.param("Yes*", TICKS, "unknown-option", id="a mark of a note, no partial"),
        pytest.param(True, OFFERED, "yes", id="boolean"),
        pytest.param(False, TICKS, "no", id="boolean, no partial"),
        pytest.param("Every month", LABELS, "a", id="the shorter of two labels"),
        pytest.param("every month,  by an outsider", LABELS, "b", id="the longer of two labels"),
        pytest.param(2022, LABELS, "c", id="a label typed as a number"),
        pytest.param("None", LABELS, "d", id="none is an answer where an option says so"),
        pytest.param("Nobody", LABELS, "d", id="synonym"),
        pytest.param("Yes, except EU", OFFERED, Qualified("Yes", "partial", "except EU"), id="condition"),
        pytest.param("No, but in Lund", OFFERED, Qualified("No", "no", "but in Lund"), id="condition behind a no"),
        pytest.param("No we do not", OFFERED, Qualified("No", "no", "we do not"), id="a no that goes on"),
        pytest.param("Yes, except EU", TICKS, "unknown-option", id="condition, no partial"),
        pytest.param("No exceptions", OFFERED, "unknown-option", id="a no that may mean yes"),
        pytest.param("Yes (tbd)", OFFERED, "unknown-option", id="a yes that is none yet"),
        pytest.param("Yes / No", OFFERED, "unknown-option", id="two"),
        pytest.param("Every month; 2022", LABELS, "unknown-option", id="two labels"),
        pytest.param("Every month, in Lund", LABELS, "unknown-option", id="a label with a condition"),
        pytest.param("a", LABELS, "unknown-option", id="letter"),
        pytest.param(1, OFFERED, "unknown-option", id="1"),
        pytest.param(date(2026, 11, 24), OFFERED, "unknown-option", id="a day"),
        pytest.param("planned", OFFERED, "planned-answer", id="planned"),
        pytest.param("Yes, next year", OFFERED, "planned-answer", id="yes, planned"),
        pytest.param("see attached", OFFERED, "answer-elsewhere", id="elsewhere"),
        pytest.param("n/a", OFFERED, "not-applicable-answer", id="n/a"),
        pytest.param("TBD", OFFERED, "placeholder-answer", id="placeholder"),
    ],
)
def test_an_option_is_named_by_one_text_or_asked_back(value, options, option):
    assert reading(read_option, value, options) == option


def test_a_text_that_names_several_options_names_them():
    with pytest.raises(AnswerError) as caught:
        read_option("2022 or every month", LABELS)
    assert caught.value.readings == ("Every month", "2022")


@given(st.sampled_from(LABELS), st.sampled_from([" ", "\u00a0", "\u200b", "\ufeff"]), st.booleans())
def test_a_label_is_found_whatever_surrounds_it(option, around, upper):
    text = option.label.upper() if upper else option.label
    assert read_option(f"{around}{text}{around}", LABELS) == option.id


@given(st.text(min_size=1, max_size=20))
def test_a_text_names_an_option_only_if_it_is_a_spelling_of_it(text):
    found = reading(read_option, text, LABELS)
    spellings = {normalize(name) for one in LABELS for name in (one.label, *one.synonyms)}
    assert found not in {"a", "b", "c", "d"} or normalize(text).strip(" .,;:!()[]{}\"'*_") in spellings
