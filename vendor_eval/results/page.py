"""What report.html computes with: tables of columns, no texts. The page multiplies and adds; all else is done here.

A vendor, a question, a category or a gate is named by its place in its table. `arithmetic.js` describes what it makes
of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Variants = tuple[int, ...]
"""Places in `Arithmetic.leaves` of one answer: as it is, proven, failed, best (where one of these is no other answer,
as it is). With other questions that it hangs on the places of each of their settings follow: the place is own setting
+ 4 x setting of the first + 16 x setting of the second."""

LeafFigures = tuple[int, float, float, float, float, float, int, str]
"""state (place in `LEAF_STATES`), claimed, credited, low, high, reach, flags (1: answered, 2: verified), results of the
tests that look at it, a digit each (0 fail, 1 unresolved, 2 pass)."""

LEAF_STATES = ("answered", "blank", "invalid", "settled", "pending")


@dataclass(frozen=True)
class Categories:
    """Columns of the categories that are asked.

    `weights` are the agreed points of the total, which add up to 100 with those of the price; null where the category
    is information alone, or nothing in it counts, so that it can have no weight.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    weights: tuple[float | None, ...]
    presets: Mapping[str, tuple[float | None, ...]]
    """Likewise under each named preset; the weights of criteria stay as agreed."""


@dataclass(frozen=True)
class Criteria:
    """Columns of the criteria, with their weights inside the category."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    weights: tuple[float, ...]
    categories: tuple[int, ...]


@dataclass(frozen=True)
class Questions:
    """Columns of the questions that are asked, in order; `hangs_on` are those whose settings its variants follow."""

    ids: tuple[str, ...]
    weights: tuple[float, ...]
    criteria: tuple[int, ...]
    scored: tuple[bool, ...]
    hangs_on: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Gates:
    """Columns of the gates that apply here, in the order of the questions.

    `branches` are the ways to pass: of each its tests, as question and number of the test among those that look at it.
    `due` says whether it counts at this stage, `unset` that it hangs on a context which nobody set, `alone` that it
    looks at no other question, so that it is not there where the answer to another one settles its own.
    """

    questions: tuple[int, ...]
    kinds: tuple[str, ...]
    because: tuple[str, ...]
    stages: tuple[str, ...]
    due: tuple[bool, ...]
    unset: tuple[bool, ...]
    alone: tuple[bool, ...]
    branches: tuple[tuple[tuple[tuple[int, int], ...], ...], ...]


@dataclass(frozen=True)
class Floors:
    """Columns of the floors that apply here, each on a category or criterion by id."""

    nodes: tuple[str, ...]
    at_least: tuple[float, ...]
    kinds: tuple[str, ...]
    because: tuple[str, ...]
    stages: tuple[str, ...]
    due: tuple[bool, ...]
    unset: tuple[bool, ...]


@dataclass(frozen=True)
class PriceTable:
    """How the price counts, and the offers: `totals` by vendor, null where a price is missing.

    `unit_prices` and `confirmed` (by the buyer, so that it is never suspicious) are by vendor and line.
    """

    weight: float
    """Agreed points of the total; 0 where quality is divided by the price."""
    rule: str
    best: float | None
    worst: float | None
    currency: str
    lines: tuple[str, ...]
    totals: tuple[float | None, ...]
    unit_prices: tuple[tuple[float | None, ...], ...]
    confirmed: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class VendorTable:
    """Columns of the vendors that were evaluated, in file order, with their answers.

    `variants` are by vendor and question. `signed` is the result of the gate of the signature (0 fail, 1 unresolved, 2
    pass), null where there is none. `waived` and `lapsed` name the questions and nodes that a waiver, or one that has
    lapsed, is about.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    scores: tuple[float | None, ...]
    """Agreed totals: what is computed anew and within 1e-9 of them is them, to the last digit."""
    variants: tuple[tuple[Variants, ...], ...]
    signed: tuple[int | None, ...]
    waived: tuple[tuple[str, ...], ...]
    lapsed: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Arithmetic:
    """All that ranks vendors under other weights, answers, prices, without a vendor or the sheet of an evaluator.

    `without` has for each evaluator the variants that another level makes others, by vendor and question.
    """

    is_screen: bool
    stage: str
    missing: str
    shortlist: int
    tie_breakers: tuple[str, ...]
    categories: Categories
    criteria: Criteria
    questions: Questions
    gates: Gates
    floors: Floors
    price: PriceTable | None
    vendors: VendorTable
    leaves: tuple[LeafFigures, ...]
    without: Mapping[str, Mapping[int, Mapping[int, Variants]]]


