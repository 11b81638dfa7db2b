"""What the files of a pilot are read as, and what becomes of bad ones: by code, file, row, item and cure."""

import io
import json
import os
import time
import unicodedata

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings as profile, strategies as st
from pilots import delivered, read_pilot, write_pilot

from vendor_eval.issues import InputError
from vendor_eval.pilot.files import count_skipped, label_files, read_gold, read_log
from vendor_eval.pilot.settings import load_pilot
from vendor_eval.pilot.tables import INVALID, MISSING, NotMeasured

GOLD = """
item,label
i1,crop
i2,weed
i3,unsure
i4,crop
"""
LABELS = """
item,label
i1,crop
i2,weed
i3,unsure
i4,crop
"""


def pilot(folder, labels=LABELS, task="classification", more="", gold=GOLD, name="labels/acme.csv", **files):
    return write_pilot(folder, task, more, {"gold.csv": gold, name: labels, **files})


def problems(folder, **options):
    """Count the problems of acme by code."""
    return {issue.code: issue.count for issue in delivered(folder, **options).issues}


def places(folder, code):
    issue = next(issue for issue in delivered(folder).issues if issue.code == code)
    return [(place.file, place.row, place.item, place.text) for place in issue.places]


def stops(folder, read=delivered):
    """Read a pilot that stops, within five seconds: its faults as (code, place)."""
    begun = time.perf_counter()
    with pytest.raises(InputError) as error:
        read(folder)
    assert time.perf_counter() - begun < 5
    assert all(issue.message for issue in error.value.issues)
    return [(issue.code, str(issue.location)) for issue in error.value.issues]


def words(folder, read=delivered):
    with pytest.raises(InputError) as error:
        read(folder)
    return str(error.value)


# ------------------------------------------------------------------------------------------------ rows of labels


def test_labels_are_read_as_places_of_the_set(tmp_path):
    delivery = delivered(pilot(tmp_path, "item,label\ni4, CROP \ni2,\uff37eed\ni1,weed\n"))
    assert delivery.labels.tolist() == [1, 1, MISSING, 0]
    assert delivery.delivered.tolist() == delivery.valid.tolist() == [True, True, False, True]
    assert delivery.rows == 3


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LABELS.strip().encode(), id="no last line end"),
        pytest.param(b"\xef\xbb\xbf" + LABELS.strip().encode(), id="BOM"),
        pytest.param(LABELS.strip().encode("utf-16"), id="UTF-16"),
        pytest.param(LABELS.strip().replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(LABELS.strip().replace("\n", "\r").encode(), id="CR"),
        pytest.param(LABELS.strip().replace(",", ";").encode(), id="semicolon"),
        pytest.param(LABELS.strip().replace(",", "\t").encode(), id="tab"),
        pytest.param(("\n\n" + LABELS.strip() + "\n,\n\n").encode(), id="blank rows"),
        pytest.param(LABELS.strip().replace("i1,crop", '"i1","crop"').encode(), id="quotes"),
        pytest.param(b"LABEL,Item\ncrop,i4\nunsure, i3\nweed,i2\ncrop,i1\n", id="order and case"),
        pytest.param(b'note,item,label\n"a, ""b""\nc",i1,crop\n,i2,weed\n,i3,unsure\n,i4,crop\n', id="lines in a cell"),
    ],
)
def test_the_form_of_a_csv_file_does_not_matter(tmp_path, content):
    delivery = delivered(pilot(tmp_path, content))
    assert (delivery.labels.tolist(), delivery.rows) == ([0, 1, 2, 0], 4)
    assert {issue.code for issue in delivery.issues} <= {"column-not-read"}


def test_blank_rows_above_the_header_are_skipped_however_many(tmp_path):
    delivery = delivered(pilot(tmp_path, b"\n" * 3000 + LABELS.strip().encode()))
    assert (delivery.labels.tolist(), delivery.rows) == ([0, 1, 2, 0], 4)


