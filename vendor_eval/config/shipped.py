"""Where the criteria, the mappings and the samples that come with the package lie."""

from pathlib import Path

from vendor_eval.issues import VendorEvalError

_PACKAGE = Path(__file__).parent.parent


def criteria_folder() -> Path:
    """Find the shipped criteria, in the package or else in the checkout beside it.

    Raises VendorEvalError where neither has them.

    >>> (criteria_folder() / "scorecard.yaml").is_file()
    True
    """
    return _shipped_folder("criteria")


def mappings_folder() -> Path:
    """Find the shipped mappings of other questionnaires, in the package or else in the checkout beside it.

    Raises VendorEvalError where neither has them.

    >>> (mappings_folder() / "caiq-4.0.3.yaml").is_file()
    True
    """
    return _shipped_folder("mappings")


def samples_folder() -> Path:
    """Find the shipped sample evaluations, in the package or else in the checkout beside it.

    Raises VendorEvalError where neither has them.

    >>> samples_folder().name
    'samples'
    """
    return _shipped_folder("samples")


def words_file() -> Path:
    """Name the file of the words that vendors use.

    >>> words_file().is_file()
    True
    """
    return _PACKAGE / "data" / "answer_words.yaml"


def _shipped_folder(name: str) -> Path:
    packaged, beside = _PACKAGE / "_shipped" / name, _PACKAGE.parent / name
    for folder in (packaged, beside):
        if folder.is_dir():
            return folder
    message = f"The {name} that come with vendor-eval are neither in {packaged} nor in {beside}; install it again"
    raise VendorEvalError(message)
