"""Choose the reader of a file by its first bytes, never by its name."""

import base64
import codecs
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from vendor_eval.config.input_files import NotRegularError, read_regular
from vendor_eval.spreadsheets.binary import read_cells
from vendor_eval.spreadsheets.cells import Book, unreadable
from vendor_eval.spreadsheets.csv_file import read_separated
from vendor_eval.spreadsheets.excel import read_excel
from vendor_eval.spreadsheets.guard import LARGEST_FILE, guard_size, part_names, unpack
from vendor_eval.spreadsheets.opendocument import CellStyles, guard_open_document
from vendor_eval.spreadsheets.worker import PASSWORD, open_in_worker

Passwords = Callable[[str], str | None]
PASSWORD_FAULT = "encrypted"  # noqa: S105  the code of an issue


def no_password(_file: str) -> None:
    """Return no password for any file."""


def known_password(_file: str) -> str | None:
    """Return the password from the environment, the same for every file."""
    return os.environ.get(PASSWORD) or None


def read_workbook(path: Path, *, name: str | None = None, password: Passwords = no_password) -> Book:
    """Read a workbook; messages and locations call the file by `name`.

    `password` is called for a file that is encrypted. Raises InputError with the cure where the file cannot be read.
    """
    shown = name or path.name
    content = _read_bytes(shown, path)
    guard_size(shown, content)
    for magic, reader in READERS.items():
        if content.startswith(magic):
            return reader(shown, content, password)
    if not content.strip(b"\0 \t\r\n"):
        fault = "is empty (0 bytes)" if not content else "holds nothing but blanks"
        raise unreadable(shown, f"{fault}: ask whose it is to send it again")
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:64]
    refused = next((words for magic, words in REFUSED.items() if start.startswith(magic)), None)
    if refused is None and path.suffix.casefold() == ".csv":
        return read_separated(shown, content)
    raise unreadable(shown, f"{refused or 'is no workbook of a known kind'}: {_SAVE_AS}")


def _read_bytes(name: str, path: Path) -> bytes:
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


def _read_zip(name: str, content: bytes, password: Passwords) -> Book:
    """Read .xlsx and .xlsm here, .ods and .xlsb in a worker; all of them pass the guard."""
    names = part_names(name, content)
    if "xl/workbook.bin" in names:
        unpack(name, content)
        return _read_in_worker(name, content, password)
    if "content.xml" in names:
        parts = unpack(name, content)
        _check_open_document(name, parts)
        return _read_in_worker(name, content, password, guard_open_document(name, parts))
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


def _read_in_worker(name: str, content: bytes, password: Passwords, styles: CellStyles | None = None) -> Book:
    """Read a binary, OpenDocument or encrypted file in a worker; a decrypted file may be an .xlsx."""
    if _WORD in content and content.startswith(_OLE):
        raise unreadable(name, _OTHER_ZIPS["word/"])
    answer = open_in_worker(content, None)
    if answer.get("refused") == "encrypted":
        secret = password(name)
        if secret is None:
            message = "is protected by a password: set VENDOR_EVAL_PASSWORD, or run in a terminal to be asked for it"
            raise unreadable(name, message, code=PASSWORD_FAULT)
        answer = open_in_worker(content, secret)
    if "workbook" in answer:
        return replace(read_excel(name, base64.b64decode(answer["workbook"])), sha256=sha256(content).hexdigest())
    if "sheets" not in answer:
        why = str(answer.get("refused"))
        raise unreadable(name, _WHY[why], code=_CODES.get(why, "unreadable-file"))
    return read_cells(name, content, answer["sheets"], styles)


_OLE = b"\xd0\xcf\x11\xe0"
# The name of the stream that makes an old container a Word document.
_WORD = "WordDocument".encode("utf-16-le")
_WHY: dict[str, str] = {
    "encrypted": "is protected by a password that does not open it: ask whose it is for a copy without one",
    "wrong-password": "does not open with the password given: check it, or ask whose it is for a copy without one",
    "limits": "needs more than 30 seconds or 768 MiB of memory to open: save it as .xlsx, use that file",
    "damaged": "is cut off or damaged, or no workbook: open it in Excel, save as .xlsx, use that file",
}
_CODES = {"encrypted": PASSWORD_FAULT, "wrong-password": "wrong-password", "limits": "reader-limits"}

# Kinds of file by their first bytes.
READERS: dict[bytes, Callable[[str, bytes, Passwords], Book]] = {
    b"PK\x03\x04": _read_zip,
    _OLE: _read_in_worker,
    # Old .xls files without the container: BIFF2 to BIFF5.
    b"\x09\x00": _read_in_worker,
    b"\x09\x02": _read_in_worker,
    b"\x09\x04": _read_in_worker,
    b"\x09\x08": _read_in_worker,
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
