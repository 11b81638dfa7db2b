# shellcheck shell=sh
# Sourced at the top of the checkout by ./demo, ./test and .ci/run. `prepare .` or `prepare '.[dev]'` leaves a .venv
# with the package, editable, and what it needs. What this machine lacks is found by trying it: as root it is
# installed, otherwise the line that installs it is printed.

new=.venv.new.$$
pango_libraries='libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0'
pango_packages='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0'

prepare() {
    if usable "$1"; then return; fi
    trap 'rm -rf "$new" "$new.old"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    meet_needs
    say "Setting up .venv with Python $(version "$python"); the first time this takes a minute or two"
    quietly "$new/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --editable "$1" ||
        fail "pip could not install what pyproject.toml asks for; its own words are above"
    printf '%s\n' "$(key "$new/bin/python") $1" >"$new/stamp"
    move_into_place
    trap - EXIT HUP INT TERM
}

# Whether .venv is what pyproject.toml asks for, made in this place and still whole.
usable() {
    wanted=$(key "${PYTHON:-.venv/bin/python}")
    case $(cat .venv/stamp 2>/dev/null) in
        "$wanted $1" | "$wanted .[dev]") ;;
        *) return 1 ;;
    esac
    .venv/bin/python -I -c '
import re, sys
from importlib import metadata
for need in metadata.requires("vendor-eval"):
    extra = re.search(r"extra == .(\w+)", need)
    # What other systems need is not installed here, nor is an extra that nobody asked for.
    wanted = sys.argv[1] == f".[{extra[1]}]" if extra else "sys_platform !=" not in need
    if wanted:
        metadata.version(re.match(r"[\w.-]+", need)[0])
' "$1" 2>/dev/null
}

key() {
    printf '%s %s %s' "$(cksum <pyproject.toml)" "$(version "$1")" "$(pwd -P)"
}

version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

# Leaves a fresh virtual environment in $new. Pango is not essential: without it the work goes on.
meet_needs() {
    if [ -n "${PYTHON:-}" ] && ! suits "$PYTHON"; then fail "PYTHON=$PYTHON is not Python 3.11 to 3.14"; fi
    missing=
    choose_python || missing=$(venv_packages)
    pango_loads || missing="$missing $pango_packages"
    # shellcheck disable=SC2086 # a list of words
    if [ -n "$missing" ]; then apt_install $missing || show_line $missing; fi
    [ -d "$new" ] || choose_python || fail "$trouble"
    pango_loads || say "Going on without Pango: reports will be print-ready HTML in place of PDF"
}

# Takes the first Python that suits and can make a virtual environment; where none can, the first that suits.
choose_python() {
    python=
    trouble="Python 3.11 to 3.14 is needed"
    set -- python3 python3.14 python3.13 python3.12 python3.11
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; fi
    for candidate; do
        suits "$candidate" || continue
        mkdir "$new" || exit 1
        if said=$("$candidate" -m venv "$new" 2>&1); then
            python=$candidate
            return
        fi
        rm -rf "$new"
        python=${python:-$candidate}
        trouble="$candidate cannot make a virtual environment: $said"
    done
    return 1
}

suits() {
    case $(version "$1") in
        3.11 | 3.12 | 3.13 | 3.14) ;;
        *) return 1 ;;
    esac
}

# What Debian and Ubuntu call the part of Python that is missing.
venv_packages() {
    case $python in
        '') echo python3 python3-venv ;;
        python3) echo python3-venv ;;
        *) echo "python$(version "$python")-venv" ;;
    esac
}

pango_loads() {
    # shellcheck disable=SC2086 # a list of words
    [ -n "$python" ] &&
        "$python" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' $pango_libraries 2>/dev/null
}

apt_install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    say "Installing with apt-get:" "$@"
    apt_get update || say "The package lists could not be renewed; trying with those that are here"
    apt_get install -y --no-install-recommends "$@"
}

# The timeout covers only dpkg's lock: while another run of apt downloads, its own two locks are refused at once.
apt_get() {
    tries=24
    until said=$(DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" 2>&1 </dev/null); do
        tries=$((tries - 1))
        case $said in
            */lists/lock* | */archives/lock*) ;;
            *) tries=0 ;;
        esac
        if [ "$tries" = 0 ]; then
            say "$said"
            return 1
        fi
        sleep 5
    done
}

show_line() {
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo='sudo '; fi
    say "Something is missing here. To install it:"
    say "    ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends" "$@"
}

# Programs in a virtual environment hold its path; $new is in none of them by chance.
move_into_place() {
    for file in "$new"/bin/* "$new/pyvenv.cfg"; do
        if [ -f "$file" ] && [ ! -L "$file" ] && grep -qF "$new" "$file"; then
            sed "s/$new/.venv/g" "$file" >"$new/rewritten"
            cat "$new/rewritten" >"$file"
        fi
    done
    rm -f "$new/rewritten"
    if [ -e .venv ]; then mv .venv "$new.old"; fi
    mv "$new" .venv
    rm -rf "$new.old"
}

# Runs a command and shows what it says only when it fails.
quietly() {
    said=$("$@" 2>&1 </dev/null) || {
        code=$?
        say "$said"
        return "$code"
    }
}

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}
