"""What page 1 and all other outputs say while nothing can be decided: ties, other forms, documents, all excluded."""

import io
import json
import re

import pytest
from books import write_book
from builders import evaluated, run, write_evaluation
from openpyxl import load_workbook
from pages import texts
from test_decision import GATED, OFF, SAME, TREE

from vendor_eval.reports.page.document import report_page
from vendor_eval.reports.pages.decision import decision
from vendor_eval.reports.pages.documents import appendix, comparison
from vendor_eval.reports.pages.overview import Overview
from vendor_eval.reports.terminal.decision import decision_text
from vendor_eval.reports.terminal.ranking import ranked_table, short_table
from vendor_eval.reports.wording import decision as words
from vendor_eval.reports.wording.exclusions import WAYS_ON, excluded, failed_knock_outs
from vendor_eval.reports.workbook.shortlist import shortlist
from vendor_eval.results import Result

DOCUMENTED = "{a: {A1: {%s}}, b: {B1: {Q2: {}}}}"
QUESTION = "D%d: {type: yes_no_partial, gates: [{kind: must, one_of: [yes], needs: document, reason: Paper %d}]}"
WAYS = [
    "vendor-eval check writes out/clarifications",
    "under waivers of evaluation.yaml",
    "vendor-eval questionnaire -o questionnaire.xlsx",
]


def shown(result):
    """Give all texts that people read of a result, by output, in one line each."""
    book = load_workbook(io.BytesIO(shortlist(result)))
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    page = report_page(result).decode()
    markup = re.sub(r"(?s)<(style|script).*?</\1>", " ", page)
    every = {
        "terminal": decision_text(result, "out/results.json"),
        "rank": f"{short_table(result)}\n{ranked_table(result)}",
        "paper": "\n".join(texts(comparison(result))),
        "appendix": "\n".join(texts(appendix(result))),
        "page": re.sub(r"<[^>]+>", " ", markup),
        "workbook": "\n".join(str(value) for value in cells if isinstance(value, str)),
    }
    return {name: " ".join(text.split()) for name, text in every.items()}


# ---- ties


def test_a_tie_is_called_a_tie_in_every_sentence(tmp_path):
    result = evaluated(tmp_path, TREE, {**SAME, "corp": {"Q1": 20, "Q2": 20}}, settings=OFF)
    for name, text in shown(result).items():
        assert "acme and bolt share the first place" in text, name
        assert not re.search(r"(acme|bolt) (is|ranks|comes) first|First under (practically |100)", text), name
        assert "always first" not in text, name
        assert "the result is the same if any" not in text, name
    assert words.first_place(result) == "acme and bolt share the first place"


def test_of_ratings_that_are_missing_a_tie_is_no_first_place(tmp_path):
    rubric = {"type": "rubric", "levels": ["None", "Bad", "Poor", "Fair", "Good", "Best"]}
    answers = {vendor: {**own, "Q3": "as described"} for vendor, own in SAME.items()}
    tree = {"a": {"A1": {"Q1": {}, "Q3": rubric}}, "b": {"B1": {"Q2": {}}}}
    result = evaluated(tmp_path, tree, answers, settings=OFF)
    assert words.subline(result).endswith("So far acme and bolt share the first place with 60.0 points.")
    assert words.first_place(result) == "Not final, as ratings are missing: so far acme and bolt share the first place"


def test_two_that_tie_behind_the_first_are_both_first_without_it(tmp_path):
    answers = {"acme": {"Q1": 90, "Q2": 90}, **{name: {"Q1": 50, "Q2": 50} for name in ("bolt", "corp")}}
    result = evaluated(tmp_path, TREE, answers, settings=OFF)
    assert "Without acme, bolt and corp are first" in shown(result)["rank"]


# ---- another form


FORM = [["ID", "Question", "Answer"], ["T-1", "Theirs", 80], ["T-2", "Theirs", 90], ["T-9", "What nobody asks", "Yes"]]
COLUMNS = "mapping: theirs\ncolumns: {id: ID, question: Question, answer: Answer}\n"
MAPPING = f"{COLUMNS}answers: {{%s}}\nno_counterpart: {{%s}}\n"


def with_other_form(folder, mapped, *, answers=None, tree=TREE):
    """Write a tender of acme and bolt in which corp answered another form, of which our questions are mapped."""
    own = {"acme": {"Q1": 60, "Q2": 60}, "bolt": {"Q1": 50, "Q2": 50}} if answers is None else answers
    vendors = "[{id: corp, name: Corp Data, file: responses/corp.xlsx, map: theirs.yaml}]"
    folder = write_evaluation(folder, tree, own, settings=f"{{evidence: off, vendors: {vendors}}}")
    left = ", ".join(f"{name}: not asked" for name in ("Q1", "Q2") if name not in mapped)
    text = MAPPING % (", ".join(f"{name}: {theirs}" for name, theirs in mapped.items()), left)
    (folder / "theirs.yaml").write_text(text, encoding="utf-8")
    write_book(folder / "responses" / "corp.xlsx", {"Form": FORM})
    return folder


