"""Cells become answers. Every filled cell ends as answer, evidence, comment, template text or unclaimed content."""

from vendor_eval.intake.answer_lines import FreeText
from vendor_eval.intake.evidence import InputFile
from vendor_eval.intake.submission.models import EarlierAnswer, Response, State, VendorResponse
from vendor_eval.intake.submission.workbooks import read_submission

__all__ = ["EarlierAnswer", "FreeText", "InputFile", "Response", "State", "VendorResponse", "read_submission"]
