"""Live cells of the workbook: weights to change on the sheet Weights, and the ranking that follows from them.

Formulas are of the plain kind that Excel and LibreOffice share, hold no text of a vendor, and carry the value that they
have at the agreed weights, so that readers that do not compute show the official result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf

from vendor_eval.forms.workbook_writer import Formula, SheetWriter
from vendor_eval.reports.wording.lookups import titles_of
from vendor_eval.results import CategoryDefinition, Result, VendorRecord

# Rows, counted from 0, that are known before a sheet is drawn, since formulas of other sheets lead there.
ALARM_ROW = 3
_WEIGHTS_HEADER = 5
FIRST_WEIGHT = 6
_SHARES = 6
_LIVE_HEADER = 7
FIRST_VENDOR = 8
LISTED = 25
_OFFICIAL, _YOURS, _SHARE = 3, 4, 5
_BOARD = 6
_LABELS = 1
_PRICE = "price"
_ALL = 100.0


@dataclass(frozen=True)
class Live:
    """Where the inputs and the figures that follow them stand."""

    result: Result

    @cached_property
    def in_scope(self) -> tuple[CategoryDefinition, ...]:
        """Weighted categories that are asked: only these have a share."""
        return tuple(c for c in self.result.definition.categories if c.weighted and c.in_scope)

    @cached_property
    def out_of_scope(self) -> tuple[CategoryDefinition, ...]:
        return tuple(c for c in self.result.definition.categories if c.weighted and not c.in_scope)

    @cached_property
    def ranked(self) -> tuple[VendorRecord, ...]:
        return tuple(v for v in self.result.in_order if v.rank is not None)

    @property
    def price_titles(self) -> tuple[str, ...]:
        if self.result.price is None:
            return ()
        return ("Lowest price / own price",) if self.result.ranks_by_ratio else ("Price score",)

    @cached_property
    def price_points(self) -> float | None:
        """Weight of the price in points of the total; None where it has none."""
        price = self.result.price
        return None if price is None or self.result.ranks_by_ratio else price.weight

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weights that can be changed, in points of the total, by id: the categories in scope, then the price.

        Categories out of scope hand theirs on.
        """
        stated, left = sum(c.weight for c in self.in_scope), _ALL - (self.price_points or 0.0)
        points = {category.id: category.weight * left / stated if stated else 0.0 for category in self.in_scope}
        return points if self.price_points is None else points | {_PRICE: self.price_points}

    @cached_property
    def rows(self) -> dict[str, int]:
        return {vendor.id: FIRST_VENDOR + at for at, vendor in enumerate(self.ranked)}

    @property
    def columns(self) -> dict[str, int]:
        names = (*("price" for _ in self.price_titles), "score", "key", "place", "rank", "order")
        names = (*names, "official score", "official rank")
        return {name: _LABELS + len(self.in_scope) + at for at, name in enumerate(names)}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the declared tie-breakers put each vendor among equals."""
        breakers = self.result.evaluation.method.tie_breakers
        keys = {vendor.id: tuple(_tie_key(vendor, name) for name in breakers) for vendor in self.ranked}
        order = sorted(set(keys.values()))
        return {name: order.index(key) + 1 for name, key in keys.items()}

    def refer(self, vendor: VendorRecord, name: str, value: float | None) -> Formula | None:
        """Refer to a column of the live table in the row of a ranked vendor; `value` is what it holds officially."""
        if vendor.id not in self.rows:
            return None
        return Formula(f"=Sensitivity!{_cell(self.rows[vendor.id], self.columns[name])}", value or 0.0)


def _tie_key(vendor: VendorRecord, name: str) -> float:
    """Give the key by which a tie-breaker sorts equals, the lower the better."""
    if name == _PRICE and vendor.price is not None:
        return inf if vendor.price.total is None else vendor.price.total
    return -(_score(vendor, name) or 0.0)


def _score(vendor: VendorRecord, name: str) -> float | None:
    return next((node.score for node in vendor.nodes if node.id == name), None)


def _cell(row: int, column: int, *, row_abs: bool = False, col_abs: bool = False) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    text: str = xl_rowcol_to_cell(row, column, row_abs=row_abs, col_abs=col_abs)
    return text


def _range(first: tuple[int, int], last: tuple[int, int]) -> str:
    return f"{_cell(*first, row_abs=True, col_abs=True)}:{_cell(*last, row_abs=True, col_abs=True)}"


def inputs(live: Live, page: SheetWriter) -> None:
    """Draw the weights to change and the ranking that follows, at the top of the sheet Weights."""
    last = FIRST_WEIGHT + len(live.weights) + len(live.out_of_scope) - 1
    total = _cell(last + 1, _YOURS)
    alarm = (
        f'=IF(ABS({total}-100)>0.000001,"Your weights add up to "&ROUND({total},6)&", not to 100. '
        f'"&IF({total}>0,"Below they are divided by their sum.","Below no category counts."),"")'
    )
    page.over(ALARM_ROW, 0, len(page.widths) - 1, "", "alarm")
    page.write(ALARM_ROW, 0, Formula(alarm, ""), "alarm")
    page.row = ALARM_ROW + 1
    ratio = " Quality is divided by the price as before." if live.result.ranks_by_ratio else ""
    text = f"Try other weights: yellow cells only. What follows is not the official result.{ratio}"
    page.line(text, "section", least=20)
    for column, title in enumerate(("", "Points of the total", "", "Official weight", "Your weight", "Your share")):
        page.write(_WEIGHTS_HEADER, column, title, "header")
    titles = titles_of(live.result)
    for row, (name, points) in enumerate(live.weights.items(), FIRST_WEIGHT):
        _input_row(live, page, row, titles[name], points)
    for row, category in enumerate(live.out_of_scope, FIRST_WEIGHT + len(live.weights)):
        page.write(row, 1, f"{category.title} (not in scope)", "cell strong")
        for column, style in ((_OFFICIAL, "plain"), (_YOURS, "plain"), (_SHARE, "share")):
            page.write(row, column, 0.0, f"cell {style} muted")
    official = sum(live.weights.values())
    page.write(last + 1, 1, "Sum", "cell strong score first")
    page.write(last + 1, _OFFICIAL, official, "cell strong score first")
    yours = Formula(f"=SUM({_range((FIRST_WEIGHT, _YOURS), (last, _YOURS))})", official)
    page.write(last + 1, _YOURS, yours, "cell strong plain first")
    _board(live, page)
    page.row = max(last + 2, FIRST_WEIGHT + min(len(live.ranked), LISTED)) + 1


def _input_row(live: Live, page: SheetWriter, row: int, title: str, points: float) -> None:
    page.write(row, 1, title, "cell strong")
    page.write(row, _OFFICIAL, points, "cell plain")
    page.write(row, _YOURS, points, "cell plain input")
    rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    rule |= {"error_title": "Weight", "error_message": "A number from 0 to 100."}
    page.sheet.data_validation(row, _YOURS, row, _YOURS, rule)
    used = _range((FIRST_WEIGHT, _YOURS), (FIRST_WEIGHT + len(live.weights) - 1, _YOURS))
    formula = f"=IF(SUM({used})>0,{_cell(row, _YOURS)}/SUM({used}),0)"
    page.write(row, _SHARE, Formula(formula, points / _ALL), "cell share")


def _board(live: Live, page: SheetWriter) -> None:
    """List the vendors in the order that the reader's weights make."""
    titles = ("Place", "Vendor with your weights", "Your score", "Your rank", "Official rank")
    for at, title in enumerate(titles):
        page.write(_WEIGHTS_HEADER, _BOARD + at, title, "header")
    if not live.ranked:
        return
    columns = live.columns
    ends = FIRST_VENDOR, FIRST_VENDOR + len(live.ranked) - 1

    def pick(column: int, at: int) -> str:
        order = _range((ends[0], columns["order"]), (ends[1], columns["order"]))
        values = _range((ends[0], column), (ends[1], column))
        return f"=INDEX(Sensitivity!{values},MATCH({at},Sensitivity!{order},0))"

    for at, vendor in enumerate(live.ranked[:LISTED], 1):
        row = FIRST_WEIGHT + at - 1
        page.write(row, _BOARD, at, "cell whole")
        page.write(row, _BOARD + 1, Formula(pick(0, at), vendor.name), "cell strong")
        page.write(row, _BOARD + 2, Formula(pick(columns["score"], at), vendor.score or 0.0), "cell points")
        page.write(row, _BOARD + 3, Formula(pick(columns["rank"], at), vendor.rank or 0), "cell whole")
        page.write(row, _BOARD + 4, Formula(pick(columns["official rank"], at), vendor.rank or 0), "cell whole")


