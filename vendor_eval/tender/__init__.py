"""evaluation.yaml as settings: what is asked, with which weights, of whom, judged on which day."""

from vendor_eval.tender.folder import ParsedEvaluation, find_evaluation, parse_evaluation
from vendor_eval.tender.models import (
    CONSENSUS,
    CURRENCY,
    FILE,
    PRICE,
    VALIDITY,
    Evaluation,
    EvidenceCaps,
    Settings,
    VendorEntry,
    Waiver,
)

__all__ = [
    "CONSENSUS",
    "CURRENCY",
    "FILE",
    "PRICE",
    "VALIDITY",
    "Evaluation",
    "EvidenceCaps",
    "ParsedEvaluation",
    "Settings",
    "VendorEntry",
    "Waiver",
    "find_evaluation",
    "parse_evaluation",
]
