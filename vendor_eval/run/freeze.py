"""A freeze: the folder of an evaluation with its criteria in one zip, the same bytes for the same files."""

import hashlib
import json
import os
import posixpath
import stat
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from os.path import lexists
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import Field

from vendor_eval.config.input_files import load_json, open_regular, read_regular, read_within
from vendor_eval.config.models import load_document
from vendor_eval.criteria import BANKS, SHIPPED, load_criteria
from vendor_eval.criteria.folder import folder_of
from vendor_eval.criteria.questions import Stage
from vendor_eval.formatting.file_names import file_names
from vendor_eval.formatting.printable import one_line
from vendor_eval.forms.tokens import FILE as TOKENS
from vendor_eval.intake.inbox import RESPONSES, WORKBOOKS
from vendor_eval.intake.listing import is_entry
from vendor_eval.intake.mapping.models import MappingFile, find_mapping, shipped_mappings
from vendor_eval.issues import InputError, Issue, Location, VendorEvalError
from vendor_eval.json_files import LARGEST
from vendor_eval.record.log import FILE as LOG, SEAL_FILE, Log, has_begun, read_log
from vendor_eval.reports.wording.freeze import readme
from vendor_eval.results.base import Input, PartRead, Record
from vendor_eval.results.letters import listed_letters
from vendor_eval.results.record import Chain, LogAnchor, RecordState
from vendor_eval.run import container, staging
from vendor_eval.run.publish import MANIFEST, RESULTS, write_file
from vendor_eval.tender import EVIDENCE, Elsewhere, Evaluation, Settings, parse_evaluation
from vendor_eval.tender.folder import find_evaluation

SUMS, README, TENDER, CRITERIA, OUTSIDE, PROFILE = (
    *("SHA256SUMS", "README.txt", "tender", "criteria", "elsewhere", "profile"),
)
OUT = "out"
RESULT = f"{TENDER}/{OUT}/{RESULTS}"
LETTERS = "letters/letters.json"
# Spelled here, since the rooms that read these files take longer to load than a freeze.
FINDINGS, SCORE_KEY, SCORES, PRICES, CONDITIONS = (
    *("findings.yaml", "score-key.yaml", "scores", "prices", "conditions.yaml"),
)
_SCHEMA: Literal["vendor-eval/freeze/1"] = "vendor-eval/freeze/1"
PILOT_FILES = ("plan.csv", "disputes.csv", "log.csv")
LABELS = "labels"
_SET_ASIDE = {"evidence-file-unnamed", "evidence-not-read"}
# What an evaluation reads as an empty folder too; an archive of files holds none.
_READ_FOLDERS = (EVIDENCE, RESPONSES, SCORES, PRICES)
_EARLIER = container.Entry(README, 0, 0).header


class _Criteria(PartRead):
    id: str
    version: str
    sha256: str


class _Method(PartRead):
    tool_version: str
    profile: str = ""


class _Named(PartRead):
    file: str


class _IssueFacts(PartRead):
    code: str
    source: _Named


class _EvaluationFacts(PartRead):
    title: str
    reference: str
    as_of: date
    stage: Stage
    scorecard: _Criteria
    method: _Method
    inputs: tuple[Input, ...] = Field(min_length=1)
    not_read: tuple[_Named, ...] = ()
    issues: tuple[_IssueFacts, ...] = ()
    record: RecordState | None = None


class _VendorFacts(PartRead):
    id: str
    status: str = ""
    files: tuple[str, ...] = ()
    issues: tuple[_IssueFacts, ...] = ()


class _PilotInputs(PartRead):
    inputs: tuple[Input, ...]


class _PilotVendor(PartRead):
    message: str = ""


class _PilotFacts(PartRead):
    pilot: _PilotInputs
    vendors: tuple[_PilotVendor, ...] = ()


