"""Plain English: American spelling in all that the tool says, and sentences that name their cure."""

import ast
import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from builders import evaluated, load, write_evaluation
from click.testing import CliRunner
from made_results import sample, why_not

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.config.shipped import samples_folder
from vendor_eval.firmness.pairs import pair_of
from vendor_eval.reports.terminal.ranking import ranked_table, short_table
from vendor_eval.results import Result
from vendor_eval.tender.starter import from_profile

PACKAGE = Path(__file__).parents[1] / "vendor_eval"
CRITERIA = Path(__file__).parents[1] / "criteria"
# Parts of words that are spelled otherwise in America.
_BRITISH = (
    "acknowledgement amongst analysed analysing anonymis apologis artefact authoris behaviour cancelled cancelling "
    "catalogue categoris centre cheque colour criticis customis defence enrolment favour finalis fulfilment grey "
    "honour initialis instalment judgement labell labour learnt licence maximis minimis modell neighbour normalis "
    "offence optimis organis penalis practis prioritis programme randomis realis recognis sanitis sceptic serialis "
    "specialis spelt standardis summaris synthesis(?=e|ing) travell utilis whilst wilful"
)
BRITISH = re.compile(rf"\b\w*(?:{'|'.join(_BRITISH.split())})\w*", re.IGNORECASE)
# Names of keys, of code and of other people's documents.
_NAMES = re.compile(r"`[^`]*`|\b\w*_\w+|International Labour Organization|programme[dr]|programming")


def british(text: str) -> list[str]:
    return BRITISH.findall(_NAMES.sub("", text))


