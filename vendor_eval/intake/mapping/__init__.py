"""Someone else's questionnaire: a mapping of its ids to ours, how it is read. `draft` begins a mapping."""

from vendor_eval.intake.mapping.mapped_workbook import Foreign, ForeignLine, read_foreign
from vendor_eval.intake.mapping.models import ForeignLayout, MappingFile, load_mapping, mappings, shipped_mappings
from vendor_eval.intake.mapping.recognition import Recognised, recognise

__all__ = [
    "Foreign",
    "ForeignLayout",
    "ForeignLine",
    "MappingFile",
    "Recognised",
    "load_mapping",
    "mappings",
    "read_foreign",
    "recognise",
    "shipped_mappings",
]
