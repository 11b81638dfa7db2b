"""The sheet Method: how the number is made, under which settings, from which files, and who signs."""

from collections.abc import Iterable, Iterator, Mapping

from vendor_eval.formatting.figures import truncated
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, WorkbookWriter, inline
from vendor_eval.reports.wording.lookups import names_of, questions_of, titles_of
from vendor_eval.reports.wording.price import SEALED_PRICES
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.wording.status import SCREEN
from vendor_eval.results import FindingRecord, MethodRecord, PriceMethodRecord, Result, VendorRecord

_WIDTHS = (28, 14, 26, 24, 14, 70)
_SIGNING = ("Prepared by", "Checked by", "Procurement", "Approved by")


def method(result: Result, book: WorkbookWriter) -> None:
    page = book.page("Method", _WIDTHS)
    page.heading(
        "Method and sign-off", "Everything that makes the numbers of this workbook, so that they can be made again."
    )
    page.sheet.freeze_panes(page.row, 0)
    for title, facts in _sections(result):
        page.row += 1
        page.line(title, "section", least=20)
        for label, value in facts:
            page.fact(label, page.own(value))
    _findings(page, result)
    _responses(page, result)
    page.row += 1
    page.line("Sign-off", "section", least=20)
    _signature(page, ("Role", "Date", "Name", "Decision", "Signature and remarks"), "header")
    for role in _SIGNING:
        _signature(page, (role, "", "", "", ""), "cell strong middle")
        page.height(2, page.row - 1)
    page.finish()


def _sections(result: Result) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    record = result.evaluation
    yield "How the number is made", _formula(record.method, result.price)
    yield "Settings", _settings(result)
    if record.method.project:
        yield "The project", [(fact.label, fact.text) for fact in record.method.project]
    yield "Context of this evaluation", _settings_words(record.method.context) or [("none", "no field is set")]
    yield "Floors", _floors(result) or [("none", "no floor is set")]
    yield "Waivers", _waivers(result) or [("none", "nothing was waived")]
    yield (
        "Overrides of the criteria",
        _settings_words(record.method.overrides) or [("none", "the criteria stand as they are")],
    )
    yield "Tool, criteria and inputs", _inputs(result)


def _formula(settings: MethodRecord, price: PriceMethodRecord | None) -> Iterator[tuple[str, str]]:
    yield (
        "Value of an answer",
        "0 to 100, as the criteria say: the score of the option, or between the breakpoints of a figure.",
    )
    if settings.evidence:
        caps = ", ".join(f"{name} {cap:g}" for name, cap in settings.evidence.items())
        yield "Credited", f"The value, at most what its proof allows: {caps}. A rating by an evaluator is not cut."
    else:
        yield "Credited", "The value itself: proof is not weighed in this evaluation."
    yield (
        "Criterion, category, total",
        "The mean of what is below it, by weight, over what is asked. Nothing is rounded.",
    )
    blanks = {
        "zero": "A blank or unreadable answer counts 0.",
        "exclude": "A blank answer leaves the sums of its own criterion; an unreadable one counts 0.",
    }
    yield "Blanks", f"{blanks[settings.missing]} 'Low' and 'high' carry it from 0 to 100. 'n/a' counts as blank."
    yield (
        "Gates and floors",
        (
            "They come before the rank. A failed knock-out excludes. A failed or open must or floor that is due: "
            "conditional. A flag wants a note of the buyer."
        ),
    )
    breakers = f", then by {', '.join(settings.tie_breakers)}" if settings.tie_breakers else ""
    yield "Rank", f"By the unrounded total{breakers}; equal totals share a rank. Never by name or order of files."
    if price and price.rule == "quality_per_price":
        yield "Price", "Vendors rank by quality divided by total price; the score stays the quality."
    elif price:
        share = price.weight / 100
        yield "Price", f"Total = {share:g} x price score ({price.rule}) + {1 - share:g} x quality; see sheet Price."