def test_a_workbook_is_read_like_a_csv_file(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ("Label", "Item", "seconds"),
        ("crop", "i1", 2.5),
        ("weed", "i2", None),
        (None, None, None),
        ("x", 7, 3),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    gold = GOLD + "7,weed\n"
    folder = pilot(tmp_path, content.getvalue(), gold=gold, name="labels/acme.xlsx")
    assert places(folder, "unknown-label") == [("labels/acme.xlsx", 5, "7", "x")]
    assert delivered(folder).labels.tolist() == [0, 1, MISSING, MISSING, INVALID]
    assert delivered(folder).row_seconds.tolist()[0] == 2.5


def test_the_words_for_nothing_are_labels(tmp_path):
    folder = pilot(tmp_path, "item,label\ni1,NA\ni2,None\n", gold="item,label\ni1,NA\ni2,None\n")
    (folder / "pilot.yaml").write_text("title: x\ntask: classification\nlabels: [NA, None]\nmeasured_on: 2026-11-23\n")
    assert delivered(folder).labels.tolist() == [0, 1]


def test_ids_match_after_trim_and_composition_and_in_their_case(tmp_path):
    name = unicodedata.normalize("NFD", "é1")
    folder = pilot(tmp_path, f"item,label\n {name} ,crop\n", gold="item,label\né1,crop\nÉ1,weed\n")
    assert delivered(folder).labels.tolist() == [0, MISSING]


def test_several_files_of_a_vendor_complete_each_other(tmp_path):
    files = {"labels/acme/1.csv": "item,label\ni1,crop\n", "labels/acme/2.csv": "label;item\nweed;i2\n"}
    folder = write_pilot(tmp_path, files={"gold.csv": GOLD, **files})
    assert delivered(folder).labels.tolist() == [0, 1, MISSING, MISSING]
    (folder / "labels/acme/3.csv").write_text("item,label\ni2,crop\n")
    assert stops(folder) == [("item-twice", "labels/acme/3.csv, row 2")]
    assert "i2 stands here and in labels/acme/2.csv, row 2" in words(folder)


def test_a_vendor_without_a_file_is_not_measured(tmp_path):
    assert isinstance(delivered(write_pilot(tmp_path, files={"gold.csv": GOLD})), NotMeasured)


def test_hidden_and_temporary_files_are_skipped_and_counted(tmp_path):
    names = ".DS_Store", "~$acme.xlsx", "Thumbs.db", "acme.csv~", "acme.TMP"
    junk = dict.fromkeys((f"labels/{name}" for name in names), "")
    folder = write_pilot(tmp_path, files={"gold.csv": GOLD, "labels/acme.csv": LABELS, **junk})
    assert list(label_files(folder, ["acme"])) == ["acme"]
    assert count_skipped(folder) == 5


@pytest.mark.parametrize("name", ["labels/acne.csv", "labels/acne/part.csv"])
def test_a_file_of_no_vendor_stops(tmp_path, name):
    folder = write_pilot(tmp_path, files={"gold.csv": GOLD, name: LABELS})
    with pytest.raises(InputError) as error:
        label_files(folder, ["acme", "bolt"])
    (issue,) = error.value.issues
    assert (issue.code, issue.location.file) == ("unknown-vendor", "labels/" + name.split("/")[1])
    assert "did you mean 'acme'?" in issue.message


# ------------------------------------------------------------------------------------------------ what goes on


@pytest.mark.parametrize(
    ("labels", "code", "place"),
    [
        pytest.param("item,label\ni1,wed\n", "unknown-label", (2, "i1", "wed (weed?)"), id="unknown label"),
        pytest.param("item,label\ni1,\n", "blank-label", (2, "i1", ""), id="blank label"),
        pytest.param("item,label\ni1,crop\n", "missing-item", (None, "i2", ""), id="missing item"),
        pytest.param("item,label\ni1,crop\ni1,crop\n", "row-repeated", (3, "i1", ""), id="the same row again"),
        pytest.param("item,label,mood\ni1,crop,x\n", "column-not-read", (1, None, "mood"), id="another column"),
        *(
            pytest.param(f'item,label,seconds\ni1,crop,"{bad}"\n', "bad-number", (2, "i1", bad), id=f"seconds {bad}")
            for bad in ("12,5", "0", "-1", "1e999", "x", "1_000", "inf", "nan")
        ),
        *(
            pytest.param(f"item,label,submitted_at\ni1,crop,{bad}\n", "bad-number", (2, "i1", bad), id=f"time {bad}")
            for bad in ("2026-11-20T10:00:00", "2026-11-20", "yesterday", "2026-13-01T00:00:00Z")
        ),
        pytest.param("item,label,annotator\ni1,crop,ann@x.org\n", "annotator-name", (2, None, ""), id="a name"),
    ],
)
def test_a_bad_cell_is_listed_and_the_rest_goes_on(tmp_path, labels, code, place):
    folder = pilot(tmp_path, labels)
    assert places(folder, code)[0] == ("labels/acme.csv", *place)
    delivery = delivered(folder)
    assert delivery.labels[0] == (INVALID if "label" in code else 0)
    assert delivery.valid[0] == ("label" not in code)


def test_what_stops_nothing_is_counted_whole_and_shown_twenty_times(tmp_path):
    gold = "item,label\n" + "".join(f"i{n},crop\n" for n in range(50))
    delivery = delivered(pilot(tmp_path, gold.replace("crop", "corp"), gold=gold))
    (issue,) = delivery.issues
    assert (issue.code, issue.severity, issue.count, len(issue.places)) == ("unknown-label", "blocking", 50, 20)
    assert len(delivery.places["unknown-label"]) == 50
    assert delivery.raw[49] == "corp"


def test_seconds_beyond_the_time_since_the_row_before_are_a_gap_of_the_same_annotator(tmp_path):
    rows = """
    item,label,annotator,seconds,submitted_at
    i1,crop,a,30,2026-11-20T10:00:00+00:00
    i2,weed,a,30,2026-11-20T10:00:29+00:00
    i3,crop,b,30,2026-11-20T11:00:30+01:00
    i4,crop,a,30,2026-11-20T11:01:00+01:00
    """
    folder = pilot(tmp_path, rows)
    assert places(folder, "time-gap") == [("labels/acme.csv", 3, "i2", "30 s")]
    assert delivered(folder).seconds.tolist() == [30, 30, 30, 30]


PHASES = "phases: {day1: 50, surge: 50}\n"


def test_the_buyers_phase_beats_the_vendors(tmp_path):
    gold = "item,label,phase\ni1,crop,day1\ni2,weed,\n"
    labels = "item,label,phase\ni1,crop,surge\ni2,weed,Surge\n"
    folder = pilot(tmp_path, labels, more=PHASES, gold=gold)
    assert places(folder, "phase-differs") == [("labels/acme.csv", 2, "i1", "surge, and the buyer says day1")]
    assert delivered(folder).tasks.phase.tolist() == [0, 1]


def test_a_phase_that_pilot_yaml_does_not_list_stops_in_gold_and_not_in_labels(tmp_path):
    rows = "item,label,phase\ni1,crop,day9\n"
    assert stops(pilot(tmp_path / "gold", more=PHASES, gold=rows)) == [("unknown-reference", "gold.csv, row 2")]
    folder = pilot(tmp_path / "labels", rows, more=PHASES)
    assert problems(folder)["phase-differs"] == 1


# ------------------------------------------------------------------------------------------------ what stops


@pytest.mark.parametrize(
    ("labels", "code", "row"),
    [
        pytest.param("item,label\ni1,crop\ni9,crop\n", "unknown-item", "row 3", id="unknown item"),
        pytest.param("item,label\n,crop\n", "bad-row", "row 2", id="no item"),
        pytest.param("item,label\ni1,crop\ni2,crop\ni1,weed\n", "item-twice", "row 4", id="an item twice"),
        pytest.param("item,lable\ni1,crop\n", "missing-column", "row 1", id="missing column"),
        pytest.param("item,label,label\ni1,crop,crop\n", "bad-row", "row 1", id="a column twice"),
        pytest.param("item,label\ni1\n", "bad-row", "row 2", id="fewer fields"),
        pytest.param("item,label\ni1,crop,x\n", "bad-row", "row 2", id="more fields"),
        pytest.param('item,label\ni1,crop\ni2,"weed\n', "bad-row", "row 3", id="open quote"),
        pytest.param('item,label\ni1,crop\ni2,"we"ed\n', "bad-row", "row 3", id="text after a quote"),
        pytest.param("item,label\ni1,cr\0op\n", "bad-row", "row 2", id="zero byte"),
        pytest.param(f"item,label\ni1,{'x' * 200_000}\n", "bad-row", "row 2", id="a long field"),
        pytest.param("item," + "," * 30_000_000, "bad-row", "row 1", id="a line of 30 MB"),
        pytest.param('item,label\ni1,"' + "x\n" * 2_000_000, "bad-row", "row 2", id="an open quote of 4 MB"),
    ],
)
def test_a_bad_row_stops_with_its_file_and_row(tmp_path, labels, code, row):
    assert stops(pilot(tmp_path, labels)) == [(code, f"labels/acme.csv, {row}")]


def test_a_missing_column_is_looked_for_among_those_that_are_there(tmp_path):
    folder = pilot(tmp_path / "other", "item,topic,text\ni1,crop,x\n")
    assert "the column 'label' is missing: rename the one that holds it, the file has topic, text" in words(folder)
    assert "is missing: name it in the first row" in words(pilot(tmp_path / "none", "item,\ni1,x\n"))


def test_columns_that_nothing_reads_are_named(tmp_path):
    delivery = delivered(pilot(tmp_path, "item,mood,label,text\ni1,x,crop,y\n"))
    assert "columns that nothing reads: 2 (mood, text)" in {issue.message for issue in delivery.issues}


def test_the_nearest_known_id_is_named_also_among_many(tmp_path):
    gold = "item,label\n" + "".join(f"img{n:06d},crop\n" for n in range(50_000))
    folder = pilot(tmp_path, "item,label\nimgg000123,crop\n", gold=gold)
    assert "imgg000123 is no item" in words(folder)
    assert "did you mean 'img000123'?" in words(folder)


def test_a_file_whose_ids_are_all_unknown_stops_soon(tmp_path):
    gold = "item,label\n" + "".join(f"img{n:06d},crop\n" for n in range(200_000))
    folder = pilot(tmp_path, gold.replace("img", "task"), gold=gold)
    assert {code for code, _ in stops(folder)} == {"unknown-item"}


def test_faults_of_rows_and_files_are_named_in_one_run(tmp_path):
    files = {"labels/acme/1.csv": "item,label\ni9,crop\ni1\n", "labels/acme/2.csv": "item,label\ni8,crop\n"}
    folder = write_pilot(tmp_path, files={"gold.csv": GOLD, **files})
    assert stops(folder) == [
        ("unknown-item", "labels/acme/1.csv, row 2"),
        ("bad-row", "labels/acme/1.csv, row 3"),
        ("unknown-item", "labels/acme/2.csv, row 2"),
    ]


def test_what_stops_makes_a_vendor_not_measured_where_it_is_skipped(tmp_path):
    reading = delivered(pilot(tmp_path, "item,label\ni9,crop\n"), skip_unreadable=True)
    assert isinstance(reading, NotMeasured)
    assert [issue.code for issue in reading.faults] == ["unknown-item"]


def nested(depth):
    return b'{"images":[],"categories":[],"annotations":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "code", "task"),
    [
        pytest.param("item,label\ni1,crôp\n".encode("latin-1"), "not-utf8", "classification", id="Latin 1"),
        pytest.param(b"\xff\xfea\x00\x00\xd8", "not-utf8", "classification", id="broken UTF-16"),
        pytest.param(b"", "unreadable", "classification", id="zero bytes"),
        pytest.param(b"\0\0 \n", "unreadable", "classification", id="blanks"),
        pytest.param(b"%PDF-1.7\n", "unreadable", "classification", id="PDF"),
        pytest.param(b"<!DOCTYPE html><html>", "unreadable", "classification", id="HTML"),
        pytest.param(b"\x1f\x8b\x08\0", "unreadable", "classification", id="gzip"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "unreadable", "boxes", id="XML"
        ),
        pytest.param(b'[{"id": 1}]', "unreadable", "classification", id="JSON of another task"),
        pytest.param(b"PK\x03\x04" + b"x" * 100, "unreadable", "classification", id="broken zip"),
        pytest.param(b"[]", "unreadable", "boxes", id="a bare list"),
        pytest.param(b"{}", "unreadable", "boxes", id="no lists"),
        pytest.param(b"{", "unreadable", "boxes", id="no JSON"),
        pytest.param(b'[{"id": 1, "annotations": []}]', "unreadable", "boxes", id="Label Studio"),
        pytest.param(nested(65), "unreadable", "boxes", id="deep"),
        pytest.param(nested(1_000_000), "unreadable", "boxes", id="very deep"),
        pytest.param(b'{"images":[{"id":NaN}],"categories":[],"annotations":[]}', "unreadable", "boxes", id="NaN"),
        pytest.param(b'{"images":[{"id":-Infinity}]}', "unreadable", "boxes", id="Infinity"),
        pytest.param(b'{"images":[' + b"9" * 400 + b"]}", "unreadable", "boxes", id="400 digits"),
        pytest.param(b'{"images":["\xff"]}', "not-utf8", "boxes", id="JSON that is no UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_stops_by_its_name(tmp_path, content, code, task):
    gold = GOLD if task == "classification" else "item,label,x,y,w,h\ni1,crop,1,1,2,2\n"
    ((found, place),) = stops(pilot(tmp_path, content, task, gold=gold))
    assert (found, place.partition(":")[0]) == (code, "labels/acme.csv")


@pytest.mark.parametrize("content", [b"5", b'"text"', b"null"])
@pytest.mark.parametrize("task", ["classification", "boxes"])
def test_a_json_file_is_never_read_as_csv(tmp_path, task, content):
    gold = GOLD if task == "classification" else "item,label,x,y,w,h\ni1,crop,1,1,2,2\n"
    folder = pilot(tmp_path, content, task, gold=gold, name="labels/acme.json")
    assert stops(folder) == [("unreadable", "labels/acme.json")]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<?xml version="1.0"?>\n<annotations><image id="0"/></annotations>', "XML of CVAT"),
        (b'[{"id": 1, "annotations": [{"result": []}]}]', "JSON of Label Studio"),
    ],
)
def test_a_format_of_later_is_refused_by_its_name(tmp_path, content, name):
    assert f"is {name}, which is not read yet: send CSV UTF-8" in words(pilot(tmp_path, content))


def test_a_byte_that_is_no_utf8_is_named_with_its_line(tmp_path):
    folder = pilot(tmp_path, b"item,label\n" + b"i1,crop\n" * 30_000 + b"i2,w\xe9d\n")
    assert stops(folder) == [("not-utf8", "labels/acme.csv:30002:5")]
    assert "byte 5 of line 30002 is no UTF-8: save the file as CSV UTF-8" in words(folder)


def test_links_pipes_and_folders_are_not_read(tmp_path):
    folder = pilot(tmp_path)
    target = folder / "labels/acme.csv"
    target.rename(folder / "elsewhere.csv")
    target.symlink_to(folder / "elsewhere.csv")
    assert stops(folder) == [("unreadable", "labels/acme.csv")]
    target.unlink()
    os.mkfifo(target)
    assert stops(folder) == [("unreadable", "labels/acme.csv")]
    target.unlink()
    (folder / "labels/acme/deep").mkdir(parents=True)
    assert stops(folder) == [("unreadable", "labels/acme/deep")]


def test_a_file_of_a_gigabyte_is_refused_by_its_size_before_a_byte_is_read(tmp_path):
    folder = pilot(tmp_path)
    with (folder / "labels/acme.csv").open("wb") as file:
        file.truncate(1_000_000_000)
    delivered(pilot(tmp_path / "other"))
    begun = time.perf_counter()
    assert stops(folder) == [("file-too-large", "labels/acme.csv")]
    assert time.perf_counter() - begun < 0.5
    assert "1,000 MB" in words(folder)
    assert "several files" in words(folder)


def test_more_than_5_000_000_rows_are_refused(tmp_path):
    assert stops(pilot(tmp_path, b"item,label\n" + b"i1,\n" * 5_000_001)) == [("file-too-large", "labels/acme.csv")]


def test_json_of_millions_of_lists_is_refused_before_it_is_parsed(tmp_path):
    content = b'{"images":[' + b"[]," * 10_000_001 + b"[]]}"
    folder = pilot(tmp_path, content, "boxes", gold=COCO_GOLD, name="labels/acme.json")
    assert stops(folder) == [("file-too-large", "labels/acme.json")]


def test_rows_of_millions_of_fields_are_refused(tmp_path):
    content = b"item,label\n" + (b"," * 999_999 + b"\n") * 60
    assert stops(pilot(tmp_path, content)) == [("file-too-large", "labels/acme.csv")]


def test_a_workbook_of_several_tables_is_refused(tmp_path):
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet()):
        sheet.append(("item", "label"))
    content = io.BytesIO()
    book.save(content)
    assert stops(pilot(tmp_path, content.getvalue(), name="labels/acme.xlsx")) == [("unreadable", "labels/acme.xlsx")]


