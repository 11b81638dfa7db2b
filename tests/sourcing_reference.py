"""The decision model written a second time, as plainly as its tables stand in the specification.

Options in the order in-house, managed partner, in-house first, crowd.
"""

from typing import Any

OPTIONS = ("in_house", "managed_partner", "in_house_then_scale", "crowd")
WEIGHTS = {"F1": 22, "F2": 15, "F3": 18, "F4": 18, "F5": 9, "F6": 10, "F7": 5, "F8": 3}
DEFAULTS: dict[str, Any] = {
    "scale_up_expected": False,
    "model_on_subset": "unproven",
    "volume_pattern": "steady",
    "expertise_in_house": "none",
    "model_type": "other",
    "data_may_leave": "vetted_partner",
    "regimes": (),
    "tool": "either",
    "third_party_data": False,
    "error_severity": "moderate",
    "feedback_loop": "few_days",
    "weeks_to_first_batch": 8,
    "budget_model": "capex_ok",
    "in_house_fte": 0,
    "max_in_house_fte": 10,
    "automation_fit": "none",
    "perspective_bias_concern": "low",
    "harmful_content": False,
    "labor_ethics_policy": "standard",
}
GEN_AI = {"genai_sft", "genai_preference_rlhf", "genai_eval_redteam"}
VISION = {"cv_basic", "cv_dense"}

BALANCED = (12, 16, 10, 12, 20, 12, 18)
FLOORS = (4, 8, 0, 6, 14, 10, 14)
DELTAS = {
    "genai": (-4, 0, 12, -2, -4, 0, -2),
    "no_genai": (2, 2, -10, 2, 2, 0, 2),
    "cv_high_volume": (2, -4, 0, 6, 0, 0, -4),
    "regulated": (-4, -4, 0, -2, 0, 0, 10),
    "confidential": (-2, 0, 0, -2, -2, 0, 6),
    "safety_critical": (-4, 2, 0, -6, 10, 0, -2),
    "harmful_content": (-4, -2, 0, -4, -2, 14, -2),
    "early_stage": (-4, 4, 0, 8, -4, 0, -4),
    "spiky": (-2, -2, 0, 6, -2, 0, 0),
    "sme_domain": (-2, 6, 0, -2, 0, 0, -2),
    "ethics_strict": (-2, -2, 0, -2, 0, 8, -2),
    "automation_heavy": (6, -4, 0, -2, 2, 0, -2),
    "client_tool": (-6, 3, 0, 3, 0, 0, 0),
}


def bucket(p: dict[str, Any]) -> str:
    return "small" if p["workload_fte"] <= 2 else "medium" if p["workload_fte"] <= 10 else "large"


def is_early(p: dict[str, Any]) -> bool:
    return p["stage"] in {"exploration", "prototype"}


def covers(p: dict[str, Any]) -> bool:
    skilled = p["expertise_needed"] == "general" or p["expertise_in_house"] == "sufficient"
    return 0 < p["in_house_fte"] >= p["workload_fte"] and not p["scale_up_expected"] and skilled


def _f1(p: dict[str, Any]) -> tuple[float, ...]:
    if p["stability"] == "discovering":
        return (1.0, 0.3, 0.9, 0.1) if is_early(p) else (0.7, 0.4, 1.0, 0.1)
    if p["stability"] == "stabilising":
        return (0.6, 0.6, 1.0, 0.2)
    if covers(p) and not is_early(p):
        return {
            "pre_production": (0.6, 0.8, 0.5, 0.6),
            "scaled_production": (0.7, 0.9, 0.2, 0.7),
            "maintenance": (0.75, 0.8, 0.2, 0.5),
        }[p["stage"]]
    return {
        "exploration": (0.7, 0.6, 0.6, 0.5),
        "prototype": (0.6, 0.7, 0.7, 0.5),
        "pre_production": (0.4, 0.9, 0.6, 0.6),
        "scaled_production": (0.3, 1.0, 0.3, 0.7),
        "maintenance": (0.5, 0.9, 0.2, 0.5),
    }[p["stage"]]


