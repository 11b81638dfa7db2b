"""Binary, OpenDocument and encrypted workbooks (.xls, .xlsb, .ods), read by libraries of others.

These allocate what a file asks for and abort the process when that fails, and a key derivation can run for hours: only
a worker calls what is here.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.spreadsheets.cells import Book, Cell, Doubt, Sheet, letters, unreadable
from vendor_eval.spreadsheets.guard import LONGEST_TEXT, MOST_CELLS
from vendor_eval.spreadsheets.old_excel import decoded, with_usual_records
from vendor_eval.spreadsheets.opendocument import CellStyles
from vendor_eval.spreadsheets.styles import PLAIN
from vendor_eval.spreadsheets.workers import Passwords

PASSWORD_FAULT = "encrypted"  # noqa: S105  the code of an issue
# Excel opens a workbook that is only write-protected with this password, without a prompt.
_NO_SECRET = "VelvetSweatshop"  # noqa: S105  everybody knows it
_ENTRY = 128
_WORKBOOKS = {"workbook", "book"}
# Streams of the root that make a container a document of another program, by the folder of its kind in a zip.
_OTHER = {"worddocument": "word/", "powerpoint document": "ppt/"}
_UNDECODED = Doubt("marked-text", "the cell holds signs that its charset does not have: type the text again")
_DAMAGED = "is cut off or damaged, or no workbook: open it in Excel, save as .xlsx, use that file"


def outer_workbook(name: str, content: bytes) -> tuple[bytes, str]:
    """Hide the workbooks that are embedded in a container, which a reader would take for the outer one.

    The second value is the kind of a container that is no workbook, by its folder in a zip; '' for a workbook. Only the
    root directory decides. Raises InputError where the container is damaged.
    """
    import olefile  # type: ignore[import-untyped]  # it ships no types

    try:
        container = olefile.OleFileIO(io.BytesIO(content))
        top = {entry.sid: entry.name.casefold() for entry in container.root.kids}
        size, sector, result = container.sectorsize, container.first_dir_sector, bytearray(content)
        for first in range(0, len(container.direntries), size // _ENTRY):
            for number in range(size // _ENTRY):
                at = (sector + 1) * size + number * _ENTRY
                stream = result[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
                if stream.casefold() in _WORKBOOKS:
                    # A reader looks for the exact name.
                    own = first + number in top
                    spelt = stream.capitalize() if own else f"_{stream[1:]}"
                    result[at : at + 2 * len(stream)] = spelt.encode("utf-16-le")
            sector = container.fat[sector]
    except MemoryError:
        raise
    except Exception as error:  # whatever a malformed file makes the library raise
        raise unreadable(name, _DAMAGED) from error
    is_workbook = bool(_WORKBOOKS & set(top.values()))
    other = "" if is_workbook else next((kind for stream, kind in _OTHER.items() if stream in top.values()), "")
    return bytes(result), other


def decrypt(name: str, content: bytes, password: Passwords) -> bytes:
    """Decrypt a file; one that is not encrypted is returned unchanged.

    `password` is called where a password is needed. Raises InputError where none opens the file.
    """
    import msoffcrypto  # type: ignore[import-untyped]  # it ships no types

    try:
        if not msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted():
            return content
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a malformed file makes the library raise: the next reader decides
        return content
    plain = _decrypt_with(content, _NO_SECRET)
    if plain is None:
        secret = password(name)
        if secret is None:
            message = "is protected by a password: set VENDOR_EVAL_PASSWORD, or run in a terminal to be asked for it"
            raise unreadable(name, message, code=PASSWORD_FAULT)
        plain = _decrypt_with(content, secret)
    if plain is None:
        message = "does not open with the password given: check it, or ask whose it is for a copy without one"
        raise unreadable(name, message, code="wrong-password")
    return plain


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


def read_binary(name: str, content: bytes, kind: str, styles: CellStyles | None = None) -> Book:
    """Read a workbook of a kind such as `.xls`; it is marked as read with reduced checks.

    `styles` are the cells of an OpenDocument file that show a percentage or money, None for other kinds of file.
    """
    unseen = "formulas, formats" if styles is None else "formulas, words of formats"
    unseen += ", error cells, notes, text boxes, pictures, check boxes and struck-through or raised text"
    message = f"is an {kind} file, read with reduced checks: {unseen} cannot be seen and may be there"
    remark = Issue("reduced-checks", message, Location(name))
    sheets = _sheets(name, content, styles or {}, is_old=kind == ".xls")
    cells = [cell for sheet in sheets for cell in sheet.cells]
    if len(cells) > MOST_CELLS:
        excess = "holds more than 500,000 filled cells: send only the sheets with answers"
        raise unreadable(name, excess, code="too-many-cells")
    long = next((cell for cell in cells if isinstance(cell.value, str) and len(cell.value) > LONGEST_TEXT), None)
    if long is not None:
        excess = f"{long.address} holds more than 32,767 characters: shorten it"
        raise unreadable(name, excess, code="text-too-long", cell=long.address)
    return Book(name, hashlib.sha256(content).hexdigest(), sheets, {}, reduced=kind, remarks=(remark,))


def _sheets(name: str, content: bytes, styles: CellStyles, *, is_old: bool) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        content, charset = with_usual_records(name, content) if is_old else (content, "")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = {sheet.name: sheet for sheet in workbook.sheets_metadata}
        return tuple(
            Sheet(
                decoded(title, charset),
                tuple(_cells(title, workbook.get_sheet_by_name(title), styles, charset)),
                str(metadata[title].visible) != "SheetVisibleEnum.Visible",
            )
            for title in workbook.sheet_names
            if title in metadata and str(metadata[title].typ).endswith("WorkSheet")
        )
    except PasswordError as error:
        message = "is protected by a password that does not open it: ask whose it is for a copy without one"
        raise unreadable(name, message, code=PASSWORD_FAULT) from error
    except (InputError, MemoryError):
        raise
    except BaseException as error:  # a panic of the library, which is in another language, is no Exception
        raise unreadable(name, _DAMAGED) from error


def _cells(title: str, sheet: Any, styles: CellStyles, charset: str) -> Iterator[Cell]:
    top, left = sheet.start or (0, 0)
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(values, left + 1):
            if value != "":
                style = styles.get((title, row, column), PLAIN)
                percent = style.shows == "percent" and isinstance(value, int | float)
                text = decoded(value, charset) if isinstance(value, str) else value
                doubt = _UNDECODED if isinstance(text, str) and "\ufffd" in text else None
                yield Cell(row, column, f"{letters(column)}{row}", text, percent, currency=style.currency, doubt=doubt)
