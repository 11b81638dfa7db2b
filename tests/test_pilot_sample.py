"""The sample of a pilot: drawn by a rule that anybody can redo, and packages that tell vendors nothing."""

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings as profile, strategies as st

from vendor_eval import load_evaluation
from vendor_eval.cli import main
from vendor_eval.config.shipped import samples_folder
from vendor_eval.issues import InputError, VendorEvalError
from vendor_eval.pilot.draft import PROMISES, draft, links_for
from vendor_eval.pilot.sample import Order, draw_sample
from vendor_eval.pilot.settings import PilotSettings, load_pilot
from vendor_eval.pilot.tables import Gold

SEED = "apricot-41"
PHASES = {"day1": 40, "change": 40, "surge": 20}
VENDORS = ("acme", "bolt")
TASKS = ("classification", "preference", "rubric", "boxes", "spans")


def pilot(**keys):
    fixed = {"title": "Weeds", "task": "classification", "labels": ["crop", "weed"], "measured_on": "2026-11-23"}
    return PilotSettings.model_validate({**fixed, "seed": SEED, "phases": PHASES, "show": ["text"], **keys})


def gold(count, *, labels=None, prefix="img"):
    items = tuple(f"{prefix}-{number}" for number in range(count))
    truth = np.arange(count) % 2 if labels is None else np.array(labels)
    none = np.empty(0)
    return Gold(items, np.full(count, -1), np.ones(count, np.bool_), truth, none, none, None)


def items_file(folder, rows, header=("item", "text", "site"), name="items.csv"):
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def field(folder, count):
    """A file of images, in a field in the north or, each third, in the south."""
    rows = [(f"img-{n}", f"A picture, the {n}th", "south" if n % 3 == 0 else "north") for n in range(count)]
    return items_file(folder, rows)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def by_hand(role, name, seed=SEED):
    return hashlib.sha256(f"{seed}\n{role}\n{name}".encode()).hexdigest()


# ------------------------------------------------------------------------------------------------ the draw


def test_the_draw_can_be_redone_by_hand(tmp_path):
    sample = draw_sample(pilot(), gold(60), field(tmp_path, 100), VENDORS, Order(40, fill=20))
    plan = rows_of(sample.files["plan.csv"])
    assert list(plan[0]) == ["vendor", "item", "source", "phase", "kind", "stratum"]
    drawn = sorted((f"img-{n}" for n in range(60)), key=lambda name: by_hand("draw", name))[:40]
    work = sorted((f"img-{n}" for n in range(60, 100)), key=lambda name: by_hand("fill", name))[:20]
    twice = sorted(drawn, key=lambda name: by_hand("duplicate", name))[:4]
    ordered = sorted((*drawn, *work), key=lambda name: by_hand("phase", name))
    phases = dict(zip(ordered, ["day1"] * 24 + ["change"] * 24 + ["surge"] * 12, strict=True))
    for vendor in VENDORS:
        kinds = (
            [("gold", name) for name in drawn] + [("work", name) for name in work] + [("duplicate", n) for n in twice]
        )
        kinds.sort(key=lambda pair: (list(PHASES).index(phases[pair[1]]), by_hand(f"order/{vendor}", "/".join(pair))))
        expected = [
            (vendor, f"t{number:05}", name, phases[name], kind, "")
            for number, (kind, name) in enumerate(kinds, start=1)
        ]
        assert [tuple(row.values()) for row in plan if row["vendor"] == vendor] == expected


def test_strata_are_drawn_in_proportion_and_a_small_one_is_said(tmp_path):
    sample = draw_sample(pilot(), gold(90), field(tmp_path, 120), VENDORS[:1], Order(40, stratify="site"))
    measured = Counter(task.stratum for task in sample.tasks if task.kind == "gold")
    assert measured == {"north": 27, "south": 13}
    souths = sorted((f"img-{n}" for n in range(0, 90, 3)), key=lambda name: by_hand("draw", name))
    assert {task.source for task in sample.tasks if task.stratum == "south"} == set(souths[:13])
    assert [re.findall(r"'(\w+)' has (\d+)", warning)[0] for warning in sample.warnings] == [
        ("north", "27"),
        ("south", "13"),
    ]


@pytest.mark.parametrize(
    ("count", "percent", "expected"), [(40, 10, 4), (25, 10, 3), (24, 10, 2), (10, 0, 0), (3, 100, 3)]
)
def test_duplicates_are_per_cent_of_the_gold_rounded_half_up_and_share_the_phase(tmp_path, count, percent, expected):
    sample = draw_sample(pilot(), gold(40), field(tmp_path, 40), VENDORS, Order(count, duplicates=percent))
    twice = [task for task in sample.tasks if task.kind == "duplicate"]
    assert len(twice) == expected * len(VENDORS)
    phases = {(task.vendor, task.source): task.phase for task in sample.tasks if task.kind == "gold"}
    assert all(phases[task.vendor, task.source] == task.phase for task in twice)


