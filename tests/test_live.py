"""The workbook that moves: its cached values are the official ones, and LibreOffice computes the same from formulas."""

import io
import re
from functools import cache

import pytest
from builders import evaluated
from made_results import HOSTILE, sample, with_texts
from office import edited, needs_office, poisoned, recalculated
from openpyxl import load_workbook

from vendor_eval.reports.workbook.formulas import ALARM_ROW, FIRST_VENDOR, Live
from vendor_eval.reports.workbook.shortlist import shortlist

TIED = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"
FIRST_WEIGHT = 7


@cache
def book_of(name):
    return shortlist(sample(name))


def opened(data, *, values=True):
    return load_workbook(data if not isinstance(data, bytes) else io.BytesIO(data), data_only=values)


def formulas(data):
    """Every formula with the value that is saved beside it."""
    plain, cached = opened(data, values=False), opened(data)
    return {
        (sheet.title, cell.coordinate): (cell.value, cached[sheet.title][cell.coordinate].value)
        for sheet in plain
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def live_rows(book, live):
    """Total, rank and place of each ranked vendor on the sheet Sensitivity."""
    sheet, columns = book["Sensitivity"], live.columns
    return {
        vendor.id: tuple(
            sheet.cell(live.rows[vendor.id] + 1, columns[name] + 1).value for name in ("score", "rank", "order")
        )
        for vendor in live.ranked
    }


def board(book):
    sheet = book["Weights"]
    rows = sheet.iter_rows(min_row=FIRST_WEIGHT, min_col=7, max_col=11, values_only=True)
    found = []
    for place, *rest in rows:
        if not isinstance(place, int):
            break
        found.append((place, *rest))
    return found


def official(live):
    return {v.id: (pytest.approx(v.score, abs=1e-9), v.rank, at) for at, v in enumerate(live.ranked, 1)}


# ------------------------------------------------------------------------------------------------ as it is written


@pytest.mark.parametrize("name", ["small", "full"])
def test_saved_values_are_those_of_the_result(name):
    live = Live(sample(name))
    book = opened(book_of(name))
    assert live_rows(book, live) == official(live)
    assert board(book) == [
        (at, v.name, pytest.approx(v.score, abs=1e-9), v.rank, v.rank) for at, v in enumerate(live.ranked, 1)
    ]
    assert all(value is not None or text.startswith("=IF(ABS(") for text, value in formulas(book_of(name)).values())


def test_only_weights_of_categories_in_scope_and_of_the_price_are_unlocked():
    """The Summary is not protected: no program would let its folded columns be opened."""
    book = opened(book_of("full"))
    loose = {(s.title, c.coordinate) for s in book for row in s.iter_rows() for c in row if not c.protection.locked}
    count = len(Live(sample("full")).in_scope) + 1
    assert loose == {("Weights", f"E{row}") for row in range(FIRST_WEIGHT, FIRST_WEIGHT + count)}
    assert [s.title for s in book if s.protection.sheet] == ["Weights", "Sensitivity"]


def weight_rows(book):
    """Title, official weight, own weight and share of each line of the weights, down to their sum."""
    rows = list(book["Weights"].iter_rows(min_row=FIRST_WEIGHT, min_col=2, max_col=6, values_only=True))
    end = next(at for at, row in enumerate(rows) if row[0] == "Sum")
    return [(row[0], *row[2:]) for row in rows[: end + 1]]


@pytest.mark.parametrize("name", ["small", "full"])
def test_the_weights_are_points_of_the_total_and_add_up_to_100_with_the_price(name):
    result = sample(name)
    *rows, whole = weight_rows(opened(book_of(name)))
    price = result.evaluation.price
    share = 1 - price.weight / 100 if price else 1.0
    nodes = {node.id: node.global_weight for node in result.in_order[0].nodes}
    expected = {c.title: 100 * share * nodes[c.id] for c in result.definition.categories if c.weighted and c.in_scope}
    expected |= {"Price": price.weight} if price else {}
    known = {title: official for title, official, *_ in rows if "not in scope" not in title}
    assert known == {title: pytest.approx(points, abs=1e-9) for title, points in expected.items()}
    assert (name == "full") == ("Price" in known)
    assert all(own == official and share == pytest.approx(own / 100, abs=1e-9) for _, official, own, share in rows)
    assert (whole[1], whole[2]) == (pytest.approx(100, abs=1e-9), pytest.approx(100, abs=1e-9))


def test_formulas_are_plain_and_hold_no_text_of_a_vendor():
    data = shortlist(with_texts(sample("small"), HOSTILE))
    known = {"IF", "ABS", "ROUND", "SUM", "SUMPRODUCT", "ISNUMBER", "RANK", "COUNTIF", "INDEX", "MATCH"}
    for text, _ in formulas(data).values():
        assert set(re.findall(r"([A-Z]+)\(", text)) <= known
        assert not any(bad in text for bad in ("evil", "http", "script", "HYPERLINK"))


def test_excluded_vendors_stay_out():
    live = Live(sample("full"))
    book = opened(book_of("full"))
    names = {row[0] for row in book["Sensitivity"].iter_rows(min_row=FIRST_VENDOR + 1, max_col=1, values_only=True)}
    assert "Pacandan Global" not in names
    assert "Pacandan Global" not in {row[1] for row in board(book)}
    assert len(live.ranked) == 5


def test_nobody_ranked_gives_a_workbook_all_the_same(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: knock_out, at_least: 50}]}}}}"
    assert board(opened(shortlist(evaluated(tmp_path, tree, {"acme": {"Q1": 10}})))) == []


