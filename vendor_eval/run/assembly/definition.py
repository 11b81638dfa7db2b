"""What is asked, as every output draws it: categories, criteria, questions with their options and gates."""

from collections.abc import Mapping

from vendor_eval import results as r
from vendor_eval.criteria import Category, Criteria
from vendor_eval.criteria.conditions import in_words
from vendor_eval.criteria.questions import Question
from vendor_eval.run.assembly.records import record_of
from vendor_eval.scoring.gates import gate_in_words


def definition(criteria: Criteria, weights: Mapping[str, float], scope: Mapping[str, bool]) -> r.Definition:
    """Write down what is asked, with the weights of a preset or an evaluation; `scope` says what is asked."""
    return r.Definition(
        categories=tuple(_category(criteria, c, weights.get(c.category, 0.0), scope) for c in criteria.categories),
        sources=tuple(record_of(r.SourceRecord, source) for source in criteria.sources.sources),
    )


def _category(criteria: Criteria, category: Category, weight: float, scope: Mapping[str, bool]) -> r.CategoryDefinition:
    return record_of(
        r.CategoryDefinition,
        category,
        id=category.category,
        weight=float(weight) if category.weighted else 0.0,
        in_scope=any(scope[question.id] for criterion in category.criteria for question in criterion.questions),
        criteria=tuple(
            record_of(
                r.CriterionDefinition,
                criterion,
                id=f"{category.category}.{criterion.id}",
                questions=tuple(_question(criteria, q, asked=scope[q.id]) for q in criterion.questions),
            )
            for criterion in category.criteria
        ),
    )


def _question(criteria: Criteria, question: Question, *, asked: bool) -> r.QuestionDefinition:
    return record_of(
        r.QuestionDefinition,
        question,
        asked=asked,
        source_titles=tuple(map(criteria.sources.title_of, question.sources)) if criteria.sources.sources else (),
        unit=getattr(question, "unit", ""),
        options=tuple(record_of(r.OptionDefinition, option) for option in getattr(question, "options", ())),
        points=tuple((float(x), float(y)) for x, y in getattr(question, "points", None) or ()),
        levels=getattr(question, "levels", ()),
        gates=tuple(
            record_of(
                r.GateDefinition, gate, test=gate_in_words(gate, question, criteria.questions), when=in_words(gate.when)
            )
            for gate in question.gates
        ),
    )