class ResultFacts(PartRead):
    """What a results.json says of its files; the first input is the file of the evaluation."""

    evaluation: _EvaluationFacts
    vendors: tuple[_VendorFacts, ...]
    pilot: _PilotFacts | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (*self.evaluation.inputs, *(self.pilot.pilot.inputs if self.pilot else ()))

    @property
    def anchor(self) -> LogAnchor | None:
        return self.evaluation.record.log if self.evaluation.record else None

    @property
    def shipped_mappings(self) -> Mapping[str, Path]:
        card = self.evaluation.scorecard
        return shipped_mappings(card.version if card.id == SHIPPED else "")

    @property
    def files(self) -> frozenset[str]:
        """Every file that was read or listed."""
        listed = {file for vendor in self.vendors for file in vendor.files}
        return frozenset(listed | {source.file for source in self.inputs})

    @property
    def set_aside(self) -> frozenset[str]:
        """Every file and folder of which the result says that it is there and was not read."""
        issues = (*self.evaluation.issues, *(issue for vendor in self.vendors for issue in vendor.issues))
        seen = {issue.source.file for issue in issues if issue.code in _SET_ASIDE}
        return frozenset(seen | {entry.file for entry in self.evaluation.not_read})

    def mapping(self, settings: Settings) -> str:
        """Name the mapping that was passed to the command, which is the input that has no other place; '' for none."""
        own = self.evaluation
        known = {own.inputs[0].file, FINDINGS, SCORE_KEY, SEAL_FILE, TOKENS, CONDITIONS, own.method.profile}
        known |= {file for vendor in self.vendors for file in vendor.files}
        known |= {name for entry in settings.vendors for name in (entry.map, f"{entry.map}.yaml")}
        others = (source.file for source in own.inputs if source.file not in known)
        return next((name for name in others if not name.startswith(tuple(f"{f}/" for f in _READ_FOLDERS))), "")


class ManifestFile(Record):
    path: str
    bytes: int
    sha256: str


class _ManifestLog(Record):
    lines: int
    sha256: str
    chain: Chain


class Manifest(Record):
    """The file manifest.json; `empty` are folders without a file that an evaluation reads."""

    schema_: Literal["vendor-eval/freeze/1"] = Field(default=_SCHEMA, alias="schema")
    title: str
    reference: str
    as_of: date
    tool_version: str
    criteria: _Criteria
    results: Literal["tender/out/results.json"] = "tender/out/results.json"
    log: _ManifestLog | None
    sealed: str | None
    elsewhere: dict[str, str]
    empty: tuple[str, ...] = ()
    files: tuple[ManifestFile, ...]

    def to_json(self) -> bytes:
        values = self.model_dump(mode="json", by_alias=True, exclude=set() if self.empty else {"empty"})
        return f"{json.dumps(values, ensure_ascii=False, indent=1)}\n".encode()

    def sums(self) -> bytes:
        """Write SHA256SUMS as `sha256sum -c` reads it."""
        own = ManifestFile(path=MANIFEST, bytes=0, sha256=hashlib.sha256(self.to_json()).hexdigest())
        return sums_of({file.path: file.sha256 for file in (*self.files, own)})


def sums_of(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes)).encode()


def manifest_of(
    facts: ResultFacts, log: Log, elsewhere: Mapping[str, str], empty: Iterable[str], hashed: Mapping[str, "Hashed"]
) -> Manifest:
    """Make the manifest of what was frozen, by path in the archive; all in it follows from the files."""
    own = facts.evaluation
    last = log.hashes[-1] if log.hashes else ""
    return Manifest(
        title=own.title,
        reference=own.reference,
        as_of=own.as_of,
        tool_version=own.method.tool_version,
        criteria=own.scorecard,
        log=_ManifestLog(lines=len(log.raw), sha256=last, chain=log.chain) if log.raw else None,
        sealed=own.record.sealed if own.record else None,
        elsewhere=dict(elsewhere),
        empty=tuple(empty),
        files=tuple(
            ManifestFile(path=name, bytes=file.size, sha256=file.sha256)
            for name, file in sorted(hashed.items())
            if name not in {MANIFEST, SUMS}
        ),
    )


