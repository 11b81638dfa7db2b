"""The engine: nothing is fetched, nothing undefined is printed, and without Pango there is HTML."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest
from fontTools.ttLib import TTFont
from made_results import sample

from vendor_eval.reports.pages import documents as paper, pdf as engine

# Every library of the system fails to load, as on a machine without Pango.
WITHOUT_PANGO = """
import sys, types
sys.path.insert(0, {tests!r})
import cffi
def refuse(self, name, flags=0):
    raise OSError(f"cannot load library {{name!r}}: no such file")
cffi.FFI.dlopen = refuse
from made_results import sample
from vendor_eval.reports.pages import documents as paper
for name, document in (
    ("comparison", paper.comparison(sample("small"), paper="Letter")),
    ("scorecard", paper.scorecard(sample("small"), "okavira")),
):
    open(name + document.suffix, "wb").write(document.data)
    print(*document.warnings, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def without_pango(tmp_path_factory):
    folder = tmp_path_factory.mktemp("without")
    here = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANGO.format(tests=str(here))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(here.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    return folder, run


def test_without_pango_the_same_pages_are_html_and_the_warning_says_what_to_install(without_pango):
    folder, run = without_pango
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == ["comparison.html", "scorecard.html"]
    for package in ("libpango-1.0-0", "dnf install pango", "brew install pango", "mingw-w64-ucrt-x86_64-pango"):
        assert package in run.stderr


def test_html_to_print_is_whole_and_asks_for_nothing(without_pango):
    text = (without_pango[0] / "comparison.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "size: letter" in text
    assert '<h1 class="verdict">Recommended: Okavira Data</h1>' in text
    assert "81.3 of 100 points" in text
    assert "default-src 'none'" in text
    for word in ("<script", "<link", "src=", "url(", "@import", " href="):
        assert word not in text


def press():
    found = engine._press()
    if isinstance(found, str):
        pytest.skip("Pango is not installed")
    return found


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/x.png", "data:text/plain,x", "other.png"])
def test_a_page_that_asks_for_anything_is_not_printed(url):
    page = f'<html><head></head><body><img src="{url}"/><p style="background: url({url})">x</p></body></html>'
    fatal = press().weasyprint.urls.FatalURLFetchingError
    if ":" in url:
        with pytest.raises(fatal, match="a page asked for"):
            press().print(page, "A4")
    else:
        assert press().print(page, "A4").data.startswith(b"%PDF")


def test_the_style_and_the_templates_name_no_place():
    folder = Path(engine.__file__).parent.parent / "templates"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    assert "url(" not in text
    assert "href=" not in text
    assert "| safe" not in text
    assert "|safe" not in text
    for slow in ("flex", "grid", "box-shadow", "::before"):
        assert slow not in text


def test_what_a_template_does_not_know_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        engine.templates().from_string("{{ nothing }}").render()


def test_everything_printed_is_escaped_and_cleaned():
    made = engine.templates().from_string('<p title="{{ x }}">{{ x }}</p>').render(x='<a href="x">\u202eb\x00</a>')
    assert made == '<p title="&lt;a href=&#34;x&#34;&gt;b&lt;/a&gt;">&lt;a href=&#34;x&#34;&gt;b&lt;/a&gt;</p>'


def test_a_render_leaves_the_environment_and_the_collector_as_they_were(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    paper.comparison(sample("small"), brief=True)
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"
    assert "FONTCONFIG_FILE" not in os.environ
    assert gc.isenabled()


def test_without_harfbuzz_subset_the_bytes_do_not_bear_the_time_of_day(monkeypatch):
    paper.scorecard(sample("small"), "okavira")
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    drawn = set()
    for moment in (1, 2_000_000_000):
        monkeypatch.setattr("fontTools.ttLib.tables._h_e_a_d.timestampNow", lambda moment=moment: moment)
        drawn.add(paper.scorecard(sample("small"), "okavira").data)
    assert len(drawn) == 1


def test_importing_the_reports_imports_no_weasyprint_and_no_jinja():
    script = (
        "import sys; from vendor_eval.reports.pages import documents; "
        "from vendor_eval.reports.terminal import ranking; "
        "print({'weasyprint', 'jinja2'} & set(sys.modules))"
    )
    root = str(Path(__file__).parent.parent)
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "set()"


# A letter of Phags-pa, which next to no machine has a font for.
RARE = "\ua840"
WITH_INTL = f"""
from vendor_eval.reports.pages import pdf as engine
text = '<html lang="en"><head><title>Names</title></head><body><p>Name {RARE}</p></body></html>'
page = engine._press().print(text, "A4")
print(sorted(page.missing), sorted(page.foreign))
"""


def make_intl_package(folder):
    """Make a package of the extra `intl`: our font under another name, with its A for the rare letter."""
    font = TTFont(Path(engine.__file__).parent.parent / "fonts" / "VendorEvalSans-Regular.ttf")
    for table in font["cmap"].tables:
        table.cmap = {ord(RARE): table.cmap[ord("A")]}
    for record in font["name"].names:
        record.string = {1: "Far Letters", 4: "Far Letters", 6: "Far-Letters"}.get(record.nameID, str(record))
    package = folder / "justmytype_intl_rtl"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    font.save(package / "far.ttf")


@pytest.mark.parametrize("extra", [False, True])
def test_fonts_of_the_extra_print_letters_that_ours_lack(tmp_path, extra):
    if extra:
        make_intl_package(tmp_path / "a & b")
    path = os.pathsep.join((str(tmp_path / "a & b"), str(Path(__file__).parent.parent)))
    env = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", WITH_INTL], env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert ("Far-Letters" in run.stdout) is extra
    assert (f"[{ord(RARE)}]" in run.stdout) is not extra