# ------------------------------------------------------------------------------------------------ passes, rubric


def passes(folder, rows, **options):
    labels = "item,annotator,label\n" + "".join(f"i1,{who},{label}\n" for who, label in rows)
    return delivered(pilot(folder, labels, more="passes: 3\n", **options)).labels[0]


@pytest.mark.parametrize(
    ("rows", "label"),
    [
        pytest.param([("a", "crop"), ("b", "crop"), ("c", "weed")], 0, id="two of three"),
        pytest.param([("a", "crop"), ("b", "weed"), ("c", "unsure")], INVALID, id="no majority"),
        pytest.param([("a", "crop"), ("b", "crop")], 0, id="one missing"),
        pytest.param([("a", "crop")], INVALID, id="one of three is no majority"),
        pytest.param([("a", "crop"), ("b", "crop"), ("c", "weed"), ("final", "weed")], 1, id="final"),
        pytest.param([("a", "crop"), ("b", "crop"), ("final", "")], INVALID, id="a blank final"),
        pytest.param([("a", "crop"), ("b", "x"), ("c", "")], INVALID, id="bad votes are votes"),
    ],
)
def test_a_label_of_several_passes_is_the_final_one_or_the_strict_majority(tmp_path, rows, label):
    assert passes(tmp_path, rows) == label


