"""The run written down as records of the result."""

from vendor_eval.recording.definition import definition
from vendor_eval.recording.vendors import VendorWriter, not_evaluated
from vendor_eval.recording.whole import evaluation_record, result_record

__all__ = ["VendorWriter", "definition", "evaluation_record", "not_evaluated", "result_record"]
