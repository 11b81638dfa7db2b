"""The folder evidence/: the level `named`, caps of ticks, what is read of a folder, documents that are alike."""

import io
import os
import unicodedata
import zipfile
from hashlib import sha256
from itertools import combinations

import pytest
from builders import answer, run, write_evaluation
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.intake import alike, evidence
from vendor_eval.intake.alike import alike_pairs, shingles_of
from vendor_eval.intake.evidence import evidence_folder
from vendor_eval.issues import InputError
from vendor_eval.scoring.score import greatest_credit

ONE = "{a: {A1: {Q1: {}}}}"
TICKS = """
a: {A1: {Q1: {type: multi_choice, gates: GATES,
              options: [{label: One, score: 40}, {label: Two, score: 60}, {label: Free, score: 0}]}}}
"""


def ticks(gates="[]"):
    return TICKS.replace("GATES", gates)


def filed(folder, **files):
    """Write files into evidence/, by vendor."""
    (folder / "evidence").mkdir(exist_ok=True)
    for vendor, contents in files.items():
        for name, content in contents.items():
            path = folder / "evidence" / vendor / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def acme(folder, tree, answers, files=None, **options):
    """Evaluate acme, with files in its folder; without `files` there is no folder evidence/."""
    write_evaluation(folder, tree, {"acme": answers}, **options)
    if files is not None:
        filed(folder, acme=files)
    return run(folder).vendor("acme")


def codes(vendor, *wanted):
    return [(issue.code, issue.source.cell or issue.source.file) for issue in vendor.issues if issue.code in wanted]


# ------------------------------------------------------------------------------------------------ levels


@pytest.mark.parametrize(
    ("cell", "without", "empty", "there"),
    [
        pytest.param("", "claim", "claim", "claim", id="blank"),
        pytest.param("on request", "claim", "claim", "claim", id="evidence word"),
        pytest.param("policy.pdf", "named", "named", "document", id="file name alone"),
        pytest.param("see Policy.PDF, page 3", "named", "named", "document", id="with its page"),
        pytest.param("a.docx; b.xlsx", "named", "named", "named", id="other names"),
        pytest.param("gold set.jsonl, review.webm", "named", "named", "named", id="data and recordings"),
        pytest.param("Retention policy v3 (policy.pdf)", "document", "named", "document", id="words beside the name"),
        pytest.param("Retention policy v3, 2026", "document", "named", "named", id="described"),
        pytest.param("xpolicy.pdf", "named", "named", "named", id="a letter before"),
        pytest.param("2policy.pdf", "named", "named", "named", id="a digit before"),
        pytest.param("my-policy.pdf", "named", "named", "document", id="a hyphen before"),
        pytest.param("policy.pdfs.pdf", "named", "named", "named", id="a letter behind"),
        pytest.param("../../etc/policy.pdf", "document", "named", "document", id="a path names its base name"),
    ],
)
def test_the_level_follows_the_cell_and_the_folder(tmp_path, cell, without, empty, there):
    given = {"Q1": (100, cell)}
    assert answer(acme(tmp_path / "1", ONE, given), "Q1").evidence == without
    assert answer(acme(tmp_path / "2", ONE, given, {}), "Q1").evidence == empty
    assert answer(acme(tmp_path / "3", ONE, given, {"policy.pdf": b"%PDF"}), "Q1").evidence == there


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        ("{}", (60, 70, 85)),
        ("{evidence: {document: 65}}", (60, 65, 65)),
        ("{evidence: {named: 75}}", (60, 75, 85)),
        ("{evidence: {claim: 80}}", (80, 80, 85)),
    ],
)
def test_the_cap_of_named_is_the_lower_of_70_and_its_document(tmp_path, caps, expected):
    tree = "{a: {A1: {Q1: {}, Q2: {}, Q3: {}}}}"
    given = {"Q1": 100, "Q2": (100, "x.pdf"), "Q3": (100, "policy.pdf")}
    vendor = acme(tmp_path, tree, given, {"policy.pdf": b"1"}, settings=caps)
    assert tuple(answer(vendor, name).credited for name in ("Q1", "Q2", "Q3")) == expected
    assert vendor.documented == pytest.approx(1 / 3)


