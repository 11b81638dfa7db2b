"""Where the criteria, mappings and samples of the package are; VendorEvalError where they are missing."""

from pathlib import Path

from vendor_eval.issues import VendorEvalError

_PACKAGE = Path(__file__).parent.parent


def criteria_folder() -> Path:
    """Find the shipped criteria, in the package or else in its checkout.

    >>> (criteria_folder() / "scorecard.yaml").is_file()
    True
    """
    return _shipped_folder("criteria")


def mappings_folders() -> tuple[Path, ...]:
    """Find the shipped mappings of other questionnaires: those of the newest criteria, and those beside each older one.

    >>> [(folder / "caiq-4.0.3.yaml").is_file() for folder in mappings_folders()]
    [True, True]
    """
    return (_shipped_folder("mappings"), *sorted(criteria_folder().glob("*/mappings"), reverse=True))


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
