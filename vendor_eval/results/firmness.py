"""What is known of how firm the first place is, frozen as it stands under `robustness` in results.json."""

from typing import Literal

from pydantic import Field

from vendor_eval.results.base import Record

Shares = dict[str, float]
# Below either, in percent of all weights and as a share of the weightings near the stated ones, no winner is clear.
LEAST_MARGIN = 10.0
LEAST_SHARE = 0.80


class Interval(Record):
    """From where to where one weight can move before a rival draws level, in percent of its parent (null: no rival)."""

    node: str
    kind: Literal["category", "criterion"]
    weight: float
    from_: float = Field(alias="from")
    to: float
    rival_from: str | None
    rival_to: str | None


class Weighting(Record):
    """The nearest weights (percent, categories) at which a rival draws level; None where no rival ever can."""

    percent: float | None = None
    rival: str | None = None
    weights: Shares | None = None


class WeightingsWon(Record):
    """Shares of drawn weightings in which each vendor is first, over all of them and around the stated ones."""

    uniform: Shares = {}
    around_stated: Shares = {}
    draws: int
    standard_error: float = 0.0
    kappa: float | None = None


class Drawn(Record):
    """Ranks (by vendor, best first) and pairwise wins among the vendors at the top, as shares of the draws."""

    ranks: dict[str, tuple[float, ...]] = {}
    pairwise: dict[str, Shares] = {}


class Pivotal(Record):
    """An answer that decides alone: the winner's at the value it falls to, a rival's at the value it rises to."""

    vendor: str
    question: str
    value: float
    points: float
    falls_to: float | None = None
    rises_to: float | None = None


class Change(Record):
    """One answer of a set that decides together."""

    vendor: str
    question: str
    value: float
    to: float


class AnswerFlip(Record):
    """The fewest answers that together let a rival draw level."""

    rival: str
    answers: tuple[Change, ...]


class Preference(Record):
    """Whom a vendor beats: in every category (dominates), whatever open answers become (necessarily), or possibly."""

    vendor: str
    dominates: tuple[str, ...]
    necessarily: tuple[str, ...]
    possibly: tuple[str, ...]


class Without(Record):
    """Who is first when one category, one vendor or the sheet of one evaluator is left out; None where nobody is."""

    without: str
    kind: Literal["category", "vendor", "evaluator"]
    winner: str | None


Cause = Literal[
    "document_missing",
    "document_not_there",
    "blank",
    "invalid",
    "pending",
    "unknown",
    "hangs_on_another",
    "within_chance",
    "waiver_lapsed",
    "context_unset",
    "price_missing",
    "price_zero",
]
Stake = Literal["recommended", "shortlist", "rest"]


class Ask(Record):
    """An open answer, why it is open, and what it could change; points are what it can move its vendor's total.

    `cause` is why it is open, `changes` whom it could change: who is recommended, who else is shortlisted or may be
    awarded, or nobody of these. `alone`: whether its points alone could put another vendor first.
    `excludes`: whether an open knock-out hangs on it.
    """

    vendor: str
    question: str
    cause: Cause
    changes: Stake
    alone: bool
    reason: str
    could_change: str
    places: int
    points: float
    excludes: bool


class PresetRanking(Record):
    """Scores and ranks of the ranked vendors under one named set of weights."""

    preset: str
    winner: str
    scores: Shares
    ranks: dict[str, int]


class WeightRange(Record):
    """Who is first while the price weighs from one end to the other, in points of 100, and who is level all the way."""

    from_: float = Field(alias="from")
    to: float
    winner: str
    level: tuple[str, ...]


class FurtherBid(Record):
    """Who of the present vendors a further total price between two ends would put first (null: however high)."""

    from_: float = Field(alias="from")
    to: float | None
    winner: str
    level: tuple[str, ...]


class MissingBid(Record):
    """Who would be first, and instead of whom, if the bid of one vendor were not there."""

    without: str
    bid: float
    winner: str
    instead_of: str


class RuleOutcome(Record):
    """One price rule: who is first at the stated weight (None with the reason), and what weights and bids change.

    `scores` are the price scores by vendor; there are none where quality is divided by the price.
    """

    rule: str
    stated: bool
    winner: str | None = None
    level: tuple[str, ...] = ()
    reason: str
    scores: Shares = {}
    weights: tuple[WeightRange, ...] = ()
    further_bid: tuple[FurtherBid, ...] = ()
    without_bid: tuple[MissingBid, ...] = ()


class PriceWhatIf(Record):
    """The winner under every rule, and under price weights from one end to the other, in points of 100.

    `weight` is the stated one, None where quality is divided by the price and none is stated.
    """

    weight: float | None
    from_: float = Field(alias="from")
    to: float
    rules: tuple[RuleOutcome, ...]


