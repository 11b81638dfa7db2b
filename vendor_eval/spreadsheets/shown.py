"""What a cell shows against what it stores: struck-through, raised and unseen text, formats that change a figure."""

from collections.abc import Sequence
from typing import NamedTuple

from vendor_eval.formatting.printable import cut
from vendor_eval.spreadsheets.cells import Doubt, Value, raw_text
from vendor_eval.spreadsheets.number_formats import SIGNS, Section
from vendor_eval.spreadsheets.styles import Font, Style, is_unseen

_QUOTED = 60


class Run(NamedTuple):
    """A part of a rich text, and its font; None where it has that of the cell."""

    text: str
    font: Font | None


class Shown(NamedTuple):
    """What a cell shows beside its value."""

    doubt: Doubt | None = None
    unseen: bool = False
    before: str = ""
    behind: str = ""
    currency: str = ""


def shown(value: Value, style: Style, runs: Sequence[Run]) -> Shown:
    """Compare what a cell shows with what it stores."""
    parts = [run for run in runs if run.text.strip()] or [Run(raw_text(value), None)]
    doubt = _effects(parts, style)
    colors = [is_unseen(run.font or style.font, style.background) for run in parts]
    if any(colors) and not all(colors):
        unseen = "".join(run.text for run, color in zip(parts, colors, strict=True) if color).strip()
        doubt = doubt or Doubt("marked-text", f"'{cut(unseen, _QUOTED)}' in the cell has the color of its background")
    section, other = _format(value, style)
    if doubt is None and other is not None:
        code = cut(style.format.code, _QUOTED) if style.format else ""
        message = f"the cell shows '{cut(other, _QUOTED)}' by its number format {code} and stores "
        message += f"'{cut(raw_text(value), _QUOTED)}': type the answer that holds, in a cell without a format"
        doubt = Doubt("shown-otherwise", message)
    unseen_all = all(colors) or (section.white and style.background == "FFFFFF")
    return Shown(doubt, unseen_all, section.before, section.behind, section.currency)


_NO_FORMAT = Section()


def _format(value: Value, style: Style) -> tuple[Section, str | None]:
    """Choose the section of the number format that shows a value, and find what it shows where that differs."""
    form = style.format
    if form is None or value is None or isinstance(value, bool):
        return _NO_FORMAT, None
    if isinstance(value, str):
        section = form.text_section
        return Section(white=section is not None and section.white), form.other_text(value)
    if isinstance(value, int | float):
        section, other = form.section(value), form.other_number(value)
        # The sign of a negative figure, or the dash for 0, is no word.
        is_sign = other is None and section.before[:1] in SIGNS
        return section._replace(before="", behind="") if is_sign else section, other
    words = form.strange_words
    return _NO_FORMAT, f"{raw_text(value)} {words}" if words else None


def _effects(parts: Sequence[Run], style: Style) -> Doubt | None:
    struck = "".join(run.text for run in parts if (run.font or style.font).struck).strip()
    raised = "".join(run.text for run in parts if (run.font or style.font).raised).strip()
    if struck:
        rest = "".join(run.text for run in parts if not (run.font or style.font).struck).strip()
        left = f"; '{cut(rest, _QUOTED)}' is left" if rest else ""
        message = f"'{cut(struck, _QUOTED)}' is struck through{left}: type the answer that holds"
        return Doubt("struck-answer", message)
    if raised:
        whole = cut("".join(run.text for run in parts).strip(), _QUOTED)
        message = f"'{cut(raised, _QUOTED)}' in '{whole}' is set above or below the line, as a footnote or a power is: "
        return Doubt("marked-text", f"{message}type the answer without it")
    return None