WEIGHED = "{a: {A1: {Q1: {weight: 1}, Q2: {weight: 2}}}}"


def test_a_form_that_reaches_under_half_of_the_weight_is_compared_with_nobody(tmp_path):
    result = run(with_other_form(tmp_path, {"Q1": "T-1"}, tree=WEIGHED))
    corp = result.vendor("corp")
    assert (corp.status, corp.rank, corp.would_rank, corp.best_rank, corp.score) == ("not_compared",) + (None,) * 4
    assert corp.status_text == "Not compared, answered another form"
    assert [answer.answer for answer in corp.answers] == ["80", None]
    assert (result.ranking, [vendor.id for vendor in result.evaluated]) == (("acme", "bolt"), ["acme", "bolt"])
    said = ("Corp Data", "Not compared, answered another form: 1 of 2 questions could be read.")
    assert excluded(result) == (said,)
    view = decision(Overview(result, result.digits))
    assert [row["name"] for row in view["standings"]] == ["acme", "bolt"]
    assert ("Not compared", (said,), "") in view["blocks"]
    for name, text in shown(result).items():
        assert "1 of 2 questions could be read" in text or name == "appendix", name
    assert result.arithmetic.vendors.ids == ("acme", "bolt")
    assert len(result.robustness.pairs) == 1


def test_a_form_that_reaches_half_of_the_weight_is_ranked_as_any_other(tmp_path):
    result = run(with_other_form(tmp_path, {"Q2": "T-2"}, tree=WEIGHED))
    assert (result.vendor("corp").status, result.ranking) == ("eligible", ("acme", "corp", "bolt"))


def test_without_any_other_vendor_page_1_says_that_all_answered_another_form(tmp_path):
    result = run(with_other_form(tmp_path, {"Q1": "T-1"}, answers={}, tree=WEIGHED))
    assert words.headline(result) == "No recommendation: Corp Data answered another form"
    assert words.subline(result).endswith("The workbooks in out/clarifications ask the rest.")


def test_ratings_of_a_vendor_that_is_not_compared_hold_nothing_up(tmp_path):
    rubric = "Q3: {type: rubric, levels: [None, Bad, Poor, Fair, Good, Best]}"
    tree = WEIGHED.replace("{Q1", f"{{{rubric}, Q1")
    folder = with_other_form(tmp_path, {"Q1": "T-1"}, answers={}, tree=tree)
    text = (folder / "theirs.yaml").read_text().replace("no_counterpart: {", "no_counterpart: {Q3: not asked, ")
    (folder / "theirs.yaml").write_text(text)
    assert not run(folder).evaluation.provisional


# ---- documents first


def with_documents(folder, count, *, named=0, of=4):
    """Write a tender whose leader has so many musts that wait for a document, of which it named some."""
    tree = DOCUMENTED % ", ".join(QUESTION % (number, number) for number in range(1, of + 1))
    proof = [("Yes", "annex.pdf") if at < named else "Yes" if at < count else ("Yes", "there.pdf") for at in range(of)]
    answers = {"acme": {"Q2": 90, **{f"D{at}": text for at, text in enumerate(proof, 1)}}, "bolt": {"Q2": 10}}
    folder = write_evaluation(folder, tree, answers)
    (folder / "evidence" / "acme").mkdir(parents=True)
    (folder / "evidence" / "acme" / "there.pdf").write_bytes(b"%PDF-1.4\n")
    return run(folder)


ASK = "(out/clarifications/acme.xlsx), then decide"


@pytest.mark.parametrize(
    ("count", "named", "of", "said"),
    [
        (1, 0, 5, "Recommended: acme, on condition that one requirement is met before award"),
        (1, 1, 4, f"acme leads. 1 of 4 requirements waits for documents that it named: ask for them {ASK}"),
        (3, 3, 4, f"acme leads. 3 of 4 requirements wait for documents that it named: ask for them {ASK}"),
        (3, 2, 4, f"acme leads. 3 of 4 requirements wait for documents, 2 of which it named: ask for them {ASK}"),
        (3, 0, 4, f"acme leads. 3 of 4 requirements wait for documents, none of which it named: ask for them {ASK}"),
    ],
    ids=["a fifth", "one", "all named", "some named", "none named"],
)
def test_a_leader_of_whose_due_requirements_more_than_a_fifth_wait_for_documents_is_asked_first(
    tmp_path, count, named, of, said
):
    result = with_documents(tmp_path, count, named=named, of=of)
    assert words.headline(result) == said
    assert (words.recommended(result) is None) == said.startswith("acme leads")
    # Gates, points and states stay: it is first, with the musts that it had.
    first = result.ranked[0]
    assert (first.id, first.status) == ("acme", "conditional")
    assert first.status_text.startswith(f"May be awarded only after {count} requirement")
    view = decision(Overview(result, result.digits))
    assert (view["first"], bool(view["reasons"] or view["risks"])) == ("acme", True)
    for name, text in shown(result).items():
        assert said in text or name in {"rank", "appendix"}, name


