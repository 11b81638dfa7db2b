"""Question types. Each owns its whole life: the cells of a form, reading, value, explanation, next step.

A new type is one class and one line in `Question`.
"""

from typing import Annotated

from pydantic import Field

from vendor_eval.criteria.questions.answers import (
    Answer as Answer,
    AnswerCell as AnswerCell,
    AnswerSettings as AnswerSettings,
    NextStep as NextStep,
    ParsedAnswer as ParsedAnswer,
)
from vendor_eval.criteria.questions.arithmetic import interpolate as interpolate, months_between as months_between
from vendor_eval.criteria.questions.base import RowsQuestion as RowsQuestion
from vendor_eval.criteria.questions.certification import (
    Certification as Certification,
    CertificationScheme as CertificationScheme,
)
from vendor_eval.criteria.questions.choices import (
    MultiChoice as MultiChoice,
    SingleChoice as SingleChoice,
    YesNoPartial as YesNoPartial,
)
from vendor_eval.criteria.questions.figures import DateQuestion, Number as Number, Percentage
from vendor_eval.criteria.questions.models import (
    HUNDRED as HUNDRED,
    LEVELS as LEVELS,
    STAGES as STAGES,
    TIERS as TIERS,
    Bounds as Bounds,
    Gate as Gate,
    GateTest as GateTest,
    Option as Option,
    Score as Score,
    Stage as Stage,
    Tier as Tier,
    Weight as Weight,
)
from vendor_eval.criteria.questions.several_figures import SeveralFigures
from vendor_eval.criteria.questions.words import RubricQuestion as RubricQuestion, TextQuestion

Question = Annotated[
    YesNoPartial
    | SingleChoice
    | MultiChoice
    | Number
    | Percentage
    | DateQuestion
    | SeveralFigures
    | Certification
    | RubricQuestion
    | TextQuestion,
    Field(discriminator="type"),
]
