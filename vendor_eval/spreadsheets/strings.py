"""The texts that the cells of a workbook share."""

from collections.abc import Callable

from vendor_eval.spreadsheets.cells import unreadable
from vendor_eval.spreadsheets.guard import MOST_CELLS
from vendor_eval.spreadsheets.markup import local, new_parser, parse, unescape


def read_strings(file: str, part: str, content: bytes) -> list[str]:
    """Read the texts that cells share."""
    if content.count(b"<si") > MOST_CELLS:
        message = "holds more than 500,000 texts: send only the sheets with answers"
        raise unreadable(file, message, code="too-many-cells")
    found = _Strings()
    parser = new_parser()
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.texts.append
    parse(parser, file, part, content)
    if found.is_lost:
        message = f"is damaged in {part}: a text stands twice, or where none may be: save it again in Excel"
        raise unreadable(file, message)
    return found.strings


class _Strings:
    """One pass over the texts; the phonetic guides beside them are left out."""

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
        handler = self.ends.get(local(tag), self._expect_no_text)
        handler()

    def _expect_no_text(self) -> None:
        """Notice a text outside of the element for texts: it would be lost."""
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
