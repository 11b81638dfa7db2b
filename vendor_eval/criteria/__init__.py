"""Criteria files: a folder of YAML to one checked scorecard."""

from vendor_eval.criteria.checks import all_zero, check_weights, condition_faults, is_weight
from vendor_eval.criteria.folder import in_order, load_criteria
from vendor_eval.criteria.models import (
    SHIPPED,
    Category,
    ContextField,
    Criteria,
    Criterion,
    EvidenceWords,
    Floor,
    FloorSetting,
    ScorecardFile,
    Weights,
    question_conditions,
)
from vendor_eval.criteria.references import (
    bind,
    certification_faults,
    gate_faults,
    option_id,
    options_of,
    reference_faults,
    split_reference,
)
from vendor_eval.criteria.schema import json_schema

__all__ = [
    "SHIPPED",
    "Category",
    "ContextField",
    "Criteria",
    "Criterion",
    "EvidenceWords",
    "Floor",
    "FloorSetting",
    "ScorecardFile",
    "Weights",
    "all_zero",
    "bind",
    "certification_faults",
    "check_weights",
    "condition_faults",
    "gate_faults",
    "in_order",
    "is_weight",
    "json_schema",
    "load_criteria",
    "option_id",
    "options_of",
    "question_conditions",
    "reference_faults",
    "split_reference",
]
