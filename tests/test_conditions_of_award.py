"""Conditions of the award: drafted once, never rewritten, closed by findings alone, asked back and signed."""

import errno
import json
import shutil
from datetime import date
from pathlib import Path

import docx
import pytest
from builders import run, write_evaluation
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.forms.tokens import load_tokens
from vendor_eval.issues import InputError
from vendor_eval.record.conditions import append_conditions, draft
from vendor_eval.record.log import read_log
from vendor_eval.reports.letters.annex import annex_pages, annex_view, annex_word
from vendor_eval.reports.wording import decision
from vendor_eval.results import ConditionLine
from vendor_eval.tender.conditions import FILE

SMALL = Path(__file__).parent.parent / "samples" / "small"
TREE = """
a:
  A1:
    PAY: {weight: 4, evidence: Payroll extract, gates: [{kind: must, min: 90, reason: Living wage}]}
    ASSURED:
      weight: 2
      type: yes_no_partial
      evidence: Report
      gates: [{kind: knock_out, one_of: ["yes"], needs: document, reason: Assured}]
    DELETED: {weight: 1, gates: [{kind: must, min: 50}, {kind: must, min: 80}]}
    SAID: {weight: 20, evidence: Log}
    SMALL: {weight: 0.1}
b:
  B1:
    LOW: {weight: 10}
"""
DOCUMENT = "Policy v3, page 4"
GOOD = {
    "PAY": (95, DOCUMENT),
    "ASSURED": ("Yes", DOCUMENT),
    "DELETED": (90, DOCUMENT),
    "SAID": (90, DOCUMENT),
    "SMALL": (90, DOCUMENT),
    "LOW": (90, DOCUMENT),
}
OPEN = GOOD | {"PAY": (70, DOCUMENT), "ASSURED": "Yes", "DELETED": (10, DOCUMENT), "SAID": 90, "SMALL": 90}
FLOORS = "floors: {b: {at_least: 95, kind: must}}\n"
WAIVER = """waivers:
  - {vendor: acme, question: DELETED, reason: Mended in spring, approved_by: Ruth Adler, owner: Ana P.,
     date: 2026-11-20, until: 2027-01-31}
"""


def tender(folder, answers=OPEN, extra=FLOORS + WAIVER):
    settings = f"weights: {{a: 60, b: 40}}\n{extra}"
    return write_evaluation(folder, TREE, {"acme": answers, "bolt": GOOD}, settings=settings)


def call(*words, code=0):
    outcome = CliRunner().invoke(main, ["conditions", *map(str, words)])
    assert outcome.exit_code == code, outcome.output
    return outcome


def printed(folder, *words, vendor="acme"):
    return json.loads(call(folder, vendor, "--json", *words).stdout)


def states(folder, *words):
    return {line["about"]: line["state"] for line in printed(folder, *words)["conditions"]}


def edit(folder, old, new):
    file = folder / FILE
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def find(folder, *findings):
    text = "".join(f"- {json.dumps(finding)}\n" for finding in findings)
    (folder / "findings.yaml").write_text(text, "utf-8")


def met(condition, met=True, day="2027-01-19", vendor="acme"):
    return {"vendor": vendor, "condition": condition, "met": met, "by": "Ana P.", "date": day, "reason": "Seen"}


# ------------------------------------------------------------------------------------------------------------- draft


def test_a_line_is_drafted_for_each_must_open_knock_out_floor_waived_failure_and_heavy_claim(tmp_path):
    drafted = printed(tender(tmp_path))["conditions"]
    assert [(c["id"], c["kind"]) for c in drafted] == [
        ("acme-PAY", "must"),
        ("acme-ASSURED", "knock_out"),
        ("acme-b", "must"),
        ("acme-DELETED", "waiver"),  # two gates, one line
        ("acme-SAID", "claim"),  # ASSURED and SMALL are claims too: one stands above, one counts too little
    ]
    pay, assured, floor, waived, said = drafted
    assert pay["what"] == "Living wage: “70” was declared, at least 90 % is asked"
    assert assured["what"] == "Assured: “Yes” was declared, without a document"
    assert floor["what"].startswith("Category b: ")
    assert said["what"] == "Text of SAID: “90” was declared, without a document"
    assert [c["proof"] for c in drafted] == ["Payroll extract", "Report", "", "", "Log"]
    assert (waived["owner"], waived["due"], waived["state"]) == ("Ana P.", "2027-01-31", "waived")
    assert {(c["owner"], c["due"], c["clause"]) for c in (pay, assured, floor, said)} == {("", None, "")}


