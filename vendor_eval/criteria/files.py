"""Files of a criteria folder, each as far as it can be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vendor_eval.config.models import load_document, validate
from vendor_eval.config.shipped import criteria_folder
from vendor_eval.config.yaml12 import YamlSource, as_text, parse_document
from vendor_eval.criteria.models import Category, Steps
from vendor_eval.criteria.questions import Certification, CertificationScheme, Question
from vendor_eval.criteria.references import bind, certification_faults
from vendor_eval.issues import Issue

_OTHERS = ("scorecard", "sourcing", "certification", "evidence_words", "sources", "changes")
_OTHER_FILES = {f"{name}.yaml" for name in _OTHERS}


def own_or_shipped(folder: Path, name: str, model: Any, faults: list[Issue]) -> Any:
    own = folder / name
    document = load_document(own if own.exists() else criteria_folder() / name, model)
    faults.extend(document.faults)
    return document.value


def category_paths(folder: Path) -> list[Path]:
    # Editors and file managers leave hidden files beside the real ones.
    visible = [path for path in folder.glob("*.y*ml") if not path.name.startswith(".")]
    return sorted(path for path in visible if path.name not in _OTHER_FILES)


@dataclass(frozen=True)
class CategoryFile:
    """A category file as far as it could be read: the whole category, or the questions that are sound."""

    source: YamlSource
    category: Category | None
    questions: tuple[tuple[Steps, Question], ...]

    @property
    def is_read(self) -> bool:
        return self.source.root is not None

    @property
    def id(self) -> str:
        """Id of the category; without one the name of the file, which it mostly is."""
        return as_text(self.source.at(("category",))) or Path(self.source.file).stem

    @property
    def criteria(self) -> list[str]:
        return [as_text(criterion.get("id")) for _, criterion in items(self.source, ("criteria",))]


def items(source: YamlSource, path: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Entries of a list of a file that have keys, with their places."""
    listed = source.at(path)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (*path, index), entry


def entries(source: YamlSource, path: Steps) -> dict[str, Any]:
    """Keys and values at a place of a file; none where something else stands there."""
    node = source.at(path)
    return node if isinstance(node, dict) else {}


def read_category(path: Path, scheme: CertificationScheme | None, faults: list[Issue]) -> CategoryFile:
    source, form = parse_document(path)
    faults.extend(form)
    if source.root is None and form:
        return CategoryFile(source, None, ())
    category, invalid = validate(source, Category)
    faults.extend(invalid)
    return CategoryFile(source, category, tuple(_sound(source, category, scheme, faults)))


def _sound(
    source: YamlSource, category: Category | None, scheme: CertificationScheme | None, faults: list[Issue]
) -> Iterator[tuple[Steps, Question]]:
    """Sound questions of a file, which may have other faults, so that references are checked in the same run."""
    places = [path for path, _ in raw_questions(source)]
    whole = [question for criterion in category.criteria for question in criterion.questions] if category else None
    for path, question in zip(places, whole or (validate(source, Question, place)[0] for place in places), strict=True):
        unknown = list(certification_faults(source, path, question, scheme))
        faults.extend(unknown)
        # What a certification offers is in its scheme.
        known = scheme is not None or not isinstance(question, Certification)
        if question is not None and known and not unknown:
            yield path, bind(question, scheme)


def raw_questions(source: YamlSource) -> Iterator[tuple[Steps, dict[str, Any]]]:
    for path, _ in items(source, ("criteria",)):
        yield from items(source, (*path, "questions"))
