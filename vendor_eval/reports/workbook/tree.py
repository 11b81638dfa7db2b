"""The sheets that follow the tree of criteria: Weights and Scores."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vendor_eval.formatting.figures import KINDS, STATUS
from vendor_eval.forms.workbook_writer import SheetColumn, SheetWriter, Value, WorkbookWriter
from vendor_eval.reports.workbook.live import ALARM_ROW, Live, inputs
from vendor_eval.reports.workbook.terms import total_format
from vendor_eval.results import (
    CategoryDefinition,
    CriterionDefinition,
    FloorRecord,
    NodeRecord,
    Result,
    VendorRecord,
)

_BESIDE = (10, 8, 9)  # columns of the ranking with other weights that stand beside the table
_ONE_PAGE = 70  # rows of the sheet Scores that are still legible on one page


@dataclass(frozen=True, slots=True)
class _NodeRow:
    """A line of the tree: the total, a category or a criterion."""

    level: str
    category: str
    criterion: str = ""
    node: NodeRecord | None = None
    id: str = ""
    weight: float | None = None
    asked: int = 0
    in_scope: bool = True


def _tree(result: Result) -> Iterator[_NodeRow]:
    """Weighted categories and their criteria, with the nodes of a vendor that was scored."""
    scored = next((vendor.nodes for vendor in result.in_order if vendor.nodes), ())
    nodes = {node.id: node for node in scored}
    for category in _weighted(result):
        row = _NodeRow("Category", category.title, "", nodes.get(category.id), category.id, category.weight)
        yield replace(row, asked=sum(map(_asked, category.criteria)), in_scope=category.in_scope)
        for c in category.criteria:
            node = nodes.get(c.id)
            yield _NodeRow("Criterion", category.title, c.title, node, c.id, c.weight, _asked(c), bool(_asked(c)))


def _weighted(result: Result) -> Iterator[CategoryDefinition]:
    return (category for category in result.definition.categories if category.weighted)


def weights(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Weights."""
    floors = result.evaluation.method.floors
    shares = {row.id: row.node.global_weight for row in _tree(result) if row.node}
    columns: list[SheetColumn[_NodeRow]] = [
        SheetColumn("Level", 11, lambda row: row.level),
        SheetColumn("Category", 34, lambda row: row.category, _category_style),
        SheetColumn("Criterion", 44, lambda row: row.criterion or "all criteria", _criterion_style),
        SheetColumn("Weight", 10, lambda row: row.weight, "score"),
        SheetColumn("Share of its parent", 12, lambda row: _local(row, shares), "share"),
        SheetColumn("Share of the total", 14, lambda row: shares.get(row.id), "share"),
        SheetColumn("Questions asked", 11, lambda row: row.asked, "whole"),
        SheetColumn("Floor", 44, lambda row: _floor_words(floors.get(row.id), in_scope=row.in_scope)),
    ]
    live = Live(result)
    page = book.page("Weights", [*(column.width for column in columns), *_BESIDE])
    record = result.evaluation
    origin = f"Preset {record.preset}" if record.preset else "Weights of this evaluation"
    page.heading("Weights", f"{origin}. Category weights add up to 100; criteria weigh among their siblings.")
    inputs(live, page)
    page.line("The official weights, down to the criteria", "section", least=20)
    rows = page.table(columns, _tree(result), lambda row: "" if row.criterion else "band")
    page.shade(rows, 5, 5, most=max(shares.values(), default=1.0))
    page.filter(rows, len(columns))
    page.repeat(rows[0] - 1, freeze=ALARM_ROW + 1)
    for column, value in enumerate(("Total", "", "", sum(c.weight for c in _weighted(result)))):
        page.write(page.row, column, value, "cell strong score first")
    page.row += 1
    page.protect()
    page.finish()


