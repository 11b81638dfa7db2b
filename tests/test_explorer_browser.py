"""report.html in a real Chromium: offline, driven by random weights and by the keyboard, in every light and width."""

import json
import random
import re
from functools import partial
from urllib.parse import quote

import pytest
from browser import AXE, Opened, needs_axe, needs_browser, wait_until
from builders import run, write_evaluation
from pypdf import PdfReader
from test_explorer_arithmetic import Reference

from vendor_eval.config.shipped import samples_folder
from vendor_eval.reports.page.document import report_page

pytestmark = needs_browser
NEAR = partial(pytest.approx, rel=0, abs=1e-9)
# Brackets and quotes, what ends a line of script, a right-to-left override, letters of another direction, and length.
SCRIPT = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
HOSTILE = f"{SCRIPT}\"'`&amp;\u2028\u2029\u202e${{7*7}} {{{{ 7 * 7 }}}}"
ARABIC = "شركة البيانات 42 (Ltd)"
LONG = "Wort" * 200
AGREED = {"weights": None, "set": {}, "rule": "", "prices": {}, "out": [], "without": ""}
# All that can be reached by Tab; of radio buttons with one name the one that is chosen.
CONTROLS = """() => {
  const named = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const shown = [...document.querySelectorAll(named)].filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility(
    {visibilityProperty: true}) && !(e.type === 'radio' && !e.checked && document.querySelector(
    `input[type=radio][name="${CSS.escape(e.name)}"]:checked`)));
  shown.forEach((e, at) => (e.dataset.tabPlace = at));
  return shown.map((e) => e.outerHTML.slice(0, 120));
}"""
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const banner = document.getElementById('banner'), covered = banner.contains(e) ? 0 : banner.getBoundingClientRect();
  const top = getComputedStyle(banner).position === 'sticky' && covered.top <= 1 ? covered.bottom : 0;
  const inside = box.bottom > top + 1 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {place: e.dataset.tabPlace ?? '', seen: (outlined || style.boxShadow !== 'none') && inside,
          markup: e.outerHTML.slice(0, 120)};
}"""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (e) => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  return [...document.body.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement))
    .map((e) => e.outerHTML.slice(0, 100)).slice(0, 8);
}"""


@pytest.fixture(scope="module")
def full():
    return Reference(samples_folder() / "full")


@pytest.fixture(scope="module")
def result(full):
    return full.result


def agreed_weights(full):
    data = full.data
    points = {n: w for n, w in zip(data.categories.ids, data.categories.weights, strict=True) if w is not None}
    return {**points, "price": data.price.weight}


def moved(weights, name, points, pinned=()):
    """Weights after one has moved: pinned ones stay, all others keep their proportions."""
    kept = sum(weights[other] for other in pinned)
    points = min(points, 100 - kept)
    free = [other for other in weights if other not in {name, *pinned}]
    scale = (100 - kept - points) / sum(weights[other] for other in free)
    return {**weights, name: points, **{other: weights[other] * scale for other in free}}


def assert_is_pythons(window, reference, **state):
    """Every row, and the order of all, is what the evaluation run again gives."""
    expected = reference.expected({**AGREED, **state})
    rows = {row["vendor"]: row for row in window.rows()}
    for name in set(rows) - set(expected["vendors"]):
        assert (rows[name]["rank"], rows[name]["score"]) == ("", ""), name
    for name, vendor in expected["vendors"].items():
        rank, score = rows[name]["rank"], rows[name]["score"]
        assert rank == ("" if vendor["rank"] is None else str(vendor["rank"])), name
        assert float(score) == NEAR(vendor["score"]), name
    assert [row["vendor"] for row in window.rows() if row["rank"]] == list(expected["ranking"])


def assert_weights(window, weights):
    for name, points in weights.items():
        # A box shows points as a person reads them.
        assert window.number(f"number-{name}") == pytest.approx(points, abs=0.051)
        assert window.number(f"weight-{name}") == pytest.approx(points, abs=0.051)
    assert sum(window.number(f"weight-{name}") for name in weights) == pytest.approx(100, abs=0.05 * len(weights))


# ---- offline, and closed to what is not its own


def test_it_opens_offline_with_one_request_and_no_complaint(opened, result):
    assert [row["vendor"] for row in opened.rows()] == [vendor.id for vendor in result.in_order]
    for row, vendor in zip(opened.rows(), result.in_order, strict=True):
        assert (row["rank"], row["agreedRank"]) == (str(vendor.rank or ""),) * 2
        assert float(row["score"]) == NEAR(vendor.score)
        assert float(row["agreedScore"]) == vendor.score
    assert not opened.banner
    assert "nternal" in opened.page.inner_text("body")


