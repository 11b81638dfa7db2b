"""Open binary, OpenDocument and encrypted files in a subprocess with limits on time and memory.

The libraries for these formats allocate what a file asks for and abort the whole process when that fails, and a key
derivation can run for hours. None of that reaches the process that evaluates.

The subprocess runs this file, which imports nothing of the package. A request is a line of JSON, {"password": text or
null}, and then the bytes of the file. The answer is JSON: {"sheets": [...]}, {"workbook": base64 of a decrypted .xlsx},
or {"refused": code}.
"""

import base64
import io
import json
import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

SECONDS = 30
MEMORY = 3 * 2**28
PASSWORD = "VENDOR_EVAL_PASSWORD"  # noqa: S105  the name of a variable
_OLE = b"\xd0\xcf\x11\xe0"
_ENTRY = 128
_WORKBOOKS = {"workbook", "book"}
_OTHER = {"worddocument": "word", "powerpoint document": "powerpoint"}
_ZIP = b"PK\x03\x04"
# Excel opens a workbook that is only write-protected with this password, without a prompt.
_NO_SECRET = "VelvetSweatshop"  # noqa: S105  everybody knows it


def open_in_worker(content: bytes, password: str | None) -> dict[str, Any]:
    """Open a file in a worker and return its answer; {"refused": "limits"} where it exceeded its limits."""
    request = json.dumps({"password": password}).encode() + b"\n" + content
    # Without -P the modules in this folder would shadow others of the same name.
    command = [sys.executable, "-P", str(Path(__file__))]
    environment = {name: value for name, value in os.environ.items() if name != PASSWORD}
    try:
        done = subprocess.run(  # noqa: S603  our own file
            command, input=request, capture_output=True, timeout=SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return {"refused": "limits"}
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        # It was killed, or aborted for lack of memory.
        return {"refused": "limits" if done.returncode < 0 else "damaged"}
    return answer if isinstance(answer, dict) else {"refused": "damaged"}


def main() -> None:
    """Answer one request from standard input."""
    _limit_memory()
    header, _, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        answer = _open(content, json.loads(header)["password"])
    except MemoryError:
        answer = {"refused": "limits"}
    except BaseException:  # noqa: BLE001  a panic of a library in another language is no Exception
        answer = {"refused": "damaged"}
    sys.stdout.write(json.dumps(answer))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time-out holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _open(content: bytes, password: str | None) -> dict[str, Any]:
    if not content.startswith(_OLE):
        return _cells(content)
    content, refused = _container(content)
    if refused:
        return {"refused": refused}
    decrypted = _decrypt(content, password)
    if isinstance(decrypted, dict):
        return decrypted
    # The zip of an encrypted file; an .xls may also contain a zip, for its theme.
    if decrypted.startswith(_ZIP):
        return {"workbook": base64.b64encode(decrypted).decode()}
    return _cells(decrypted)


def _container(content: bytes) -> tuple[bytes, str]:
    """Hide embedded workbooks, which the reader would take for the outer one; say why a container is no workbook."""
    import olefile  # type: ignore[import-untyped]  # it ships no types

    try:
        container = olefile.OleFileIO(io.BytesIO(content))
        top = {entry.sid: entry.name.casefold() for entry in container.root.kids}
        size, sector, result = container.sectorsize, container.first_dir_sector, bytearray(content)
        for first in range(0, len(container.direntries), size // _ENTRY):
            for number in range(size // _ENTRY):
                at = (sector + 1) * size + number * _ENTRY
                if first + number not in top and _stream(result[at : at + 64]) in _WORKBOOKS:
                    result[at : at + 2] = b"_\0"
            sector = container.fat[sector]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a malformed file makes the library raise
        return content, "damaged"
    if not _WORKBOOKS & set(top.values()):
        return bytes(result), next((why for stream, why in _OTHER.items() if stream in top.values()), "")
    return bytes(result), ""


def _stream(name: bytes | bytearray) -> str:
    return name.decode("utf-16-le", "replace").partition("\0")[0].casefold()


def _decrypt(content: bytes, password: str | None) -> bytes | dict[str, Any]:
    """Decrypt a file, or answer why not; a file that is not encrypted is returned unchanged."""
    import msoffcrypto  # type: ignore[import-untyped]  # it ships no types

    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not office.is_encrypted():
            return content
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a malformed file makes the library raise: the next reader decides
        return content
    for candidate in (password, _NO_SECRET):
        if candidate is not None and (plain := _decrypt_with(content, candidate)) is not None:
            return plain
    return {"refused": "encrypted" if password is None else "wrong-password"}


def _decrypt_with(content: bytes, password: str) -> bytes | None:
    import msoffcrypto

    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(content))
        office.load_key(password=password, verify_password=True)
        office.decrypt(plain)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a wrong password shows itself as any error of the decryption
        return None
    return plain.getvalue()


def _cells(content: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = {sheet.name: sheet for sheet in workbook.sheets_metadata}
        sheets = [
            {
                "name": name,
                "hidden": str(metadata[name].visible) != "SheetVisibleEnum.Visible",
                "cells": _sheet(workbook.get_sheet_by_name(name)),
            }
            for name in workbook.sheet_names
            if name in metadata and str(metadata[name].typ).endswith("WorkSheet")
        ]
    except PasswordError:
        return {"refused": "encrypted"}
    except (CalamineError, OSError, ValueError, IndexError, KeyError):
        return {"refused": "damaged"}
    return {"sheets": sheets}


def _sheet(sheet: Any) -> list[tuple[int, int, str, Any]]:
    """List the filled cells as row and column (counted from 1), kind and value."""
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True)
    return [
        (top + i + 1, left + j + 1, *_to_json(value))
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
        if value != ""
    ]


def _to_json(value: object) -> tuple[str, Any]:
    if isinstance(value, datetime | date | time):
        return type(value).__name__, value.isoformat()
    if isinstance(value, timedelta):
        return "timedelta", value.total_seconds()
    return "plain", value


if __name__ == "__main__":
    main()
