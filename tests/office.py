"""The real LibreOffice: recalculates a workbook in full, in a profile of its own."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# 0: always. Else LibreOffice believes the values that other programs saved.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item></oor:items>
"""


def recalculated(workbook: bytes, folder: Path) -> Path:
    """Convert a workbook to .xlsx with every formula computed anew."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    source, out = folder / "book.xlsx", folder / "out"
    source.write_bytes(workbook)
    command = [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / "book.xlsx"


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


def converted(source: Path, folder: Path, kinds: Iterable[str]) -> dict[str, Path]:
    """Save a workbook in other kinds; one of them that is not there is an error."""
    found = {}
    for kind in kinds:
        command = [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", kind, "--outdir", str(folder / kind), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        found[kind] = folder / kind / f"{source.stem}.{kind}"
        assert found[kind].is_file()
    return found
