"""What stops a run."""

from collections.abc import Iterable


class VendorEvalError(Exception):
    """Nothing can go on; the message says where, what, what was expected and the likely cure."""


class AnswerError(VendorEvalError):
    """A text has no reading, or more than one; raised by who reads it, placed by who knows the cell.

    `readings` are those that it cannot choose between, or the one that would be taken if nobody were asked.
    """

    def __init__(self, code: str, message: str, readings: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.readings = tuple(readings)