def readme_of(facts: ResultFacts, paths: Collection[str]) -> bytes:
    """Write README.txt of a freeze that holds these paths."""
    own, is_pilot = facts.evaluation, facts.pilot is not None
    return readme(one_line(own.title), one_line(own.reference), own.method.tool_version, paths, pilot=is_pilot).encode()


def read_facts(path: Path) -> ResultFacts:
    """Read what a results.json says of its files; raise VendorEvalError where it is none."""
    try:
        facts: ResultFacts = load_json(path, ResultFacts, is_result=True)
    except FileNotFoundError:
        raise VendorEvalError(f"{path}: does not exist; run 'vendor-eval evaluate' first") from None
    except ValueError:
        raise VendorEvalError(f"{path}: is not what 'vendor-eval evaluate' wrote; run it again") from None
    return facts


def read_settings(file: Path) -> Settings:
    """Read the settings of an evaluation; raise InputError with its faults."""
    settings: Settings = load_document(file, Settings).sound()
    return settings


def parse_as_evaluated(file: Path, facts: ResultFacts, elsewhere: Elsewhere | None = None) -> Evaluation:
    """Parse the evaluation of a result, on its day and at its stage."""
    own, elsewhere = facts.evaluation, elsewhere or Elsewhere()
    evaluation = parse_evaluation(file, elsewhere=elsewhere).checked()
    as_of = own.as_of if evaluation.settings.as_of != own.as_of else None
    stage = own.stage if evaluation.stage != own.stage else None
    if as_of or stage:
        evaluation = parse_evaluation(file, as_of=as_of, stage=stage, elsewhere=elsewhere).checked()
    return evaluation


@dataclass(frozen=True)
class Gathered:
    """What is packed, by path in the archive; `elsewhere` and `empty` as in the manifest."""

    files: Mapping[str, Path]
    elsewhere: Mapping[str, str]
    empty: tuple[str, ...]
    issues: tuple[Issue, ...]


def gather(folder: Path, settings: Settings, facts: ResultFacts) -> Gathered:
    """Find every file that a freeze of an evaluation holds."""
    issues = list[Issue]()
    inside, empty = _regular_files(folder, issues, facts.files)
    files = {f"{TENDER}/{name}": path for name, path in inside.items()}
    for path in sorted(folder_of(_criteria(folder, settings)).iterdir()):
        if path.is_file() and _is_criteria(path.name):
            files[f"{CRITERIA}/{path.name}"] = path.resolve()
    elsewhere: dict[str, str] = {}
    for name, path in _named(folder, settings, facts):
        is_profile, is_inside = name == facts.evaluation.method.profile, path == folder / name
        target = f"{TENDER}/{name}" if is_inside and staging.is_inside(name) else f"{OUTSIDE}/{path.name}"
        if target.startswith(OUTSIDE):
            if target in files:
                target = f"{OUTSIDE}/{len(elsewhere) + 1}/{path.name}"
            files[target], elsewhere[PROFILE if is_profile else name] = path.resolve(), target
        if not is_profile:
            files |= dict(_original(path, target, issues))
    return Gathered(dict(sorted(files.items())), elsewhere, empty, tuple(issues))


def _criteria(folder: Path, settings: Settings) -> str | Path:
    return settings.criteria if settings.criteria in BANKS else folder / settings.criteria


def _named(folder: Path, settings: Settings, facts: ResultFacts) -> Iterator[tuple[str, Path]]:
    """Find the profile and the mappings, each by the name with which the result lists it."""
    if settings.profile:
        yield facts.evaluation.method.profile, folder / settings.profile
    shipped = facts.shipped_mappings
    for name in dict.fromkeys(entry.map for entry in settings.vendors if entry.map):
        if path := find_mapping(name, folder, shipped):
            yield (path.name if path in shipped.values() else name), path
    if mapping := facts.mapping(settings):
        # Its bytes decide, since a result does not say where it lay.
        digest = next(source.sha256 for source in facts.inputs if source.file == mapping)
        places = (Path(mapping), folder / mapping, shipped.get(Path(mapping).stem))
        yield from ((mapping, path) for path in places if path and staging.sha256(path) == digest)


