"""Number formats: what a cell shows of the value that it stores."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import takewhile
from math import floor, isfinite, log10
from operator import eq, ge, gt, le, lt, ne
from typing import Literal, NamedTuple

from vendor_eval.formatting.currencies import SYMBOLS

Shows = Literal["", "percent", "date", "duration"]
Figure = Literal["", "general", "decimal", "scientific", "fraction"]
# Quoted text, escaped characters, and colors or locales in brackets are not about the number.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\[\]]*\]', re.IGNORECASE)
_DATE = re.compile(r"[dmhys]", re.IGNORECASE)
# [$€-407], [$USD], "€", or a bare sign; [$-407] is a locale alone.
_SYMBOL = f"[{''.join(symbol for symbol in SYMBOLS if len(symbol) == 1)}]"
_CURRENCY = re.compile(rf"""\[\$([^\-\[\]]*)(?:-[^\[\]]*)?\]|"\s*([A-Z]{{3}}|{_SYMBOL})\s*"|({_SYMBOL})""")
_PIECE = re.compile(
    rf'"(?!\s*(?:[A-Z]{{3}}|{_SYMBOL})\s*")([^"]*)"|\\(.)|([-+()<>=~^&{{}}!:])|"[^"]*"|[_*].|\[[^\[\]]*\]|[Ee][-+]|.',
    re.DOTALL,
)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_TEST = re.compile(r"\[(<>|<=|>=|=|<|>)\s*([-+]?[0-9.]{1,20})\]")
_TESTS: Mapping[str, Callable[[float, float], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_WHITE = re.compile(r"\[(?:white|color\s*2)\]", re.IGNORECASE)
# Words of dates, such as 24 de noviembre de 2026, 2026年11月24日, T09:30.
_DAY_WORDS = frozenset(
    "t z h m s min d y г год de del den di le the of at um uhr kl st nd rd th am pm utc "  # noqa: RUF001, SIM905
    "gmt 年 月 日 时 時 分 秒 년 월 일 시 분 초".split()
)
# What writes thousands behind a figure that the format divides.
_SCALES = {1e3: {"k", "t", "tsd", "tsd.", "thousand"}, 1e6: {"m", "mn", "mio", "mio.", "million"}, 1e9: {"bn", "b"}}
_DASHES = frozenset("-–—")
SIGNS = frozenset("-–—(")
# A calculated 0.3 is stored as 0.30000000000000004.
_SAME = 1e-9
# Excel keeps 255 characters; matching brackets in a format of a million would take hours.
_LONGEST_CODE = 1024
_SECTIONS = 4
# A float has room for no more.
_MOST_SIGNS = 9
_MOST_POWER = 300


def format_kind(code: str) -> Shows:
    """Classify a number format.

    >>> [format_kind(code) for code in ("0.0%", 'yyyy-mm-dd', "[h]:mm", '0"%"', "General")]
    ['percent', 'date', 'duration', '', '']
    """
    plain = _LITERAL.sub("", code.partition(";")[0])
    if plain.strip().casefold() == "general":
        return ""
    if _DURATION.search(plain):
        return "duration"
    if _DATE.search(plain):
        return "date"
    return "percent" if "%" in plain else ""


def currency_in(code: str) -> str:
    """Find the currency that a number format shows.

    >>> [currency_in(code) for code in ("[$€-407] #,##0", '#,##0 "EUR"', "[$-409]0.00", "[$-409]0.00 $", "General")]
    ['€', 'EUR', '', '$', '']
    """
    groups = (group for match in _CURRENCY.finditer(code) for group in match.groups() if group)
    return next(groups, "").strip()


class Section(NamedTuple):
    """A section of a number format: the words around the figure, and how the figure is written.

    `places` counts its decimals, `whole` the digits before the point, `scale` is what the stored number is multiplied
    by, `unit` what the words say of the figure, such as 1,000 for k. `broken` says that a word stands between the
    digits or touches them, or that a sign fills the cell.
    """

    before: str = ""
    behind: str = ""
    currency: str = ""
    figure: Figure = ""
    places: int = 0
    whole: int = 0
    scale: float = 1.0
    unit: float = 1.0
    zeros: bool = True
    percent: bool = False
    text: bool = False
    broken: bool = False
    white: bool = False
    test: tuple[str, float] | None = None

    @classmethod
    def parse(cls, code: str) -> "Section":
        """Parse one section.

        >>> [Section.parse(code)[:2] for code in ('0 "weeks"', '"ca. "0', '#,##0 "EUR"', "General")]
        [('', 'weeks'), ('ca.', ''), ('', ''), ('', '')]
        """
        plain = re.sub("general", "0", code, flags=re.IGNORECASE)
        pieces = list(_PIECE.finditer(plain))
        spots = [piece for piece in pieces if piece[0] in {"0", "#", "?", "@"}]
        first, last = (spots[0].start(), spots[-1].end()) if spots else (len(plain), len(plain))
        words = [(piece.start(), piece[1] or piece[2] or piece[3]) for piece in pieces if any(piece.groups())]
        before = "".join(text for at, text in words if at < first).strip()
        behind = "".join(text for at, text in words if at >= last).strip()
        between = "".join(text for at, text in words if first <= at < last).strip(" '\u2019\u00a0\u202f")
        bare = "".join(piece[0] for piece in pieces if len(piece[0]) == 1 or piece[0][0] in "Ee")
        head, _, tail = bare.partition(".")
        # Commas behind the last digit, or before the point, divide by 1,000 each.
        commas = (plain[last:], head[::-1] if tail else "")
        divided = min(sum(len(text) - len(text.lstrip(",")) for text in commas), _MOST_SIGNS)
        unit, scale = 1.0, 100.0 ** min(bare.count("%"), _MOST_SIGNS) / 1000.0**divided
        if spots and behind.casefold() in _SCALES.get(1000.0**divided, ()):
            behind, unit = "", 1000.0**divided
        test = _TEST.search(code)
        number: Figure = "decimal" if spots and "@" not in bare else ""
        if "general" in code.casefold():
            number = "general"
        elif number and re.search("E[-+]", bare, re.IGNORECASE):
            number, tail = "scientific", re.split("E", tail, flags=re.IGNORECASE)[0]
            head = re.split("E", head, flags=re.IGNORECASE)[0]
        elif number and "/" in bare:
            number = "fraction"
        digits = re.compile("[0#?]")
        # A cell filled with a sign, as in *90, shows it beside the figure.
        filled = any(piece[0][0] == "*" and piece[0][1:].strip() for piece in pieces)
        return cls(
            before,
            behind,
            currency_in(code),
            number,
            len(digits.findall(tail)),
            len(digits.findall(head)),
            scale,
            unit,
            "0" in bare,
            "%" in bare,
            "@" in bare or number == "general",
            bool(between)
            or (filled and bool(spots))
            or behind[:1].isdigit()
            or behind[:1] in {".", ","}
            or before[-1:].isdigit()
            or (before[-1:] in {".", ","} and before[-2:-1].isdigit()),
            bool(_WHITE.search(code)),
            (test[1], _number(test[2])) if test else None,
        )

    def written(self, value: float) -> float | None:
        """Round a number, already scaled, as the figure of this section; None where no figure is shown."""
        if self.figure == "general" or not isfinite(value):
            return value
        if self.figure == "fraction":
            return round(value, 0) if abs(value - round(value, 0)) < _SAME else None
        if self.figure == "scientific":
            power = floor(log10(abs(value))) if value else 0
            power -= power % min(max(self.whole, 1), _MOST_SIGNS)
            return float(f"{value / 10.0**power:.{self.places}f}e{power}") if abs(power) < _MOST_POWER else value
        rounded = round(value, self.places)
        return rounded if self.figure and (rounded or self.zeros) else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


class NumberFormat:
    """A number format, parsed once for each style of a workbook."""

    def __init__(self, code: str) -> None:
        self.code = code[:_LONGEST_CODE]
        self.shows = format_kind(self.code)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the format."""
        pieces, sections = [piece[0] for piece in _PIECE.finditer(self.code)], [""]
        for piece in pieces:
            if piece == ";":
                sections.append("")
            else:
                sections[-1] += piece
        return tuple(map(Section.parse, sections[:_SECTIONS]))

    @cached_property
    def strange_words(self) -> str:
        """Words that a format of days writes, other than those of dates."""
        first = "".join(takewhile(";".__ne__, (piece[0] for piece in _PIECE.finditer(self.code))))
        words = " ".join(piece[1] or "" for piece in _PIECE.finditer(first))
        return " ".join(word for word in re.findall(r"\w+", words.casefold()) if word not in _DAY_WORDS)

    @cached_property
    def text_section(self) -> Section | None:
        """The section for text; None where text is shown as it is."""
        last = self.sections[-1]
        return last if len(self.sections) == _SECTIONS or (last.text and last.figure != "general") else None

    def section(self, value: float) -> Section:
        """Choose the section that shows a number."""
        numbers = self.sections[:3]
        if len(self.sections) < _SECTIONS and self.text_section is not None:
            numbers = numbers[:-1]
        if not numbers:
            return _GENERAL
        if any(section.test for section in numbers):
            for section in numbers[:2]:
                if section.test and _TESTS[section.test[0]](value, section.test[1]):
                    return section
            return next((section for section in numbers if not section.test), _HASHES)
        index = 0 if value > 0 else 1 if value < 0 else 2
        return numbers[index] if index < len(numbers) else numbers[0]

    def other_number(self, value: float) -> str | None:
        """Return what is shown of a number where its figure differs from what is stored; None where it does not."""
        section = self.section(value)
        own_sign = value < 0 and (section is not self.sections[0] or section.test is not None)
        before, behind, negative = section.before, section.behind, value < 0 and not own_sign
        if own_sign and before[:1] in SIGNS:
            before, behind, negative = before[1:].strip(), behind.removesuffix(")").strip(), True
        if not value and not section.zeros and before in _DASHES:
            return None
        scaled = abs(value) * section.scale
        shown = section.written(scaled)
        expected = abs(value) * (100 if self.shows == "percent" else 1)
        same = shown is not None and abs(shown * section.unit - expected) <= _SAME * max(1.0, expected)
        odd = section.broken or before[-1:] in SIGNS
        if same and not odd and negative is (value < 0) and section.percent is (self.shows == "percent"):
            return None
        figure = ("-" if negative and shown else "") + _figure(section, scaled, shown)
        return " ".join(f"{section.before} {section.currency} {figure} {section.behind}".split())

    def other_text(self, text: str) -> str | None:
        """Return what is shown of a text where the format hides it or adds words; None where it does neither."""
        section = self.text_section
        if section is None or (section.text and not (section.before or section.currency or section.behind)):
            return None
        return " ".join(f"{section.before} {section.currency} {text if section.text else ''} {section.behind}".split())


def _figure(section: Section, scaled: float, shown: float | None) -> str:
    if shown is None:
        return f"about {scaled:.4g} as a fraction" if section.figure == "fraction" else ""
    return (
        f"{shown:.{section.places}f}{'%' if section.percent else ''}" if section.figure == "decimal" else f"{shown:g}"
    )


_GENERAL = Section(figure="general")
# No section fits: Excel shows a row of signs.
_HASHES = Section(before="####")
