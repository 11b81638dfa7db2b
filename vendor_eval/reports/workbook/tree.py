"""The sheets that follow the tree of criteria: Weights and Scores."""

from collections.abc import Iterator
from dataclasses import dataclass

from vendor_eval.formatting.figures import KINDS, STATUS
from vendor_eval.forms.workbook_writer import SheetColumn, Value, WorkbookWriter
from vendor_eval.reports.workbook.formulas import ALARM_ROW, Live, inputs, total_format
from vendor_eval.results import FloorRecord, NodeRecord, Result, VendorRecord

_LIVE_WIDTHS = (10, 8, 9)  # columns of the ranking with other weights, to the right of the table
_PRICE = "price"
_ONE_PAGE = 70  # rows of the sheet Scores that are still legible on one page


@dataclass(frozen=True, slots=True)
class _TreeRow:
    level: str
    category: str
    criterion: str = ""
    node: NodeRecord | None = None
    id: str = ""
    weight: float | None = None
    asked: int = 0
    in_scope: bool = True


def _tree(result: Result) -> Iterator[_TreeRow]:
    """Weighted categories and their criteria, with the nodes of a vendor that was scored, and the price."""
    nodes = {node.id: node for node in next((vendor.nodes for vendor in result.in_order if vendor.nodes), ())}
    for c in (category for category in result.definition.categories if category.weighted):
        criteria = [(k, sum(question.asked for question in k.questions)) for k in c.criteria]
        asked = sum(count for _, count in criteria)
        yield _TreeRow("Category", c.title, "", nodes.get(c.id), c.id, c.weight, asked, c.in_scope)
        for k, count in criteria:
            yield _TreeRow("Criterion", c.title, k.title, nodes.get(k.id), k.id, k.weight, count, count > 0)
    if (price := Live(result).price_points) is not None:
        yield _TreeRow("Price", "Price", id=_PRICE, weight=price)


def weights(result: Result, book: WorkbookWriter) -> None:
    record, live, tree = result.evaluation, Live(result), tuple(_tree(result))
    shares = {row.id: row.node.global_weight for row in tree if row.node}
    points = {row.id: _points(result, row) for row in tree}
    columns: list[SheetColumn[_TreeRow]] = [
        *_labels(34, 44),
        SheetColumn("Weight as stated", 10, lambda row: row.weight, "score"),
        SheetColumn("Share of its parent", 12, lambda row: _local(row, shares), "share"),
        SheetColumn("Points of the total", 14, lambda row: points[row.id], "points"),
        SheetColumn("Questions asked", 11, lambda row: None if row.id == _PRICE else row.asked, "whole"),
        SheetColumn("Floor", 44, lambda row: _floor_words(row, record.method.floors.get(row.id))),
    ]
    page = book.page("Weights", [*(column.width for column in columns), *_LIVE_WIDTHS])
    origin = f"Preset {record.preset}" if record.preset else "Weights of this evaluation"
    price = "of the quality, which is weighed against the price" if live.price_points is not None else "of the total"
    stated = f"The weights of the categories are stated in points {price}; criteria weigh among their siblings."
    page.heading("Weights", f"{origin}. {stated}")
    inputs(live, page)
    page.line("The official weights, down to the criteria", "section", least=20)
    rows = page.table(columns, tree, lambda row: "" if row.criterion else "band")
    page.shade(rows, 5, 5, most=max((own for own in points.values() if own), default=1.0))
    page.filter(rows, len(columns))
    page.repeat(rows[0] - 1, freeze=ALARM_ROW + 1)
    whole = sum(points[row.id] or 0.0 for row in tree if not row.criterion)
    for column, value in enumerate(("Total", "", "", "", "", whole)):
        page.write(page.row, column, value, "cell strong score first")
    page.row += 1
    page.protect()
    page.finish()


def scores(result: Result, book: WorkbookWriter) -> None:
    points: SheetColumn[_TreeRow] = SheetColumn("Points of the total", 10, lambda row: _points(result, row), "points")
    labels = [*_labels(26, 36), points]
    columns = [*labels, *(_score_column(vendor, total_format(result)) for vendor in result.in_order)]
    page = book.page("Scores", [column.width for column in columns])
    marks = "▼ below its floor, w: and waived; △ floor open; – nothing asked, or not evaluated"
    page.heading("Scores by category and criterion, 0 to 100", f"The darker the better. {marks}.")
    page.write(page.row, len(labels) - 1, "Rank", "muted right")
    for column, vendor in enumerate(result.in_order, len(labels)):
        text = f"{vendor.rank} · {vendor.status}" if vendor.rank else STATUS[vendor.status]
        page.write(page.row, column, text, "group small")
    page.row += 1
    tree = [_TreeRow("Total", "Total"), *_tree(result)]
    rows = page.table(columns, tree, lambda row: "" if row.criterion else "band")
    page.shade(rows, len(labels), len(columns) - 1)
    page.filter(rows, len(columns))
    page.keep(rows[0] - 1, 3)
    page.finish(tall=int(page.row <= _ONE_PAGE))


def _labels(category: float, criterion: float) -> list[SheetColumn[_TreeRow]]:
    """Name a line of the tree, in columns of these widths."""
    return [
        SheetColumn("Level", 11, lambda row: row.level),
        SheetColumn("Category", category, lambda row: row.category, lambda row: "muted" if row.criterion else ""),
        SheetColumn(
            *("Criterion", criterion, lambda row: row.criterion or (None if row.id == _PRICE else "all criteria")),
            lambda row: "indent" if row.criterion else "muted",
        ),
    ]


def _score_column(vendor: VendorRecord, total: str) -> SheetColumn[_TreeRow]:
    """Show the scores of a vendor, marked where a floor is failed, waived or open; `total` formats the first line."""
    nodes = {node.id: node for node in vendor.nodes}

    def score(row: _TreeRow) -> Value:
        if row.level == "Total":
            return vendor.score
        if row.id == _PRICE:
            return vendor.price.score if vendor.price else None
        return nodes[row.id].score if row.id in nodes else None

    def style(row: _TreeRow) -> str:
        if row.level == "Total":
            return total
        floor = nodes[row.id].floor if row.id in nodes else None
        if floor and floor.waived and floor.result == "fail":
            return "waived"
        return {"fail": "below", "unresolved": "maybe"}.get(floor.result if floor else "", "score")

    return SheetColumn(vendor.name, 13, score, style)


def _points(result: Result, row: _TreeRow) -> float | None:
    """Compute the weight of a line in points of the total."""
    if row.node is None:
        return row.weight if row.id == _PRICE else None
    return 100 * result.quality_share() * row.node.global_weight


def _local(row: _TreeRow, shares: dict[str, float]) -> Value:
    """Share of the total for a category, share of its category for a criterion."""
    parent = row.node.parent if row.node else None
    share = shares.get(row.id)
    if share is None or parent is None:
        return share
    return share / shares[parent] if shares.get(parent) else None


def _floor_words(row: _TreeRow, floor: FloorRecord | None) -> str:
    if not row.in_scope:
        return "not in scope: nothing is asked, its weight goes to the others in proportion"
    return f"at least {floor.at_least:g} ({KINDS[floor.kind]}) {floor.reason}".strip() if floor else ""
