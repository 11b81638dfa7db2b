"""The public API."""

from pathlib import Path
from typing import TYPE_CHECKING

from vendor_eval import evaluation as run
from vendor_eval import results, tables
from vendor_eval.criteria import load_criteria
from vendor_eval.evaluation import load_evaluation
from vendor_eval.sourcing.advisor import advise
from vendor_eval.submission import read_submission
from vendor_eval.tables import compare
from vendor_eval.tender import Evaluation
from vendor_eval.workbooks.questionnaire import questionnaire

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Result",
    "advise",
    "compare",
    "evaluate",
    "load_criteria",
    "load_evaluation",
    "read_submission",
    "write_questionnaire",
]


class Result(results.Result):
    """The result of an evaluation, with its tables.

    >>> from vendor_eval.shipped import samples_folder
    >>> result = evaluate(load_evaluation(samples_folder() / "small"))
    >>> result.ranking
    ('okavira', 'celadora')
    >>> list(result.scores().columns[:2])
    ['total', 'platform_maturity']
    """

    def answers(self) -> "pd.DataFrame":
        """One row for each vendor and asked question."""
        return tables.answers(self)

    def scores(self) -> "pd.DataFrame":
        """Vendors by nodes."""
        return tables.scores(self)

    def matrix(self) -> "pd.DataFrame":
        """Questions by vendors."""
        return tables.matrix(self)


def evaluate(evaluation: Evaluation, *, skip_unreadable: bool = False, mapping: str | None = None) -> Result:
    """Read every response of an evaluation, score it and rank the vendors.

    `mapping`, a path or the name of a shipped one, reads other people's questionnaires of vendors that name none of
    their own. Raises InputError with every workbook that cannot be read, unless `skip_unreadable`: then its vendor is
    listed as not evaluated.
    """
    result = run.evaluate(evaluation, skip_unreadable=skip_unreadable, mapping=mapping)
    return Result.model_construct(**dict(result))


def write_questionnaire(evaluation: Evaluation, path: str | Path) -> None:
    """Write the questionnaire of an evaluation as an .xlsx workbook."""
    Path(path).write_bytes(questionnaire(evaluation))
