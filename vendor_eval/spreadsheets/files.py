"""Choose the reader of a file by its first bytes, never by its name."""

import codecs
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from vendor_eval.config.input_files import NotRegularError, read_regular
from vendor_eval.spreadsheets.binary import PASSWORD_FAULT, decrypt, outer_workbook, read_binary
from vendor_eval.spreadsheets.cells import Book, unreadable
from vendor_eval.spreadsheets.csv_file import read_separated
from vendor_eval.spreadsheets.excel import read_excel
from vendor_eval.spreadsheets.guard import LARGEST_FILE, guard_size, holds_zip, part_names, unpack
from vendor_eval.spreadsheets.opendocument import guard_open_document
from vendor_eval.spreadsheets.workers import Passwords, charge, no_password, password_of, run_in_worker

PASSWORD = "VENDOR_EVAL_PASSWORD"  # noqa: S105  the name of a variable


def known_password(_file: str) -> str | None:
    """Return the password from the environment, the same for every file."""
    return os.environ.get(PASSWORD) or None


def read_workbook(path: Path, *, name: str | None = None, password: Passwords = no_password) -> Book:
    """Read a workbook in a worker process; messages and locations call the file by `name`.

    `password` is called for a file that is encrypted. Raises InputError with the cure where the file cannot be read, or
    needs more than its budget of processor time or memory.
    """
    return run_in_worker(_read, path, name or path.name, password=password)


def _read(path: Path, shown: str) -> Book:
    charge(shown)
    content = read_bytes(shown, path)
    guard_size(shown, content)
    for magic, reader in READERS.items():
        if content.startswith(magic):
            return reader(shown, content)
    if not content.strip(b"\0 \t\r\n"):
        fault = "is empty (0 bytes)" if not content else "holds nothing but blanks"
        raise unreadable(shown, f"{fault}: ask whose it is to send it again")
    if holds_zip(content):
        message = "holds a zip file behind other bytes: save it again in Excel as .xlsx, use that file"
        raise unreadable(shown, message, code="ambiguous-zip")
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:64]
    refused = next((words for magic, words in REFUSED.items() if start.startswith(magic)), None)
    if refused is None and path.suffix.casefold() == ".csv":
        return read_separated(shown, content)
    raise unreadable(shown, f"{refused or 'is no workbook of a known kind'}: {_SAVE_AS}")


def read_bytes(name: str, path: Path) -> bytes:
    """Read a regular file, opened once: a link is not followed, a pipe does not block."""
    try:
        if path.is_symlink():
            raise unreadable(name, "is a link, which is not followed: put the workbook itself here")
        return read_regular(path, LARGEST_FILE + 1, follow=False)
    except NotRegularError as error:
        raise unreadable(name, "is not a regular file: put the workbook itself here") from error
    except FileNotFoundError as error:
        raise unreadable(name, "does not exist: check the path") from error
    except OSError as error:
        if path.is_dir():
            raise unreadable(name, "is a folder: put the workbook itself here") from error
        raise unreadable(name, f"cannot be opened: {error.strerror}; check the permissions") from error


def _read_zip(name: str, content: bytes) -> Book:
    """Read a zip file: every kind of workbook in one passes the guard."""
    names = part_names(name, content)
    if "xl/workbook.bin" in names:
        unpack(name, content)
        return read_binary(name, content, ".xlsb")
    # LibreOffice 24.8 puts the whole of an encrypted file into one part.
    if names & {"content.xml", "encrypted-package"}:
        parts = unpack(name, content)
        _check_open_document(name, parts)
        return read_binary(name, content, ".ods", guard_open_document(name, parts))
    for part, words in _OTHER_ZIPS.items():
        if any(other.startswith(part) for other in names):
            raise unreadable(name, words)
    if not any(part.startswith("xl/") for part in names) and _CONTENT_TYPES not in names:
        raise unreadable(name, "is a zip file without a workbook in it: unpack it and use the workbook")
    return read_excel(name, content)


def _check_open_document(name: str, parts: Mapping[str, bytes]) -> None:
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        message = "is an .ods file protected by a password, which is not opened here: save it without one, or as .xlsx"
        raise unreadable(name, message, code=PASSWORD_FAULT)
    kind = parts.get("mimetype", b"spreadsheet")
    if b"spreadsheet" not in kind:
        raise unreadable(name, f"is an OpenDocument file of another kind, no spreadsheet: {_SAVE_AS}")


# A workbook may keep its parts in another folder than xl/.
_CONTENT_TYPES = "[content_types].xml"
_SAVE_AS = "open it in Excel or LibreOffice, save as .xlsx, use that file"
_OTHER_ZIPS = {
    "word/": "is a Word document: ask for the workbook, or copy the answers into it",
    "ppt/": "is a presentation: ask for the workbook",
    "index/": "is a Numbers or Pages document: export it as Excel, use that file",
}


def _read_old(name: str, content: bytes) -> Book:
    """Read an .xls, or a workbook under a password, which is kept in the same container."""
    if not content.startswith(_OLE):
        return read_binary(name, content, ".xls")
    container, other = outer_workbook(name, content)
    if other:
        raise unreadable(name, _OTHER_ZIPS[other])
    plain = decrypt(name, container, password_of)
    # The zip of an encrypted file passes the guard as well; an .xls may also contain a zip, for its theme.
    book = _read_zip(name, plain) if plain.startswith(_ZIP) else read_binary(name, plain, ".xls")
    return replace(book, sha256=sha256(content).hexdigest())


_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"

# Kinds of file by their first bytes.
READERS: dict[bytes, Callable[[str, bytes], Book]] = {
    _ZIP: _read_zip,
    _OLE: _read_old,
    # Old .xls files without the container: BIFF2 to BIFF5.
    b"\x09\x00": _read_old,
    b"\x09\x02": _read_old,
    b"\x09\x04": _read_old,
    b"\x09\x08": _read_old,
}
REFUSED: dict[bytes, str] = {
    b"%PDF": "is a PDF",
    b"<": "is a web page or XML",
    b"{\\rtf": "is a text document",
    b"PK\x05\x06": "is an empty zip file",
    b"PK\x07\x08": "is a part of a split zip file",
    b"\x1f\x8b": "is a packed file",
    b"7z\xbc\xaf": "is a packed file",
    b"Rar!\x1a": "is a packed file",
}
