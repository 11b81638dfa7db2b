"""The real LibreOffice: one for the whole run of the tests, in a profile of its own, with a time-out.

It stays open with a document of its own; each conversion is handed to it by a second call, which ends when it is done.
"""

import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from functools import cache
from pathlib import Path

import pytest
from xlsxwriter import Workbook

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
MISSING = "LibreOffice is missing: apt-get install libreoffice-calc-nogui"
needs_office = pytest.mark.skipif(SOFFICE is None, reason=MISSING)
SECONDS = 180
FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "ods": "ods:calc8",
    "fods": "fods:OpenDocument Spreadsheet Flat XML",
    "xls": "xls:MS Excel 97",
    "pdf": "pdf:calc_pdf_Export",
    # Commas, double quotes, UTF-8, cells as shown, each sheet a file.
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
}
# 0: always. Else LibreOffice believes the values that other programs saved.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item></oor:items>
"""
# Ends with all its children when its input does: also where somebody kills the tests.
_UNTIL_THE_TESTS_END = '"$@" & read -r _; kill -9 0'


class Office:
    """A running LibreOffice."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))
        user = self.folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        self.command = [str(SOFFICE), f"-env:UserInstallation={(self.folder / 'profile').as_uri()}", "--headless"]
        self.command += ["--norestore", "--nologo"]
        # Without a document LibreOffice would end after its first conversion.
        with Workbook(self.folder / "open.xlsx") as book:
            book.add_worksheet()
        self.process = subprocess.Popen(
            ["sh", "-c", _UNTIL_THE_TESTS_END, "sh", *self.command, str(self.folder / "open.xlsx")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_open()

    def _wait_until_open(self) -> None:
        end = time.monotonic() + SECONDS
        while not (self.folder / ".~lock.open.xlsx#").exists():
            if time.monotonic() > end:
                self.stop()
                raise AssertionError("LibreOffice did not start")
            time.sleep(0.05)

    def convert(self, source: Path, kind: str, folder: Path) -> None:
        """Save a workbook as another kind of file into a folder; raise after a time-out."""
        command = [*self.command, "--convert-to", FILTERS[kind], "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)

    def stop(self) -> None:
        """End LibreOffice and remove its profile."""
        self.process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def _office() -> Office:
    return Office()


def stop() -> None:
    """End the LibreOffice of this run, if it was needed."""
    if _office.cache_info().currsize:
        _office().stop()
        _office.cache_clear()


def saved_as(source: Path, kind: str, folder: Path) -> Path:
    """Save a workbook as another kind of file; LibreOffice ends well even where it wrote nothing."""
    target = folder / f"{source.stem}.{kind}"
    target.unlink(missing_ok=True)
    try:
        _office().convert(source, kind, folder)
    except subprocess.TimeoutExpired:
        stop()
        raise
    assert target.is_file(), f"LibreOffice wrote no {kind} of {source}"
    return target


def sheets_as_csv(source: Path, folder: Path) -> dict[str, Path]:
    """Save each sheet of a workbook as CSV, by the name of the sheet."""
    _office().convert(source, "csv", folder)
    found = {path.stem.removeprefix(f"{source.stem}-"): path for path in folder.glob(f"{source.stem}-*.csv")}
    assert found, f"LibreOffice wrote no CSV of {source}"
    return found


def recalculated(workbook: bytes, folder: Path) -> Path:
    """Convert a workbook to .xlsx with every formula computed anew."""
    source = folder / "book.xlsx"
    source.write_bytes(workbook)
    return saved_as(source, "xlsx", folder / "out")


def edited(workbook: bytes, folder: Path, change) -> bytes:
    """Change the XML of every sheet."""
    source, target = folder / "before.xlsx", folder / "after.xlsx"
    source.write_bytes(workbook)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = change(data.decode()).encode()
            after.writestr(name, data)
    return target.read_bytes()


def poisoned(xml: str) -> str:
    """Put a wrong number where the value of a formula is saved."""
    numbers = re.sub(r"(</f>)<v>[^<]*</v>", r"\1<v>-777</v>", xml)
    return numbers.replace(' t="str"><f>', "><f>")
