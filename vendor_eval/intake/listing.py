"""What lies in the folders that others fill."""

from collections.abc import Iterator
from pathlib import Path

_JUNK = {"thumbs.db", "desktop.ini"}
_LEFT_OPEN = ("~", ".tmp")


def entries(folder: Path) -> Iterator[Path]:
    """List what a folder holds, without what is hidden and what editors and file managers leave behind."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = path.name.casefold()
        if not name.startswith((".", "~$")) and not name.endswith(_LEFT_OPEN) and name not in _JUNK:
            yield path


def spelt(name: str) -> str:
    """Spell a name that no text can hold, as archives from other systems leave them behind."""
    return name if name == name.encode(errors="replace").decode() else ascii(name)[1:-1]