def test_a_cap_of_named_between_claim_and_document_is_needed(tmp_path):
    folder = write_evaluation(tmp_path, ONE, {}, settings="{evidence: {named: 90}}")
    with pytest.raises(InputError) as error:
        load_evaluation(folder)
    assert [issue.code for issue in error.value.issues] == ["wrong-value"]


FIRST_BANK = "{scorecard: annotation-partner, version: 1.0.0}"


@pytest.mark.parametrize(
    ("own", "files", "level", "caps"),
    [
        pytest.param("{}", None, "document", {"claim": 60, "document": 85, "verified": 100}, id="as before"),
        pytest.param("{}", {}, "named", {"claim": 60, "named": 70, "document": 85, "verified": 100}, id="folder"),
        pytest.param(
            "{evidence: {named: 65}}",
            None,
            "named",
            {"claim": 60, "named": 65, "document": 85, "verified": 100},
            id="key",
        ),
    ],
)
def test_the_first_bank_knows_named_only_where_the_evaluation_asks_for_it(tmp_path, own, files, level, caps):
    write_evaluation(
        tmp_path, ticks(), {"acme": {"Q1.a": ("Yes", "x.pdf"), "Q1.b": "Yes"}}, settings=own, scorecard=FIRST_BANK
    )
    if files is not None:
        filed(tmp_path, acme=files)
    result = run(tmp_path)
    assert result.evaluation.method.evidence == caps
    # With version 1 one row proves the whole list; else the second tick is a claim of its own.
    expected = 85 if level == "document" else 60 + 0.4 * (caps["named"] - 60)
    assert answer(result.vendor("acme"), "Q1").credited == pytest.approx(expected)
    assert result.evaluation.issues == () or result.evaluation.issues[0].code == "no-evidence-folder"


def test_a_folderless_evaluation_says_once_that_described_documents_count(tmp_path):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": 1}, "bolt": {"Q1": 2}})
    assert [(issue.code, issue.source.file) for issue in run(folder).evaluation.issues] == [
        ("no-evidence-folder", "evaluation.yaml")
    ]
    printed = CliRunner().invoke(main, ["check", str(folder)]).stdout
    assert printed.count("no-evidence-folder") == 1
    (folder / "evidence").mkdir()
    assert run(folder).evaluation.issues == ()