def test_a_script_that_is_not_its_own_does_not_run(browser, report, tmp_path):
    file = tmp_path / "report.html"
    injected = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'><p style='color: red' id=red>"
    text = report.read_text(encoding="utf-8")
    assert "<main" in text
    file.write_text(re.sub(r"(<main[^>]*>)", lambda start: start[1] + injected, text, count=1), encoding="utf-8")
    with Opened(browser, file) as window:
        window.page.evaluate("""() => {
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.append(script);
        }""")
        assert window.page.evaluate("fetch('https://example.com').then(() => 'fetched', () => 'refused')") == "refused"
        assert window.page.evaluate("window.hacked") is None
        assert window.page.evaluate("getComputedStyle(document.getElementById('red')).color") != "rgb(255, 0, 0)"
        assert len([line for line in window.messages if "Content Security Policy" in line]) >= 4
        assert len(window.rows()) == 6


def hostile_evaluation(folder):
    """An evaluation all of whose texts are hostile: names, questions, answers, comments, evidence, findings."""
    tree = {
        "a": {"title": HOSTILE, "A1": {
            "Q1": {"text": HOSTILE, "gates": [{"kind": "must", "min": 50, "reason": HOSTILE}]}, "Q2": {"text": LONG}}},
        "b": {"B1": {"Q3": {"text": ARABIC}, "Q4": {"type": "single_choice", "options": [
            {"label": f"{SCRIPT} one", "score": 0}, {"label": f"{ARABIC} two", "score": 100}]}}},
    }  # fmt: skip
    answers = {
        "acme": {"Q1": (80, HOSTILE, HOSTILE), "Q2": HOSTILE, "Q3": (10, LONG, LONG), "Q4": f"{SCRIPT} one"},
        "bolt": {"Q1": (20, ARABIC, ARABIC), "Q2": LONG, "Q4": f"{ARABIC} two"},
        "cord": {"Q1": 90},
    }
    names = {"acme": HOSTILE, "bolt": ARABIC, "cord": LONG}
    files = {
        "acme": "responses/a'b;{}&x.xlsx",
        "bolt": f"responses/{ARABIC}.xlsx",
        "cord": f"responses/{'x' * 150}.xlsx",
    }
    settings = json.dumps({
        "title": HOSTILE,
        "vendors": [{"id": name, "name": names[name], "file": files[name]} for name in names],
    })  # fmt: skip
    findings = "".join(
        f"- {json.dumps({'vendor': name, 'question': 'Q3', 'verified': True, 'by': SCRIPT, 'reason': HOSTILE})[:-1]},"
        " date: 2026-11-22}\n"
        for name in ("acme",)
    )
    write_evaluation(folder, tree, answers, settings=settings, findings=findings)
    for name, file in files.items():
        (folder / "responses" / f"{name}.xlsx").rename(folder / file)
    return run(folder)


def test_hostile_texts_are_shown_as_texts(browser, tmp_path):
    result = hostile_evaluation(tmp_path)
    file = tmp_path / "report.html"
    file.write_bytes(report_page(result))
    with Opened(browser, file, viewport={"width": 320, "height": 800}) as window:
        page = window.page
        shown = page.inner_text("#ranking").replace("\u2068", "").replace("\u2069", "")
        assert "<script>window.hacked = 1</script>" in shown
        assert ARABIC in shown
        assert len({row["vendor"] for row in window.rows()}) == 3
        for opener in page.locator("summary").all():
            if opener.is_visible():
                opener.click()
        for button in page.locator("main button").all():
            if button.is_visible() and button.is_enabled():
                button.click()
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 2
        assert "\u202e" not in page.inner_text("body")
        assert page.evaluate(WIDER) == []
        assert window.messages == []
        assert window.requests == [window.url]


# ---- weights


def test_random_weights_give_what_python_gives(opened, full):
    chance = random.Random(17)  # noqa: S311  nothing is secret here
    weights = agreed_weights(full)
    for _ in range(12):
        kind, name = chance.choice(["weight", "number"]), chance.choice([*weights])
        points = chance.choice([0, 100, chance.randint(1, 99), chance.randint(1, 99), chance.randint(1, 99)])
        if points == 100:
            points = 99
        opened.set(f"{kind}-{name}", points)
        weights = moved(weights, name, points)
        assert_weights(opened, weights)
        assert_is_pythons(opened, full, weights=weights)
        assert opened.banner
        for row in opened.rows():
            assert row["agreedRank"] == str(full_rank(opened, row["vendor"]))
    opened.page.locator("#reset").click()
    assert_weights(opened, agreed_weights(full))
    assert_is_pythons(opened, full, weights=agreed_weights(full))
    assert not opened.banner


