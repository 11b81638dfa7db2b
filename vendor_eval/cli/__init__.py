"""The command line: it parses, calls the library, prints and writes files."""

from vendor_eval.cli import advice, award, demo_and_init, evaluation, forms, pilot, record
from vendor_eval.cli.group import main

__all__ = ["advice", "award", "demo_and_init", "evaluation", "forms", "main", "pilot", "record"]
