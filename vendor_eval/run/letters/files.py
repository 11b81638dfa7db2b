"""The files of the letters: made, searched for names, and written as a set with a line in the log."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vendor_eval.config.input_files import read_within
from vendor_eval.issues import VendorEvalError
from vendor_eval.json_files import LARGEST
from vendor_eval.record.log import LETTERS, Entry, Log, append
from vendor_eval.record.seal import read_record
from vendor_eval.reports.letters import documents
from vendor_eval.results import Result
from vendor_eval.results.letters import LetterFile, LetterRecord, LettersRecord, listed_letters
from vendor_eval.run import journal
from vendor_eval.run.letters.drafting import FOLDER, TEMPLATES, Drafted, Templates, why_award
from vendor_eval.run.letters.names import refuse_leaks
from vendor_eval.tender import Evaluation
from vendor_eval.tender.award import Award, AwardFile

LIST = "letters.json"


@dataclass(frozen=True)
class Letters:
    """What is to be written: the letters as letters.json lists them, and files by path inside `letters/`."""

    record: LettersRecord
    files: Mapping[str, bytes]
    why: str
    notes: tuple[str, ...] = ()


def finish_letters(
    evaluation: Evaluation,
    result: Result,
    file: AwardFile,
    templates: Templates,
    drafted: Sequence[Drafted],
    formats: Iterable[str],
    *,
    paper: str = "A4",
) -> Letters:
    """Make the files of letters, all of them searched for names that do not belong there.

    Raises InputError with every such name.
    """
    award, wanted = file.award, set(formats)
    suffix = ".docx" if "docx" in wanted else ".pdf"
    # Before anything is drawn, which takes long.
    refuse_leaks(evaluation, result, file, drafted, {}, suffix=suffix)
    files: dict[str, bytes] = dict(templates.copies)
    notes: list[str] = []
    records: list[LetterRecord] = []
    texts: dict[str, str] = {}
    for draft in drafted:
        about = {"date": (award.sent or award.date).isoformat(), "paper": paper}
        title = draft.letter.fields["title"].text
        made: dict[str, bytes] = {}
        if "docx" in wanted:
            made[f"{draft.name}.docx"] = documents.word(title, draft.blocks, **about)
        if "pdf" in wanted:
            content, suffix, warnings = documents.page(title, draft.blocks, **about)
            made[draft.name + suffix] = content
            notes += warnings
        texts |= {name: documents.text_of(content, Path(name).suffix) for name, content in made.items()}
        files |= made
        records.append(_record(draft, made))
    refuse_leaks(evaluation, result, file, drafted, texts, suffix=suffix)
    letters = LettersRecord(
        award=award.vendor,
        regime=templates.regime,
        cites=templates.texts.cites,
        standstill=drafted[0].letter.standstill,
        letters=tuple(records),
    )
    return Letters(letters, files, why_award(result, award), tuple(dict.fromkeys(notes)))


def _record(draft: Drafted, made: Mapping[str, bytes]) -> LetterRecord:
    letter = draft.letter
    return LetterRecord(
        vendor=letter.vendor.id,
        kind=letter.kind,
        files=tuple(
            LetterFile(file=f"{FOLDER}/{name}", sha256=hashlib.sha256(content).hexdigest())
            for name, content in made.items()
        ),
        score=letter.vendor.score if letter.is_compared else None,
        winner=letter.winner.record if letter.winner else None,
        criteria=letter.criteria(),
    )


def write_letters(
    evaluation: Evaluation, result: Result, letters: Letters, award: Award, log: Log | None, moment: datetime
) -> LettersRecord:
    """Replace the letters of an earlier run by these, all or none, with a line in the log; the caller has its lock.

    Without a `log` the evaluation has none. Raises VendorEvalError where a letter was changed since it was written, or
    is not ours.
    """
    folder = evaluation.folder / FOLDER
    with journal.scratch_folder(folder) as scratch:
        earlier = _earlier(folder)
        staged = scratch / journal.STAGED
        new = {name: journal.write(staged / name, [content]) for name, content in letters.files.items()}
        old = [name for name in {*earlier, *new} if (folder / name).exists()]
        for name in old:
            own = journal.sha256(folder / name)
            is_template = name.startswith(TEMPLATES)
            if not is_template and own not in {earlier.get(name), new.get(name)}:
                fault = "was changed since it was written" if name in earlier else "was not made by this tool"
                raise VendorEvalError(f"{folder / name}: {fault} and would be replaced; move it away and run again")
        record = letters.record
        if log is not None:
            log = _logged(evaluation.folder, log, letters, award, moment)
            owners = {file: vendor.id for vendor in result.vendors for file in vendor.files}
            record = record.model_copy(update={"record": read_record(evaluation, owners).state or {}})
        text = json.dumps(record.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"
        new[LIST] = journal.write(staged / LIST, [text.encode()])
        old += [LIST] if (folder / LIST).exists() else []
        journal.swap_in(scratch, folder, new, sorted(old))
    return record


def _earlier(folder: Path) -> dict[str, str]:
    """Read which letters an earlier run wrote, with their hashes."""
    try:
        listed = listed_letters(read_within(folder / LIST, LARGEST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder / LIST}: is not what an earlier run wrote; move it away and run again"
        raise VendorEvalError(message) from error
    own = {file.removeprefix(f"{FOLDER}/"): digest for file, digest in listed.items()}
    return {name: digest for name, digest in own.items() if "/" not in name and journal.is_inside(name)}


def _logged(folder: Path, log: Log, letters: Letters, award: Award, moment: datetime) -> Log:
    """Append what was written; the same letters are written down once."""
    new = {file.file: file.sha256 for letter in letters.record.letters for file in letter.files}
    if new.items() <= log.letters.items():
        return log
    entry = Entry(act=LETTERS, by=award.by, why=letters.why, about=tuple(new), new=new)
    return append(folder, log, [entry], moment)
