"""What stops a run."""


class VendorEvalError(Exception):
    """Nothing can go on; the message says where, what, what was expected and the likely cure."""


class AnswerError(VendorEvalError):
    """A text has no reading, or more than one; raised by who reads it, placed by who knows the cell."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
