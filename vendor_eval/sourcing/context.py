"""What follows from a profile for a scorecard: context fields, tags, and the weights that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from vendor_eval.criteria import ContextField
from vendor_eval.criteria.conditions import ContextValue
from vendor_eval.sourcing.batch import tags
from vendor_eval.sourcing.profile import Profile
from vendor_eval.sourcing.rules import holds_if_known


@dataclass(frozen=True)
class ForScorecard:
    """What follows from a profile for an evaluation.

    `still_open` are context fields that it leaves to the buyer; `assumed` those of them that a default would answer.
    """

    title: str
    tags: tuple[str, ...]
    assumed_tags: tuple[str, ...]  # those of the tags that rest on a default
    preset: str | None  # the preset whose tags these are
    weights: Mapping[str, int]  # of categories, together 100
    criterion_weights: Mapping[str, Mapping[str, float]]  # inside categories, where a tag shifts them
    context: Mapping[str, ContextValue]
    still_open: tuple[str, ...]
    assumed: Mapping[str, ContextValue]
    # What vendors must know of the project, as far as the profile says it, and what of it follows from a default.
    brief: Mapping[str, str | tuple[str, ...]]
    assumed_brief: Mapping[str, str | tuple[str, ...]]


def for_scorecard(profile: Profile) -> ForScorecard:
    """Derive context, tags and weights from a profile."""
    model = profile.model
    card = model.file.scorecard
    fitting = [tag for tag, fits in zip(card.tags, tags(model, profile.columns)[0], strict=True) if fits]
    names = tuple(tag.id for tag in fitting)
    dictionary = model.criteria.file.context
    derived = {name: v for name, field in dictionary.items() if (v := _context_value(name, field, profile)) is not None}
    counts = {n for n, field in dictionary.items() if card.defaults_count or not _is_assumed(n, field, profile)}
    context = {name: value for name, value in derived.items() if name in counts}
    stated = profile.stated_columns
    brief = {name: value for name, value in profile.brief.items() if value}
    return ForScorecard(
        title=profile.title,
        tags=names,
        assumed_tags=tuple(tag.id for tag in fitting if not holds_if_known(tag.when, stated)),
        preset=next((preset for preset, wanted in model.presets.items() if set(wanted) == set(names)), None),
        weights={name: int(points) for name, points in model.points(names).items()},
        criterion_weights={c: weights for name in names for c, weights in model.tags[name].criteria.items()},
        context=context,
        still_open=tuple(name for name in dictionary if name not in context),
        assumed={name: value for name, value in derived.items() if name not in counts},
        brief={name: value for name, value in brief.items() if name not in profile.assumed_brief},
        assumed_brief={name: value for name, value in brief.items() if name in profile.assumed_brief},
    )


def _is_assumed(name: str, field: ContextField, profile: Profile) -> bool:
    """Tell whether the value of a context field hangs on a default of the profile."""
    if field.from_profile == "copy":
        return name in profile.defaults_used
    rules = field.from_profile if isinstance(field.from_profile, tuple) else ()
    held = (holds_if_known(rule.when, profile.stated_columns) for rule in rules)
    return next((known is None for known in held if known is not False), False)


def _context_value(name: str, field: ContextField, profile: Profile) -> ContextValue | None:
    value = profile.values.get(name) if field.from_profile == "copy" else None
    for rule in field.from_profile if isinstance(field.from_profile, tuple) else ():
        held = holds_if_known(rule.when, profile.columns)
        if held is not False:
            value = rule.value if held and not rule.ask else None
            break
    if value is None or isinstance(value, tuple):
        return value
    if field.type == "set":
        return (str(value),)
    return value if isinstance(value, bool) else str(value)
