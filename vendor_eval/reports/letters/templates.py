"""Templates of letters: headings, paragraphs, fields and blocks, the buyer's to change; nothing in them runs."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import NamedTuple

from vendor_eval.config.models import Frozen, Text, validate
from vendor_eval.config.yaml12 import parse_text
from vendor_eval.issues import InputError, Issue, Location, did_you_mean
from vendor_eval.reports.letters.letter import BLOCKS, Letter
from vendor_eval.reports.letters.passages import Block, Heading, Paragraph, Passage
from vendor_eval.results.letters import LetterKind

_SHIPPED = resources.files("vendor_eval") / "data" / "letters"
_BLOCK = re.compile(r"\{\{\s*+([^{}\s]*+)\s*+\}\}")
_FIELD = re.compile(r"\{+([^{}]*)\}+")
_OF_ALL = (
    *("vendor", "contact", "title", "reference", "date", "award_date", "by", "cites", "last_day", "sign_from"),
    *("buyer", "buyer_address", "buyer_email", "buyer_contact"),
)
_OF_COMPARED = (*_OF_ALL, "reason", "score", "criteria_at")
# Nothing of the winner stands in a letter to a vendor that was not compared.
FIELDS: Mapping[LetterKind, tuple[str, ...]] = {
    "award": _OF_COMPARED,
    "regret": (*_OF_COMPARED, "winner", "winner_address", "winner_email", "winner_identifier"),
    "excluded": _OF_ALL,
    "late": (*_OF_ALL, "received", "deadline"),
}


class RegimeTexts(Frozen):
    """What a law's letters cite, and the rule of its standstill, in which {days} is their number."""

    cites: tuple[Text, ...] = ()
    standstill: Text = ""


class _Line(NamedTuple):
    number: int
    text: str


@dataclass(frozen=True)
class Template:
    """A checked template, and whether it is the buyer's."""

    kind: LetterKind
    text: str
    file: str
    is_own: bool

    def blocks(self, letter: Letter, maker: str) -> Iterator[Block]:
        """Fill the template; `maker` names who wrote what it says, and the seal is printed in any case."""
        drawn = set()
        paragraphs = list(_paragraphs(self.text))
        for lines, following in zip_longest(paragraphs, paragraphs[1:]):
            if block := _BLOCK.fullmatch(lines[0].text):
                drawn.add(block[1])
                yield from letter.block(block[1])
            elif lines[0].text.startswith("#"):
                below = following and _BLOCK.fullmatch(following[0].text)
                if below and not letter.block(below[1]):
                    continue  # a heading of nothing
                marks = lines[0].text.split(" ", 1)[0]
                yield Heading(self._filled(lines[0], letter, lines[0].text.lstrip("#").strip()), len(marks))
            else:
                texts = [self._filled(line, letter, line.text) for line in lines if not _is_idle(line.text, letter)]
                if texts:
                    yield Paragraph(Passage("\n".join(text.text for text in texts), parts=tuple(texts)))
        if "seal" not in drawn:
            yield from letter.block("seal")
        yield Paragraph(Passage(f"Made from {maker}."))

    def _filled(self, line: _Line, letter: Letter, text: str) -> Passage:
        names = _FIELD.findall(text)
        filled = _FIELD.sub(lambda field: letter.fields[field[1].strip()].text, text)
        parts = tuple(letter.fields[name.strip()] for name in names)
        return Passage(filled, "the template", f"{self.file}:{line.number}", parts)


def _is_idle(text: str, letter: Letter) -> bool:
    """Tell whether a line has fields and all of them are empty: then it is left out."""
    names = _FIELD.findall(text)
    return bool(names) and not any(letter.fields[name.strip()].text for name in names)


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Part a template: a heading and a block stand on a line of their own, other lines up to a blank are one."""
    lines: list[_Line] = []
    for number, line in enumerate(map(str.rstrip, text.splitlines()), 1):
        alone = line.startswith("#") or _BLOCK.fullmatch(line.lstrip())
        if lines and (alone or not line):
            yield lines
            lines = []
        if alone:
            yield [_Line(number, line.strip())]
        elif line.strip():
            lines.append(_Line(number, line.strip()))
    if lines:
        yield lines


@cache
def shipped(regime: str, name: str) -> bytes:
    """Read a file of the templates that come with the package."""
    return (_SHIPPED / regime / name).read_bytes()


def is_shipped(name: str, content: bytes) -> bool:
    """Tell whether a template is as it came with the package, for whatever regime."""
    files = (folder.joinpath(name) for folder in _SHIPPED.iterdir())
    return any(file.is_file() and content == file.read_bytes() for file in files)


def read_template(kind: LetterKind, content: bytes, file: str, *, required: Collection[str], is_own: bool) -> Template:
    """Check a template; raise InputError with every unknown field and block, and with blocks that are required."""
    try:
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        place = Location(file, line=line, column=1)
        raise InputError([Issue("not-utf8", "this is not UTF-8: save the template as UTF-8", place)]) from None
    lines = [line for lines in _paragraphs(text) for line in lines]
    faults = [fault for line in lines for fault in _faults(line, kind, file)]
    there = {block[1] for line in lines if (block := _BLOCK.fullmatch(line.text))}
    for name in (name for name in required if name not in there):
        message = f"the block {{{{{name}}}}} is missing, and this letter needs it: put it on a line of its own"
        faults.append(Issue("missing-key", message, Location(file, line=1, column=1)))
    if faults:
        raise InputError(faults)
    return Template(kind, text, file, is_own)


def _faults(line: _Line, kind: LetterKind, file: str) -> Iterator[Issue]:
    if block := _BLOCK.fullmatch(line.text):
        if block[1] not in BLOCKS:
            message = f"{{{{{block[1]}}}}} is no block{did_you_mean(block[1], BLOCKS)}; known are {', '.join(BLOCKS)}"
            yield Issue("unknown-reference", message, Location(file, line=line.number, column=1))
        return
    for field in _FIELD.finditer(line.text):
        name, place = field[1].strip(), Location(file, line=line.number, column=field.start() + 1)
        if name in BLOCKS and field[0].startswith("{{"):
            yield Issue("wrong-value", f"{{{{{name}}}}} is a block: put it on a line of its own", place)
        elif name not in FIELDS[kind] or field[0].startswith("{{"):
            known = FIELDS[kind]
            hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            yield Issue("unknown-reference", f"{{{name}}} is no field of this letter{hint}", place)


def read_regime(content: bytes, file: str) -> RegimeTexts:
    """Read what a law's letters cite; raise InputError with its faults."""
    try:
        source, syntax = parse_text(content.decode(), file)
    except UnicodeDecodeError:
        fault = Issue("not-utf8", "this is not UTF-8: save the file as UTF-8", Location(file))
        raise InputError([fault]) from None
    texts, faults = validate(source, RegimeTexts) if source.root is not None else (RegimeTexts(), ())
    if syntax or faults:
        raise InputError((*syntax, *faults))
    checked: RegimeTexts = texts
    return checked


def required_blocks(kind: LetterKind, regime: str, *, names_winner: bool, has_standstill: bool) -> tuple[str, ...]:
    """List the blocks that a letter of a regime cannot do without."""
    if kind not in {"award", "regret"}:
        return ("gates",)
    wanted = {"criteria": True, "standstill": has_standstill and (kind, regime) != ("award", "far")}
    if kind == "regret":
        wanted |= {"winner": names_winner, "gates": regime == "far"}
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)
