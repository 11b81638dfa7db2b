"""Load sourcing.yaml with every issue of its form and of its references."""

from pathlib import Path

from vendor_eval.config.models import load_document
from vendor_eval.config.shipped import criteria_folder
from vendor_eval.criteria import BANKS, SHIPPED, Criteria, load_criteria
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.sourcing.checks import Checks
from vendor_eval.sourcing.model import Sourcing, SourcingFile

FILE = "sourcing.yaml"


def load_sourcing(path: str | Path | None = None, criteria: Criteria | None = None) -> Sourcing:
    """Load the advisor's model of a criteria folder; the shipped one where the folder has none.

    Raises InputError with every fault of the file, VendorEvalError where the shipped one does not fit the criteria.

    >>> load_sourcing().outcomes
    ('choose_in_house', 'choose_managed_partner', 'start_in_house_then_scale', None)
    """
    criteria = load_criteria(path) if criteria is None else criteria
    own = _own_file(path)
    document = load_document(own or criteria_folder() / FILE, SourcingFile)
    file = document.value
    faults = (*document.faults, *(Checks(document.source, file, criteria).issues() if file is not None else ()))
    if faults and own is None and criteria.file.scorecard != SHIPPED:
        message = f"{path}: the shipped {FILE} does not fit these criteria ({faults[0].message}); add one of your own"
        raise VendorEvalError(message)
    if file is None or faults:
        raise InputError(sorted(faults, key=lambda issue: (issue.location.line, issue.location.column)))
    return Sourcing(file, criteria)


def check_folder(path: str | Path | None = None) -> Criteria:
    """Load the criteria of a folder, and check the advisor's model where the folder has one.

    Raises InputError with the faults of both, though what the model refers to is checked in sound criteria only.
    """
    file = _own_file(path)
    try:
        criteria = load_criteria(path)
    except InputError as error:
        own = load_document(file, SourcingFile).faults if file is not None else ()
        raise InputError((*error.issues, *own)) from None
    if file is not None:
        load_sourcing(path, criteria)
    return criteria


def _own_file(path: str | Path | None) -> Path | None:
    name = SHIPPED if path is None else str(path)
    file = (criteria_folder(name) if name in BANKS else Path(name)) / FILE
    return file if file.exists() else None
