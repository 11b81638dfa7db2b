"""Questionnaires that real vendors filled in, through the whole pipeline, against what their own workbooks compute."""

from collections import Counter
from dataclasses import replace

import pytest
import real
from accounting import check_accounts, check_kept, filled
from builders import node
from click.testing import CliRunner

from vendor_eval import evaluate, load_evaluation
from vendor_eval.cli import main
from vendor_eval.intake.inbox import vendor_files
from vendor_eval.intake.mapping.mapped_workbook import read_foreign
from vendor_eval.intake.mapping.models import load_mapping
from vendor_eval.intake.mapping.recognition import recognise
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import Location

pytestmark = pytest.mark.skipif(not real.PRESENT, reason=f"{real.VARIABLE} names no folder of real files")

# Where the published Lite template computes no share; 120 of its 180 points are earned.
NO_SHARE = {"Lite": {"IT Accessibility"}, "Full": set()}


@pytest.fixture(scope="module", params=["Full", "Lite"])
def case(request, tmp_path_factory):
    """A HECVAT with the evaluation made from it."""
    file = real.hecvat(request.param)
    return file, load_evaluation(real.write_hecvat(tmp_path_factory.mktemp(request.param), file))


@pytest.fixture(scope="module")
def submission(case):
    return _submission(case[1])


@pytest.fixture(scope="module")
def result(case):
    return evaluate(case[1])


def _submission(evaluation):
    (vendor,) = vendor_files(evaluation)
    return read_submission(evaluation, vendor, mapping=_mapping(evaluation))


def _mapping(evaluation):
    (entry,) = evaluation.settings.vendors
    return load_mapping(evaluation, entry.map, folder=evaluation.folder)


def _sections(file, result):
    """Most points, points and share of each section, from our scores and their weights."""
    (vendor,) = result.vendors
    weights = {one["id"]: float(one["weight"] or 0) for one in file.questions}
    asked = [answer.id for answer in vendor.answers if answer.state != "not_asked"]
    for section, prefix in file.prefixes.items():
        most = sum(weights[name] for name in asked if name.startswith(prefix))
        share = (node(vendor, prefix.lower()).score or 0) / 100
        yield section, most, most * share, share


# ---- HECVAT


def test_every_section_scores_what_the_workbook_itself_computes(case, result):
    file, _ = case
    computed = {section: row for section, *row in _sections(file, result)}
    expected = {
        section: (most, points, points / most if section in NO_SHARE[file.kind] else share)
        for section, (most, points, share) in file.sections.items()
        if section in file.prefixes
    }
    assert computed == {section: pytest.approx(row) for section, row in expected.items()}


def test_the_total_is_the_overall_score_of_the_workbook(case, result):
    file, _ = case
    assert result.vendors[0].score == pytest.approx(100 * file.sections["Overall Score"][2])


def test_every_question_has_the_compliance_that_the_workbook_finds(case, result):
    file, _ = case
    (vendor,) = result.vendors
    values = {answer.id: answer.value for answer in vendor.answers}
    wanted = {one["id"]: one["compliant"] for one in file.questions if one["compliant"] in {"0", "1"}}
    scored = {name: flag for name, flag in wanted.items() if name[:4] not in real.UNSCORED}
    found = {name: "1" if values[name] == 100 else "0" for name in scored}
    # Without a weight the workbook does not ask; a follow-up that nobody answered is compliant there.
    different = {name for name in scored if found[name] != scored[name]}
    assert different <= {one["id"] for one in file.questions if not float(one["weight"] or 0)}


def test_a_qualifier_switches_its_section_off(tmp_path):
    file = real.hecvat("Full")
    other = real.write_hecvat(tmp_path, file, qual_01=True, qual_03=False)
    most = {section: points for section, points, *_ in _sections(file, evaluate(load_evaluation(other)))}
    sections = {name: points for name, (points, _, _) in file.sections.items() if name != "Overall Score"}
    assert (sections["HIPAA"], sections["PCI-DSS"]) == (0, 0)
    asked = sum(float(one["weight"]) for one in file.questions if one["id"].startswith("HIPA"))
    assert most == {**sections, "HIPAA": asked, "Business Contituity Plan": 0}


def test_the_qualifiers_are_read_as_the_vendor_wrote_them(case, submission):
    file, _ = case
    read = {name: submission.responses[name].raw for name in real.QUALIFIERS.values() if name in submission.responses}
    wanted = {one["id"]: one["vendor_answer"] for one in file.questions if one["id"] in read}
    assert read == wanted
    assert len(read) == {"Full": 6, "Lite": 0}[file.kind]


def test_without_the_analyst_the_prose_earns_nothing_and_the_typed_override_costs_nothing(case, tmp_path):
    """The override of DATA-16 in the Full file is a typed 'Yes' where 'No' is compliant: 25 points are missing."""
    file, _ = case
    folder = real.write_hecvat(tmp_path, file)
    (folder / "findings.yaml").unlink()
    own = {section: points for section, _, points, _ in _sections(file, evaluate(load_evaluation(folder)))}
    gained = {s: own[s] - file.sections[s][1] for s in own if own[s] != pytest.approx(file.sections[s][1])}
    expected = {"Full": {"Data": 25}, "Lite": {}}[file.kind]
    assert {section: points for section, points in gained.items() if points > 0} == pytest.approx(expected)


