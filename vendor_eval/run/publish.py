"""Writing `out/`: safe names, all files replaced as a set, never a file that another tool made."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError

from vendor_eval.config.input_files import load_json
from vendor_eval.issues import VendorEvalError
from vendor_eval.json_files import faults_of, forbidden_character
from vendor_eval.run import journal
from vendor_eval.run.container import MOST_ENTRIES
from vendor_eval.run.journal import sha256

RESULTS = "results.json"
MANIFEST = "manifest.json"
MAKER: Literal["vendor-eval"] = "vendor-eval"

Content: TypeAlias = bytes | Callable[[], Iterable[bytes]]
"""Content of a file: its bytes, or a function that yields them in parts where they are many."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a reader of the folder should know: files older than results.json, and where changed workbooks are kept."""

    folder: Path
    stale: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept_notes(self) -> tuple[str, ...]:
        return tuple(
            f"{self.folder / name} was changed since it was written: the changed workbook is now {self.folder / place}"
            for name, place in self.kept.items()
        )

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.stale:
            return self.kept_notes
        older = f"older than {self.folder / RESULTS}, as the formats were not asked for"
        return (*self.kept_notes, f"{older}: {listing(self.folder, self.stale)}")


def listing(folder: Path, files: Iterable[str]) -> str:
    """List files; of a folder only the count of its files."""
    inside: dict[str, list[str]] = {}
    for name in files:
        inside.setdefault(name.partition("/")[0], []).append(name)
    return ", ".join(
        str(folder / first)
        if names == [first]
        else f"{folder / first} ({len(names)} file{'s' if len(names) > 1 else ''})"
        for first, names in inside.items()
    )


_Names = TypeVar("_Names", bound=Collection[str])


def _names(names: _Names) -> _Names:
    if len(names) > MOST_ENTRIES:
        raise ValueError(f"{len(names):,} files, and no run writes more than {MOST_ENTRIES:,}")
    if faulty := next(filter(forbidden_character, names), ""):
        raise ValueError(f"{faulty!r}: {forbidden_character(faulty)}")
    return names


class _Manifest(BaseModel):
    made_by: Literal["vendor-eval"]
    files: Annotated[tuple[str, ...], AfterValidator(_names)]
    sha256: Annotated[dict[str, str], AfterValidator(_names)] = {}
    """Without the files of a release that wrote no hashes."""
    stale: Annotated[tuple[str, ...], AfterValidator(_names)] = ()


def publish(
    folder: Path,
    files: Mapping[str, Content],
    *,
    within: tuple[str, ...] = ("",),
    progress: Callable[[str], None] = lambda _name: None,
) -> Published:
    """Replace the files of an earlier run in a folder by these, all of them or none.

    Keys are paths inside the folder. Files of an earlier run whose path begins with nothing of `within` stay; files
    that no manifest names are never touched, and a workbook that differs from what was written is kept aside.
    `progress` is called with the name of each file before its content is made.
    What a killed run left is put right first. Raises VendorEvalError where a file is in the way or cannot be replaced.
    """
    folder = folder.resolve() if folder.name == ".." else folder
    journal.undo_killed_runs(folder.parent)
    if not files and not any(name.startswith(within) for name in _manifest(folder).files):
        return Published(folder)
    with journal.scratch_folder(folder) as scratch:
        listed = _manifest(folder)
        others = tuple(name for name in listed.files if name not in files and not name.startswith(within))
        earlier = tuple(name for name in listed.files if name not in others)
        _refuse_foreign(folder, files, earlier)
        new: dict[str, str] = {}
        for name, content in files.items():
            progress(name)
            new[name] = _write(scratch / journal.STAGED / name, content)
        hashes = new | {name: listed.sha256[name] for name in others if name in listed.sha256}
        stale = others if RESULTS in files else tuple(name for name in others if name in listed.stale)
        manifest = {"made_by": MAKER, "files": sorted({*files, *others}), "sha256": hashes, "stale": sorted(stale)}
        text = json.dumps(manifest | {"sha256": dict(sorted(hashes.items()))}, indent=1, ensure_ascii=False) + "\n"
        new[MANIFEST] = _write(scratch / journal.STAGED / MANIFEST, text.encode())
        replaced = [name for name in {*earlier, MANIFEST} if (folder / name).is_symlink() or (folder / name).is_file()]
        kept = _changed_workbooks(folder, sorted(replaced), listed.sha256, new)
        _refuse_foreign(folder, (), kept.values())
        old = sorted(set(replaced) - set(kept))
        journal.swap_in(scratch, folder, new, old, kept)
    return Published(folder, tuple(sorted(stale)), kept)


