"""The advice on paper: one or two pages that can stand in front of a committee."""

import re

import pypdf
import pytest
from click.testing import CliRunner
from pages import texts, words
from sourcing_builders import MINIMAL, SAMPLES
from test_sourcing_cost import BOXES

from vendor_eval import advise
from vendor_eval.cli import main
from vendor_eval.reports.pages import pdf as engine
from vendor_eval.reports.pages.advice import advice_document, advice_pages
from vendor_eval.reports.pages.pdf import render_html

CONFLICT = {**MINIMAL, "data_may_leave": "no", "workload_fte": 30, "max_in_house_fte": 4}


def _text(profile):
    return words(render_html("advice.html.j2", {"view": advice_pages(advise(profile))}, date="2026-11-24"))


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        *((path.stem, "A4") for path in sorted(SAMPLES.glob("*.yaml"))),
        ("insurer-claims-a-year-on", "Letter"),
        ("agtech-weeds-moving", "Letter"),
    ],
)
def test_every_sample_fits_on_two_pages(name, paper):
    pages = texts(advice_document(advise(SAMPLES / f"{name}.yaml"), paper=paper))
    assert len(pages) <= 2
    assert any("What this rests on" in page for page in pages)


def test_the_page_says_the_outcome_the_factors_and_the_limits():
    text = _text(SAMPLES / "defect-classifier.yaml")
    assert "Give the work to a managed partner: 82.3 of 100 points, 23.7 ahead of in-house first (58.6)" in text
    for factor in ("Project stage", "Data volume", "Data security", "Annotation type", "Time", "Budget"):
        assert factor in text
    for total in ("57.6", "82.3", "58.6", "65.5"):
        assert total in text
    assert "The quotes come from a seller's guide" in text


def test_a_close_call_names_both_options_in_its_title():
    text = _text(SAMPLES / "agtech-weeds-moving.yaml")
    assert "A close call: managed partner (77.0) or in-house first (76.2)" in text
    assert "Put both before whoever decides." in text


def test_a_conflict_shows_the_ways_out():
    text = _text(CONFLICT)
    assert "Nothing is left to choose" in text
    assert "Ways out: 1. Cut the scope" in text


def test_a_sequence_shows_its_gates_and_when_to_go_back():
    text = _text(SAMPLES / "insurer-claims.yaml")
    assert "Hand-over: not yet: G2 is not met; G1, G3, G4 and G6 are open" in text
    assert "New classes come back in-house after: two batches in a row under the floor" in text


def test_what_changed_stands_in_words_of_people():
    text = _text(SAMPLES / "insurer-claims-a-year-on.yaml")
    assert "The advice of 24 November 2026 was in-house first; now it is managed partner" in text
    assert re.search(r"Guidelines one to three changes a week less than one change a week did it", text)


def test_the_break_even_stands_in_the_picture():
    view = advice_pages(advise(SAMPLES / "defect-classifier.yaml"))
    assert [what for _, what, even in view["chart"]["marks"] if even] == ["break-even at 148,521"]
    text = _text(SAMPLES / "defect-classifier.yaml")
    assert "break-even at 148,521" in text


@pytest.mark.parametrize(
    ("change", "case"),
    [
        ({}, "partner_above"),
        ({"price": 0.30}, "in_house_always"),
        ({"price": 0.30, "onboarding": 0, "manager_share": 0, "engineer_hours": 0}, "in_house_above"),
        ({"onboarding": 0, "manager_share": 0, "engineer_hours": 0}, "partner_always"),
        ({"minimum_commitment": 40_000}, "partner_above"),
    ],
)
def test_every_case_of_the_break_even_has_a_picture(change, case):
    advice = advise({**MINIMAL, "cost": {**BOXES, "partner": {**BOXES["partner"], **change}}})
    chart = advice_pages(advice)["chart"]
    assert advice.cost.case == case
    assert all(0 <= x <= 370 and -1 <= y <= 101 for curve in chart["curves"] for x, y in curve["points"])
    assert advice_document(advice).data.startswith(b"%PDF")


def test_costs_that_cannot_be_compared_have_no_picture_and_name_what_is_missing():
    advice = advise({**MINIMAL, "cost": {"units_per_year": 1000}})
    assert advice_pages(advice)["chart"] is None
    text = _text({**MINIMAL, "cost": {"units_per_year": 1000}})
    assert "not yet comparable" in text
    assert "quoted price a unit" in text


def test_a_hostile_title_is_text():
    text = _text({**MINIMAL, "title": "<script>x</script> & \u202eevil"})
    assert "<script>x</script> & evil" in text


def test_the_same_profile_gives_the_same_page():
    advice = advise(SAMPLES / "av-perception.yaml")
    assert advice_document(advice).data == advice_document(advice).data


def test_without_pango_the_page_is_html_to_print(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_press", lambda: "no PDF here; install it")
    done = CliRunner().invoke(main, ["advise", str(SAMPLES / "av-perception.yaml"), "-o", str(tmp_path / "advice.pdf")])
    assert done.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["advice.html"]
    assert "install it" in done.stderr


def test_the_command_writes_the_page(tmp_path):
    path = tmp_path / "advice.pdf"
    done = CliRunner().invoke(
        main, ["advise", str(SAMPLES / "av-perception.yaml"), "-o", str(path), "--paper", "letter"]
    )
    assert (done.exit_code, done.stderr) == (0, f"Wrote {path}\n")
    box = pypdf.PdfReader(path).pages[0].mediabox
    assert (float(box.width), float(box.height)) == (612, 792)
