"""Text of a letter, each with where it came from, so that a name that does not belong there is found at its source."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from vendor_eval.reports.wording.names import as_read, names_of_all, others_named
from vendor_eval.results import Result, Source, VendorRecord


class Passage(NamedTuple):
    """A text, what it is, and the file and cell that it is from; of a text that is put together its parts."""

    text: str
    about: str = ""
    place: Source | str = ""
    parts: "tuple[Passage, ...]" = ()


NOTHING = Passage("")


class Heading(NamedTuple):
    text: Passage
    level: int = 2


class Paragraph(NamedTuple):
    text: Passage


class Table(NamedTuple):
    """Rows of texts; widths are in cm, and figures stand in the columns behind the first `left`."""

    header: tuple[str, ...]
    rows: tuple[tuple[Passage, ...], ...]
    widths: tuple[float, ...]
    left: int = 1


Block: TypeAlias = Heading | Paragraph | Table


class Leak(NamedTuple):
    """A name that does not belong into a letter, and the passage that it stands in."""

    name: str
    passage: Passage


def put_together(template: str, **parts: Passage) -> Passage:
    """Fill the fields of a template of ours."""
    return Passage(template.format(**{name: part.text for name, part in parts.items()}), parts=tuple(parts.values()))


def joined(parts: Sequence[Passage], between: str) -> Passage:
    return Passage(between.join(part.text for part in parts), parts=tuple(parts))


def passages(blocks: Iterable[Block]) -> Iterator[Passage]:
    """List the texts of a letter."""
    for block in blocks:
        if isinstance(block, Table):
            yield from (Passage(text, "the head of a table") for text in block.header)
            yield from (passage for row in block.rows for passage in row)
        else:
            yield block.text


def leaks(texts: Iterable[Passage], others: Callable[[str], tuple[str, ...]]) -> Iterator[Leak]:
    """Find names of other vendors; each is reported of the part that it came in by."""
    for passage in texts:
        inside = list(leaks(passage.parts, others))
        yield from inside or (Leak(name, passage) for name in others(passage.text))


class Others:
    """Names of all vendors, and who of them may stand in a letter."""

    def __init__(self, result: Result) -> None:
        self._everybody = names_of_all((vendor.id, as_read(vendor.name).casefold()) for vendor in result.vendors)

    def than(self, *vendors: VendorRecord) -> Callable[[str], tuple[str, ...]]:
        """Make a function that lists the names of all but some vendors in a text."""
        return others_named([name for vendor in vendors for name in (vendor.name, vendor.id)], self._everybody)
