"""The standstill of four regimes against calendars counted by hand."""

from datetime import date, timedelta

import pytest
from builders import write_evaluation
from click.testing import CliRunner
from hypothesis import given, strategies as st

from vendor_eval.cli import main
from vendor_eval.run.evaluate import load_evaluation
from vendor_eval.tender.award import Award, draft, listed_award, read_award
from vendor_eval.tender.standstill import standstill

CHRISTMAS = ["2026-12-25", "2026-12-28", "2027-01-01"]
TREE = "{a: {A1: {Q1: {}}}, b: {B1: {Q2: {}}}}"


def award(**keys):
    return Award.model_validate({"vendor": "acme", "by": "Ruth", "date": "2026-11-25", "reason": "Best", **keys})


def days(*texts):
    return tuple(map(date.fromisoformat, texts))


@pytest.mark.parametrize(
    ("notice", "holidays", "counted"),
    [
        # Monday to Wednesday of the week after.
        (
            "2026-11-30",
            [],
            "2026-11-30 2026-12-01 2026-12-02 2026-12-03 2026-12-04 2026-12-07 2026-12-08 2026-12-09",
        ),
        # A Sunday is no working day: the first is the Monday.
        (
            "2026-12-20",
            CHRISTMAS,
            "2026-12-21 2026-12-22 2026-12-23 2026-12-24 2026-12-29 2026-12-30 2026-12-31 2027-01-04",
        ),
        # On Christmas Day itself.
        (
            "2026-12-25",
            CHRISTMAS,
            "2026-12-29 2026-12-30 2026-12-31 2027-01-04 2027-01-05 2027-01-06 2027-01-07 2027-01-08",
        ),
        # Saturday before a leap day that is a Tuesday.
        (
            "2028-02-26",
            [],
            "2028-02-28 2028-02-29 2028-03-01 2028-03-02 2028-03-03 2028-03-06 2028-03-07 2028-03-08",
        ),
    ],
)
def test_uk_counts_eight_working_days_from_the_day_of_the_notice(notice, holidays, counted):
    waits = standstill(award(notice=notice, holidays=holidays), "uk")
    assert waits.counted == days(*counted.split())
    assert waits.last_day == waits.counted[-1]
    assert waits.sign_from == waits.last_day + timedelta(1)


@pytest.mark.parametrize(
    ("keys", "last_day"),
    [
        ({"sent": "2026-11-30"}, "2026-12-10"),  # Thursday
        ({"sent": "2026-12-02"}, "2026-12-14"),  # the 12th is a Saturday
        ({"sent": "2026-12-03"}, "2026-12-14"),  # the 13th is a Sunday
        ({"sent": "2026-12-15", "holidays": CHRISTMAS}, "2026-12-29"),  # 25th holiday, 26th, 27th weekend, 28th holiday
        ({"sent": "2026-11-30", "by_post": True}, "2026-12-15"),
        ({"sent": "2026-11-30", "standstill_days": 14}, "2026-12-14"),
        ({"sent": "2026-11-30", "by_post": True, "standstill_days": 15}, "2026-12-15"),
    ],
)
def test_eu_counts_calendar_days_from_the_day_after_and_moves_a_last_day_off(keys, last_day):
    waits = standstill(award(**keys), "eu")
    assert waits.last_day == date.fromisoformat(last_day)
    assert waits.sign_from == waits.last_day + timedelta(1)
    assert waits.counted[0] == date.fromisoformat(keys["sent"]) + timedelta(1)


def test_far_has_no_standstill_but_a_last_day_to_ask_for_a_debriefing():
    waits = standstill(award(sent="2026-12-31", standstill_days=30), "far")
    assert (waits.last_day, waits.sign_from) == (date(2027, 1, 3), None)


def test_private_waits_as_long_as_the_buyer_says():
    waits = standstill(award(sent="2026-12-18", standstill_days=8), "private")
    assert (waits.last_day, waits.sign_from) == (date(2026, 12, 26), date(2026, 12, 27))
    assert standstill(award(sent="2026-12-18"), "private") is None


def test_nothing_is_counted_from_a_day_that_is_missing():
    assert [standstill(award(standstill_days=20), regime) for regime in ("uk", "eu", "far", "private")] == [None] * 4


@given(
    notice=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    holidays=st.sets(st.integers(0, 40), max_size=20),
    post=st.booleans(),
)
def test_every_working_day_counts_once_and_no_other(notice, holidays, post):
    off = [notice + timedelta(number) for number in holidays]
    texts = [day.isoformat() for day in off]
    waits = standstill(award(notice=notice.isoformat(), holidays=texts), "uk")
    between = [notice + timedelta(number) for number in range((waits.last_day - notice).days + 1)]
    assert list(waits.counted) == [day for day in between if day.weekday() < 5 and day not in off]
    assert len(waits.counted) == 8
    waits = standstill(award(sent=notice.isoformat(), holidays=texts, by_post=post), "eu")
    assert (waits.last_day - notice).days >= (15 if post else 10)
    assert waits.last_day.weekday() < 5
    assert waits.last_day not in off