def test_passes_are_kept_by_annotator_without_the_final_one(tmp_path):
    labels = "item,annotator,label\ni1,a,crop\ni1,final,weed\ni1,b,wed\ni2,a,weed\n"
    delivery = delivered(pilot(tmp_path, labels, more="passes: 2\n"))
    ratings = zip(delivery.rating_task, delivery.rating_annotator, delivery.rating_value, strict=True)
    assert sorted(ratings) == [(0, 0, 0), (0, 2, INVALID), (1, 0, 1)]


def test_passes_need_annotators_and_an_annotator_labels_an_item_once(tmp_path):
    assert stops(pilot(tmp_path / "a", more="passes: 2\n")) == [("missing-column", "labels/acme.csv, row 1")]
    twice = "item,annotator,label\ni1,a,crop\ni1,a,weed\n"
    assert stops(pilot(tmp_path / "b", twice, more="passes: 2\n")) == [("item-twice", "labels/acme.csv, row 3")]
    twice = "item,annotator,label\ni1,a,crop\ni1,b,crop\n"
    assert stops(pilot(tmp_path / "c", twice)) == [("item-twice", "labels/acme.csv, row 3")]


RUBRIC = "item,criterion,score\ni1,helpful,4\ni1,honest,5\ni2,helpful,2\ni2,honest,1\n"


def test_scores_of_a_rubric_are_read_by_criterion(tmp_path):
    labels = "item,criterion,score\ni1,Helpful,4.0\ni1,honest,6\ni2,helpful,2\ni2,onest,1\n"
    folder = pilot(tmp_path, labels, "rubric", gold=RUBRIC)
    assert np.nan_to_num(delivered(folder).scores, nan=-1).tolist() == [[4, -1], [2, -1]]
    assert delivered(folder).valid.tolist() == [False, False]
    assert places(folder, "unknown-label") == [
        ("labels/acme.csv", 3, "i1", "6"),
        ("labels/acme.csv", 5, "i2", "onest (honest?)"),
    ]
    assert places(folder, "missing-item") == [("labels/acme.csv", None, "i2", "honest")]


def test_the_score_of_several_passes_is_the_median_that_no_missing_pass_could_change(tmp_path):
    rows = "item,annotator,criterion,score\n" + "".join(
        f"i{item},{who},{criterion},{score}\n"
        for item, criterion, scores in (
            (1, "helpful", (1, 3, 5)),
            (1, "honest", (3, 3)),
            (2, "helpful", (3, 4)),
            (2, "honest", (2, 2, 9)),
        )
        for who, score in zip("abc", scores, strict=False)
    )
    scores = delivered(pilot(tmp_path, rows, "rubric", "passes: 3\n", gold=RUBRIC)).scores
    assert np.nan_to_num(scores, nan=-1).tolist() == [[3, 3], [-1, 2]]


@profile(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12), st.data())
def test_deleting_or_blanking_a_pass_never_makes_an_item_right(tmp_path_factory, ratings, data):
    rows = {(item, who): label for item, who, label in ratings}
    gold = data.draw(st.lists(st.integers(0, 2), min_size=4, max_size=4))
    key = data.draw(st.sampled_from(sorted(rows)))
    names = ["crop", "weed", "unsure"]
    folder = tmp_path_factory.mktemp("pilot")
    truth = "item,label\n" + "".join(f"i{item},{names[label]}\n" for item, label in enumerate(gold))

    def right(rows):
        labels = "item,annotator,label\n" + "".join(
            f"i{i},a{w},{'' if v is None else names[v]}\n" for (i, w), v in rows.items()
        )
        delivery = delivered(pilot(folder, labels, more="passes: 3\n", gold=truth))
        return delivery.labels == np.array(gold)

    before = right(rows)
    assert not (right({**rows, key: None}) & ~before).any()
    assert not (right({k: v for k, v in rows.items() if k != key}) & ~before).any()


# ------------------------------------------------------------------------------------------------ boxes, spans

BOXES = """
item,label,x,y,w,h,ignore
i1,crop,10,10,100,100,
i1,weed,20,10,100.5,1e2,
i1,,0,0,5,5,1
i2,,,,,,
"""