def _original(path: Path, target: str, issues: list[Issue]) -> Iterator[tuple[str, Path]]:
    """Find the questionnaire that a mapping names as the one that was sent."""
    value = load_document(path, MappingFile).value
    if value and value.original:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(target), value.original))
        if place.startswith(target.partition("/")[0] + "/"):
            yield place, path.parent / value.original
        else:
            text = f"original: {value.original} lies too far from the mapping: move it into its folder"
            issues.append(Issue("not-frozen", text, Location(path.name)))


def is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() == "thumbs.db"


def _regular_files(folder: Path, issues: list[Issue], inputs: Iterable[str]) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Find the files below a folder, without hidden ones and earlier freezes, and the empty folders that are read."""
    files: dict[str, Path] = {}
    empty: list[str] = []
    read = {*_READ_FOLDERS, *(name.partition("/")[0] for name in inputs)}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        base = Path(parent).relative_to(folder).as_posix()
        kept = [name for name in names if not is_hidden(name)]
        if not kept and not folders and base.partition("/")[0] in read:
            empty.append(f"{TENDER}/{base}")
        for name in (*kept, *(name for name in folders if Path(parent, name).is_symlink())):
            path, own = Path(parent, name), name if base == "." else f"{base}/{name}"
            mode = path.lstat().st_mode
            if not stat.S_ISREG(mode):
                kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
                issues.append(Issue("not-frozen", f"is {kind}: put the file itself here", Location(own)))
            elif own.partition("/")[0] in read or not _is_freeze(path):
                files[own] = path
    return files, tuple(sorted(empty))


def _is_freeze(path: Path) -> bool:
    """Tell an earlier freeze by its first entry; the sum and the size of that one differ."""
    if path.suffix.casefold() != ".zip":
        return False
    head = read_regular(path, len(_EARLIER))
    return (head[:14], head[26:]) == (_EARLIER[:14], _EARLIER[26:])


@dataclass(frozen=True, slots=True)
class Hashed:
    """The size of a file and the sums of its bytes."""

    size: int
    crc: int
    sha256: str


def file_parts(path: Path) -> Iterator[bytes]:
    """Read a file in parts; raise OSError for a link."""
    with open_regular(path, follow=False) as file:
        yield from iter(partial(file.read, container.CHUNK), b"")


def hash_parts(parts: Iterable[bytes], write: Callable[[bytes], object] = len) -> Hashed:
    """Hash bytes, and write each part."""
    size, crc, digest = 0, 0, hashlib.sha256()
    for part in parts:
        size, crc = size + len(part), zlib.crc32(part, crc)
        digest.update(part)
        write(part)
    return Hashed(size, crc, digest.hexdigest())


def input_faults(
    facts: ResultFacts, elsewhere: Mapping[str, str], hashes: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Compare files by path in the archive with what a result read: code, path, words."""
    for source in facts.inputs:
        name = PROFILE if source.file == facts.evaluation.method.profile else source.file
        path = elsewhere.get(name, f"{TENDER}/{source.file}")
        if path not in hashes:
            yield "missing", path, f"{RESULTS} was made from it"
        elif hashes[path] != source.sha256:
            yield "changed", path, f"{RESULTS} was made from other bytes"


