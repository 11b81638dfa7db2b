"""`out/` is swapped as a set, and files of other makers are never touched."""

import json
import os
import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from vendor_eval.issues import VendorEvalError
from vendor_eval.run.publish import publish, write_file


def content(folder):
    """Every file below a folder, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if not path.is_dir()}


def made(folder):
    """What a run made, without the manifest."""
    return {name: data for name, data in content(folder).items() if name != "manifest.json"}


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


@pytest.fixture
def out(tmp_path):
    return tmp_path / "tender" / "out"


def beside(out):
    """What stands beside the folder: nothing hidden may be left."""
    return sorted(path.name for path in out.parent.iterdir())


FIRST = {"results.json": b"one", "tables/scores.csv": b"two", "scorecards/acme.pdf": b"three"}


# ------------------------------------------------------------------------------------------------ a set


def test_a_first_run_writes_the_files_and_a_manifest_of_them(out):
    publish(out, FIRST)
    assert made(out) == FIRST
    assert manifest(out) == {
        "made_by": "vendor-eval",
        "files": sorted(FIRST),
        "sha256": {name: sha256(data).hexdigest() for name, data in FIRST.items()},
        "stale": [],
    }
    assert beside(out) == ["out"]


def test_what_comes_in_parts_is_written_whole(out):
    publish(out, {"results.json": lambda: (part for part in (b"on", b"e"))})
    assert made(out) == {"results.json": b"one"}


def test_a_later_run_replaces_what_it_makes_and_removes_what_it_no_longer_makes(out):
    publish(out, FIRST)
    publish(out, {"results.json": b"new", "scorecards/bolt.pdf": b"four"})
    assert made(out) == {"results.json": b"new", "scorecards/bolt.pdf": b"four"}
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "results.json", "scorecards"]
    publish(out, {"results.json": b"newer"})
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "results.json"]


def test_the_same_run_twice_gives_the_same_bytes(out):
    publish(out, FIRST)
    before = content(out)
    publish(out, dict(reversed(FIRST.items())))
    assert content(out) == before


def test_files_of_other_makers_stay(out):
    publish(out, FIRST)
    (out / "tables" / "mine.csv").write_bytes(b"mine")
    (out / "notes.txt").write_bytes(b"mine too")
    publish(out, {"results.json": b"new"})
    assert made(out) == {"results.json": b"new", "tables/mine.csv": b"mine", "notes.txt": b"mine too"}


def test_a_file_that_the_user_deleted_is_written_again(out):
    publish(out, FIRST)
    (out / "results.json").unlink()
    publish(out, FIRST)
    assert made(out) == FIRST


# ------------------------------------------------------------------------------------------ what was not asked for


def test_formats_that_were_not_asked_for_stay_and_are_listed_as_older(out):
    publish(out, FIRST)
    published = publish(out, {"results.json": b"new"}, within=("results.json", "tables/"))
    assert made(out) == {"results.json": b"new", "scorecards/acme.pdf": b"three"}
    assert (published.stale, manifest(out)["stale"]) == (("scorecards/acme.pdf",), ["scorecards/acme.pdf"])
    assert manifest(out)["sha256"]["scorecards/acme.pdf"] == sha256(b"three").hexdigest()
    publish(out, {"tables/scores.csv": b"two"}, within=("tables/",))
    assert manifest(out)["stale"] == ["scorecards/acme.pdf"]
    assert publish(out, {"scorecards/acme.pdf": b"3"}, within=("scorecards/",)).notes == ()
    assert manifest(out)["stale"] == []


def test_a_format_that_was_not_asked_for_is_no_foreign_file_later(out):
    publish(out, FIRST)
    publish(out, {"results.json": b"new"}, within=("results.json",))
    publish(out, {**FIRST, "results.json": b"newer"})
    assert made(out) == {**FIRST, "results.json": b"newer"}


DAY = datetime(2026, 3, 4, 12).astimezone().timestamp()


def typed(path, data):
    """Type into a workbook on 4 March 2026."""
    path.write_bytes(data)
    os.utime(path, (DAY, DAY))


def test_a_workbook_that_somebody_changed_is_kept_whether_it_is_replaced_or_removed(out):
    books = {"shortlist.xlsx": b"s", "clarifications/acme.xlsx": b"a", "clarifications/bolt.xlsx": b"b"}
    publish(out, books)
    typed(out / "shortlist.xlsx", b"my notes")
    typed(out / "clarifications" / "acme.xlsx", b"my question")
    published = publish(out, {"shortlist.xlsx": b"t"})
    assert published.kept == {
        "shortlist.xlsx": "kept/shortlist-2026-03-04.xlsx",
        "clarifications/acme.xlsx": "kept/acme-2026-03-04.xlsx",
    }
    kept = {"kept/shortlist-2026-03-04.xlsx": b"my notes", "kept/acme-2026-03-04.xlsx": b"my question"}
    assert made(out) == {"shortlist.xlsx": b"t", **kept}
    assert manifest(out)["files"] == ["shortlist.xlsx"]
    typed(out / "shortlist.xlsx", b"more notes")
    publish(out, {"shortlist.xlsx": b"u"})
    assert made(out) == {"shortlist.xlsx": b"u", **kept, "kept/shortlist-2026-03-04-2.xlsx": b"more notes"}


def test_a_changed_workbook_that_was_not_asked_for_stays_and_is_kept_when_it_is(out):
    publish(out, {"results.json": b"one", "shortlist.xlsx": b"s"})
    typed(out / "shortlist.xlsx", b"my notes")
    publish(out, {"results.json": b"two"}, within=("results.json",))
    assert made(out) == {"results.json": b"two", "shortlist.xlsx": b"my notes"}
    publish(out, {"results.json": b"two", "shortlist.xlsx": b"t"})
    assert made(out)["kept/shortlist-2026-03-04.xlsx"] == b"my notes"


def test_a_manifest_without_hashes_is_accepted_and_an_unknown_workbook_is_kept(out):
    publish(out, {"results.json": b"one", "shortlist.xlsx": b"s", "clarifications/acme.xlsx": b"same"})
    old = {"made_by": "vendor-eval", "files": manifest(out)["files"]}
    (out / "manifest.json").write_text(json.dumps(old))
    published = publish(out, {"results.json": b"two", "shortlist.xlsx": b"t", "clarifications/acme.xlsx": b"same"})
    assert list(published.kept) == ["shortlist.xlsx"]
    assert made(out)[published.kept["shortlist.xlsx"]] == b"s"


def test_a_file_in_the_place_of_kept_is_named(out):
    publish(out, {"shortlist.xlsx": b"s"})
    typed(out / "shortlist.xlsx", b"my notes")
    (out / "kept").write_bytes(b"mine")
    assert refused(out, {"shortlist.xlsx": b"t"}).startswith(f"{out / 'kept'}: was not made by this tool")


# ------------------------------------------------------------------------------------------------ in the way


def refused(out, files=FIRST):
    """Publish, and give the message; nothing may have changed, nothing may be left beside."""
    before, names = content(out.parent), beside(out)
    with pytest.raises(VendorEvalError) as error:
        publish(out, files)
    assert (content(out.parent), beside(out)) == (before, names)
    return str(error.value)


def test_a_foreign_file_is_not_replaced(out):
    out.mkdir(parents=True)
    (out / "results.json").write_bytes(b"mine")
    assert refused(out).startswith(f"{out / 'results.json'}: was not made by this tool")


def test_a_foreign_file_that_a_later_run_would_replace_is_not_replaced(out):
    publish(out, {"results.json": b"one"})
    (out / "tables").mkdir()
    (out / "tables" / "scores.csv").write_bytes(b"mine")
    assert refused(out).startswith(f"{out / 'tables' / 'scores.csv'}: was not made by this tool")


def test_a_file_where_a_folder_has_to_be_is_named(out):
    publish(out, {"results.json": b"one"})
    (out / "tables").write_bytes(b"a file")
    assert refused(out).startswith(f"{out / 'tables'}: was not made by this tool")


def test_nothing_is_written_through_a_link(out, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    publish(out, {"results.json": b"one"})
    (out / "tables").symlink_to(elsewhere)
    assert refused(out).startswith(f"{out / 'tables'}: was not made by this tool")
    assert list(elsewhere.iterdir()) == []


def test_nothing_is_removed_through_a_link(out, tmp_path):
    publish(out, FIRST)
    elsewhere = (out / "tables").rename(tmp_path / "elsewhere")
    (out / "tables").symlink_to(elsewhere)
    assert refused(out, {"results.json": b"new"}).startswith(f"{out / 'tables'}: was not made by this tool")
    assert content(elsewhere) == {"scores.csv": b"two"}


def test_a_link_in_the_place_of_a_foreign_file_is_not_replaced(out, tmp_path):
    out.mkdir(parents=True)
    for target in (tmp_path / "there.json", tmp_path / "nowhere.json"):
        (tmp_path / "there.json").write_bytes(b"mine")
        (out / "results.json").unlink(missing_ok=True)
        (out / "results.json").symlink_to(target)
        with pytest.raises(VendorEvalError, match="was not made by this tool"):
            publish(out, FIRST)
    assert (tmp_path / "there.json").read_bytes() == b"mine"


def test_a_link_in_the_place_of_our_own_file_is_replaced_and_its_target_stays(out, tmp_path):
    publish(out, FIRST)
    target = tmp_path / "mine.json"
    target.write_bytes(b"mine")
    (out / "results.json").unlink()
    (out / "results.json").symlink_to(target)
    publish(out, FIRST)
    assert (target.read_bytes(), made(out), (out / "results.json").is_symlink()) == (b"mine", FIRST, False)


def test_a_file_in_the_place_of_out_is_named(out):
    out.parent.mkdir()
    out.write_bytes(b"a file")
    assert refused(out).startswith(f"{out}: is a file")


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"files": ["keep.txt"]}', id="nobody made it"),
        pytest.param(b'{"made_by": "a bundler", "files": ["keep.txt"]}', id="another tool made it"),
        pytest.param(b'{"made_by": "vendor-eval"}', id="without files"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
    ],
)
def test_a_manifest_of_another_maker_stops_the_run_and_costs_nobody_a_file(out, manifest):
    out.mkdir(parents=True)
    (out / "manifest.json").write_bytes(manifest)
    (out / "keep.txt").write_bytes(b"mine")
    assert refused(out).startswith(f"{out / 'manifest.json'}: is not what an earlier run wrote")


@pytest.mark.parametrize(
    ("name", "character"), [("a\ud800.pdf", "U+D800"), ("a\x00.pdf", "U+0000"), ("a\x07.pdf", "U+0007")]
)
def test_a_control_character_in_a_manifest_is_named_with_its_place(out, name, character):
    publish(out, FIRST)
    manifest = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(manifest | {"files": [*FIRST, name]}))
    message = refused(out)
    assert message.startswith(f"{out / 'manifest.json'}: ")
    assert f"the character {character} may not stand in a text" in message


def test_a_manifest_of_more_files_than_any_run_writes_is_refused(out):
    publish(out, FIRST)
    manifest = json.loads((out / "manifest.json").read_text())
    names = [*FIRST, *(f"scorecards/{number}.pdf" for number in range(200_000))]
    (out / "manifest.json").write_text(json.dumps(manifest | {"files": names}))
    spent = time.process_time()
    assert "files, and no run writes more than 20,000" in refused(out)
    assert time.process_time() - spent < 5


@pytest.mark.parametrize("name", ["../evaluation.yaml", "tables/../../evaluation.yaml", "ABSOLUTE"])
def test_a_manifest_that_points_outside_removes_nothing_there(out, name):
    publish(out, FIRST)
    precious = out.parent / "evaluation.yaml"
    precious.write_bytes(b"title: mine")
    listed = str(precious) if name == "ABSOLUTE" else name
    manifest = {"made_by": "vendor-eval", "files": [*FIRST, listed]}
    (out / "manifest.json").write_text(json.dumps(manifest))
    publish(out, {"results.json": b"new"})
    assert precious.read_bytes() == b"title: mine"


# ------------------------------------------------------------------------------------------------ all or nothing


def test_a_failure_half_way_puts_everything_back(out):
    publish(out, FIRST)
    before = content(out)
    # A folder where our own file was: the last name in order cannot be replaced.
    (out / "tables" / "scores.csv").unlink()
    (out / "tables" / "scores.csv").mkdir()
    (out / "tables" / "scores.csv" / "inside.txt").write_bytes(b"mine")
    with pytest.raises(VendorEvalError) as error:
        publish(out, {**FIRST, "results.json": b"new", "added.json": b"added"})
    assert str(error.value).startswith(f"{out / 'tables' / 'scores.csv'}: cannot be replaced")
    assert "scratch" not in str(error.value)
    after = content(out)
    assert after.pop("tables/scores.csv/inside.txt") == b"mine"
    assert after == {name: data for name, data in before.items() if name != "tables/scores.csv"}
    assert beside(out) == ["out"]


def test_a_failed_first_run_leaves_no_empty_folders(out):
    out.mkdir(parents=True)
    (out / "zebra").mkdir()
    (out / "zebra" / "last.csv").mkdir()
    manifest = {"made_by": "vendor-eval", "files": ["zebra/last.csv"]}
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(VendorEvalError, match=r"zebra/last\.csv: cannot be replaced"):
        publish(out, {**FIRST, "zebra/last.csv": b"x"})
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "zebra"]


# ------------------------------------------------------------------------------------------------ one file


def test_one_file_is_written_whole_with_its_folders(tmp_path):
    path = tmp_path / "new" / "questionnaire.xlsx"
    write_file(path, b"first")
    write_file(path, b"second")
    assert (path.read_bytes(), [p.name for p in path.parent.iterdir()]) == (b"second", ["questionnaire.xlsx"])


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    (tmp_path / "questionnaire.xlsx").mkdir()
    with pytest.raises(VendorEvalError) as error:
        write_file(tmp_path / "questionnaire.xlsx", b"x")
    assert str(error.value).startswith(f"{tmp_path / 'questionnaire.xlsx'}: cannot be replaced")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["questionnaire.xlsx"]