def test_boxes_are_rows_and_an_image_without_any_has_an_empty_row(tmp_path):
    labels = "item,label,x,y,w,h\ni2,weed,1,2,3,4\ni2,weed,1,2,3,4\ni1,,,,,\n"
    _, gold, _, delivery = read_pilot(pilot(tmp_path, labels, "boxes", gold=BOXES))
    assert gold.objects.label.tolist() == [0, 1, INVALID]
    assert gold.objects.ignore.tolist() == [False, False, True]
    assert gold.objects.shape.tolist()[1] == [20, 10, 100.5, 100]
    assert delivery.objects.owner.tolist() == [1, 1]
    assert delivery.objects.shape.tolist() == [[1, 2, 3, 4]] * 2
    assert delivery.valid.tolist() == [True, True]
    assert delivery.issues == ()


@pytest.mark.parametrize(
    "bad", ["1,2,0,4", "1,2,3,-4", "1,x,3,4", "1,,3,4", "inf,2,3,4", "1,2,nan,4", "1e999,2,3,4", ",2,3,4"]
)
def test_a_box_that_is_none_matches_nothing_and_goes_on(tmp_path, bad):
    labels = f"item,label,x,y,w,h\ni1,crop,{bad}\ni2,,,,,\n"
    folder = pilot(tmp_path, labels, "boxes", gold=BOXES)
    assert places(folder, "bad-object") == [("labels/acme.csv", 2, "i1", bad.replace(",", ", "))]
    assert delivered(folder).objects.label.tolist() == [INVALID]
    assert delivered(folder).valid.tolist() == [False, True]


def test_an_image_with_boxes_and_an_empty_row_stops(tmp_path):
    labels = "item,label,x,y,w,h\ni1,crop,1,2,3,4\ni1,,,,,\n"
    assert stops(pilot(tmp_path, labels, "boxes", gold=BOXES)) == [("item-twice", "labels/acme.csv, row 3")]


def test_the_seconds_of_an_image_stand_once_in_any_of_its_rows(tmp_path):
    labels = "item,label,x,y,w,h,seconds\ni1,crop,1,2,3,4,\ni1,crop,1,2,3,4,30\ni1,crop,1,2,3,4,\ni2,,,,,,12\n"
    delivery = delivered(pilot(tmp_path, labels, "boxes", gold=BOXES))
    assert delivery.seconds.tolist() == delivery.row_seconds.tolist() == [30, 12]


def coco(**changes):
    content = {
        "images": [{"id": 7, "file_name": "a/b\\i1.jpg"}, {"id": "x", "file_name": "i2.tar.png"}],
        "categories": [{"id": 3, "name": "Weed"}, {"id": 4, "name": "stone"}],
        "annotations": [
            {"image_id": 7, "category_id": 3, "bbox": [1, 2, 3.5, 4], "iscrowd": 0},
            {"image_id": 7, "category_id": 4, "bbox": [1, 2, 3, 4], "iscrowd": 1},
            {"image_id": 7, "category_id": 3, "bbox": [1, 2, 3]},
        ],
    }
    return json.dumps(content | changes).encode()


COCO_GOLD = "item,label,x,y,w,h\ni1,crop,10,10,100,100\ni2.tar,,,,,\ni3,,,,,\n"


def test_a_region_of_gold_that_counts_for_nobody_needs_no_class(tmp_path):
    regions = [{"image_id": 7, "category_id": 4, "bbox": [1, 2, 3, 4], "iscrowd": 1}]
    folder = write_pilot(tmp_path, "boxes", "gold: gold.json\n", {"gold.json": coco(annotations=regions)})
    assert read_gold(folder, load_pilot(folder)).objects.ignore.tolist() == [True]


def test_coco_says_which_images_are_delivered_and_empty(tmp_path):
    folder = pilot(tmp_path, coco(), "boxes", gold=COCO_GOLD, name="labels/acme.json")
    delivery = delivered(folder)
    assert delivery.delivered.tolist() == [True, True, False]
    assert delivery.valid.tolist() == [True, True, False]
    assert delivery.objects.label.tolist() == [1, INVALID, INVALID]
    assert delivery.objects.shape.tolist() == [[1, 2, 3.5, 4], [1, 2, 3, 4], [0, 0, 0, 0]]
    assert places(folder, "unknown-label") == [("labels/acme.json", 2, "i1", "stone")]
    assert places(folder, "bad-object")[0][:3] == ("labels/acme.json", 3, "i1")


def test_gold_may_be_coco_whose_crowds_count_for_nobody(tmp_path):
    content = json.loads(coco())
    content["categories"][1]["name"] = "crop"
    content["annotations"].pop()
    files = {"gold.json": json.dumps(content).encode(), "labels/acme.csv": "item,label,x,y,w,h\ni1,crop,1,2,3,4\n"}
    _, gold, *_ = read_pilot(write_pilot(tmp_path, "boxes", files=files))
    assert gold.items == ("i1", "i2.tar")
    assert (gold.objects.owner.tolist(), gold.objects.ignore.tolist()) == ([0, 0], [False, True])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            {"images": [{"id": 1, "file_name": "a/i1.jpg"}, {"id": 2, "file_name": "b/i1.png"}]},
            "item-twice",
            id="clash",
        ),
        pytest.param(
            {"images": [{"id": 7, "file_name": "zz.jpg"}, {"id": "x", "file_name": "i1"}]}, "unknown-item", id="unknown"
        ),
        pytest.param({"images": [{"id": 7}]}, "bad-row", id="an image without a name"),
        pytest.param({"images": [7]}, "bad-row", id="an image that is a number"),
        pytest.param({"images": [{"id": [], "file_name": "i1"}]}, "bad-row", id="an id that is a list"),
        pytest.param(
            {"annotations": [{"image_id": 8, "category_id": 3, "bbox": [1, 2, 3, 4]}]}, "bad-row", id="no such image"
        ),
        pytest.param(
            {"annotations": [{"image_id": {}, "category_id": 3, "bbox": [1, 2, 3, 4]}]}, "bad-row", id="no id"
        ),
        pytest.param({"annotations": [{"image_id": 7, "bbox": [1, 2, 3, 4]}]}, "bad-row", id="no category"),
        pytest.param({"annotations": {}}, "unreadable", id="no list"),
    ],
)
def test_coco_that_contradicts_itself_stops(tmp_path, changes, code):
    folder = pilot(tmp_path, coco(**changes), "boxes", gold=COCO_GOLD, name="labels/acme.json")
    assert [found for found, _ in stops(folder)] == [code]