def test_who_approved_a_waiver_owns_it_where_nobody_else_does(tmp_path):
    waiver = WAIVER.replace("owner: Ana P.,", "").replace(", until: 2027-01-31", "")
    line = next(c for c in printed(tender(tmp_path, extra=waiver))["conditions"] if c["kind"] == "waiver")
    assert (line["owner"], line["due"], line["state"]) == ("Ruth Adler", None, "waived")


def test_ten_claims_are_drafted_at_most_the_largest_first(tmp_path):
    tree = {"a": {"A1": {f"Q{n}": {"weight": n} for n in range(1, 13)}}}
    write_evaluation(tmp_path, tree, {"acme": {f"Q{n}": 90 for n in range(1, 13)}}, settings="weights: {a: 100}\n")
    assert [c["about"] for c in printed(tmp_path)["conditions"]] == [f"Q{n}" for n in range(12, 2, -1)]


def test_a_claim_is_as_heavy_as_its_points_of_the_total(tmp_path):
    tree, answers = {"a": {"A1": {"Q1": {"weight": 99}, "Q2": {"weight": 1}}}}, {"acme": {"Q1": 90, "Q2": 90}}
    write_evaluation(tmp_path / "quality", tree, answers)
    items = "[{id: PRC-01, text: Work, unit: once, volume: 1}]"
    price = f"price: {{weight: 50, rule: fixed_bounds, best: 1, worst: 2, currency: EUR, items: {items}}}"
    write_evaluation(tmp_path / "price", tree, answers, settings=price)
    assert list(states(tmp_path / "quality")) == ["Q1", "Q2"]
    assert list(states(tmp_path / "price")) == ["Q1"]


def test_drafting_twice_changes_no_byte_and_names_what_it_added_once(tmp_path):
    folder = tender(tmp_path)
    assert "acme-PAY, acme-ASSURED" in call(folder, "Acme").stderr
    before = (folder / FILE).read_bytes()
    assert "Added" not in call(folder, "acme").stderr
    assert (folder / FILE).read_bytes() == before


HAND = """# mine: do not touch

- id: pay   # renamed by hand
  vendor: acme
  about: PAY
  kind: must
  what: >-
    Pay a living wage,
    everywhere
  owner: Ana P.
  due: 2027-01-15
"""


@pytest.mark.parametrize("end", ["\n", "", "\n\n# the end", "\r\n"])
@pytest.mark.parametrize("indent", [0, 2])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_edited_by_hand_keeps_its_text_as_the_beginning(tmp_path, end, indent, mark):
    folder = tender(tmp_path)
    text = "\n".join(" " * indent + line for line in HAND.rstrip("\n").split("\n"))
    text = (mark + text + end).replace("\n", "\r\n" if "\r" in end else "\n").replace("\r\r", "\r")
    (folder / FILE).write_bytes(text.encode())
    first = printed(folder)["conditions"]
    assert [c["id"] for c in first][:2] == ["pay", "acme-ASSURED"]
    assert len(first) == 5  # PAY has its line, whatever it is called
    after = (folder / FILE).read_bytes()
    assert after.startswith(text.encode())
    assert (b"\r\n" in after) is ("\r" in end)
    printed(folder)
    assert (folder / FILE).read_bytes() == after


