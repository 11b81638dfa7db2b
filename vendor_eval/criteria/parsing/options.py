"""Which of the options offered a text names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from vendor_eval.criteria.parsing.dates import starts_after
from vendor_eval.criteria.parsing.texts import normalize, shorten, unknown_option
from vendor_eval.criteria.parsing.words import PUNCTUATION, nothing_said, refuse_nothing, split_condition, words
from vendor_eval.issues import AnswerError
from vendor_eval.spreadsheets import Value, raw_text

_NOTE_MARK = "*"
_BOXES = "\u2610\u25a1\u25a2\u25ab\u25fb\u25cb\u25cc\u25ef\u274f\u2750\u2751\u2752\u2b1a\u2b1c\u2b58"
_BOXES += "\u26aa\u274d\u25af\u25fd\U0001f532\U0001f533"
_EMPTY_BOX = re.compile(rf"[{_BOXES}]|\[[\s_]*\]|\([\s_]*\)|\{{[\s_]*\}}")
# 'No exceptions' may well mean a yes: behind a bare 'no' without a sign only these go on with the no itself.
_GOES_ON = frozenset(
    "but we not this it there because since as although though only except currently yet sorry "  # noqa: SIM905  read, not edited
    "pero no solo ma per perché porque".split()
)
_SEPARATED = re.compile(r"[;,/|+&\n]|\b(?:and|or|und|oder|et|ou|y|o|e)\b")


class Offered(Protocol):
    """One answer offered."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def synonyms(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Qualified:
    """An option with a condition behind it, and the option as which it counts."""

    said: str
    option: str
    condition: str


def read_option(value: Value, options: Sequence[Offered], *, as_of: date | None = None) -> str | Qualified:
    """Find the id of the option that a cell names: by its label, its synonyms, or a word for yes, no or partial.

    A yes from a day after `as_of` is none.

    Raises AnswerError where it names none or several; a condition behind an answer makes it `Qualified`.
    """
    text = raw_text(value)
    if _EMPTY_BOX.search(text) and named_option(_EMPTY_BOX.sub(" ", text), options):
        raise _not_chosen(text)
    if exact := named_option(value, options):
        return exact
    if isinstance(value, str):
        _refuse_cross(value, options)
        refuse_nothing(value)
    if _points_to_note(text) and (name := named_option(text.strip(f" {_NOTE_MARK}"), options)):
        return _qualified(text, _by_id(name, options), options, _NOTE_MARK)
    heads = {word for option in options for word in (*_spellings(option), *_natural_words(option))}
    parted = split_condition(text, heads)
    several = _several(text, options)
    if len(several) > 1:
        message = f"'{shorten(text)}' names {len(several)} of the answers offered: pick the one that holds"
        raise AnswerError("unknown-option", message, several)
    if parted is None:
        raise _planned(text) if words().is_planned(text) else unknown_option(text, shown_labels(options))
    answer = _with_condition(text, *parted, options)
    # A yes, or a part of one, that begins after the day.
    is_yes = isinstance(answer, Qualified) and normalize(answer.said) != "no"
    if is_yes and as_of is not None and starts_after(parted[1], as_of):
        raise _planned(text)
    return answer


def _not_chosen(text: str) -> AnswerError:
    message = f"'{shorten(text)}' has an empty box beside it, so it may be offered and not chosen: pick the answer"
    return AnswerError("unknown-option", message)


def named_option(value: Value, options: Iterable[Offered]) -> str | None:
    options = tuple(options)
    if isinstance(value, bool):
        folded = str(value).lower()
    elif isinstance(value, str | int | float):
        folded = normalize(raw_text(value))  # a label 2022 may be typed as a number
    else:
        return None
    # A ticked box, `[x]`, keeps its brackets: a lone x may be one or cross out.
    bare = ("",) if _points_to_note(folded) else (folded.rstrip(" .,;:!"), folded.strip(PUNCTUATION))
    for text in (folded, *bare):
        for spellings in (_spellings, _natural_words):
            name = next((option.id for option in options if text and text in spellings(option)), None)
            if name is not None:
                return name
    return None