def scores(result: Result, book: WorkbookWriter) -> None:
    """Draw the sheet Scores."""
    total = total_format(result)
    nodes = {vendor.id: {node.id: node for node in vendor.nodes} for vendor in result.in_order}
    label: list[SheetColumn[_NodeRow]] = [
        SheetColumn("Level", 11, lambda row: row.level),
        SheetColumn("Category", 26, lambda row: row.category, _category_style),
        SheetColumn("Criterion", 36, lambda row: row.criterion or "all criteria", _criterion_style),
        SheetColumn("Share of the total", 10, lambda row: row.node.global_weight if row.node else None, "share"),
    ]

    def score(vendor: VendorRecord) -> SheetColumn[_NodeRow]:
        own = nodes[vendor.id]
        return SheetColumn(vendor.name, 13, lambda r: _score(r, vendor, own), lambda r: _score_style(r, own, total))

    def points(vendor: VendorRecord) -> SheetColumn[_NodeRow]:
        own = nodes[vendor.id]
        return SheetColumn(vendor.name, 13, lambda row: _points(row, vendor, own), "points")

    columns = [*label, *(score(vendor) for vendor in result.in_order)]
    page = book.page("Scores", [column.width for column in columns])
    marks = "▼ below its floor, w: and waived; △ floor open; – nothing asked, or not evaluated"
    page.heading("Scores by category and criterion, 0 to 100", f"The darker the better. {marks}.")
    _places(page, result, len(label))
    tree = [_NodeRow("Total", "Total"), *_tree(result)]
    rows = page.table(columns, tree, lambda row: "" if row.criterion else "band")
    page.shade(rows, len(label), len(columns) - 1)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.row += 1
    whole = _NodeRow("Total", "Quality" if result.evaluation.price else "Total")
    page.line(f"Where the points come from: share x score, adding up to the {whole.category.lower()}", "section")
    categories = [*(row for row in tree if row.level == "Category"), whole]
    columns = [*label, *(points(vendor) for vendor in result.in_order)]
    page.table(columns, categories, lambda row: "band first" if row.level == "Total" else "")
    page.finish(tall=int(page.row <= _ONE_PAGE))


def _score_style(row: _NodeRow, nodes: dict[str, NodeRecord], total: str) -> str:
    if row.level == "Total":
        return total
    floor = nodes[row.id].floor if row.id in nodes else None
    if floor and floor.waived and floor.result == "fail":
        return "waived"
    return {"fail": "below", "unresolved": "maybe"}.get(floor.result if floor else "", "score")


def _places(page: SheetWriter, result: Result, first: int) -> None:
    """Write rank and status above each vendor's column."""
    page.write(page.row, first - 1, "Rank", "muted right")
    for column, vendor in enumerate(result.in_order, first):
        text = f"{vendor.rank} · {vendor.status}" if vendor.rank else STATUS[vendor.status]
        page.write(page.row, column, text, "group small")
    page.row += 1


# ------------------------------------------------------------------------------------------------ cells


def _asked(criterion: CriterionDefinition) -> int:
    return sum(question.asked for question in criterion.questions)


def _local(row: _NodeRow, shares: dict[str, float]) -> Value:
    """Share of the total for a category, share of its category for a criterion."""
    parent = row.node.parent if row.node else None
    share = shares.get(row.id)
    if share is None or parent is None:
        return share
    return share / shares[parent] if shares.get(parent) else None


def _floor_words(floor: FloorRecord | None, *, in_scope: bool) -> str:
    if not in_scope:
        return "not in scope: nothing is asked, its weight goes to the others in proportion"
    if floor is None:
        return ""
    return f"at least {floor.at_least:g} ({KINDS[floor.kind]}) {floor.reason}".strip()


def _score(row: _NodeRow, vendor: VendorRecord, nodes: dict[str, NodeRecord]) -> Value:
    if row.level == "Total":
        return vendor.score
    return nodes[row.id].score if row.id in nodes else None


def _points(row: _NodeRow, vendor: VendorRecord, nodes: dict[str, NodeRecord]) -> Value:
    if row.level == "Total":
        return vendor.score if vendor.price is None else vendor.quality
    return nodes[row.id].contribution if row.id in nodes else None


def _category_style(row: _NodeRow) -> str:
    return "muted" if row.criterion else ""


def _criterion_style(row: _NodeRow) -> str:
    return "indent" if row.criterion else "muted"
