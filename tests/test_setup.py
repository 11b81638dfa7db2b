"""`./demo` and `./test` on machines that lack this or that: all that they call is a stand-in on PATH."""

import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
TOOLS = ["cat", "cksum", "cp", "dirname", "grep", "mkdir", "mv", "rm", "sed"]
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
INSTALL = "apt-get update && {}apt-get install -y --no-install-recommends"

APT_GET = """#!/bin/sh
echo "apt-get $* ($DEBIAN_FRONTEND)" >>"$MACHINE/calls"
case $* in
    *update) if rm "$MACHINE/locked"; then echo "E: /var/lib/apt/lists/lock is held"; exit 100; fi ;;
esac 2>/dev/null
if [ -e "$MACHINE/offline" ]; then echo "E: no network"; exit 100; fi
for package; do
    case $package in
        python3) echo 3.12 >"$MACHINE/python3.version"; cp "$MACHINE/python" "$MACHINE/bin/python3" ;;
        python3-venv) : >"$MACHINE/ensurepip" ;;
        libpango-1.0-0) : >"$MACHINE/pango" ;;
    esac
done
"""

PYTHON = """#!/bin/sh
case $* in
    *version_info*) cat "$MACHINE/${0##*/}.version" ;;
    *CDLL*) [ -e "$MACHINE/pango" ] ;;
    *metadata*) [ ! -e "$MACHINE/broken" ] ;;
    "-m venv "*)
        mkdir "$3/bin"
        if [ ! -e "$MACHINE/ensurepip" ]; then echo "ensurepip is not available"; exit 1; fi
        cp "$0" "$3/bin/python"
        cp "$MACHINE/${0##*/}.version" "$MACHINE/python.version"
        echo "command = $0 -m venv $PWD/$3" >"$3/pyvenv.cfg"
        ;;
    "-m pip "*)
        echo "pip $*" >>"$MACHINE/calls"
        if [ -e "$MACHINE/interrupted" ]; then kill -INT 0; fi
        if [ -e "$MACHINE/offline" ]; then echo "ERROR: no matching distribution" >&2; exit 1; fi
        echo "#!$PWD/$0" >"${0%/*}/vendor-eval"
        ;;
    "-m vendor_eval demo "*)
        mkdir -p "$4/out"
        : >"$4/evaluation.yaml" >"$4/award.yaml" >"$4/out/comparison.html" >"$4/out/shortlist.xlsx"
        printf "%s|" "$@"
        ;;
    "-m vendor_eval freeze "*)
        echo "$PWD" >"$6"
        printf "%s|" "$@"
        ;;
    *) printf "%s|" "$@" ;;
esac
"""

EVALUATED_AGAIN = "-m|vendor_eval|evaluate|demo-output|--format|json,xlsx,pdf,csv|--vendor-copies|"
FROM_RANKING_TO_FREEZE = (
    "-m|vendor_eval|conditions|demo-output|trellith|-o|demo-output/conditions-trellith.pdf|"
    "-m|vendor_eval|letters|demo-output|--award|mwanzora|"
    "-m|vendor_eval|freeze|demo-output|-o|{zip}|"
    "-m|vendor_eval|verify|{zip}|"
)