@pytest.mark.parametrize("bbox", ["[1,2,1e999,4]", '["1","2","3","4"]', "[true,1,1,1]", "null", "{}", "[[1],2,3,4]"])
def test_a_bbox_that_is_none_is_a_bad_object(tmp_path, bbox):
    text = (
        coco(annotations=[])
        .decode()
        .replace('"annotations": []', f'"annotations": [{{"image_id": 7, "category_id": 3, "bbox": {bbox}}}]')
    )
    folder = pilot(tmp_path, text.encode(), "boxes", gold=COCO_GOLD, name="labels/acme.json")
    assert problems(folder)["bad-object"] == 1


SPANS = "item,start,end,label\ni1,0,4,PER\ni1,10,19,ORG\ni2,,,\n"


def test_spans_are_read_from_0_with_the_end_exclusive(tmp_path):
    labels = "item,start,end,label\ni1,0,4,per\ni1,12,19,ORG\ni1,30,34,LOC\ni2,,,\n"
    _, gold, _, delivery = read_pilot(pilot(tmp_path, labels, "spans", gold=SPANS))
    assert gold.objects.shape.tolist() == [[0, 4], [10, 19]]
    assert delivery.objects.label.tolist() == [0, 1, INVALID]
    assert problems(tmp_path) == {"unknown-label": 1}


@pytest.mark.parametrize("bad", ["4,4", "5,4", "-1,3", "0.5,3", "x,3", ",3", "0,22"])
def test_a_span_that_is_none_or_beyond_its_text_is_a_bad_object(tmp_path, bad):
    text = "twenty letters long 🙂"
    assert len(text) == 21
    files = {"packages/acme/tasks-1.csv": f"item,text\ni1,{text}\n"}
    labels = f"item,start,end,label\ni1,{bad},PER\ni1,0,21,PER\ni2,,,\n"
    assert problems(pilot(tmp_path, labels, "spans", gold=SPANS, **files)) == {"bad-object": 1}


# ------------------------------------------------------------------------------------------------ gold


def gold_of(folder):
    return read_gold(folder, load_pilot(folder), ["acme", "bolt"])


@pytest.mark.parametrize(
    ("task", "gold", "faults"),
    [
        pytest.param("classification", "item,label\ni1,crop\ni1,crop\n", [("item-twice", 3)], id="an item twice"),
        pytest.param(
            "classification", "item,label\ni1,wed\ni2,\n", [("unknown-label", 2), ("blank-label", 3)], id="labels"
        ),
        pytest.param("classification", "item,label,expert\ni1,crop,a\ni1,crop,b\n", [("item-twice", 3)], id="experts"),
        pytest.param("preference", "item,choice,expert\ni1,A,x\ni1,B,x\n", [("item-twice", 3)], id="an expert twice"),
        pytest.param(
            "rubric", "item,criterion,score\ni1,helpful,6\ni1,honest,1\n", [("unknown-label", 2)], id="a score"
        ),
        pytest.param("rubric", "item,criterion,score\ni1,helpful,5\n", [("missing-item", 0)], id="a criterion missing"),
        pytest.param("boxes", "item,label,x,y,w,h\ni1,crop,1,1,0,1\n", [("bad-object", 2)], id="a bad box"),
        pytest.param("spans", "item,start,end,label\ni1,3,3,PER\n", [("bad-object", 2)], id="a bad span"),
        pytest.param(
            "boxes", "item,label,x,y,w,h\ni1,crop,1,1,2,2\ni1,,,,,\n", [("item-twice", 3)], id="empty and not"
        ),
    ],
)
def test_gold_is_the_buyers_own_file_and_stops_at_every_fault(tmp_path, task, gold, faults):
    places = [(code, f"gold.csv, row {row}" if row else "gold.csv") for code, row in faults]
    found = stops(write_pilot(tmp_path, task, files={"gold.csv": gold}), gold_of)
    assert [place for place in places if place not in found] == []


def test_a_pilot_without_gold_stops(tmp_path):
    assert stops(write_pilot(tmp_path), gold_of) == [("missing-file", "gold.csv")]
    assert stops(write_pilot(tmp_path, more="gold: truth.csv\n"), gold_of) == [("missing-file", "truth.csv")]


def test_the_gold_of_a_preference_is_the_strict_majority_of_the_experts(tmp_path):
    rows = [("i1", "AAB"), ("i2", "AB"), ("i3", "B")]
    text = "".join(f"{item},{choice},e{n}\n" for item, choices in rows for n, choice in enumerate(choices))
    gold = gold_of(write_pilot(tmp_path, "preference", files={"gold.csv": f"item,choice,expert\n{text}"}))
    assert gold.labels.tolist() == [0, MISSING, 1]
    assert gold.experts.tolist() == [[2, 1], [1, 1], [0, 1]]
    assert (gold.counts.tolist(), gold.open.tolist()) == ([True, False, True], [False, True, False])


def test_the_gold_of_a_rubric_is_the_median_of_the_experts(tmp_path):
    rows = "".join(
        f"i1,{name},{score},e{n}\n"
        for name, scores in (("helpful", (1, 4, 5)), ("honest", (3, 4)))
        for n, score in enumerate(scores)
    )
    gold = gold_of(write_pilot(tmp_path, "rubric", files={"gold.csv": f"item,criterion,score,expert\n{rows}"}))
    assert gold.medians.tolist() == [[4, 3.5]]


# ------------------------------------------------------------------------------------------------ disputes

DISPUTES = "vendor,item,claim,ruling,label,by,date,reason\n"


def disputed(folder, *rows, task="classification", gold=GOLD, **files):
    return write_pilot(
        folder,
        task,
        files={
            "gold.csv": gold,
            "labels/acme.csv": LABELS,
            "disputes.csv": DISPUTES + "".join(f"{row}\n" for row in rows),
            **files,
        },
    )


def test_an_upheld_dispute_changes_gold_and_an_ambiguous_one_takes_the_item_out_for_all(tmp_path):
    gold = gold_of(disputed(tmp_path, "acme,i1,weed,upheld,Weed,,,", "bolt,i2,,ambiguous,,,,", "bolt,i3,,rejected,,,,"))
    assert gold.labels.tolist() == [1, 1, 2, 0]
    assert gold.counts.tolist() == [True, False, True, True]
    assert gold.ambiguous.sum() == 1


