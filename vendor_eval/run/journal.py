"""A journal of files that are swapped: what a killed run had begun, the next one undoes before it writes.

What is to be written is staged in a scratch folder beside its target. While files are swapped a journal stands there,
written to the disk before the first of them moves; removing it is the one step that makes the new set count. A scratch
folder is locked as long as its run lives, so one that nobody locks was left by a run that was killed.
"""

import hashlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from vendor_eval.config.input_files import load_json
from vendor_eval.formatting.file_names import free_name
from vendor_eval.issues import VendorEvalError
from vendor_eval.record.lock import open_locked

STAGED = "new"
KEPT = "kept"
_REPLACED = "old"
_JOURNAL = "journal.json"
_LOCK = "lock"
_PREFIX = ".vendor-eval-"
_DIGITS = 12
# Another run that writes the same target needs as long as it stages its files.
_PATIENCE = 30.0


def is_inside(name: str) -> bool:
    """Return whether a path stays inside the folder that it is relative to."""
    path = Path(name)
    return not path.anchor and ".." not in path.parts


def _checked(name: str) -> str:
    if not is_inside(name):
        raise ValueError("leads out of the folder")
    return name


# A journal may come with somebody else's folder.
_Name = Annotated[str, AfterValidator(_checked)]


class Swap(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: _Name
    """Name of the folder, which stands beside the scratch folder."""
    is_new: bool
    """The folder was not there before."""
    new: Mapping[_Name, str]
    """The SHA-256 of each file that is staged."""
    old: tuple[_Name, ...]
    """Files that give way and are dropped."""
    kept: Mapping[_Name, _Name]
    """Files that give way, and the place inside the folder where each is kept."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({*self.new, *self.old, *self.kept}))


@contextmanager
def scratch_folder(target: Path, *, patience: float = _PATIENCE) -> Iterator[Path]:
    """Open an empty scratch folder beside a file or folder that is to be replaced, and remove it at the end.

    What killed runs left beside the target is undone and cleared first, what was swapped in here and not made to count
    is undone at the end. Raises VendorEvalError where another run is writing the target and does not end in time.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    undo_killed_runs(target.parent)
    digits = hashlib.sha256(target.name.encode(errors="surrogateescape")).hexdigest()[:_DIGITS]
    scratch = target.parent / f"{_PREFIX}{digits}"
    last = time.monotonic() + patience
    while (lock := _locked(scratch)) is None:
        if time.monotonic() > last:
            raise VendorEvalError(f"{target}: another run is writing it; wait until it has ended and run again")
        time.sleep(0.05)
    with _owned(scratch, lock):
        yield scratch


def undo_killed_runs(folder: Path) -> None:
    """Put back what runs that were killed had begun to swap in a folder, and remove their scratch folders."""
    for scratch in sorted(folder.glob(f"{_PREFIX}{'[0-9a-f]' * _DIGITS}")):
        if scratch.is_dir() and not scratch.is_symlink() and (lock := _locked(scratch)) is not None:
            with _owned(scratch, lock):
                pass


def _locked(scratch: Path) -> int | None:
    """Lock a scratch folder, made if need be; None where a living process has it."""
    try:
        # Prices are in it, and the folder around it may be open to others.
        if scratch.is_symlink() or (scratch.exists() and not scratch.is_dir()):
            # Whatever it holds or leads to is somebody else's.
            raise VendorEvalError(f"{scratch}: is no folder of this tool; move it away and run again")
        scratch.mkdir(mode=0o700, exist_ok=True)
        lock = open_locked(scratch / _LOCK, 0o600)
    except FileNotFoundError:  # its run has just removed it
        return None
    return lock and lock[0]


@contextmanager
def _owned(scratch: Path, lock: int) -> Iterator[None]:
    """Work in a locked scratch folder: before and after, a swap that does not count is undone and the rest cleared."""
    try:
        _settle(scratch)
        try:
            yield
        finally:
            _settle(scratch)
    finally:
        if sys.platform == "win32":  # which removes no file that is open
            os.close(lock)
        with suppress(OSError):
            (scratch / _LOCK).unlink()
            scratch.rmdir()
        if sys.platform != "win32":
            os.close(lock)


def _settle(scratch: Path) -> None:
    journal = scratch / _JOURNAL
    if os.path.lexists(journal):
        try:
            if not stat.S_ISREG(journal.lstat().st_mode):
                raise ValueError("no regular file")  # noqa: TRY301  worded below, as every other fault of the file
            swap = load_json(journal, Swap)
            _refuse_links(scratch, swap)
        except ValueError as error:
            raise VendorEvalError(f"{journal}: is damaged; move {scratch} away and run again") from error
        _undo(scratch, swap)
        journal.unlink()
    for path in scratch.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


def _refuse_links(scratch: Path, swap: Swap) -> None:
    """Raise ValueError where undoing would reach through a link to other folders."""
    inside = [f"{folder}/{name}" for folder in (STAGED, _REPLACED) for name in swap.names]
    paths = [(scratch, name) for name in inside]
    paths += [(scratch.parent / swap.folder, name) for name in (*swap.names, *swap.kept.values())]
    for base, name in paths:
        if any((base / parent).is_symlink() for parent in Path(name).parents[:-1]):
            raise ValueError("links lead out of the folder")


def write(path: Path, parts: Iterable[bytes]) -> str:
    """Write a file with its folders, and return its SHA-256; an OSError names a file."""
    digest = hashlib.sha256()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
    except OSError as error:
        # A full disk does not say which file it had no room for.
        raise OSError(error.errno, error.strerror, error.filename or path.name) from error
    return digest.hexdigest()


def sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def move(source: Path, target: Path, *, shown: Path) -> None:
    """Move a file over another; raises VendorEvalError that names the one that is open elsewhere or in the way."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as error:
        message = f"{shown}: cannot be replaced ({error.strerror}); close it where it is open and run again"
        raise VendorEvalError(message) from error


def free_place(folder: Path, name: str, taken: Iterable[str]) -> str:
    """Find the path inside a folder where a changed file is kept: its name, with the day on which it was changed."""
    changed = datetime.fromtimestamp((folder / name).lstat().st_mtime, tz=UTC).astimezone().date()
    stems = {path.stem.casefold() for path in (*(folder / KEPT).glob("*"), *map(Path, taken))}
    return f"{KEPT}/{free_name(f'{Path(name).stem}-{changed}', stems)}{Path(name).suffix}"


def swap_in(
    scratch: Path, folder: Path, new: Mapping[str, str], old: Iterable[str], kept: Mapping[str, str] | None = None
) -> None:
    """Put the staged files in place of the old ones; what fails on the way is undone when the scratch folder closes.

    `new` maps them to their SHA-256, `kept` those that are moved aside to their place inside the folder.
    """
    swap = Swap(folder=folder.name, is_new=not folder.exists(), new=new, old=tuple(old), kept=kept or {})
    # The journal is whole and on the disk before anything moves.
    draft = scratch / f"{_JOURNAL}.part"
    with draft.open("w", encoding="utf-8") as file:
        file.write(swap.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(scratch / _JOURNAL)
    for name in swap.names:
        if name in swap.old or name in swap.kept:
            move(folder / name, _saved(scratch, swap, name), shown=folder / name)
        if name in swap.new:
            move(scratch / STAGED / name, folder / name, shown=folder / name)
    _remove_empty(folder, swap.names)
    (scratch / _JOURNAL).unlink()


def _saved(scratch: Path, swap: Swap, name: str) -> Path:
    place = swap.kept.get(name)
    return scratch / _REPLACED / name if place is None else scratch.parent / swap.folder / place


def _undo(scratch: Path, swap: Swap) -> None:
    """Put the old set back. It may be killed as well: each step is done or not, and what is done is not done again."""
    folder = scratch.parent / swap.folder
    for name in swap.names:
        current, saved = folder / name, _saved(scratch, swap, name)
        had = name in swap.old or name in swap.kept
        placed = name in swap.new and not os.path.lexists(scratch / STAGED / name)
        if not (os.path.lexists(saved) if had else placed):
            continue
        if os.path.lexists(current) and sha256(current) != swap.new.get(name):
            # Somebody changed it after the run was killed.
            move(current, folder / free_place(folder, name, swap.kept.values()), shown=current)
        if had:
            move(saved, current, shown=current)
        else:
            current.unlink(missing_ok=True)
    _remove_empty(folder, (*swap.names, *swap.kept.values()))
    if swap.is_new and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    parents = {folder / parent for name in names for parent in Path(name).parents[:-1]}
    # A folder before the one that it is in.
    for parent in sorted(parents, reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
