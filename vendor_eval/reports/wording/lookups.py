"""Names, titles and questions of a result by id."""

from collections.abc import Iterator

from vendor_eval.results import CategoryDefinition, QuestionDefinition, Result


def titles_of_left_out(result: Result) -> dict[str, dict[str, str]]:
    """Map the kind of what an analysis leaves out to titles by id."""
    return {"category": titles_of(result), "evaluator": people_of(result), "vendor": names_of(result)}


def people_of(result: Result) -> dict[str, str]:
    """Map the ids of the evaluators to their names."""
    return {member.id: member.name for member in result.panel.members} if result.panel else {}


def names_of(result: Result) -> dict[str, str]:
    return {vendor.id: vendor.name for vendor in result.vendors}


def titles_of(result: Result) -> dict[str, str]:
    """Map the ids of categories and criteria, and `price` where the evaluation has one, to their titles."""
    categories = result.definition.categories
    titles = {criterion.id: criterion.title for category in categories for criterion in category.criteria}
    titles |= {category.id: category.title for category in categories}
    return titles | ({"price": "Price"} if result.price else {})


def questions_by_id(result: Result) -> dict[str, QuestionDefinition]:
    return {question.id: question for _, question in questions_of(result)}


def questions_of(result: Result) -> Iterator[tuple[CategoryDefinition, QuestionDefinition]]:
    for category in result.definition.categories:
        yield from ((category, question) for criterion in category.criteria for question in criterion.questions)
