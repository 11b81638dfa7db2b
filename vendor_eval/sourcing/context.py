"""What follows from a profile for a scorecard: context fields, tags, and the weights that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from vendor_eval.criteria import ContextField
from vendor_eval.criteria.conditions import ContextValue
from vendor_eval.sourcing.batch import scorecard_weights, tags
from vendor_eval.sourcing.profile import Profile
from vendor_eval.sourcing.rules import Value, holds_if_known


@dataclass(frozen=True)
class ForScorecard:
    """What follows from a profile for an evaluation; `still_open` are context fields that it leaves to the buyer."""

    tags: tuple[str, ...]
    preset: str | None  # the preset whose tags these are
    weights: Mapping[str, int]  # of categories, together 100
    criterion_weights: Mapping[str, Mapping[str, float]]  # inside categories, where a tag shifts them
    context: Mapping[str, ContextValue]
    still_open: tuple[str, ...]
    brief: Mapping[str, str | tuple[str, ...]]  # what vendors must know of the project, as far as the profile says it


def for_scorecard(profile: Profile) -> ForScorecard:
    """Derive context, tags and weights from a profile."""
    model = profile.model
    card = model.file.scorecard
    fitting = [tag for tag, fits in zip(card.tags, tags(model, profile.columns)[0], strict=True) if fits]
    names = tuple(tag.id for tag in fitting)
    points = scorecard_weights(model, profile.columns)[0].tolist()
    dictionary = model.criteria.file.context
    context = {name: v for name, field in dictionary.items() if (v := _context_value(name, field, profile)) is not None}
    return ForScorecard(
        tags=names,
        preset=next((preset for preset, wanted in card.presets.items() if set(wanted) == set(names)), None),
        weights=dict(zip(model.categories, points, strict=True)),
        criterion_weights={category: weights for tag in fitting for category, weights in tag.criteria.items()},
        context=context,
        still_open=tuple(name for name in dictionary if name not in context),
        brief={name: value for name, value in profile.brief.items() if value},
    )


def _context_value(name: str, field: ContextField, profile: Profile) -> ContextValue | None:
    value = _value(name, field, profile)
    if value is None or isinstance(value, tuple):
        return value
    if field.type == "set":
        return (str(value),)
    return value if isinstance(value, bool) else str(value)


def _value(name: str, field: ContextField, profile: Profile) -> Value | None:
    if field.from_profile == "copy":
        return profile.values.get(name)
    for rule in field.from_profile if isinstance(field.from_profile, tuple) else ():
        held = holds_if_known(rule.when, profile.columns)
        if held is not False:
            return rule.value if held and not rule.ask else None
    return None
