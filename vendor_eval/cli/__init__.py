"""The command line: it parses, calls the library, prints and writes files."""

from vendor_eval.cli import advice, demo_and_init, evaluation, forms, pilot, record
from vendor_eval.cli.group import main

__all__ = ["advice", "demo_and_init", "evaluation", "forms", "main", "pilot", "record"]
