"""Styles of cells: number formats, struck-through and raised text, text in the color of its background."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import NamedTuple, TypeVar

from vendor_eval.spreadsheets.markup import Element, Package, whole_number
from vendor_eval.spreadsheets.number_formats import NumberFormat, Shows

_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  calendar days
# The 1900 calendar has a 29 February that did not exist.
_LEAP = 60
_DAY_MS = 86_400_000
# Formats that a workbook names by number alone; 5 to 8 and 41 to 44 are the money of the reader's country.
BUILT_IN: Mapping[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys((37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((39, 40), "#,##0.00;(#,##0.00)"),
    **dict.fromkeys((*range(14, 23), 45, 47), "d/m/yy"),
    46: "[h]:mm:ss",
    48: "##0.0E+0",
}
_Entry = TypeVar("_Entry")
_FONT_PARTS = {"fonts", "font", "strike", "vertAlign", "color", "sz", "fills", "fill", "patternFill", "fgColor"}
_WHITE, _BLACK = "FFFFFF", "000000"
_INDEXED = {"0": _BLACK, "8": _BLACK, "64": _BLACK, "1": _WHITE, "9": _WHITE, "65": _WHITE}
_THEME = {"0": _WHITE, "1": _BLACK}
# Shades of each channel, of 255, that nobody tells apart, and the size of letters, in points, that nobody reads.
_SAME_SHADE = 8
_SMALLEST = 2.0


class Font(NamedTuple):
    """Effects of a font; `color` is six hex digits, or another name of a color."""

    struck: bool = False
    raised: bool = False
    color: str = _BLACK
    tiny: bool = False


class Style(NamedTuple):
    """What a number format shows, a kind of figure and its currency; the font, and the color behind it.

    `marks_text` says that font, color or format make a plain text look like something else than it is.
    """

    shows: Shows = ""
    currency: str = ""
    format: NumberFormat | None = None
    font: Font = Font()
    background: str = _WHITE
    marks_text: bool = False


PLAIN = Style()


def read_styles(package: Package, part: str) -> Sequence[Style]:
    """List the cell styles of a workbook; cells refer to them by index."""
    fonts, fills = _fonts_and_fills(package, part)
    formats = {str(number): NumberFormat(code) for number, code in BUILT_IN.items()}
    styles: list[Style] = []
    for element in package.elements(part, {"numFmt", "xf", "cellStyleXfs", "cellXfs"}):
        own = element.attributes
        if element.tag == "numFmt":
            formats[own.get("numFmtId", "")] = NumberFormat(own.get("formatCode", ""))
        elif element.tag == "xf":
            form = formats.get(own.get("numFmtId", "0"))
            font = _at(fonts, own.get("fontId", "0")) or Font()
            fill = _at(fills, own.get("fillId", "0")) or _WHITE
            marks = font.struck or font.raised or is_unseen(font, fill)
            marks |= form is not None and form.text_section is not None
            styles.append(Style(form.shows if form else "", "", form, font, fill, marks))
        elif element.tag == "cellStyleXfs":
            styles.clear()
        else:
            break
    return styles


def _at(entries: Sequence[_Entry], index: str) -> _Entry | None:
    number = whole_number(index)
    return entries[number] if number is not None and number < len(entries) else None


def _fonts_and_fills(package: Package, part: str) -> tuple[list[Font], list[str]]:
    fonts: list[Font] = []
    fills: list[str] = []
    inside: list[Element] = []
    for element in package.elements(part, _FONT_PARTS):
        if element.tag == "font":
            fonts.append(font_of(inside))
        elif element.tag == "fill":
            # Excel draws nothing for the first fill, whatever it says.
            fills.append(_fill_of(inside) if fills else _WHITE)
        elif element.tag == "fills":
            break
        else:
            inside.append(element)
            continue
        inside.clear()
    return fonts, fills


def font_of(elements: Sequence[Element]) -> Font:
    """Read the effects of a font, or of a run of rich text, from the elements in it."""
    own = {element.tag: element.attributes for element in elements}
    return Font(
        "strike" in own and own["strike"].get("val", "1") not in {"0", "false"},
        own.get("vertAlign", {}).get("val", "baseline") != "baseline",
        _color(own.get("color"), _BLACK),
        float_of(own.get("sz", {}).get("val", "")) <= _SMALLEST,
    )


def float_of(text: str) -> float:
    """Parse a size in points; 11, the usual one, where it is none."""
    try:
        return float(text[:20])
    except ValueError:
        return 11.0


def _fill_of(elements: Sequence[Element]) -> str:
    own = {element.tag: element.attributes for element in elements}
    pattern = own.get("patternFill", {}).get("patternType", "none") if "patternFill" in own else "?"
    if pattern != "solid":
        return _WHITE if pattern == "none" else "?"
    color = own.get("fgColor", {})
    return "?" if color.get("indexed") == "64" else _color(color or None, "?")


def _color(own: Mapping[str, str] | None, usual: str) -> str:
    """Name a color; that of a theme or of a tint by its own name, since only equal ones are looked for."""
    if own is None or own.get("auto") in {"1", "true"}:
        return usual
    if "rgb" in own:
        return own["rgb"][-6:].upper()
    tint = own.get("tint", "")
    if "theme" in own:
        return f"theme {own['theme']} {tint}" if tint else _THEME.get(own["theme"], f"theme {own['theme']}")
    return _INDEXED.get(own.get("indexed", ""), f"index {own.get('indexed')}")


def is_unseen(font: Font, background: str) -> bool:
    """Tell a font that nobody reads: its color is the background's, or its letters have no size."""
    return font.tiny or (background != "?" and _is_same(font.color, background))


def _is_same(color: str, other: str) -> bool:
    if color == other:
        return True
    try:
        return all(abs(int(color[at : at + 2], 16) - int(other[at : at + 2], 16)) <= _SAME_SHADE for at in (0, 2, 4))
    except ValueError:
        return False


def from_serial(number: float, shows: Shows, *, from_1904: bool) -> datetime | date | time | timedelta | float:
    """Convert a serial number to a date, time or duration; returned unchanged where it is out of range."""
    if not isfinite(number):
        return number
    try:
        if shows == "duration":
            return timedelta(seconds=round(number * 86_400, 3))
        days, fraction = divmod(number, 1)
        rest = timedelta(milliseconds=round(fraction * _DAY_MS))
        if 0 <= number < 1 and not rest.days:
            return (_EPOCHS[False] + rest).time()
        shift = 1 if 0 < number < _LEAP and not from_1904 else 0
        return _EPOCHS[from_1904] + timedelta(days=days + shift) + rest
    except OverflowError:
        return number
