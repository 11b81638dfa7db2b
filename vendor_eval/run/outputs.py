"""Output files: from one result to the files of `out/`, in the requested formats."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from vendor_eval.formatting.file_names import file_names, free_name
from vendor_eval.forms.tokens import CONDITIONS_ROUND, FILE as TOKENS, load_tokens
from vendor_eval.issues import FOR_THE_BUYER, VendorEvalError
from vendor_eval.results import DECLARATION, ConditionLine, Result, VendorRecord
from vendor_eval.results.pilot import PilotRecord
from vendor_eval.run.publish import RESULTS, Content, write_file
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    from vendor_eval.forms.clarification import TitledPoint
    from vendor_eval.pilot.measure import Measurement

_File = tuple[str, Content]


@dataclass(frozen=True, slots=True)
class Wanted:
    formats: tuple[str, ...] = ("json", "xlsx", "pdf", "html")
    paper: str = "A4"
    brief: bool = False
    vendor_copies: bool = False
    appendices: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """Files by path inside `out/`, and warnings about them: complete once the files are written."""

    files: Mapping[str, Content]
    noted: list[str]

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.noted))


def render(result: Result, wanted: Wanted, *, progress: Callable[[str], None] = lambda _name: None) -> Rendered:
    """Render a result; `progress` is called with the name of each format before it is rendered.

    Contents of many bytes are functions that make them when the file is written.

    Raises VendorEvalError for a text of the criteria that no cell of a workbook takes.
    """
    files: dict[str, Content] = {}
    warnings: list[str] = []
    for name, renderer in RENDERERS.items():
        if name in wanted.formats:
            progress(name)
            files |= dict(renderer(result, wanted, warnings))
    return Rendered(files, warnings)


CLARIFICATIONS = "clarifications/"
ANNOTATED = "annotated/"
PILOT = "pilot/"


def clarifications(result: Result, evaluation: Evaluation) -> dict[str, bytes | None]:
    """Render the clarification workbook of each vendor that was evaluated, by id; None where nothing is open.

    The token of each is kept beside evaluation.yaml before a workbook that carries it is written. Raises InputError
    where the tokens kept there cannot be read.
    """
    from vendor_eval.forms.clarification import asks_signature, clarification

    vendors = {vendor.id: vendor for vendor in result.vendors}
    points = _points(result, evaluation)
    before = tokens = load_tokens(evaluation.folder)
    for name, titled in points.items():
        signature = [DECLARATION] if asks_signature(vendors[name]) else []
        if asked := [*(point.question.id for _, point in titled), *signature]:
            tokens = tokens.asking(name, vendors[name].rounds + 1, asked)
    if tokens.sent != before.sent:
        write_file(evaluation.folder / TOKENS, tokens.to_json())

    sent = {name: tokens.of(name, vendors[name].rounds + 1) for name in points}
    return {
        name: clarification(result, vendors[name], evaluation, titled, own.token)
        if (titled or asks_signature(vendors[name])) and (own := sent[name])
        else None
        for name, titled in points.items()
    }


def ask_conditions(evaluation: Evaluation, vendor: VendorRecord, conditions: Sequence[ConditionLine]) -> bytes:
    """Render the workbook that asks a vendor how its conditions stand; its token is kept before.

    Raises InputError where the tokens kept beside evaluation.yaml cannot be read.
    """
    from vendor_eval.forms.conditions import conditions_workbook

    before = load_tokens(evaluation.folder)
    tokens = before.asking(vendor.id, CONDITIONS_ROUND, (line.id for line in conditions))
    if tokens.sent != before.sent:
        write_file(evaluation.folder / TOKENS, tokens.to_json())
    own = tokens.of(vendor.id, CONDITIONS_ROUND)
    return conditions_workbook(evaluation, vendor, conditions, own.token if own else "")


def open_points(result: Result, evaluation: Evaluation) -> dict[str, int]:
    """Count the points that the clarification workbook of each vendor asks, by id, of those that were evaluated.

    A signature that is missing is one.
    """
    from vendor_eval.forms.clarification import asks_signature

    unsigned = {vendor.id for vendor in result.vendors if asks_signature(vendor)}
    return {name: len(titled) + (name in unsigned) for name, titled in _points(result, evaluation).items()}


def _points(result: Result, evaluation: Evaluation) -> "dict[str, tuple[TitledPoint, ...]]":
    from vendor_eval.forms.clarification import clarification_points

    evaluated = (vendor for vendor in result.vendors if vendor.status != "not_evaluated")
    return {vendor.id: clarification_points(result, vendor, evaluation) for vendor in evaluated}


def with_tokens_kept(result: Result, evaluation: Evaluation) -> Result:
    """Give the hash of the tokens as they stand now, where a clarification was compared with them.

    What was added since changes nothing that was read, and the same folder then gives the same result again.
    """
    if all(source.file != TOKENS for source in result.evaluation.inputs):
        return result
    digest = load_tokens(evaluation.folder).sha256
    inputs = tuple(
        source.model_copy(update={"sha256": digest}) if source.file == TOKENS else source
        for source in result.evaluation.inputs
    )
    record = result.evaluation.model_copy(update={"inputs": inputs})
    return result.model_copy(update={"evaluation": record})


def clarification_names(rendered: Mapping[str, bytes | None]) -> dict[str, str]:
    """Return the path inside `out/` of the clarification workbook of each vendor with open points."""
    names = file_names(rendered)
    return {vendor: f"{CLARIFICATIONS}{names[vendor]}.xlsx" for vendor, book in rendered.items() if book is not None}


def clarification_files(rendered: Mapping[str, bytes | None]) -> dict[str, bytes]:
    names = clarification_names(rendered)
    return {names[vendor]: book for vendor, book in rendered.items() if book is not None}


def pilot_files(record: PilotRecord | None, measured: "Measurement | None") -> dict[str, bytes]:
    """Give the files of a measured pilot by path inside `out/`, with the record of the result; none without a pilot."""
    return replace(measured, record=record).files() if record and measured else {}


def annotated_copies(result: Result, evaluation: Evaluation) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Annotate each file that was read, for the vendor; give them by path inside `out/`, and notes on lists alone.

    Issues that speak of other vendors, or of files of the buyer, are left out. Raises VendorEvalError where a file is
    another one than was read.
    """
    from vendor_eval.reports.annotated import annotated
    from vendor_eval.spreadsheets import read_bytes

    read = {source.file: source.sha256 for source in result.evaluation.inputs}
    # A vendor that was not evaluated has a file that the guard refused, or none.
    evaluated = (vendor for vendor in result.vendors if vendor.status != "not_evaluated")
    sent = [(vendor, file) for vendor in evaluated for file in vendor.files]
    wanted = {
        file: vendor.id if len(vendor.files) == 1 else f"{vendor.id}-{Path(file).name.removesuffix('.xlsx')}"
        for vendor, file in sent
    }
    names, taken = file_names(wanted.values()), set[str]()
    files: dict[str, bytes] = {}
    notes: list[str] = []
    for vendor, file in sent:
        content = read_bytes(file, evaluation.folder / file)
        if sha256(content).hexdigest() != read.get(file):
            raise VendorEvalError(f"{file}: was changed while it was read; run again")
        places = {file, None} if file == vendor.files[0] else {file}
        issues = [issue for issue in vendor.issues if issue.code not in FOR_THE_BUYER and issue.source.file in places]
        copy = annotated(Path(file).name, content, issues)
        # A vendor may be called as another one and its file are together.
        free = free_name(names[wanted[file]], taken)
        taken.add(free.casefold())
        name = f"{ANNOTATED}{free}.xlsx"
        files[name] = copy.content
        if copy.reason:
            notes.append(f"{file} is not annotated, {name} holds the list alone: {copy.reason}")
    return files, tuple(notes)