def _settings(result: Result) -> Iterator[tuple[str, str]]:
    record, settings = result.evaluation, result.evaluation.method
    yield "Evaluation", " · ".join(filter(None, (record.title, record.reference)))
    yield "Judged on", f"{record.as_of}: dates and certificates are judged on this day"
    weights = ", ".join(f"{name} {weight:g}" for name, weight in record.weights.items())
    yield "Weights", f"{f'preset {record.preset}' if record.preset else 'own'}: {weights}"
    questions = [question for _, question in questions_of(result)]
    left_out = [question.id for question in questions if not question.asked]
    not_asked = f"; not asked: {', '.join(left_out)}" if left_out else ""
    yield "Questions", f"{settings.questions}: {len(questions) - len(left_out)} asked{not_asked}"
    yield "Stage", f"{record.stage}: gates of later stages are conditions, and are not due"
    yield "Shortlist", SCREEN if result.is_screen else f"vendors ranked {settings.shortlist} or better"
    if settings.deadline:
        yield "Deadline", settings.deadline
    if sentence := record_sentence(record):
        yield "Record", sentence
    if result.has_sealed_prices:
        yield "PROVISIONAL", SEALED_PRICES
    if record.pending or (record.provisional and not result.has_sealed_prices):
        yield "PROVISIONAL", f"no level yet for {truncated(record.pending)}"


def _settings_words(settings: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(name, _words(value)) for name, value in settings.items()]


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_words(entry)}" for key, entry in value.items())
    return ", ".join(_words(entry) for entry in value) if isinstance(value, tuple | list) else str(value)


def _floors(result: Result) -> list[tuple[str, str]]:
    words = {"must": "failing makes a vendor conditional", "knock_out": "failing excludes"}
    titles = titles_of(result)
    return [
        (
            f"{titles[name]} ({name})" if name in titles else name,
            " ".join(filter(None, (f"at least {floor.at_least:g}, {words[floor.kind]}", floor.reason))),
        )
        for name, floor in result.evaluation.method.floors.items()
    ]


def _waivers(result: Result) -> list[tuple[str, str]]:
    names = names_of(result)
    return [
        (
            inline(f"{names.get(w['vendor'], w['vendor'])}, {w.get('question') or w.get('node', '')}"),
            f"{w['reason']} ({w['approved_by']}, {w['date']})",
        )
        for w in result.evaluation.method.waivers
    ]


def _inputs(result: Result) -> Iterator[tuple[str, str]]:
    record, card = result.evaluation, result.evaluation.scorecard
    yield "Tool", f"vendor-eval {record.method.tool_version}"
    yield "Criteria", f"{card.title} ({card.id}) {card.version}, sha256 {card.sha256}"
    of_pilot = result.pilot.pilot.inputs if result.pilot else ()
    yield from ((inline(source.file), f"sha256 {source.sha256}") for source in (*record.inputs, *of_pilot))


_Finding = tuple[VendorRecord, str, FindingRecord]


def _findings(page: SheetWriter, result: Result) -> None:
    columns: list[SheetColumn[_Finding]] = [
        SheetColumn("Vendor", 0, lambda row: row[0].name, "strong"),
        SheetColumn("Question", 0, lambda row: row[1]),
        SheetColumn("Act", 0, lambda row: row[2].act),
        SheetColumn("By", 0, lambda row: row[2].by),
        SheetColumn("Date", 0, lambda row: row[2].date),
        SheetColumn("What was seen", 0, lambda row: "\n".join(filter(None, (row[2].reason, row[2].note)))),
    ]
    rows = [(v, a.id, finding) for v in result.in_order for a in v.answers for finding in a.findings]
    rows += [(v, "–", note) for v in result.in_order for note in v.notes]
    page.row += 1
    page.line(f"Findings of the buyer ({len(rows)})", "section", least=20)
    page.table(columns, rows)
    if not rows:
        page.line("None was written down.", "cell")


def _responses(page: SheetWriter, result: Result) -> None:
    columns: list[SheetColumn[VendorRecord]] = [
        SheetColumn("Vendor", 0, lambda v: v.name, "strong"),
        SheetColumn("Id", 0, lambda v: v.id),
        SheetColumn("Received", 0, lambda v: v.received),
        SheetColumn("Accepted late", 0, lambda v: v.accepted_late or None),
        SheetColumn("Answers", 0, lambda v: sum(a.state == "answered" for a in v.answers), "whole"),
        SheetColumn("Files", 0, lambda v: ", ".join(v.files) or None),
    ]
    page.row += 1
    page.line("Responses", "section", least=20)
    page.table(columns, result.in_order)


def _signature(page: SheetWriter, texts: tuple[str, ...], style: str) -> None:
    for column, text in enumerate(texts[:-1]):
        page.write(page.row, column, text, style)
    page.over(page.row, len(texts) - 1, len(_WIDTHS) - 1, texts[-1], style)
    page.row += 1
