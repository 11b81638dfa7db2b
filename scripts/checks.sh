# shellcheck shell=sh
# Sourced by ./check and .ci/run: what is checked without running anything of ours.

check_format() { ruff format --check .; }
check_lint() { ruff check .; }
check_types() { mypy; }
check_layers() { lint-imports; }

# What checks the script of report.html and whether everybody can use it; it goes with .venv.
page_tools=.venv/page-tools/node_modules
page_tools() {
    if [ -e $page_tools/axe-core/axe.min.js ] && [ -e $page_tools/.bin/tsc ]; then return; fi
    # A registry that does not answer holds up nothing else.
    if command -v npm >/dev/null && quietly timeout 120 npm install --prefix .venv/page-tools --ignore-scripts --no-audit \
        --no-fund --no-save --fetch-retries=1 --fetch-timeout=30000 axe-core@4.14.1 typescript@7.0.2; then return; fi
    say "axe-core and TypeScript are missing: WHETHER EVERYBODY CAN USE REPORT.HTML, AND ITS TYPES, ARE NOT TESTED"
}
check_page() {
    if ! [ -e $page_tools/.bin/tsc ] || ! command -v node >/dev/null; then
        say "TypeScript or Node is missing, .ci/run installs it: the types of report.html are NOT checked"
        return
    fi
    $page_tools/.bin/tsc --noEmit --allowJs --checkJs --strict --target es2022 --module es2022 --moduleResolution bundler \
        --lib es2023,dom,dom.iterable vendor_eval/reports/page/*.js
}

check_scripts() { shellcheck --external-sources .ci/run check demo test scripts/setup.sh scripts/checks.sh; }
