"""Words and formats that the sheets of the shortlist share."""

from collections.abc import Iterator

from vendor_eval.results import CategoryDefinition, QuestionDefinition, Result


def total_format(result: Result) -> str:
    """Format totals with as many decimals as tell different ranks apart."""
    return f"0.{'0' * result.digits}"


def questions_of(result: Result) -> Iterator[tuple[CategoryDefinition, QuestionDefinition]]:
    """List every question with its category."""
    for category in result.definition.categories:
        yield from ((category, question) for criterion in category.criteria for question in criterion.questions)