def test_every_cell_of_a_hecvat_is_accounted_for(case, submission):
    file, evaluation = case
    book = replace(real.book(file.path), file=f"responses/{file.path.name}")
    foreign = read_foreign(book, _mapping(evaluation))
    counts = check_accounts(book, foreign)
    check_kept(book, foreign, submission)
    on_the_sheet = filled(book, [file.sheet])
    loose = [place for place in foreign.unclaimed if place in on_the_sheet]
    answers = {"Full": (202, 162), "Lite": (93, 66)}[file.kind]
    assert (counts["answer"], counts["comment"]) == answers
    # Titles and instructions above the questions, and what stands in no column of the table.
    assert len(loose) < 30
    assert counts["template"] + sum(answers) + len(loose) == len(on_the_sheet)


def test_a_lost_cell_breaks_the_law(case):
    """The check is no tautology: a cell that reading forgets, or claims twice, is found."""
    file, evaluation = case
    book = real.book(file.path)
    foreign = read_foreign(book, _mapping(evaluation))
    with pytest.raises(AssertionError, match="nobody accounts for"):
        check_accounts(book, replace(foreign, template=foreign.template[1:]))
    with pytest.raises(AssertionError, match="nobody accounts for"):
        check_accounts(book, replace(foreign, lines=foreign.lines[1:]))
    with pytest.raises(AssertionError, match="are template and unclaimed"):
        check_accounts(book, replace(foreign, unclaimed=(*foreign.unclaimed, foreign.template[0])))
    with pytest.raises(AssertionError, match="are not filled"):
        check_accounts(book, replace(foreign, unclaimed=(*foreign.unclaimed, Location(book.file, file.sheet, "ZZ9"))))


# ---- CAIQ


@pytest.fixture(scope="module", params=range(2))
def answered(request, tmp_path_factory):
    """A filled CAIQ: its book, its evaluation and what was read."""
    path = real.caiq()[request.param]
    book = replace(real.book(path), file=f"responses/{path.name}")
    ids = [name for sheet in recognise(book) if sheet.is_questionnaire for name, _ in sheet.ids]
    evaluation = load_evaluation(real.write_caiq(tmp_path_factory.mktemp("caiq"), path, ids))
    return book, evaluation, _submission(evaluation)


def test_all_261_answers_of_a_caiq_are_read(answered):
    book, _, submission = answered
    assert len(submission.responses) == 261
    counts = Counter(response.raw for response in submission.responses.values())
    whitepact = "whitepact" in book.file
    assert counts == ({"Yes": 107, "No": 122, "NA": 32} if whitepact else {"Yes": 259, "No": 2})
    states = Counter(response.state for response in submission.responses.values())
    assert states == ({"answered": 229, "blank": 32} if whitepact else {"answered": 261})


def test_every_cell_of_a_caiq_is_accounted_for(answered):
    book, evaluation, submission = answered
    foreign = read_foreign(book, _mapping(evaluation))
    counts = check_accounts(book, foreign)
    check_kept(book, foreign, submission)
    assert counts["answer"] == 261


def test_the_footer_in_the_id_column_of_a_caiq_is_listed(answered):
    book, _, submission = answered
    footer = {Location(book.file, "CAIQv4.0.3", address) for address in ("A264", "A265")}
    assert footer <= set(submission.unclaimed)
    assert any("A264 'End of Standard'" in issue.message for issue in submission.issues)


# ---- what the shipped mappings make of them


@pytest.mark.parametrize("bank", ["1", "2"])
@pytest.mark.parametrize(
    ("folder", "name"),
    [
        pytest.param("caiq", "caiq-4.0.3", id="CAIQ"),
        pytest.param("hecvat", "hecvat-full-3.04", id="HECVAT Full"),
        pytest.param("hecvat", "hecvat-lite-3.01", id="HECVAT Lite"),
    ],
)
def test_a_shipped_mapping_finds_all_its_ids_and_loses_no_cell(folder, name, bank, tmp_path):
    wanted = name.split("-")[1].capitalize() if folder == "hecvat" else ""
    text = f"title: Shipped\nas_of: 2026-11-24\ncriteria: annotation-partner@{bank}\n"
    (tmp_path / "evaluation.yaml").write_text(text, encoding="utf-8")
    evaluation = load_evaluation(tmp_path)
    assert evaluation.criteria.file.version == f"{bank}.0.0"
    layout = load_mapping(evaluation, name)
    for path in (path for path in sorted((real.ROOT / folder).glob("*.xlsx")) if wanted in path.name):
        foreign = read_foreign(real.book(path), layout)
        check_accounts(real.book(path), foreign)
        assert foreign.absent == frozenset()
        assert {line.key for line in foreign.lines} == {target.key for target in layout.targets}


@pytest.mark.parametrize("part", range(4))
def test_map_says_something_of_any_file_and_ends_well(part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = sorted(path for path in real.ROOT.glob("*/**/*.xls*") if path.is_file())
    paths += sorted(real.ROOT.glob("*/**/*.ods"))
    for number, path in enumerate(paths[part::16]):
        done = CliRunner().invoke(main, ["map", str(path), "-o", f"{number}.yaml"])
        assert isinstance(done.exception, SystemExit | None), path.name
        said = done.stdout if done.exit_code == 0 else done.stderr
        assert path.name in said
        assert (tmp_path / f"{number}.yaml").exists() is (done.exit_code == 0)
        assert all(sign.isprintable() or sign == "\n" for sign in said)
