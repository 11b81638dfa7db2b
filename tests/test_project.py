"""What vendors are told of the project: the brief, the sheet The project, the letter on the first sheet, warnings."""

import json
import re
from pathlib import Path

import pytest
from books import all_form_rows, asked, form_rows, opened
from builders import write_evaluation
from click.testing import CliRunner
from pages import appendix_html, scorecard_html

from vendor_eval import load_criteria
from vendor_eval.cli import main
from vendor_eval.config.shipped import samples_folder
from vendor_eval.criteria.questions.models import BriefKey
from vendor_eval.forms.layout import identity
from vendor_eval.forms.questionnaire import questionnaire
from vendor_eval.intake.submission import read_submission
from vendor_eval.issues import InputError
from vendor_eval.run.evaluate import evaluate_readings, load_evaluation, read_responses
from vendor_eval.run.outputs import Wanted, clarifications, render
from vendor_eval.tender.brief import FILES, Brief
from vendor_eval.tender.starter import from_profile, starter
from vendor_eval.tender.warnings import evaluation_warnings

BRIEF = {
    "task": "Draw a box around every road user.",
    "modality": "street video, 1080p",
    "domain": "road traffic",
    "locales": ["nb-NO", "zh-Hant-TW", "es-419"],
    "unit": "Answer",
    "volume_per_month": 1_200_000,
    "peak_month": 0,
    "seconds_per_unit": 9.5,
    "time_zone": "Europe/Oslo",
    "tool_name": "=HYPERLINK(1)",
    "start": "2027-02-01",
    "contract_value": 850_000,
    "quality_measure": "IoU per class",
    "quality_target": 0.92,
    "expertise": "licensed radiologists",
    "expert_hours_per_week": 120,
    "draft_rubric": "send/rubric.pdf",
    "data_processing_contract": "send/contract.docx",
}
PRICE = {
    "currency": "EUR",
    "weight": 30,
    "best": 1,
    "worst": 9,
    "items": [{"id": "P1", "text": "Box", "unit": "box", "volume": 1}],
}
LETTER = {
    "intro": "Up to three vendors are invited to a pilot.",
    "contact": {"name": "Ana Pereira", "email": "tenders@example.org", "phone": "+47 22 00"},
    "reply_by": "2026-12-18T17:00:00+01:00",
}
TREE = {
    "a": {
        "title": "Quality",
        "aim": "SECRET AIM of the buyer",
        "intro": "How you make quality",
        "A1": {
            "Q1": {
                "brief": ["time_zone", "tool_name"],
                "gates": [
                    {"kind": "must", "at_least": 50, "when": {"open": ["x"]}},
                    {"kind": "flag", "at_least": 5, "when": {"law": ["gdpr"]}},
                ],
            },
            "Q2": {"brief": ["time_zone"], "applies": {"kind": ["video"]}},
            "Q3": {"brief": ["draft_rubric"], "applies": {"kind": ["sound"]}},
        },
    }
}
DICTIONARY = {
    "kind": {
        "type": "set",
        "question": "What will you send?",
        "label": "Kind of material",
        "values": {"video": "Moving pictures", "sound": "Sound"},
    },
    "open": {
        "type": "choice",
        "question": "May it leave your house?",
        "values": {"x": "Yes, to the vendor's systems", "y": "No"},
    },
    "law": {"type": "set", "question": "Which laws?", "values": {"gdpr": "Personal data"}},
    "hard": {"type": "bool", "question": "Is it hard for you?", "values": [True, False]},
}


def own(folder, tree=TREE, answers=None, **settings):
    """Load an evaluation with criteria and a context dictionary of its own."""
    text = json.dumps(settings)
    return load_evaluation(
        write_evaluation(folder, tree, answers or {}, settings=text, scorecard=json.dumps({"context": DICTIONARY}))
    )


def project(evaluation):
    """Texts of the sheet The project by label, its headings without one."""
    sheet = opened(questionnaire(evaluation))["The project"]
    return {row[0]: row[1] if len(row) > 1 else None for row in sheet.iter_rows(values_only=True) if row[0]}


def cover(content):
    return [[c for c in row[:2] if c] for row in opened(content)["Start here"].iter_rows(values_only=True) if row[0]]


# ---- the keys


