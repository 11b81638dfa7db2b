"""Text to the one reading it has; where it has none or several, an AnswerError that names them.

Nothing is guessed. Everything here is pure: values in, values out.
"""

from vendor_eval.criteria.parsing.dates import read_date
from vendor_eval.criteria.parsing.figures import Quantity, convert, is_unit, read_number, read_percentage, read_quantity
from vendor_eval.criteria.parsing.options import Qualified, read_option, shown_labels
from vendor_eval.criteria.parsing.texts import YES_NO, normalize, shorten, unknown_option
from vendor_eval.criteria.parsing.words import nothing_said, refuse_nothing, words

__all__ = [
    "YES_NO",
    "Qualified",
    "Quantity",
    "convert",
    "is_unit",
    "normalize",
    "nothing_said",
    "read_date",
    "read_number",
    "read_option",
    "read_percentage",
    "read_quantity",
    "refuse_nothing",
    "shorten",
    "shown_labels",
    "unknown_option",
    "words",
]
