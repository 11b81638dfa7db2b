"""Cells become answers. Every filled cell ends as answer, evidence, comment, template text or unclaimed content."""

from vendor_eval.intake.evidence import InputFile
from vendor_eval.intake.submission.models import Response, VendorResponse
from vendor_eval.intake.submission.workbooks import read_submission

__all__ = ["InputFile", "Response", "VendorResponse", "read_submission"]
