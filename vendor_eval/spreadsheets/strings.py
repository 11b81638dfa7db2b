"""Shared strings: the texts that cells of a workbook refer to by index."""

from collections.abc import Callable

from vendor_eval.spreadsheets.cells import unreadable
from vendor_eval.spreadsheets.guard import MOST_CELLS
from vendor_eval.spreadsheets.markup import local_name, new_parser, parse, unescape


def read_strings(file: str, part: str, content: bytes) -> list[str]:
    """Read the shared strings in order."""
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
    return collector.strings


class _StringCollector:
    """Collects strings in a single pass, without phonetic guides."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.runs: list[str] = []
        self.began = 0
        self.texts: list[str] = []
        self.phonetic = False
        self.is_lost = False
        self.ends: dict[str, Callable[[], None]] = {
            "t": self._end_text,
            "rPh": self._end_phonetic,
            "si": self._end_string,
        }

    def start(self, tag: str, _attributes: object) -> None:
        self._expect_no_text()
        if tag.endswith(" r"):
            self.began += 1
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
            self.runs.append("".join(self.texts))
        self.texts.clear()

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_string(self) -> None:
        self._expect_no_text()
        self.strings.append(unescape("".join(self.runs)))
        self.runs.clear()
        self.began = 0
