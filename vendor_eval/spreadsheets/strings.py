"""Shared strings: the texts that cells of a workbook refer to by index."""

from collections.abc import Callable, Mapping

from vendor_eval.spreadsheets.cells import unreadable
from vendor_eval.spreadsheets.guard import MOST_CELLS
from vendor_eval.spreadsheets.markup import Element, local_name, new_parser, parse, unescape
from vendor_eval.spreadsheets.shown import Run
from vendor_eval.spreadsheets.styles import Font, font_of


def read_strings(file: str, part: str, content: bytes) -> tuple[list[str], Mapping[str, tuple[Run, ...]]]:
    """Read the shared strings in order, and the runs of those with fonts of their own, by index as text."""
    if content.count(b"<si") > MOST_CELLS:
        message = "holds more than 500,000 texts: send only the sheets with answers"
        raise unreadable(file, message, code="too-many-cells")
    collector = _StringCollector()
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = collector.start, collector.end
    parser.CharacterDataHandler = collector.texts.append
    parse(parser, file, part, content)
    if collector.is_lost:
        message = f"is damaged in {part}: a text stands twice, or where none may be: save it again in Excel"
        raise unreadable(file, message)
    return collector.strings, collector.rich


class _StringCollector:
    """Collects strings in a single pass, without phonetic guides."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.rich: dict[str, tuple[Run, ...]] = {}
        self.runs: list[Run] = []
        self.font: Font | None = None
        self.properties: list[Element] | None = None
        self.began = 0
        self.texts: list[str] = []
        self.phonetic = False
        self.is_lost = False
        self.ends: dict[str, Callable[[], None]] = {
            "t": self._end_text,
            "rPh": self._end_phonetic,
            "si": self._end_string,
            "rPr": self._end_properties,
        }

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._expect_no_text()
        if self.properties is not None:
            self.properties.append(Element(local_name(tag), attributes, ""))
        elif tag.endswith(" r"):
            self.began += 1
            self.font = None
        elif tag.endswith(" rPr"):
            self.properties = []
        elif tag.endswith("rPh"):
            self.phonetic = True

    def end(self, tag: str) -> None:
        self.ends.get(local_name(tag), self._expect_no_text)()

    def _expect_no_text(self) -> None:
        """Notice a text outside its element, which would be lost."""
        if self.texts:
            self.is_lost = self.is_lost or not "".join(self.texts).isspace()
            self.texts.clear()

    def _end_text(self) -> None:
        if not self.phonetic:
            self.is_lost = self.is_lost or self.began < len(self.runs)
            self.runs.append(Run(unescape("".join(self.texts)), self.font))
        self.texts.clear()

    def _end_properties(self) -> None:
        self.font, self.properties = font_of(self.properties or ()), None

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_string(self) -> None:
        self._expect_no_text()
        if any(run.font for run in self.runs):
            self.rich[str(len(self.strings))] = tuple(self.runs)
        self.strings.append("".join(run.text for run in self.runs))
        self.runs.clear()
        self.began, self.font = 0, None
