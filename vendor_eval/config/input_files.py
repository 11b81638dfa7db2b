"""Open files that others wrote: regular ones only, so that no pipe blocks and no device is read without end."""

import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Any

from vendor_eval.json_files import LARGEST, parse_json


class NotRegularError(OSError):
    """What stands at a path is a pipe, a socket or a device."""


def leads_out(path: Path, of: Path) -> bool:
    """Tell whether a path leads out of a folder, by its dots or by links."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(of))


def read_within(path: Path, most: int, *, follow: bool = True) -> bytes:
    """Read a regular file of at most so many bytes; raise OSError for a larger one, and as `open_regular` does."""
    content = read_regular(path, most + 1, follow=follow)
    if len(content) > most:
        raise OSError(errno.EINVAL, f"is larger than {most // 2**20} MiB", str(path))
    return content


def load_json(path: Path, model: Any = Any, *, is_result: bool = False) -> Any:
    """Parse a regular file as `parse_json` does; raise ValueError as that does, OSError as `read_within` does."""
    return parse_json(read_within(path, LARGEST), model, is_result=is_result)


def read_regular(path: Path, most: int = -1, *, follow: bool = True) -> bytes:
    """Read a regular file, opened once, at most so many bytes of it.

    Raises OSError as `open_regular` does.
    """
    with open_regular(path, follow=follow) as file:
        return file.read(most)


def hash_regular(path: Path) -> str:
    """Compute the SHA-256 of a regular file; raise OSError as `open_regular` does."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """Open a regular file for reading, once; links are followed unless told otherwise.

    Raises NotRegularError for a pipe, a socket or a device, OSError for what cannot be opened.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    # Some devices act when they are opened, and a socket cannot be: looked at before and after.
    special = NotRegularError(errno.EINVAL, "is no regular file but a pipe, a socket or a device", str(path))
    mode = (path.stat() if follow else path.lstat()).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # A link the system itself refuses.
    if not any(is_kind(mode) for is_kind in (stat.S_ISREG, stat.S_ISLNK)):
        raise special
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise special
    return file
