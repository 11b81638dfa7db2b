"""The block Declaration of a vendor's workbooks: who signed, and what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from vendor_eval.criteria.parsing import normalize, nothing_said, read_date, shorten, words
from vendor_eval.forms.layout import SIGNATURE, TICKS
from vendor_eval.issues import AnswerError, Issue, Location
from vendor_eval.spreadsheets import Cell

State = Literal["signed", "partial", "missing", "not_asked"]
# None where the box is empty.
Ticks = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the block: its cell, None where it is empty, its place, and the round of its workbook."""

    cell: Cell | None
    place: Location
    round: int = 0


@dataclass(frozen=True, slots=True)
class Declaration:
    """Who signed for the answers, what the ticks say, and what is `missing`, in words; `location` is the signature."""

    state: State = "not_asked"
    name: str = ""
    role: str = ""
    signed_on: date | None = None
    ticks: Ticks = field(default_factory=lambda: dict.fromkeys(TICKS))
    missing: tuple[str, ...] = ()
    location: Location = field(default_factory=Location)

    def issues(self) -> Iterator[Issue]:
        """Say what is missing in a block that the vendor was asked to fill in."""
        if self.missing:
            message = f"the declaration is not signed: {'; '.join(self.missing)}"
            yield Issue("declaration-missing", message, self.location)


def read_declaration(boxes: Mapping[str, Box], setting: Literal["off", "ask", "must"], file: str) -> Declaration:
    """Read the boxes by name. `file` is where a form without the block is expected to have it.

    A form without the block was not asked, unless the evaluation demands a signature.
    """
    if setting == "off" or (not boxes and setting == "ask"):
        return Declaration()
    texts = {name: _text(boxes.get(name)) for name in SIGNATURE}
    missing = [f"{label} (blank)" for name, label in SIGNATURE.items() if not texts[name]]
    signed_on: date | None = None
    if texts["date"]:
        box = boxes["date"]
        try:
            signed_on = read_date(box.cell.value if box.cell else None)
        except AnswerError as error:
            missing.append(f"{SIGNATURE['date']} ({error})")
    ticks = {name: _tick(boxes.get(name)) for name in TICKS}
    missing += [f"{label} ({_not_yes(boxes.get(name))})" for name, label in TICKS.items() if not ticks[name]]
    filled = any(texts.values()) or any(_text(boxes.get(name)) for name in TICKS)
    state: State = "signed" if not missing else "partial" if filled else "missing"
    missing = missing if filled else ["every box is blank" if boxes else "the form has no such block"]
    place = next((boxes[name].place for name in SIGNATURE | TICKS if name in boxes), Location(file))
    return Declaration(state, texts["name"], texts["role"], signed_on, ticks, tuple(missing), place)


def _text(box: Box | None) -> str:
    """Return what stands in a box; '' for 'TBD' and its like."""
    if box is None or box.cell is None or box.cell.error or (box.cell.formula and box.cell.value is None):
        return ""
    return "" if nothing_said(box.cell.raw) else box.cell.raw.strip()


def _tick(box: Box | None) -> bool | None:
    text = normalize(_text(box))
    return next((value for value in (True, False) if text in words().answers["yes" if value else "no"]), None)


def _not_yes(box: Box | None) -> str:
    text = _text(box)
    return "blank" if not text else "No" if _tick(box) is False else f"'{shorten(text)}' is neither Yes nor No"
