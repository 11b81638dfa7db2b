"""The evaluation.yaml that `init` writes: every setting with its meaning, every context field with its question."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vendor_eval.config.yaml12 import as_yaml
from vendor_eval.criteria import Criteria
from vendor_eval.issues import VendorEvalError, did_you_mean

if TYPE_CHECKING:
    from vendor_eval.sourcing.context import ForScorecard


def from_profile(path: Path) -> "ForScorecard":
    """Derive what a sourcing profile gives an evaluation."""
    # Imported where used: without a profile nothing needs numpy.
    from vendor_eval.sourcing.context import for_scorecard
    from vendor_eval.sourcing.profile import load_profile

    return for_scorecard(load_profile(path))


# Sections that an evaluation may have, each with an example to be edited.
_EVALUATORS = """\
# tie_breakers: [security]
# vendors:                   # optional: without it each workbook in responses/ is a vendor
#   - {id: acme, name: Acme Data, file: responses/acme.xlsx, received: 2026-12-17T16:02:00+01:00}
# evaluators:                # each gets a blind score sheet for the rubric questions
#   - {id: ana, name: Ana P.}    # with `categories: [security]` of these alone; each rubric lies on somebody's sheet
# aggregate: median          # median, mean, consensus"""
_PRICE = """\
#   rule: fixed_bounds       # or lowest_ratio, linear_min_max, linear_from_lowest, quality_per_price
#   best: 400000
#   worst: 900000
#   currency: USD
#   years: 2
#   items:
#     - {id: PRC-01, text: Bounding box with review, unit: box, volume: 1200000, seconds_per_unit: 20}
#     - {id: PRC-02, text: Onboarding and training, unit: once, volume: 1}"""
EVIDENCE_README = """\
Documents of the vendors
========================

One folder for each vendor, called like its id (as its workbook in responses/), with its documents or one folder of them
inside. An Evidence cell names a document by its file name, as in "policy.pdf, page 3".

As long as this folder is here, a document counts only if it is here: one that a vendor names or describes and that is
not here counts as named. 500 files, 50 MB each and 1 GB for a vendor are read.
"""
_ASSUMED = "ASSUMED by the advisor, confirm"
_LETTER = """\
# intro: What vendors read first of this tender
# contact: {name: Ana P., email: tenders@example.org, phone: "+1 212 555 0100"}
# reply_by: 2027-01-08T17:00:00+01:00     # clarifications; the questionnaire too, where there is no deadline
# confidential: off          # prints no line on confidentiality; or your own sentence"""
# What vendors read of the project: each key with an example.
_BRIEF = {
    "task": "One to three sentences on what is to be done",
    "modality": "street video, 1080p",
    "domain": "road traffic",
    "locales": "[de-DE, pt-BR]      # languages and regions, as BCP 47 tags",
    "unit": "box                 # what is counted",
    "volume_per_month": "100000",
    "peak_month": "150000",
    "seconds_per_unit": "20      # hands-on time",
    "time_zone": "Europe/Berlin  # yours",
    "tool_name": "The tool and its version",
    "start": "2027-03-01         # first day of production",
    "contract_value": "650000    # a year, in the currency",
    "currency": "USD             # without it that of the price",
    "insured_sum": "1000000      # per claim; without it the value of the contract",
    "quality_measure": "IoU per class",
    "quality_target": "0.9",
    "expertise": "licensed radiologists",
    "expert_hours_per_week": "120",
    "draft_rubric": "rubric.pdf  # a file that you send with the questionnaire",
    "data_processing_contract": "processing.pdf",
}
_WAIVERS = """\
# waivers:
#   - {vendor: acme, question: SEC-13, reason: Audit booked, approved_by: Head of Data, date: 2026-12-20,
#      until: 2027-03-31, owner: Ana P.}
"""


