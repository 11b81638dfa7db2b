"""Shared formulas: written in full in their first cell only, and shifted here to the others."""

import re
from functools import partial

from vendor_eval.spreadsheets.cells import column_number, letters
from vendor_eval.spreadsheets.guard import LAST_COLUMN, LAST_ROW

# Quoted texts and sheet names are kept; so are names and functions such as LOG10(.
_TOKENS = re.compile(
    r"""(?P<kept>"(?:[^"]|"")*"|'(?:[^']|'')*')"""
    r"""|(?<![\w.$\[])(?P<cell>(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6}))(?![\w.(!\]])"""
    r"""|(?<![\w.$\[])(?P<columns>(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3}))(?![\w.(!\]])"""
    r"""|(?<![\w.$\[])(?P<rows>(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6}))(?![\w.(!\]])"""
)


def shift_formula(formula: str, *, down: int, right: int) -> str:
    """Shift the relative references of a formula by rows and columns.

    >>> shift_formula('SUM(B3:B$9)&"B3"', down=2, right=1)
    'SUM(C5:C$9)&"B3"'
    """
    return _TOKENS.sub(partial(_shift, down=down, right=right), formula)


def _shift(match: re.Match[str], *, down: int, right: int) -> str:
    groups = match.groups()
    if match["cell"]:
        return _column(groups[2], groups[3], right) + _row(groups[4], groups[5], down)
    if match["columns"]:
        return f"{_column(groups[7], groups[8], right)}:{_column(groups[9], groups[10], right)}"
    if match["rows"]:
        return f"{_row(groups[12], groups[13], down)}:{_row(groups[14], groups[15], down)}"
    return match[0]


def _column(fixed: str, text: str, right: int) -> str:
    number = column_number(text) + (0 if fixed else right)
    return f"{fixed}{letters(number)}" if 1 <= number <= LAST_COLUMN else "#REF!"


def _row(fixed: str, text: str, down: int) -> str:
    number = int(text) + (0 if fixed else down)
    return f"{fixed}{number}" if 1 <= number <= LAST_ROW else "#REF!"