# ------------------------------------------------------------------------------------------------ LibreOffice


@needs_office
def test_libreoffice_repairs_poisoned_values_and_finds_those_of_the_result(tmp_path):
    """If the poison stayed, nothing had been computed, and the test would prove nothing."""
    live = Live(sample("full"))
    bad = edited(book_of("full"), tmp_path, poisoned)
    assert {row[0] for row in live_rows(opened(bad), live).values()} == {-777}
    book = opened(recalculated(bad, tmp_path))
    assert live_rows(book, live) == official(live)
    assert [row[1] for row in board(book)] == [v.name for v in live.ranked]
    saved, computed = formulas(book_of("full")), formulas((tmp_path / "out" / "book.xlsx").read_bytes())
    for place, (_, value) in saved.items():
        found = computed[place][1]
        if isinstance(value, int | float):
            assert found == pytest.approx(value, abs=1e-9), place
        else:
            assert (found or "") == (value or ""), place


@needs_office
def test_another_weight_moves_scores_ranks_and_order_and_leaves_the_official_result(tmp_path):
    """Points for bolt: 70 of a and 30 of b become 20 and 70, which add up to 90."""
    answers = {
        "acme": {"Q1": 90, "Q2": 10},
        "bolt": {"Q1": 20, "Q2": 80},
        "cord": {"Q1": 20, "Q2": 80},
        "dune": {"Q1": 50, "Q2": 50},
    }
    result = evaluated(tmp_path, TIED, answers, settings="{evidence: off, weights: {a: 70, b: 30}}")
    live = Live(result)

    def change(xml):
        return re.sub(
            r'(<c r="E7"[^>]*><v>)70(</v>)', r"\g<1>20\2", re.sub(r'(<c r="E8"[^>]*><v>)30(</v>)', r"\g<1>70\2", xml)
        )

    book = opened(recalculated(edited(shortlist(result), tmp_path, change), tmp_path))
    share = {"acme": (20 * 90 + 70 * 10) / 90, "bolt": (20 * 20 + 70 * 80) / 90, "dune": 50}
    found = live_rows(book, live)
    assert found == {
        "acme": (pytest.approx(share["acme"], abs=1e-9), 4, 4),
        "bolt": (pytest.approx(share["bolt"], abs=1e-9), 1, 1),
        "cord": (pytest.approx(share["bolt"], abs=1e-9), 1, 2),
        "dune": (pytest.approx(50, abs=1e-9), 3, 3),
    }
    assert [(row[1], row[3], row[4]) for row in board(book)] == [
        ("bolt", 1, 3),
        ("cord", 1, 3),
        ("dune", 3, 2),
        ("acme", 4, 1),
    ]
    alarm = book["Weights"].cell(ALARM_ROW + 1, 1)
    assert alarm.value == "Your weights add up to 90, not to 100. Below they are divided by their sum."
    assert alarm.font.color.rgb == "FFC00000"
    summary = {row[1]: row for row in book["Summary"].iter_rows(values_only=True) if row[1] in answers}
    assert {name: row[0] for name, row in summary.items()} == {v.id: v.rank for v in result.vendors}