@dataclass
class Machine:
    """A checkout and a PATH that holds nothing but `TOOLS` and stand-ins."""

    folder: Path
    user: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def checkout(self) -> Path:
        return self.folder / "a checkout"

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def environments(self) -> list[str]:
        return sorted(path.name for path in self.checkout.glob(".venv*"))

    def has(self, *names: str) -> None:
        for name in names:
            (self.folder / name).touch()

    def has_python(self, name: str, version: str) -> None:
        (self.folder / f"{name}.version").write_text(f"{version}\n")
        _program(self.folder / "bin" / name, PYTHON)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "calls").write_text("")
        _program(self.folder / "bin" / "id", f"#!/bin/sh\necho {self.user}\n")
        return subprocess.run(
            [self.checkout / command[0], *command[1:]],
            cwd=self.folder,
            env={"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            # A shell cannot trap what was ignored when it started, as it is under `nohup` or in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            check=False,
        )


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def bare(tmp_path):
    machine = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    _program(tmp_path / "bin" / "sleep", "#!/bin/sh\n")
    _program(tmp_path / "bin" / "apt-get", APT_GET)
    _program(tmp_path / "python", PYTHON)
    (machine.checkout / "scripts").mkdir(parents=True)
    for name in ["demo", "test", "pyproject.toml", "scripts/setup.sh"]:
        shutil.copy(CHECKOUT / name, machine.checkout / name)
    return machine


@pytest.fixture
def complete(bare):
    bare.has_python("python3", "3.12")
    bare.has("ensurepip", "pango")
    return bare


def test_a_user_of_a_bare_machine_is_shown_the_line_that_mends_it(bare):
    bare.user = 1000
    run = bare.run("demo")
    assert run.returncode == 1
    assert f"    sudo {INSTALL.format('sudo ')} python3 python3-venv {PANGO}\n" in run.stderr
    assert run.stderr.endswith("Python 3.11 to 3.14 is needed\n")
    assert (bare.calls, bare.environments) == ([], [])


def test_root_gets_what_a_bare_machine_lacks(bare):
    run = bare.run("demo")
    quiet = "-qq -o DPkg::Lock::Timeout=120"
    assert run.returncode == 0, run.stderr
    assert bare.calls[:2] == [
        f"apt-get {quiet} update (noninteractive)",
        f"apt-get {quiet} install -y --no-install-recommends python3 python3-venv {PANGO} (noninteractive)",
    ]
    assert bare.environments == [".venv"]


def test_root_without_a_network_is_shown_the_error_and_the_line(bare):
    bare.has("offline")
    run = bare.run("demo")
    assert run.returncode == 1
    assert "E: no network" in run.stderr
    assert f"    {INSTALL.format('')} python3 python3-venv {PANGO}\n" in run.stderr


def test_only_what_is_missing_is_named(complete):
    complete.user = 1000
    (complete.folder / "ensurepip").unlink()
    run = complete.run("test")
    assert run.returncode == 1
    assert "--no-install-recommends python3-venv\n" in run.stderr
    assert "ensurepip is not available" in run.stderr
    assert complete.environments == []


def test_without_pango_the_work_goes_on(complete):
    complete.user = 1000
    (complete.folder / "pango").unlink()
    run = complete.run("demo")
    assert run.returncode == 0
    assert f"--no-install-recommends {PANGO}\n" in run.stderr
    assert "HTML in place of PDF" in run.stderr


def test_another_run_of_apt_is_waited_for(bare):
    bare.has("locked")
    run = bare.run("demo")
    assert run.returncode == 0, run.stderr
    assert [call.split()[4] for call in bare.calls[:3]] == ["update", "update", "install"]


def test_a_complete_machine_needs_no_apt(complete):
    words = complete.run("test", "-k", "one or two").stdout.split("|")
    assert words == ["-m", "pytest", "--numprocesses=auto", "--dist=loadfile", "-k", "one or two", ""]
    assert len(complete.calls) == 1
    assert complete.calls[0].endswith("--editable .[dev]")


def test_a_second_run_calls_neither_pip_nor_apt(complete):
    complete.run("test")
    (complete.folder / "pango").unlink()
    assert complete.run("test").returncode == 0
    assert complete.calls == []


def test_what_the_tests_need_is_enough_for_the_demo_but_not_the_other_way_round(complete):
    complete.run("demo")
    complete.run("test")
    assert len(complete.calls) == 1
    complete.run("demo")
    assert complete.calls == []


def _changes_a_dependency(machine):
    with (machine.checkout / "pyproject.toml").open("a") as file:
        file.write("# more\n")


def _loses_a_package(machine):
    machine.has("broken")


def _loses_its_python(machine):
    (machine.checkout / ".venv" / "bin" / "python").unlink()


def _asks_for_another_python(machine):
    machine.has_python("python3.13", "3.13")
    machine.environment["PYTHON"] = "python3.13"


def _moves(machine):
    machine.checkout.rename(machine.folder / "moved")
    machine.checkout.symlink_to(machine.folder / "moved")


@pytest.mark.parametrize(
    "change",
    [_changes_a_dependency, _loses_a_package, _loses_its_python, _asks_for_another_python, _moves],
    ids=lambda change: change.__name__.strip("_"),
)
def test_an_environment_that_no_longer_fits_is_made_anew(complete, change):
    complete.run("test")
    change(complete)
    assert complete.run("test").returncode == 0
    assert len(complete.calls) == 1
    assert complete.environments == [".venv"]


def test_a_failing_pip_shows_its_error_and_leaves_nothing(complete):
    complete.has("offline")
    run = complete.run("test")
    assert run.returncode == 1
    assert "ERROR: no matching distribution\n" in run.stderr
    assert complete.environments == []


def test_a_failing_pip_leaves_the_environment_that_was_there(complete):
    complete.run("demo")
    complete.has("offline")
    assert complete.run("test").returncode == 1
    assert complete.run("demo").returncode == 0
    assert complete.calls == []


def test_an_interrupted_setup_leaves_nothing(complete):
    complete.has("interrupted")
    assert complete.run("test").returncode == 130
    assert complete.environments == []


def test_nothing_in_the_environment_names_the_place_where_it_was_made(complete):
    complete.run("demo")
    environment = complete.checkout / ".venv"
    assert (environment / "bin" / "vendor-eval").read_text() == f"#!{environment}/bin/python\n"
    assert (environment / "pyvenv.cfg").read_text().endswith(f" -m venv {environment}\n")


def test_the_first_python_that_suits_and_makes_an_environment_is_taken(complete):
    complete.has_python("python3", "3.10")
    complete.has_python("python3.13", "3.13")
    run = complete.run("demo")
    assert "with Python 3.13;" in run.stderr


def test_a_python_that_was_asked_for_and_does_not_suit_is_an_error(complete):
    complete.has_python("python3.9", "3.9")
    complete.environment["PYTHON"] = "python3.9"
    run = complete.run("demo")
    assert (run.returncode, run.stderr) == (1, "PYTHON=python3.9 is not Python 3.11 to 3.14\n")
    assert complete.calls == []


def test_the_demo_runs_again_on_what_it_left_and_says_where_that_is(complete):
    first, second = complete.run("demo"), complete.run("demo")
    assert first.stdout == "-m|vendor_eval|demo|demo-output|" + FROM_RANKING_TO_FREEZE.format(zip="demo-output.zip")
    again = EVALUATED_AGAIN + FROM_RANKING_TO_FREEZE.format(zip="demo-output-2.zip")
    assert second.stdout == again
    assert second.stderr == (
        f"The letters are in {complete.checkout}/demo-output/letters, the freeze is "
        f"{complete.checkout}/demo-output-2.zip\n"
        f"The results are in {complete.checkout}/demo-output/out: open comparison.html first\n"
    )


def test_the_demo_of_a_folder_without_an_award_ends_with_its_evaluation(complete):
    complete.run("demo")
    (complete.checkout / "demo-output" / "award.yaml").unlink()
    (complete.checkout / "demo-output.zip").write_text("somebody's")
    again = complete.run("demo")
    assert again.stdout == EVALUATED_AGAIN
    assert again.stderr == f"The results are in {complete.checkout}/demo-output/out: open comparison.html first\n"
    assert (complete.checkout / "demo-output.zip").read_text() == "somebody's"
