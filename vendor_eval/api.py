"""Public functions: evaluate, load a result, write a questionnaire; and the result with its tables and files."""

from collections.abc import Iterable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from vendor_eval import results
from vendor_eval.config.input_files import read_regular
from vendor_eval.formatting.printable import cut, one_line
from vendor_eval.issues import VendorEvalError, did_you_mean
from vendor_eval.reports import tables
from vendor_eval.results.loading import parse_result
from vendor_eval.run import evaluate as run
from vendor_eval.run.pilot import measure_pilot
from vendor_eval.tender import Evaluation

if TYPE_CHECKING:
    import pandas as pd

    from vendor_eval.pilot.measure import Measurement

__all__ = ["Result", "evaluate", "load_result", "write_questionnaire"]

RESULTS_FILE = "results.json"
_TITLE_LENGTH = 60
_SHOWN = {"rank": "Rank", "name": "Vendor", "status": "Status", "score": "Score", "low": "Low", "high": "High"}


class Result(results.Result):
    """The result of an evaluation, with its tables as pandas data frames and its files.

    Scores and values are float64 from 0 to 100, shares float64 from 0 to 1, ranks Int64, everything else is text;
    missing values are NaN or NA.

    >>> from vendor_eval.config.shipped import samples_folder
    >>> result = evaluate(samples_folder() / "small")
    >>> result
    <Result 'Polygons and boxes for the fruit and shelf models', 2026-11-24: 3 vendors, first okavira>
    >>> result.ranking
    ('okavira', 'celadora')
    >>> list(result.scores().columns[:2])
    ['total', 'platform_maturity']
    """

    def __repr__(self) -> str:
        title = cut(one_line(self.evaluation.title), _TITLE_LENGTH)
        count = len(self.vendors)
        first = f"first {self.ranking[0]}" if self.ranking else "none ranked"
        return f"<Result {title!r}, {self.evaluation.as_of}: {count} vendor{'s' * (count != 1)}, {one_line(first)}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Show the ranking in a notebook."""
        frame = self.ranking_table()[list(_SHOWN)].rename(columns=_SHOWN)
        frame["Rank"] = frame["Rank"].astype("string").fillna("–")
        frame["Vendor"] = frame["Vendor"].map(one_line)
        table = frame.to_html(index=False, na_rep="–", float_format=f"{{:.{self.digits}f}}".format, border=0)
        return f"<p>{escape(one_line(self.evaluation.title))}, {self.evaluation.as_of}</p>\n{table}"

    @cached_property
    def _source(self) -> Evaluation | None:
        """The evaluation that a result was made from; None where it was loaded."""
        return None

    @cached_property
    def _measured(self) -> "Measurement | None":
        """The pilot with its files; None where there is none, and where the result was loaded."""
        return None

    def ranking_table(self) -> "pd.DataFrame":
        """Return the vendors in the order of every output, indexed by `vendor`.

        `name`, `status`; `rank`, `best_rank`, `worst_rank`, `would_rank` (Int64); `score`, `low`, `high`, `claimed`,
        `credited` in points, `coverage`, `documented`, `verified` as shares (float64); where price counts `quality` and
        `price_score` in points and `price` in its currency; `reasons`, `status_text`.
        """
        return tables.ranking(self).set_index("vendor")

    def answers(self) -> "pd.DataFrame":
        """Return each vendor's answer to each asked question, indexed by (`vendor`, `question`).

        `value` and `credited` are 0 to 100, `global_weight` is a share of the total, `contribution` is in points of the
        total (float64); `node`, `state`, `raw`, `answer`, `evidence`, `evidence_text`, `comment` and the place `file`,
        `sheet`, `cell` are text.
        """
        return tables.answers(self).set_index(["vendor", "question"])

    def scores(self, level: Literal["total", "category", "criterion"] | None = None) -> "pd.DataFrame":
        """Return scores of 0 to 100 (float64), vendors by nodes: the total first, then categories with their criteria.

        `level` keeps the columns of one level. Raises ValueError for any other.
        """
        frame = tables.scores(self)
        if level is None:
            return frame
        columns = {
            "total": ["total"],
            "category": [category.id for category in self.definition.categories],
            "criterion": [criterion.id for c in self.definition.categories for criterion in c.criteria],
        }
        if level not in columns:
            hint = did_you_mean(level, columns)
            raise ValueError(f"'{level}' is no level of the scores: it is total, category or criterion{hint}")
        return frame[[name for name in columns[level] if name in frame]]

    def matrix(self) -> "pd.DataFrame":
        """Return credited values of 0 to 100 (float64), questions by vendors; NaN where nothing is scored."""
        return tables.matrix(self)

    def prices(self) -> "pd.DataFrame":
        """Return the priced items of each vendor, indexed by (`vendor`, `item`); none where no price is asked.

        `unit_price` and `amount` (over the contract) are in the currency of the evaluation, `times` counts units,
        `yield_per_hour` is currency for an hour of work (float64); `raw`, `file`, `sheet`, `cell` are text.
        """
        return tables.prices(self).set_index(["vendor", "item"])

    def levels(self) -> "pd.DataFrame":
        """Return levels of 0 to 5 (float64), indexed by (`vendor`, `question`), a column for each evaluator.

        The last column is the level that counts.
        """
        return tables.levels(self)

    def gates(self) -> "pd.DataFrame":
        """Return each gate of each vendor: `vendor`, `question`, `kind`, `test`, `result`, `reason`, its place.

        `stage` says by when it must be passed.

        `waived` and `open` are bool: somebody answers for the failure, a flag has no comment from the evaluators yet.
        """
        return tables.gates(self)

    def issues(self) -> "pd.DataFrame":
        """Return each issue: `vendor` (empty for one of a score sheet), `code`, `severity`, `message`, its place.

        `question` and `part` say what it is about; they are empty where it is about a file or sheet as a whole.
        """
        return tables.issues(self)

    def write(
        self,
        folder: str | Path,
        *,
        formats: Iterable[str] = ("json", "xlsx", "pdf", "html"),
        paper: str = "A4",
        brief: bool = False,
        vendor_copies: bool = False,
        appendices: bool = False,
    ) -> tuple[Path, ...]:
        """Write what `vendor-eval evaluate` writes to `out/`, as a set, and return the paths.

        What an earlier run wrote in these formats is replaced, a workbook that somebody changed is moved to `kept/`,
        and no other file is touched. `formats` are json, xlsx, pdf and csv. Clarifications are written of a result that
        `evaluate` made: a loaded one does not know the evaluation. Their tokens are kept in `clarifications.json`
        beside evaluation.yaml. Warns (UserWarning) of what the command notes. Raises ValueError for another format,
        VendorEvalError where a file is in the way.
        """
        import warnings

        from vendor_eval.run import outputs
        from vendor_eval.run.publish import publish

        wanted = tuple(formats)
        for name in wanted:
            if name not in outputs.RENDERERS:
                hint = did_you_mean(name, outputs.RENDERERS)
                raise ValueError(f"'{name}' is no format: known are {', '.join(outputs.RENDERERS)}{hint}")
        asked: dict[str, bytes] = {}
        result: results.Result = self
        if self._source is not None:
            asked = outputs.clarification_files(outputs.clarifications(self, self._source))
            asked |= outputs.pilot_files(self.pilot, self._measured)
            result = outputs.with_tokens_kept(self, self._source)
        options = outputs.Wanted(wanted, paper, brief=brief, vendor_copies=vendor_copies, appendices=appendices)
        rendered = outputs.render(result, options)
        within = outputs.replaced(wanted, clarified=self._source is not None)
        files = {**rendered.files, **asked}
        published = publish(Path(folder), files, within=within)
        for warning in (*rendered.warnings, *published.notes):
            warnings.warn(warning, stacklevel=2)
        return tuple(Path(folder, name) for name in files)