ITEMS = "items: [{id: PRC-01, text: Boxes, unit: box, volume: 1000}]"
PRICE = f"{{weight: 40, rule: fixed_bounds, best: 400, worst: 900, currency: USD, years: 2, {ITEMS}}}"
PRICED = f"{{evidence: off, weights: {{a: 70, b: 30}}, price: {PRICE}}}"
OFFER = {"OFFER-CURRENCY": "USD", "OFFER-VALID": "2027-03-01"}


@needs_office
def test_another_weight_of_the_price_moves_scores_ranks_and_order(tmp_path):
    """Points of the total: 42 of a, 18 of b and 40 of the price become 42, 18 and 0: quality alone, divided by 60."""
    answers = {
        "acme": {"Q1": 90, "Q2": 10, "PRC-01": 0.9, **OFFER},
        "bolt": {"Q1": 20, "Q2": 80, "PRC-01": 0.2, **OFFER},
    }
    result = evaluated(tmp_path, TIED, answers, settings=PRICED)
    live = Live(result)
    assert [vendor.id for vendor in live.ranked] == ["bolt", "acme"]
    assert [row[:2] for row in weight_rows(opened(shortlist(result)))] == [
        ("Category a", 42),
        ("Category b", 18),
        ("Price", 40),
        ("Sum", 100),
    ]

    def change(xml):
        return re.sub(r'(<c r="E9"[^>]*><v>)40(</v>)', r"\g<1>0\2", xml)

    book = opened(recalculated(edited(shortlist(result), tmp_path, change), tmp_path))
    assert live_rows(book, live) == {
        "acme": (pytest.approx(0.7 * 90 + 0.3 * 10, abs=1e-9), 1, 1),
        "bolt": (pytest.approx(0.7 * 20 + 0.3 * 80, abs=1e-9), 2, 2),
    }
    assert [(row[1], row[3], row[4]) for row in board(book)] == [("acme", 1, 2), ("bolt", 2, 1)]
    alarm = book["Weights"].cell(ALARM_ROW + 1, 1)
    assert alarm.value == "Your weights add up to 60, not to 100. Below they are divided by their sum."


@needs_office
def test_where_every_weight_is_0_nothing_is_divided_by_their_sum(tmp_path):
    answers = {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 40, "Q2": 90}}
    result = evaluated(tmp_path, TIED, answers, settings="evidence: off")

    def change(xml):
        return re.sub(r'(<c r="E[78]"[^>]*><v>)50(</v>)', r"\g<1>0\2", xml)

    book = opened(recalculated(edited(shortlist(result), tmp_path, change), tmp_path))
    alarm = book["Weights"].cell(ALARM_ROW + 1, 1)
    assert alarm.value == "Your weights add up to 0, not to 100. Below no category counts."


@needs_office
def test_a_declared_tie_breaker_parts_equals_with_any_weights(tmp_path):
    answers = {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 40, "Q2": 90}}
    settings = "{evidence: off, weights: {a: 60, b: 40}, tie_breakers: [b]}"
    result = evaluated(tmp_path, TIED, answers, settings=settings)
    live = Live(result)
    assert live_rows(opened(recalculated(edited(shortlist(result), tmp_path, poisoned), tmp_path)), live) == official(
        live
    )


@needs_office
def test_a_vendor_without_a_score_in_a_category_is_weighed_over_the_others(tmp_path):
    answers = {"acme": {"Q1": 80}, "bolt": {"Q1": 40, "Q2": 90}}
    result = evaluated(tmp_path, TIED, answers, settings="{evidence: off, missing: exclude}")
    live = Live(result)
    assert live_rows(opened(recalculated(edited(shortlist(result), tmp_path, poisoned), tmp_path)), live) == official(
        live
    )
