"""The samples as `demo` leaves them, made once for all tests, whichever process runs them."""

import json
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from vendor_eval.cli import main
from vendor_eval.record.lock import locked

MOST_SECONDS = 600  # that another process may take to make one
OPTIONS = {"small": ["--small"], "full": [], "pilot": ["--pilot"]}


@dataclass(frozen=True)
class Demo:
    """A folder that `demo` wrote, and what it said; a test that changes the folder copies it first."""

    folder: Path
    stdout: str
    stderr: str


def made_in(shared: Path, name: str) -> Demo:
    """Run `demo` for a sample, unless another process has already; wait while one is at it."""
    folder, said, lock = shared / f"demo-{name}", shared / f"demo-{name}.json", shared / f"lock-{name}"
    lock.mkdir(exist_ok=True)
    with locked(lock, "demo", patience=MOST_SECONDS):
        if not said.exists():
            if name == "small":
                folder.mkdir()  # one of the two goes into a folder that is there, and empty
            done = CliRunner().invoke(main, ["demo", str(folder), *OPTIONS[name]], prog_name="vendor-eval")
            assert done.exit_code == 0, done.output
            said.write_text(json.dumps([done.stdout, done.stderr]), encoding="utf-8")
    return Demo(folder, *json.loads(said.read_text(encoding="utf-8")))
