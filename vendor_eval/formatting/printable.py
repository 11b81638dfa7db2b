"""Untrusted text made safe to print: no control characters that a terminal or a page would interpret."""

import json
import unicodedata


def visible(text: str, *, kept: str = "") -> str:
    r"""Remove control, bidi, zero-width and private characters except those in `kept`; a line end becomes a space.

    >>> visible("a\u202eb\x00c\nd\x1b[31m")
    'abc d[31m'
    """
    if text.isprintable():
        return text
    return text.translate({ord(char): _visible(char, kept) for char in set(text) if not char.isprintable()})


def _visible(char: str, kept: str) -> str:
    if char in kept:
        return char
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return " " if category in {"Zs", "Zl", "Zp"} or char in "\t\n\r\v\f" else ""


def one_line(text: str) -> str:
    r"""Put a text on a single line: whitespace collapsed, invisible characters removed.

    >>> one_line(" Acme\r\n  Data\u2066 ")
    'Acme Data'
    """
    return " ".join(visible(text).split())


def value_text(value: object) -> str:
    """Write a plain value: a text as it is, any other as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cut(text: str, most: int) -> str:
    """Truncate a text with an ellipsis, at a space if there is one in the last third.

    >>> cut("one two three", 9), cut("one", 9)
    ('one two…', 'one')
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at_space = head.rsplit(" ", 1)[0]
    return f"{at_space if len(at_space) > most * 0.7 else head}…"
