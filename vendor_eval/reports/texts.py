"""Text of others on paper: nothing invisible in it, nothing too long, no name that does not belong there."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from vendor_eval.printable import cut, visible
from vendor_eval.results import Source

# Hebrew, Arabic and the other scripts that run from right to left, with the signs between two of their words.
_LETTERS = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
_RIGHT_TO_LEFT = re.compile(rf"{_LETTERS}(?:[^\w]*{_LETTERS})*")
_ISOLATED = "\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}"
# Joiners shape Arabic and Indic letters, and a space that does not break is one of ours: they stay.
_KEPT = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{NO-BREAK SPACE}"
_SHORTEST_ID = 4


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
    return short if not short.endswith("…") or len(text) <= most else f"{short} [cut, {len(text):,} characters]"


def place(source: Source) -> str:
    """Name the cell of a workbook; the file stands where there is no cell.

    >>> place(Source(file="acme.xlsx", sheet="Security", cell="D14")), place(Source())
    ('Security!D14', 'no cell')
    """
    return f"{source.sheet}!{source.cell}" if source.sheet and source.cell else source.file or "no cell"


def mask(own: Iterable[str], others: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Make a function that hides names of other vendors, given as (id, name), in a text; the own names stay.

    >>> mask(["Bolt Labs"], [("acme", "Acme Data"), ("bolt", "Bolt")])("Bolt Labs beat Acme Data and bolt, not acmes")
    'Bolt Labs beat [another vendor] and [another vendor], not acmes'
    """
    kept = {name.casefold() for name in own if name}
    hidden = {
        name for vendor, title in others for name in (title, vendor if len(vendor) >= _SHORTEST_ID else "") if name
    }
    hidden = {name for name in hidden if name.casefold() not in kept}
    if not hidden:
        return lambda text: text
    words = sorted({*hidden, *(name for name in own if name)}, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda m: m[0] if m[0].casefold() in kept else "[another vendor]", text)
