"""The sample of a pilot: drawn by a rule that anybody can redo, and packages that tell vendors nothing."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from datetime import date

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


# ------------------------------------------------------------------------------------------------ commands


def cli(*arguments):
    return CliRunner().invoke(main, ["pilot", *map(str, arguments)], prog_name="vendor-eval")


def folder_with_gold(folder, count=60, **keys):
    """A pilot without an evaluation, with gold for some of a hundred images."""
    given_keys = {"title": "Weeds", "task": "classification", "labels": ["crop", "weed"], "measured_on": "2026-11-23"}
    given_keys |= {"seed": SEED, "phases": PHASES, "show": ["text"], "vendors": [*VENDORS]}
    (folder / "pilot.yaml").write_text(yaml.safe_dump(given_keys | keys, sort_keys=False), encoding="utf-8")
    rows = [f"img-{n},{('crop', 'weed')[n % 2]}" for n in range(count)]
    (folder / "gold.csv").write_text("\n".join(["item,label", *rows, ""]), encoding="utf-8")
    return field(folder, 100)


def files_below(folder):
    return {f"{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_sample_writes_the_plan_and_the_packages_and_says_what_each_has(tmp_path):
    items = folder_with_gold(tmp_path)
    done = cli("sample", tmp_path, items, "-n", 40, "--fill", 20, "--stratify", "site")
    assert done.exit_code == 0, done.stderr
    order = Order(40, 20, 10, "site")
    drawn = draw_sample(pilot(), gold(60), items, VENDORS, order)
    assert {name: (tmp_path / name).read_bytes() for name in drawn.files} == drawn.files
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["pilot.yaml", "gold.csv", "items.csv", "plan.csv", "packages"]
    )
    head, _, *rest = done.stdout.splitlines()
    assert head == "40 items with gold, 20 without, 4 of the first twice, for each of 2 vendors"
    lines = [line.split() for line in rest]
    assert lines[0] == ["Vendor", "Package", "Phase", "Tasks", "Gold", "Work", "Duplicates"]
    assert [line[:3] for line in lines[2:]] == [
        [vendor, f"packages/{vendor}/tasks-{number}.csv", phase]
        for vendor in VENDORS
        for number, phase in enumerate(PHASES, start=1)
    ]
    for vendor in VENDORS:
        counts = np.array([line[3:] for line in lines[2:] if line[0] == vendor], dtype=int).sum(axis=0)
        assert counts.tolist() == [64, 40, 20, 4]
    assert "re-encode" in done.stderr


def test_a_plan_is_replaced_only_by_force_and_then_no_old_package_stays(tmp_path):
    items = folder_with_gold(tmp_path)
    assert cli("sample", tmp_path, items, "-n", 40).exit_code == 0
    before = files_below(tmp_path)
    again = cli("sample", tmp_path, items, "-n", 40)
    assert (again.exit_code, "--force" in again.stderr) == (1, True)
    assert files_below(tmp_path) == before
    assert cli("sample", tmp_path, items, "-n", 40, "--force").exit_code == 0
    assert files_below(tmp_path) == before
    folder_with_gold(tmp_path, phases={"only": 100}, vendors=["acme"])
    assert cli("sample", tmp_path, items, "-n", 10, "--force").exit_code == 0
    assert {name for name in files_below(tmp_path) if "tasks" in name} == {"packages/acme/tasks-1.csv"}
    (tmp_path / "plan.csv").unlink()
    assert cli("sample", tmp_path, items, "-n", 10).exit_code == 1


def test_a_draw_that_stops_writes_nothing(tmp_path):
    items = folder_with_gold(tmp_path)
    items_file(tmp_path, [(f"img-{n}", ("crop", "weed")[n % 2], "x") for n in range(60)])
    before = files_below(tmp_path)
    done = cli("sample", tmp_path, items, "-n", 40)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "[gold-leak]" in done.stderr
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"item,text,site\nimg-1,a,b\nimg-1,c,d\n", "item-twice"),
        (b"item,text,site\n img-1,a,b\n,c,d\n", "bad-row"),
        (b"item,text,site\nimg-1,a\n", "bad-row"),
        (b'item,text,site\nimg-1,"a,b\n', "bad-row"),
        (b"id,text,site\nimg-1,a,b\n", "missing-column"),
        (b"item,site\nimg-1,b\n", "missing-column"),
        (b"item,text,site\nimg-1,\xe4,b\n", "not-utf8"),
        (b"%PDF-1.7", "unreadable"),
        (b"", "unreadable"),
    ],
    ids=["twice", "no id", "narrow", "quote", "no items", "not shown", "latin", "pdf", "empty"],
)
def test_a_file_that_is_none_stops_the_draw(tmp_path, content, code):
    items = folder_with_gold(tmp_path, count=1)
    items.write_bytes(content.replace(b"img-1", b"img-0"))
    done = cli("sample", tmp_path, items, "-n", 1)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"[{code}]" in done.stderr
    assert not (tmp_path / "plan.csv").exists()


def test_a_sample_of_a_risk_has_the_size_of_its_plan(tmp_path):
    items = folder_with_gold(tmp_path, risk={"promised": 95, "unacceptable": 80})
    assert cli("sample", tmp_path, items, "--risk").exit_code == 0
    wanted = json.loads(cli("plan", "--promised", 95, "--unacceptable", 80, "--json").stdout)["n"]
    kinds = Counter((row["vendor"], row["kind"]) for row in rows_of((tmp_path / "plan.csv").read_bytes()))
    assert kinds["acme", "gold"] == wanted
    folder_with_gold(tmp_path)
    assert cli("sample", tmp_path, items, "--risk", "--force").exit_code == 1


@pytest.mark.parametrize("more", [(), ("-n", 5, "--risk"), ("-n", 0), ("a", "b", "-n", 5)], ids=str)
def test_sample_needs_its_size_once(tmp_path, more):
    assert cli("sample", tmp_path, folder_with_gold(tmp_path), *more).exit_code == 2


def test_the_plan_is_printed_in_words_and_as_json():
    done = cli("plan", "--promised", 98, "--unacceptable", 95)
    assert done.stdout.splitlines() == [
        "Check 306 items with gold; accept the batch with 10 errors or fewer.",
        "A batch at 98 % is refused in 4.604 % of cases (seller's risk).",
        "A batch at 95 % is accepted in 9.871 % of cases (buyer's risk).",
    ]
    made = json.loads(cli("plan", "--promised", 99.5, "--unacceptable", 98, "--buyer-risk", 5, "--json").stdout)
    assert (list(made), made["n"], made["c"]) == (["schema", "n", "c", "seller_risk", "buyer_risk"], 523, 5)
    assert cli("plan", "--promised", 95, "--unacceptable", 98).exit_code == 2
    assert cli("plan", "--promised", 101, "--unacceptable", 98).exit_code == 2


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("sample", ["full", "small", None])
def test_what_init_writes_loads_and_links_each_promise_that_is_asked(tmp_path, sample, task):
    if sample:
        source = samples_folder() / sample
        for name in ("evaluation.yaml", "findings.yaml"):
            (tmp_path / name).write_bytes((source / name).read_bytes())
        (tmp_path / "annexes").symlink_to(samples_folder() / "full" / "annexes")
    done = cli("init", tmp_path, "--task", task)
    assert done.exit_code == 0, done.stderr
    folder = tmp_path / "pilot" if sample else tmp_path
    evaluation = load_evaluation(tmp_path) if sample else None
    settings = load_pilot(folder, evaluation)
    assert settings.links == links_for(evaluation, task)
    asked = evaluation.asked_questions if evaluation else {}
    assert [link.question for link in settings.links] == [
        promise.question for promise in PROMISES if task in promise.tasks and promise.question in asked
    ]
    assert [line.split(" means: ")[0] for line in done.stdout.splitlines()] == [
        f"{link.figure} in {link.question}" for link in settings.links
    ]
    text = (folder / "pilot.yaml").read_text("utf-8")
    assert all(f"# {meaning}\n" in text for meaning in PilotSettings.meanings().values())
    assert [key for key in PilotSettings.meanings() if not re.search(rf"^(# )?{key}:", text, re.MULTILINE)] == []
    assert ("Add to" in done.stderr) == bool(sample)
    again = cli("init", tmp_path, "--task", task)
    assert (again.exit_code, (folder / "pilot.yaml").read_text("utf-8")) == (1, text)


def test_every_draft_has_a_seed_of_its_own_and_its_examples_are_sound():
    first, second = (draft(None, "boxes", date(2026, 11, 24)) for _ in range(2))
    assert first != second
    assert "margin: 3}    # compared only with quality_target" in first
    opened = re.sub(r"^# ?(?=[a-z_]+:|  - )", "", first, flags=re.MULTILINE)
    assert PilotSettings.model_validate(yaml.safe_load(opened)).vendors == ("acme", "bolt")
