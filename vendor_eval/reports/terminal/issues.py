"""What `check` prints: how many issues each vendor has, then every issue with its cell, like beside like."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vendor_eval.formatting.printable import one_line
from vendor_eval.issues import Severity
from vendor_eval.reports.pages.panel import missing_lines
from vendor_eval.reports.terminal.columns import table
from vendor_eval.reports.terminal.ranking import vendor_names
from vendor_eval.results import IssueRecord, Result, VendorRecord

_MEANS = {
    Severity.BLOCKING: "not credited until it is put right",
    Severity.WARNING: "counted as the line says; look at it",
    Severity.NOTICE: "for your information",
}
_PLURALS = {Severity.BLOCKING: "blocking", Severity.WARNING: "warnings", Severity.NOTICE: "notices"}


def check_report(result: Result, clarifications: Mapping[str, str] | None = None) -> str:
    """Count issues by severity per vendor, then print each in one line, by severity and code, the gravest first.

    `clarifications` names the workbook that asks a vendor back, by the vendor's id.
    """
    if not result.vendors:
        return "No vendors and no workbooks: nothing to check."
    names = vendor_names(result)
    parts = [_overview(result, names)] if len(result.vendors) > 1 else []
    parts += ["\n".join(_vendor(vendor, names[vendor.id], clarifications or {})) for vendor in result.vendors]
    if result.panel and result.panel.issues:
        head = f"Score sheets: {_counted(result.panel.issues)}"
        parts.append("\n".join([head, *_issues(result.panel.issues)]))
    if missing := missing_lines(result):
        parts.append("\n".join(["PROVISIONAL: levels are missing", *(f"  - {one_line(line)}" for line in missing)]))
    return "\n\n".join(parts)


def counts(issues: Iterable[IssueRecord]) -> dict[str, int]:
    """Count issues by severity, the gravest first."""
    found = Counter(issue.severity for issue in issues)
    return {severity.value: found[severity] for severity in Severity}


def _overview(result: Result, names: Mapping[str, str]) -> str:
    rows = [[names[vendor.id], *map(str, counts(vendor.issues).values())] for vendor in result.vendors]
    return table([["Vendor", *(plural.capitalize() for plural in _PLURALS.values())], *rows], right=(1, 2, 3))


def _counted(issues: Iterable[IssueRecord]) -> str:
    found = counts(issues)
    return ", ".join(f"{found[one]} {one if found[one] == 1 else plural}" for one, plural in _PLURALS.items())


def _vendor(vendor: VendorRecord, name: str, clarifications: Mapping[str, str]) -> Iterator[str]:
    out = "not evaluated, " if vendor.status == "not_evaluated" else ""
    yield one_line(f"{name} ({', '.join(vendor.files) or 'no file'}): {out}{_counted(vendor.issues)}")
    if out:
        yield from (f"  {one_line(reason.text)}" for reason in vendor.status_reasons if reason.kind != "issue")
    yield from _issues(vendor.issues)
    if vendor.id in clarifications:
        yield one_line(f"Ask back with {clarifications[vendor.id]}")


def _issues(issues: Sequence[IssueRecord]) -> Iterator[str]:
    for severity, meaning in _MEANS.items():
        codes: dict[str, list[IssueRecord]] = {}
        for issue in issues:
            if issue.severity == severity:
                codes.setdefault(issue.code, []).append(issue)
        if codes:
            yield f"  {severity}: {meaning}"
        for code, found in codes.items():
            yield f"    {code}" + (f", {len(found)} times" if len(found) > 1 else "")
            yield from (f"      {one_line(_said(issue))}" for issue in found)


def _said(issue: IssueRecord) -> str:
    return ": ".join(part for part in (str(issue.source), issue.message) if part)
