"""What lies in the folders that others fill."""

from collections.abc import Iterator
from pathlib import Path

_JUNK = {"thumbs.db", "desktop.ini"}
_LEFT_OPEN = ("~", ".tmp")


def entries(folder: Path) -> Iterator[Path]:
    """List what a folder holds, without what is hidden and what editors and file managers leave behind."""
    yield from (path for path in sorted(folder.iterdir()) if is_entry(path.name)) if folder.is_dir() else ()


def is_entry(name: str) -> bool:
    """Tell whether a name in such a folder is one that somebody gave."""
    folded = name.casefold()
    return not folded.startswith((".", "~$")) and not folded.endswith(_LEFT_OPEN) and folded not in _JUNK


def spelt(name: str) -> str:
    """Spell a name that no text can hold, as archives from other systems leave them behind."""
    return name if name == name.encode(errors="replace").decode() else ascii(name)[1:-1]
