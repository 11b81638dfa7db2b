"""The files of a criteria folder, described to editors."""

from collections.abc import Mapping

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from vendor_eval.criteria.models import Category, ChangesFile, EvidenceWords, ScorecardFile, SourceRegister
from vendor_eval.criteria.questions import CertificationScheme


class KeysOnly(GenerateJsonSchema):
    """Leave out the titles that pydantic makes of the names of keys."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  the signature of pydantic
        return False


_MODEL_BY_KEY: dict[str, type[BaseModel]] = {
    "scorecard": ScorecardFile,
    "parts": CertificationScheme,
    "unnamed_document": EvidenceWords,
    "sources": SourceRegister,
    "removed": ChangesFile,
}


def json_schema() -> dict[str, object]:
    """Describe the files of a criteria folder to editors and other tools, as JSON Schema.

    One schema serves all of them: a key that only one kind of file has tells which it is; any other is a category.

    >>> json_schema()["title"]
    'Criteria of vendor-eval'
    """
    models: tuple[type[BaseModel], ...] = (Category, *_MODEL_BY_KEY.values())
    refs, schema = models_json_schema([(model, "validation") for model in models], schema_generator=KeysOnly)
    kind: Mapping[str, object] = refs[Category, "validation"]
    for key, model in _MODEL_BY_KEY.items():
        kind = {"if": {"required": [key]}, "then": refs[model, "validation"], "else": kind}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Criteria of vendor-eval",
        "description": "A category, or scorecard, certification, evidence_words, sources or changes .yaml",
        **kind,
        **schema,
    }
