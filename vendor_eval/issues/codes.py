"""Every code of an issue: how much it matters, what it means, and the likely cure."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much an issue matters: `blocking` means that an answer could not be credited."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTICE = "notice"


class Code(NamedTuple):
    """What a code stands for, each in one sentence."""

    severity: Severity
    meaning: str
    cure: str


def _blocking(meaning: str, cure: str) -> Code:
    return Code(Severity.BLOCKING, meaning, cure)


def _warning(meaning: str, cure: str) -> Code:
    return Code(Severity.WARNING, meaning, cure)


def _notice(meaning: str, cure: str) -> Code:
    return Code(Severity.NOTICE, meaning, cure)


_SAVE_AGAIN = "Open the file in Excel, save it again as .xlsx and use that file."
_NOTHING = "Nothing to do."

# One place to add a code. Codes are stable, messages may change; docs/issues.md is made from this.
CODES = {
    "abbreviated-number": _blocking("A figure is abbreviated, such as 5k.", "Write the figure in full."),
    "abnormally-low": _warning(
        "The total of an offer is 20 % or more below the median of the others.",
        "Ask how the total is made up, hour by hour, and what is not in it.",
    ),
    "act-set-aside": _warning(
        "findings.yaml decides a point that a score sheet decides too.",
        "Keep one of the two if they are meant to say the same.",
    ),
    "address-out-of-range": _blocking("A cell lies outside the rows and columns of Excel.", _SAVE_AGAIN),
    "all-zero-weights": _blocking("Everything below a node has weight 0.", "Give at least one of them a weight."),
    "ambiguous-date": _blocking("A date has two readings, such as 03/04/2026.", "Write it as YYYY-MM-DD."),
    "ambiguous-none": _blocking(
        "A word may mean zero or that there is no answer.", "Give the figure, or write 'do not know'."
    ),
    "ambiguous-number": _blocking(
        "A figure has more than one reading, such as 1,234.", "Write one figure without separators."
    ),
    "ambiguous-percentage": _blocking(
        "A figure may be a share or a percentage, such as 0.95.", "Write it with the % sign."
    ),
    "answer-elsewhere": _warning(
        "An answer points to another place, so the question counts as blank.", "Answer in the cell itself."
    ),
    "answer-in-comment": _warning(
        "The Answer is blank and something is written next to it.", "Answer in the Answer column."
    ),
    "answer-not-needed": _notice(
        "A follow-up is answered that an earlier answer made unnecessary; it takes the credit of that one.", _NOTHING
    ),
    "answer-waits": _warning(
        "A follow-up is answered whose question has no answer yet, so it counts nothing.",
        "Answer the question that it depends on.",
    ),
    "approximate-answer": _blocking("A figure is given as about, over or under.", "Give one exact figure."),
    "asked-again": _warning(
        "An older questionnaire asked this question differently, so its answer was not taken over.",
        "Answer the question as it is asked now.",
    ),
    "certificate-in-one-cell": _blocking(
        "One cell describes a whole certificate that has rows of its own.", "Answer in its rows."
    ),
    "certificate-incomplete": _blocking(
        "A certificate lacks particulars, so it counts as blank.", "Fill in the rows that are missing."
    ),
    "certificate-not-named": _warning(
        "A certificate lacks what identifies it, so it stays a claim.", "Give its issuer and number."
    ),
    "certification-table": _blocking(
        "The decision table of certifications covers not every case.", "End it with a line without 'when'."
    ),
    "changed-dropdown": _warning(
        "The list of answers in a cell is not the one that was sent.", "Compare the answer with what is offered."
    ),
    "changed-question": _warning(
        "The text of a question differs from what was asked; the answer was read all the same.",
        "Check that the answer is one to the question as it was asked.",
    ),
    "column-not-found": _warning(
        "A column that a mapping names has no header in the file.", "Correct the column in the mapping."
    ),
    "comment-missing": _warning("An answer needs particulars in Comment, and there are none.", "Name them in Comment."),
    "compression-ratio": _blocking("A file unpacks to over 200 times its size.", _SAVE_AGAIN),
    "contradiction": _blocking(
        "Two entries say different things of the same point, so none of them counts.", "Keep the one that holds."
    ),
    "copied-sheet": _warning(
        "Two evaluators gave the same levels with the same reasons.", "Ask whether one sheet was copied."
    ),
    "cover-name": _notice(
        "The name on the cover is not like the name under which the file was filed.",
        "Check that the file is this vendor's.",
    ),
    "covered-content": _notice(
        "Something stands behind merged cells, where nobody sees it, and was not read.",
        "Take the merge apart if it belongs to an answer.",
    ),
    "currency-not-confirmed": _warning(
        "The vendor named no currency, so prices were read as asked for.", "Ask for the currency of all prices."
    ),
    "currency-unclear": _blocking(
        "A price names a currency that is not known.", "Give the price in the currency asked for."
    ),
    "delta-not-0": _blocking(
        "What a tag of the advisor adds to weights does not add up to 0.", "Change its delta so that it does."
    ),
    "doctype": _blocking("A file declares a document type, which no office program writes.", _SAVE_AGAIN),
    "document-expected": _warning(
        "An answer is a claim only, and a document is expected.", "Name the document in Evidence."
    ),
    "duplicate-answer": _notice("The same answer stands in two places; it counts once.", "Leave the copy out."),
    "duplicate-cell": _blocking("A sheet holds the same cell twice.", _SAVE_AGAIN),
    "duplicate-part": _blocking("A file holds the same part twice.", _SAVE_AGAIN),
    "duplicate-row": _notice("A row of a score sheet stands twice alike; it counts once.", "Remove one of them."),
    "duplicate-sheet": _blocking("A workbook lists the same sheet twice.", _SAVE_AGAIN),
    "edited-anchors": _blocking(
        "The anchors of the levels were edited on a score sheet, so its level means something else.",
        "Restore the anchors.",
    ),
    "encrypted": _blocking(
        "A file is protected by a password.",
        "Set VENDOR_EVAL_PASSWORD, or ask for a copy without a password.",
    ),
    "encrypted-part": _blocking("A file is a zip file with a password.", "Save it as a plain .xlsx workbook."),
    "error-cell": _blocking("A cell holds an error of Excel such as #REF!.", "Correct the formula or type the answer."),
    "evidence-not-read": _notice(
        "A picture, an object or a threaded comment is present and was not read.", "Look at it in the workbook."
    ),
    "evidence-repeated": _notice("The same evidence stands with many answers.", "Check that it proves each of them."),
    "external-link": _blocking("A cell takes its value from another workbook.", "Type the answer."),
    "far-cell": _blocking(
        "A cell lies so far from the others that the file is hardly a questionnaire.",
        "Delete what stands far below or to the right, and save the file again.",
    ),
    "file-too-large": _blocking("A file has more than the 50 MB that are read.", "Remove pictures and attachments."),
    "finding-after-as-of": _notice(
        "A finding is dated after the day of the evaluation; it counts all the same.", "Check its date."
    ),
    "finding-without-effect": _warning(
        "An act on the evidence of an answer that is blank or has no single reading.",
        "Write what you found as 'answer'.",
    ),
    "formula": _notice("The saved value of a formula was read.", _NOTHING),
    "formula-without-value": _blocking(
        "A cell holds a formula whose value was not saved.", "Open the file in Excel, save it, send it again."
    ),
    "found-by-text": _notice(
        "A row without an id of ours was found by the text of its question.", "Check that it is the right question."
    ),
    "future-date": _blocking(
        "A date lies after the day of the evaluation, and a past one is asked for.", "Give a day in the past."
    ),
    "gate-test": _blocking(
        "The test of a gate does not fit its question.",
        "Give it one test: at_least, one_of, includes, or min and max.",
    ),
    "hidden-content": _notice("Cells in hidden rows, columns or sheets were read.", "Look at them in the workbook."),
    "id-mismatch": _blocking(
        "The visible id of a row is not its hidden key, so the row was not read.", "Restore the id."
    ),
    "implausible-date": _blocking("A date lies further ahead than such dates do.", "Check the date."),
    "invalid-answer": _blocking(
        "The interview cannot read an answer.", "Give the number or the name of an answer, or a plain figure."
    ),
    "key-mismatch": _blocking(
        "The hidden key of a row of a score sheet contradicts what is visible, so the row does not count.",
        "Sort the rows together with the hidden column.",
    ),
    "level-missing": _blocking("A row of a score sheet has a reason and no level.", "Give a level from 0 to 5."),
    "macros": _notice("A workbook holds macros, which were not run and not read.", _NOTHING),
    "merged-answer": _warning(
        "An answer is blank because its cell lies inside a merged range.",
        "Take the merge apart and answer each question.",
    ),
    "merged-evidence": _warning(
        "An answer has no evidence because the cell lies inside a merged range.",
        "Take the merge apart and name the document with each answer.",
    ),
    "merged-too-large": _blocking("A workbook merges more cells than are read.", "Take the merge apart."),
    "missing-answer": _blocking("The interview needs an answer here.", "Answer, or go back with '<'."),
    "missing-file": _blocking("A file or folder that is named does not exist.", "Correct the name, or add the file."),
    "missing-key": _blocking("A key that is required is missing.", "Add the key."),
    "missing-row": _blocking(
        "A table of rules of the advisor covers not every case.", "Add a row, or a last one without `when`."
    ),
    "mixed-row": _blocking(
        "A row has the id of one question and the text of another, so it was not read.",
        "Put rows and ids in order again.",
    ),
    "negative-answer": _blocking("A figure is below zero.", "Check the figure."),
    "no-answer-column": _blocking(
        "A sheet holds ids of ours and no column of answers, so nothing of it was read.",
        "Name the column of answers as in the questionnaire.",
    ),
    "no-counterpart": _warning(
        "A mapping has no counterpart of some questions, so they count as blank.",
        "Ask the vendor these questions.",
    ),
    "no-received-date": _warning(
        "There is a deadline and the day on which a response came is not given.", "Give 'received' for the vendor."
    ),
    "no-score-sheet": _blocking(
        "A workbook among the score sheets is none.", "Fill in what 'vendor-eval score-sheets' wrote."
    ),
    "no-template-identity": _notice(
        "A workbook does not say that it is our questionnaire; it was read by its ID and Answer columns.", _NOTHING
    ),
    "no-written-date": _warning(
        "A score sheet names no day on which it was written; that of the evaluation stands for it.",
        "Fill in the date on its first sheet.",
    ),
    "none-beside-others": _blocking(
        "'None of these' is ticked together with others.", "Tick either that or the others."
    ),
    "not-a-date": _blocking("An answer is no date.", "Write it as YYYY-MM-DD."),
    "not-a-number": _blocking("An answer is no number.", "Write one figure in digits."),
    "not-accounted": _blocking(
        "A mapping says nothing of some questions that are asked.",
        "Name each under 'answers' or, with a reason, under 'no_counterpart'.",
    ),
    "not-applicable-answer": _blocking(
        "'n/a' stands where every vendor is asked, so the question counts as blank.",
        "Answer, or say in Comment why there is no answer.",
    ),
    "note": _notice("A note at a cell was not read.", "Look at it in the workbook."),
    "nothing-asked": _blocking(
        "No question with a weight is asked in this evaluation.", "Change the context or the overrides."
    ),
    "nothing-to-waive": _blocking("A waiver names something that has no gate and no floor.", "Remove the waiver."),
    "offer-expired": _blocking("An offer ended before the day of the evaluation.", "Ask for an extension."),
    "older-template": _warning(
        "A workbook was made for other questions than are asked now.",
        "Ask again what was asked differently; the issues name it.",
    ),
    "other-currency": _blocking(
        "A price is in another currency than the one asked for.", "Give the price in that currency."
    ),
    "part-too-large": _blocking(
        "A part of a file unpacks to more than 64 MiB.", "Delete empty rows and formats below the data, save again."
    ),
    "partial-without-text": _warning(
        "'Partial' stands without a text in Comment or Evidence, so it counts as no.", "Say what is missing."
    ),
    "participants-missing": _blocking(
        "A moderated level does not say who took part.", "Fill in the column 'Took part'."
    ),
    "percentage-out-of-range": _blocking("A percentage is below 0 or above what is possible.", "Check the figure."),
    "placeholder-answer": _notice(
        "An answer such as 'TBD' is none, so the question counts as blank.", "Answer the question."
    ),
    "planned-answer": _blocking(
        "An answer speaks of what is not there today.", "Answer as of today and put plans into Comment."
    ),
    "price-missing": _blocking("A price is missing, so the price of the whole offer scores 0.", "Ask for the price."),
    "price-not-positive": _blocking(
        "A price is not above 0.", "Say in which line the cost stands, and price this one."
    ),
    "price-refused": _blocking("A vendor declines to give a price.", "Ask for the price; the offer needs it."),
    "price-suspicious": _warning(
        "A price is ten times or more off what others offer.", "Ask the vendor to confirm the unit and the price."
    ),
    "price-too-large": _blocking("A price is above 10^12.", "Check the figure."),
    "qualified-answer": _warning(
        "An answer carries a condition; it counts as the message says.",
        "Pick the answer that holds and put the rest into Comment.",
    ),
    "question-not-asked": _notice(
        "A question is answered that this evaluation does not ask; it is not scored.", _NOTHING
    ),
    "question-not-asked-finding": _blocking(
        "A finding is about a question that this evaluation does not ask.", "Remove the finding, or ask the question."
    ),
    "question-not-found": _warning(
        "Some questions are not in the workbook, so they count as blank.", "Ask the vendor for them."
    ),
    "range-answer": _blocking("An answer is a range where one figure is asked for.", "Give the figure that counts."),
    "read-by-mapping": _notice("A workbook was read by a mapping.", _NOTHING),
    "reader-failed": _blocking(
        "A file made the reader fail, or kept it too long.",
        "Ask the vendor to copy the answers into the questionnaire as it was sent.",
    ),
    "reader-limits": _blocking(
        "A file needs more time or memory to open than is allowed.", "Save it as .xlsx and use that file."
    ),
    "reason-missing": _blocking("A level or an act of a score sheet has no reason.", "Say what was seen."),
    "reduced-checks": _notice(
        "A format in which formulas and error cells cannot be seen.", "Send .xlsx where that matters."
    ),
    "renamed-sheet": _notice("A sheet that a mapping names has another name here; it was found by its ids.", _NOTHING),
    "repeated-file": _blocking("One file is listed for two vendors.", "Name the one that each vendor sent."),
    "repeated-id": _blocking("An id stands twice.", "Give each its own id."),
    "repeated-key": _blocking("A key stands twice in the same place of a file.", "Keep one."),
    "repeated-label": _blocking("A word names two options or stands in two lists.", "Keep it in one of them."),
    "row-of-unread-vendor": _notice("A row of a score sheet waits because its vendor was not evaluated.", _NOTHING),
    "rubric-given-to-nobody": _warning(
        "No evaluator has the category of a rubric, so it stays pending.",
        "Add the category to an evaluator, or decide in findings.yaml.",
    ),
    "said-beside-currency": _warning(
        "A vendor writes more than the currency in its cell.", "Ask whether that changes a price."
    ),
    "said-beside-price": _notice(
        "A vendor writes something in Evidence or Comment of a price; it changes no figure.", "Read it."
    ),
    "same-author": _warning("The same person made or saved the documents of two vendors.", "Ask how that came about."),
    "same-file": _warning("Two vendors sent the same file.", "Ask which vendor wrote it."),
    "same-text": _warning("The same long text stands in two responses.", "Ask who wrote it."),
    "score-sheet-not-read": _warning(
        "A file among the score sheets is no workbook.", "Remove it, or save it as the workbook that was sent."
    ),
    "several-answer-columns": _warning(
        "A sheet has several columns of answers; an answer counts where they agree.", "Leave one column."
    ),
    "several-files": _blocking(
        "A vendor has several files and nobody said how they belong together.",
        "List them under one vendor in evaluation.yaml, or remove one.",
    ),
    "several-sheets": _blocking(
        "An evaluator has several score sheets.", "Remove one, or name the one that counts under 'sheet'."
    ),
    "sheet-name-too-long": _blocking("The name of a sheet is longer than is read.", "Shorten the name."),
    "sheet-not-found": _warning(
        "A sheet that a mapping names is not in the file.", "Ask for it, or correct 'sheets' in the mapping."
    ),
    "text-too-long": _blocking("A cell holds more than 32,767 characters.", "Shorten the text."),
    "too-many-cells": _blocking("A file holds more than 500,000 cells or texts.", "Send only the sheets with answers."),
    "too-many-entries": _blocking(
        "A file holds more notes, lists, objects or other entries than are read.",
        "Copy the answers into a new workbook.",
    ),
    "too-many-formulas": _blocking(
        "The formulas of a file have more than 4 million characters.", "Paste their values over them."
    ),
    "too-many-parts": _blocking("A file consists of more than 20,000 parts.", _SAVE_AGAIN),
    "unclaimed-content": _notice(
        "Filled cells belong to no question and were read by nobody.", "Check whether one is an answer."
    ),
    "unknown-compression": _blocking("A file is packed in a way that Excel does not use.", _SAVE_AGAIN),
    "unknown-context-field": _blocking(
        "A condition or the context names a field that is not declared.", "Correct the name, or declare the field."
    ),
    "unknown-key": _blocking("A file has a key that is not known.", "Correct the key, or remove it."),
    "unknown-option": _blocking(
        "An answer is not one of those offered.", "Pick one of the list and put the rest into Comment."
    ),
    "unknown-reference": _blocking("A name refers to something that does not exist.", "Correct the name."),
    "unknown-row": _blocking(
        "A row of a score sheet belongs to no vendor and question of this evaluation, so it was not read.",
        "Use the score sheet of this evaluation.",
    ),
    "unmeasured": _notice(
        "The vendor does not know a figure; that is worth 0.", "Ask the vendor to measure it if it matters."
    ),
    "unnamed-document": _warning(
        "Evidence names no document, so the answer counts as a claim.", "Give the title of the document."
    ),
    "unordered-points": _blocking("Breakpoints do not rise, or there are none.", "Put them in order, each once."),
    "unpacks-too-large": _blocking(
        "A file unpacks to more than 128 MiB in all.", "Send the sheets in several workbooks."
    ),
    "unreachable-row": _blocking(
        "A row of rules of the advisor is never reached.", "Remove it, or move it above the rows that cover it."
    ),
    "unreadable-file": _blocking("A file cannot be read, or holds no questionnaire.", _SAVE_AGAIN),
    "validity-missing": _warning("The day until which an offer holds is missing.", "Ask for it."),
    "vendor-name": _blocking(
        "The name on the cover or of the file is not that of the vendor under which it is listed.",
        "Check that the file is this vendor's.",
    ),
    "waiver-without-effect": _notice("A waiver is for something that has not failed.", "Remove the waiver."),
    "weights-not-100": _blocking("Weights do not add up to what they must.", "Change them so that they do."),
    "wrong-act": _blocking(
        "The act of a row of a score sheet is none, or does not fit the question.", "Choose an act of the list."
    ),
    "wrong-evaluation": _blocking(
        "A score sheet was written for another evaluation.", "Use the score sheet of this evaluation."
    ),
    "wrong-evaluator": _blocking(
        "A score sheet is that of nobody here, or named after somebody else.", "Each evaluator fills in the own sheet."
    ),
    "wrong-evaluator-row": _blocking(
        "A row is about a question that the evaluator was not given, so it does not count.",
        "Give the evaluator the category, or remove the row.",
    ),
    "wrong-level": _blocking(
        "The level of a row is none, or its question takes no level.", "Give one whole number from 0 to 5."
    ),
    "wrong-password": _blocking("A file does not open with the password given.", "Check the password."),
    "wrong-unit": _blocking("A figure has another unit than the one asked for.", "Give the figure in that unit."),
    "wrong-value": _blocking("A value is not what its key expects.", "Write it as the message says."),
    "wrong-vendor": _blocking(
        "A file is that of another vendor, so it was not read.", "Name the right file for each vendor."
    ),
    "yaml-alias": _blocking("A YAML file uses an anchor or an alias.", "Write the content out."),
    "yaml-key": _blocking("A key of a YAML file is no plain text.", "Quote the key."),
    "yaml-syntax": _blocking("A file is not valid YAML.", "Indent with spaces, and quote texts with special signs."),
    "yaml-tag": _blocking("A YAML file uses a tag.", "Remove the tag."),
    "yes-no-as-figure": _blocking(
        "A mapping makes a figure of a yes or no.", "Name a reason under 'no_counterpart' instead."
    ),
    "yield-below-living-wage": _notice(
        "A price yields less an hour than the living wage that is named.", "Ask how the hour is paid."
    ),
}
