"""What became of each question of the version before."""

from collections.abc import Iterator
from pathlib import Path

from vendor_eval.config.models import load_document
from vendor_eval.criteria.folder import folder_of, load_criteria
from vendor_eval.criteria.models import ChangesFile
from vendor_eval.issues import VendorEvalError

_COMPARED = ("type", "text", "options", "parts", "levels", "unit", "points", "weight", "applies", "gates", "evidence")


def changes(path: str | Path | None = None) -> Iterator[tuple[str, str, str]]:
    """Tell of each question of the version before, and of each new one: its id, what became of it, and why.

    Raises VendorEvalError where a criteria folder has no changes.yaml, InputError with every fault of the files.
    """
    file = folder_of(path) / "changes.yaml"
    if not file.is_file():
        raise VendorEvalError(f"{file.parent}: has no changes.yaml, so nothing is known of an earlier version")
    written: ChangesFile = load_document(file, ChangesFile).sound()
    old, new = load_criteria(written.of).questions, load_criteria(path).questions
    for name, question in old.items():
        if name in new:
            keys = ", ".join(k for k in _COMPARED if getattr(question, k, None) != getattr(new[name], k, None))
            yield name, f"changed: {keys}" if keys else "as before", ""
        else:
            removal = written.removed.get(name)
            into = " and ".join(removal.into) if removal else ""
            yield name, f"now in {into}" if into else "removed", removal.reason if removal else ""
    for name, question in new.items():
        if name not in old:
            yield name, f"new, takes over {' and '.join(question.replaces)}" if question.replaces else "new", ""