def test_the_keys_that_a_question_may_name_are_those_of_the_brief():
    assert set(BriefKey.__args__) == set(Brief.model_fields)
    assert set(BRIEF) == set(Brief.model_fields) - {"currency", "insured_sum"}


@pytest.mark.parametrize(
    ("brief", "code", "words"),
    [
        pytest.param({"volume_per_moth": 5}, "unknown-key", "volume_per_month", id="unknown key"),
        pytest.param({"locales": ["de_DE"]}, "wrong-value", "write de-DE", id="underscore"),
        pytest.param({"locales": ["german"]}, "wrong-value", "BCP 47", id="no tag"),
        pytest.param({"locales": ["a-DE"]}, "wrong-value", "BCP 47", id="no language"),
        pytest.param({"currency": "EURO"}, "wrong-value", "'EUR'", id="currency"),
        pytest.param({"time_zone": "Europe/Berlni"}, "wrong-value", "'Europe/Berlin'", id="zone"),
        pytest.param({"time_zone": "Europe"}, "wrong-value", "IANA", id="half a zone"),
        pytest.param({"volume_per_month": -1}, "wrong-value", "0", id="below 0"),
        pytest.param({"peak_month": "many"}, "wrong-value", "number", id="text"),
        pytest.param({"seconds_per_unit": 0}, "wrong-value", "expected more than 0, not 0", id="0 seconds"),
        pytest.param({"contract_value": 0}, "wrong-value", "0", id="nothing"),
        pytest.param({"insured_sum": 0}, "wrong-value", "0", id="no sum"),
        pytest.param({"expert_hours_per_week": -2}, "wrong-value", "0", id="hours"),
        pytest.param({"start": "1 May"}, "wrong-value", "2026-11-24", id="day"),
        pytest.param({"draft_rubric": "/etc/passwd"}, "wrong-value", "absolute", id="absolute path"),
    ],
)
def test_a_fault_of_the_brief_has_its_place_and_its_cure(tmp_path, brief, code, words):
    (key, value), *_ = brief.items()
    text = f"title: T\nas_of: 2026-11-24\nbrief:\n  {key}: {json.dumps(value)}\n"
    (tmp_path / "evaluation.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_evaluation(tmp_path)
    assert [(i.code, i.location.line) for i in error.value.issues] == [(code, 4)]
    assert words in str(error.value)


def test_an_address_is_one(tmp_path):
    with pytest.raises(InputError, match="no email address"):
        asked(tmp_path, contact={"email": "Ana"})


def test_two_currencies_are_a_fault_and_the_same_is_none(tmp_path):
    with pytest.raises(InputError) as error:
        asked(tmp_path, price=PRICE, brief={"currency": "USD"})
    assert [issue.code for issue in error.value.issues] == ["contradiction"]
    assert asked(tmp_path, price=PRICE, brief={"currency": "eur"}).settings.brief.currency == "EUR"


def test_a_heading_without_lines_says_nothing(tmp_path):
    (tmp_path / "evaluation.yaml").write_text("title: T\nas_of: 2026-11-24\nbrief:\ncontact:\n", encoding="utf-8")
    settings = load_evaluation(tmp_path).settings
    assert (settings.brief, settings.contact.email) == (Brief(), "")


# ---- the sheet


def test_the_sheet_says_every_key_with_its_label_and_unit_then_the_context_then_the_files(tmp_path):
    context = {"kind": ["video"], "open": "x", "hard": True}
    evaluation = own(tmp_path, title="Street scenes", reference="RFP-7", brief=BRIEF, context=context, price=PRICE)
    lines = project(evaluation)
    head, under, *_ = lines
    assert (head, "RFP-7" in under) == ("Street scenes", True)
    assert list(lines.items())[2:] == [
        ("The work", None),
        ("Task", "Draw a box around every road user."),
        ("Kind of data", "street video, 1080p"),
        ("Field", "road traffic"),
        ("Languages and regions", "nb-NO, zh-Hant-TW, es-419"),
        ("Unit of work", "Answer"),
        ("Volume", "1,200,000 units a month"),
        ("Busiest month", "0 units"),
        ("Hands-on time", "9.5 seconds a unit"),
        ("Who does the work", "licensed radiologists"),
        ("Time of experts", "120 hours a week"),
        ("Measure of quality", "IoU per class"),
        ("Target of quality", "0.92 (IoU per class)"),
        ("Tool", "=HYPERLINK(1)"),
        ("Time zone of the client", "Europe/Oslo"),
        ("First production day", "1 February 2027"),
        ("Value of the contract", "850,000 EUR a year"),
        ("Sum to be insured", "850,000 EUR per claim"),
        ("Currency", "EUR"),
        ("Conditions of the work", None),
        ("Kind of material", "Moving pictures"),
        ("Open", "Yes, to the vendor's systems"),
        ("Sent with this workbook", None),
        ("Draft of the rubric", "rubric.pdf"),
        ("Contract on data processing", "contract.docx"),
    ]


def test_an_own_sum_and_currency_win_over_those_that_follow(tmp_path):
    brief = {"contract_value": 850_000, "insured_sum": 2_000_000.5, "currency": "USD"}
    lines = project(own(tmp_path, brief=brief))
    assert (lines["Value of the contract"], lines["Sum to be insured"]) == (
        "850,000 USD a year",
        "2,000,000.5 USD per claim",
    )


def test_only_fields_that_an_asked_question_names_are_said(tmp_path):
    """`hard` is named by no question, `open` and `law` by gates of Q1 alone."""
    context = {"kind": ["video"], "open": "y", "law": [], "hard": False}
    assert project(own(tmp_path, context=context)).items() >= {"Law": "None", "Open": "No"}.items()
    off = own(tmp_path, context=context, overrides={"Q1": "off"}, brief={"task": "Draw"})
    assert "Open" not in project(off)
    assert "Hard" not in project(off)


def test_the_shipped_fields_have_a_label_and_one_that_nobody_set_is_not_said(tmp_path):
    nobody = project(asked(tmp_path / "a", criteria="annotation-partner@2", context={"type": ["cv_basic"]}))
    client = project(asked(tmp_path / "b", criteria="annotation-partner@2", context={"tool": "ours"}))
    assert ("Who brings the tool" in nobody, client["Who brings the tool"]) == (False, "The client brings it")
    assert [name for name, field in load_criteria("annotation-partner@2").file.context.items() if not field.label] == []


def test_the_sheet_stands_after_the_first_is_locked_and_has_no_id(tmp_path):
    book = opened(questionnaire(own(tmp_path, brief=BRIEF)))
    sheet = book["The project"]
    assert book.sheetnames[:3] == ["Start here", "The project", "Quality"]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert {cell.value for row in sheet.iter_rows() for cell in row} & {"ID", "Key", "Q1", "Q2"} == set()
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)


