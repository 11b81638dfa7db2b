"""Commands that a document tells its readers to type, and what they print."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent

from click.testing import CliRunner
from demos import Demo

from vendor_eval.cli import main


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


def printed_as_quoted(quoted: str, printed: str) -> bool:
    """Whether a command printed what is quoted below it; a line `…` stands for any lines."""
    pattern = "".join("(?s:.*)" if line == "…" else f"{re.escape(line)}\n" for line in quoted.splitlines())
    return not quoted or re.fullmatch(pattern, printed) is not None


def with_new_quotes(text: str, printed: Iterable[str]) -> str:
    """The document with what its commands print now, wherever it quotes all that a command prints."""
    for (command, quoted), now in zip(commands(text), printed, strict=True):
        if quoted and "…" not in quoted.splitlines():
            text = text.replace(f"$ {command}\n{quoted}", f"$ {command}\n{now}")
    return text


def printed_by(typed: Iterable[str], folder: Path, programs: Path, demo: Callable[[str], Demo]) -> list[str]:
    """What each command prints, run in its order in a folder with ours on the path.

    A demo is copied from the one that was made for all tests; what needs no shell runs in this process.
    """
    program = programs / "vendor-eval"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vendor_eval "$@"\n')
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    printed = []
    with contextlib.chdir(folder):
        for command in typed:
            if match := re.fullmatch(r"vendor-eval demo (\S+)(?: --(small|pilot))?", command):
                made = demo(match[2] or "full")
                shutil.copytree(made.folder, folder / match[1])
                printed.append(made.stdout)
            elif match := re.fullmatch(r"vendor-eval ([^|&;<>$*]*?)( \|\| true)?", command):
                done = CliRunner().invoke(main, shlex.split(match[1]), prog_name="vendor-eval")
                assert done.exit_code == 0 or match[2], f"{command}: {done.stderr}"
                printed.append(done.stdout)
            else:
                printed.append(_run_by_shell(command, environment))
    return printed


def _run_by_shell(command: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(["sh", "-euc", command], env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout
