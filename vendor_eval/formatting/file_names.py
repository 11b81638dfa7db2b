"""Names of files made of ids: such that every file system takes them, each its own."""

import re
import unicodedata
from collections.abc import Iterable

# File systems take 255 bytes, and Windows 260 characters with all folders; ending and number need some of them.
_MOST_BYTES, _MOST_CHARACTERS = 200, 80


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Map ids to unique file names without suffix that every file system takes.

    An id that is such a name already keeps it, in whatever order. Names that differ in case alone are alike.

    >>> file_names(["Acme", "acme", "a/b", "../../etc", "CON", ""])
    {'Acme': 'Acme', 'acme': 'acme-2', 'a/b': 'a_b', '../../etc': '_.._etc', 'CON': 'CON_', '': 'vendor'}
    """
    wanted = {name: _file_name(name) for name in ids}
    taken: set[str] = set()
    names: dict[str, str] = {}
    for name in sorted(wanted, key=lambda name: wanted[name] != name):
        names[name] = free_name(wanted[name], taken)
        taken.add(names[name].casefold())
    return {name: names[name] for name in wanted}


def _file_name(name: str) -> str:
    from pathvalidate import sanitize_filename

    text = unicodedata.normalize("NFKC", name)
    text = "".join(" " if unicodedata.category(c) in {"Zl", "Zp"} else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn", "Co"})
    # A leading dot hides a file, ~$ marks what Office has open, and Windows drops dots and blanks at the end.
    text = text.lstrip("~$. ").rstrip(". ")
    # Windows passes over blanks before an ending; two names that it reserves pathvalidate does not know.
    text = re.sub(r"(?<!\s)\s+\.", ".", text)
    text = re.sub(r"(?i)^(con(?:in|out)\$)(?=\.|$)", r"\1_", text)
    text = sanitize_filename(text, platform="universal", replacement_text="_")[:_MOST_CHARACTERS]
    # Cut between characters.
    return text.encode()[:_MOST_BYTES].decode(errors="ignore").strip(". ") or "vendor"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Add a number to a name that is taken; `taken` is casefolded."""
    free, number = name, 2
    while free.casefold() in taken:
        free = f"{name}-{number}"
        number += 1
    return free
