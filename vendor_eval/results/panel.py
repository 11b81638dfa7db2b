"""Who scored the rubrics, what they gave, and how far they agree."""

from vendor_eval.results.base import IssueRecord, Record
from vendor_eval.results.vendors import FindingRecord

# Who a level of the panel together is by.
MODERATED = "Consensus"


class MissingLevel(Record):
    """A level that an evaluator was asked for and has not given."""

    evaluator: str
    vendor: str
    question: str


class AlphaRecord(Record):
    """Krippendorff's alpha, ordinal; None where it means nothing, and the verdict says why."""

    overall: float | None
    categories: dict[str, float | None]
    verdict: str
    verdicts: dict[str, str]


class SpreadRecord(Record):
    """A rubric on which levels lie two or more apart."""

    vendor: str
    question: str
    levels: dict[str, float]


class WithoutRecord(Record):
    """Who would come first without the sheet of an evaluator."""

    evaluator: str
    winner: str | None


class CategoryPanelRecord(Record):
    """How far evaluators agree within a category, and who leads it, with and without each of them."""

    id: str
    alpha: float | None
    verdict: str
    kendall_w: float | None
    severity: dict[str, float]
    apart: int
    leader: str | None
    without: tuple[WithoutRecord, ...]


class ModeratedRecord(Record):
    """A level on which the panel agreed, why, and who took part."""

    level: float
    reason: str
    took_part: str
    date: str


class RatingRecord(Record):
    """Every level that was given to a rubric of a vendor, by evaluator, and the one that counts."""

    vendor: str
    question: str
    levels: dict[str, float]
    """Every level on a sheet, those of recused evaluators too."""
    level: float | None
    recused: tuple[str, ...] = ()
    """Evaluators whose level does not count for this vendor."""
    moderated: ModeratedRecord | None = None
    of_buyer: FindingRecord | None = None


class ConflictRecord(Record):
    """An interest that an evaluator declared, whether it recuses, and what the evaluator's sheet would change."""

    evaluator: str
    vendor: str
    reason: str
    recused: bool = True
    """Whether the evaluator's levels and acts on the vendor do not count."""
    decided_by: str = ""
    """Who decided so; empty where the rule alone recuses."""
    why: str = ""
    levels: int = 0
    """Levels that the evaluator gave the vendor."""
    effect: float | None = None
    """Score of the vendor with the sheet's levels and acts less the score without; null where it has no score."""
    rank_if_counted: int | None = None
    """Rank of the vendor if these count."""


class MemberRecord(Record):
    """An evaluator: what was given, what came back, in which file, written when."""

    id: str
    name: str
    categories: tuple[str, ...]
    rubrics: tuple[str, ...]
    levels: int
    file: str | None
    sha256: str | None
    written: str | None
    interests: str


class PanelRecord(Record):
    """Who scored the rubrics, and how far they agree."""

    evaluators: tuple[str, ...]
    aggregate: str
    alpha: AlphaRecord
    kendall_w: float | None
    severity: dict[str, float]
    spread: tuple[SpreadRecord, ...]
    without: tuple[WithoutRecord, ...]
    categories: tuple[CategoryPanelRecord, ...]
    ratings: tuple[RatingRecord, ...]
    members: tuple[MemberRecord, ...]
    consensus: str | None
    missing: tuple[MissingLevel, ...]
    conflicts: tuple[ConflictRecord, ...]
    issues: tuple[IssueRecord, ...]
    seed: int
    blinded: bool

    @property
    def overruled(self) -> tuple[RatingRecord, ...]:
        """Ratings of the panel in whose place a level of the buyer counts."""
        return tuple(rating for rating in self.ratings if rating.of_buyer and (rating.levels or rating.moderated))