def _json(result: Result, _wanted: Wanted, _warnings: list[str]) -> Iterator[_File]:
    yield RESULTS, lambda: (part.encode() for part in result.json_parts())


def _xlsx(result: Result, wanted: Wanted, _warnings: list[str]) -> Iterator[_File]:
    from vendor_eval.reports.workbook.shortlist import shortlist

    yield "shortlist.xlsx", shortlist(result, paper=wanted.paper)


def _pdf(result: Result, wanted: Wanted, warnings: list[str]) -> Iterator[_File]:
    from vendor_eval.reports.pages.documents import appendix, comparison, scorecard_appendices, scorecards
    from vendor_eval.reports.pages.pdf import suffix
    from vendor_eval.run.rendering import Renderer, document_files

    names = file_names(vendor.id for vendor in result.vendors if vendor.status != "not_evaluated")
    compared = partial(comparison, result, paper=wanted.paper, brief=wanted.brief, appendices=wanted.appendices)
    documents: dict[str, Renderer] = {"comparison": compared}
    if wanted.appendices:
        documents["comparison-appendix"] = partial(appendix, result, paper=wanted.paper)
    for vendor, scorecard in scorecards(result, paper=wanted.paper, appendices=wanted.appendices):
        documents[f"scorecards/{names[vendor]}"] = scorecard
    taken = {name.casefold() for name in names.values()}
    for vendor, pages in scorecard_appendices(result, paper=wanted.paper) if wanted.appendices else ():
        # A vendor may be called as the appendix of another.
        name = free_name(f"{names[vendor]}-appendix", taken)
        taken.add(name.casefold())
        documents[f"scorecards/{name}"] = pages
    for vendor, copy in scorecards(result, paper=wanted.paper, vendor_copy=True) if wanted.vendor_copies else ():
        documents[f"vendor-copies/{names[vendor]}"] = copy
    end = suffix()
    yield from document_files({f"{name}{end}": document for name, document in documents.items()}, warnings.append)


def _csv(result: Result, _wanted: Wanted, _warnings: list[str]) -> Iterator[_File]:
    from vendor_eval.reports.tables import csv_files

    yield from ((f"tables/{name}", table) for name, table in csv_files(result).items())


def _html(result: Result, _wanted: Wanted, _warnings: list[str]) -> Iterator[_File]:
    from vendor_eval.reports.page.document import report_page

    yield "report.html", report_page(result)


# One place to add a format.
RENDERERS: Mapping[str, Callable[[Result, Wanted, list[str]], Iterator[_File]]] = {
    "json": _json,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "html": _html,
    "csv": _csv,
}

_FILES: Mapping[str, tuple[str, ...]] = {
    "json": (RESULTS,),
    "xlsx": ("shortlist.xlsx",),
    "pdf": ("comparison.", "comparison-appendix.", "scorecards/", "vendor-copies/"),
    "html": ("report.html",),
    "csv": ("tables/",),
}


def replaced(formats: Iterable[str], *, clarified: bool) -> tuple[str, ...]:
    """Say how the paths begin of what a run in these formats replaces; the rest of an earlier run stays."""
    prefixes = [prefix for name in formats for prefix in _FILES[name]]
    return (*prefixes, CLARIFICATIONS, PILOT) if clarified else tuple(prefixes)
