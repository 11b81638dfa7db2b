"""Load sourcing.yaml with every fault of its form and of what it refers to."""

from pathlib import Path

from vendor_eval.criteria import SHIPPED, Criteria, load_criteria
from vendor_eval.documents import Document, load_document
from vendor_eval.issues import InputFaults
from vendor_eval.shipped import criteria_folder
from vendor_eval.sourcing.checks import check
from vendor_eval.sourcing.model import Sourcing, SourcingFile

FILE = "sourcing.yaml"


def load_sourcing(path: str | Path | None = None, criteria: Criteria | None = None) -> Sourcing:
    """Load the advisor's model of a criteria folder; the shipped one where the folder has none.

    Raises InputFaults with every fault of the file.

    >>> load_sourcing().outcomes
    ('choose_in_house', 'choose_managed_partner', 'start_in_house_then_scale', None)
    """
    criteria = load_criteria(path) if criteria is None else criteria
    document = _document(path)
    file = document.value
    faults = document.faults if file is None else tuple(check(document.source, file, criteria))
    if file is None or faults:
        raise InputFaults(sorted(faults, key=lambda issue: (issue.location.line, issue.location.column)))
    return Sourcing(file, criteria)


def load_folder(path: str | Path | None = None) -> Sourcing:
    """Load the criteria and the advisor's model of a folder.

    Raises InputFaults with the faults of both, though what the model refers to is checked in sound criteria only.
    """
    try:
        criteria = load_criteria(path)
    except InputFaults as found:
        raise InputFaults((*found.issues, *_document(path).faults)) from None
    return load_sourcing(path, criteria)


def _document(path: str | Path | None) -> Document[SourcingFile]:
    own = (criteria_folder() if path is None or str(path) == SHIPPED else Path(path)) / FILE
    return load_document(own if own.is_file() else criteria_folder() / FILE, SourcingFile)