def test_the_same_seed_gives_the_same_bytes_in_any_order_of_the_file_and_another_seed_another_draw(tmp_path):
    order = Order(30, fill=10, stratify="site")
    first = draw_sample(pilot(), gold(60), field(tmp_path, 100), VENDORS, order).files
    head, *lines = (tmp_path / "items.csv").read_text("utf-8").splitlines()
    columns = [dict(zip(head.split(","), row, strict=True)) for row in csv.reader(lines)]
    mixed = [(row["site"], f" {row['item']} ", row["text"]) for row in reversed(columns)]
    path = items_file(tmp_path, mixed, header=("SITE", " Item ", "text"), name="mixed.csv")
    path.write_bytes(path.read_bytes().decode().encode("utf-16"))
    assert draw_sample(pilot(), gold(60), path, VENDORS, order).files == first
    other = draw_sample(pilot(seed="apricot-42"), gold(60), field(tmp_path, 100), VENDORS, order)
    sources = {row["source"] for row in rows_of(first["plan.csv"])}
    assert {task.source for task in other.tasks} != sources


def test_another_vendor_changes_nothing_for_those_that_were_there(tmp_path):
    path = field(tmp_path, 50)
    two = draw_sample(pilot(), gold(50), path, VENDORS, Order(20)).files
    three = draw_sample(pilot(), gold(50), path, ("nova", *VENDORS), Order(20)).files
    assert {name: three[name] for name in two if name != "plan.csv"} == {n: two[n] for n in two if n != "plan.csv"}


def test_an_item_that_a_ruling_took_out_is_not_drawn(tmp_path):
    truth = gold(50)
    truth.counts[:10] = False
    sample = draw_sample(pilot(), truth, field(tmp_path, 50), VENDORS, Order(40))
    assert {task.source for task in sample.tasks} == {f"img-{n}" for n in range(10, 50)}
    with pytest.raises(VendorEvalError, match="40 of its items have gold, and 41 are asked for"):
        draw_sample(pilot(), truth, field(tmp_path, 50), VENDORS, Order(41))
    with pytest.raises(VendorEvalError, match="10 items without gold, and 11 are asked for"):
        draw_sample(pilot(), truth, field(tmp_path, 50), VENDORS, Order(40, fill=11))


# ------------------------------------------------------------------------------------------------ packages


@profile(deadline=None, max_examples=25)
@given(
    st.sampled_from(TASKS),
    st.integers(1, 30),
    st.integers(0, 20),
    st.integers(0, 100),
    st.sampled_from([{}, {"only": 100}, PHASES]),
    st.sampled_from([(), ("text",), ("text", "Site")]),
    st.integers(1, 2),
)
def test_packages_tell_vendors_nothing(tmp_path_factory, task, count, fill, duplicates, phases, show, passes):
    folder = tmp_path_factory.mktemp("draw")
    keys = {"criteria": ["kind", "true"], "levels": [1, 2]} if task == "rubric" else {}
    settings = pilot(task=task, phases=phases, show=list(show), passes=passes, **keys)
    path = field(folder, 50)
    sample = draw_sample(settings, gold(30), path, VENDORS, Order(count, fill, duplicates, "site"))
    to_fill = {"label", "choice", "criterion", "score", "x", "y", "w", "h", "start", "end", "annotator", "seconds"}
    originals = {row["item"]: row for row in rows_of(path.read_bytes())}
    plan = {(row["vendor"], row["item"]): row for row in rows_of(sample.files["plan.csv"])}
    seen = Counter()
    for name, content in sample.files.items():
        if name == "plan.csv":
            continue
        vendor, number = re.fullmatch(r"packages/(\w+)/tasks-(\d)\.csv", name).groups()
        text = content.decode()
        assert not re.search(r"img-|gold|work|duplicate|apricot|stratum|phase|surge|day1", text)
        for row in rows_of(content):
            task_of = plan[vendor, row["item"]]
            assert re.fullmatch(r"t\d{5}", row["item"])
            assert row.keys() - {"item"} - set(show) <= to_fill
            assert [row[column] for column in show] == [
                originals[task_of["source"]][column.casefold()] for column in show
            ]
            assert task_of["phase"] == ([*phases, ""][int(number) - 1])
            assert {value for key, value in row.items() if key in to_fill} <= {"", "kind", "true"}
            seen[vendor, row["item"]] += 1
    assert seen.keys() == plan.keys()
    assert set(seen.values()) == {2 if task == "rubric" else 1}
    codes = [task.code for task in sample.tasks if task.vendor == "acme"]
    assert codes == sorted(codes)


