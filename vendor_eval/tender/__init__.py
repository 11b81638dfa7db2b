"""evaluation.yaml as settings: what is asked, with which weights, of whom, judged on which day."""

from vendor_eval.tender.loading import ParsedEvaluation, find_evaluation, parse_evaluation
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
from vendor_eval.tender.vendors import DOCUMENTS, RESPONSES, WORKBOOKS, Stray, Tenderer, left_behind, strays, tenderers

__all__ = [
    "CONSENSUS",
    "CURRENCY",
    "DOCUMENTS",
    "FILE",
    "PRICE",
    "RESPONSES",
    "VALIDITY",
    "WORKBOOKS",
    "Evaluation",
    "EvidenceCaps",
    "ParsedEvaluation",
    "Settings",
    "Stray",
    "Tenderer",
    "VendorEntry",
    "Waiver",
    "find_evaluation",
    "left_behind",
    "parse_evaluation",
    "strays",
    "tenderers",
]
