"""Codes that replace the names of vendors on blinded sheets."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

from vendor_eval.config.models import Frozen, load_document
from vendor_eval.tender import Evaluation

KEY_FILE = "score-key.yaml"
# A shorter word of a name identifies nobody.
_IDENTIFYING = 4
_SHARED = "[a vendor]"
_CODE = re.compile(r"V\d+")
# A word of a sentence, not the part of an address.
_WORD = re.compile(r"(?<![\w.@/-])\w+(?![\w@-]|\.\w)")


class ScoreKey(Frozen):
    """Vendors by their code on the sheets. The key stays with the buyer."""

    codes: dict[str, str]


def load_key(evaluation: Evaluation) -> ScoreKey | None:
    """Load the key of blinded sheets; None where sheets name the vendors."""
    path = evaluation.folder / KEY_FILE
    if not path.exists():
        return None
    key: ScoreKey = load_document(path, ScoreKey).sound()
    return key


def new_key(evaluation: Evaluation, vendors: Iterable[str], old: ScoreKey | None) -> ScoreKey:
    """Assign each vendor a code in random order by the seed; existing codes stay."""
    codes = dict(old.codes) if old else {}
    for vendor in shuffled(evaluation, "codes", [v for v in vendors if v not in codes.values()]):
        codes[f"V{len(codes) + 1}"] = vendor
    return ScoreKey(codes=codes)


def is_code(text: str) -> bool:
    """Return whether a text has the form of a code.

    >>> is_code("V3"), is_code("voxel")
    (True, False)
    """
    return _CODE.fullmatch(text) is not None


def vendor_codes(vendors: Iterable[str], key: ScoreKey | None) -> Mapping[str, str]:
    """Map vendors to their codes; without a key to their ids."""
    known = {vendor: code for code, vendor in key.codes.items()} if key else {}
    return {vendor: known.get(vendor, vendor) for vendor in vendors if key is None or vendor in known}


def shown_vendor(vendor: str, names: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """Return what the sheets call a vendor: its code, or its name."""
    return codes[vendor] if codes[vendor] != vendor else names.get(vendor, vendor)


def shuffled(evaluation: Evaluation, purpose: str, vendors: Iterable[str]) -> list[str]:
    """Shuffle vendors by the seed of the evaluation, the same on every machine."""
    seed = evaluation.settings.seed
    return sorted(vendors, key=lambda vendor: hashlib.sha256(f"{seed}\n{purpose}\n{vendor}".encode()).hexdigest())


def mask(names: Mapping[str, str], codes: Mapping[str, str], texts: Iterable[str] = ()) -> Callable[[str], str]:
    """Return a function that replaces names, ids and identifying words of names by the code of the vendor.

    A word identifies a vendor where `texts`, those of all vendors, never use it in lower case. What else gives a vendor
    away, such as a product or a customer, stays.

    >>> hide = mask({"v": "Acme Data"}, {"v": "V1"}, ["Our data is safe"])
    >>> hide("ACME DATA keeps data at acme.example; Acme's log. Data")
    "V1 keeps data at V1.example; V1's log. Data"
    """
    common = {word for text in texts for word in _WORD.findall(text) if word.islower()}
    shown: dict[str, str] = {}
    for vendor in (vendor for vendor in names if vendor in codes):
        words = (w for w in re.findall(r"\w+", names[vendor]) if len(w) >= _IDENTIFYING and w.casefold() not in common)
        for spelling in {part.casefold() for part in (names[vendor], vendor, *words)}:
            shown[spelling] = codes[vendor] if shown.get(spelling, codes[vendor]) == codes[vendor] else _SHARED
    longest_first = sorted(shown, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: shown.get(match[0].casefold(), _SHARED), text) if shown else text