SPECIAL = "\"'#:{}[],&*!|>%@`\\\u2028\u0085"
SIGNS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]) | st.sampled_from("\"'#:{}[],&*!|>%@`\\\u2028\u0085"),
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(reason=SIGNS.filter(str.strip), owner=SIGNS, comment=st.text("abc #:-{}'\"", max_size=30))
def test_no_word_of_a_waiver_and_no_comment_breaks_the_file(reason, owner, comment, tmp_path_factory):
    waiver = {"vendor": "acme", "question": "DELETED", "reason": reason, "approved_by": "Ruth", "date": "2026-11-20"}
    extra = "waivers: " + json.dumps([{**waiver, "owner": owner}], ensure_ascii=False)
    folder = tender(tmp_path_factory.mktemp("rfp"), extra=extra + "\n")
    (folder / FILE).write_text(f"# {comment}\n", "utf-8")
    result = run(folder)
    drafted = draft(folder, result, result.vendor("acme"))
    append_conditions(folder, drafted.added)
    after = (folder / FILE).read_bytes()
    assert after.startswith(f"# {comment}\n".encode())
    result = run(folder)
    again = draft(folder, result, result.vendor("acme"))
    assert (again.added, again.gone, (folder / FILE).read_bytes()) == ((), (), after)


def test_a_list_on_one_line_is_left_as_it_is(tmp_path):
    folder = tender(tmp_path)
    text = "[{id: pay, vendor: acme, about: PAY, kind: must, what: Pay}]\n"
    (folder / FILE).write_text(text, "utf-8")
    assert "nothing can be appended" in call(folder, "acme", code=1).stderr
    assert (folder / FILE).read_text("utf-8") == text


