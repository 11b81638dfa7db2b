"""`python -m vendor_eval`."""

from vendor_eval.cli import main

main(prog_name="vendor-eval")
