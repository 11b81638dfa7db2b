"""The algorithm over columns: thousands of profiles in one pass, no loop over profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from vendor_eval.sourcing import kernel
from vendor_eval.sourcing.kernel import Bools, Choice, Floats, Whole
from vendor_eval.sourcing.model import (
    CROWD,
    OPTIONS,
    BoolField,
    ChoiceField,
    FitTable,
    SetField,
    Sourcing,
    SourcingFile,
)
from vendor_eval.sourcing.rules import Columns, Values, first_case, holds

CROWD_OPTIONS = ("barred", "permitted", "near_tie")


@dataclass(frozen=True)
class Evaluated:
    """Results of the model for each profile; axes as in the kernel, options in the order of OPTIONS."""

    rows: tuple[tuple[Whole, ...], ...]  # by factor and part: which row counted
    fits: Floats
    totals: Floats
    hit: Bools  # (n, constraints)
    removed: Bools  # (n, options)
    matched: Mapping[str, Bools]  # by option: (n, checklist lines)
    shares: Floats
    choice: Choice


def columns(file: SourcingFile, profiles: Sequence[Values]) -> Columns:
    """Put profiles side by side, terms included; each profile has a value for every field."""
    arrays = {}
    for name, field in file.fields.items():
        values = [profile[name] for profile in profiles]
        if isinstance(field, ChoiceField):
            codes = {word: code for code, word in enumerate(field.values)}
            arrays[name] = np.array([codes[str(value)] for value in values], dtype=np.intp)
        elif isinstance(field, SetField):
            flags = [[word in value for word in field.values] for value in values if isinstance(value, tuple)]
            arrays[name] = np.array(flags, dtype=bool).reshape(len(values), len(field.values))
        else:
            arrays[name] = np.array(values, dtype=bool if isinstance(field, BoolField) else np.float64)
    return with_terms(file, Columns(arrays, {name: words for name, words in file.words.items() if name in arrays}))


def with_terms(file: SourcingFile, fields: Columns) -> Columns:
    result = fields
    for name, cases in file.terms.items():
        first = first_case([case.when for case in cases], result)
        words = file.words[name]
        codes = np.array([words.index(case.value) for case in cases] + [0], dtype=np.intp)
        result = Columns({**result.arrays, name: codes[first]}, {**result.words, name: words})
    return result


def evaluate(model: Sourcing, profiles: Columns) -> Evaluated:
    """Constraints, totals, checklists and the winner of each profile."""
    file = model.file
    parts = [[_part(part, profiles) for part in factor.parts] for factor in file.factors]
    rows = tuple(tuple(first for first, _ in own) for own in parts)
    fits = np.stack([np.mean([fit for _, fit in own], axis=0) for own in parts], axis=1)
    totals = kernel.totals(model.weights, fits)
    hit = np.stack([holds(constraint.when, profiles) for constraint in file.constraints], axis=1)
    removes = np.array([[option in constraint.removes for option in OPTIONS] for constraint in file.constraints])
    removed = (hit[:, :, None] & removes).any(axis=1)
    matched = {
        option: np.stack([holds(line.when, profiles) for line in file.checklists[option]], axis=1)
        for option in OPTIONS
        if file.checklists[option]
    }
    none = np.zeros(len(profiles))
    shares = np.stack([matched[name].mean(axis=1) if name in matched else none for name in OPTIONS], axis=1)
    fallback = OPTIONS.index(file.if_nothing_is_left)
    choice = kernel.choose(totals, ~removed & model.can_win, shares, close=file.close_call, fallback=fallback)
    return Evaluated(rows, fits, totals, hit, removed, matched, shares, choice)


def _part(part: FitTable, profiles: Columns) -> tuple[Whole, Floats]:
    first = first_case([row.when for row in part.rows], profiles)
    fit = part.table[first]
    for adjustment in part.adjust:
        changed = np.clip(fit * adjustment.times + np.array([adjustment.plus[name] for name in OPTIONS]), 0, 1)
        fit = np.where(holds(adjustment.when, profiles)[:, None], changed, fit)
    return first, fit


def overlays(model: Sourcing, profiles: Columns, evaluated: Evaluated) -> Whole:
    """Index of the overlay of each profile: the first that is wanted and not removed."""
    file = model.file
    masks = [holds(o.when, profiles) & ~removed_by(model, evaluated, o.id).any(axis=1) for o in file.overlays]
    return kernel.first_that_holds(masks)


def removed_by(model: Sourcing, evaluated: Evaluated, name: str) -> Bools:
    """For each profile which constraints remove an option or overlay, (n, constraints)."""
    names = np.array([name in constraint.removes for constraint in model.file.constraints])
    removes: Bools = evaluated.hit & names
    return removes


def crowd_options(model: Sourcing, evaluated: Evaluated) -> Whole:
    """Index into CROWD_OPTIONS for each profile."""
    crowd = OPTIONS.index(CROWD)
    chosen = np.take_along_axis(evaluated.totals, evaluated.choice.winner[:, None], axis=1)[:, 0]
    # Rounded as the kernel rounds: exactly 4 points behind is no near tie.
    near = np.round(chosen - evaluated.totals[:, crowd], 9) < model.file.close_call
    return np.where(evaluated.removed[:, crowd], 0, np.where(near, 2, 1))


def stability(model: Sourcing, evaluated: Evaluated) -> float:
    """Share of shaken runs in which the same option of the first profile wins."""
    setting = model.file.stability
    noise = kernel.noise(
        setting.seed, setting.runs, len(model.weights), len(OPTIONS), weights=setting.weights, fits=setting.fits
    )
    left, shares = model.can_win & ~evaluated.removed[0], evaluated.shares[0]
    return kernel.stability(model.weights, evaluated.fits[0], left, shares, noise, close=model.file.close_call)


def tags(model: Sourcing, profiles: Columns) -> Bools:
    """Which tags of the scorecard each profile has, (n, tags)."""
    return np.stack([holds(tag.when, profiles) for tag in model.file.scorecard.tags], axis=1)


def scorecard_weights(model: Sourcing, profiles: Columns) -> Whole:
    """Whole points of each category of the scorecard, (n, categories)."""
    names = [tag.id for tag in model.file.scorecard.tags]
    # Many profiles have the same tags.
    sets, which = np.unique(tags(model, profiles), axis=0, return_inverse=True)
    points = [[*model.points([*compress(names, has)]).values()] for has in sets.tolist()]
    whole: Whole = np.array(points, dtype=np.intp)[which.ravel()]
    return whole