# ---- all are excluded


GATES = [("Q1", 95, "Enough"), ("Q2", 70, "Also enough")]


def all_excluded(folder, more=()):
    gates = {
        name: {"gates": [{"kind": "knock_out", "at_least": least, "reason": reason}]} for name, least, reason in GATES
    }
    tree = {"a": {"A1": gates}, "b": {"B1": {"Q3": {}}}}
    own = {"acme": {"Q1": 90, "Q2": 90, "Q3": 50}, "bolt": {"Q1": 50, "Q2": 50, "Q3": 50}}
    return evaluated(folder, tree, {**own, **dict(more)}, settings=OFF)


def test_where_all_are_excluded_a_table_compares_the_failed_knock_outs_by_cause(tmp_path):
    failed = failed_knock_outs(all_excluded(tmp_path))
    assert failed.vendors == ("acme", "bolt")
    assert [(title, [cell.cause for cell in cells]) for title, _, cells in failed.rows] == [
        ("Enough", ["A clear no", "A clear no"]),
        ("Also enough", ["Met", "A clear no"]),
    ]
    assert [cell.text for cell in failed.rows[0][2]] == ["The answer is “90 %”.", "The answer is “50 %”."]


def test_a_failure_with_a_warning_on_its_answer_is_in_doubt(tmp_path):
    plain = json.loads(all_excluded(tmp_path).to_json())
    issue = {"code": "qualified-answer", "severity": "warning", "message": "Q1: 90 is qualified", "source": {}}
    plain["vendors"][0]["issues"].append({**issue, "question": "Q1", "text": "90 is qualified"})
    plain["vendors"][1]["issues"].append({**issue, "code": "document-expected", "question": "Q1", "text": "no paper"})
    failed = failed_knock_outs(Result.model_validate(plain))
    cells = failed.rows[0][2]
    assert [cell.cause for cell in cells] == ["An answer in doubt", "A clear no"]
    assert cells[0].text == "The answer is “90 %”. 90 is qualified"


def test_a_document_that_is_missing_is_told_from_a_clear_no(tmp_path):
    paper = "Q1: {type: yes_no_partial, gates: [{kind: knock_out, one_of: [yes], needs: document, reason: Paper}]}"
    tree = f"{{a: {{A1: {{{paper}, Q2: {{gates: [{{kind: knock_out, at_least: 95, reason: Enough}}]}}}}}}}}"
    result = evaluated(tmp_path, tree, {"acme": {"Q1": "Yes", "Q2": 50}, "bolt": {"Q1": "No", "Q2": 50}})
    causes = {title: [cell.cause for cell in cells] for title, _, cells in failed_knock_outs(result).rows}
    assert causes == {"Enough": ["A clear no", "A clear no"], "Paper": ["A document is missing", "A clear no"]}


def test_every_output_names_the_three_ways_on_and_says_of_nobody_that_it_would_be_first(tmp_path):
    result = all_excluded(tmp_path)
    outputs = shown(result)
    for name in ("terminal", "paper", "page", "workbook"):
        for way in WAYS:
            assert way in outputs[name], (name, way)
        assert "would have ranked" not in outputs[name], name
    for name in ("paper", "page"):
        assert "Failed knock-out" in outputs[name]
    view = decision(Overview(result, result.digits))
    assert [title for title, _, _ in view["blocks"]][:1] == [WAYS_ON]


def test_a_large_field_of_excluded_vendors_keeps_page_1_to_one_page(tmp_path):
    many = {f"v{number:02}": {"Q1": 5, "Q2": 5, "Q3": 5} for number in range(18)}
    result = all_excluded(tmp_path, many.items())
    first, second, *_ = texts(comparison(result, brief=True))
    assert "15 more excluded vendors in shortlist.xlsx" in " ".join(first.split())
    assert "HOW FIRM" in second.upper()


def test_where_one_is_left_nobody_is_shown_the_ways_on(tmp_path):
    answers = {"acme": {"Q1": 90, "Q2": 10}, "bolt": {"Q1": 5, "Q2": 10}}
    result = evaluated(tmp_path, GATED % ("knock_out", 70), answers, settings=OFF)
    assert failed_knock_outs(result) is None
    assert "It would have ranked second." in dict(excluded(result))["bolt"]
    assert WAYS_ON not in decision_text(result, "out/results.json")
