"""Write the references of docs/ that are made from the code; a test keeps each of them current."""

from collections.abc import Callable
from pathlib import Path

from vendor_eval.issues import CODES, Severity

FOLDER = Path(__file__).parent.parent
_MEANS = {
    Severity.BLOCKING: "the answer, the file or the run is not credited or not read until it is put right",
    Severity.WARNING: "counted as the message says; somebody should look at it",
    Severity.NOTICE: "for information",
}


def issues() -> str:
    """Render the codes of all issues, the gravest first."""
    about = (
        "Each issue ends with its code in brackets. Codes are stable, the words of messages may change. `check --json` "
        "and results.json give code, severity and place, and the `question` and `part` that an issue is about."
    )
    made = "Made by scripts/make_references.py from vendor_eval/issues/codes.py."
    parts = ["# Issues", about, made]
    for severity, meaning in _MEANS.items():
        rows = [
            f"| `{name}` | {code.meaning} | {code.cure} |" for name, code in CODES.items() if code.severity == severity
        ]
        table = "\n".join(["| code | meaning | cure |", "|---|---|---|", *rows])
        parts += [f"## {severity.value.capitalize()}: {meaning}", table]
    return "\n\n".join(parts) + "\n"


# One place to add a reference: its file and the function that renders it.
REFERENCES: dict[str, Callable[[], str]] = {"docs/issues.md": issues}


if __name__ == "__main__":
    for name, render in REFERENCES.items():
        (FOLDER / name).write_text(render(), encoding="utf-8")
