"""Files and folders that are replaced whole: staged beside their place, then put there by renaming.

A folder is replaced as a set. The new one is complete, with what it keeps of the old one, before the two change places.
Whatever stands in a scratch folder is no set yet, or none any more, so that the next run may clear it. A scratch folder
is locked as long as its run lives: one that nobody locks was left by a run that was killed.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from vendor_eval.formatting.file_names import free_name
from vendor_eval.issues import VendorEvalError
from vendor_eval.record.lock import open_locked

STAGED = "new"
KEPT = "kept"
_REPLACED = "old"
_LOCK = "lock"
_PREFIX = ".vendor-eval-"
_DIGITS = 12
# Another run that writes the same target needs as long as it stages its files.
_PATIENCE = 30.0
# Functions of the system's library in which two names change places, and what stands before each of these names.
_EXCHANGES: Mapping[str, tuple[str, tuple[int, ...]]] = {"linux": ("renameat2", (-100,)), "darwin": ("renamex_np", ())}
_SWAP = 2


def is_inside(name: str) -> bool:
    """Return whether a path stays inside the folder that it is relative to."""
    path = Path(name)
    return not path.anchor and ".." not in path.parts


@contextmanager
def scratch_folder(target: Path, *, patience: float = _PATIENCE) -> Iterator[Path]:
    """Open an empty scratch folder beside a file or folder that is to be replaced, and remove it at the end.

    What killed runs left beside the target is cleared first. Raises VendorEvalError where another run is writing the
    target and does not end in time.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    clear_killed_runs(target.parent)
    digits = hashlib.sha256(target.name.encode(errors="surrogateescape")).hexdigest()[:_DIGITS]
    scratch = target.parent / f"{_PREFIX}{digits}"
    last = time.monotonic() + patience
    while (lock := _locked(scratch)) is None:
        if time.monotonic() > last:
            raise VendorEvalError(f"{target}: another run is writing it; wait until it has ended and run again")
        time.sleep(0.05)
    with _owned(scratch, lock):
        yield scratch


def clear_killed_runs(folder: Path) -> None:
    """Put back a folder that a killed run had just moved away, and remove what such runs staged beside it."""
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
    """Work in a locked scratch folder, which is cleared before and after."""
    try:
        _clear(scratch)
        try:
            yield
        finally:
            _clear(scratch)
    finally:
        if sys.platform == "win32":  # which removes no file that is open
            os.close(lock)
        with suppress(OSError):
            (scratch / _LOCK).unlink()
            scratch.rmdir()
        if sys.platform != "win32":
            os.close(lock)


def _clear(scratch: Path) -> None:
    replaced = scratch / _REPLACED
    for old in () if replaced.is_symlink() else replaced.glob("*"):
        # The run ended before the new folder had come.
        if not os.path.lexists(scratch.parent / old.name):
            old.rename(scratch.parent / old.name)
    for path in scratch.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


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


def move(source: Path, target: Path) -> None:
    """Move a file over another; raises VendorEvalError that names the one that is open elsewhere or in the way."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as error:
        message = f"{target}: cannot be replaced ({error.strerror}); close it where it is open and run again"
        raise VendorEvalError(message) from error


def free_place(folder: Path, name: str, taken: Iterable[str]) -> str:
    """Find the path inside a folder where a changed file is kept: its name, with the day on which it was changed."""
    changed = datetime.fromtimestamp((folder / name).lstat().st_mtime, tz=UTC).astimezone().date()
    stems = {path.stem.casefold() for path in (*(folder / KEPT).glob("*"), *map(Path, taken))}
    return f"{KEPT}/{free_name(f'{Path(name).stem}-{changed}', stems)}{Path(name).suffix}"


def swap_in(scratch: Path, folder: Path, replaced: Container[str] = (), kept: Mapping[str, str] | None = None) -> None:
    """Put the staged folder in the place of a folder, or where none is.

    Every file of the old one comes along but those that are `replaced`; `kept` maps files to the place inside the new
    folder where they are kept. Raises VendorEvalError where the folder cannot be replaced, which is as it was then.
    """
    staged, place, here = scratch / STAGED, folder.resolve(), _inside(folder)
    try:
        if not place.exists():
            staged.rename(place)
        elif here and not any(place.iterdir()):
            # A terminal that stands in it would be left in a folder that is gone.
            for path in sorted(staged.iterdir(), key=Path.is_file):
                path.rename(place / path.name)
        else:
            _carry_over(place, staged, replaced, kept or {})
            if not _exchange(staged, place):
                old = scratch / _REPLACED / place.name
                old.parent.mkdir()
                place.rename(old)
                staged.rename(place)
                old.rename(staged)
            # What came while files were carried over.
            _carry_over(staged, place, replaced, kept or {})
            if here:
                os.chdir(here)
    except OSError as error:
        cure = "close what is open in it, leave it with every terminal and run again"
        raise VendorEvalError(f"{folder}: cannot be replaced ({error.strerror}); {cure}") from error


def _inside(folder: Path) -> Path | None:
    """Return where this process stands, where that is in a folder."""
    with suppress(OSError):  # it stands in a folder that is gone
        here = Path.cwd()
        return here if here.is_relative_to(folder.resolve()) else None
    return None


def _carry_over(source: Path, target: Path, replaced: Container[str], kept: Mapping[str, str]) -> None:
    """Give a folder the files of another as well, where none of that name stands, and its empty folders."""
    for parent, folders, files in os.walk(source, topdown=False, onerror=_raise):
        base = Path(parent).relative_to(source)
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in (*files, *links):
            own = (base / name).as_posix()
            place = target / kept.get(own, own)
            if own not in replaced and not os.path.lexists(place):
                _link(Path(parent, name), place)
        if not (files or folders):
            (target / base).mkdir(parents=True, exist_ok=True)
        if (target / base).is_dir():
            # Who may read it, too.
            shutil.copystat(parent, target / base)


def _raise(error: OSError) -> None:
    raise error


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # some file systems have no second name of a file
        shutil.copy2(source, target, follow_symlinks=False)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or its file system has no such step."""
    import ctypes

    name, start = _EXCHANGES.get(sys.platform, ("", ()))
    step = getattr(ctypes.CDLL(None), name, None) if name else None
    return step is not None and step(*start, os.fsencode(one), *start, os.fsencode(other), _SWAP) == 0
