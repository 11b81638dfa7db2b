"""The samples as `demo` leaves them, made once for all tests, whichever process runs them."""

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from vendor_eval.cli import main

OPTIONS = {"small": ["--small"], "full": [], "pilot": ["--pilot"]}


@dataclass(frozen=True)
class Demo:
    """A folder that `demo` wrote, and what it said; a test that changes the folder copies it first."""

    folder: Path
    stdout: str
    stderr: str


def made_in(shared: Path, name: str) -> Demo:
    """Run `demo` for a sample, unless another process has already; wait while one is at it."""
    folder, said = shared / f"demo-{name}", shared / f"demo-{name}.json"
    with (shared / f"demo-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            if name == "small":
                folder.mkdir()  # one of the two goes into a folder that is there, and empty
            done = CliRunner().invoke(main, ["demo", str(folder), *OPTIONS[name]], prog_name="vendor-eval")
            assert done.exit_code == 0, done.output
            said.write_text(json.dumps([done.stdout, done.stderr]), encoding="utf-8")
    return Demo(folder, *json.loads(said.read_text(encoding="utf-8")))
