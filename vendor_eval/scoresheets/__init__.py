"""Score sheets of evaluators: the rows that writer and reader share, and reading what comes back into findings."""

from vendor_eval.scoresheets.codes import KEY_FILE, ScoreKey, load_key, new_key
from vendor_eval.scoresheets.reading import Scores, holds_entries, read_scores
from vendor_eval.scoresheets.rows import Plan, consensus_plan, plans

__all__ = [
    "KEY_FILE",
    "Plan",
    "ScoreKey",
    "Scores",
    "consensus_plan",
    "holds_entries",
    "load_key",
    "new_key",
    "plans",
    "read_scores",
]
