"""The command line: it parses, calls the library, prints and writes files."""

from vendor_eval.cli import advising, evaluating, forms, starting
from vendor_eval.cli.group import main

__all__ = ["advising", "evaluating", "forms", "main", "starting"]
