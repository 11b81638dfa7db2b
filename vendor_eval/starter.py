"""The evaluation.yaml that `init` writes: every setting with its meaning, every context field with its question."""

import json
from collections.abc import Iterator, Mapping
from datetime import date

from vendor_eval.criteria import ContextField, Criteria
from vendor_eval.errors import VendorEvalError
from vendor_eval.issues import did_you_mean


def starter(criteria: Criteria, *, title: str, as_of: date, preset: str, core: bool) -> str:
    """Write an evaluation.yaml that loads as it stands.

    Raises VendorEvalError for a preset that the criteria do not have.
    """
    if preset not in criteria.file.presets:
        hint = did_you_mean(preset, criteria.file.presets) or f"; known are {', '.join(criteria.file.presets)}"
        raise VendorEvalError(f"'{preset}' is no preset of {criteria.file.scorecard}{hint}")
    lines = [
        f"title: {json.dumps(title, ensure_ascii=False)}",
        "# reference: RFP-2026-001",
        f"as_of: {as_of.isoformat()}                  # the day on which dates and certificates are judged",
        f"criteria: {criteria.file.scorecard}     # the shipped scorecard, or a path to a folder of your own",
        f"preset: {preset}                    # {', '.join(criteria.file.presets)}",
        f"questions: {'core' if core else 'full'}                # core: the short questionnaire; full: all of them",
        "shortlist: 3",
        "",
        "# What the project needs. Set every line that you can answer: a question or gate that needs a field which",
        "# nobody set is asked, or stays unresolved.",
        "context:",
        *(line for name, field in criteria.file.context.items() for line in _field(name, field)),
        "",
        "# missing: zero              # zero: a blank counts 0; exclude: it leaves the sums of its own criterion",
        "# evidence: {claim: 60, document: 85, verified: 100}    # most that an answer is credited with, by its proof",
        f"# floors: {{{_floors(criteria)}}}    # least score of a category; null removes one",
        "# tie_breakers: [security]",
        "# deadline: 2026-12-18T17:00:00+01:00",
        "# vendors:                   # optional: without it each workbook in responses/ is a vendor",
        "#   - {id: acme, name: Acme Data, file: responses/acme.xlsx, received: 2026-12-17T16:02:00+01:00}",
        "# evaluators:                # each gets a blind score sheet for the rubric questions",
        "#   - {id: ana, name: Ana P., categories: [workforce_skill, genai_readiness]}",
        "# aggregate: median          # median, mean, consensus",
        "# price:                     # total = 0.30 x price score + 0.70 x quality",
        "#   weight: 30",
        "#   rule: fixed_bounds       # or lowest_ratio, linear_min_max, linear_from_lowest, quality_per_price",
        "#   best: 400000",
        "#   worst: 900000",
        "#   currency: USD",
        "#   years: 2",
        "#   items:",
        "#     - {id: PRC-01, text: Bounding box with review, unit: box, volume: 1200000, seconds_per_unit: 20}",
        "#     - {id: PRC-02, text: Onboarding and training, unit: once, volume: 1}",
        "# overrides: {SEC-09: {weight: 5}, PLT-07: off}",
        "# waivers:",
        "#   - {vendor: acme, question: SEC-13, reason: Audit booked, approved_by: Head of Data, date: 2026-12-20}",
        "",
    ]
    return "\n".join(lines)


def _field(name: str, field: ContextField) -> Iterator[str]:
    yield f"  # {field.question}{' Several may hold.' if field.type == 'set' else ''}"
    if isinstance(field.values, Mapping):
        width = max(len(value) for value in field.values)
        yield from (f"  #   {value.ljust(width)}  {meaning}" for value, meaning in field.values.items())
        example = next(iter(field.values))
        shown = json.dumps(example) if example in {"no", "yes"} else example
        yield f"  # {name}: [{shown}]" if field.type == "set" else f"  # {name}: {shown}"
    else:
        yield f"  # {name}: true"


def _floors(criteria: Criteria) -> str:
    return ", ".join(f"{name}: {floor.at_least:g}" for name, floor in criteria.file.floors.items())