def test_a_line_whose_cause_is_gone_is_named_and_stays(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    find(
        folder,
        *(
            {"vendor": "acme", "question": q, "by": "Ana", "date": "2026-11-23", "reason": "Seen", **act}
            for q, act in (("PAY", {"answer": "95"}), ("SAID", {"verified": True}))
        ),
    )
    before = (folder / FILE).read_bytes()
    outcome = printed(folder)
    assert outcome["gone"] == ["acme-PAY", "acme-SAID"]
    assert "acme-PAY: its cause is gone" in call(folder, "acme").stderr
    assert (folder / FILE).read_bytes() == before
    entries = {c.id: (c.stage, c.result) for c in run(folder).vendor("acme").conditions}
    assert entries["acme-PAY"] == entries["acme-SAID"] == (None, None)


def test_a_folder_that_nobody_may_write_still_prints_and_names_the_file_it_cannot_write(tmp_path, monkeypatch):
    folder = tender(tmp_path)
    printed(folder)
    before = (folder / FILE).read_bytes()

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("vendor_eval.record.lock.os.fsync", full)
    assert len(printed(folder)["conditions"]) == 5
    edit(folder, "about: PAY", "about: SMALL")
    outcome = call(folder, "acme", code=1)
    assert FILE in outcome.stderr and "No space left" in outcome.stderr  # noqa: PT018  one message
    assert (folder / FILE).read_bytes() == before.replace(b"about: PAY", b"about: SMALL")


def test_an_excluded_vendor_and_one_that_was_not_read_have_no_draft_and_an_unknown_one_is_named(tmp_path):
    folder = tender(tmp_path, answers=OPEN | {"ASSURED": ("No", DOCUMENT)})
    assert "a waiver or a finding comes first" in call(folder, "acme", code=1).stderr
    assert "did you mean 'acme'" in call(folder, "acmee", code=1).stderr
    (folder / "responses" / "acme.xlsx").write_bytes(b"none")
    assert "a waiver or a finding comes first" in call(folder, "acme", code=1).stderr
    assert not (folder / FILE).exists()
    assert call(folder, code=2)
    assert call(folder, "acme", "bolt", code=2)
    assert call(folder, "acme", "-o", "annex.odt", code=2)
    assert call(folder, "acme", "--ask", "ask.csv", code=2)


def test_a_vendor_without_faults_has_no_conditions_and_no_file_is_made(tmp_path):
    folder = tender(tmp_path, extra=WAIVER)
    assert "None" in call(folder, "bolt").stdout
    assert not (folder / FILE).exists()


# ------------------------------------------------------------------------------------------------------------- state


def test_a_state_is_the_first_that_applies(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    edit(folder, 'proof: "Payroll extract", owner: "", due: ', 'proof: "", owner: "Ana", due: 2026-12-15')
    assert states(folder) == {
        "PAY": "open",
        "ASSURED": "undated",
        "b": "undated",
        "DELETED": "waived",
        "SAID": "undated",
    }
    assert printed(folder, "--as-of", "2026-12-20")["conditions"][0]["days"] == -5
    assert states(folder, "--as-of", "2026-12-15")["PAY"] == "open"
    assert states(folder, "--as-of", "2026-12-16")["PAY"] == "overdue"
    assert states(folder, "--as-of", "2027-01-31")["DELETED"] == "waived"
    assert states(folder, "--as-of", "2027-02-01")["DELETED"] == "lapsed"
    find(folder, met("acme-DELETED"), met("acme-PAY", met=False))
    late = states(folder, "--as-of", "2027-02-01")
    assert (late["PAY"], late["DELETED"]) == ("failed", "met")


def test_a_waiver_that_lapsed_counts_again_on_an_earlier_day(tmp_path):
    folder = tender(tmp_path, extra=WAIVER + "as_of: 2027-02-10\n")
    assert next(c for c in printed(folder)["conditions"] if c["about"] == "DELETED")["kind"] == "must"
    assert states(folder)["DELETED"] == "lapsed"
    assert states(folder, "--as-of", "2027-01-31")["DELETED"] == "waived"


def test_the_newest_finding_closes_and_no_score_or_status_changes(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    before = run(folder).vendor("acme")
    find(folder, met("acme-PAY", met=False, day="2027-01-19"), met("acme-PAY", day="2027-01-19"))
    assert states(folder)["PAY"] == "met"  # of one day the last in the file
    find(folder, met("acme-PAY", day="2027-01-19"), met("acme-PAY", met=False, day="2027-01-12"))
    result = run(folder)
    after = result.vendor("acme")
    entry = after.conditions[0]
    assert (entry.id, entry.state, entry.finding.by, entry.finding.date) == ("acme-PAY", "met", "Ana P.", "2027-01-19")
    assert (after.score, after.status_text, after.gates) == (before.score, before.status_text, before.gates)
    assert (after.notes, after.issues) == (before.notes, before.issues)  # it is no note, and not too late


def test_the_list_of_a_result_holds_requirements_with_their_lines_and_claims_without_a_stage(tmp_path):
    folder = tender(tmp_path)
    bare = run(folder).vendor("acme").conditions
    assert [(c.about, c.id, c.state) for c in bare] == [
        ("PAY", "", None),
        ("ASSURED", "", None),
        ("DELETED", "", None),
        ("DELETED", "", None),
        ("b", "", None),
    ]
    printed(folder)
    edit(folder, 'proof: "Payroll extract", owner: "", due: , clause: ""', 'owner: Ana, due: 2026-12-15, clause: "4.2"')
    result = run(folder)
    full = result.vendor("acme").conditions
    assert [c.about for c in full] == [*(c.about for c in bare), "SAID"]
    assert [(c.stage, c.result, c.kind) for c in full[:5]] == [(c.stage, c.result, c.kind) for c in bare]
    pay, said = full[0], full[-1]
    assert (pay.owner, pay.due, pay.clause, pay.state, pay.days) == ("Ana", "2026-12-15", "4.2", "open", 21)
    assert (said.id, said.question, said.kind, said.stage, said.result) == ("acme-SAID", "SAID", "claim", None, None)
    assert FILE in {source.file for source in result.evaluation.inputs}


def test_an_excluded_vendor_keeps_its_list(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    find(
        folder,
        {"vendor": "acme", "question": "ASSURED", "answer": "no", "by": "A", "date": "2026-11-23", "reason": "S"},
    )
    vendor = run(folder).vendor("acme")
    assert vendor.status == "excluded"
    assert {c.id for c in vendor.conditions} >= {"acme-PAY", "acme-SAID"}


def test_page_1_says_who_sees_to_it_by_when_and_what_is_met_or_late(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    assert dict(decision.conditions(run(folder)))["If acme is chosen"].endswith("No owner, no date yet.")
    edit(folder, 'proof: "Payroll extract", owner: "", due: ', "owner: Ana P., due: 2026-11-20")
    edit(folder, 'proof: "Report", owner: "", due: ', "owner: Ruth, due: 2027-01-15")
    find(folder, met("acme-ASSURED"))
    text = dict(decision.conditions(run(folder)))["If acme is chosen"]
    rest = "; 1 condition without owner or date; 1 met; 1 overdue."
    assert text.endswith(f"Ana P. and Ruth see to it, due between 20 November 2026 and 15 January 2027{rest}")
    edit(folder, "due: 2027-01-15", "due: 2026-11-20")
    text = dict(decision.conditions(run(folder)))["If acme is chosen"]
    assert text.endswith(f"Ana P. and Ruth see to it, due by 20 November 2026{rest}")


# --------------------------------------------------------------------------------------------------------- bad input


def test_faults_of_conditions_are_all_said_at_once_each_with_its_place(tmp_path):
    folder = tender(tmp_path)
    line = {"id": "x", "vendor": "acme", "about": "PAY", "kind": "must", "what": "Pay"}
    entries = [
        line,
        line | {"about": "PAYY"},
        line | {"id": "y", "due": "2026-11-30"},
        line | {"id": "z", "state": "met"},
        line | {"id": "w", "due": "soon"},
        line | {"id": "v", "kind": "should"},
    ]
    (folder / FILE).write_text("".join(f"- {json.dumps(entry)}\n" for entry in entries), "utf-8")
    (folder / "award.yaml").write_text("vendor: acme\nby: R\ndate: 2026-12-10\nreason: Best\n", "utf-8")
    find(folder, met("xx"), met("y", vendor="bolt"))
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    found = [(i.code, i.location.file, i.location.line) for i in error.value.issues if i.location.file != "award.yaml"]
    assert sorted(found) == [
        ("repeated-id", FILE, 2),
        ("unknown-key", FILE, 4),
        ("unknown-reference", FILE, 2),
        ("unknown-reference", "findings.yaml", 1),
        ("wrong-value", FILE, 3),
        ("wrong-value", FILE, 5),
        ("wrong-value", FILE, 6),
        ("wrong-value", "findings.yaml", 2),
    ]
    assert "did you mean 'PAY'" in str(error.value)
    assert "did you mean 'x'" in str(error.value)


def test_a_condition_of_an_unknown_vendor_is_a_fault_once_the_vendors_are_known(tmp_path):
    folder = tender(tmp_path)
    (folder / FILE).write_text("- {id: x, vendor: acne, about: PAY, kind: must, what: Pay}\n", "utf-8")
    with pytest.raises(InputError) as error:
        run(folder)
    assert [(i.code, str(i.location)) for i in error.value.issues] == [("unknown-reference", f"{FILE}:1:19")]
    assert "did you mean 'acme'" in str(error.value)


def test_unknown_vendors_are_named_in_the_same_run_as_other_faults(tmp_path):
    folder = tender(tmp_path, extra=WAIVER.replace("vendor: acme", "vendor: acne"))
    (folder / FILE).write_text("- {id: x, vendor: acne, about: PAYY, kind: must, what: Pay}\n", "utf-8")
    find(folder, met("x", vendor="acne"), met("xx"))
    (folder / "award.yaml").write_text("vendor: acne\nby: R\ndate: 2026-12-10\nreason: Best\n", "utf-8")
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert sorted((i.code, i.location.file, i.location.line) for i in error.value.issues) == [
        ("unknown-reference", "award.yaml", 1),
        ("unknown-reference", FILE, 1),  # the question
        ("unknown-reference", FILE, 1),  # the vendor
        ("unknown-reference", "evaluation.yaml", 11),
        ("unknown-reference", "findings.yaml", 1),
        ("unknown-reference", "findings.yaml", 2),
    ]
    vendors = "vendors: [{id: acne, received: soon}]\n"  # who is a vendor then, nobody knows
    tender(tmp_path, extra=WAIVER.replace("vendor: acme", "vendor: acne") + vendors)
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    places = [(i.code, i.location.file) for i in error.value.issues]
    assert places == [
        ("unknown-reference", FILE),
        ("wrong-value", "evaluation.yaml"),
        ("unknown-reference", "findings.yaml"),
    ]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"condition": "acme-PAY"}, "missing-key"),
        ({"met": True}, "missing-key"),
        ({"condition": "acme-PAY", "met": True, "reason": ""}, "missing-key"),
        ({"condition": "acme-PAY", "met": True, "reason": " "}, "missing-key"),
        ({"condition": "acme-PAY", "met": True, "question": "PAY"}, "wrong-value"),
        ({"condition": "acme-PAY", "met": True, "question": "PAY", "verified": True}, "wrong-value"),
        ({"condition": "acme-PAY", "met": "yes"}, "wrong-value"),
    ],
)
def test_a_finding_on_a_condition_has_both_keys_and_a_reason_and_no_other_act(tmp_path, entry, code):
    folder = tender(tmp_path)
    printed(folder)
    find(folder, {"vendor": "acme", "by": "Ana", "date": "2027-01-19", "reason": "Seen", **entry})
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert {issue.code for issue in error.value.issues} == {code}


# --------------------------------------------------------------------------------------------------------------- log


def test_drafted_lines_and_what_is_found_stand_in_the_log(tmp_path):
    folder = tender(tmp_path)
    assert (
        CliRunner().invoke(main, ["decide", str(folder), "--act", "note", "--by", "R", "--why", "begin"]).exit_code == 0
    )
    printed(folder)
    find(folder, met("acme-PAY"))
    printed(folder)
    lines = read_log(folder).lines
    drafted = [line.about[0] for line in lines if line.act == "condition"]
    assert drafted == sorted(f"condition/acme-{name}" for name in ("PAY", "ASSURED", "b", "DELETED", "SAID"))
    assert [line.new["met"] for line in lines if line.about == ("finding/acme/-/condition",)] == [True]
    count = len(lines)
    printed(folder)
    assert len(read_log(folder).lines) == count
    text = (folder / "decisions.jsonl").read_text("utf-8").replace('"why":"begin"', '"why":"began"')
    (folder / "decisions.jsonl").write_text(text, "utf-8")
    (folder / FILE).unlink()
    find(folder)
    assert "[record-chain]" in call(folder, "acme", code=1).stderr
    assert not (folder / FILE).exists()


def test_without_a_record_no_log_begins(tmp_path):
    folder = tender(tmp_path)
    printed(folder)
    assert not (folder / "decisions.jsonl").exists()


# ------------------------------------------------------------------------------------------------------------- annex


def many(count, words=""):
    return tuple(
        ConditionLine(
            id=f"acme-Q{n}",
            about=f"Q{n}",
            kind="must",
            what=f"Do thing {n} {words}".strip(),
            proof="Report of an audit",
            owner="Ana Pereira",
            due="2027-01-15",
            clause="§ 4.2",
            state="open",
            days=30,
        )
        for n in range(1, count + 1)
    )


def drawn(folder, lines, draw):
    result = run(folder)
    vendor = result.vendor("acme")
    view = annex_view(result, vendor, lines, as_of="2026-11-24", buyer="Aksel Ltd", terms="If a date passes.\n\nMore.")
    return draw(view, date="2026-11-24")


def test_a_dozen_conditions_are_one_page_and_its_bytes_are_the_same_every_time(tmp_path):
    folder, words = tender(tmp_path), "to the end of the contract " * 8
    document = drawn(folder, many(12, words), annex_pages)
    (tmp_path / "annex.pdf").write_bytes(document.data)
    pages = PdfReader(tmp_path / "annex.pdf").pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    for part in ("Aksel Ltd", "acme-Q12", "Report of an audit", "Ana Pereira", "15 January 2027", "§ 4.2", "Open"):
        assert part in text
    assert "If a date passes." in text
    assert "Signature" in text
    assert drawn(folder, many(12, words), annex_pages).data == document.data


def test_the_word_document_says_the_same_and_its_bytes_are_fixed(tmp_path):
    folder = tender(tmp_path)
    document = drawn(folder, many(3), annex_word)
    assert drawn(folder, many(3), annex_word).data == document.data
    (tmp_path / "annex.docx").write_bytes(document.data)
    book = docx.Document(tmp_path / "annex.docx")
    table = next(table for table in book.tables if table.cell(0, 0).text == "No.")
    assert [cell.text for cell in table.rows[3].cells] == [
        "3",
        "Do thing 3 (acme-Q3)",
        "Report of an audit",
        "Ana Pereira",
        "15 January 2027",
        "§ 4.2",
        "Open",
    ]
    widths = [column.width for column in table.columns]  # LibreOffice goes by these, Word by those of the cells
    assert widths == [cell.width for cell in table.rows[1].cells]
    assert widths[1] == max(widths)
    assert all(row.height for row in book.tables[-1].rows[1:])  # room for a signature
    assert "If a date passes." in [paragraph.text for paragraph in book.paragraphs]
    assert (book.core_properties.author, str(book.core_properties.created.date())) == ("vendor_eval", "2026-11-24")


def test_the_buyers_text_and_name_stand_in_the_annex(tmp_path):
    folder = tender(tmp_path)
    own = folder / "letters" / "templates" / "annex.md"
    own.parent.mkdir(parents=True)
    own.write_text("Own terms.\n", "utf-8")
    award = "vendor: acme\nby: R\ndate: 2026-12-10\nreason: Best\nbuyer: {name: Aksel Ltd}\n"
    (folder / "award.yaml").write_text(award, "utf-8")
    call(folder, "acme", "-o", tmp_path / "out.docx")
    texts = " ".join(
        [*(p.text for p in docx.Document(tmp_path / "out.docx").paragraphs)]
        + [
            cell.text
            for table in docx.Document(tmp_path / "out.docx").tables
            for row in table.rows
            for cell in row.cells
        ]
    )
    assert "Own terms." in texts
    assert "Aksel Ltd" in texts
    own.write_bytes(b"\xff")
    assert "[not-utf8]" in call(folder, "acme", "-o", tmp_path / "out.docx", code=1).stderr


# --------------------------------------------------------------------------------------------------------------- ask


def asked(folder, name="acme-conditions.xlsx", token=None, **replies):
    """Ask acme, fill its workbook in, and put it among the responses."""
    file = folder / "ask.xlsx"
    call(folder, "acme", "--ask", file)
    book = load_workbook(file)
    sheet = book["Conditions"]
    for row in sheet.iter_rows(min_row=6):
        for column, text in enumerate(replies.get(row[0].value.removeprefix("acme-"), ()), 4):
            row[column].value = text
    if token is not None:
        for number, row in enumerate(book["_identity"].iter_rows(), 1):
            if row[0].value == "vendor_eval_token":
                book["_identity"].cell(number, 2, token)
        book.custom_doc_props["vendor_eval_token"].value = token
    path = folder / "responses" / name
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    file.unlink()
    return path


def says(folder):
    return {
        c.about: c.says and (c.says.done, c.says.date, c.says.proof)
        for c in run(folder).vendor("acme").conditions
        if c.id
    }


def test_what_comes_back_is_shown_closes_nothing_and_is_no_response(tmp_path):
    folder = tender(tmp_path)
    before = run(folder)
    path = asked(folder, PAY=("yes", date(2027, 1, 10), "payroll.pdf"), SAID=("Not yet", "in spring", None))
    assert says(folder)["PAY"] == ("Yes", "2027-01-10", "payroll.pdf")
    assert says(folder)["SAID"] == ("Not yet", "in spring", "")
    assert says(folder)["ASSURED"] is None
    after = run(folder)
    assert [(v.id, v.score, v.status, v.rounds, v.issues) for v in after.vendors] == [
        (v.id, v.score, v.status, v.rounds, v.issues) for v in before.vendors
    ]
    entry = next(c for c in after.vendor("acme").conditions if c.id == "acme-PAY")
    assert (entry.state, str(entry.says.source)) == ("undated", "responses/acme-conditions.xlsx, Conditions!E6")
    assert {"responses/acme-conditions.xlsx", "clarifications.json"} <= {i.file for i in after.evaluation.inputs}
    assert "acme-PAY: Yes, 2027-01-10, payroll.pdf" in call(folder, "acme").stdout
    assert printed(folder)["conditions"][0]["says"]["done"] == "Yes"
    path.unlink()
    assert says(folder)["PAY"] is None


def test_in_the_folder_of_its_vendor_it_needs_no_name(tmp_path):
    folder = tender(tmp_path)
    (folder / "responses" / "acme").mkdir()
    (folder / "responses" / "acme.xlsx").rename(folder / "responses" / "acme" / "answers.xlsx")
    asked(folder, name="acme/reply.xlsx", PAY=("No", None, None))
    assert says(folder)["PAY"] == ("No", "", "")
    asked(folder, name="acme/reply.xlsx", token="f" * 32, PAY=("Yes", None, None))
    vendor = run(folder).vendor("acme")
    assert vendor.status == "conditional"  # its response is still read
    assert [i.code for i in vendor.issues if i.code.startswith("conditions")] == ["conditions-unconfirmed"]
    assert says(folder)["PAY"] is None


@pytest.mark.parametrize("name", ["ask.xlsx", "bolt-x.xlsx", "acme.ods.xlsx"])
def test_a_blank_workbook_of_conditions_is_no_vendor_and_says_nothing(tmp_path, name):
    folder = tender(tmp_path)
    vendors = [(v.id, v.status) for v in run(folder).vendors]
    call(folder, "acme", "--ask", folder / "responses" / name)
    result = run(folder)
    assert [(v.id, v.status) for v in result.vendors] == vendors
    assert result.evaluation.not_read == ()
    assert set(says(folder).values()) == {None}


def test_a_workbook_of_conditions_that_is_not_confirmed_is_named_with_a_warning_and_no_vendor(tmp_path):
    folder = tender(tmp_path)
    asked(folder, name="reply.xlsx", token="", PAY=("Yes", None, None))
    result = run(folder)  # it stops nothing
    assert [v.id for v in result.vendors if v.status != "not_evaluated"] == [v.id for v in result.vendors]
    named = [(i.code, i.severity) for i in result.vendor("acme").issues if i.source.file == "responses/reply.xlsx"]
    assert named == [("conditions-unconfirmed", "warning")]
    (stray,) = result.evaluation.not_read
    assert "is a workbook of conditions of acme, no response" in stray.reason


def test_a_score_sheet_among_the_responses_is_named_and_no_vendor(tmp_path):
    folder = tender(tmp_path)
    book = load_workbook(folder / "responses" / "acme.xlsx")
    book.create_sheet("_identity").append(["vendor_eval_template", "vendor-eval/score-sheet/1"])
    book.save(folder / "responses" / "ada.xlsx")
    result = run(folder)
    assert "ada" not in [v.id for v in result.vendors]
    assert [(f.file, f.reason[:24]) for f in result.evaluation.not_read] == [
        ("responses/ada.xlsx", "is a score sheet, no res")
    ]


def test_the_token_is_made_once_and_the_workbook_is_the_same_again(tmp_path):
    folder = tender(tmp_path, extra=WAIVER)
    call(folder, "acme", "--ask", tmp_path / "a.xlsx")
    token = load_tokens(folder).of("acme", 0)
    call(folder, "acme", "--ask", tmp_path / "b.xlsx")
    assert load_tokens(folder).of("acme", 0) == token
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    call(folder, "bolt", "--ask", tmp_path / "c.xlsx", code=1)
    sheet = load_workbook(tmp_path / "a.xlsx")["Conditions"]
    assert [cell.value for cell in sheet[5]] == ["ID", "Condition", "Proof wanted", "Due", "Done", "Date", "Proof"]
    assert [row[0].value for row in sheet.iter_rows(min_row=6)] == list(token.questions)


def test_replies_without_a_response_are_none(tmp_path):
    folder = tender(tmp_path, extra=WAIVER + "vendors: [{id: acme}]\n")
    asked(folder, PAY=("Yes", None, None))
    (folder / "responses" / "acme.xlsx").unlink()
    result = run(folder)
    assert (result.vendor("acme").status, result.vendor("acme").reasons) == ("not_evaluated", ("no response",))


def test_the_shipped_sample_has_conditions_that_fit_on_a_page(tmp_path):
    shutil.copytree(SMALL, tmp_path / "rfp")
    call(tmp_path / "rfp", "Celadora Visión", "-o", tmp_path / "annex.pdf")
    assert len(PdfReader(tmp_path / "annex.pdf").pages) == 1
    assert (tmp_path / "rfp" / FILE).read_text("utf-8").count("\n- ") == 4