def test_verified_needs_no_file_and_claim_lowers_a_file(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    finding = "- {{vendor: acme, question: {}, {}: true, by: Ana, date: 2026-11-20, reason: Seen}}\n"
    findings = finding.format("Q1", "verified") + finding.format("Q2", "claim")
    vendor = acme(tmp_path, tree, {"Q1": (100, "x.pdf"), "Q2": (100, "y.pdf")}, {"y.pdf": b"1"}, findings=findings)
    assert [(a.evidence, a.credited) for a in vendor.answers] == [("verified", 100), ("claim", 60)]


# ------------------------------------------------------------------------------------------------ tick lists


@pytest.mark.parametrize(
    ("rows", "credited"),
    [
        # 0.4 x 85 + 0.6 x 60
        pytest.param({"a": ("Yes", "p.pdf"), "b": "Yes"}, 70, id="the mean"),
        pytest.param({"a": "Yes", "b": ("Yes", "p.pdf")}, 75, id="the other mean"),
        pytest.param({"a": ("Yes", "p.pdf"), "b": ("Yes", "p.pdf")}, 85, id="both"),
        pytest.param({"a": ("Yes", "all: p.pdf"), "b": "Yes"}, 85, id="all"),
        pytest.param({"a": "Yes", "b": "Yes", "c": ("Yes", "p.pdf")}, 60, id="a tick worth nothing proves nothing"),
        pytest.param({"a": ("Yes", "p.pdf"), "b": ("Yes", "p.pdf"), "c": "Yes"}, 85, id="nor takes anything"),
        pytest.param({"a": ("Yes", "p.pdf"), "b": ("Yes", "q.pdf")}, 0.4 * 85 + 0.6 * 70, id="one is not there"),
        pytest.param({"a": ("Yes", "p.pdf"), "b": ("No", "p.pdf")}, 40, id="what was not ticked"),
    ],
)
def test_each_tick_has_its_own_cap(tmp_path, rows, credited):
    vendor = acme(tmp_path, ticks(), {f"Q1.{part}": cell for part, cell in rows.items()}, {"p.pdf": b"1"})
    record = answer(vendor, "Q1")
    assert record.credited == pytest.approx(credited)
    assert record.credited == pytest.approx(min(record.value, record.cap))


def test_a_vendor_is_credited_as_if_it_had_left_the_unproven_ticks_out(tmp_path):
    tree = "{a: {A1: {Q1: {type: multi_choice, options: [{label: A, score: 85}, {label: B, score: 15}]}}}}"
    vendor = acme(tmp_path, tree, {"Q1.a": ("Yes", "p.pdf"), "Q1.b": "Yes"}, {"p.pdf": b"1"})
    record = answer(vendor, "Q1")
    assert (record.credited, record.evidence) == (85, "claim")
    assert "85 up to 85, 15 up to 60" in record.explanation


def test_a_list_in_one_cell_is_proven_by_its_cell(tmp_path):
    vendor = acme(tmp_path, ticks(), {"Q1": ("One; Two", "p.pdf")}, {"p.pdf": b"1"})
    assert (answer(vendor, "Q1").evidence, answer(vendor, "Q1").credited) == ("document", 85)


def by_brute_force(ticks, most):
    """The greatest min(value, cap) over every selection."""
    selections = (chosen for count in range(1, len(ticks) + 1) for chosen in combinations(ticks, count))
    return max(
        (
            min(most, sum(score for score, _ in own), sum(score * cap for score, cap in own) / sum(s for s, _ in own))
            for own in selections
        ),
        default=0.0,
    )


TICK = st.tuples(st.integers(1, 100) | st.floats(0.5, 100), st.sampled_from([60.0, 70.0, 85.0, 100.0]))


@settings(max_examples=300)
@given(st.lists(TICK, max_size=8), st.floats(0, 100))
def test_the_greatest_credit_is_that_of_every_selection(ticks, most):
    assert greatest_credit(ticks, most) == pytest.approx(by_brute_force(ticks, most))


@pytest.mark.parametrize(
    ("gate", "rows", "files", "result"),
    [
        ("includes: [a, b]", {"a": "p.pdf", "b": "p.pdf"}, {"p.pdf": b"1"}, "pass"),
        ("includes: [a, b]", {"a": "p.pdf", "b": ""}, {"p.pdf": b"1"}, "unresolved"),
        ("includes: [a]", {"a": "p.pdf", "b": ""}, {"p.pdf": b"1"}, "pass"),
        ("includes: [a]", {"a": "", "b": "p.pdf"}, {"p.pdf": b"1"}, "unresolved"),
        ("includes: [a, b]", {"a": "all: p.pdf", "b": ""}, {"p.pdf": b"1"}, "pass"),
        ("includes: [a]", {"a": "p.pdf"}, {}, "unresolved"),
        ("at_least: 60", {"a": "", "b": "p.pdf"}, {"p.pdf": b"1"}, "pass"),
        ("at_least: 60", {"a": "p.pdf", "b": ""}, {"p.pdf": b"1"}, "unresolved"),
        ("one_of: [a, b]", {"a": "p.pdf", "b": ""}, {"p.pdf": b"1"}, "pass"),
    ],
)
def test_a_gate_wants_a_document_for_each_tick_that_it_needs(tmp_path, gate, rows, files, result):
    tree = ticks(f"[{{kind: must, {gate}, needs: document}}]")
    vendor = acme(tmp_path, tree, {f"Q1.{part}": ("Yes", cell) for part, cell in rows.items()}, files)
    assert [gate.result for gate in vendor.gates] == [result]


def test_a_gate_says_what_the_proof_of_its_own_ticks_lacks(tmp_path):
    gates = "[{kind: must, includes: [a], needs: document}, {kind: must, includes: [b], needs: document}]"
    vendor = acme(tmp_path, ticks(gates), {"Q1.a": ("Yes", "gone.pdf"), "Q1.b": "Yes"}, {})
    reasons = [gate.reason for gate in vendor.gates]
    missing = ["and names a document that is not there", "without a document"]
    assert [reason.partition(", ")[2] for reason in reasons] == [f"{words}: not yet passed" for words in missing]


def test_named_never_meets_a_gate_that_needs_a_document(tmp_path):
    tree = "{a: {A1: {Q1: {gates: [{kind: must, min: 50, needs: document}]}}}}"
    vendor = acme(tmp_path, tree, {"Q1": (100, "x.pdf")}, {})
    assert (vendor.status, vendor.gates[0].result, answer(vendor, "Q1").credited) == ("conditional", "unresolved", 70)
    asked = run(tmp_path).robustness.ask_first
    assert [(ask.vendor, ask.question) for ask in asked] == [("acme", "Q1")]


# ------------------------------------------------------------------------------------------------ files


def test_files_are_hashed_and_listed_by_their_path(tmp_path):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (100, "sub.pdf and P.PDF and gone.pdf")}})
    filed(
        folder, acme={"p.pdf": b"one", "deep/sub.pdf": b"two", "deep/er/no.pdf": b"x", "other.txt": b"3", "e.pdf": b""}
    )
    result = run(folder)
    listed = [(file.file, file.sha256) for file in answer(result.vendor("acme"), "Q1").files]
    assert listed == [
        ("evidence/acme/deep/sub.pdf", sha256(b"two").hexdigest()),
        ("evidence/acme/p.pdf", sha256(b"one").hexdigest()),
    ]
    assert set(listed) < {(file.file, file.sha256) for file in result.evaluation.inputs}
    wanted = ("evidence-file-missing", "evidence-file-unnamed", "evidence-not-read", "evidence-not-filed")
    assert sorted(codes(result.vendor("acme"), *wanted)) == [
        ("evidence-file-missing", "C2"),
        ("evidence-file-unnamed", "evidence/acme/other.txt"),
        ("evidence-not-read", "evidence/acme/deep/er"),
        ("evidence-not-read", "evidence/acme/e.pdf"),
    ]


