"""Words that vendors use, in the languages of `data/answer_words.yaml`, which is read once."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import model_validator

from vendor_eval.config.models import Fault, Frozen, Text, load_document
from vendor_eval.config.shipped import words_file
from vendor_eval.criteria.parsing.texts import normalize, plain, shorten
from vendor_eval.issues import AnswerError

_ByLanguage = dict[str, tuple[Text, ...]]
_ANSWERS = ("yes", "no", "cross", "partial", "not_applicable", "placeholder", "unknown", "none", "elsewhere")
_LISTS = ("cross", "not_applicable", "placeholder", "unknown", "none", "included", "elsewhere", "beside_file")
# What may stand between an answer and its condition. Some languages put no blank before theirs.
_BREAK = re.compile(r"^[\s,;:.!(\[/\u2013\u2014\u3001\u3002\uff0c\uff1b\uff1a\uff08-]+")
_LONGEST_MARK = 1
_MONTHS = 12
PUNCTUATION = " .,;:!()[]{}\"'*_\u3001\u3002"


class ColumnWords(Frozen):
    """Headers of columns by what the column holds."""

    id: _ByLanguage
    question: _ByLanguage
    answer: _ByLanguage
    unit: _ByLanguage
    evidence: _ByLanguage
    comment: _ByLanguage


class WordsFile(Frozen):
    """answer_words.yaml."""

    yes: _ByLanguage
    no: _ByLanguage
    cross: _ByLanguage
    partial: _ByLanguage
    not_applicable: _ByLanguage
    placeholder: _ByLanguage
    unknown: _ByLanguage
    none: _ByLanguage
    included: _ByLanguage
    planned: _ByLanguage
    elsewhere: _ByLanguage
    about: _ByLanguage
    about_behind: _ByLanguage
    beside_file: _ByLanguage
    columns: ColumnWords
    decimal_signs: dict[str, _ByLanguage]
    units: dict[str, _ByLanguage]
    months: dict[str, tuple[tuple[Text, ...], ...]]

    @model_validator(mode="after")
    def _words_are_distinct(self) -> "WordsFile":
        _each_in_one_list({name: getattr(self, name) for name in _ANSWERS})
        _each_in_one_list(dict(self.columns), "columns")
        _each_in_one_list(self.units, "units")
        _each_in_one_list(self.decimal_signs, "decimal_signs")
        wrong = next((language for language, names in self.months.items() if len(names) != _MONTHS), "")
        if wrong:
            message = f"12 months are needed, each with its names; there are {len(self.months[wrong])}"
            raise Fault("wrong-value", message, "months", wrong)
        _each_in_one_list(_by_month(self.months), "months")
        return self


def _by_month(months: Mapping[str, tuple[tuple[str, ...], ...]]) -> dict[str, _ByLanguage]:
    return {
        str(number): {language: names[number - 1] for language, names in months.items()}
        for number in range(1, _MONTHS + 1)
    }


def _each_in_one_list(lists: Mapping[str, _ByLanguage], *path: str) -> None:
    seen: dict[str, str] = {}
    for name, by_language in lists.items():
        for word in _folded(by_language):
            if seen.setdefault(word, name) != name:
                raise Fault("repeated-label", f"'{word}' stands under {seen[word]} and {name}; keep one", *path, name)


def _folded(by_language: _ByLanguage) -> Iterator[str]:
    return (normalize(word) for words in by_language.values() for word in words)


@dataclass(frozen=True)
class Words:
    """Normalized words. `answers` has those of yes, partial and no by their option's id."""

    answers: Mapping[str, frozenset[str]]
    cross: frozenset[str]
    not_applicable: frozenset[str]
    placeholder: frozenset[str]
    unknown: frozenset[str]
    none: frozenset[str]
    included: frozenset[str]
    elsewhere: frozenset[str]
    planned: re.Pattern[str]
    about: re.Pattern[str]
    about_behind: re.Pattern[str]
    beside_file: frozenset[str]
    columns: Mapping[str, str]
    decimal_signs: Mapping[str, str]
    units: Mapping[str, str]
    months: Mapping[str, int]

    def is_planned(self, text: str) -> bool:
        """Tell whether a text speaks of what is not there today.

        >>> words().is_planned("Roadmap Q3"), words().is_planned("unplanned outages")
        (True, False)
        """
        return bool(self.planned.search(normalize(text)))


