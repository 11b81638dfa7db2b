"""The pictures of README and of the docs are the real pages."""

import re
import subprocess
import sys
from pathlib import Path

from browser import CHROMIUM
from PIL import Image

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "make_pictures.py"
PAGES = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
SHOWN = {
    ROOT / "docs" / path for page in PAGES for path in re.findall(r"pictures/[\w-]+\.png", page.read_text("utf-8"))
}


def test_the_script_makes_every_picture_that_is_shown(tmp_path):
    assert SHOWN
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True)
    # Without Chromium, which the run says at its end, those of report.html are not made.
    shown = [path for path in SHOWN if CHROMIUM or path.stem not in {"explorer", "cell"}]
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in shown}
    for path in shown:
        with Image.open(path) as picture, Image.open(tmp_path / path.name) as made:
            assert picture.size == made.size
