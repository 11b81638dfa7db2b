"""Whatever words stand in acts, reasons and sentences, every output keeps its facts: none reads them back."""

import io
import random
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from builders import evaluated
from made_results import changed, sample, why_not
from openpyxl import load_workbook
from pages import appendix_html, comparison_html, scorecard_appendix_html, scorecard_html, words

from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.one_vendor import everybody, only
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.pages.scorecard import scorecard_pages
from vendor_eval.reports.terminal.explain import explain
from vendor_eval.reports.terminal.issues import check_report
from vendor_eval.reports.terminal.ranking import ranked_table
from vendor_eval.reports.wording.firmness import named_records, with_words
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.results import Result

SAMPLES = ["small", "full"]
SIGNS = ".,;:()/+"
# Keys under which only words of ours stand, a waiver's and a finding's reason aside.
OWN_WORDS = {"act", "text", "explanation", "sentence", "decides", "notes", "left_out", "could_change", "reasons"}


def reworded(result: Result, seed: int) -> Result:
    """Put other letters and signs into every act, reason and sentence, each text by one of the same length."""
    chosen = random.Random(seed)  # noqa: S311 - words for a test, no secret
    known: dict[str, str] = {}

    def other(sign: str) -> str:
        alike = (string.ascii_lowercase, string.ascii_uppercase, SIGNS)
        return next((chosen.choice(signs) for signs in alike if sign in signs), sign)

    def word(text: str) -> str:
        return known.setdefault(text, "".join(map(other, text)))

    def walk(value: Any, keys: tuple[str, ...] = ()) -> Any:
        if isinstance(value, dict):
            return {key: walk(inner, (*keys, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner, keys) for inner in value]
        return word(value) if isinstance(value, str) and is_own(keys) else value

    def is_own(keys: tuple[str, ...]) -> bool:
        record = keys[-2] if len(keys) > 1 else ""
        if keys[-1] == "reason":
            return record in {"gates", "floor", "gaps", "ask_first"}
        return keys[-1] in OWN_WORDS and record in {
            *("finding", "findings", "notes", "status_reasons", "answers", "robustness", "ask_first", "vendors"),
        }

    plain = result.model_dump(mode="json", by_alias=True)
    vendors = [walk(vendor, ("vendors",)) for vendor in plain["vendors"]]
    robustness = walk(plain["robustness"], ("robustness",))
    return Result.model_validate({**plain, "vendors": vendors, "robustness": robustness})


def without_letters(text: str) -> str:
    """Keep what rewording leaves: lengths, figures, order and every text that is no word."""
    return re.sub(r"[.,;:()/+]", ".", re.sub(r"[A-Z]", "X", re.sub(r"[a-z]", "x", text)))


def pages(result: Result) -> Iterator[str]:
    yield words(comparison_html(result))
    yield words(appendix_html(result))
    for vendor in result.vendors:
        if vendor.status != "not_evaluated":
            for copy in (False, True):
                yield words(scorecard_html(result, vendor.id, vendor_copy=copy))
            yield words(scorecard_appendix_html(result, vendor.id))


def terminal(result: Result) -> Iterator[str]:
    yield ranked_table(result)
    yield check_report(result)
    for vendor in result.vendors:
        told = (answer.id for answer in vendor.answers if answer.findings or answer.state == "invalid")
        for name in (None, *told):
            yield explain(result, vendor, name)
        yield from (why_not(result, vendor, other) for other in result.vendors if other is not vendor)


def workbook(result: Result) -> Iterator[str]:
    book = load_workbook(io.BytesIO(shortlist(result)))
    for sheet in book:
        yield from (f"{sheet.title}!{cell.coordinate}={cell.value}" for row in sheet for cell in row if cell.value)


@pytest.mark.parametrize(("name", "seed"), [("small", 1), ("small", 2), ("full", 3)])
def test_pages_and_terminal_keep_every_fact_whatever_the_words_are(name, seed):
    result, other = sample(name), reworded(sample(name), seed)
    assert other != result
    for drawn in (pages, terminal):
        for one, again in zip(drawn(result), drawn(other), strict=True):
            assert without_letters(again) == without_letters(one)


def test_the_workbook_keeps_every_fact_whatever_the_words_are():
    result, other = sample("full"), reworded(sample("full"), 4)
    assert [*map(without_letters, workbook(other))] == [*map(without_letters, workbook(result))]


def test_the_decision_keeps_headline_lead_gates_and_the_reasons_that_decide():
    result = sample("full")
    other = reworded(result, 4)
    one, again = decision(Overview(result, 1)), decision(Overview(other, 1))
    assert again["headline"] == one["headline"]
    assert again["lead"] == one["lead"]
    assert [row | {"status": ""} for row in again["standings"]] == [row | {"status": ""} for row in one["standings"]]
    assert (again["firm"].word, again["risks"]) == (one["firm"].word, one["risks"])
    assert [(title, len(lines), more) for title, lines, more in again["blocks"]] == [
        (title, len(lines), more) for title, lines, more in one["blocks"]
    ]


# ------------------------------------------------------------------------------------------------ the data themselves


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sentences_are_made_of_the_records_of_a_result_alone(name):
    result = sample(name)
    found = result.robustness
    silent = found.model_copy(update={"sentence": "", "decides": (), "notes": (), "left_out": ()})
    assert with_words(named_records(result, silent)) == found


TREE = """
a: {A1: {
  Q1: {gates: [{kind: knock_out, at_least: 50}]},
  Q2: {gates: [{kind: must, at_least: 50}]},
  Q3: {gates: [{kind: flag, at_least: 50}]}}}
b: {B1: {Q4: {}}}
"""


def test_each_reason_of_a_status_names_its_gate_or_floor_its_kind_and_its_result(tmp_path):
    settings = "{floors: {b: {at_least: 60, kind: must}}, vendors: [{id: bolt, name: Bolt}]}"
    result = evaluated(tmp_path, TREE, {"acme": {"Q1": 10, "Q3": 10, "Q4": 20}}, settings=settings)
    acme, bolt = result.vendor("acme"), result.vendor("bolt")
    assert [(r.question, r.node, r.kind, r.result) for r in acme.status_reasons] == [
        ("Q1", "", "knock_out", "fail"),
        ("Q2", "", "must", "unresolved"),
        ("", "b", "must", "fail"),
    ]
    assert [(r.kind, r.result, r.text) for r in bolt.status_reasons] == [("response", "not_evaluated", "no response")]
    for vendor in result.vendors:
        assert tuple(reason.text for reason in vendor.status_reasons) == vendor.reasons


def test_a_finding_is_recorded_with_its_kind_and_value_apart():
    findings = [f for vendor in sample("full").vendors for a in vendor.answers for f in a.findings]
    assert {f.kind for f in findings} >= {"verified", "level", "answer", "claim", "note"}
    for finding in findings:
        if finding.kind in {"level", "answer"}:
            assert finding.act == f"{finding.kind} {finding.value}"
            assert isinstance(finding.value, int if finding.kind == "level" else str)
        else:
            assert finding.value is None


def test_the_rows_of_an_answer_are_recorded_each_with_its_own_cell():
    certificate = next(
        answer
        for vendor in sample("full").vendors
        for answer in vendor.answers
        if "valid_until" in {part.key for part in answer.parts}
    )
    assert "; ".join(f"{part.key}: {part.raw}" for part in certificate.parts) == certificate.raw
    assert {part.source for part in certificate.parts} <= set(certificate.sources)
    assert len({part.source.cell for part in certificate.parts}) == len(certificate.parts)


def test_a_semicolon_in_a_row_of_a_certificate_is_the_vendors_own():
    def with_signs(plain: dict[str, Any]) -> None:
        for answer in plain["vendors"][0]["answers"]:
            if "valid_until" in {part["key"] for part in answer["parts"]}:
                answer["parts"][0]["raw"] = "Manila; valid_until: never"
                answer["raw"] = "; ".join(f"{part['key']}: {part['raw']}" for part in answer["parts"])

    result = changed(sample("full"), with_signs)
    vendor = result.vendors[0]
    alone = only(result, vendor, everybody(result))
    shown = scorecard_pages(alone, alone.vendors[0], 1, None)["certificates"]["rows"]
    certified = [cells for _, cells, _ in shown if "Manila; valid_until: never" in cells]
    assert certified
    assert all(re.fullmatch(r"\d+ \w+ \d{4}", until) for _, _, until, *_ in certified)


def test_an_answer_that_only_looks_like_rows_is_shown_as_it_was_written():
    def in_one_cell(plain: dict[str, Any]) -> None:
        for answer in plain["vendors"][0]["answers"]:
            if answer["parts"]:
                answer.update(parts=[], raw="Certified: yes; valid_until: 2030-01-01")

    result = changed(sample("full"), in_one_cell)
    alone = only(result, result.vendors[0], everybody(result))
    shown = scorecard_pages(alone, alone.vendors[0], 1, None)["certificates"]["rows"]
    assert {(status, until) for _, (_, status, until, *_), _ in shown if status.startswith("Certified")} == {
        ("Certified: yes; valid_until: 2030-01-01", "")
    }