def test_an_open_dispute_leaves_gold_and_is_counted_with_its_vendor(tmp_path):
    folder = disputed(
        tmp_path, "acme,i1,weed,open,,,,", "acme,i2,looks odd,open,,,,", "bolt,i3,,open,,,,", "acme,i4,,rejected,,,,"
    )
    (folder / "labels/acme.csv").write_text("item,label\ni1,weed\ni2,unsure\ni3,crop\ni4,weed\n")
    _, gold, _, delivery = read_pilot(folder, vendors=("acme", "bolt"))
    assert gold.labels.tolist() == [0, 1, 2, 0]
    assert delivery.disputed.tolist() == [True, True, False, True]
    assert delivery.open_disputes.tolist() == [True, True, False, False]
    assert delivery.labels_if_upheld.tolist() == [1, 2, 2, 0]


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        pytest.param(["acme,i1,,upheld,weed,,,", "bolt,i1,,upheld,unsure,,,"], "contradiction", 3, id="two labels"),
        pytest.param(["acme,i1,,upheld,weed,,,", "bolt,i1,,ambiguous,,,,"], "contradiction", 3, id="upheld, ambiguous"),
        pytest.param(
            ["acme,i1,,rejected,,,,", "acme,i1,,upheld,weed,,,"], "contradiction", 3, id="one vendor, two rulings"
        ),
        pytest.param(["acne,i1,,open,,,,"], "unknown-vendor", 2, id="vendor"),
        pytest.param(["acme,i9,,open,,,,"], "unknown-item", 2, id="item"),
        pytest.param(["acme,i1,,uphold,,,,"], "wrong-value", 2, id="ruling"),
        pytest.param(["acme,i1,,upheld,wed,,,"], "unknown-label", 2, id="label"),
        pytest.param(["acme,i1,,upheld,,,,"], "missing-key", 2, id="no label"),
        pytest.param(["acme,i1"], "bad-row", 2, id="fields"),
    ],
)
def test_a_faulty_dispute_stops(tmp_path, rows, code, row):
    assert stops(disputed(tmp_path, *rows), gold_of) == [(code, f"disputes.csv, row {row}")]


def test_whose_claim_is_rejected_does_not_contradict_another_that_is_upheld(tmp_path):
    gold = gold_of(
        disputed(tmp_path, "acme,i1,unsure,rejected,,,,", "bolt,i1,weed,upheld,weed,,,", "acme,i1,unsure,rejected,,,,")
    )
    assert gold.labels.tolist()[0] == 1


def test_a_ruling_on_objects_names_a_file_and_one_on_a_rubric_the_scores(tmp_path):
    boxes = "item,label,x,y,w,h\ni1,crop,1,1,2,2\ni2,crop,1,1,2,2\n"
    folder = disputed(
        tmp_path / "a",
        "acme,i1,,upheld,new.csv,,,",
        task="boxes",
        gold=boxes,
        **{"new.csv": boxes.replace("crop", "weed")},
    )
    objects = gold_of(folder).objects
    assert sorted(zip(objects.owner.tolist(), objects.label.tolist(), strict=True)) == [(0, 1), (1, 0)]
    (folder / "new.csv").unlink()
    assert stops(folder, gold_of) == [("missing-file", "disputes.csv, row 2")]
    folder = disputed(tmp_path / "b", "acme,i1,,upheld,helpful: 1; honest: 2,,,", task="rubric", gold=RUBRIC)
    assert gold_of(folder).medians.tolist() == [[1, 2], [2, 1]]
    folder = disputed(tmp_path / "c", "acme,i1,,upheld,helpful: 9,,,", task="rubric", gold=RUBRIC)
    assert stops(folder, gold_of) == [("unknown-label", "disputes.csv, row 2")]


# ------------------------------------------------------------------------------------------------ plan

PLAN = "vendor,item,source,phase,kind,stratum\n"


def planned(folder, plan, labels=LABELS, more=PHASES, gold=GOLD):
    return write_pilot(folder, more=more, files={"gold.csv": gold, "labels/acme.csv": labels, "plan.csv": PLAN + plan})


def tasks_of(folder, vendors=("acme", "bolt")):
    return read_pilot(folder, vendors=vendors)[2]


def test_the_plan_says_which_code_is_which_item_at_which_vendor(tmp_path):
    plan = (
        "acme,t1,i2,day1,gold,north\nacme,t2,x7,surge,work,\n,t3,i1,surge,gold,south\nacme,t4,i2,day1,duplicate,north\n"
    )
    folder = planned(tmp_path, plan, "item,label\nt4,crop\nt1,weed\n")
    tasks = tasks_of(folder)
    assert tasks["bolt"].codes == ("t3",)
    acme = tasks["acme"]
    assert (acme.codes, acme.sources) == (("t1", "t2", "t3", "t4"), ("i2", "x7", "i1", "i2"))
    assert (acme.source.tolist(), acme.kind.tolist()) == ([1, -1, 0, 1], [0, 1, 0, 2])
    assert (acme.phase.tolist(), acme.stratum.tolist()) == ([0, 1, 1, 0], [0, -1, 1, 0])
    assert (acme.first.tolist(), acme.strata) == ([-1, -1, -1, 0], ("north", "south"))
    assert delivered(folder, vendors=("acme", "bolt")).labels.tolist() == [1, -1, -1, 0]


def test_a_vendor_that_the_plan_does_not_name_has_no_tasks_and_its_items_are_unknown(tmp_path):
    folder = planned(tmp_path, "bolt,t1,i1,,gold,\n")
    assert list(tasks_of_bolt(folder)) == ["bolt"]
    assert {code for code, _ in stops(folder, lambda f: delivered(f, vendors=("acme", "bolt")))} == {"unknown-item"}


def tasks_of_bolt(folder):
    return read_pilot(folder, vendor="bolt", vendors=("acme", "bolt"))[2]


@pytest.mark.parametrize(
    ("plan", "faults"),
    [
        pytest.param("acme,t1,i9,,gold,\n", [("unknown-reference", 2)], id="gold without gold"),
        pytest.param("acme,t1,i1,,gold,\n,t1,i2,,gold,\n", [("item-twice", 3)], id="a code twice"),
        pytest.param("acme,t1,i1,,gold,\nacme,t2,i1,,gold,\n", [("item-twice", 3)], id="a source twice"),
        pytest.param("acme,t1,i1,,duplicate,\nbolt,t1,i1,,gold,\n", [("unknown-reference", 2)], id="no first"),
        pytest.param("acne,t1,i1,,gold,\n", [("unknown-vendor", 2)], id="vendor"),
        pytest.param("acme,t1,i1,,glod,\n", [("wrong-value", 2)], id="kind"),
        pytest.param("acme,t1,i1,day7,gold,\n", [("unknown-reference", 2)], id="phase"),
        pytest.param("acme,,i1,,gold,\n", [("bad-row", 2)], id="no code"),
        pytest.param(
            "acme,t1,i9,,gold,\nacme,t1,i1,,glod,\n", [("wrong-value", 3), ("unknown-reference", 2)], id="all"
        ),
    ],
)
def test_a_faulty_plan_stops(tmp_path, plan, faults):
    assert stops(planned(tmp_path, plan), tasks_of) == [(code, f"plan.csv, row {row}") for code, row in faults]


# ------------------------------------------------------------------------------------------------ log


