"""Look-ups in a result that pages share: order, names, titles, weights, points, and positions in a chart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from string import ascii_uppercase
from typing import Any, NamedTuple, TypeAlias

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.wording.lookups import names_of, questions_by_id, titles_of
from vendor_eval.results import (
    AnswerRecord,
    CategoryDefinition,
    CriterionDefinition,
    GateRecord,
    NodeRecord,
    QuestionDefinition,
    Result,
    VendorRecord,
)

MOST_SHOWN = 20
_SHADES = 10
_LABELLED = 0.07  # share of a bar in which a number fits
# Context of a template: records, and the words and figures that no record has.
View: TypeAlias = dict[str, Any]
# Sections of the appendix that have all of what a sheet of the workbook has.
_IN_APPENDIX = {"Gates": "Requirements", "Panel": "Panel", "Sensitivity": "How firm, in full", "Method": "Method"}
_AGAINST = {"answer", "claim", "note"}  # acts that say something against an answer


class Dot(NamedTuple):
    """A vendor on a chart, in units of the drawing; filled where it is ranked, or on the line of the winner."""

    x: float
    y: float
    code: str
    filled: bool


@dataclass(frozen=True)
class Overview:
    """A result, the decimals of its totals, the pages of an appendix if there is one, and its cached look-ups."""

    result: Result
    digits: int
    appendix: Mapping[str, int] | None = None
    """The page on which each section of the appendix begins."""

    def elsewhere(self, *sheets: str) -> str:
        """Say where more is: in the appendix, if there is one and it has all of it, else in sheets of the workbook."""
        return f"in {self.place_of(*sheets)}"

    def place_of(self, *sheets: str) -> str:
        """Name the pages of the appendix, or the sheets of the workbook, that have the rest."""
        pages = {(self.appendix or {}).get(_IN_APPENDIX.get(sheet, ""), 0) for sheet in sheets}
        if 0 in pages:
            return f"shortlist.xlsx, {'sheet' if len(sheets) == 1 else 'sheets'} {' and '.join(sheets)}"
        return f"the appendix, {'page' if len(pages) == 1 else 'pages'} {' and '.join(map(str, sorted(pages)))}"

    @cached_property
    def vendors(self) -> tuple[VendorRecord, ...]:
        return self.result.in_order

    @cached_property
    def evaluated(self) -> tuple[VendorRecord, ...]:
        return self.result.evaluated

    @property
    def shown(self) -> tuple[VendorRecord, ...]:
        """Vendors that the pages print: the first of a large field."""
        return self.evaluated[:MOST_SHOWN]

    @property
    def not_shown(self) -> str:
        """Note on the vendors that are not printed, empty where all are."""
        if len(self.evaluated) <= MOST_SHOWN:
            return ""
        return (
            f"These pages show the first {MOST_SHOWN} of {len(self.evaluated):,} evaluated vendors. "
            "All of them are in shortlist.xlsx, and each has a scorecard of its own."
        )

    @cached_property
    def quality_share(self) -> float:
        """Points of the total for one point of quality."""
        return self.result.quality_share()

    @cached_property
    def ranked(self) -> tuple[VendorRecord, ...]:
        return self.result.ranked

    @property
    def has_median(self) -> bool:
        """Whether so many vendors were evaluated that a median says something of the field, not of another vendor."""
        return len(self.evaluated) >= self.result.evaluation.method.median_from

    @cached_property
    def codes(self) -> Mapping[str, str]:
        return {vendor.id: code(index) for index, vendor in enumerate(self.evaluated)}

    @cached_property
    def names(self) -> Mapping[str, str]:
        return names_of(self.result)

    @cached_property
    def questions(self) -> Mapping[str, QuestionDefinition]:
        return questions_by_id(self.result)

    @cached_property
    def categories(self) -> tuple[CategoryDefinition, ...]:
        return tuple(category for category in self.result.definition.categories if category.weighted)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return titles_of(self.result)

    @cached_property
    def weights(self) -> Mapping[str, tuple[float, float]]:
        """Local and global weight (shares of 1) of every category, criterion and question that is asked."""
        categories = self.result.definition.categories
        total = sum(c.weight for c in categories if c.weighted and c.in_scope)
        weights: dict[str, tuple[float, float]] = {}
        for category in categories:
            share = category.weight / total if category.weighted and category.in_scope and total else 0.0
            weights[category.id] = (share, share)
            asked = [c for c in category.criteria if any(q.asked for q in c.questions)]
            _share_out(weights, share, asked)
            for criterion in asked:
                _share_out(weights, weights[criterion.id][1], [q for q in criterion.questions if q.asked])
        return weights

    @cached_property
    def fields(self) -> Mapping[str, tuple[float, float, float]]:
        """Least, median and greatest score of every category over the evaluated vendors."""
        spreads = {}
        for category in self.categories:
            scores = [s for vendor in self.evaluated if (s := scored(vendor, category.id)) is not None]
            if scores:
                spreads[category.id] = (min(scores), median(scores), max(scores))
        return spreads


def head(result: Result) -> View:
    """Make what every document shows at its top."""
    evaluation = result.evaluation
    return {
        "title": cut(evaluation.title, 120),
        "reference": cut(evaluation.reference, 60),
        "as_of": day(evaluation.as_of),
        "provisional": evaluation.provisional,
        "screen": result.is_screen,
    }


def _share_out(
    weights: dict[str, tuple[float, float]], share: float, children: Sequence[CriterionDefinition | QuestionDefinition]
) -> None:
    total = sum(child.weight for child in children)
    for child in children:
        local = child.weight / total if total else 0.0
        weights[child.id] = (local, share * local)


def code(index: int) -> str:
    """Name a column by letters.

    >>> code(0), code(25), code(26)
    ('A', 'Z', 'AA')
    """
    more, letter = divmod(index, len(ascii_uppercase))
    return (code(more - 1) if more else "") + ascii_uppercase[letter]


def node(vendor: VendorRecord, name: str) -> NodeRecord | None:
    return next((node for node in vendor.nodes if node.id == name), None)


def scored(vendor: VendorRecord, name: str) -> float | None:
    """Score of a node of a vendor, None where it has none."""
    record = node(vendor, name)
    return record.score if record else None


def shade(score: float | None) -> int:
    """Shade of a cell, 0 (palest) to 9, the same scale for every table.

    >>> shade(0), shade(47.5), shade(99.9), shade(100)
    (0, 4, 9, 9)
    """
    return 0 if score is None else min(_SHADES - 1, max(0, int(score // _SHADES)))


def segments(shares: Sequence[float]) -> Iterator[tuple[float, float, int, str]]:
    """Draw a bar of the ranks of a vendor: start and width in percent, shade from 0 to 9, the rank where it fits."""
    x = 0.0
    for index, part in enumerate(shares):
        if part > 0:
            shade = max(0, 9 - round(index * 9 / max(len(shares) - 1, 1)))
            yield x * 100, part * 100, shade, str(index + 1) if part >= _LABELLED else ""
        x += part


def hit_flags(vendor: VendorRecord) -> tuple[GateRecord, ...]:
    return tuple(gate for gate in vendor.gates if gate.kind == "flag" and gate.result == "fail")


def found_against(answer: AnswerRecord) -> bool:
    """Whether an evaluator noted, corrected or sent back this answer, or the pilot found a promise not kept."""
    is_broken = answer.pilot is not None and answer.pilot.verdict == "not_kept"
    return is_broken or any(f.kind in _AGAINST and not f.is_by_pilot for f in answer.findings)


def red_flags(vendor: VendorRecord) -> frozenset[str]:
    """Questions with a red flag."""
    return frozenset(gate.question for gate in hit_flags(vendor)) | frozenset(
        answer.id for answer in vendor.answers if found_against(answer)
    )


def lost(vendor: VendorRecord, name: str) -> float:
    """Points of the total that a node leaves open."""
    record = node(vendor, name)
    return record.effective_weight * (100 - record.score) if record and record.score is not None else 0.0


def by_points(
    answers: Iterable[AnswerRecord], points_of: Callable[[AnswerRecord], float]
) -> list[tuple[AnswerRecord, float]]:
    """List answers that bring points, the most first, ties in order."""
    pairs = [(answer, points_of(answer)) for answer in answers]
    return sorted((pair for pair in pairs if pair[1] > 0), key=lambda pair: -pair[1])