def table(live: Live, page: SheetWriter) -> None:
    """Draw the live table: category scores of the ranked vendors, their totals, ranks and places."""
    page.write(_SHARES, 0, "Your share (sheet Weights)", "cell strong")
    for at, points in enumerate(live.weights.values()):
        source = f"=Weights!{_cell(FIRST_WEIGHT + at, _SHARE)}"
        page.write(_SHARES, _LABELS + at, Formula(source, points / _ALL), "cell share")
    heads = ("Vendor", *(c.title for c in live.in_scope), *live.price_titles, "Your score", "to 9 decimals")
    heads = (*heads, "Place among equals", "Your rank", "Your place", "Official score", "Official rank")
    for column, title in enumerate(heads):
        page.write(_LIVE_HEADER, column, title, "header")
    page.height(3, _LIVE_HEADER)
    for vendor in live.ranked:
        _vendor_row(live, page, vendor)
    page.row = FIRST_VENDOR + len(live.ranked)


def _vendor_row(live: Live, page: SheetWriter, vendor: VendorRecord) -> None:
    row, columns = live.rows[vendor.id], live.columns
    page.write(row, 0, vendor.name, "cell strong")
    for at, category in enumerate(live.in_scope):
        score = _score(vendor, category.id)
        page.write(row, _LABELS + at, "" if score is None else score, "cell score")
    if live.price_titles:
        # The score of the price, or what quality is multiplied with before it ranks.
        score = vendor.price.score or 0.0 if vendor.price else 0.0
        price = live.result.factor(vendor) if live.result.ranks_by_ratio else score
        page.write(row, columns["price"], price, "cell points")
    for name, formula, style in _formulas(live, row, vendor):
        page.write(row, columns[name], formula, f"cell {style}")
    page.write(row, columns["place"], live.places[vendor.id], "cell whole")
    page.write(row, columns["official score"], vendor.score, "cell points strong")
    page.write(row, columns["official rank"], vendor.rank, "cell whole strong")


