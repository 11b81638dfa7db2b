"""What an offer consists of: unit prices and one-off costs, the currency, the day it holds until.

They stand in the questionnaire and in no criteria file: an evaluation makes them of its section `price`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from vendor_eval.config.models import Text
from vendor_eval.criteria.parsing.money import Nothing, check_currency
from vendor_eval.criteria.questions.answers import Answer, AnswerCell, AnswerSettings, Parsed, ParsedAnswer
from vendor_eval.criteria.questions.base import BaseQuestion
from vendor_eval.formatting.dates import day as in_words
from vendor_eval.formatting.figures import INCLUDED
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import raw_text


class _Unscored(BaseQuestion):
    """A part of the offer: what it is worth is for the price rule to say."""

    weight: float = 0.0

    @property
    def is_scored(self) -> bool:
        return False

    def explain(self, _answer: Answer, _setting: AnswerSettings) -> str:
        return "counts by the rule of the price"


class PriceQuestion(_Unscored):
    type: Literal["price"] = "price"
    currency: Text
    unit: Text
    nothing: Nothing = "refused"

    def cells(self) -> tuple[AnswerCell, ...]:
        help_ = "" if self.nothing == "refused" else "Write 'included' if it costs nothing."
        unit = f"{self.currency} {self.unit}" if self.unit == "once" else f"{self.currency} per {self.unit}"
        cell = AnswerCell("", "price", self.text, help=help_, unit=unit, currency=self.currency)
        return (replace(cell, per=self.unit, nothing=self.nothing),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        price = parsed[""]
        number = float(price) if isinstance(price, int | float) else 0.0
        return ParsedAnswer("answered", Answer(raw_text(number) if number else INCLUDED, number=number))


class CurrencyQuestion(_Unscored):
    """The currency of all prices: the one that was asked for."""

    type: Literal["currency"] = "currency"
    currency: Text

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "text", self.text),)

    def _assemble(self, parsed: Mapping[str, Parsed], _setting: AnswerSettings) -> ParsedAnswer:
        check_currency(str(parsed[""]), self.currency)
        return ParsedAnswer("answered", Answer(self.currency))


class ValidityQuestion(_Unscored):
    """The day until which the offer holds."""

    type: Literal["validity"] = "validity"

    def cells(self) -> tuple[AnswerCell, ...]:
        return (AnswerCell("", "date", self.text, unit="date"),)

    def _assemble(self, parsed: Mapping[str, Parsed], setting: AnswerSettings) -> ParsedAnswer:
        day = parsed[""]
        if not isinstance(day, date):
            raise AnswerError("not-a-date", "the day until which the offer holds was asked for: write it as YYYY-MM-DD")
        if day < setting.as_of:
            limit = in_words(setting.as_of)
            message = f"the offer ended on {in_words(day)}, before the evaluation date, {limit}: ask for an extension"
            raise AnswerError("offer-expired", message)
        return ParsedAnswer("answered", Answer(day.isoformat(), day=day))


OfferQuestion = PriceQuestion | CurrencyQuestion | ValidityQuestion
