"""The frozen result (results.json). Every output is drawn from it alone."""

from vendor_eval.results.base import (
    Input as Input,
    IssueRecord as IssueRecord,
    NotRead as NotRead,
    Source as Source,
    issues_of as issues_of,
)
from vendor_eval.results.definitions import (
    CategoryDefinition as CategoryDefinition,
    CriterionDefinition as CriterionDefinition,
    Definition as Definition,
    EvaluationRecord as EvaluationRecord,
    GateDefinition as GateDefinition,
    LivingWageRecord as LivingWageRecord,
    MethodRecord as MethodRecord,
    OptionDefinition as OptionDefinition,
    PriceItemDefinition as PriceItemDefinition,
    PriceMethodRecord as PriceMethodRecord,
    PriceThreshold as PriceThreshold,
    ProjectFact as ProjectFact,
    QuestionDefinition as QuestionDefinition,
    ScorecardIdentity as ScorecardIdentity,
    SourceRecord as SourceRecord,
)
from vendor_eval.results.panel import (
    MODERATED as MODERATED,
    AlphaRecord as AlphaRecord,
    CategoryPanelRecord as CategoryPanelRecord,
    ConflictRecord as ConflictRecord,
    MemberRecord as MemberRecord,
    MissingLevel as MissingLevel,
    ModeratedRecord as ModeratedRecord,
    PanelRecord as PanelRecord,
    RatingRecord as RatingRecord,
    SpreadRecord as SpreadRecord,
    WithoutRecord as WithoutRecord,
)
from vendor_eval.results.result import SCHEMA as SCHEMA, Result as Result
from vendor_eval.results.vendors import (
    AnswerRecord as AnswerRecord,
    ConditionRecord as ConditionRecord,
    EarlierRecord as EarlierRecord,
    FindingRecord as FindingRecord,
    FloorRecord as FloorRecord,
    GapRecord as GapRecord,
    GateRecord as GateRecord,
    NodeRecord as NodeRecord,
    PartRecord as PartRecord,
    PriceItemRecord as PriceItemRecord,
    PriceRecord as PriceRecord,
    ReplacedRecord as ReplacedRecord,
    StatusReasonRecord as StatusReasonRecord,
    StepRecord as StepRecord,
    StrengthRecord as StrengthRecord,
    VendorRecord as VendorRecord,
    WaiverRecord as WaiverRecord,
)