def _formulas(live: Live, row: int, vendor: VendorRecord) -> Iterator[tuple[str, Formula, str]]:
    columns, last = live.columns, FIRST_VENDOR + len(live.ranked) - 1
    ends = _LABELS, _LABELS + len(live.in_scope) - 1
    shares, own = _range((_SHARES, ends[0]), (_SHARES, ends[1])), _range((row, ends[0]), (row, ends[1]))
    # A vendor without a score in a category is weighed over the others.
    known = f"SUMPRODUCT({shares},--ISNUMBER({own}))"
    score = vendor.score or 0.0
    quality = f"IF({known}>0,SUMPRODUCT({shares},{own})/{known},0)"
    ranks = _cell(row, columns["score"])
    if live.result.ranks_by_ratio:
        ranks = f"{ranks}*{_cell(row, columns['price'])}"
    elif live.price_titles:
        price = _cell(_SHARES, columns["price"], row_abs=True, col_abs=True)
        quality = f"(1-{price})*{quality}+{price}*{_cell(row, columns['price'])}"
    yield "score", Formula(f"={quality}", score), "points strong"
    yield "key", Formula(f"=ROUND({ranks},9)", round(live.result.ranking_points(vendor), 9)), "points muted"
    key, place, rank = (_cell(row, columns[name]) for name in ("key", "place", "rank"))
    keys, places = (_range((FIRST_VENDOR, columns[name]), (last, columns[name])) for name in ("key", "place"))
    formula = f"=RANK({key},{keys})+SUMPRODUCT(({keys}={key})*({places}<{place}))"
    yield "rank", Formula(formula, vendor.rank or 0), "whole strong"
    above = f"{_cell(FIRST_VENDOR, columns['rank'], row_abs=True)}:{rank}"
    at = row - FIRST_VENDOR + 1
    yield "order", Formula(f"={rank}+COUNTIF({above},{rank})-1", at), "whole"


def widths(live: Live) -> tuple[float, ...]:
    return (30.0, *(12.0 for _ in (*live.in_scope, *live.price_titles)), 10.0, 12.0, 9.0, 8.0, 8.0, 10.0, 9.0)


def total_format(result: Result) -> str:
    """Format totals with as many decimals as tell different ranks apart."""
    return f"0.{'0' * result.digits}"
