"""Cells become answers. Every filled cell ends as answer, evidence, comment, template text or unclaimed content."""

from vendor_eval.intake.answer_lines import FreeText
from vendor_eval.intake.submission.models import (
    EarlierAnswer,
    InputFile,
    Level,
    Response,
    State,
    VendorResponse,
)
from vendor_eval.intake.submission.workbooks import read_submission

__all__ = ["EarlierAnswer", "FreeText", "InputFile", "Level", "Response", "State", "VendorResponse", "read_submission"]