def test_without_a_brief_and_a_question_that_needs_one_there_is_no_sheet(tmp_path):
    assert (
        "The project" not in opened(questionnaire(asked(tmp_path / "a", context={"sensitivity": "public"}))).sheetnames
    )
    assert "The project" in opened(questionnaire(asked(tmp_path / "b", brief={"unit": "box"}))).sheetnames
    needing = asked(tmp_path / "c", overrides={"SEC-01": {"brief": ["domain"]}})
    assert "The project" in opened(questionnaire(needing)).sheetnames


def test_it_is_no_part_of_the_content_hash(tmp_path):
    hashes = {
        identity(own(tmp_path / name, **s))["vendor_eval_content_hash"]
        for name, s in (("a", {}), ("b", {"brief": BRIEF, **LETTER}))
    }
    assert len(hashes) == 1


def test_a_category_with_its_title_gets_another_sheet(tmp_path):
    tree = {"a": {"title": "The project", "A1": {"Q1": {}}}}
    book = opened(questionnaire(own(tmp_path, tree, brief=BRIEF)))
    assert "The project (2)" in [sheet.title for sheet in book if form_rows(sheet)]


# ---- what comes back


def filled(evaluation, path, **cells):
    """Write the questionnaire with an answer of 80 everywhere, and cells by sheet and address."""
    book = opened(questionnaire(evaluation))
    for row in all_form_rows(book).values():
        row["Answer"].value = 80
    for place, text in cells.items():
        sheet, _, address = place.rpartition("_")
        book[sheet.replace("_", " ")][address].value = text
    book.save(path)
    return path