def test_codes_differ_between_vendors_and_kinds_stand_mixed(tmp_path):
    sample = draw_sample(pilot(), gold(200), field(tmp_path, 400), VENDORS, Order(200, fill=200))
    sources = {vendor: [t.source for t in sample.tasks if t.vendor == vendor] for vendor in VENDORS}
    assert sum(one == other for one, other in zip(*sources.values(), strict=True)) < 20
    kinds = [task.kind for task in sample.tasks if task.vendor == "acme" and task.phase == "day1"]
    places = {kind: np.mean([i for i, own in enumerate(kinds) if own == kind]) / len(kinds) for kind in set(kinds)}
    assert all(0.3 < place < 0.7 for place in places.values())


def test_what_is_shown_goes_out_as_it_is(tmp_path):
    texts = ["=1+1", 'He said "no"', " two\nlines ", "Ärger", "-"]
    path = items_file(tmp_path, [(f"img-{n}", text, "s") for n, text in enumerate(texts)])
    sample = draw_sample(pilot(phases={}), gold(5), path, VENDORS[:1], Order(5, duplicates=0))
    content = sample.files["packages/acme/tasks-1.csv"]
    assert {row["text"] for row in rows_of(content)} == set(texts)
    assert content.startswith(b"\xef\xbb\xbf")
    assert not sample.files["plan.csv"].startswith(b"\xef\xbb\xbf")


def test_a_vendor_with_any_id_gets_a_folder_inside_the_pilot(tmp_path):
    sample = draw_sample(pilot(phases={}), gold(5), field(tmp_path, 5), ("../../etc", "a/b", "A/b"), Order(5))
    assert sorted(name for name in sample.files if name != "plan.csv") == [
        "packages/A_b-2/tasks-1.csv",
        "packages/_.._etc/tasks-1.csv",
        "packages/a_b/tasks-1.csv",
    ]
    assert {row["vendor"] for row in rows_of(sample.files["plan.csv"])} == {"../../etc", "a/b", "A/b"}


# ------------------------------------------------------------------------------------------------ leaks


def leaking(folder, cell, **keys):
    """The issues of a draw of 20 items that show one cell each."""
    rows = [(f"img-{n}", cell(n, ("crop", "weed")[n % 2]), "x") for n in range(20)]
    try:
        draw_sample(pilot(**keys), gold(20), items_file(folder, rows), VENDORS, Order(20))
    except InputError as error:
        return [issue.code for issue in error.issues]
    return []


@pytest.mark.parametrize(
    "cell",
    [
        lambda _n, label: label,
        lambda _n, label: f" {label.upper()} ",
        lambda n, label: f"images/{label}/{n}.jpg",
        lambda n, label: f"images\\{n}_{label}.jpg",
        lambda n, label: f"{n}-{label}-b.png",
        lambda n, label: f"a {label} in row {n}",
        lambda n, label: label if n < 11 else "x",
    ],
    ids=["cell", "spelled", "folder", "backslash", "name", "words", "eleven"],
)
def test_a_column_that_tells_the_label_stops(tmp_path, cell):
    assert leaking(tmp_path, cell) == ["gold-leak"]


@pytest.mark.parametrize(
    "cell",
    [
        lambda n, label: label if n < 10 else "x",
        lambda n, label: f"{n}{label}s.jpg",
        lambda _n, label: {"crop": "weed", "weed": "crop"}[label],
        lambda n, _label: f"a truth that is worth gold, {n}",
        lambda n, _label: f"golden/{n}-dupe.jpg",
    ],
    ids=["half", "inside a word", "always wrong", "words", "longer words"],
)
def test_a_column_that_does_not_tell_it_passes(tmp_path, cell):
    assert leaking(tmp_path, cell) == []


@pytest.mark.parametrize("part", ["gold/7.jpg", "7_GT.jpg", "a-truth.b", "honeypot", "C:\\dup\\7.jpg"])
def test_a_name_that_tells_what_is_measured_stops(tmp_path, part):
    assert leaking(tmp_path, lambda n, _label: part if n == 7 else f"{n}.jpg") == ["gold-leak"]


def test_a_label_of_several_words_is_found_in_a_name(tmp_path):
    def cell(n, label):
        return f"pictures/{'big_weed' if label == 'weed' else 'small-crop'}/{n}.jpg"

    assert leaking(tmp_path, cell, labels=["Small crop", "big weed"]) == ["gold-leak"]


def test_the_column_of_ids_is_never_shown(tmp_path):
    assert leaking(tmp_path, lambda n, _label: f"{n}", show=["Item"]) == ["wrong-value"]


def test_a_draw_needs_a_seed_and_vendors(tmp_path):
    with pytest.raises(InputError) as caught:
        draw_sample(pilot().model_copy(update={"seed": ""}), gold(5), field(tmp_path, 5), (), Order(5))
    assert [issue.code for issue in caught.value.issues] == ["missing-key", "missing-key"]
