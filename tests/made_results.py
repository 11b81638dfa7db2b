"""Results for the tests of the outputs: the samples, and what becomes of them when something is changed."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from places import old_samples

from vendor_eval.firmness.pairs import pair_of
from vendor_eval.reports.terminal.why_not import why_not as why_not_text
from vendor_eval.reports.wording.lookups import questions_of
from vendor_eval.results import Result, VendorRecord
from vendor_eval.run.evaluate import evaluate, load_evaluation

# What a spreadsheet or a browser would act on, and what turns or breaks text.
HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "{=1+1}",
    '=HYPERLINK("http://example.com","x")',
    "http://example.com",
    "https://example.com/?q=1",
    "ftp://example.com",
    "file:///etc/passwd",
    "mailto:a@example.com",
    "internal:Sheet1!A1",
    "external:other.xlsx",
    "<script>alert(1)</script>",
    "a\x00b\x0bc\x1f\ufffe\uffff",
    "\u202eevil\u202c",
    "_x0041_",
    " blanks  around ",
    "two\nlines",
    "00123",
    "1e5",
    "TRUE",
    "😀",
]


@cache
def sample(name: str) -> Result:
    """Evaluate a shipped sample, once."""
    return evaluate(load_evaluation(old_samples() / name))


def variant(
    folder: Path, *, name: str = "small", keep: tuple[str, ...] = (), findings: bool = True, **settings: Any
) -> Result:
    """Evaluate a sample with other settings, of some vendors only, or without findings."""
    source = old_samples() / name
    shutil.copytree(source / "responses", folder / "responses")
    if findings and (source / "findings.yaml").exists():
        shutil.copy(source / "findings.yaml", folder)
    written = yaml.safe_load((source / "evaluation.yaml").read_text(encoding="utf-8"))
    if keep:
        written["vendors"] = [vendor for vendor in written.get("vendors", []) if vendor["id"] in keep]
        for file in (folder / "responses").iterdir():
            if file.stem not in keep:
                file.unlink()
        (folder / "findings.yaml").unlink(missing_ok=True)
    written |= settings
    (folder / "evaluation.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return evaluate(load_evaluation(folder))


def changed(result: Result, change: Callable[[dict[str, Any]], None]) -> Result:
    """Change the plain form of a result; how firm the changed one is, nobody has computed."""
    plain = json.loads(result.to_json())
    change(plain)
    plain["robustness"] = None
    return Result.model_validate(plain)


def with_texts(result: Result, texts: list[str]) -> Result:
    """Put texts where a vendor's words stand: name, answer, evidence, comment; the level of a rubric is ours."""
    rubrics = {question.id for _, question in questions_of(result) if question.levels}

    def change(plain: dict[str, Any]) -> None:
        for i, vendor in enumerate(plain["vendors"]):
            vendor["name"] = texts[i % len(texts)]
            answers = [answer for answer in vendor["answers"] if answer["state"] == "answered"]
            for j, answer in enumerate(answers):
                for k, key in enumerate(("answer", "raw", "evidence_text", "comment")):
                    if key != "answer" or answer["id"] not in rubrics:
                        answer[key] = texts[(i + j + k) % len(texts)]

    return changed(result, change)


def why_not(result: Result, vendor: VendorRecord, other: VendorRecord) -> str:
    """Text of explain --why-not."""
    return why_not_text(result, vendor, other, pair_of(result, vendor, other))
