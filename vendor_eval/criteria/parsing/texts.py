"""Texts as people compare them."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from vendor_eval.issues import AnswerError, did_you_mean

# Spellings of our own form; `words` has those of other languages.
YES_NO = {"yes": ("y", "true"), "partial": ("partially",), "no": ("n", "false")}
_FEW = 4
# Curled quotes, hyphens that do not break, and what only chooses the look of the sign before.
_SIGNS = str.maketrans("\u2019\u2018\u201c\u201d\u2010\u2011", "''\"\"--", "\ufe0e\ufe0f")


@lru_cache(maxsize=65536)
def normalize(text: str) -> str:
    r"""Fold a text for comparison: NFKC, no format characters, case folded, spaces collapsed.

    >>> normalize("  Yes,\u00a0ISO\u200b 27001 ")
    'yes, iso 27001'
    """
    return plain(text).casefold()


def plain(text: str) -> str:
    """Fold a text likewise and keep its capitals."""
    folded = unicodedata.normalize("NFKC", text).translate(_SIGNS).replace("_x000D_", " ")
    visible = folded if folded.isascii() else "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def unknown_option(text: str, offered: Iterable[str]) -> AnswerError:
    labels = tuple(offered)
    few = len(labels) <= _FEW
    named, cure = (", ".join(labels), "") if few else (f"{len(labels)} answers offered", ": pick one from the list")
    message = f"'{shorten(text)}' is not one of {named}{did_you_mean(text, labels)}{cure}"
    return AnswerError("unknown-option", message)


def shorten(text: str, width: int = 80) -> str:
    """Cut a long text for a message, and say so.

    >>> shorten("retention schedule", 10)
    'retention …'
    """
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[:width]}…"