def test_the_list_finds_british_words_and_no_american_ones():
    words = "colour of a labelled programme, by the judgement of an organisation"
    assert british(words) == ["colour", "labelled", "programme", "judgement", "organisation"]
    assert british("color of a labeled program, by the judgment of an organization; analyses, promise, size") == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_texts_of_the_code_are_american(path):
    """Docstrings too: those of commands and of settings are printed."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    # A single word is a key or a word of the vendors.
    assert [word for text in texts if " " in text.strip() for word in british(text)] == []


def test_templates_are_american():
    templates = sorted((PACKAGE / "reports" / "templates").iterdir())
    assert {path.name: british(path.read_text(encoding="utf-8")) for path in templates} == {
        path.name: [] for path in templates
    }


@pytest.mark.parametrize(
    "path", [CRITERIA / "scorecard.yaml", CRITERIA / "sourcing.yaml", PACKAGE / "data" / "issue_codes.yaml"]
)
def test_data_apart_from_the_bank_is_american(path):
    def texts(value):
        if isinstance(value, dict):
            value = [*value, *value.values()]
        if isinstance(value, list):
            return [text for part in value for text in texts(part)]
        return [value] if isinstance(value, str) and " " in value else []

    assert [word for text in texts(load(path.read_text(encoding="utf-8"))) for word in british(text)] == []


# ------------------------------------------------------------------------------------------------ sentences

TREE = "{a: {A1: {Q1: {weight: 2}, Q2: {}}}, b: {B1: {Q3: {}}}, c: {C1: {Q4: {}}}}"
ANSWERS = {
    "acme-data": {"Q1": 90, "Q2": 70, "Q3": 50, "Q4": 30},
    "bolt": {"Q1": 40, "Q2": 50, "Q3": 95, "Q4": 30},
}


def cli(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def tender(tmp_path):
    vendors = "[{id: acme-data, name: Acme Dáta Ltd, file: responses/acme-data.xlsx}]"
    return write_evaluation(tmp_path / "t", TREE, ANSWERS, settings=f"{{evidence: off, vendors: {vendors}}}")


@pytest.mark.parametrize("name", ["full", "small"])
def test_why_not_lists_where_either_is_ahead_and_adds_up(name):
    result = sample(name)
    for ahead, behind in pairwise(result.ranking):
        pair = pair_of(result, result.vendor(ahead), result.vendor(behind))
        assert sum(pair.points.values()) - sum(pair.advantages.values()) == pytest.approx(pair.lead, abs=1e-9)
        assert all(points > 0 for points in (*pair.points.values(), *pair.advantages.values()))
        text = why_not(result, result.vendor(ahead), result.vendor(behind))
        printed = re.findall(r"^  (.+): ([\d.]+) points (behind|ahead)$", text, re.MULTILINE)
        signed = {title: float(points) * (1 if side == "behind" else -1) for title, points, side in printed}
        together = signed.pop("Together")
        assert sum(signed.values()) == pytest.approx(together, abs=1e-9)
        assert len(signed) == len(pair.points) + len(pair.advantages)
        assert f"{together:.2f} points are missing" in text


def test_a_result_without_advantages_still_loads():
    raw = json.loads(sample("small").to_json())
    for pair in raw["robustness"]["pairs"]:
        del pair["advantages"]
    assert all(pair.advantages == {} for pair in Result.model_validate(raw).robustness.pairs)


@pytest.mark.parametrize("vendor", ["acme-data", "ACME-Data", "acme dáta LTD"])
@pytest.mark.parametrize("name", ["Q1", "q1", "category A", "A", "a.a1"])
def test_explain_takes_ids_and_names_in_any_case(tender, vendor, name):
    done = cli("explain", tender, vendor, name)
    assert (done.exit_code, done.stdout.startswith("Acme Dáta Ltd, ")) == (0, True)
    as_json = cli("explain", tender, vendor, name, "--json")
    assert (as_json.exit_code, bool(json.loads(as_json.stdout))) == (0, True)


def test_explain_names_the_nearest_where_nothing_fits(tender):
    vendor, name = cli("explain", tender, "acme dota ltd"), cli("explain", tender, "bolt", "categry b")
    assert (vendor.exit_code, "did you mean 'Acme Dáta Ltd'" in vendor.stderr) == (1, True)
    assert (name.exit_code, "did you mean 'Category b'" in name.stderr) == (1, True)


def test_a_name_of_two_vendors_wants_the_id(tmp_path):
    vendors = "[{id: a, name: Same, file: responses/a.xlsx}, {id: b, name: Same, file: responses/b.xlsx}]"
    folder = write_evaluation(tmp_path, TREE, {"a": {}, "b": {}}, settings=f"vendors: {vendors}")
    done = cli("explain", folder, "same")
    assert (done.exit_code, "give the id, one of a, b" in done.stderr) == (1, True)


def test_rank_is_short_and_all_of_it_is_one_option_away(tender):
    short, whole = cli("rank", tender), cli("rank", tender, "--all")
    result = evaluated_result(tender)
    assert short.stdout == f"{short_table(result)}\n"
    assert whole.stdout == f"{ranked_table(result)}\n"
    assert "vendor-eval rank --all" in short.stdout
    assert len(short_table(sample("full")).splitlines()) <= 40


def evaluated_result(folder):
    from vendor_eval import evaluate

    return evaluate(folder)


def test_check_counts_the_open_points_of_each_vendor(tender):
    done = cli("check", tender)
    overview = next(part for part in done.stdout.split("\n\n") if part.startswith("Vendor"))
    head, _, first, *_ = overview.splitlines()
    assert head.split()[-1] == "Open"
    data = json.loads(cli("check", tender, "--json").stdout)
    assert int(first.split()[-1]) == data["vendors"][0]["open"]
    assert (data["vendors"][0]["open"] > 0) == (data["vendors"][0]["clarification"] is not None)


def test_score_sheets_say_where_filled_ones_go(tmp_path):
    tree = "{a: {A1: {Q1: {type: rubric, levels: [a, b, c, d, e, f]}}}}"
    folder = write_evaluation(tmp_path, tree, {"acme": {}}, settings="evaluators: [{id: ana, name: Ana P.}]")
    assert f"Put each sheet into {folder / 'scores'}/ once it is filled in" in cli("score-sheets", folder).stderr


def test_a_late_file_is_said_in_minutes_with_its_cure(tmp_path):
    entry = "{id: acme, file: responses/acme.xlsx, received: 2026-11-20T12:31:00+01:00}"
    settings = f"{{deadline: 2026-11-20T12:00:00+01:00, vendors: [{entry}]}}"
    result = evaluated(tmp_path, TREE, {"acme": {"Q1": 90}, "bolt": {"Q1": 80}}, settings=settings)
    assert result.vendor("acme").reasons == (
        "Arrived 31 minutes late, not opened. To admit it, give a reason under accept_late in evaluation.yaml",
    )


def test_a_second_questionnaire_names_its_cure(tmp_path):
    folder = write_evaluation(tmp_path, TREE, {"acme": {"Q1": 90}, "bolt": {"Q1": 80}})
    (folder / "responses" / "bolt").mkdir()
    (folder / "responses" / "bolt.xlsx").rename(folder / "responses" / "bolt" / "new.xlsx")
    (folder / "responses" / "bolt.xlsx").write_bytes((folder / "responses" / "acme.xlsx").read_bytes())
    done = cli("rank", folder, "--skip-unreadable")
    for words in ("several-files", "sent 2 questionnaires", "out of the folder", "write 'file: ["):
        assert words in done.stderr


# ------------------------------------------------------------------------------------------------ init


def test_init_keeps_the_title_of_the_profile_and_marks_what_is_assumed(tmp_path):
    profile = samples_folder() / "profiles" / "agtech-weeds.yaml"
    assert cli("init", tmp_path / "t", "--profile", profile).exit_code == 0
    text = (tmp_path / "t" / "evaluation.yaml").read_text(encoding="utf-8")
    evaluation, derived = load_evaluation(tmp_path / "t"), from_profile(profile)
    assert evaluation.settings.title == derived.title == "Agtech weed detection, seasonal peak"
    assert derived.assumed
    for name in derived.assumed:
        assert re.search(rf"(?m)^  # {name}: .* # ASSUMED by the advisor, confirm$", text)
    assert evaluation.settings.context == derived.context


def test_expertise_and_tags_that_rest_on_a_default_are_marked(tmp_path):
    profile = tmp_path / "p.yaml"
    source = (samples_folder() / "profiles" / "agtech-weeds.yaml").read_text(encoding="utf-8")
    stated = from_profile_text(profile, source)
    assert (stated.assumed_tags, "expertise" in stated.brief) == ((), True)
    missing = from_profile_text(profile, re.sub(r"(?m)^volume_pattern: .*\n", "", source))
    assert set(missing.assumed_tags) == set(missing.tags) - set(stated.tags) | (
        set(missing.tags) & set(missing.assumed_tags)
    )


def from_profile_text(path, text):
    path.write_text(text, encoding="utf-8")
    return from_profile(path)


def test_init_judges_on_the_day_of_the_deadline(tmp_path):
    assert cli("init", tmp_path, "--deadline", "2026-12-18T17:00:00+01:00").exit_code == 0
    settings = load_evaluation(tmp_path).settings
    assert (settings.as_of, settings.deadline.isoformat()) == (date(2026, 12, 18), "2026-12-18T17:00:00+01:00")


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("deadline: 2026-11-20T23:30:00-08:00", date(2026, 11, 20)),
        ("deadline: 2026-11-20T23:30:00-08:00\nas_of: 2026-12-01", date(2026, 12, 1)),
        ("as_of: 2026-12-01", date(2026, 12, 1)),
    ],
)
def test_without_a_day_of_its_own_an_evaluation_is_judged_on_the_day_of_its_deadline(tmp_path, lines, day):
    (tmp_path / "evaluation.yaml").write_text(f"title: T\n{lines}\n", encoding="utf-8")
    assert load_evaluation(tmp_path).settings.as_of == day


def test_an_evaluation_without_any_day_is_a_fault(tmp_path):
    (tmp_path / "evaluation.yaml").write_text("title: T\n", encoding="utf-8")
    done = cli("rank", tmp_path)
    assert (done.exit_code, "'as_of' is missing" in done.stderr, "[missing-key]" in done.stderr) == (1, True, True)