def evaluate(
    evaluation: Evaluation | str | Path, *, skip_unreadable: bool = False, mapping: str | None = None
) -> Result:
    """Read every response of an evaluation, score it and rank the vendors.

    `evaluation` is a loaded one, or the path of its folder or its evaluation.yaml. `mapping`, a path or the name of a
    shipped one, reads other people's questionnaires of vendors that name none of their own. Raises InputError with
    every issue of the evaluation, and with every workbook that cannot be read, unless `skip_unreadable`: then its
    vendor is listed as not evaluated.
    """
    loaded = evaluation if isinstance(evaluation, Evaluation) else run.load_evaluation(evaluation)
    readings = run.read_responses(loaded, skip_unreadable=skip_unreadable, mapping=mapping)
    measured = measure_pilot(loaded, readings, skip_unreadable=skip_unreadable)
    public = Result.model_construct(**dict(run.evaluate_readings(loaded, readings, measured)))
    # Remembered as any other value that is worked out once, so that two equal results stay equal.
    public.__dict__.update(_source=loaded, _measured=measured)
    return public


def load_result(path: str | Path) -> Result:
    """Load a results.json, or that of a folder; keys that an earlier release did not write are filled in.

    Raises VendorEvalError where there is none, InputError with every issue of one that is no result.
    """
    file = Path(path) / RESULTS_FILE if Path(path).is_dir() else Path(path)
    if not file.exists():
        raise VendorEvalError(f"{file}: no such file; name a {RESULTS_FILE}, or the folder that holds it")
    return parse_result(read_regular(file), str(file), Result)


def write_questionnaire(evaluation: Evaluation, path: str | Path) -> None:
    """Write the questionnaire of an evaluation as an .xlsx workbook."""
    from vendor_eval.forms.questionnaire import questionnaire
    from vendor_eval.run.publish import write_file

    write_file(Path(path), questionnaire(evaluation))
