"""Questionnaires that real vendors filled in, through the whole pipeline, against what their own workbooks compute."""

from collections import Counter

import pytest
import real
from accounting import check_accounts, check_kept, filled
from builders import node

from vendor_eval import evaluate, load_evaluation
from vendor_eval.issues import Location
from vendor_eval.mapping import load_mapping, read_foreign, recognise, shipped_mappings
from vendor_eval.submission import read_submission
from vendor_eval.tender import tenderers

pytestmark = pytest.mark.skipif(not real.PRESENT, reason=f"{real.VARIABLE} names no folder of real files")

KINDS = ["Full", "Lite"]


@pytest.fixture(scope="module", params=KINDS)
def case(request, tmp_path_factory):
    """A HECVAT with the evaluation made from it."""
    file = real.hecvat(request.param)
    return file, real.write_hecvat(tmp_path_factory.mktemp(request.param), file)


@pytest.fixture(scope="module")
def result(case):
    return evaluate(load_evaluation(case[1]))


def test_every_section_scores_what_the_workbook_itself_computes(case, result):
    file, _ = case
    (vendor,) = result.vendors
    computed = {}
    for section, prefix in file.prefixes.items():
        asked = [answer for answer in vendor.answers if answer.id.startswith(prefix)]
        found = node(vendor, prefix.lower())
        weights = {one["id"]: float(one["weight"] or 0) for one in file.questions}
        most = sum(weights[answer.id] for answer in asked)
        computed[section] = (most, most * (found.score or 0) / 100, (found.score or 0) / 100)
    expected = {section: file.sections[section] for section in file.prefixes}
    assert computed == {section: pytest.approx(row) for section, row in expected.items()}


def test_the_total_is_the_overall_score_of_the_workbook(case, result):
    assert result.vendors[0].score == pytest.approx(100 * case[0].sections["Overall Score"][2])