def _f2(p: dict[str, Any]) -> tuple[float, ...]:
    grows = p["scale_up_expected"]
    fit = {
        "small": (0.5, 0.5, 1.0, 0.3) if grows else (1.0, 0.4, 0.4, 0.3),
        "medium": (0.5, 0.8, 0.9 if grows else 0.6, 0.6),
        "large": (0.2, 1.0, 0.6, 0.8),
    }[bucket(p)]
    if covers(p) and bucket(p) != "small":
        fit = {"medium": (0.85, 0.6, 0.4, 0.6), "large": (0.8, 0.7, 0.4, 0.6)}[bucket(p)]
    if p["volume_pattern"] == "spiky":
        fit = (max(0.0, fit[0] - 0.3), min(1.0, fit[1] + 0.1), fit[2], fit[3])
    return fit if p["type"] in VISION else tuple(x / 2 + 0.3 for x in fit)


def _f3(p: dict[str, Any]) -> tuple[float, ...]:
    fit = {
        "public": (0.8, 0.8, 0.8, 0.8),
        "internal": (0.9, 0.8, 0.85, 0.3),
        "confidential": (1.0, 0.7, 0.8, 0.0),
        "regulated": (0.9, 0.85, 0.75, 0.0),
        "internal_only": (1.0, 0.2, 0.4, 0.0),
    }[p["sensitivity"]]
    if p["data_may_leave"] == "our_environment_only":
        fit = (fit[0], max(0.0, fit[1] - 0.15), max(0.0, fit[2] - 0.1), fit[3])
    return fit


def _f4(p: dict[str, Any]) -> tuple[float, ...]:
    if p["expertise_needed"] == "general":
        return (0.5, 0.8, 0.7, 0.0 if p["type"] in GEN_AI else 0.9)
    return {
        ("domain_trained", "sufficient"): (0.9, 0.7, 0.9, 0.1),
        ("domain_trained", "none"): (0.3, 0.9, 0.6, 0.1),
        ("licensed_sme", "sufficient"): (0.8, 0.7, 0.9, 0.0),
        ("licensed_sme", "none"): (0.2, 1.0, 0.5, 0.0),
    }[p["expertise_needed"], p["expertise_in_house"]]


def _f5(p: dict[str, Any]) -> tuple[float, ...]:
    if p["error_severity"] == "safety_critical":
        return (0.9, 0.9, 1.0, 0.0)
    if p["complexity"] in {"complex", "expert_judgement"} or p["error_severity"] == "high":
        return (0.8, 0.9, 0.9, 0.1)
    return (0.6, 0.8, 0.8, 0.4) if p["complexity"] == "moderate" else (0.5, 0.7, 0.6, 1.0)


def _f6(p: dict[str, Any]) -> tuple[float, ...]:
    loop = {
        "same_day": (1.0, 0.5, 0.9, 0.1),
        "few_days": (0.8, 0.8, 0.8, 0.3),
        "weekly": (0.6, 0.9, 0.6, 0.7),
    }[p["feedback_loop"]]
    weeks = p["weeks_to_first_batch"]
    team = p["in_house_fte"] >= min(p["workload_fte"], 2)
    urgent = (0.8, 0.8, 0.7, 1.0) if team else (0.2, 0.8, 0.3, 1.0)
    normal = (0.8, 0.8, 0.7, 0.8) if covers(p) else (0.6, 0.8, 0.8, 0.8)
    time = urgent if weeks < 4 else normal if weeks <= 12 else (0.8, 0.8, 1.0, 0.6)
    return tuple((x + y) / 2 for x, y in zip(loop, time, strict=True))


def fits(p: dict[str, Any]) -> dict[str, tuple[float, ...]]:
    return {
        "F1": _f1(p),
        "F2": _f2(p),
        "F3": _f3(p),
        "F4": _f4(p),
        "F5": _f5(p),
        "F6": _f6(p),
        "F7": {
            "capex_ok": (0.9, 0.7, 0.8, 0.6),
            "opex_only": (0.2, 0.9, 0.5, 1.0),
            "constrained": (0.4, 0.7, 0.6, 1.0),
        }[p["budget_model"]],
        "F8": (0.3, 1.0, 0.7, 0.8) if p["perspective_bias_concern"] == "high" else (0.8, 0.8, 0.8, 0.8),
    }


def totals(p: dict[str, Any]) -> dict[str, float]:
    found = fits(p)
    return {name: sum(WEIGHTS[f] * found[f][i] for f in WEIGHTS) for i, name in enumerate(OPTIONS)}


