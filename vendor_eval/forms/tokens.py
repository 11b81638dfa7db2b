"""Tokens of the clarifications that were sent: what a workbook that comes back must carry to count."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vendor_eval.config.input_files import NotRegularError, read_within
from vendor_eval.criteria.parsing import shorten
from vendor_eval.forms.identity import Clarification
from vendor_eval.issues import InputError, Issue, Location
from vendor_eval.json_files import faults_of, parse_json
from vendor_eval.tender import FILE as EVALUATION

FILE = "clarifications.json"
CONDITIONS_ROUND = 0
_LARGEST = 2**24


class Sent(BaseModel):
    """One clarification that was written for a vendor: its round, its token, the ids of the questions it asks.

    Round 0 is the workbook of conditions, whose ids it has.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: Annotated[int, Field(ge=0, le=999, strict=True)]
    token: Annotated[str, Field(min_length=8)]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """Every clarification that was ever written, by vendor; `sha256` is that of the file, '' where there is none."""

    sent: Mapping[str, tuple[Sent, ...]] = field(default_factory=dict)
    sha256: str = ""

    def holder(self, token: str) -> tuple[str, Sent] | None:
        """Find the vendor and the clarification that a token was made for; None for one that was never given out."""
        return next(
            ((vendor, made) for vendor, sent in self.sent.items() for made in sent if made.token == token), None
        )

    def of(self, vendor: str, number: int) -> Sent | None:
        """Find what was written for a vendor in a round."""
        return next((made for made in self.sent.get(vendor, ()) if made.round == number), None)

    def asking(self, vendor: str, number: int, questions: Iterable[str]) -> "Tokens":
        """Add a round of a vendor, or what it asks now to what it asked before; its token stays."""
        known = self.of(vendor, number) or Sent(round=number, token=secrets.token_hex(16), questions=())
        asked = tuple(dict.fromkeys((*known.questions, *questions)))
        others = (entry for entry in self.sent.get(vendor, ()) if entry.round != number)
        rounds = sorted((*others, known.model_copy(update={"questions": asked})), key=lambda entry: entry.round)
        return replace(self, sent={**self.sent, vendor: tuple(rounds)})

    def to_json(self) -> bytes:
        content = {vendor: [entry.model_dump(mode="json") for entry in sent] for vendor, sent in self.sent.items()}
        return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def load_tokens(folder: Path) -> Tokens:
    """Load the tokens of an evaluation; raises InputError where the file is not what an earlier run wrote."""
    content = _content(folder / FILE)
    if content is None:
        return Tokens()
    try:
        parse_json(content)  # as plain values no key may stand twice
        tokens = Tokens(parse_json(content, dict[str, tuple[Sent, ...]]), sha256(content).hexdigest())
    except ValidationError as error:
        raise _broken(next(faults_of(error))) from None
    except ValueError as error:
        raise _broken(str(error)) from None
    values = [entry.token for sent in tokens.sent.values() for entry in sent]
    if len(set(values)) < len(values):
        raise _broken("holds one token twice")
    return tokens


def _content(path: Path) -> bytes | None:
    """Read a regular file, opened once: a link is not followed, a pipe does not block."""
    try:
        if path.is_symlink():
            raise _broken("is a link, which is not followed")
        return read_within(path, _LARGEST, follow=False)
    except FileNotFoundError:
        return None
    except NotRegularError as error:
        raise _broken("is not a regular file") from error
    except OSError as error:
        raise _broken(f"cannot be read ({error.strerror})") from error


def _broken(fault: str) -> InputError:
    message = (
        f"{fault}: it holds the tokens of the clarifications that were sent and is not overwritten; restore it from a "
        "copy, or move it away and list under 'file' of each vendor the clarifications that come back"
    )
    return InputError([Issue("clarification-tokens", message, Location(FILE))])


def refusal(own: Clarification, vendor: str, tokens: Tokens, file: str, *, listed: bool) -> Issue | None:
    """Say why a clarification does not count for the vendor whose file it is; None where it does.

    `listed` is true where evaluation.yaml names the file under that vendor.
    """
    holder = tokens.holder(own.token) if own.token else None
    if own.is_conditions:
        return _refused_conditions(own, vendor, holder, file)
    names = (own.name, f"({own.vendor})") if own.name not in {"", own.vendor} else (own.vendor,)
    whose = shorten(" ".join(names))
    if own.vendor != vendor and (holder is None or holder[0] != vendor):
        message = f"is the clarification workbook of {whose}, not of {vendor}: put it beside the response of {whose}"
        return Issue("wrong-vendor", message, Location(file))
    if holder and holder[0] != vendor:
        message = f"says that it is a clarification of {vendor} and carries the token that was sent to {holder[0]}"
        return Issue("clarification-refused", f"{message}: ask {vendor} for its own workbook", Location(file))
    if holder and (own.vendor != vendor or own.round != holder[1].round):
        says = f"round {own.round} of {whose}" if own.round else f"no round of {whose}"
        message = f"carries the token of round {holder[1].round} of {vendor} and says {says}"
        return Issue("clarification-refused", f"{message}: ask {vendor} to fill in the workbook again", Location(file))
    if own.round and (holder or listed):
        return None
    fault = "without a token that was given out" if own.round else "whose round is no number of ours"
    cure = f"list it under 'file' of {vendor} in {EVALUATION} if it is known to be theirs" if own.round else "ask again"
    message = f"says that it is a clarification workbook of {vendor}, {fault}, so it replaces no answer: {cure}"
    return Issue("clarification-unconfirmed", message, Location(file))


def _refused_conditions(own: Clarification, vendor: str, holder: tuple[str, Sent] | None, file: str) -> Issue | None:
    if holder and holder[0] == own.vendor == vendor and holder[1].round == CONDITIONS_ROUND:
        return None
    whose = shorten(own.vendor)
    why = "without its token" if holder is None else f"with a token that was made for {holder[0]}"
    message = f"says that it is a workbook of conditions of {whose}, and came as one of {vendor} {why}"
    return Issue("conditions-unconfirmed", f"{message}: ask {whose} to fill in the one that was sent", Location(file))
