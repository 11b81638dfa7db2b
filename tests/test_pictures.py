"""The pictures of the README are the real pages."""

import re
import subprocess
import sys
from pathlib import Path

from browser import needs_browser
from PIL import Image

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "make_pictures.py"
SHOWN = [
    ROOT / path for path in re.findall(r"\]\((docs/pictures/[^)]+\.png)\)", (ROOT / "README.md").read_text("utf-8"))
]


@needs_browser
def test_the_script_makes_every_picture_that_the_readme_shows(tmp_path):
    assert SHOWN
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in SHOWN}
    for path in SHOWN:
        with Image.open(path) as shown, Image.open(tmp_path / path.name) as made:
            assert shown.size == made.size