def full_rank(window, vendor):
    """The agreed rank as the markup without script has it."""
    row = re.search(rf'data-vendor="{vendor}"[^>]*data-agreed-rank="(\d*)"', window.file_text)
    return row[1]


def test_a_price_of_twenty_leaves_security_its_points_of_the_total(opened, full):
    weights = agreed_weights(full)
    assert_weights(opened, weights)
    assert sum(weights.values()) == NEAR(100)
    assert weights["security"] == NEAR(full.evaluation.weights["security"] * (100 - weights["price"]) / 100)
    for name in weights:
        slider = opened.page.locator(f'input[type=range][name="weight-{name}"]')
        box = opened.page.locator(f'input[name="number-{name}"]')
        assert [(each.get_attribute("min"), each.get_attribute("max")) for each in (slider, box)] == [("0", "100")] * 2


def test_moving_a_weight_back_gives_the_agreed_result_again(opened, full):
    weights = agreed_weights(full)
    opened.set("number-security", 40)
    assert opened.banner
    opened.set("number-security", weights["security"])
    assert not opened.banner
    assert_is_pythons(opened, full, weights=weights)


# What a script does that sets a control, and says so by one event.
SET_BY_SCRIPT = "(e, [value, kind]) => { e.value = value; e.dispatchEvent(new Event(kind, {bubbles: true})); }"


@pytest.mark.parametrize("kind", ["input", "change"])
@pytest.mark.parametrize("control", ["weight", "number"])
def test_either_event_of_a_control_moves_its_weight(opened, full, control, kind):
    opened.page.locator(f'[name="{control}-security"]').evaluate(SET_BY_SCRIPT, ["41.5", kind])
    weights = moved(agreed_weights(full), "security", 41.5)
    assert_weights(opened, weights)
    assert_is_pythons(opened, full, weights=weights)
    assert opened.banner


def test_the_others_get_back_what_they_had_before_one_took_all(opened, full):
    slider = opened.page.locator('[name="weight-price"]')
    opened.set("number-security", 40)
    weights = moved(agreed_weights(full), "security", 40)
    slider.evaluate(SET_BY_SCRIPT, ["100", "input"])
    slider.evaluate(SET_BY_SCRIPT, ["35", "input"])
    assert_is_pythons(opened, full, weights=moved(weights, "price", 35))
    opened.page.locator("#reset").click()
    slider.evaluate(SET_BY_SCRIPT, ["100", "input"])
    slider.evaluate(SET_BY_SCRIPT, ["35", "input"])
    assert_is_pythons(opened, full, weights=moved(agreed_weights(full), "price", 35))


def test_the_figure_that_a_box_showed_is_the_agreed_weight(browser, tmp_path):
    tree = {name: {name.upper(): {f"Q{name}": {}}} for name in "abc"}
    file = tmp_path / "report.html"
    file.write_bytes(report_page(run(write_evaluation(tmp_path, tree, {"acme": {"Qa": 10, "Qb": 70, "Qc": 20}}))))
    with Opened(browser, file) as window:
        agreed = window.rows()
        box = window.page.locator('[name="number-a"]')
        assert box.input_value() == "33.3"
        box.fill("61")
        assert window.banner
        box.fill("33.3")
        box.press("Enter")
        assert not window.banner
        assert window.rows() == agreed


def test_a_box_that_has_the_focus_follows_what_else_is_set(opened, full):
    box = opened.page.locator('[name="number-security"]')
    box.fill("40")
    opened.page.evaluate("document.getElementById('reset').click()")
    assert_weights(opened, agreed_weights(full))
    opened.page.evaluate("location.hash = 'w=security:55'")
    wait_until(lambda: float(box.input_value()) == 55)
    assert box.evaluate("box => box === document.activeElement")


@pytest.mark.parametrize("typed", ["12,5", "12.5", " 12,50 "])
def test_a_box_takes_decimals_behind_a_comma_or_a_point(opened, full, typed):
    opened.set("number-security", typed)
    assert opened.number("weight-security") == 12.5
    opened.page.locator('[name="number-security"]').press("Enter")
    assert_weights(opened, moved(agreed_weights(full), "security", 12.5))
    assert opened.page.locator('[name="number-security"]').input_value() == "12.5"
    assert not opened.page.locator(".refusal").filter(has_text="not taken").count()


