"""What falls due over many tenders, in the terminal, as data and as a calendar."""

import json
import re
import time
from datetime import UTC, date, datetime

import pytest
from builders import load, write_evaluation
from click.testing import CliRunner

from vendor_eval.cli import main
from vendor_eval.record.log import Entry, append, read_log
from vendor_eval.reports.due import calendar
from vendor_eval.results.due import Due, DueItem
from vendor_eval.run.due import due

CERTIFICATE = "type: certification"
TREE = load(f"a: {{A1: {{Q1: {{}}, C1: {{{CERTIFICATE}}}}}}}")
DAY = date(2026, 12, 1)
WAIVER = "{vendor: acme, question: Q1, reason: A small gap, approved_by: Eva L., date: 2026-11-20, until: 2027-01-31}"


def certified(until):
    parts = {
        "status": "Valid",
        "accredited": "Yes",
        "scope": "The site and the service offered",
        "valid_until": until,
        "issuer": "DNV",
        "number": "7",
    }
    return {"Q1": (80, "Log 7"), **{f"C1.{name}": value for name, value in parts.items()}}


def cli(*args):
    done = CliRunner().invoke(main, ["due", *map(str, args)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def result_of(**vendors):
    """A results.json with what falls due of each vendor, as small as it can be."""
    questions = [{"id": "C1", "text": "Are you certified?"}]
    return {
        "vendors": [
            {
                "id": name,
                "rank": rank,
                "files": [f"responses/{name}.xlsx", f"responses/{name}-reply.xlsx"],
                "answers": [{"id": "Q1", "valid_until": None}, {"id": "C1", "valid_until": certificate}],
                "price": {"valid_until": offer},
                "conditions": [],
            }
            for name, (rank, certificate, offer) in vendors.items()
        ],
        "definition": {"categories": [{"criteria": [{"questions": questions}]}]},
    }


VENDORS = {
    "acme": (1, "2027-02-28", "2027-01-15"),
    "bolt": (2, "2026-11-30", "2027-01-16"),
    "cord": (None, "2027-06-30", "2027-01-17"),
}


@pytest.fixture
def folder(tmp_path):
    return tender(tmp_path / "one")


def tender(folder, reference="RFP-1", result=None, **files):
    folder.mkdir(parents=True)
    (folder / "evaluation.yaml").write_text(
        f"title: A tender\nreference: {reference}\nas_of: 2026-11-24\ncriteria: gone\nwaivers: [{WAIVER}]\n"
    )
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    (folder / "out").mkdir()
    (folder / "out" / "results.json").write_text(json.dumps(result or result_of(**VENDORS)))
    return folder


def rows(items_due):
    return [(i.date, i.kind, i.vendor, i.id, i.state) for i in items_due.items]


AWARD = "{vendor: acme, by: Eva L., date: 2026-11-27, reason: Best, "


# ---- items


def test_before_an_award_certificates_and_offers_of_all_ranked_vendors_fall_due(folder):
    assert rows(due([folder], DAY)) == [
        ("2026-11-30", "certificate", "bolt", "C1", "expired"),
        ("2027-01-15", "offer", "acme", "", "valid"),
        ("2027-01-16", "offer", "bolt", "", "valid"),
        ("2027-01-31", "waiver", "acme", "Q1", "waived"),
        ("2027-02-28", "certificate", "acme", "C1", "valid"),
    ]


def test_after_it_those_of_the_awarded_vendor_alone(folder):
    (folder / "award.yaml").write_text(f"{AWARD}}}")
    assert [(item.kind, item.vendor) for item in due([folder], DAY).items] == [
        ("offer", "acme"),
        ("waiver", "acme"),
        ("certificate", "acme"),
    ]
    (folder / "award.yaml").write_text(f"{AWARD} contract: 2026-11-28}}")
    assert "offer" not in [item.kind for item in due([folder], DAY).items]


def test_an_item_says_what_and_how_many_days(folder):
    item = due([folder], DAY).items[0]
    assert item.model_dump() == {
        "date": "2026-11-30",
        "days": -1,
        "kind": "certificate",
        "tender": "RFP-1",
        "vendor": "bolt",
        "id": "C1",
        "what": "Certificate of “Are you certified?”",
        "state": "expired",
    }


def test_within_looks_ahead_and_keeps_what_is_past_and_open(folder):
    assert [item.kind for item in due([folder], DAY, within=45).items] == ["certificate", "offer"]
    assert [item.kind for item in due([folder], DAY, within=0).items] == ["certificate"]


def test_the_newest_waiver_of_a_question_counts(folder):
    older = WAIVER.replace("2027-01-31", "2026-11-25")
    (folder / "evaluation.yaml").write_text(
        f"title: A tender\nas_of: 2026-11-24\ncriteria: gone\nwaivers: [{WAIVER}, {older}]\n"
    )
    waivers = [item for item in due([folder], DAY).items if item.kind == "waiver"]
    assert [(item.date, item.state, item.tender) for item in waivers] == [("2027-01-31", "waived", "A tender")]
    assert [i.state for i in due([folder], date(2027, 2, 1)).items if i.kind == "waiver"] == ["lapsed"]


def test_conditions_fall_due_until_a_finding_closes_them(folder):
    line = "- {id: acme-%s, vendor: acme, about: C1, kind: must, what: Send it, due: %s}\n"
    (folder / "conditions.yaml").write_text(
        line % ("late", "2026-11-28")
        + line % ("open", "2026-12-09")
        + line % ("met", "2026-12-09")
        + line % ("failed", "2026-12-08")
        + line % ("never", "")
    )
    close = "- {vendor: acme, condition: acme-%s, met: %s, by: Eva, date: 2026-11-30, reason: Seen}\n"
    (folder / "findings.yaml").write_text(close % ("met", "true") + close % ("failed", "false"))
    outcome = due([folder], DAY, within=30)
    assert [(i.date, i.id, i.state, i.days) for i in outcome.items if i.kind == "condition"] == [
        ("2026-11-28", "acme-late", "overdue", -3),
        ("2026-12-08", "acme-failed", "failed", 7),
        ("2026-12-09", "acme-open", "open", 8),
    ]
    assert [(i.date, i.days, i.id, i.state) for i in outcome.undated] == [(None, None, "acme-never", "undated")]


def test_a_reply_falls_due_until_it_comes_back(folder):
    moment = datetime(2026, 11, 20, 9, tzinfo=UTC)
    sent = [
        Entry(act="clarification_sent", by="Eva", about=("acme", "bolt"), due="2026-12-04"),
        Entry(act="clarification_sent", by="Eva", about=("cord",)),
    ]
    log = append(folder, read_log(folder), sent, moment)
    outcome = due([folder], DAY)
    assert [(i.date, i.vendor, i.id, i.state) for i in outcome.items if i.kind == "clarification"] == [
        ("2026-12-04", "acme", "line-1", "open"),
        ("2026-12-04", "bolt", "line-1", "open"),
    ]
    assert [(i.vendor, i.id) for i in outcome.undated] == [("cord", "line-2")]
    key = "response/responses/acme-reply.xlsx"
    append(folder, log, [Entry(act="clarification_received", about=(key,), new="0" * 64)], moment)
    outcome = due([folder], date(2026, 12, 5))
    assert [(i.vendor, i.state) for i in outcome.items if i.kind == "clarification"] == [("bolt", "overdue")]


@pytest.mark.parametrize(
    ("award", "day", "items"),
    [
        # 8 working days from Monday 30 November.
        (
            "regime: uk, notice: 2026-11-30, holidays: []",
            DAY,
            [("2026-12-09", "standstill"), ("2029-11-27", "retention")],
        ),
        ("regime: uk, notice: 2026-11-30, holidays: []", date(2026, 12, 10), [("2029-11-27", "retention")]),
        (
            "regime: eu, sent: 2026-11-27, contract: 2028-02-29",
            DAY,
            [("2026-12-07", "standstill"), ("2031-02-28", "retention")],
        ),
        ("regime: far, sent: 2026-11-30", DAY, [("2026-12-03", "standstill")]),
        ("standstill_days: 5, sent: 2026-11-30", DAY, [("2026-12-05", "standstill")]),
        ("sent: 2026-11-30", DAY, []),
    ],
)
def test_an_award_begins_a_standstill_and_the_years_of_keeping(folder, award, day, items):
    (folder / "award.yaml").write_text(f"{AWARD}{award}}}")
    outcome = [i for i in due([folder], day).items if i.kind in {"standstill", "retention"}]
    assert [(i.date, i.kind) for i in outcome] == items


def test_the_regime_of_the_letters_that_were_written_counts(folder):
    (folder / "award.yaml").write_text(f"{AWARD} sent: 2026-11-27}}")
    (folder / "letters").mkdir()
    (folder / "letters" / "letters.json").write_text('{"regime": "eu"}')
    assert "retention" in [item.kind for item in due([folder], DAY).items]


def test_a_result_has_the_last_day_of_each_certificate(tmp_path):
    answers = {"acme": certified("2027-02-28"), "bolt": certified("none")}
    write_evaluation(tmp_path, TREE, answers)
    done = CliRunner().invoke(main, ["evaluate", str(tmp_path), "--format", "json"])
    assert done.exit_code == 0, done.output
    vendors = json.loads((tmp_path / "out" / "results.json").read_text())["vendors"]
    outcome = {v["id"]: {a["id"]: a["valid_until"] for a in v["answers"]} for v in vendors}
    assert outcome["acme"] == {"Q1": None, "C1": "2027-02-28"}
    assert [(i.vendor, i.date) for i in due([tmp_path], DAY).items] == [("acme", "2027-02-28")]


# ---- many tenders


def test_several_tenders_are_sorted_by_date_and_one_that_cannot_be_read_does_not_hide_the_others(folder, tmp_path):
    other = tender(tmp_path / "two", "RFP-2", result_of(acme=(1, "2026-12-20", None)))
    broken = tender(tmp_path / "three", "RFP-3")
    (broken / "out" / "results.json").write_text("{")
    done = cli(folder, other, broken, tmp_path / "none", "--as-of", "2026-12-01", "--within", "45d", "--json")
    assert done.exit_code == 1
    outcome = json.loads(done.stdout)
    assert (outcome["as_of"], outcome["within"], outcome["undated"]) == ("2026-12-01", 45, [])
    assert [(item["date"], item["tender"]) for item in outcome["items"]] == [
        ("2026-11-30", "RFP-1"),
        ("2026-12-20", "RFP-2"),
        ("2027-01-15", "RFP-1"),
    ]
    assert [entry["folder"] for entry in outcome["unread"]] == [str(broken), str(tmp_path / "none")]
    assert "out/results.json: is no JSON" in outcome["unread"][0]["reason"]
    text = cli(folder, broken, "--as-of", "2026-12-01")
    assert text.exit_code == 1
    assert "bolt" in text.stdout
    assert f"{broken}" in text.stdout.replace("\n", "")


@pytest.mark.parametrize(
    "content", ["[]", '{"vendors": 3}', '{"vendors": [{"x": 1}]}', '{"vendors": [{"id": "bolt", "answers": {}}]}']
)
def test_a_result_of_another_shape_is_named(folder, content):
    (folder / "out" / "results.json").write_text(content)
    done = cli(folder, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["unread"] == [
        {"folder": str(folder), "reason": "out/results.json: is not what this release writes; make it again"}
    ]


def test_what_is_wrong_in_other_files_is_named_and_what_is_sound_is_listed(folder):
    """An award or a condition with a fault does not vanish in silence."""
    items = [item.kind for item in due([folder], DAY).items]
    (folder / "award.yaml").write_text("vendor: bolt\nby: R\ndate: 2026-12-01\nreason: Best\nsent: soon\n")
    entry = "vendor: bolt, about: Q1, kind: must, what: x"
    lines = f"- {{id: a, {entry}, due: 2026-12-20}}\n- {{id: a, {entry}, due: 2026-11-01}}\n- {{id: b, vendor: bolt}}\n"
    (folder / "conditions.yaml").write_text(lines)
    outcome = due([folder], DAY)
    assert sorted(item.kind for item in outcome.items) == sorted([*items, "condition", "condition"])
    (unread,) = outcome.unread
    places = [line.split(": ")[0] for line in unread.reason.splitlines()]
    assert places[:1] == ["award.yaml:5:7"]
    assert {place.rpartition(":")[0] for place in places[1:]} == {"conditions.yaml:2", "conditions.yaml:3"}
    (folder / "conditions.yaml").unlink()
    (folder / "award.yaml").write_text("vendor: bolr\nby: R\ndate: 2026-12-01\nreason: Best\n")
    (unread,) = due([folder], DAY).unread
    assert "award.yaml:1:9" in unread.reason
    assert "did you mean 'bolt'" in unread.reason


def test_a_folder_without_a_result_still_has_its_yaml(folder):
    (folder / "out" / "results.json").unlink()
    assert [item.kind for item in due([folder], DAY).items] == ["waiver"]


def test_nothing_is_written_into_the_folder(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert cli(folder, "--as-of", "2026-12-01").exit_code == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_day_is_today_where_none_is_named(folder):
    outcome = json.loads(cli(folder, "--json").stdout)
    assert outcome["as_of"] == datetime.now().astimezone().date().isoformat()


@pytest.mark.parametrize("args", [("--within", "soon"), ("--within", "-3d"), ("--ics", "due.txt"), ("--as-of", "1.2.")])
def test_wrong_usage(folder, args):
    assert cli(folder, *args).exit_code == 2
    assert cli().exit_code == 2


def test_fifty_tenders_are_read_quickly(tmp_path):
    folders = [tender(tmp_path / f"{number}", f"RFP-{number}") for number in range(50)]
    start = time.process_time()
    assert len(due(folders, DAY).items) == 250
    assert time.process_time() - start < 2


# ---- the calendar


def unfolded(content):
    """Lines of a calendar as a program reads them."""
    text = content.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_an_event_is_all_day_with_an_own_id(folder):
    lines = unfolded(calendar(due([folder], DAY, within=0)))
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vendor_eval//due//EN", "CALSCALE:GREGORIAN"]
    assert lines[4] == "BEGIN:VEVENT"
    assert re.fullmatch(r"UID:[0-9a-f]{32}@vendor-eval", lines[5])
    assert lines[6:] == [
        "DTSTAMP:20261201T000000Z",
        "DTSTART;VALUE=DATE:20261130",
        "DTEND;VALUE=DATE:20261201",
        "SUMMARY:Certificate: bolt C1 (RFP-1)",
        "DESCRIPTION:Certificate of “Are you certified?” (expired)",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_lines_are_folded_at_75_octets_and_texts_escaped():
    what = "Ünïcödé; commas, back\\slashes\nand\x07 bells " + "数据" * 40
    item = DueItem(
        date="2026-12-31", days=30, kind="condition", tender="RFP", vendor="acme", id="x", what=what, state="open"
    )
    content = calendar(Due(as_of="2026-12-01", within=None, items=(item,)))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert all(line.decode() for line in content.split(b"\r\n")[:-1])  # no character is cut in two
    description = next(line for line in unfolded(content) if line.startswith("DESCRIPTION:"))
    assert description == "DESCRIPTION:Ünïcödé\\; commas\\, back\\\\slashes\\nand  bells " + "数据" * 40 + " (open)"
    assert "DTEND;VALUE=DATE:20270101" in unfolded(content)


def test_the_same_items_give_the_same_bytes_and_the_same_ids_on_another_day(folder, tmp_path):
    for name in ("a.ics", "b.ics"):
        assert cli(folder, "--as-of", "2026-12-01", "--ics", tmp_path / name).exit_code == 0
    first = (tmp_path / "a.ics").read_bytes()
    assert first == (tmp_path / "b.ics").read_bytes()
    later = calendar(due([folder], date(2026, 12, 9)))
    ids = [[line for line in unfolded(content) if line.startswith("UID:")] for content in (first, later)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) == 5


def test_the_last_day_of_all_has_no_day_after():
    values = {"kind": "waiver", "tender": "RFP", "vendor": "acme", "id": "C1", "what": "x", "state": "waived"}
    content = calendar(Due(as_of="2026-12-01", within=None, items=(DueItem(date="9999-12-31", days=1, **values),)))
    assert "DTSTART;VALUE=DATE:99991231" in unfolded(content)
    assert b"DTEND" not in content


def test_copies_of_a_tender_give_one_event_each(folder, tmp_path):
    copy = tender(tmp_path / "copy")
    assert calendar(due([folder, copy], DAY)) == calendar(due([folder], DAY))


def test_no_calendar_is_written_where_nothing_falls_due(tmp_path):
    folder = tender(tmp_path / "one", result=result_of(acme=(1, None, None)))
    done = cli(folder, "--as-of", "2026-12-01", "--within", "5d", "--ics", tmp_path / "due.ics")
    assert done.exit_code == 0
    assert "Nothing falls due" in done.output
    assert not (tmp_path / "due.ics").exists()