def test_names_are_compared_in_one_spelling(tmp_path):
    name = "Prüfung Ämter.pdf"
    folder = write_evaluation(
        tmp_path, ONE, {"acme": {"Q1": (100, f"siehe {unicodedata.normalize('NFC', name).upper()}")}}
    )
    filed(folder, acme={unicodedata.normalize("NFD", name): b"1"})
    assert answer(run(folder).vendor("acme"), "Q1").evidence == "document"


@pytest.mark.parametrize("space", ["  ", "\u00a0", "\u202f"])
def test_any_space_is_a_space_of_a_name(tmp_path, space):
    vendor = acme(tmp_path, ONE, {"Q1": (100, f"Leave policy{space}v3.pdf")}, {"policy v3.pdf": b"1"})
    assert (answer(vendor, "Q1").evidence, codes(vendor, "evidence-file-missing")) == ("document", [])


def test_the_folder_of_a_vendor_is_its_id_made_safe(tmp_path):
    response = "[{id: 'a/b', file: responses/acme.xlsx}]"
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (9, "p.pdf")}}, settings=f"vendors: {response}")
    filed(folder, a_b={"p.pdf": b"1"}, nobody={"p.pdf": b"1"})
    (folder / "evidence" / "loose.pdf").write_bytes(b"1")
    (folder / "evidence" / "README.md").write_bytes(b"1")
    result = run(folder)
    assert answer(result.vendor("a/b"), "Q1").evidence == "document"
    assert [(issue.code, issue.source.file) for issue in result.evaluation.issues] == [
        ("evidence-not-read", "evidence/loose.pdf"),
        ("evidence-not-read", "evidence/nobody"),
    ]


def test_a_vendor_without_a_folder_has_an_empty_one_and_it_is_said_once(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}, Q3: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": (100, "Policy of 2026"), "Q2": (100, "x.pdf"), "Q3": 100}, {})
    issues = [issue for issue in vendor.issues if issue.code == "evidence-not-filed"]
    assert [(issue.source.file, "2 answers" in issue.message) for issue in issues] == [("evidence/acme", True)]