@pytest.mark.parametrize("typed", ["-5", "400", "1e999", "many", "1,2,3"])
def test_a_box_refuses_in_words_what_is_out_of_range_and_moves_nothing(opened, full, typed):
    box, before = opened.page.locator('[name="number-security"]'), agreed_weights(full)
    opened.set("number-security", "30")
    box.fill(typed)
    refusal = opened.page.locator('[data-weight="security"] .refusal')
    words = f"“{typed}” is not taken: write a number from 0 to 100.0. The weight stays 30.0."
    assert refusal.inner_text() == words
    box.press("Enter")
    assert (box.input_value(), refusal.inner_text()) == ("30.0", words)
    assert_weights(opened, moved(before, "security", 30))
    box.fill("31")
    assert refusal.inner_text() == ""


def test_a_box_refuses_more_than_the_fixed_weights_leave(opened, full):
    opened.page.locator('[name="pin-price"]').check()
    opened.set("number-security", "95")
    refusal = opened.page.locator('[data-weight="security"] .refusal')
    assert "write a number from 0 to 80.0, since the rest is fixed" in refusal.inner_text()
    opened.page.locator('[name="number-security"]').press("Enter")
    assert_weights(opened, agreed_weights(full))


def test_a_price_is_refused_where_it_is_none_or_could_be_two(opened):
    opened.page.locator("#what-if select").first.select_option("mwanzora")
    box = opened.page.locator('[name="price-of-mwanzora"]')
    shown = box.input_value()
    refusal = opened.page.locator("#what-if .refusal")
    for typed, words in (("0", "write an amount above 0"), ("700,000", "may be 700000 or 700")):
        box.fill(typed)
        box.press("Enter")
        assert words in refusal.inner_text()
        assert box.input_value() == shown
    box.fill("700000,5")
    box.press("Enter")
    wait_until(lambda: "prices=mwanzora:700000.5" in opened.page.url)
    assert refusal.inner_text() == ""


@pytest.mark.parametrize("value", ["", "-5", "400", "1e999"])
def test_a_number_that_is_no_weight_does_no_harm(opened, full, value):
    opened.set("number-security", value)
    points = opened.number("weight-security")
    assert 0 <= points <= 100
    total = sum(opened.number(f"weight-{name}") for name in agreed_weights(full))
    assert total == pytest.approx(100, abs=0.5)
    assert all(re.fullmatch(r"[\d.]*", row["score"]) for row in opened.rows())


def test_arrow_keys_move_a_slider(opened, full):
    slider = opened.page.locator('[name="weight-security"]')
    before = opened.number("weight-security")
    slider.focus()
    for _ in range(3):
        opened.page.keyboard.press("ArrowRight")
    after = opened.number("weight-security")
    assert 1 <= after - before <= 16
    opened.page.keyboard.press("Home")
    assert_is_pythons(opened, full, weights=moved(agreed_weights(full), "security", 0))
    opened.page.keyboard.press("End")
    assert opened.number("weight-security") == 100


def test_a_fixed_weight_stays_and_the_others_share_what_is_left(opened, full):
    agreed = agreed_weights(full)
    opened.page.locator('[name="pin-price"]').check()
    assert not opened.banner
    opened.set("number-security", 40)
    weights = moved(agreed, "security", 40, ["price"])
    assert_weights(opened, weights)
    assert_is_pythons(opened, full, weights=weights)
    opened.set("number-security", 80)
    assert_is_pythons(opened, full, weights=moved(weights, "security", 80, ["price"]))
    opened.page.locator('[name="pin-price"]').uncheck()
    opened.set("number-security", 30)
    after = {"price": 20, "security": 80, **{name: 0 for name in agreed if name not in {"price", "security"}}}
    # Nothing was left of the rest: the price alone was in proportion.
    assert_is_pythons(opened, full, weights={**after, "security": 30, "price": 70})


def test_a_named_set_of_weights_is_pythons(opened, full):
    agreed = agreed_weights(full)
    names = list(full.data.categories.presets)[:2]
    for name in names:
        opened.page.locator("#preset").select_option(name)
        points = dict(zip(full.data.categories.ids, full.data.categories.presets[name], strict=True))
        weights = {category: points[category] or 0 for category in agreed if category != "price"}
        assert_is_pythons(opened, full, weights={**weights, "price": agreed["price"]})
    opened.page.locator("#preset").select_option("")
    assert not opened.banner