def removed(p: dict[str, Any]) -> dict[str, list[str]]:
    gone: dict[str, list[str]] = {name: [] for name in OPTIONS}
    if p["data_may_leave"] == "no":
        for name in OPTIONS[1:]:
            gone[name].append("HC1")
    crowd = {
        "HC2": p["sensitivity"] in {"confidential", "regulated", "internal_only"},
        "HC3": p["type"] in GEN_AI,
        "HC4": p["complexity"] != "simple_low_context" or p["expertise_needed"] != "general",
        "HC5": p["error_severity"] in {"high", "safety_critical"},
        "HC6": p["labor_ethics_policy"] == "strict" or p["harmful_content"],
        "HC8": "export_controlled" in p["regimes"],
    }
    gone["crowd"] += [name for name, hit in crowd.items() if hit]
    if p["workload_fte"] > p["max_in_house_fte"]:
        gone["in_house"].append("HC7")
    return gone


def checklists(p: dict[str, Any]) -> dict[str, list[bool]]:
    size = bucket(p)
    return {
        "in_house": [
            is_early(p),
            size == "small",
            p["data_may_leave"] == "no" or p["sensitivity"] == "internal_only",
            p["feedback_loop"] == "same_day",
        ],
        "managed_partner": [
            p["stage"] in {"pre_production", "scaled_production"},
            p["complexity"] in {"complex", "expert_judgement"}
            or p["sensitivity"] == "regulated"
            or p["expertise_needed"] != "general",
            size != "small" and p["stability"] != "discovering",
            p["type"] in GEN_AI and p["expertise_needed"] == "licensed_sme",
        ],
        "in_house_then_scale": [p["stability"] != "stable", p["scale_up_expected"]],
    }


def choose(p: dict[str, Any]) -> tuple[str, bool]:
    """Name the winner, and say whether nothing was left."""
    total, gone, lines = totals(p), removed(p), checklists(p)
    left = sorted((name for name in OPTIONS[:3] if not gone[name]), key=lambda name: -round(total[name], 9))
    if not left:
        return "in_house", True
    if len(left) > 1 and round(total[left[0]] - total[left[1]], 9) < 4:
        first, second = (sum(lines[name]) / len(lines[name]) for name in left[:2])
        return left[1 if second > first else 0], False
    return left[0], False


def overlay(p: dict[str, Any]) -> str:
    if p["automation_fit"] == "none":
        return "none"
    calm = p["error_severity"] in {"low", "moderate"}
    is_auto = p["automation_fit"] == "narrow_calibrated" and calm
    return "auto_with_hitl_sampling" if is_auto else "ai_assist_full_review"


def crowd_option(p: dict[str, Any]) -> str:
    if removed(p)["crowd"]:
        return "barred"
    total = totals(p)
    return "near_tie" if round(total[choose(p)[0]] - total["crowd"], 9) < 4 else "permitted"


def tags(p: dict[str, Any]) -> list[str]:
    gen_ai = p["type"] in GEN_AI
    found = {
        "genai": gen_ai,
        "no_genai": not gen_ai,
        "cv_high_volume": p["type"] in VISION and bucket(p) == "large",
        "regulated": p["sensitivity"] == "regulated",
        "confidential": p["sensitivity"] in {"confidential", "internal_only"},
        "safety_critical": p["error_severity"] == "safety_critical",
        "harmful_content": p["harmful_content"],
        "early_stage": p["stability"] != "stable",
        "spiky": p["volume_pattern"] == "spiky",
        "sme_domain": p["expertise_needed"] != "general" and not gen_ai,
        "ethics_strict": p["labor_ethics_policy"] == "strict",
        "automation_heavy": p["automation_fit"] == "narrow_calibrated",
        "client_tool": p["tool"] == "ours",
    }
    return [name for name, fits_it in found.items() if fits_it]


def area_weights(names: list[str]) -> list[int]:
    raw = [start + sum(DELTAS[name][i] for name in names) for i, start in enumerate(BALANCED)]
    lifted = [max(x, floor) for x, floor in zip(raw, FLOORS, strict=True)]
    shortfall = sum(lifted) - sum(raw)
    excess = [x - floor for x, floor in zip(lifted, FLOORS, strict=True)]
    exact = [x - shortfall * over / sum(excess) for x, over in zip(lifted, excess, strict=True)]
    points = [int(round(x, 9) // 1) for x in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: -round(exact[i] - points[i], 9))
    for i in by_remainder[: 100 - sum(points)]:
        points[i] += 1
    return points
