"""Writing `out/`: safe names, built beside, swapped in as a set, never over a file that somebody else made."""

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from vendor_eval.config.input_files import read_regular
from vendor_eval.issues import VendorEvalError

MANIFEST = "manifest.json"
MAKER = "vendor-eval"
# File systems take 255 bytes; ending and number need some of them.
_LONGEST_NAME = 200

Content: TypeAlias = bytes | Callable[[], Iterable[bytes]]
"""What a file is to hold: its bytes, or what gives them in parts where they are many."""


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Give each id a file name without ending that every file system takes, no two alike.

    An id that is such a name already keeps it, whoever comes first. Names that differ in case alone are alike.

    >>> file_names(["Acme", "acme", "a/b", "../../etc", "CON", ""])
    {'Acme': 'Acme', 'acme': 'acme-2', 'a/b': 'a_b', '../../etc': '_.._etc', 'CON': 'CON_', '': 'vendor'}
    """
    wanted = {name: _file_name(name) for name in ids}
    taken: set[str] = set()
    given: dict[str, str] = {}
    for name in sorted(wanted, key=lambda name: wanted[name] != name):
        given[name] = _free_name(wanted[name], taken)
        taken.add(given[name].casefold())
    return {name: given[name] for name in wanted}


def _file_name(name: str) -> str:
    from pathvalidate import sanitize_filename

    text = unicodedata.normalize("NFKC", name)
    text = "".join(" " if unicodedata.category(c) in {"Zl", "Zp"} else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn", "Co"})
    # A leading dot hides a file, and Windows drops dots and blanks at the end.
    text = sanitize_filename(text, platform="universal", replacement_text="_").strip(". ")
    return _shortened(text, _LONGEST_NAME) or "vendor"


def _free_name(name: str, taken: Iterable[str]) -> str:
    free, number = name, 2
    while free.casefold() in taken:
        free = f"{name}-{number}"
        number += 1
    return free


def _shortened(text: str, most: int) -> str:
    """Cut to a number of bytes, between characters."""
    return text.encode()[:most].decode(errors="ignore").rstrip(". ")


def publish(folder: Path, files: Mapping[str, Content], *, within: str = "") -> None:
    """Replace what an earlier run wrote into a folder by these files, all of them or none.

    Keys are paths inside the folder. What an earlier run wrote outside the part `within` stays; files that no manifest
    names are never touched. Raises VendorEvalError where one of them is in the way, or a file cannot be replaced.
    """
    listed = _manifest(folder)
    _refuse_foreign(folder, files, listed)
    earlier = tuple(name for name in listed if name.startswith(within))
    others = [name for name in listed if not name.startswith(within)]
    if within and not files and not earlier:
        return
    made = sorted({*files, *others})
    manifest = json.dumps({"made_by": MAKER, "files": made}, indent=1, ensure_ascii=False) + "\n"
    content: dict[str, Content] = {**files, MANIFEST: manifest.encode()}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        staged, kept = Path(scratch, "new"), Path(scratch, "old")
        for name, data in content.items():
            _write(staged / name, data)
        _swap(folder, staged, kept, content, earlier)


def write_file(path: Path, data: bytes) -> None:
    """Write one file through a temporary name, so that it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-eval-", dir=path.parent) as scratch:
        staged = Path(scratch, path.name)
        _write(staged, data)
        _move(staged, path, shown=path)


def _manifest(folder: Path) -> tuple[str, ...]:
    if folder.exists() and not folder.is_dir():
        message = f"{folder}: is a file, and results are written to a folder of that name; move the file away"
        raise VendorEvalError(message)
    try:
        manifest = json.loads(read_regular(folder / MANIFEST))
        if manifest["made_by"] != MAKER:
            raise ValueError("another tool made it")  # noqa: TRY301  worded below, as every other fault of the file
        return tuple(name for name in manifest["files"] if isinstance(name, str) and _is_inside(name))
    except FileNotFoundError:
        return ()
    except RecursionError as error:
        message = f"{folder / MANIFEST}: is nested too deep to be what an earlier run wrote; move the folder away"
        raise VendorEvalError(message) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder / MANIFEST}: is not what an earlier run wrote ({error}); move the folder away and run again"
        raise VendorEvalError(message) from error


def _is_inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def _refuse_foreign(folder: Path, files: Iterable[str], earlier: Iterable[str]) -> None:
    ours = {*earlier, MANIFEST}
    parents = {str(parent) for name in (*files, *earlier) for parent in Path(name).parents[:-1]}
    above = sorted(parent for parent in parents if _is_no_folder(folder / parent))
    foreign = [*above, *(name for name in files if name not in ours and os.path.lexists(folder / name))]
    if foreign:
        message = f"{folder / foreign[0]}: was not made by this tool and would be replaced; move it away and run again"
        raise VendorEvalError(message)


def _is_no_folder(path: Path) -> bool:
    """Tell whether a file or a link stands where a folder has to be."""
    return path.is_symlink() or (path.exists() and not path.is_dir())


def _write(path: Path, data: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines([data] if isinstance(data, bytes) else data())


def _swap(folder: Path, staged: Path, kept: Path, content: Iterable[str], earlier: Iterable[str]) -> None:
    names = sorted({*content, *earlier})
    moved: list[str] = []
    placed: list[str] = []
    try:
        for name in names:
            if (folder / name).is_file():
                _move(folder / name, kept / name, shown=folder / name)
                moved.append(name)
            if (staged / name).is_file():
                _move(staged / name, folder / name, shown=folder / name)
                placed.append(name)
    except BaseException:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
        for name in moved:
            shutil.move(kept / name, folder / name)
        _remove_empty(folder, names)
        raise
    _remove_empty(folder, earlier)


def _move(source: Path, target: Path, *, shown: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as error:
        message = f"{shown}: cannot be replaced ({error.strerror}); close it where it is open and run again"
        raise VendorEvalError(message) from error


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    for parent in {(folder / name).parent for name in names} - {folder}:
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
