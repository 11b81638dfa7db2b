"""Commands that a document tells its readers to type, and what they print."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent


def blocks(text: str, kind: str) -> list[str]:
    """Fenced blocks of a kind, also indented ones."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", text, re.DOTALL | re.MULTILINE)
    return [dedent(block) for _, block in found]


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command with the text quoted below it."""
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def printed_by(typed: Iterable[str], folder: Path, programs: Path) -> list[str]:
    """What each command prints, run in its order in a folder with ours on the path."""
    program = programs / "vendor-eval"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vendor_eval "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    printed = []
    for command in typed:
        done = subprocess.run(
            ["sh", "-euc", command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        printed.append(done.stdout)
    return printed
