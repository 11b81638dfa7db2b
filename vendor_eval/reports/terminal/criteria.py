"""The tree of criteria with its weights, as plain text."""

from collections.abc import Iterable, Sequence

from vendor_eval.formatting.printable import cut
from vendor_eval.reports.terminal.columns import table, terminal_width
from vendor_eval.results import CategoryDefinition, SourceRecord

_LONGEST_TEXT = 60


def criteria_tree(categories: Iterable[CategoryDefinition]) -> str:
    """Lay out the categories with their weights, and below them what the buyer wants to know of each."""
    tree = list(categories)
    total = sum(c.weight for c in tree if c.weighted)
    rows = [("Id", "Title", "Local", "Global")]
    for category in tree:
        share = category.weight / total if category.weighted and total else 0.0
        weight = f"{category.weight:g}" if category.weighted else "–"
        rows.append((category.id, category.title, weight, f"{share * 100:.2f} %"))
        inside = sum(criterion.weight for criterion in category.criteria)
        for criterion in category.criteria:
            part = criterion.weight / inside if inside else 0.0
            rows.append((f"  {criterion.id}", criterion.title, f"{part * 100:.1f} %", f"{share * part * 100:.2f} %"))
            below = sum(question.weight for question in criterion.questions)
            for question in criterion.questions:
                local = question.weight / below if below else 0.0
                shares = f"{local * 100:.1f} %", f"{share * part * local * 100:.3f} %"
                rows.append((f"    {question.id}", cut(question.text, _LONGEST_TEXT), *shares))
    aims = [(category.id, category.aim) for category in tree if category.aim]
    below_it = f"\n\n{table([('Id', 'What the buyer wants to know'), *aims], flow=1)}" if aims else ""
    # In a file each question stays on its line.
    return f"{table(rows, right=(2, 3), flow=1 if terminal_width() else -1)}{below_it}"


def sources_table(sources: Iterable[SourceRecord]) -> str:
    rows = [("Id", "Read", "Source")]
    for source in sources:
        about = filter(None, (source.title, source.author, source.year, source.link, source.note))
        rows.append((source.id, source.read, "; ".join(about)))
    return table(rows, flow=2)


def changes_table(changes: Iterable[Sequence[str]]) -> str:
    return table([("Id", "What became of it", "Why"), *changes], flow=2)
