"""Someone else's questionnaire: a mapping of its ids to ours, how it is read, and how a mapping is begun."""

from vendor_eval.mapping.draft import describe, draft, fitting
from vendor_eval.mapping.models import ForeignLayout, MappingFile, load_mapping, mappings, shipped_mappings
from vendor_eval.mapping.reading import Foreign, ForeignLine, read_foreign
from vendor_eval.mapping.recognition import Recognised, recognise

__all__ = [
    "Foreign",
    "ForeignLayout",
    "ForeignLine",
    "MappingFile",
    "Recognised",
    "describe",
    "draft",
    "fitting",
    "load_mapping",
    "mappings",
    "read_foreign",
    "recognise",
    "shipped_mappings",
]