def test_the_sheet_is_not_taken_for_questions_and_costs_no_issue(tmp_path):
    """A unit called Answer, a field called like an id, and a context field called like a line of the cover."""
    tree = {"a": {"A1": {"Q1": {"brief": ["domain"], "applies": {"country": ["NO"]}}, "road traffic": {}}}}
    evaluation = own(tmp_path, tree, brief=BRIEF, context={"country": "NO"}, **LETTER)
    response = read_submission(evaluation, filled(evaluation, tmp_path / "acme.xlsx"))
    assert [(i.code, str(i.location)) for i in response.issues] == []
    assert response.cover.get("country", "") == ""


def test_a_remark_written_on_the_sheet_is_not_lost(tmp_path):
    evaluation = own(tmp_path, brief=BRIEF)
    path = filled(
        evaluation, tmp_path / "acme.xlsx", The_project_B9="500,000 units at most", The_project_D9="See our offer"
    )
    response = read_submission(evaluation, path)
    assert [(i.code, i.location.sheet, i.location.cell) for i in response.issues] == [
        ("unclaimed-content", "The project", "B9")
    ]
    assert [place.cell for place in response.unclaimed] == ["B9", "D9"]


def test_a_brief_and_a_letter_that_change_later_cost_no_issue(tmp_path):
    path = filled(own(tmp_path, brief=BRIEF, **LETTER), tmp_path / "acme.xlsx")
    later = {"brief": {"task": "Something else"}, "contact": {"name": "Bo"}, "intro": "Other", "confidential": "Other"}
    assert read_submission(own(tmp_path, **later), path).issues == ()


def test_the_lines_that_are_read_are_still_found_under_a_long_letter(tmp_path):
    evaluation = own(tmp_path, brief=BRIEF, **LETTER)
    book = opened(questionnaire(evaluation))
    for row in book["Start here"].iter_rows():
        if row[0].value in {"Vendor name", "Contact", "Country", "Decimal sign"}:
            row[1].value = {"Vendor name": "Acme", "Contact": "Bo", "Country": "Kenya", "Decimal sign": ","}[
                row[0].value
            ]
    next(iter(all_form_rows(book).values()))["Answer"].value = "80,5"
    book.save(tmp_path / "acme.xlsx")
    response = read_submission(evaluation, tmp_path / "acme.xlsx")
    assert response.issues == ()
    assert response.cover == {"vendor": "Acme", "contact": "Bo", "country": "Kenya", "decimal_sign": ","}
    assert response.responses["Q1"].given.number == 80.5


# ---- the letter, and the words for the vendor


def test_the_first_sheet_says_what_about_until_when_and_whom_to_ask_above_what_is_read(tmp_path):
    lines = cover(questionnaire(own(tmp_path, **LETTER)))
    names = [line[0] for line in lines]
    assert ["About this tender", "Up to three vendors are invited to a pilot."] in lines
    assert ["Please return by", "18 December 2026, 17:00 (UTC+01:00)"] in lines
    assert ["Confidential", "Please treat this questionnaire as confidential, and mark what you want kept so."] in lines
    start = names.index("Questions to")
    assert lines[start + 1 : start + 4] == [
        ["Name", "Ana Pereira"],
        ["Email", "tenders@example.org"],
        ["Phone", "+47 22 00"],
    ]
    assert start < names.index("How to answer") < names.index("Vendor name")


def test_the_deadline_goes_before_the_day_of_reply(tmp_path):
    lines = cover(questionnaire(own(tmp_path, **LETTER, deadline="2026-12-01T09:30:00")))
    assert ["Please return by", "1 December 2026, 09:30"] in lines


def test_off_prints_no_line_on_confidentiality_and_an_own_sentence_is_printed(tmp_path):
    assert "Confidential" not in dict(
        line for line in cover(questionnaire(own(tmp_path / "a", confidential="off"))) if len(line) > 1
    )
    assert ["Confidential", "Under NDA 7."] in cover(questionnaire(own(tmp_path / "b", confidential="Under NDA 7.")))


def asks(folder, **settings):
    """Clarification of acme, who answered Q1 alone."""
    evaluation = own(folder, answers={"acme": {"Q1": 80}}, **settings)
    result = evaluate_readings(evaluation, read_responses(evaluation, workers=1))
    content = clarifications(result, evaluation)["acme"]
    return evaluation, result, opened(content)["Open points"]


