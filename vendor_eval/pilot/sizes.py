"""Deliveries that are too large, told by their size alone: nothing here takes time to import."""

from pathlib import Path

from vendor_eval.config.yaml12 import parse_document
from vendor_eval.intake.listing import entries, spelt
from vendor_eval.issues import InputError, Issue, Location

LARGEST = 200_000_000
LABELS, EVALUATION, PILOT = "labels", "evaluation.yaml", "pilot"
SEVERAL = "send it in several files, which complete each other"


def refuse_too_large(size: int, file: str) -> None:
    """Raise InputError for a file of more than 200 MB."""
    if size > LARGEST:
        text = f"has {size / 1e6:,.0f} MB, and at most 200 MB are read: {SEVERAL}"
        raise InputError([Issue("file-too-large", text, Location(file, ""))])


def check_sizes(folder: Path) -> None:
    """Check the deliveries of a pilot, or of the pilot of an evaluation, before anything of it is read.

    Raises InputError for the first that is too large.
    """
    for path in entries(_pilot_folder(folder) / LABELS):
        file = f"{LABELS}/{spelt(path.name)}"
        for each in entries(path) if path.is_dir() else [path]:
            if each.is_file():
                name = file if each == path else f"{file}/{spelt(each.name)}"
                refuse_too_large(each.stat().st_size, name)


def _pilot_folder(folder: Path) -> Path:
    if not (folder / EVALUATION).is_file():
        return folder
    settings = parse_document(folder / EVALUATION)[0].value
    entry = settings.get("pilot") if isinstance(settings, dict) else None
    name = entry.get("folder") if isinstance(entry, dict) else entry
    return folder / (name if isinstance(name, str) else PILOT)
