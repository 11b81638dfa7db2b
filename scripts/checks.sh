# shellcheck shell=sh
# Sourced by ./check and .ci/run: what is checked without running anything of ours.

check_format() { ruff format --check .; }
check_lint() { ruff check .; }
check_types() { mypy; }
check_layers() { lint-imports; }
check_scripts() { shellcheck --external-sources .ci/run check demo test scripts/setup.sh scripts/checks.sh; }