def test_answers_that_a_missing_document_lowers_are_counted_beside_other_files_too(tmp_path):
    tree = "{a: {A1: {Q1: {}, Q2: {}}}}"
    vendor = acme(tmp_path, tree, {"Q1": (100, "Policy of 2026"), "Q2": (100, "p.pdf")}, {"p.pdf": b"1"})
    (text,) = (issue.message for issue in vendor.issues if issue.code == "evidence-not-filed")
    assert "so 1 answer that names or describes a document counts as named alone" in text


def test_links_pipes_and_what_is_no_file_are_skipped(tmp_path):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (100, "secret.pdf, pipe.pdf, inside.pdf")}})
    outside = tmp_path / "secret.pdf"
    outside.write_bytes(b"not for us")
    filed(folder, acme={"named.pdf": b"1"})
    own = folder / "evidence" / "acme"
    (own / "secret.pdf").symlink_to(outside)
    (own / "inside").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(own / "pipe.pdf")
    (own / b"\xff.pdf".decode(errors="surrogateescape")).write_bytes(b"1")
    vendor = run(folder).vendor("acme")
    assert (answer(vendor, "Q1").evidence, answer(vendor, "Q1").files) == ("named", ())
    assert [file for _, file in codes(vendor, "evidence-not-read")] == [
        "evidence/acme/inside",
        "evidence/acme/pipe.pdf",
        "evidence/acme/secret.pdf",
        r"evidence/acme/\udcff.pdf",
    ]


def test_a_link_in_place_of_a_vendors_folder_or_of_evidence_is_not_followed(tmp_path):
    outside = tmp_path / "outside"
    (outside / "acme").mkdir(parents=True)
    (outside / "acme" / "p.pdf").write_bytes(b"1")
    folder = write_evaluation(tmp_path / "1", ONE, {"acme": {"Q1": (100, "p.pdf")}})
    (folder / "evidence").mkdir()
    (folder / "evidence" / "acme").symlink_to(outside / "acme", target_is_directory=True)
    result = run(folder)
    assert answer(result.vendor("acme"), "Q1").evidence == "named"
    assert [issue.code for issue in result.evaluation.issues] == ["evidence-not-read"]
    folder = write_evaluation(tmp_path / "2", ONE, {"acme": {"Q1": (100, "p.pdf")}})
    (folder / "evidence").symlink_to(outside, target_is_directory=True)
    assert answer(run(folder).vendor("acme"), "Q1").evidence == "named"


@pytest.mark.parametrize("cell", ["/etc/passwd.txt", "..\\..\\secret.pdf", "../secret.pdf", "evidence/bolt/secret.pdf"])
def test_no_path_of_a_workbook_is_opened(tmp_path, cell):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (100, cell)}, "bolt": {"Q1": (100, "secret.pdf")}})
    filed(folder, acme={"p.pdf": b"1"}, bolt={"secret.pdf": b"2"})
    (tmp_path.parent / "secret.pdf").write_bytes(b"3")
    vendor = run(folder).vendor("acme")
    assert (answer(vendor, "Q1").evidence, answer(vendor, "Q1").files) == ("named", ())


def refused(folder):
    with pytest.raises(InputError) as error:
        run(folder)
    return [(issue.code, issue.location.file) for issue in error.value.issues]


def test_more_than_500_files_or_too_large_ones_are_refused(tmp_path, monkeypatch):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (100, "0.pdf")}, "bolt": {"Q1": 1}})
    filed(folder, acme={f"{number % 3 or 'deep'}/{number}.pdf": b"1" for number in range(500)})
    assert answer(run(folder).vendor("acme"), "Q1").evidence == "document"
    filed(folder, acme={"one-more.pdf": b"1"})
    assert refused(folder) == [("evidence-limits", "evidence/acme")]
    # Nobody but this vendor is held up.
    assert [v.status for v in run(folder, skip_unreadable=True).vendors] == ["not_evaluated", "eligible"]
    (folder / "evidence" / "acme" / "one-more.pdf").unlink()
    with (folder / "evidence" / "acme" / "deep" / "0.pdf").open("wb") as file:
        file.truncate(evidence.LARGEST_FILE + 1)
    assert refused(folder) == [("evidence-limits", "evidence/acme/deep/0.pdf")]
    with (folder / "evidence" / "acme" / "deep" / "0.pdf").open("wb") as file:
        file.truncate(10)
    monkeypatch.setattr(evidence, "LARGEST_WHOLE", 100)
    with pytest.raises(InputError):
        evidence_folder(load_evaluation(folder), "acme")


