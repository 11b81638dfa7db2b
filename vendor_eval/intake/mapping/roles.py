"""Columns by what their headers and cells say: roles of columns, ticks, and texts that a vendor filled in."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise

from vendor_eval.criteria.parsing import normalize, words
from vendor_eval.spreadsheets import Cell

ROLES = ("id", "question", "answer", "evidence", "comment")
FILLED = ("answer", "evidence", "comment")
# Words in headers of other people, in addition to those of `data/answer_words.yaml`.
_MORE = {"comment": {"additional", "explanation", "description", "details"}, "evidence": {"attachments"}}
_GUIDES = frozenset(("guidance", "guideline", "guidelines", "instruction", "instructions", "help", "hint", "hints"))
_ASKING = re.compile(r"\b(?:questions?|fragen?|preguntas?|demandes?|perguntas?|domand[ae]|vraag|vragen|pytani[ae])\b")
# What a question belongs to or is called by.
_SORTING = re.compile(r"\b(?:domain|category|id|no|nr|number|type)\b")
_LONGEST_HEADER = 80
_SHORTEST = 3
_FEW = 6
_LEAST = 8
# A cross mark is none: one form ticks with it, another one crosses out.
_TICKS = frozenset(map(normalize, ("x", "✓", "✔", "☑", "☒", "●", "■", "1", "true", "[x]", "(x)")))
_OPEN = frozenset(map(normalize, ("☐", "□", "○", "false", "0", "[ ]", "[]", "( )", "-", "–", "")))


@cache
def _single_words(role: str) -> frozenset[str]:
    """Return single words that are a header of such a column, except short ones, ambiguous inside a text."""
    known = {word for word, name in words().columns.items() if name == role and word.isalpha()}
    return frozenset({word for word in known if len(word) > _SHORTEST} | _MORE.get(role, set()))


def likeness(text: str, role: str) -> int:
    """Return how well a header fits a column: 2 for a known header, 1 for a text with a word of it, else 0."""
    if len(text) > _LONGEST_HEADER:
        return 0
    folded = normalize(text)
    if words().columns.get(folded) == role:
        return 2
    return int(not _single_words(role).isdisjoint(re.findall(r"[^\W\d_]+", folded)))


def asks_question(title: str) -> bool:
    """Return whether a header says that the column asks, and not what is asked about or how to answer."""
    folded = normalize(title)
    return bool(_ASKING.search(folded)) and not _SORTING.search(folded) and not is_guide(title)


def answer_columns(row: Mapping[int, Cell], used: Iterable[int]) -> tuple[int, ...]:
    """Return the columns that a header row may mean for answers: the best fits, of these not also a comment's."""
    fits = {n: likeness(cell.raw, "answer") for n, cell in row.items() if n not in used}
    best = [n for n, fit in fits.items() if fit and fit == max(fits.values())]
    alone = [n for n in best if not any(likeness(row[n].raw, role) for role in ("evidence", "comment"))]
    return tuple(alone or best)


def tick_columns(row: Mapping[int, Cell]) -> dict[str, int]:
    """Return the columns for Yes, No and the like by the key of a mapping; empty where there are not both.

    Nor where there are two for one word: nobody can tell which of them is that of the answers.
    """
    lists = {**words().answers, "na": words().not_applicable}
    columns: dict[str, int] = {}
    for column, cell in row.items():
        for word in ("yes", "no", "partial", "na"):
            if normalize(cell.raw) in lists[word] and columns.setdefault(word, column) != column:
                return {}
    return columns if {"yes", "no"} <= columns.keys() else {}


def is_tick(cell: Cell, word: str) -> bool:
    """Return whether a cell ticks the column for a word, by a mark or by the word itself."""
    lists = {**words().answers, "n/a": words().not_applicable}
    return normalize(cell.raw) in _TICKS | lists[word]


def is_open_box(cell: Cell) -> bool:
    """Return whether a cell shows a box without a tick."""
    return normalize(cell.raw) in _OPEN


def is_guide(title: str) -> bool:
    """Return whether a header is that of the questionnaire's own guidance."""
    return not _GUIDES.isdisjoint(normalize(title).split())


def sounds_filled(titles: Iterable[str], cells: Sequence[Cell]) -> str:
    """Say why a column seems to hold what vendors write; '' for the questionnaire's own text.

    `cells` are those beside its ids, in order.
    """
    for title in titles:
        if any(likeness(title, role) for role in FILLED) and not is_guide(title):
            return "its header reads like that of answers or comments"
    texts = [normalize(cell.raw) for cell in cells]
    known = words().not_applicable.union(words().cross, *words().answers.values()) | (_TICKS - {"1"})
    if sum(text in known for text in texts) * 5 > len(texts):
        return "its cells read like answers"
    counts, changes = Counter(texts), sum(a != b for a, b in pairwise(texts))
    few = len(texts) >= _LEAST and len(counts) <= _FEW
    # The title of a section is repeated too, but in one run.
    return "its cells repeat a few words" if few and changes >= len(counts) > 1 else ""
