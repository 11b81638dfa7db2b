"""Every currency of ISO 4217 is read before and behind a price; what several currencies share is not guessed."""

import pytest

from vendor_eval.criteria.parsing import Quantity, read_number, read_quantity
from vendor_eval.criteria.parsing.money import beside_currency, check_currency, read_price, refuse_money
from vendor_eval.formatting.currencies import CODES, NAMES, SHORT_NAMES, SYMBOLS, WORDLIKE
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Cell
from vendor_eval.spreadsheets.number_formats import Section

UPPER = sorted(code.upper() for code in CODES)
ONE = {name: codes[0] for name, codes in {**SYMBOLS, **SHORT_NAMES, **NAMES}.items() if len(codes) == 1}


def price(text, currency, unit="box"):
    return read_price(Cell(1, 1, "A1", text), currency=currency, unit=unit)


def code_of(text, currency, unit="box"):
    with pytest.raises(AnswerError) as raised:
        price(text, currency, unit)
    return raised.value.code


@pytest.mark.parametrize("currency", UPPER)
def test_every_code_is_read_before_and_behind_a_price(currency):
    spellings = (f"{currency} 17", f"{currency}17", f"17 {currency}", f"17 {currency.lower()} per box")
    assert [price(text, currency) for text in spellings] == [17] * 4
    check_currency(f"Prices in {currency}", currency)


@pytest.mark.parametrize("currency", UPPER)
def test_a_figure_in_every_currency_is_read_where_a_question_asks_for_it(currency):
    assert read_quantity(f"{currency} 17") == Quantity(17, currency)
    assert [read_number(text, unit=f"{currency} per hour") for text in (f"{currency} 17 per hour", "17")] == [17, 17]
    refuse_money(currency, f"{currency} per hour")


@pytest.mark.parametrize("currency", sorted(CODES - WORDLIKE - {"eur"}))
def test_every_other_currency_is_named_as_one(currency):
    assert [code_of(text, "EUR") for text in (f"{currency} 17", f"17 {currency}")] == ["other-currency"] * 2


def test_the_table_has_the_currencies_of_iso_4217():
    # Samples of every continent, funds codes, the newest (ZWG, XCG) and the lev, which both write and nobody pays.
    samples = "BDT NPR LKR MGA KZT KES PHP INR PKR VND BGN GHS ISK RUB CLF UYW XAF XOF XPF XCG ZWG VED SLE STN MRU"
    assert set(samples.lower().split()) <= CODES
    assert len(CODES) == 166
    assert not {"xau", "xxx", "xts", "hrk", "zwl"} & CODES
    assert {code.casefold() for codes in (*SYMBOLS.values(), *NAMES.values()) for code in codes} <= CODES


@pytest.mark.parametrize(("name", "currency"), ONE.items())
def test_a_symbol_or_word_of_one_currency_is_read_before_and_behind(name, currency):
    assert [price(text, currency) for text in (f"{name} 17", f"17 {name}", f"17 {name} per box")] == [17] * 3
    other = "USD" if currency != "USD" else "EUR"
    assert [code_of(text, other) for text in (f"{name} 17", f"17 {name}")] == ["other-currency"] * 2


@pytest.mark.parametrize("currency", ["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "COP", "CLP"])
def test_a_dollar_sign_is_the_one_that_was_asked_for(currency):
    assert [price(text, currency) for text in ("$17", "17 $")] == [17, 17]
    assert code_of("$17", "EUR") == "other-currency"


@pytest.mark.parametrize("currency", ["NOK", "SEK", "DKK", "ISK"])
def test_a_krone_is_the_one_that_was_asked_for(currency):
    assert [price(text, currency) for text in ("kr 17", "17 kr")] == [17, 17]
    assert code_of("17 kr", "EUR") == "other-currency"


@pytest.mark.parametrize("currency", ["INR", "LKR", "NPR", "PKR"])
def test_rs_is_no_symbol_of_one_currency(currency):
    assert (code_of("Rs 17", currency), code_of("17 Rs", currency)) == ("not-a-number", "wrong-unit")
    check_currency("Rupees", currency)


def test_words_of_a_sentence_are_no_currency():
    assert (code_of("all 17", "EUR"), code_of("17 top", "EUR")) == ("not-a-number", "wrong-unit")
    check_currency("All prices in EUR, top quality", "EUR")
    assert beside_currency("All prices in EUR", "EUR") == ""
    with pytest.raises(AnswerError, match="not a number"):
        read_quantity("all 24")
    assert price("17 pounds", "USD", unit="pound") == 17


@pytest.mark.parametrize(("code", "shown"), [("#,##0 [$₸-43F]", "₸"), ("#,##0 ৳", "৳"), ('"₦" 0', "₦"), ("0 $", "$")])
def test_a_number_format_shows_every_symbol_of_one_sign(code, shown):
    assert Section.parse(code)[:3] == ("", "", shown)