def test_many_files_that_nobody_names_are_summed_up(tmp_path):
    vendor = acme(tmp_path, ONE, {"Q1": 1}, {f"{number:02}.pdf": b"1" for number in range(23)})
    files = [file for _, file in codes(vendor, "evidence-file-unnamed")]
    assert files == [*(f"evidence/acme/{number:02}.pdf" for number in range(20)), "evidence/acme"]


# ------------------------------------------------------------------------------------------------ clarification


def test_the_clarification_asks_for_the_file_and_a_file_that_is_there_by_then_lifts_the_answer(tmp_path):
    folder = write_evaluation(tmp_path, ONE, {"acme": {"Q1": (100, "Policy.pdf")}})
    (folder / "evidence").mkdir()
    assert CliRunner().invoke(main, ["check", str(folder)]).exit_code == 0
    sheet = load_workbook(folder / "out" / "clarifications" / "acme.xlsx")["Open points"]
    texts = [str(cell.value) for row in sheet for cell in row if cell.value]
    assert any("'Policy.pdf' was named and did not arrive" in text and "Answers!C2" in text for text in texts)
    assert "Q1" in texts
    before = run(folder).vendor("acme").score
    filed(folder, acme={"policy.pdf": b"1"})
    after = run(folder).vendor("acme")
    assert (before, after.score, codes(after, "evidence-file-missing")) == (70, 85, [])
    CliRunner().invoke(main, ["check", str(folder)])
    assert not (folder / "out" / "clarifications" / "acme.xlsx").exists()


def test_init_makes_the_folder_with_a_readme(tmp_path):
    assert CliRunner().invoke(main, ["init", str(tmp_path / "t")]).exit_code == 0
    assert "policy.pdf" in (tmp_path / "t" / "evidence" / "README.md").read_text(encoding="utf-8")
    assert load_evaluation(tmp_path / "t").counts_named


# ------------------------------------------------------------------------------------------------ alike


def words(start, count=300):
    return " ".join(f"word{number}" for number in range(start, start + count))