def logged(folder, *rows):
    folder.mkdir(exist_ok=True)
    (folder / "log.csv").write_text("vendor,event,at,until,hours\n" + "".join(f"{row}\n" for row in rows))
    return read_log(folder, ["acme", "bolt"])


def test_the_log_becomes_days_hours_and_counts_by_vendor(tmp_path):
    logs = logged(
        tmp_path,
        "acme,instructions,2026-11-02T09:00:00+01:00,,",
        "acme,first_batch,2026-11-04T20:00:00Z,,",
        "acme,question,2026-11-03T09:00:00Z,2026-11-03T12:00:00Z,2.5",
        "acme,question,2026-11-03T10:00:00Z,,",
        "acme,change,2026-11-05T08:00:00Z,2026-11-05T14:00:00Z,",
        "acme,change,2026-11-06T08:00:00Z,2026-11-06T09:00:00Z,",
        "acme,issue,2026-11-06T08:00:00Z,,",
        "bolt,change,2026-11-05T08:00:00Z,,",
    )
    acme = logs["acme"]
    assert acme.first_batch_days == 2.5
    assert (acme.answer_hours, acme.rebrief_hours, acme.issues) == ((2.5, float("inf")), 6, 1)
    assert (logs["bolt"].first_batch_days, logs["bolt"].rebrief_hours) == (None, float("inf"))


def test_without_a_log_there_is_none(tmp_path):
    assert read_log(tmp_path) == {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param("acme,issue,2026-11-06T08:00:00,,", "wrong-value", id="no offset"),
        pytest.param("acme,issue,,,", "wrong-value", id="no time"),
        pytest.param("acme,change,2026-11-06T08:00:00Z,2026-11-06T07:00:00Z,", "wrong-value", id="backwards"),
        pytest.param("acme,question,2026-11-06T08:00:00Z,2026-11-06T09:00:00Z,", "wrong-value", id="no hours"),
        pytest.param("acme,question,2026-11-06T08:00:00Z,,-1", "wrong-value", id="negative hours"),
        pytest.param("acme,qestion,2026-11-06T08:00:00Z,,", "wrong-value", id="event"),
        pytest.param("acne,issue,2026-11-06T08:00:00Z,,", "unknown-vendor", id="vendor"),
    ],
)
def test_a_faulty_row_of_the_log_stops(tmp_path, row, code):
    assert stops(tmp_path, lambda folder: logged(folder, row)) == [(code, "log.csv, row 2")]


# ------------------------------------------------------------------------------------------------ laws


@profile(max_examples=40, deadline=None)
@given(st.permutations(range(12)), st.sampled_from(",;\t"), st.booleans(), st.integers(0, 12))
def test_order_delimiter_mark_and_splitting_change_nothing(tmp_path_factory, order, delimiter, mark, cut):
    header = ["item", "label", "annotator", "seconds", "submitted_at"]
    rows = [
        [f"i{n}", ("crop", "weed", "wed", "")[n % 4], f"a{n % 3}", str(n + 1.5), f"2026-11-20T10:{n * 4:02}:00Z"]
        for n in range(12)
    ]
    gold = "item,label\n" + "".join(f"i{n},crop\n" for n in range(14))
    plain = pilot(tmp_path_factory.mktemp("a"), "\n".join(map(",".join, [header, *rows])), gold=gold)
    columns = list(range(5)) if mark else [4, 2, 0, 1, 3]
    parts = ([rows[n] for n in order[:cut]], [rows[n] for n in order[cut:]])
    files = {
        f"labels/acme/{name}.csv": (
            "\ufeff" * mark + "\n".join(delimiter.join(row[c] for c in columns) for row in [header, *part])
        ).encode()
        for name, part in zip("xy", parts, strict=True)
    }
    other = write_pilot(tmp_path_factory.mktemp("b"), files={"gold.csv": gold, **files})
    first, second = delivered(plain), delivered(other)
    for key in ("labels", "valid", "delivered", "seconds"):
        assert np.array_equal(getattr(first, key), getattr(second, key), equal_nan=True), key
    assert {issue.code: issue.count for issue in first.issues} == {issue.code: issue.count for issue in second.issues}
    assert sorted(first.row_seconds) == sorted(second.row_seconds)


# ------------------------------------------------------------------------------------------------ words and limits


def test_an_image_in_two_coco_files_of_a_vendor_is_twice_there(tmp_path):
    folder = pilot(tmp_path, coco(), "boxes", gold=COCO_GOLD, name="labels/acme/first.json")
    (folder / "labels/acme/second.json").write_bytes(coco())
    assert stops(folder) == [("item-twice", f"labels/acme/second.json, row {row}") for row in (1, 2)]
    assert "i1 is an image here and in labels/acme/first.json" in words(folder)


def test_what_is_no_box_of_coco_is_not_called_nan(tmp_path):
    folder = pilot(tmp_path, coco(), "boxes", gold=COCO_GOLD, name="labels/acme.json")
    assert places(folder, "bad-object") == [("labels/acme.json", 3, "i1", "no four numbers")]


def test_a_column_that_stands_twice_is_named_as_in_the_file(tmp_path):
    folder = pilot(tmp_path, "item,Label,CHOICE\ni1,A,A\n", "preference", gold="item,choice\ni1,A\n")
    assert "the columns 'Label' and 'CHOICE' are the same one: keep one" in words(folder)


def test_a_row_with_too_few_fields_names_its_item(tmp_path):
    assert "row 3: i2: has 1 fields, and the header 2" in words(pilot(tmp_path, "item,label\ni1,crop\ni2\n"))


def test_millions_of_broken_rows_are_not_read_to_the_end(tmp_path):
    assert len(stops(pilot(tmp_path, b"item,label\n" + b"i1\n" * 4_000_000))) < 5000


@pytest.mark.parametrize(
    ("task", "gold", "text"),
    [
        ("classification", "item,label\ni1,wed\n", "i1: wed (weed?) is none that pilot.yaml lists: correct it"),
        ("classification", "item,label\ni1,\n", "i1: has no label: correct it"),
        ("boxes", "item,label,x,y,w,h\ni1,crop,1,1,0,1\n", "i1: 1, 1, 0, 1 is no object: correct it"),
        ("boxes", "item,label,x,y,w,h\ni1,,,,,\ni1,,,,,\n", "i1: says again that it has no objects: correct it"),
        ("boxes", "item,label,x,y,w,h,ignore\ni1,crop,1,1,2,2,yes\n", "i1: ignore is 'yes': write 1, or nothing"),
    ],
)
def test_faults_of_gold_are_worded_for_the_buyer(tmp_path, task, gold, text):
    assert text in words(write_pilot(tmp_path, task, files={"gold.csv": gold}), gold_of)
