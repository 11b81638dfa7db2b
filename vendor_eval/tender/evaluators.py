"""The section `evaluators` of evaluation.yaml: who scores what, and how levels become one."""

from typing import Literal

from vendor_eval.config.models import Described, Id, Text

Aggregate = Literal["median", "mean", "consensus"]


class Conflict(Described):
    """An interest that an evaluator declared."""

    vendor: Text
    """Id of the vendor."""
    reason: Text
    """What the interest is."""


class Evaluator(Described):
    """Who scores what; `sheet` says which score sheet counts where there are two."""

    id: Id
    """Short name, used in files and figures."""
    name: Text = ""
    """Name as printed; without it the id."""
    categories: tuple[Text, ...] = ()
    """Categories that this evaluator scores; without it all of them."""
    sheet: Text = ""
    """File name of the score sheet that counts where two are there."""
    conflicts: tuple[Conflict, ...] = ()
    """Interests declared; printed with the panel."""

    @property
    def shown(self) -> str:
        return self.name or self.id
