"""A folder of YAML as one checked scorecard.

Every fault of every file comes out of one run, with file, line and column.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from vendor_eval.config.input_files import read_regular
from vendor_eval.config.models import load_document
from vendor_eval.config.shipped import BANKS, SHIPPED, criteria_folder
from vendor_eval.config.yaml12 import parse_document
from vendor_eval.criteria.checks import check_files
from vendor_eval.criteria.files import CategoryFile, category_paths, own_or_shipped, raw_questions, read_category
from vendor_eval.criteria.models import Criteria, EvidenceWords, ScorecardFile, SourceRegister
from vendor_eval.criteria.questions import CertificationScheme
from vendor_eval.criteria.references import bind
from vendor_eval.issues import InputError, Issue, UnknownNameError

# Sound criteria by the hash of their files, since a process that evaluates again loads the same ones.
_loaded: dict[str, Criteria] = {}
_MOST = 8


def load_criteria(path: str | Path | None = None) -> Criteria:
    """Load a criteria folder by its path, or a shipped one by its name; without either, the newest.

    Raises InputError with every fault of every file.

    >>> len(load_criteria().file.categories)
    7
    """
    folder = folder_of(path)
    digest = _digest(folder)
    if digest in _loaded:
        return _loaded[digest]
    criteria = _load(folder)
    if digest:
        if len(_loaded) >= _MOST:
            _loaded.pop(next(iter(_loaded)))
        _loaded[digest] = criteria
    return criteria


def _digest(folder: Path) -> str:
    """Hash the files of a folder; '' where one of them cannot be read, which loading reports."""
    try:
        files = [(file.name, read_regular(file)) for file in sorted(folder.glob("*.y*ml"))]
    except OSError:
        return ""
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _load(folder: Path) -> Criteria:
    faults: list[Issue] = []
    scheme = own_or_shipped(folder, "certification.yaml", CertificationScheme, faults)
    words = own_or_shipped(folder, "evidence_words.yaml", EvidenceWords, faults)
    scorecard = load_document(folder / "scorecard.yaml", ScorecardFile)
    faults.extend(scorecard.faults)
    register = SourceRegister()
    if (folder / "sources.yaml").exists():
        written = load_document(folder / "sources.yaml", SourceRegister)
        faults.extend(written.faults)
        register = written.value or register
    files = [read_category(file, scheme, faults) for file in category_paths(folder)]
    faults.extend(check_files(scorecard.source, files, register))
    if faults or scheme is None or words is None or scorecard.value is None:
        raise InputError(sorted(faults, key=in_order))
    return _criteria(scorecard.value, files, scheme, words, register)


def in_order(issue: Issue) -> tuple[str, int, int]:
    """Key that puts faults in the order in which files are edited."""
    return issue.location.file, issue.location.line, issue.location.column


def own_files(path: str | Path | None) -> dict[str, bytes]:
    """Read the files of a criteria folder to copy them, by name; questions write `scale` in place of `judgement`."""
    folder = folder_of(path)
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]
    categories = category_paths(folder)
    return {
        file.name: _with_scale(file) if file in categories else file.read_bytes()
        for file in files
        if file.suffix in {".yaml", ".yml"} or file.name == "schema.json"
    }


def _with_scale(file: Path) -> bytes:
    source, _ = parse_document(file)
    keys = [
        (source.locate((*path, "judgement"), key=True), "judgement" if raw["judgement"] is True else "source")
        for path, raw in raw_questions(source)
        if "judgement" in raw and "scale" not in raw
    ]
    if not keys:
        return file.read_bytes()
    lines = file.read_bytes().decode().split("\n")
    for place, scale in keys:
        line, at = lines[place.line - 1], place.column - 1
        key = re.sub(r"""^["']?judgement["']?\s*:\s*\w+""", f"scale: {scale}", line[at:])
        lines[place.line - 1] = f"{line[:at]}{key}"
    return "\n".join(lines).encode()


def folder_of(path: str | Path | None) -> Path:
    """Find the folder of criteria that a path or a name means; raise UnknownNameError if there is none."""
    if path is None or str(path) in BANKS:
        return criteria_folder(str(path or SHIPPED))
    folder = Path(path)
    if not (folder / "scorecard.yaml").is_file():
        names = " or ".join(f"'{name}'" for name in BANKS)
        message = f"{path}: no criteria folder, since it has no scorecard.yaml; give the folder's path, or {names}"
        raise UnknownNameError(message)
    return folder


def _criteria(
    scorecard: ScorecardFile,
    files: Iterable[CategoryFile],
    scheme: CertificationScheme,
    words: EvidenceWords,
    register: SourceRegister,
) -> Criteria:
    by_id = {file.id: file.category for file in files if file.category is not None}
    order = ([scorecard.vendor_profile] if scorecard.vendor_profile else []) + list(scorecard.categories)
    categories = tuple(by_id[name] for name in order)
    # Over the meaning of the files: formatting and comments do not change it.
    # Defaults are left out, so that a key which is new in a release leaves older folders as they were.
    content = [
        model.model_dump(mode="json", exclude_defaults=True)
        for model in (scorecard, *categories, scheme, words, *([register] if register.sources else ()))
    ]
    sha256 = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    criteria = Criteria(scorecard, categories, scheme, words, sha256, register)
    return criteria.with_questions(lambda question: bind(question, scheme))
