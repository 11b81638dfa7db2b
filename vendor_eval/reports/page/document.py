"""report.html put together: one file that loads nothing, whose script and style alone may run, by their hashes."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources

from vendor_eval.reports.page.data import page_data
from vendor_eval.reports.page.sections import changes_part, conditions_part, pilot_part, price_rules
from vendor_eval.reports.page.without_script import shown_without_script
from vendor_eval.reports.pages.pdf import templates
from vendor_eval.results import Result

_FILES = resources.files("vendor_eval.reports.page")
# Each imports from those before it alone.
MODULES = (
    "figures.js",
    "arithmetic.js",
    "state.js",
    "banner.js",
    "ranking.js",
    "heat.js",
    "weights.js",
    "elements.js",
    "answers.js",
    "whatif.js",
    "detail.js",
    "compare.js",
    "search.js",
    "main.js",
)
STYLES = ("page.css", "detail.css")
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
# What would end the block of data, or a line of script in an old reader.
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def report_page(result: Result) -> bytes:
    """Draw the page that explores a result; it is internal, and never made for a vendor."""
    data = json.dumps(
        page_data(result), default=vars, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).translate(_ESCAPED)
    script, style = _script(), "\n".join(map(_read, STYLES))
    allowed = f"script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    template = templates("page").get_template("page.html.j2")
    # Ours, and data whose signs are escaped: what stands in a script or a style block is no markup.
    blocks = {"data_markup": _Markup(data), "script_markup": _Markup(script), "style_markup": _Markup(style)}
    return template.render(
        result=result,
        view=shown_without_script(result),
        changeable=result.arithmetic is not None,
        weights=tuple(_weights(result)),
        price_rules=price_rules(result.price),
        pilot=pilot_part(result),
        changes=changes_part(result),
        conditions=conditions_part(result),
        policy=policy,
        **blocks,
    ).encode()


class _Markup(str):
    """A text of ours that is put into the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def _weights(result: Result) -> Iterator[tuple[str, str]]:
    """List what has a slider, by id and title: the categories that count, and the price."""
    if result.arithmetic is None or result.is_screen:
        return
    categories = result.arithmetic.categories
    for name, title, weight in zip(categories.ids, categories.titles, categories.weights, strict=True):
        if weight is not None:
            yield name, title
    if result.arithmetic.price:
        yield "price", "Price"


def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """Join the modules into one: names are unique among them, so that imports and exports can go."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in MODULES)


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
