"""Files of one vendor to its submission."""

from pathlib import Path

from vendor_eval.forms.identity import clarification_of, in_rounds
from vendor_eval.intake.inbox import Tenderer
from vendor_eval.intake.mapping import ForeignLayout, load_mapping
from vendor_eval.intake.submission.answers import Answers
from vendor_eval.intake.submission.books import take
from vendor_eval.intake.submission.form import form_of
from vendor_eval.intake.submission.lines import Collected
from vendor_eval.intake.submission.models import InputFile, VendorResponse
from vendor_eval.spreadsheets import Passwords, known_password, read_workbook
from vendor_eval.tender import Evaluation


def read_submission(
    evaluation: Evaluation,
    vendor: Tenderer | str | Path,
    *,
    mapping: ForeignLayout | None = None,
    password: Passwords = known_password,
) -> VendorResponse:
    """Read what a vendor sent: a vendor of the evaluation, or the path of a workbook.

    A mapping, else the vendor's own, reads the files that are no questionnaire of ours. `password` is asked for the
    password of a file that has one. An answer of a clarification replaces those of the rounds before it. Raises
    InputError when a file cannot be read, or is another vendor's clarification.
    """
    if not isinstance(vendor, Tenderer):
        path = Path(vendor)
        books = [read_workbook(path, password=password)]
        own = clarification_of(books[0])
        vendor = Tenderer(own.vendor if own else path.stem)
    else:
        books = [read_workbook(evaluation.folder / file, name=file, password=password) for file in vendor.files]
        if mapping is None and vendor.map:
            mapping = load_mapping(evaluation, vendor.map, folder=evaluation.folder)
    collected = Collected(form_of(evaluation))
    rounds = in_rounds(books, vendor.id)
    for collected.round, book in rounds:
        take(collected, book, mapping)
    answers = Answers(evaluation, collected)
    responses = answers.responses()
    offer = {question: responses.pop(question) for question in evaluation.offer_questions}
    return VendorResponse(
        vendor=vendor.id,
        name=vendor.name or collected.cover.get("vendor", "") or vendor.id,
        cover=collected.cover,
        responses=responses,
        offer=offer,
        issues=tuple(collected.issues),
        unclaimed=tuple(collected.unclaimed),
        inputs=tuple(InputFile(b.file, b.sha256, (b.author, b.editor)) for b in books),
        texts=tuple(answers.texts),
        names=tuple(collected.names),
        rounds=collected.round,
    )
