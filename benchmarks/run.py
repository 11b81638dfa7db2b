"""Run every benchmark and print one table; exit 1 if a target is missed."""

import explorer
import firmness
import pdf
import pilot
import reading
import record
import scoring
import startup
from measure import show

if __name__ == "__main__":
    measured = [
        *startup.rows(),
        *reading.rows(),
        *scoring.rows(),
        *firmness.rows(),
        *pilot.rows(),
        *pdf.rows(),
        *explorer.rows(),
        *record.rows(),
    ]
    show(measured)
    raise SystemExit(any(not row.is_met for row in measured))
