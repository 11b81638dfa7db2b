"""evaluation.yaml as settings: what is asked, with which weights, of whom, judged on which day."""

from vendor_eval.tender.folder import ParsedEvaluation as ParsedEvaluation, parse_evaluation as parse_evaluation
from vendor_eval.tender.models import (
    CONFIDENTIAL as CONFIDENTIAL,
    CONSENSUS as CONSENSUS,
    CURRENCY as CURRENCY,
    EVIDENCE as EVIDENCE,
    FILE as FILE,
    PRICE as PRICE,
    PRICES as PRICES,
    VALIDITY as VALIDITY,
    Elsewhere as Elsewhere,
    Evaluation as Evaluation,
    EvidenceCaps as EvidenceCaps,
    Settings as Settings,
    VendorEntry as VendorEntry,
    Waiver as Waiver,
)