# ---- award.yaml


@pytest.fixture
def tender(tmp_path):
    return write_evaluation(tmp_path, TREE, {"acme": {"Q1": 80}, "bolt": {"Q1": 60}})


def read(folder, text, regime=None):
    (folder / "award.yaml").write_text(text, encoding="utf-8")
    return read_award(load_evaluation(folder), ["acme", "bolt"], regime)


HEAD = "vendor: acme\nby: Ruth Adler\ndate: 2026-11-25\nreason: The best\n"


def faults(folder, text, regime=None):
    return [(fault.code, fault.location.line) for fault in read(folder, text, regime).faults]


def test_an_award_is_read_with_nothing_but_what_is_required(tender):
    file = read(tender, HEAD)
    assert file.faults == ()
    assert (file.award.vendor, file.award.date, file.award.holidays) == ("acme", date(2026, 11, 25), None)
    assert listed_award(tender) == file.award
    assert read(tender, f"{HEAD}holidays:\n").award.holidays == ()


def test_all_faults_of_an_award_are_named_at_once_with_their_lines(tender):
    text = (
        "vendor: akme\nby: ' '\ndate: 2026-11-31\nsent: 2026-12-05\nnotice: 2026-12-04\nstandstill_days: 5\n"
        "nottice: 1\nreasons: {acme: {Q9: Weak}, bold: {Q1: Weak}}\nabout_winner: {c: Strong}\nby_post: 1\n"
    )
    file = read(tender, text, "uk")
    assert sorted((fault.code, fault.location.line) for fault in file.faults) == [
        ("missing-key", 1),
        ("unknown-key", 7),
        ("unknown-reference", 1),
        ("unknown-reference", 8),
        ("unknown-reference", 8),
        ("unknown-reference", 9),
        ("wrong-value", 2),
        ("wrong-value", 3),
        ("wrong-value", 4),
        ("wrong-value", 6),
        ("wrong-value", 10),
    ]
    messages = "\n".join(map(str, file.faults))
    assert "did you mean 'acme'" in messages
    assert "did you mean 'bolt'" in messages
    assert "did you mean 'notice'" in messages


def test_every_command_names_the_faults_of_an_award_with_all_others_but_not_a_draft(tender):
    runner = CliRunner()
    (tender / "award.yaml").write_text(draft("acme", None), encoding="utf-8")
    assert runner.invoke(main, ["check", str(tender)]).exit_code == 0
    (tender / "award.yaml").write_text(f"{HEAD}sent: soon\n".replace("acme", "akme"), encoding="utf-8")
    entry = "- {id: x, vendor: acne, about: Q9, due: 2026-11-01}\n"
    (tender / "conditions.yaml").write_text(entry, encoding="utf-8")
    (tender / "letters" / "templates").mkdir(parents=True)
    (tender / "letters" / "templates" / "award.md").write_bytes(b"\xff\xfe")
    expected = [
        ("award.yaml:1:9", "unknown-reference"),
        ("award.yaml:5:7", "wrong-value"),
        ("conditions.yaml:1:3", "missing-key"),
        ("conditions.yaml:1:3", "missing-key"),
        ("conditions.yaml:1:19", "unknown-reference"),
        ("conditions.yaml:1:32", "unknown-reference"),
        ("conditions.yaml:1:41", "wrong-value"),
    ]
    template = ("letters/templates/award.md:1:1", "not-utf8")
    for words, more in ((["check", str(tender)], []), (["letters", str(tender), "--award", "acme"], [template])):
        done = runner.invoke(main, words)
        assert done.exit_code == 1
        missing = [(line.split(": ")[0], line.rpartition("[")[2][:-1]) for line in done.stderr.splitlines()]
        assert missing == [(f"{tender}/{place}", code) for place, code in (*expected, *more)]


def test_days_are_judged_by_the_regime(tender):
    text = f"{HEAD}sent: 2026-12-05\nnotice: 2026-12-04\nstandstill_days: 9\n"
    assert faults(tender, text, "uk") == [("wrong-value", 5)]
    assert faults(tender, text, "eu") == [("wrong-value", 7)]
    assert faults(tender, text) == faults(tender, text, "far") == []
    assert faults(tender, f"{HEAD}by_post: true\nstandstill_days: 14\nregime: eu\n") == [("wrong-value", 6)]


def test_the_draft_names_every_key_and_wants_three(tender):
    text = draft("acme", None)
    assert all(f"{key}:" in text for key in Award.model_fields)
    assert [fault.code for fault in read(tender, text).faults] == ["missing-key"] * 3
    filled = text.replace("\nby:", "\nby: Ruth").replace("\ndate:", "\ndate: 2026-11-25")
    filled = filled.replace("\nreason:", "\nreason: Best").replace("\n# ", "\n#- ")
    assert read(tender, filled).faults == ()
    assert read(tender, draft('a"b', "uk")).award.vendor == 'a"b'
