"""Where the criteria, mappings and samples of the package are; VendorEvalError where they are missing."""

from pathlib import Path

from vendor_eval.issues import VendorEvalError

_PACKAGE = Path(__file__).parent.parent
SHIPPED = "annotation-partner"
# Names of the shipped criteria and their folders below criteria/: the plain name means the newest.
BANKS = {SHIPPED: "", f"{SHIPPED}@2": "", f"{SHIPPED}@1": f"{SHIPPED}-1"}


def criteria_folder(name: str = SHIPPED) -> Path:
    """Find shipped criteria by a name of `BANKS`, in the package or else in its checkout.

    >>> (criteria_folder() / "scorecard.yaml").is_file()
    True
    """
    return _shipped_folder("criteria") / BANKS[name]


def mappings_folder(version: str = "") -> Path:
    """Find the shipped mappings of other questionnaires to a version of the shipped criteria; '' means the newest.

    >>> (mappings_folder("1.0.0") / "caiq-4.0.3.yaml").is_file()
    True
    """
    older = BANKS.get(f"{SHIPPED}@{version.partition('.')[0]}")
    return criteria_folder() / older / "mappings" if older else _shipped_folder("mappings")


def samples_folder() -> Path:
    """Find the shipped sample evaluations.

    >>> samples_folder().name
    'samples'
    """
    return _shipped_folder("samples")


def words_file() -> Path:
    """Return the file of the words that vendors use.

    >>> words_file().is_file()
    True
    """
    return _PACKAGE / "data" / "answer_words.yaml"


def codes_file() -> Path:
    """Return the file of what each code of an issue means, and its cure.

    >>> codes_file().is_file()
    True
    """
    return _PACKAGE / "data" / "issue_codes.yaml"


def _shipped_folder(name: str) -> Path:
    packaged, checkout = _PACKAGE / "_shipped" / name, _PACKAGE.parent / name
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    message = f"The {name} that come with vendor-eval are neither in {packaged} nor in {checkout}; install it again"
    raise VendorEvalError(message)