def _refuse_cross(text: str, options: Iterable[Offered]) -> None:
    """Refuse a lone cross where yes or no is asked: one form ticks with it, another one crosses out."""
    labels = [option.label for option in options if _natural(option) in {"yes", "no"}]
    if labels and normalize(text).strip(".,;:!'\" ") in words().cross:
        message = f"'{shorten(text)}' may tick this or cross it out: write {' or '.join(labels)}"
        raise AnswerError("unknown-option", message, labels)


def _points_to_note(text: str) -> bool:
    """Tell 'Yes*', which points to a condition somewhere else, from '*Yes*', which is only printed bold."""
    bare = text.strip()
    return bare.endswith(_NOTE_MARK) and not bare.startswith(_NOTE_MARK)


def shown_labels(options: Iterable[Offered]) -> tuple[str, ...]:
    """Labels in an order that does not tell the score."""
    labels = [option.label for option in options]
    natural = {"yes", "partial", "no"} >= {normalize(label) for label in labels}
    return tuple(labels if natural else sorted(labels, key=str.casefold))


def _spellings(option: Offered) -> set[str]:
    own = {normalize(option.label), *map(normalize, option.synonyms)}
    return {*own, option.id.casefold()} if len(option.id) > 1 else own


def _natural_words(option: Offered) -> frozenset[str]:
    return words().answers.get(_natural(option), frozenset())


def _natural(option: Offered) -> str:
    """Whether an option is yes, no or partial, '' where it is none of them."""
    label = normalize(option.label)
    return label if label in words().answers else ""


def _several(text: str, options: Sequence[Offered]) -> tuple[str, ...]:
    """Labels of the options that a text lists, where it lists nothing else."""
    labels = dict.fromkeys(normalize(label) for label in _SEPARATED.split(text.strip(PUNCTUATION)))
    named: list[str] = []
    for label in filter(None, labels):
        name = named_option(label, options)
        if name is None:
            return ()
        named.append(name)
    return tuple(option.label for option in options if option.id in named)


def _with_condition(text: str, head: str, condition: str, options: Sequence[Offered]) -> str | Qualified:
    option = _by_id(named_option(head, options), options)
    if _EMPTY_BOX.search(condition):
        raise _not_chosen(text)
    repeated = named_option(condition, options)
    if repeated == option.id:
        return repeated
    last = normalize(condition).split()
    if repeated or (len(last) <= 2 and named_option(last[-1], options)):  # noqa: PLR2004  'yes and no'
        raise unknown_option(text, shown_labels(options))
    if nothing_said(condition) in {"placeholder-answer", "not-applicable-answer"}:
        message = f"'{shorten(text)}' may be '{option.label}' or no answer yet: pick the one that holds today"
        raise AnswerError("unknown-option", message, (option.label,))
    first, _, rest = normalize(text).partition(" ")
    # The first word is parted from the next by a blank alone.
    runs_on = head == "no" and first.isalpha() and rest[:1].isalnum()
    if runs_on and normalize(condition).split()[0].strip(PUNCTUATION) not in _GOES_ON:
        message = f"'{shorten(text)}' may be 'No', or mean that nothing is excepted: answer with Yes or No alone"
        raise AnswerError("unknown-option", message, (option.label,))
    return _qualified(text, option, options, condition)


def _by_id(name: str | None, options: Sequence[Offered]) -> Offered:
    return next(option for option in options if option.id == name)


def _qualified(text: str, option: Offered, options: Sequence[Offered], condition: str) -> Qualified:
    """Count an answer with a condition as its worse neighbor; raise AnswerError where there is none."""
    if _natural(option) in {"no", "partial"}:
        return Qualified(option.label, option.id, condition)
    if _natural(option) == "yes" and words().is_planned(condition):
        raise _planned(text)
    by_word = {_natural(other): other for other in options}
    if _natural(option) == "yes" and "partial" in by_word:
        return Qualified(option.label, by_word["partial"].id, condition)
    message = (
        f"'{shorten(text)}' is '{option.label}' with a condition, and no answer offered says that: "
        "pick the one that holds without it, and put the condition into Comment"
    )
    raise AnswerError("unknown-option", message, (option.label,))


def _planned(text: str) -> AnswerError:
    message = f"'{shorten(text)}' speaks of what is not there today, which is never a yes: answer as of today"
    return AnswerError("planned-answer", message)