# ---- the address


def test_the_address_holds_the_state_so_that_it_can_be_sent(browser, report, opened, full):
    opened.set("number-security", 40)
    wait_until(lambda: "security:40" in opened.page.evaluate("location.hash"))
    fragment = opened.page.evaluate("location.hash.slice(1)")
    with Opened(browser, report, fragment) as other:
        assert_is_pythons(other, full, weights=moved(agreed_weights(full), "security", 40))
        assert other.rows() == opened.rows()
        assert other.banner
        other.page.locator("#reset").click()
        assert not other.banner
        wait_until(lambda: "security" not in other.page.evaluate("location.hash"))


@pytest.mark.parametrize("sent", [str, partial(quote, safe="")])
def test_an_address_sets_weights_and_what_ifs(browser, report, full, sent):
    fragment = sent("w=security:40,price:20&set=brenovik/GEN-07:best&out=zenquora")
    agreed = agreed_weights(full)
    left = {name: points for name, points in agreed.items() if name not in {"security", "price"}}
    scale = 40 / sum(left.values())
    weights = {"security": 40, "price": 20, **{name: points * scale for name, points in left.items()}}
    with Opened(browser, report, fragment) as window:
        assert_weights(window, weights)
        out = [row for row in full.data.vendors.ids if row.startswith("zenquora")]
        assert_is_pythons(window, full, weights=weights, set={"brenovik/GEN-07": "best"}, out=out)
        assert window.banner


@pytest.mark.parametrize(
    "fragment",
    [
        "w=security:NaN,price:-3,none:4",
        "w=security:1e400",
        "w=__proto__:5,constructor:7&set=__proto__/x:best&without=__proto__&out=constructor",
        "set=brenovik/NONE-01:best,nobody/GEN-07:best,brenovik/GEN-07:worst",
        "rule=none&prices=brenovik:-1,mwanzora:x",
        "%E0%A4%A&&&===,,,:::",
        "w=%3Cscript%3Ewindow.hacked=1%3C/script%3E:5",
        "x=" + "y" * 20_000,
    ],
)
def test_a_malformed_or_hostile_address_does_no_harm(browser, report, full, fragment):
    with Opened(browser, report, fragment) as window:
        assert_is_pythons(window, full, weights=agreed_weights(full))
        assert not window.banner
        assert window.page.evaluate("window.hacked") is None
        assert window.page.evaluate(WIDER) == []
        assert window.messages == []
        window.set("number-security", 40)
        assert window.banner
        assert_is_pythons(window, full, weights=moved(agreed_weights(full), "security", 40))


# ---- what if


def test_what_ifs_of_every_kind_give_what_python_gives(browser, report, full):
    agreed = agreed_weights(full)
    chance = random.Random(4)  # noqa: S311  nothing is secret here
    keys = [f"{vendor}/{question}" for vendor in full.data.vendors.ids for question in full.data.questions.ids]
    evaluator = next(iter(full.data.without))
    parts = [
        *(
            {"set": {key: chance.choice(["proven", "failed", "best"]) for key in chance.sample(keys, 20)}}
            for _ in "abc"
        ),
        {"rule": "lowest_ratio"},
        {"prices": {"mwanzora": 700_000}},
        {"out": ["trellith"]},
        {"without": evaluator},
    ]
    for part in parts:
        ((name, value),) = part.items()
        if isinstance(value, dict):
            value = ",".join(f"{key}:{each}" for key, each in value.items())
        fragment = f"{name}={value[0] if isinstance(value, list) else value}"
        with Opened(browser, report, fragment) as window:
            assert window.banner == (part != {"rule": full.evaluation.price.rule}), fragment
            assert_is_pythons(window, full, weights=agreed, **part)
            assert window.messages == []


def test_what_is_set_by_hand_gives_what_python_gives(opened, full):
    agreed, page = agreed_weights(full), opened.page
    page.locator('#what-if [name="out-pacandan"]').check()
    page.locator('#what-if select[name="rule"]').select_option("lowest_ratio")
    page.locator("#what-if select").first.select_option("mwanzora")
    page.locator('[name="price-of-mwanzora"]').fill("700000")
    page.keyboard.press("Tab")
    state = {"out": ["pacandan"], "rule": "lowest_ratio", "prices": {"mwanzora": 700_000}}
    assert_is_pythons(opened, full, weights=agreed, **state)
    assert opened.banner
    page.locator("#reset").click()
    assert_is_pythons(opened, full, weights=agreed)
    assert not opened.banner
    assert not page.locator('#what-if [name="out-pacandan"]').is_checked()