def document(text, **others):
    """A .docx whose document has one paragraph; `others` are further parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
        for name, content in others.items():
            archive.writestr(f"word/{name}.xml", content)
    return buffer.getvalue()


def pdf(text):
    """A PDF of one page with a line of text."""
    stream = f"BT /F1 8 Tf 10 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, own in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, own)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(content),
    )
    return content + end


def alike_codes(folder, acme, bolt):
    """Evaluate two vendors that each name one file, (name, content), and give what is said of alike documents."""
    answers = {"acme": {"Q1": (9, acme[0])}, "bolt": {"Q1": (9, bolt[0])}}
    write_evaluation(folder, ONE, answers)
    filed(folder, acme={acme[0]: acme[1]}, bolt={bolt[0]: bolt[1]})
    result = run(folder)
    return {v.id: codes(v, "evidence-alike", "evidence-not-compared") for v in result.vendors}, result


@pytest.mark.parametrize(
    ("acme", "bolt", "alike"),
    [
        pytest.param(("a.png", b"same"), ("b.png", b"same"), True, id="the same bytes"),
        pytest.param(("a.txt", words(0).encode()), ("b.docx", document(words(0))), True, id="text and Word"),
        pytest.param(("a.txt", words(0).encode()), ("b.pdf", pdf(words(0))), True, id="text and PDF"),
        pytest.param(
            ("a.txt", b"Acme " + words(0).encode()), ("b.txt", words(0).encode() + b" Bolt"), True, id="names"
        ),
        pytest.param(("a.txt", words(0).encode()), ("b.txt", words(20).encode()), True, id="0.87 agree"),
        pytest.param(("a.txt", words(0).encode()), ("b.txt", words(40).encode()), False, id="0.76 agree"),
        pytest.param(("a.txt", words(0, 199).encode()), ("b.docx", document(words(0, 199))), False, id="199 words"),
        pytest.param(("a.txt", words(0).encode()), ("b.png", words(0).encode() + b" "), False, id="a kind not read"),
    ],
)
def test_alike_documents_of_two_vendors_are_told(tmp_path, acme, bolt, alike):
    said, result = alike_codes(tmp_path, acme, bolt)
    expected = {
        vendor: [("evidence-alike", f"evidence/{vendor}/{file}")] * alike
        for vendor, (file, _) in (("acme", acme), ("bolt", bolt))
    }
    assert said == expected
    if alike:
        message = next(issue.message for issue in result.vendor("acme").issues if issue.code == "evidence-alike")
        assert f"bolt (evidence/bolt/{bolt[0]})" in message
    assert {vendor.score for vendor in result.vendors} == {9}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("bomb.docx", document(words(0), bomb=b"0" * (80 * 2**20)), id="zip bomb"),
        pytest.param(
            "entity.docx", document("x", other=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), id="document type"
        ),
        pytest.param("cut.docx", document(words(0))[:-40], id="cut off"),
        pytest.param(
            "absurd.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\ntrailer<</Root 1 0 R>>", id="loop"
        ),
        pytest.param("not.pdf", b"\0" * 1000, id="no PDF"),
    ],
)
def test_a_document_that_cannot_be_read_is_told_and_costs_nothing_else(tmp_path, name, content):
    said, result = alike_codes(tmp_path, (name, content), ("b.txt", words(0).encode()))
    assert said == {"acme": [("evidence-not-compared", f"evidence/acme/{name}")], "bolt": []}
    assert answer(result.vendor("acme"), "Q1").evidence == "document"


def test_a_reader_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    from vendor_eval.spreadsheets import workers

    def endless(_name, _content):
        while True:
            pass

    monkeypatch.setattr(workers, "SECONDS", 1.0)
    monkeypatch.setitem(alike._TEXTS, ".pdf", endless)
    said, _ = alike_codes(tmp_path, ("a.pdf", b"1"), ("b.txt", words(0).encode()))
    assert said == {"acme": [("evidence-not-compared", "evidence/acme/a.pdf")], "bolt": []}


@given(st.lists(st.frozensets(st.integers(0, 30), min_size=1), max_size=12))
def test_pairs_are_those_of_every_comparison(sets):
    expected = {(i, j) for (i, a), (j, b) in combinations(enumerate(sets), 2) if len(a & b) / len(a | b) >= 0.8}
    assert {(i, j) for i, j, _ in alike_pairs(sets)} == expected


def test_shingles_leave_the_names_out():
    assert shingles_of(["we", "at", "acme", "label", "the", "images", "well"], frozenset({"acme"})) == shingles_of(
        ["we", "at", "label", "the", "images", "well"], frozenset()
    )


# ------------------------------------------------------------------------------------------------ outputs


def test_no_file_goes_into_an_output_and_a_vendors_copy_holds_its_own_alone(tmp_path):
    from vendor_eval.reports.pages.one_vendor import everybody, only

    secret = b"CONTENT-OF-A-DOCUMENT"
    folder = write_evaluation(tmp_path, ONE, {v: {"Q1": (100, f"{v}.pdf")} for v in ("acme", "bolt")})
    filed(folder, acme={"acme.pdf": secret}, bolt={"bolt.pdf": secret + b"2"})
    assert CliRunner().invoke(main, ["evaluate", str(folder), "--format", "json,xlsx,csv"]).exit_code == 0
    for path in (folder / "out").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert secret not in content
    result = run(folder)
    copy = only(result, result.vendor("acme"), everybody(result))
    assert copy.evaluation.inputs == ()
    assert [file.file for answer in copy.vendors[0].answers for file in answer.files] == ["evidence/acme/acme.pdf"]
