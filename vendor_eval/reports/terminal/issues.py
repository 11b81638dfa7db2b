"""The report of `check`: how many issues each vendor has, then every issue with its cell, by severity and code."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.issues import Severity
from vendor_eval.reports.pages.panel import missing_lines
from vendor_eval.reports.terminal.columns import table
from vendor_eval.reports.terminal.ranking import vendor_names
from vendor_eval.results import IssueRecord, Result, VendorRecord
from vendor_eval.results.pilot import PilotVendorRecord

_MEANS = {
    Severity.BLOCKING: "",
    Severity.WARNING: "it counts as the line says, please look at it",
    Severity.NOTICE: "for your information",
}
_QUOTED = 200
_PLURALS = {Severity.BLOCKING: "blocking", Severity.WARNING: "warnings", Severity.NOTICE: "notices"}


def check_report(
    result: Result, clarifications: Mapping[str, str] | None = None, opened: Mapping[str, int] | None = None
) -> str:
    """Count issues by severity per vendor, then print each in one line, by severity and code, the gravest first.

    `clarifications` names the workbook that asks a vendor back, `opened` counts the points that it asks, both by the
    vendor's id; without `opened` there is no such column.
    """
    if not result.vendors:
        return "No vendors and no workbooks: nothing to check."
    names = vendor_names(result)
    parts = []
    if len(result.vendors) > 1 or opened is not None:
        rows = [["Vendor", *(plural.capitalize() for plural in _PLURALS.values())]]
        rows += [[names[vendor.id], *map(str, counts(vendor.issues).values())] for vendor in result.vendors]
        if opened is not None:
            column = ["Open", *(str(opened.get(vendor.id, "–")) for vendor in result.vendors)]
            rows = [[*row, count] for row, count in zip(rows, column, strict=True)]
        parts.append(table(rows, right=(1, 2, 3, 4)))
    parts += ["\n".join(_vendor(vendor, names[vendor.id], clarifications or {})) for vendor in result.vendors]
    if result.evaluation.issues:
        head = f"The evaluation: {_counted(result.evaluation.issues)}"
        parts.insert(0, "\n".join([head, *_issues(result.evaluation.issues)]))
    listed = result.panel.issues if result.panel else ()
    if on_sheets := [issue for issue in listed if issue not in result.evaluation.issues]:
        parts.append("\n".join([f"Score sheets: {_counted(on_sheets)}", *_issues(on_sheets)]))
    parts += _pilot(result, names)
    if missing := missing_lines(result):
        parts.append("\n".join(["PROVISIONAL: levels are missing", *(f"  - {one_line(line)}" for line in missing)]))
    return "\n\n".join(parts)


def _pilot(result: Result, names: Mapping[str, str]) -> Iterator[str]:
    for vendor in result.pilot.vendors if result.pilot else ():
        if lines := list(_pilot_lines(vendor)):
            yield "\n".join([one_line(f"The pilot, {names.get(vendor.id, vendor.id)}"), *lines])


def _pilot_lines(vendor: PilotVendorRecord) -> Iterator[str]:
    """List what is wrong with the rows of a vendor, once per code with the first place, and why it is not measured."""
    if vendor.message:
        yield f"  {one_line(vendor.message)}"
    for issue in vendor.issues:
        first = issue.places[0] if issue.places else None
        place = f" (first {first.file}, row {first.row})" if first and first.row else ""
        yield f"  {issue.severity}: {issue.code}, {issue.count} times: {one_line(f'{issue.message}{place}')}"


def counts(issues: Iterable[IssueRecord]) -> dict[str, int]:
    """Count issues by severity, the gravest first."""
    numbers = Counter(issue.severity for issue in issues)
    return {severity.value: numbers[severity] for severity in Severity}


def _counted(issues: Iterable[IssueRecord]) -> str:
    numbers = counts(issues)
    return ", ".join(f"{numbers[name]} {name if numbers[name] == 1 else plural}" for name, plural in _PLURALS.items())


def _vendor(vendor: VendorRecord, name: str, clarifications: Mapping[str, str]) -> Iterator[str]:
    out = "not evaluated, " if vendor.status == "not_evaluated" else ""
    yield one_line(f"{name} ({', '.join(vendor.files) or 'no file'}): {out}{_counted(vendor.issues)}")
    if out:
        yield from (f"  {one_line(reason.text)}" for reason in vendor.status_reasons if reason.kind != "issue")
    if vendor.replaced:
        yield "  replaced by a clarification"
    for new in vendor.replaced:
        for old in new.earlier:
            before, now = (f"'{cut(record.raw, _QUOTED)}' ({record.source})" for record in (old, new))
            yield f"    {one_line(f'{new.question}: {before} by {now}')}"
    counted = {answer.id for answer in vendor.answers if answer.state == "answered"}
    blocking = [issue.question for issue in vendor.issues if issue.severity == Severity.BLOCKING]
    yield from _issues(vendor.issues, uncredited=all(name and name not in counted for name in blocking))
    if vendor.id in clarifications:
        yield one_line(f"Ask back with {clarifications[vendor.id]}")


def _issues(issues: Sequence[IssueRecord], *, uncredited: bool = False) -> Iterator[str]:
    """List issues; that nothing is credited until then is true of answers that do not count."""
    for severity, meaning in _MEANS.items():
        codes: dict[str, list[IssueRecord]] = {}
        for issue in issues:
            if issue.severity == severity:
                codes.setdefault(issue.code, []).append(issue)
        if codes:
            credit = "not credited until it is put right" if uncredited else "to be put right"
            yield f"  {severity}: {meaning or credit}"
        for code, same in codes.items():
            yield f"    {code}" + (f", {len(same)} times" if len(same) > 1 else "")
            for issue in same:
                yield f"      {one_line(': '.join(filter(None, (str(issue.source), issue.message))))}"