def refuse_filled(folder: Path, otherwise: str = "") -> None:
    """Raise for a place that is neither new nor an empty folder, once copies that were killed are undone."""
    journal.undo_killed_runs(folder.parent)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VendorEvalError(f"{folder}: exists and is not empty; name a new folder{otherwise}")


def copy_folder(files: Mapping[str, bytes], folder: Path, replaced: Iterable[str] = ()) -> None:
    """Write files into a folder in place of those that are replaced, all or none; a killed copy is undone by the next.

    A file that is written and not replaced must not be there.
    """
    folder = folder.resolve() if folder.name == ".." else folder
    with journal.scratch_folder(folder) as scratch:
        new = {name: journal.write(scratch / journal.STAGED / name, [content]) for name, content in files.items()}
        journal.swap_in(scratch, folder, new, replaced)


def write_file(path: Path, content: bytes) -> None:
    """Write a file through a temporary name, so that it is complete or absent."""
    with journal.scratch_folder(path) as scratch:
        staged = scratch / journal.STAGED / path.name
        journal.write(staged, [content])
        journal.move(staged, path, shown=path)


def _manifest(folder: Path) -> _Manifest:
    if folder.exists() and not folder.is_dir():
        message = f"{folder}: is a file, and results are written to a folder of that name; move the file away"
        raise VendorEvalError(message)
    try:
        manifest: _Manifest = load_json(folder / MANIFEST, _Manifest)
    except FileNotFoundError:
        return _Manifest(made_by=MAKER, files=())
    except (OSError, ValueError) as error:
        reason = "; ".join(faults_of(error)) if isinstance(error, ValidationError) else error
        message = (
            f"{folder / MANIFEST}: is not what an earlier run wrote ({reason}); move the folder away and run again"
        )
        raise VendorEvalError(message) from error
    return manifest.model_copy(update={"files": tuple(filter(journal.is_inside, manifest.files))})


def _refuse_foreign(folder: Path, files: Iterable[str], earlier: Iterable[str]) -> None:
    ours = {*earlier, MANIFEST}
    parents = {str(parent) for name in (*files, *earlier) for parent in Path(name).parents[:-1]}
    paths = {parent: folder / parent for parent in sorted(parents)}
    above = [name for name, path in paths.items() if path.is_symlink() or (path.exists() and not path.is_dir())]
    foreign = [*above, *(name for name in files if name not in ours and os.path.lexists(folder / name))]
    if foreign:
        message = f"{folder / foreign[0]}: was not made by this tool and would be replaced; move it away and run again"
        raise VendorEvalError(message)


def _changed_workbooks(
    folder: Path, names: Iterable[str], written: Mapping[str, str], new: Mapping[str, str]
) -> dict[str, str]:
    """Find a place for each workbook in which somebody may have typed: one that is not as it was or will be written."""
    kept: dict[str, str] = {}
    for name in names:
        workbook = name.endswith(".xlsx") and not (folder / name).is_symlink()
        if workbook and sha256(folder / name) not in {written.get(name), new.get(name)}:
            kept[name] = journal.free_place(folder, name, kept.values())
    return kept


def _write(path: Path, content: Content) -> str:
    return journal.write(path, [content] if isinstance(content, bytes) else content())