def test_the_clarification_says_until_when_whom_to_ask_and_what_to_keep(tmp_path):
    settings = {"context": {"kind": ["video", "sound"]}, "deadline": "2026-12-01T09:30:00"}
    *_, sheet = asks(tmp_path / "a", **settings, **LETTER)
    texts = [cell.value for row in sheet.iter_rows(max_row=10) for cell in row if cell.value]
    assert "Please return by 18 December 2026, 17:00 (UTC+01:00)." in texts
    assert "Questions to Ana Pereira, tenders@example.org, +47 22 00." in texts
    assert "Please treat this questionnaire as confidential, and mark what you want kept so." in texts
    *_, bare = asks(tmp_path / "b", **settings, confidential="off")
    assert "Please return by" not in "".join(str(cell.value) for row in bare.iter_rows() for cell in row)
    assert [cell.value for cell in bare[7]][:3] == ["Key", "ID", "Question"]


def test_an_intro_is_printed_and_an_aim_never_leaves_the_house(tmp_path):
    evaluation, result, sheet = asks(tmp_path, context={"kind": ["video", "sound"]}, brief=BRIEF)
    book = opened(questionnaire(evaluation))
    assert book["Quality"]["B2"].value == "How you make quality"
    assert ["Quality", "How you make quality"] in cover(questionnaire(evaluation))
    shown = [str(c.value) for s in (*book, sheet) for row in s.iter_rows() for c in row]
    shown.append(scorecard_html(result, "acme", vendor_copy=True))
    assert "SECRET AIM" not in " ".join(shown)


def test_criteria_tells_the_buyer_the_aim(tmp_path):
    own(tmp_path)
    told = CliRunner().invoke(main, ["criteria", str(tmp_path / "criteria")])
    assert (told.exit_code, "SECRET AIM of the buyer" in told.stdout) == (0, True)


def test_without_an_intro_nothing_is_printed(tmp_path):
    tree = {"a": {"title": "Quality", "aim": "SECRET AIM", "A1": {"Q1": {}}}}
    book = opened(questionnaire(own(tmp_path, tree)))
    assert book["Quality"]["B2"].value is None
    assert ["Quality"] in cover(questionnaire(own(tmp_path, tree)))


def test_no_text_of_ours_speaks_for_the_buyer(tmp_path):
    settings = {"context": {"kind": ["video", "sound"]}, "brief": BRIEF, "price": PRICE}
    evaluation, _, sheet = asks(tmp_path, **settings, **LETTER)
    shown = [str(c.value) for s in (*opened(questionnaire(evaluation)), sheet) for row in s.iter_rows() for c in row]
    shown += [
        f"{rule.prompt} {rule.error}"
        for s in opened(questionnaire(evaluation))
        for rule in s.data_validations.dataValidation
    ]
    assert re.findall(r"\b(we|our|ours|us|partner)\b", " ".join(shown), re.IGNORECASE) == []


# ---- warnings


def test_every_empty_key_that_an_asked_question_names_is_said_once(tmp_path):
    warnings = evaluation_warnings(own(tmp_path, context={"kind": ["video"]}, brief={"tool_name": "Box 3"}))
    assert [(i.code, i.message) for i in warnings] == [
        ("brief-missing", "brief.time_zone is empty: Q1 and Q2 cannot be answered without it")
    ]
    assert evaluation_warnings(own(tmp_path, context={"kind": ["video"]}, brief=BRIEF | dict.fromkeys(FILES, ""))) == ()


def test_what_follows_from_another_key_is_not_missing(tmp_path):
    tree = {"a": {"A1": {"Q1": {"brief": ["insured_sum", "currency"]}}}}
    assert len(evaluation_warnings(own(tmp_path, tree))) == 2
    assert evaluation_warnings(own(tmp_path, tree, brief={"contract_value": 5}, price=PRICE)) == ()


