"""What each category and the price add to the score of a vendor, in points of the total."""

from vendor_eval.formatting.figures import number
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.reports.wording.names import clean
from vendor_eval.results import Result, VendorRecord

_PRICE = "price"
_SAME = 0.05  # points that print as none


def contributions(result: Result, vendor: VendorRecord) -> dict[str, float]:
    """Map categories, and `price`, to the points that they add; these add up to the score of the vendor."""
    share = result.quality_share()
    points = {node.id: share * node.contribution for node in vendor.nodes if node.kind == "category"}
    if vendor.price and not result.ranks_by_ratio:
        points[_PRICE] = vendor.price.contribution
    return points


def message(result: Result) -> str:
    """Say what the contributions show: where the first gains on the second and where it loses."""
    ranked, titles = [result.vendor(name) for name in result.ranking[:2]], titles_of(result)
    if len(ranked) == 1:
        best = max(contributions(result, ranked[0]).items(), key=lambda pair: pair[1])
        return f"{clean(ranked[0].name)} earns most on {titles[best[0]]}: {number(best[1])} of its points"
    if not ranked:
        return f"What each category {'and the price add' if result.price else 'adds'} to the score"
    first, second = (contributions(result, vendor) for vendor in ranked)
    leads = {titles[name]: points - second.get(name, 0.0) for name, points in first.items()}
    gain, loss = max(leads, key=lambda title: leads[title]), min(leads, key=lambda title: leads[title])
    parts = [f"gains most on {gain} ({number(leads[gain])} points)"] * (leads[gain] >= _SAME)
    parts += [f"loses most on {loss} ({number(-leads[loss])})"] * (leads[loss] <= -_SAME)
    names = [clean(vendor.name) for vendor in ranked]
    if not parts:
        return f"{names[0]} and {names[1]} earn the same points in every category"
    return f"Against {names[1]}, {names[0]} {' and '.join(parts)}"
