"""One writer of a record at a time, and files that are whole or as they were before."""

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vendor_eval.issues import Issue, Location, VendorEvalError

LOCK = ".vendor-eval.lock"
_PATIENCE = 10.0
_LONGEST_NAME = 200
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    def lock_file(file: int) -> bool:
        # What is locked nobody else can read: a byte behind the name of the command.
        os.lseek(file, _LONGEST_NAME, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def lock_file(file: int) -> bool:
        """Lock an open file for this process; False where the file system has no locks.

        Raises BlockingIOError or PermissionError where another process has it.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some network file systems have no locks; a tender may lie there as well.
            if error.errno not in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}:
                raise
            return False
        return True


@contextmanager
def locked(folder: Path, command: str, *, patience: float = _PATIENCE) -> Iterator[tuple[Issue, ...]]:
    """Keep other writers off the record of a folder, and give the notices of it; a killed process loses the lock.

    Raises VendorEvalError that names the command which has it and does not end in time.
    """
    path = folder / LOCK
    last = time.monotonic() + patience
    while (lock := open_locked(path)) is None:
        if time.monotonic() > last:
            holder = _holder(path) or "another command"
            raise VendorEvalError(f"{path}: {holder} is writing the record; wait until it has ended and run again")
        time.sleep(0.05)
    file, is_locked = lock
    try:
        name = f"vendor-eval {command} (process {os.getpid()})".encode(errors="replace")[:_LONGEST_NAME]
        with suppress(OSError):  # on a full disk a lock without a name locks as well
            os.write(file, name.ljust(_LONGEST_NAME))
        text = f"this file system has no locks, so nothing keeps a second writer off {folder.name}: take turns"
        yield () if is_locked else (Issue("record-unlocked", text, Location(LOCK)),)
    finally:
        with suppress(OSError):  # Windows removes no open file
            path.unlink()
        os.close(file)


def open_locked(path: Path, mode: int = 0o644) -> tuple[int, bool] | None:
    """Open and lock a file, made if need be: its number, and whether the file system has locks.

    None where a living process has it, or has just removed it.
    """
    file = os.open(path, _FLAGS, mode)
    try:
        is_locked = lock_file(file)
        if os.path.samestat(os.fstat(file), path.stat()):
            return file, is_locked
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    os.close(file)
    return None


def _holder(path: Path) -> str:
    with suppress(OSError), path.open("rb") as file:
        return file.read(_LONGEST_NAME).decode(errors="replace").strip()
    return ""


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place, sync it to the disk and move it there.

    Raises VendorEvalError where that fails, and the old file is whole then.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        # Left by a process that was killed; a link would lead elsewhere.
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        message = f"{path}: cannot be written ({error.strerror}): what stands there is as it was; mend that, run again"
        raise VendorEvalError(message) from error