class WeightLimit(Record):
    """The weight in percent at which a rival would lead that is nearest to the stated one."""

    node: str
    weight: float
    limit: float
    rival: str
    side: Literal["below", "above"]


class RuleLead(Record):
    """Price rules under which another vendor would be first."""

    winner: str
    rules: tuple[str, ...]


class EvaluatorLead(Record):
    """An evaluator without whose sheet another vendor, or nobody, would be first."""

    evaluator: str
    name: str
    winner: str | None


class OpenKnockOut(Record):
    """A knock-out of one of the first two vendors that is open."""

    vendor: str
    question: str


class Facts(Record):
    """What the sentences say that the figures beside it do not; the sentences are made of both and of names.

    `first` are the vendors that share the first place, `level` those with the total of the first. `rules` and
    `evaluators` are whatever would put another first, of `other_rules` with a winner and of `sheets` left out.
    `without_weight` are categories of weight 0, `all_weight` and `only_category` one that has or is everything.
    `pivotal` and `asks` count what was found before lists were cut.
    """

    ranked: int = 0
    first: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    nearest: WeightLimit | None = None
    other_rules: int = 0
    rules: tuple[RuleLead, ...] = ()
    sheets: int = 0
    evaluators: tuple[EvaluatorLead, ...] = ()
    proof_flip: AnswerFlip | None = None
    knock_outs: tuple[OpenKnockOut, ...] = ()
    without_weight: tuple[str, ...] = ()
    all_weight: str | None = None
    only_category: str | None = None
    nothing_answered: bool = False
    stand_ins: bool = False
    price_rule: str = ""
    relative_prices: bool = False
    pivotal: int = 0
    asks: int = 0


class PairWeightLimit(Record):
    """The weight of a category, or of the price, below or above which the one behind passes, in percent."""

    node: str
    side: Literal["below", "above"]
    percent: float
    stated: float


class PairRule(Record):
    """When the one behind leads under a price rule: below or above a `weight` of the price in points of 100."""

    rule: str
    stated: bool
    leads: Literal["always", "never", "below", "above"]
    weight: float | None


class Pair(Record):
    """What it would take the vendor behind to pass the vendor ahead, in points of what ranks.

    `points` are those that it is behind by category, most first, `advantages` those that it is ahead; their difference
    is the `lead`. `margin_percent` is by how much all weights have to
    be off in its favor, None where no weights do. `answers_needed` counts its answers that have to rise to 100, None
    where all of them are not enough; `answers` are the first of them with the points that each brings.
    """

    ahead: str
    behind: str
    lead: float
    points: Shares
    advantages: Shares = {}
    weights: tuple[PairWeightLimit, ...]
    margin_percent: float | None
    rules: tuple[PairRule, ...]
    answers_needed: int | None
    answers: Shares


class Dependence(Record):
    """A single thing that would put somebody else first, and whom.

    `id` is the price rule, the evaluator that is left out, the open answer as vendor/question (the whole price of a
    vendor as vendor/price), or the question or node whose requirement the first does not meet yet.
    """

    cause: Literal["price_rule", "evaluator", "answer", "requirement"]
    id: str
    winner: str


class Firmness(Record):
    """The one verdict that every output prints; `on` says what it depends on, and is empty for the other words."""

    word: Literal["firm", "depends", "open"]
    on: tuple[Dependence, ...] = ()


class Robustness(Record):
    """How firm the first place is; lists are cut for large fields, and `left_out` says where.

    `firmness` is None in a result that was written before there was one. `sentence`, `decides`, `notes` and `left_out`
    are made of the rest last. `pairs` are of the first
    `evaluation.method.most_paired` scored vendors, and of every other one with the first.
    """

    level: Literal["category"] = "category"
    verdict: Literal["clear", "no clear winner"]
    winner: str | None
    firmness: Firmness | None = None
    sentence: str = ""
    decides: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    margin_percent: float
    margin: Weighting = Weighting()
    strict_margin_percent: float
    least_transfer: Weighting = Weighting()
    stability: tuple[Interval, ...] = ()
    weightings_won: WeightingsWon
    central_weights: dict[str, Shares | None] = {}
    uniform: Drawn = Drawn()
    around_stated: Drawn = Drawn()
    pivotal: tuple[Pivotal, ...] = ()
    flip: AnswerFlip | None = None
    open_flip: AnswerFlip | None = None
    preferences: tuple[Preference, ...] = ()
    leave_one_out: tuple[Without, ...] = ()
    ask_first: tuple[Ask, ...] = ()
    presets: tuple[PresetRanking, ...] = ()
    price: PriceWhatIf | None = None
    facts: Facts = Facts()
    pairs: tuple[Pair, ...] = ()
