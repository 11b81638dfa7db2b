"""Names that do not belong into a letter, each with the text and the cell that it came from."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from vendor_eval.issues import InputError, Issue
from vendor_eval.reports.letters.passages import Others, Passage, leaks, passages
from vendor_eval.results import Result, Source, VendorRecord
from vendor_eval.run.letters.drafting import Drafted
from vendor_eval.spreadsheets import known_password, read_workbook
from vendor_eval.tender import Evaluation
from vendor_eval.tender.award import FILE as AWARD, AwardFile


def refuse_leaks(
    evaluation: Evaluation,
    result: Result,
    file: AwardFile,
    drafted: Sequence[Drafted],
    finished: Mapping[str, str],
    *,
    suffix: str = ".docx",
) -> None:
    """Raise InputError for each name that does not belong where it stands.

    Searched are the letters, which are called by a `suffix`, every text of award.yaml, and `finished`, the texts of
    the files by name.
    """
    others, faults = Others(result), []
    chosen = result.vendor(file.award.vendor)
    for draft in drafted:
        allowed = (draft.letter.vendor, *([chosen] if draft.letter.winner else []))
        named, own = others.than(*allowed), [name for name in finished if name.rpartition(".")[0] == draft.name]
        known = list(leaks(passages(draft.blocks), named))
        faults += [f"{draft.name}{suffix}: '{leak.name}' in {_where(evaluation, leak.passage)}" for leak in known]
        for name in own if not known else ():
            faults += [f"{name}: '{other}' in the finished letter" for other in named(finished[name])]
    printed = set(faults)
    places = {fault.partition(": ")[2] for fault in printed}
    for allowed, passage in _award_texts(result, file, drafted):
        for leak in leaks([passage], others.than(*allowed)):
            text = f"'{leak.name}' in {leak.passage.about}, {leak.passage.place}"
            faults += [] if any(place.startswith(text) for place in places) else [f"{AWARD}: {text}"]
    if faults:
        raise InputError([Issue("letter-names-vendor", fault) for fault in dict.fromkeys(faults)])


def _award_texts(
    result: Result, file: AwardFile, drafted: Sequence[Drafted]
) -> Iterator[tuple[tuple[VendorRecord, ...], Passage]]:
    """List the texts of award.yaml, printed or not, each with the vendors that may stand in it."""
    award, chosen = file.award, result.vendor(file.award.vendor)
    losing = [draft.letter for draft in drafted if draft.letter.kind == "regret"]
    winner = (chosen,) if all(letter.winner for letter in losing) else ()
    nobody: tuple[VendorRecord, ...] = winner if len(drafted) == 1 else ()
    for key in ("by", "criteria_at"):
        yield nobody, Passage(getattr(award, key), key, file.place(key))
    for key, text in award.buyer:
        yield nobody, Passage(text, f"buyer.{key}", file.place("buyer", key))
    for key, text in award.winner:
        yield (chosen,), Passage(text, f"winner.{key}", file.place("winner", key))
    yield winner, Passage(award.reason, "reason", file.place("reason"))
    for name, text in award.about_winner.items():
        yield winner, Passage(text, f"about_winner.{name}", file.place("about_winner", name))
    named = {letter.vendor.id for letter in losing if letter.winner}
    for vendor, texts in award.reasons.items():
        allowed = (result.vendor(vendor), *([chosen] if vendor in named else []))
        for name, text in texts.items():
            yield allowed, Passage(text, f"the reason of {name}", file.place("reasons", vendor, name))


def _where(evaluation: Evaluation, passage: Passage) -> str:
    """Name a passage with its file and cell, and for one of an answer the cure; a reason is in the row of its level."""
    if isinstance(passage.place, str):
        return ", ".join(filter(None, (passage.about, passage.place)))
    place = _cell(evaluation, passage.place, passage.text)
    return f"{', '.join(filter(None, (passage.about, place)))}; write {AWARD} reasons in its place"


def _cell(evaluation: Evaluation, source: Source, text: str) -> str:
    address = source.cell
    if source.file and source.sheet and source.cell:
        with suppress(InputError, OSError):
            book = read_workbook(evaluation.folder / source.file, name=source.file, password=known_password)
            cells = [cell for sheet in book.sheets if sheet.name == source.sheet for cell in sheet.cells]
            row = next((cell.row for cell in cells if cell.address == source.cell), 0)
            address = next((c.address for c in cells if c.row == row and c.raw.startswith(text)), source.cell)
    inside = "!".join(filter(None, (source.sheet, address)))
    return " ".join(filter(None, (source.file, inside)))