@dataclass(frozen=True)
class AgreedTable:
    """Columns of all vendors as the agreed result lists them, those that were not evaluated too; scores unrounded."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    statuses: tuple[str, ...]
    status_texts: tuple[str, ...]
    ranks: tuple[int | None, ...]
    scores: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


Text = int
"""Place of a text in `PageData.texts`; 0 is the empty one."""


@dataclass(frozen=True)
class QuestionTexts:
    """Columns of the questions, in the order of `Arithmetic.questions`.

    `options` are pairs of label and score, `points` pairs of figure and value, `gates` kind, test, stage and why.
    """

    text: tuple[Text, ...]
    type: tuple[Text, ...]
    unit: tuple[Text, ...]
    evidence: tuple[Text, ...]
    verify: tuple[Text, ...]
    red_flag: tuple[Text, ...]
    sources: tuple[tuple[Text, ...], ...]
    options: tuple[tuple[tuple[Text, float | None], ...], ...]
    points: tuple[tuple[tuple[float, float], ...], ...]
    levels: tuple[tuple[Text, ...], ...]
    gates: tuple[tuple[tuple[Text, Text, Text, Text], ...], ...]


@dataclass(frozen=True)
class AnswerTexts:
    """Columns of the answers of one vendor, in the order of `Arithmetic.questions`; their figures are its variants.

    `answer` is the one that counts, `raw` the cell; `evidence` the level; `cap` the most it lets the answer count.
    `cells` are places as file, sheet, cell, that of the answer first. `findings` are acts of the buyer in words.
    `earlier` are answers that a clarification replaced, each with its place. `levels` are those of the evaluators by
    id. `promises` says what the pilot measured of it, each as a label and words.
    """

    answer: tuple[Text, ...]
    raw: tuple[Text, ...]
    evidence: tuple[Text, ...]
    cap: tuple[float | None, ...]
    evidence_text: tuple[Text, ...]
    comment: tuple[Text, ...]
    explanation: tuple[Text, ...]
    next_step: tuple[tuple[Text, float] | None, ...]
    cells: tuple[tuple[tuple[Text, Text, Text], ...], ...]
    findings: tuple[tuple[Text, ...], ...]
    earlier: tuple[tuple[tuple[Text, Text], ...], ...]
    files: tuple[tuple[Text, ...], ...]
    levels: tuple[Mapping[str, float] | None, ...]
    promises: tuple[tuple[tuple[Text, Text], ...], ...]


@dataclass(frozen=True)
class VendorTexts:
    """What stands with one vendor: its answers, its gates (question, kind, result, reason, test, note), its notes."""

    answers: AnswerTexts
    gates: tuple[tuple[str, str, str, Text, Text, Text], ...]
    issues: tuple[tuple[str, str, Text], ...]
    """Question, severity, message."""
    prices: tuple[tuple[Text, Text, Text], ...]
    """Lines of the offer: what, amount and how it comes about, place."""


@dataclass(frozen=True)
class PageData:
    """The data block of report.html. `vendors` are in the order of `Arithmetic.vendors`; `texts` are the pool of all.

    Without `arithmetic`, of a result of an earlier version, nothing can be changed in the page.
    """

    arithmetic: Arithmetic | None
    agreed: AgreedTable
    digits: int
    evaluators: Mapping[str, str]
    texts: tuple[str, ...]
    questions: QuestionTexts
    vendors: tuple[VendorTexts, ...]
