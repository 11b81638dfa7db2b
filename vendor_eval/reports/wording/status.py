"""The status of a vendor in words, as every output prints it."""

from collections.abc import Mapping, Sequence

from vendor_eval.reports.wording.phrases import counted

SCREEN = "Screen: requirements only"


def status_text(
    status: str, *, due: int, later: Mapping[str, int], waived: int, excluding: Sequence[tuple[str, str]]
) -> str:
    """Say a status, with the number of requirements that are due, come later by stage, or are waived.

    `excluding` are the reasons of failed knock-outs, each with its question or node.

    >>> status_text("eligible", due=0, later={"award": 1, "data": 2}, waived=1, excluding=[])
    'Eligible, subject to 1 condition before award and 2 conditions before data, 1 requirement waived'
    >>> status_text("conditional", due=1, later={"data": 2}, waived=0, excluding=[])
    'May be awarded only after 1 requirement is met, and 2 conditions before data'
    """
    if status == "excluded":
        return f"Excluded: {'; '.join(f'{reason} ({name})' for reason, name in excluding)}"
    conditions = " and ".join(f"{counted(count, 'condition')} before {stage}" for stage, count in later.items())
    if status == "conditional":
        text = f"May be awarded only after {counted(due, 'requirement')} {'is' if due == 1 else 'are'} met"
        text += f", and {conditions}" if conditions else ""
    else:
        text = f"Eligible, subject to {conditions}" if conditions else "Eligible"
    return f"{text}, {counted(waived, 'requirement')} waived" if waived else text
