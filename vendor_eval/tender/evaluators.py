"""The section `evaluators` of evaluation.yaml: who scores what, and how levels become one."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vendor_eval.config.models import Described, Fault, Id, Text

Aggregate = Literal["median", "mean", "consensus"]


class Conflict(Described):
    """An interest that an evaluator declared: by default the evaluator is recused for that vendor."""

    vendor: Text
    """Id of the vendor."""
    reason: Text
    """What the interest is."""
    recuse: Annotated[bool, Field(strict=True)] = True
    """`false`: the evaluator's levels and acts on the vendor count all the same; needs `decided_by` and `why`."""
    decided_by: Text = ""
    """Who decided whether they count."""
    why: Text = ""
    """Why they count, or do not."""

    @model_validator(mode="after")
    def _lifted_by_somebody(self) -> "Conflict":
        for key in ("decided_by", "why") if not self.recuse else ():
            if not getattr(self, key).strip():
                message = (
                    f"required key '{key}' is missing: who lets these levels count in spite of the interest, and why?"
                )
                raise Fault("missing-key", message)
        return self


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
    """Interests declared; each recuses, unless it says `recuse: false`."""

    @property
    def shown(self) -> str:
        return self.name or self.id
