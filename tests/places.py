"""What the tests of configuration files share: files from text, and faults as place and code.

A « in a text stands before each place where a fault is expected; it is taken out before the file is written.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vendor_eval.issues import InputError

MARK = "«"
BANK1 = "annotation-partner@1"


def old_samples() -> Path:
    """Return the folder of the samples that were answered on version 1 of the shipped criteria."""
    return Path(__file__).parent / "bank1"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write each text under its name, without its marks."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.replace(MARK, "").encode())
    return folder


def places(files: dict[str, str | bytes]) -> list[str]:
    """`file:line:column` of each mark, in the order of files and lines."""
    texts = {name: text for name, text in files.items() if isinstance(text, str)}
    return [
        f"{name}:{number}:{column}"
        for name in sorted(texts)
        for number, line in enumerate(texts[name].split("\n"), start=1)
        for column in _columns(line)
    ]


def _columns(line: str) -> Iterator[int]:
    column = 1
    for sign in line:
        if sign == MARK:
            yield column
        else:
            column += 1


def faults(load: Callable[..., object], *arguments: object) -> list[str]:
    """Run what must fail, and name each fault as `file:line:column code`."""
    with pytest.raises(InputError) as caught:
        load(*arguments)
    return [f"{issue.location} {issue.code}" for issue in caught.value.issues]


def expected(files: dict[str, str | bytes], *codes: str) -> list[str]:
    """Each mark with its code; one code may stand for all of them."""
    found = places(files)
    named = codes * len(found) if len(codes) == 1 else codes
    return [f"{place} {code}" for place, code in zip(found, named, strict=True)]