@cache
def words() -> Words:
    file: WordsFile = load_document(words_file(), WordsFile).sound()
    planned = set(_folded(file.planned))
    # Scripts without capitals have no blanks between words.
    unspaced = {phrase for phrase in planned if phrase.upper() == phrase}
    months = {word: int(name) for name, lists in _by_month(file.months).items() for word in _folded(lists)}
    return Words(
        answers={name: frozenset(_folded(getattr(file, name))) for name in ("yes", "partial", "no")},
        **{name: frozenset(_folded(getattr(file, name))) for name in _LISTS},
        planned=re.compile(rf"\b(?:{any_of(planned - unspaced)})\b|{any_of(unspaced)}"),
        about=re.compile(
            rf"(?:[~<>\u2264\u2265\u00b1\u2248]=?|(?:{any_of(_folded(file.about))})(?![^\W\d_]))\s*(?=[-+]?\d)"
        ),
        about_behind=re.compile(rf"\+|\(?(?:{any_of(_folded(file.about_behind))})\)?(?=\s|$)"),
        columns=_by_word(dict(file.columns)),
        decimal_signs=_by_word(file.decimal_signs),
        units=_by_word(file.units),
        months=months,
    )


def _by_word(lists: Mapping[str, _ByLanguage]) -> dict[str, str]:
    return {word: name for name, by_language in lists.items() for word in _folded(by_language)}


def any_of(phrases: Iterable[str]) -> str:
    """Write a pattern that fits any of these phrases, the longest first."""
    return "|".join(map(re.escape, sorted(set(phrases), key=len, reverse=True)))


def split_condition(text: str, heads: Iterable[str]) -> tuple[str, str] | None:
    """Part an answer from the condition behind it: the head, normalized, and the rest; None where it is no such text.

    >>> split_condition("Yes, except EU", ["yes", "no"])
    ('yes', 'except EU')
    """
    text = text.replace("_x000D_", " ")
    folded = normalize(text)
    fitting = [head for head in heads if folded.startswith(head) and _BREAK.match(folded[len(head) :])]
    head = max(fitting, key=len, default="")
    # 'N/A' begins with an n, and 's. Anlage' with an s; 是 is a word.
    if not head or (len(head) <= _LONGEST_MARK and head.isalnum() and head.isascii()):
        return None
    rest = _rest(text, head)
    return (head, rest) if rest else None


def _rest(text: str, head: str) -> str:
    """Cut the head off the text as it was written, whose letters may be folded to more or fewer."""
    # A longer beginning is never folded to less, so that a few of them are enough to find where the head ends.
    folds = range(len(text) + 1)
    end = bisect_right(folds, len(head), key=lambda end: len(plain(text[:end]).casefold())) - 1
    if normalize(text[:end]) != head:
        return ""
    return _BREAK.sub("", text[end:]).strip().strip(")]\uff09").strip()


def refuse_nothing(text: str) -> None:
    """Raise AnswerError for a text that leaves a question blank: 'TBD', 'n/a', 'see attached'."""
    folded = normalize(text)
    spellings = {folded, folded.strip(PUNCTUATION)}
    if "" in spellings or spellings & words().placeholder:
        raise AnswerError("placeholder-answer", f"'{shorten(text)}' is no answer: the question counts as blank")
    if spellings & words().not_applicable:
        message = "the question was asked of every vendor: 'n/a' counts as no answer; give one or say why in Comment"
        raise AnswerError("not-applicable-answer", message)
    if spellings & words().elsewhere:
        message = f"'{shorten(text)}' does not answer here, so the question counts as blank: answer in this cell"
        raise AnswerError("answer-elsewhere", message)


def nothing_said(text: str) -> str:
    """Code of the fault of a text that leaves a question blank; '' for any other text.

    >>> nothing_said("TBD"), nothing_said("30 days")
    ('placeholder-answer', '')
    """
    try:
        refuse_nothing(text)
    except AnswerError as error:
        return error.code
    return ""