# ---- for everybody


def open_details(window):
    """Open the first of everything that opens, down to an answer."""
    for _ in range(4):
        window.page.evaluate("""() => {
          for (const part of document.querySelectorAll('section')) {
            const closed = [...part.querySelectorAll('details:not([open])')].filter((e) => e.checkVisibility());
            closed.slice(0, 3).forEach((each) => each.querySelector('summary').click());
          }
        }""")


@pytest.mark.parametrize("fragment", ["", "w=security:60&set=brenovik/GEN-07:best"])
def test_every_control_is_reached_by_tab_and_shows_it(browser, report, fragment):
    with Opened(browser, report, fragment) as window:
        if fragment:
            open_details(window)
        controls = window.page.evaluate(CONTROLS)
        assert len(controls) > 30
        reached, unseen = set(), []
        for _ in range(len(controls) + 5):
            window.page.keyboard.press("Tab")
            focus = window.page.evaluate(FOCUSED)
            reached.add(focus["place"])
            if focus["place"] and not focus["seen"]:
                unseen.append(focus["markup"])
        assert unseen == []
        assert [markup for place, markup in enumerate(controls) if str(place) not in reached] == []


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["agreed", "changed", "opened"])
def test_axe_finds_nothing(browser, report, scheme, state):
    fragment = "" if state == "agreed" else "w=security:60&set=brenovik/GEN-07:best&out=mwanzora"
    with Opened(browser, report, fragment, color_scheme=scheme) as window:
        if state == "opened":
            open_details(window)
        window.page.evaluate(AXE.read_text(encoding="utf-8"))
        report = window.page.evaluate(
            "axe.run({rules: {'target-size': {enabled: true}}, resultTypes: ['violations', 'incomplete']})"
        )
        faults = {v["id"]: [node["html"][:120] for node in v["nodes"]][:5] for v in report["violations"]}
        assert faults == {}
        assert window.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (640, "100%"), (1280, "200%")])
def test_nothing_is_cut_off_when_narrow_or_large(browser, report, width, text):
    with Opened(browser, report, "w=security:60", viewport={"width": width, "height": 480}) as window:
        window.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        open_details(window)
        assert window.page.evaluate(WIDER) == []
        assert window.page.locator('[name="weight-security"]').is_visible()
        box = window.page.locator('[name="number-security"]').bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= width


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_rows_move_only_for_those_who_like_it(browser, report, motion):
    with Opened(browser, report, reduced_motion=motion) as window:
        window.set("number-price", 95)
        moving = window.page.evaluate("document.getAnimations().length")
        assert motion == "no-preference" or moving == 0


def test_dark_is_dark(browser, report):
    for scheme, dark in (("light", False), ("dark", True)):
        with Opened(browser, report, color_scheme=scheme) as window:
            window.page.evaluate("document.body.style.transition = 'none'")
            colors = window.page.evaluate("""() => ['html', 'body'].map((name) =>
              getComputedStyle(document.querySelector(name)).backgroundColor)""")
            painted = [color for color in colors if color != "rgba(0, 0, 0, 0)"]
            assert painted, "the page has a ground of its own"
            assert (sum(map(float, re.findall(r"[\d.]+", painted[-1])[:3])) < 200) == dark


def test_it_prints(browser, report, result, tmp_path):
    with Opened(browser, report, color_scheme="dark") as window:
        file = tmp_path / "report.pdf"
        window.page.pdf(path=file, format="A4")
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
        for vendor in result.in_order:
            assert vendor.name in text
        window.page.emulate_media(media="print")
        assert not window.page.locator('[name="weight-security"]').is_visible()
        assert not window.page.locator("#conditions").is_visible()  # until one of its lists is open
        window.page.set_viewport_size({"width": 680, "height": 900})
        assert window.page.evaluate(WIDER) == []


def test_without_script_ranking_heat_map_and_reasons_are_there(browser, report, result, full):
    with Opened(browser, report, java_script_enabled=False) as window:
        text = " ".join(window.page.inner_text("main").split())
        assert [row["vendor"] for row in window.rows()] == [vendor.id for vendor in result.in_order]
        for vendor in result.in_order:
            assert vendor.name in text
            assert f"{vendor.score:.1f}" in text
        categories = full.data.categories
        for title, weight in zip(categories.titles, categories.weights, strict=True):
            assert weight is None or title in text
        assert window.messages == []
