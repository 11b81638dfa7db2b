"""The order of the tests, and what their run says at its end."""

import office
import real

LONGEST = {"test_reports_paper", "test_cli", "test_walkthrough", "test_readme", "test_cli_formats", "test_mutations"}


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest: last, they would keep one process busy while the others wait."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_terminal_summary(terminalreporter):
    """Say aloud that tests did not run: a skipped one is easily overlooked."""
    if not real.PRESENT:
        message = (
            f"{real.VARIABLE} names no folder with hecvat/ and caiq/: the tests with real questionnaires did NOT run"
        )
        terminalreporter.write_line(message, yellow=True, bold=True)
    if any("Pango" in str(one.longrepr) for one in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line("Pango is missing: the tests that read PDFs did NOT run", yellow=True, bold=True)
    if office.SOFFICE is None:
        message = f"{office.MISSING}: the tests that save through LibreOffice did NOT run"
        terminalreporter.write_line(message, yellow=True, bold=True)


def pytest_sessionfinish():
    """End the LibreOffice that the tests shared."""
    office.stop()
