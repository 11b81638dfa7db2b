"""What other weights would do to the first place, in the words of the last page."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from vendor_eval.formatting.figures import distinct, listed, number
from vendor_eval.reports.wording.firmness import few
from vendor_eval.reports.wording.lookups import names_of
from vendor_eval.reports.wording.phrases import counted
from vendor_eval.results import Result
from vendor_eval.results.firmness import Interval, PresetRanking

# Abbreviations in the names of sets of weights that no category spells, and what a name cannot.
_SPELLED = {"cv": "CV", "nlp": "NLP", "rlhf": "RLHF", "sft": "SFT", "clients": "client's"}
_PLACES = 3
_MOST_PRESETS = 3


def beyond(row: Interval, names: Mapping[str, str]) -> str:
    """Say who comes first where a weight leaves its band.

    >>> row = Interval.model_validate(
    ...     {"node": "a", "kind": "category", "weight": 20, "from": 0, "to": 43.2, "rival_from": None, "rival_to": "b"}
    ... )
    >>> beyond(row, {"b": "Bolt"})
    'Bolt above 43'
    """
    ends = [(row.rival_from, "below", row.from_), (row.rival_to, "above", row.to)]
    agreed = number(row.weight, 0)
    limits = [(rival, side, number(at, 0), distinct(at, row.weight)) for rival, side, at in ends if rival]
    parts = [f"{names[rival]} {side} {short if short != agreed else exact}" for rival, side, short, exact in limits]
    return ", ".join(parts) or "always first"


def preset_rows(result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Group the named sets of weights by who is first, second and third under them, the largest group first.

    Vendors that tie share a place.
    """
    if result.robustness is None:
        return
    names, groups = names_of(result), dict[tuple[tuple[str, ...], ...], list[PresetRanking]]()
    categories = [category.title for category in result.definition.categories]
    for preset in result.robustness.presets:
        by_rank = groupby(sorted(preset.ranks, key=preset.ranks.__getitem__), preset.ranks.__getitem__)
        groups.setdefault(tuple(tuple(level) for _, level in by_rank)[:_PLACES], []).append(preset)
    for order, presets in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        titles = [preset_title(preset.preset, categories) for preset in presets]
        label = (
            listed(titles) if len(titles) <= _MOST_PRESETS else f"{counted(len(titles), 'other named set')} of weights"
        )
        yield label, tuple(few([names[vendor] for vendor in level]) for level in order)


def preset_title(name: str, titles: Iterable[str]) -> str:
    """Print the name of a set of weights, an abbreviation in it as titles of categories spell it.

    >>> preset_title("genai_rlhf_sft", ["Gen AI readiness"])
    'Gen AI RLHF SFT'
    >>> preset_title("genai_red_team", ["QA rigor", "Gen AI readiness"])
    'Gen AI red team'
    """
    spelled = "\n".join(titles)
    text = " ".join(_spelled_as_in(spelled, word) for word in name.split("_"))
    return text[:1].upper() + text[1:]


def _spelled_as_in(titles: str, word: str) -> str:
    letters = " ?".join(re.escape(letter) for letter in word)
    match = re.search(rf"\b{letters}\b", titles, re.IGNORECASE) if word else None
    return match[0] if match and not match[0][1:].islower() else _SPELLED.get(word, word)


def titles_together(titles: Sequence[str]) -> str:
    """List categories in a cell; only the first starts with a capital where it is a word.

    >>> titles_together(["QA rigor", "Labor ethics"])
    'QA rigor, labor ethics'
    """
    first, *rest = titles
    return ", ".join((first, *(text if text[1:2].isupper() else text[:1].lower() + text[1:] for text in rest)))