def starter(
    criteria: Criteria,
    *,
    title: str,
    as_of: date,
    preset: str,
    core: bool,
    deadline: datetime | None = None,
    tags: Sequence[str] = (),
    profile: "ForScorecard | None" = None,
) -> str:
    """Write an evaluation.yaml that loads as it is; the values of a profile replace preset and tags.

    Raises VendorEvalError for a preset or a tag that the criteria do not have.
    """
    if profile is not None:
        base, _ = criteria.base_and_tags(preset)
        preset, tags = (profile.preset, ()) if profile.preset is not None else (base, profile.tags)
    for name, known, noun in (
        (preset, criteria.presets, "preset"),
        *((tag, criteria.file.tags, "tag") for tag in tags),
    ):
        if name not in known:
            hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            raise VendorEvalError(f"'{name}' is no {noun} of {criteria.file.scorecard}{hint}")
    major = criteria.file.version.partition(".")[0]
    floors = ", ".join(f"{name}: {floor.at_least:g}" for name, floor in criteria.file.floors.items())
    lines = [
        f"title: {json.dumps(title, ensure_ascii=False)}",
        "# reference: RFP-2026-001",
        _LETTER,
        *_days(as_of, deadline),
        f"criteria: {criteria.file.scorecard}@{major}   # the shipped scorecard, or a path to a folder of your own",
        *_weights(criteria, preset, tags, profile),
        f"questions: {'core' if core else 'full'}               # screen: who goes on; core: the short form; full: all",
        "stage: read                 # the gates that are due: read (offers are read), then award, then data",
        "shortlist: 3",
        "",
        *_brief(profile.brief if profile else {}, profile.assumed_brief if profile else {}),
        "",
        *_context(criteria, profile),
        "",
        "# missing: zero              # zero: a blank counts 0; exclude: it leaves the sums of its own criterion",
        "# evidence: {claim: 60, named: 70, document: 85, verified: 100}    # most that an answer counts, by its proof",
        f"# floors: {{{floors}}}    # least score of a category; null removes one",
        _EVALUATORS,
        *_price(criteria, preset, tags),
        "# overrides: {SEC-09: {weight: 5}, PLT-19: off}",
        _WAIVERS,
    ]
    return "\n".join(lines)


def _days(as_of: date, deadline: datetime | None) -> Iterator[str]:
    """Write until when responses are due, and the day of judging where the deadline does not give it."""
    if deadline is not None:
        yield f"deadline: {deadline.isoformat()}    # when responses are due; its day is the one on which dates"
        yield "#                                        and certificates are judged, unless you name another:"
        yield f"# as_of: {deadline.date().isoformat()}"
    else:
        yield f"as_of: {as_of.isoformat()}                  # the day on which dates and certificates are judged, today"
        yield "# With a deadline delete `as_of`: then the day of the deadline counts."
        yield "# deadline: 2026-12-18T17:00:00+01:00"


def _brief(values: Mapping[str, str | tuple[str, ...]], assumed: Mapping[str, str | tuple[str, ...]]) -> Iterator[str]:
    yield "# What vendors must know of the project. 'vendor-eval questionnaire' names those that are needed."
    yield "brief:"
    for key, example in _BRIEF.items():
        if key in values:
            yield f"  {key}: {json.dumps(values[key], ensure_ascii=False)}"
        elif key in assumed:
            yield f"  # {key}: {json.dumps(assumed[key], ensure_ascii=False)}    # {_ASSUMED}"
        else:
            yield f"  # {key}: {example}"


def _weights(criteria: Criteria, preset: str, tags: Sequence[str], profile: "ForScorecard | None") -> Iterator[str]:
    if profile is not None:
        yield f"# From the sourcing profile, with the tags {', '.join(profile.tags)}"
        if profile.assumed_tags:
            yield f"# {', '.join(profile.assumed_tags)}: {_ASSUMED}"
    yield f"preset: {preset}                    # {', '.join(criteria.presets)}"
    if criteria.file.tags:
        shown = f"tags: [{', '.join(tags)}]" if tags else "# tags: []"
        yield f"{shown}                    # on top of the preset: {', '.join(criteria.file.tags)}"
    weights = ", ".join(f"{name}: {weight:g}" for name, weight in criteria.points(preset, tags).items())
    yield f"#   or, in place of both, weights: {{{weights}}}, your own, adding up to 100"


def _price(criteria: Criteria, preset: str, tags: Sequence[str]) -> Iterator[str]:
    weight = criteria.price_weight(preset, tags)
    share = 30 if weight is None else weight
    because = f"    # {criteria.file.price_weight_reason}" if weight is not None else ""
    yield f"# price:                     # total = {share / 100:.2f} x price score + {1 - share / 100:.2f} x quality"
    yield f"#   weight: {share:g}{because}"
    yield _PRICE


def _context(criteria: Criteria, profile: "ForScorecard | None") -> Iterator[str]:
    yield "# What the project needs. Set every line that you can answer: a question or gate that needs a field which"
    yield "# nobody set is asked, or stays open."
    yield "context:"
    values, assumed = (profile.context, profile.assumed) if profile is not None else ({}, {})
    for name, field in criteria.file.context.items():
        yield f"  # {field.question}{' Several may hold.' if field.type == 'set' else ''}"
        meanings = field.values if isinstance(field.values, Mapping) else {}
        width = max(map(len, meanings), default=0)
        yield from (f"  #   {word.ljust(width)}  {meaning}" for word, meaning in meanings.items())
        if name in values:
            yield f"  {name}: {as_yaml(values[name])}"
        elif name in assumed:
            yield f"  # {name}: {as_yaml(assumed[name])}    # {_ASSUMED}"
        else:
            example = next(iter(meanings), "true")
            yield f"  # {name}: {as_yaml((example,) if field.type == 'set' else example)}"