def output_faults(folder: Path, hashes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Compare outputs by path in the archive with the manifest in out/: code, path, words."""
    try:
        listed = load_json(folder / OUT / MANIFEST)
        written, stale = dict(listed["sha256"]), list(listed["stale"])
    except FileNotFoundError:
        yield "missing", f"{TENDER}/{OUT}/{MANIFEST}", "it lists what 'evaluate' wrote"
        return
    except (ValueError, KeyError, TypeError):
        yield "changed", f"{TENDER}/{OUT}/{MANIFEST}", "it is not what 'evaluate' wrote"
        return
    if RESULTS not in written:
        yield "changed", f"{TENDER}/{OUT}/{MANIFEST}", f"it does not list {RESULTS}"
    for name, digest in written.items():
        path = f"{TENDER}/{OUT}/{name}"
        if path not in hashes:
            yield "missing", path, "'evaluate' wrote it"
        elif hashes[path] != digest:
            yield "changed", path, "'evaluate' wrote other bytes"
    yield from (("stale", f"{TENDER}/{OUT}/{name}", f"is older than {RESULTS}") for name in stale)


def letter_faults(folder: Path, log: Log, hashes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Compare letters by path in the archive with the log and letters.json: code, path, words."""
    logged, listed = log.letters, dict[str, str]()
    if (folder / LETTERS).is_file():
        try:
            listed = listed_letters(read_within(folder / LETTERS, LARGEST))
        except (ValueError, KeyError, TypeError):
            yield "changed", f"{TENDER}/{LETTERS}", "it is not what 'letters' wrote"
    for name in sorted({*listed, *logged}):
        path = f"{TENDER}/{name}"
        if path not in hashes and name in listed:
            yield "missing", path, "'letters' wrote it"
        elif path in hashes and any(side.get(name, hashes[path]) != hashes[path] for side in (listed, logged)):
            yield "changed", path, "'letters' wrote other bytes"


def criteria_faults(settings: Settings, hashes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Compare criteria in the folder of an evaluation with those that were evaluated: code, path, words."""
    own = posixpath.normpath(posixpath.join(TENDER, settings.criteria))
    if settings.criteria in BANKS or not f"{own}/".startswith(f"{TENDER}/"):
        return
    places = ((CRITERIA, own), (own, CRITERIA))
    names = {Path(path).name for place, _ in places for path in hashes if posixpath.dirname(path) == place}
    for name in sorted(filter(_is_criteria, names)):
        here, used = hashes.get(f"{own}/{name}"), hashes.get(f"{CRITERIA}/{name}")
        if here != used:
            code = "missing" if here is None else "added" if used is None else "changed"
            yield code, f"{own}/{name}", f"it is not the file in {CRITERIA}/ that was evaluated"


def foreign_faults(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Find paths that no freeze holds: code, path, words."""
    for path in paths:
        top, *inside = path.split("/")
        is_known = top in {TENDER, CRITERIA, OUTSIDE} if inside else top == README
        if not is_known or any(map(is_hidden, inside)) or (top == CRITERIA and not _is_criteria(inside[-1])):
            yield "added", path, "no freeze holds such a file"


def _is_criteria(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix in {".yaml", ".yml", ".json"}


@dataclass(frozen=True, slots=True)
class Frozen:
    """The archive that was written; `manifest` and `log` are as they lie inside."""

    path: Path
    sha256: str
    manifest: Manifest
    log: Log


def freeze(path: str | Path, target: Path) -> Frozen:
    """Pack the folder of an evaluation with its criteria into a zip; nothing is evaluated.

    Raises InputError with everything that keeps it from being a whole freeze, VendorEvalError where there is no
    evaluation, no result or where the target exists.
    """
    if lexists(target):
        raise VendorEvalError(f"{target}: exists; name a new file")
    file = find_evaluation(path)
    facts = read_facts(file.parent / OUT / RESULTS)
    settings = read_settings(file)
    gathered, log = gather(file.parent, settings, facts), read_log(file.parent)
    if issues := [*gathered.issues, *_too_large(gathered.files)]:
        raise InputError(issues)
    hashed = {name: hash_parts(file_parts(own)) for name, own in gathered.files.items()}
    hashes = {name: own.sha256 for name, own in hashed.items()}
    issues = [*_older(file, settings, facts, gathered, hashes, log), *_older_than_log(file, facts, log)]
    if issues:
        raise InputError(issues)
    page = readme_of(facts, hashed)
    hashed[README] = hash_parts([page])
    manifest = manifest_of(facts, log, gathered.elsewhere, gathered.empty, hashed)
    made = {README: page, MANIFEST: manifest.to_json(), SUMS: manifest.sums()}
    hashed |= {name: hash_parts([content]) for name, content in made.items()}
    return Frozen(target, _write(target, hashed, {**gathered.files, **made}), manifest, log)


def _too_large(files: Mapping[str, Path]) -> Iterator[Issue]:
    """Refuse what `verify` would refuse, and name the folder that holds most of it."""
    for name, fault in container.path_faults(files):
        yield Issue("not-frozen", fault, Location(name.removeprefix(f"{TENDER}/")))
    counts, sizes = Counter[str](), Counter[str]()
    for name, path in files.items():
        folder = posixpath.dirname(name.removeprefix(f"{TENDER}/")) or "."
        counts[folder] += 1
        sizes[folder] += path.lstat().st_size + container.ROOM
    limits = (
        (counts, container.MOST_ENTRIES - 3, f"{container.MOST_ENTRIES:,} files", "files"),
        (sizes, container.LARGEST, "4 GiB", "bytes"),
    )
    for counted, limit, most, unit in limits:
        if counted.total() > limit:
            folder, largest = counted.most_common(1)[0]
            text = f"is too large: a freeze holds at most {most}, and {largest:,} {unit} lie here"
            yield Issue("not-frozen", f"{text}; move what no answer needs out of the folder", Location(folder))


def _older(
    file: Path, settings: Settings, facts: ResultFacts, gathered: Gathered, hashes: Mapping[str, str], log: Log
) -> Iterator[Issue]:
    """Refuse outputs that are older than what they were made from, or not what was written."""
    faults = [*input_faults(facts, gathered.elsewhere, hashes), *output_faults(file.parent, hashes)]
    for code, path, text in faults:
        yield _refused(path, text if code == "stale" else f"is {code}, {text}")
    for code, path, text in letter_faults(file.parent, log, hashes):
        cure = "put back what was written, or move it away and run 'vendor-eval letters' again"
        yield Issue("not-frozen", f"is {code}, {text}: {cure}", Location(path.removeprefix(f"{TENDER}/")))
    own = facts.evaluation
    if file.name != own.inputs[0].file:
        yield _refused(file.name, f"{RESULTS} was made from {own.inputs[0].file}")
    # What comes with this version is what this version evaluated.
    is_ours = settings.criteria in BANKS and own.method.tool_version == version("vendor-eval")
    if not is_ours and load_criteria(_criteria(file.parent, settings)).sha256 != own.scorecard.sha256:
        yield _refused(settings.criteria, f"{RESULTS} was made with other criteria")
    paths = [PurePosixPath(path.removeprefix(f"{TENDER}/")) for path in (*hashes, *gathered.empty)]
    new = _new_files(settings, facts, paths[: len(hashes)])
    yield from (_refused(name, f"{RESULTS} was made before it came") for name in new)
    there = {str(own) for path in paths for own in (path, *path.parents)}
    gone = sorted(facts.set_aside - there)
    yield from (_refused(name, f"is missing, {RESULTS} was made while it was there") for name in gone)


def _refused(file: str, text: str) -> Issue:
    return Issue("not-frozen", f"{text}: run 'vendor-eval evaluate' first", Location(file.removeprefix(f"{TENDER}/")))


def _new_files(settings: Settings, facts: ResultFacts, paths: Iterable[PurePosixPath]) -> Iterator[str]:
    """List files that an evaluation would read now, and that its result does not know."""
    known = {*facts.files, *facts.set_aside, *(file for entry in settings.vendors for file in entry.file)}
    # A result lists no files of these, which are called after their vendor, and no documents of those.
    without_file = {vendor.id for vendor in facts.vendors if not vendor.files}
    folders = file_names(vendor.id for vendor in facts.vendors)
    not_evaluated = {folders[vendor.id] for vendor in facts.vendors if vendor.status == "not_evaluated"}
    unread = {RESPONSES: without_file, EVIDENCE: not_evaluated}
    for path in paths:
        is_unread = not unread.get(path.parts[0], set()).isdisjoint((path.stem, *path.parts[1:]))
        is_known = not known.isdisjoint(map(str, (path, *path.parents)))
        if _is_input(settings, facts, path) and not (is_known or is_unread):
            yield str(path)


def _is_input(settings: Settings, facts: ResultFacts, path: PurePosixPath) -> bool:
    """Tell whether an evaluation reads a file, or says that it lies there: the one list of its inputs.

    What evaluation.yaml names, the log and the criteria are compared by themselves; tokens of clarifications are an
    input only where one came back.
    """
    depth, price = len(path.parts), settings.price
    is_sheet = depth == 2 and path.suffix.casefold() in WORKBOOKS  # noqa: PLR2004  in the folder itself
    inputs = dict.fromkeys((FINDINGS, SEAL_FILE, CONDITIONS, RESPONSES), True) | {
        SCORE_KEY: bool(settings.evaluators),
        SCORES: is_sheet and bool(settings.evaluators),
        PRICES: is_sheet and price is not None and price.open_after is not None,
        EVIDENCE: depth > 2,  # noqa: PLR2004  in the folder of a vendor
    }
    is_read = inputs.get(path.parts[0], False) or _is_input_of_pilot(settings, facts, path)
    return is_read and all(map(is_entry, path.parts))


def _is_input_of_pilot(settings: Settings, facts: ResultFacts, path: PurePosixPath) -> bool:
    folder = posixpath.normpath(settings.pilot.folder) if settings.pilot else ""
    if not (folder and facts.pilot and path.is_relative_to(folder)):
        return False
    name = path.relative_to(folder).as_posix()
    # A file of labels that could not be read is no input, and named where its vendor is not measured.
    is_skipped = any(name in vendor.message for vendor in facts.pilot.vendors)
    return name in PILOT_FILES or (name.startswith(f"{LABELS}/") and not is_skipped)


def _older_than_log(file: Path, facts: ResultFacts, log: Log) -> Iterator[Issue]:
    """Refuse outputs that do not know the log, or whose inputs the log does not hold."""
    if not has_begun(file.parent):
        return
    from vendor_eval.record.derived import CONFLICT, Read, outstanding

    anchor = facts.anchor
    if anchor is None:
        yield _refused(LOG, f"{RESULTS} does not know it yet")
    elif log.chain == "broken":
        is_known = not anchor.lines or log.hashes[anchor.lines - 1 : anchor.lines] == (anchor.sha256,)
        if not is_known and anchor.chain != "broken":
            yield _refused(LOG, f"{RESULTS} saw another log")
    else:
        missing = outstanding(parse_as_evaluated(file, facts), Read(), log)
        # An interest may stand on a score sheet, and these are not read.
        waiting = [entry for entry in missing if not (entry.act == CONFLICT and entry.new is None)]
        if waiting:
            yield _refused(LOG, f"does not hold {', '.join(key for entry in waiting for key in entry.about)} yet")


def _write(target: Path, hashed: Mapping[str, Hashed], contents: Mapping[str, Path | bytes]) -> str:
    """Write the archive beside its place and move it there, and return its SHA-256."""
    names = sorted(hashed)
    listed = [container.Entry(name, hashed[name].size, hashed[name].crc) for name in names]

    def parts() -> Iterator[bytes]:
        for entry in listed:
            yield entry.header
            content = contents[entry.path]
            if isinstance(content, bytes):
                yield content
                continue
            digest = hashlib.sha256()
            with open_regular(content, follow=False) as file:
                for part in container.chunks(file, 0, entry.size + 1):
                    digest.update(part)
                    yield part
            if digest.hexdigest() != hashed[entry.path].sha256:
                raise VendorEvalError(f"{content}: was changed while it was frozen; run again")
        yield container.directory(listed)

    return write_file(target, parts)
