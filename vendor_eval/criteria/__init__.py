"""Criteria files: a folder of YAML to one checked scorecard."""

from vendor_eval.config.shipped import BANKS as BANKS, SHIPPED as SHIPPED
from vendor_eval.criteria.checks import (
    check_delta as check_delta,
    unweighted as unweighted,
    without_weight as without_weight,
)
from vendor_eval.criteria.folder import in_order as in_order, load_criteria as load_criteria, own_files as own_files
from vendor_eval.criteria.models import (
    Category as Category,
    ContextField as ContextField,
    Criteria as Criteria,
    Criterion as Criterion,
    EvidenceWords as EvidenceWords,
    Floor as Floor,
    FloorSetting as FloorSetting,
    ScorecardFile as ScorecardFile,
    Tag as Tag,
    Weights as Weights,
    add_deltas as add_deltas,
    question_conditions as question_conditions,
)
from vendor_eval.criteria.references import (
    bind as bind,
    option_id as option_id,
    options_of as options_of,
    split_reference as split_reference,
)
from vendor_eval.criteria.schema import json_schema as json_schema
