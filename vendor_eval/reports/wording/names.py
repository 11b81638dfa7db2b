"""Text of others on paper: nothing invisible in it, nothing too long, no name that does not belong there."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from vendor_eval.formatting.printable import cut, visible
from vendor_eval.results import Source

# Hebrew, Arabic and the other scripts that run from right to left, with the signs between two of their words.
_LETTERS = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(rf"[{_LETTERS}]+(?:[^\w{_LETTERS}]+[{_LETTERS}]+)*")
_ISOLATED = "\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}"
# Joiners shape Arabic and Indic letters, and a space that does not break is one of ours: they stay.
_KEPT = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{NO-BREAK SPACE}"
_SHORTEST_ID = 4
# A word, or a sign such as the one that a name may start with.
_FIRST_WORD = re.compile(r"\w+|[^\w\s]")
_LETTER = re.compile(r"\w")

# Lengths and folded spellings of names by their first word.
Names: TypeAlias = Mapping[str, tuple[tuple[int, str], ...]]


def clean(text: str) -> str:
    r"""Take out control, bidi, zero-width and private characters; isolate what runs from right to left.

    >>> clean("a\u202eb\x00c\td\u200b")
    'abc d'
    """
    if text.isascii() and text.isprintable():
        return text
    kept = visible(unicodedata.normalize("NFC", text), kept=_KEPT)
    isolated = _RIGHT_TO_LEFT.sub(_ISOLATED, kept)
    # A line that starts with such a name still runs from left to right.
    return isolated if isolated == kept else f"\N{LEFT-TO-RIGHT MARK}{isolated}"


def cut_answer(text: str, most: int) -> str:
    """Shorten an answer and say how long it was."""
    short = cut(text, most)
    is_cut = len(" ".join(text.split())) > most
    return f"{short} [cut, {len(text):,} characters]" if is_cut else short


def place(source: Source) -> str:
    """Name the cell of a workbook; the file stands where there is no cell.

    >>> place(Source(file="acme.xlsx", sheet="Security", cell="D14")), place(Source())
    ('Security!D14', 'no cell')
    """
    return f"{source.sheet}!{source.cell}" if source.sheet and source.cell else source.file or "no cell"


def names_of_all(vendors: Iterable[tuple[str, str]]) -> Names:
    """Sort names and ids of vendors, given as (id, name), by their first word; ids of a few letters are no names."""
    names = {name for vendor, title in vendors for name in (title, vendor if len(vendor) >= _SHORTEST_ID else "")}
    return _by_first_word(names)


def mask(own: Iterable[str], everybody: Names) -> Callable[[str], str]:
    """Make a function that hides names of other vendors in a text; the own names stay.

    A text is read once, however many the names are; of names that start at one place the longest counts.

    >>> names = names_of_all([("acme", "Acme Data"), ("bolt", "Bolt")])
    >>> mask(["Bolt Labs"], names)("Bolt Labs beat Acme Data and bolt, not acmes")
    'Bolt Labs beat [another vendor] and [another vendor], not acmes'
    """
    find = _finder(own, everybody)

    def hide(text: str) -> str:
        parts, end = [], 0
        for start, stop, is_own in find(text):
            parts += [text[end:start], text[start:stop] if is_own else "[another vendor]"]
            end = stop
        return "".join((*parts, text[end:]))

    return hide


def others_named(own: Iterable[str], everybody: Names) -> Callable[[str], tuple[str, ...]]:
    r"""Make a function that lists the names of other vendors in a text, as `mask` would hide them.

    Signs that are not seen hide no name: the text is read as it is printed, and so are the names of `everybody`, which
    are in lower case.

    >>> names = names_of_all([("acme", "acme data"), ("bolt", "bolt")])
    >>> others_named(["Bolt Labs"], names)("Bolt Labs beat Ac\u200bme")
    ('Acme',)
    """
    find = _finder([as_read(name).casefold() for name in own], everybody)

    def others(text: str) -> tuple[str, ...]:
        shown = as_read(text)
        folded = shown.casefold()  # where ß is two letters
        shown = shown if len(shown) == len(folded) else folded
        return tuple(shown[start:stop] for start, stop, is_own in find(folded) if not is_own)

    return others


def as_read(text: str) -> str:
    """Spell a text as a reader sees it: one form of each letter, single blanks, nothing invisible."""
    return " ".join(visible(unicodedata.normalize("NFKC", text)).split())


def _finder(own: Iterable[str], everybody: Names) -> Callable[[str], Iterator[tuple[int, int, bool]]]:
    """Make a function that finds names in a text: start, end, and whether it is one's own."""
    own = list(own)
    kept = {name.strip().casefold() for name in own}
    mine = _by_first_word(own)

    def find(text: str) -> Iterator[tuple[int, int, bool]]:
        end = 0
        for word in _FIRST_WORD.finditer(text):
            key = word[0].casefold()
            if word.start() < end or (key not in everybody and key not in mine):
                continue
            lengths = [
                length
                for length, name in (*everybody.get(key, ()), *mine.get(key, ()))
                if _is_name_at(text, word.start(), length, name)
            ]
            if lengths:
                end = word.start() + max(lengths)
                yield word.start(), end, text[word.start() : end].casefold() in kept

    return find


def _by_first_word(names: Iterable[str]) -> Names:
    by_word: dict[str, set[tuple[int, str]]] = {}
    for name in map(str.strip, names):
        if word := _FIRST_WORD.match(name):
            by_word.setdefault(word[0].casefold(), set()).add((len(name), name.casefold()))
    return {word: tuple(sorted(named)) for word, named in by_word.items()}


def _is_name_at(text: str, at: int, length: int, name: str) -> bool:
    """Tell whether a text has a name at a place, as whole words."""
    whole = not _LETTER.match(text, at + length) and not (at and _LETTER.match(text, at - 1))
    return whole and text[at : at + length].casefold() == name
