"""Question types. Each owns its whole life: the cells of a form, reading, value, explanation, next step.

A new type is one class and one line in `Question`.
"""

from typing import Annotated

from pydantic import Field

from vendor_eval.criteria.questions.answers import Answer, AnswerCell, AnswerSettings, NextStep, ParsedAnswer, PartIssue
from vendor_eval.criteria.questions.arithmetic import interpolate, months_between
from vendor_eval.criteria.questions.base import RowsQuestion
from vendor_eval.criteria.questions.certification import Certification, CertificationScheme
from vendor_eval.criteria.questions.choices import MultiChoice, SingleChoice, YesNoPartial
from vendor_eval.criteria.questions.figures import DateQuestion, Number, Percentage
from vendor_eval.criteria.questions.models import (
    HUNDRED,
    LEVELS,
    STAGES,
    TIERS,
    BriefKey,
    Gate,
    GateTest,
    Option,
    Score,
    Stage,
    Tier,
    Weight,
)
from vendor_eval.criteria.questions.several_figures import SeveralFigures
from vendor_eval.criteria.questions.words import RubricQuestion, TextQuestion

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

__all__ = [
    "HUNDRED",
    "LEVELS",
    "STAGES",
    "TIERS",
    "Answer",
    "AnswerCell",
    "AnswerSettings",
    "BriefKey",
    "Certification",
    "CertificationScheme",
    "DateQuestion",
    "Gate",
    "GateTest",
    "Given",
    "MultiChoice",
    "NextStep",
    "Number",
    "Option",
    "ParsedAnswer",
    "PartIssue",
    "Percentage",
    "Question",
    "RowsQuestion",
    "RubricQuestion",
    "Score",
    "SeveralFigures",
    "SingleChoice",
    "Stage",
    "TextQuestion",
    "Tier",
    "Weight",
    "YesNoPartial",
    "interpolate",
    "months_between",
]
