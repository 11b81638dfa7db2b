"""A folder of YAML as one checked scorecard.

Every fault of every file comes out of one run, with file, line and column.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from vendor_eval.config.models import load_document
from vendor_eval.config.shipped import BANKS, SHIPPED, criteria_folder
from vendor_eval.criteria.checks import check_files
from vendor_eval.criteria.files import CategoryFile, category_paths, own_or_shipped, read_category
from vendor_eval.criteria.models import ChangesFile, Criteria, EvidenceWords, ScorecardFile, SourceRegister
from vendor_eval.criteria.questions import CertificationScheme
from vendor_eval.criteria.references import bind
from vendor_eval.issues import InputError, Issue, VendorEvalError


def load_criteria(path: str | Path | None = None) -> Criteria:
    """Load a criteria folder by its path, or a shipped one by its name; without either, the newest.

    Raises InputError with every fault of every file.

    >>> len(load_criteria().file.categories)
    7
    """
    folder = _folder(path)
    faults: list[Issue] = []
    scheme = own_or_shipped(folder, "certification.yaml", CertificationScheme, faults)
    words = own_or_shipped(folder, "evidence_words.yaml", EvidenceWords, faults)
    scorecard = load_document(folder / "scorecard.yaml", ScorecardFile)
    faults.extend(scorecard.faults)
    register = load_document(folder / "sources.yaml", SourceRegister) if (folder / "sources.yaml").exists() else None
    faults.extend(register.faults if register else ())
    sources = register.value if register else None
    files = [read_category(file, scheme, faults) for file in category_paths(folder)]
    faults.extend(check_files(scorecard.source, files, sources))
    if faults or scheme is None or words is None or scorecard.value is None:
        raise InputError(sorted(faults, key=in_order))
    return _criteria(scorecard.value, files, scheme, words, sources)


def load_changes(path: str | Path | None = None) -> ChangesFile:
    """Load what a criteria folder says of the version before it.

    Raises VendorEvalError where it says nothing, InputError with every fault of the file.
    """
    file = _folder(path) / "changes.yaml"
    if not file.is_file():
        raise VendorEvalError(f"{file.parent}: has no changes.yaml, so nothing is known of an earlier version")
    document = load_document(file, ChangesFile)
    if document.value is None:
        raise InputError(document.faults)
    changes: ChangesFile = document.value
    return changes


def in_order(issue: Issue) -> tuple[str, int, int]:
    """Key that puts faults in the order in which files are edited."""
    return issue.location.file, issue.location.line, issue.location.column


def _folder(path: str | Path | None) -> Path:
    if path is None or str(path) in BANKS:
        return criteria_folder(str(path or SHIPPED))
    folder = Path(path)
    if not (folder / "scorecard.yaml").is_file():
        names = " or ".join(f"'{name}'" for name in BANKS)
        message = f"{path}: no criteria folder, since it has no scorecard.yaml; give the folder's path, or {names}"
        raise VendorEvalError(message)
    return folder


def _criteria(
    scorecard: ScorecardFile,
    files: Iterable[CategoryFile],
    scheme: CertificationScheme,
    words: EvidenceWords,
    sources: SourceRegister | None,
) -> Criteria:
    by_id = {file.id: file.category for file in files if file.category is not None}
    order = ([scorecard.vendor_profile] if scorecard.vendor_profile else []) + list(scorecard.categories)
    categories = tuple(by_id[name] for name in order)
    # Over the meaning of the files: formatting and comments do not change it.
    # Defaults are left out, so that a key which is new in a release leaves older folders as they were.
    content = [
        model.model_dump(mode="json", exclude_defaults=True)
        for model in (scorecard, *categories, scheme, words, *([sources] if sources else ()))
    ]
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    criteria = Criteria(scorecard, categories, scheme, words, sha256, sources)
    return criteria.with_questions(lambda question: bind(question, scheme))