def test_a_file_that_is_not_there_is_a_warning_with_its_place(tmp_path):
    evaluation = own(tmp_path, brief={"draft_rubric": "send/rubric.pdf", "time_zone": "UTC", "tool_name": "X"})
    (warning,) = evaluation_warnings(evaluation)
    assert (warning.code, "send/rubric.pdf" in warning.message) == ("brief-missing", True)
    (tmp_path / "send").mkdir()
    (tmp_path / "send" / "rubric.pdf").write_bytes(b"%PDF")
    assert evaluation_warnings(evaluation) == ()


def test_check_and_questionnaire_say_what_the_brief_lacks(tmp_path):
    own(tmp_path, answers={"acme": {"Q1": 80, "Q2": 80, "Q3": 80}}, context={"kind": ["video"]})
    run = CliRunner().invoke
    written = run(main, ["questionnaire", str(tmp_path), "-o", str(tmp_path / "q.xlsx")])
    assert (written.exit_code, written.stderr.count("[brief-missing]")) == (0, 2)
    report = run(main, ["check", str(tmp_path)])
    assert "brief.time_zone is empty: Q1 and Q2 cannot" in report.stdout
    issues = json.loads(run(main, ["check", str(tmp_path), "--json"]).stdout)["evaluation"]
    assert [(i["code"], i["severity"], i["source"]["file"]) for i in issues] == [
        *[("brief-missing", "warning", "evaluation.yaml")] * 2,
        ("no-evidence-folder", "notice", "evaluation.yaml"),
    ]


# ---- the result


def test_the_method_prints_what_vendors_were_told(tmp_path):
    _, result, _ = asks(tmp_path, context={"kind": ["video", "sound"], "hard": True}, brief=BRIEF)
    facts = {fact.key: (fact.group, fact.label, fact.text) for fact in result.evaluation.method.project}
    assert facts["volume_per_month"] == ("work", "Volume", "1,200,000 units a month")
    assert facts["kind"] == ("context", "Kind of material", "Moving pictures\nSound")
    page = appendix_html(result).partition("<h2>The project</h2>")[2]
    assert ("1,200,000 units a month" in page, "Moving pictures" in page, "kind: video" in page) == (True, True, False)
    book = opened(render(result, Wanted(("xlsx",))).files["shortlist.xlsx"])
    cells = [cell.value for row in book["Method"].iter_rows() for cell in row]
    assert {"The project", "Volume", "1,200,000 units a month"} <= set(cells)


def test_without_a_brief_the_result_tells_nothing_of_the_project():
    evaluation = load_evaluation(samples_folder() / "small")
    if evaluation.settings.brief == Brief() and not any(q.brief for q in evaluation.asked_questions.values()):
        result = evaluate_readings(evaluation, read_responses(evaluation, workers=1))
        assert (result.evaluation.method.project, result.evaluation.issues) == ((), ())


# ---- starting


def test_init_offers_every_key_with_an_example_that_loads(tmp_path):
    criteria = asked(tmp_path).criteria
    text = starter(criteria, title="T", as_of=asked(tmp_path).settings.as_of, preset="balanced", core=False)
    assert all(f"{tier}: " in text for tier in ("screen", "core", "full"))
    block = text[text.index("\nbrief:\n") : text.index("context:\n")]
    (tmp_path / "evaluation.yaml").write_text(
        text.replace(block, re.sub(r"^  # ", "  ", block, flags=re.MULTILINE)), encoding="utf-8"
    )
    assert load_evaluation(tmp_path).settings.brief.model_fields_set == set(Brief.model_fields)


def test_init_takes_expertise_and_locales_from_the_profile(tmp_path):
    source = samples_folder() / "profiles" / "assistant-preferences.yaml"
    text = source.read_text("utf-8")
    path = tmp_path / "profile.yaml"
    path.write_text(f"{text}\nexpertise: native writers\nlocales: [de-DE, pt-BR]\n", encoding="utf-8")
    for profile, expertise, locales in (
        (source, "Licensed or degreed experts", ()),
        (path, "native writers", ("de-DE", "pt-BR")),
    ):
        folder = tmp_path / profile.stem
        assert CliRunner().invoke(main, ["init", str(folder), "--profile", str(profile)]).exit_code == 0
        brief = load_evaluation(folder).settings.brief
        assert (brief.expertise, brief.locales, brief.volume_per_month) == (expertise, locales, None)
    assert from_profile(Path(source)).brief == {"expertise": "Licensed or degreed experts"}
