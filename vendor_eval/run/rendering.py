"""Documents of a run, drawn in as many processes as there are cores while they are written one after the other.

Each is written and let go, so that a hundred scorecards need no more memory than a few. A document depends on nothing
but the result: its bytes do not depend on how many processes there are.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from vendor_eval.issues import VendorEvalError
from vendor_eval.reports.pages import pdf
from vendor_eval.reports.pages.documents import Document
from vendor_eval.run.publish import Content
from vendor_eval.spreadsheets import workers

Renderer = Callable[[], Document]
# To start processes and to warm up in each costs as much as some documents.
_MOST_ALONE = 3


def document_files(renderers: Mapping[str, Renderer], warn: Callable[[str], None]) -> Iterator[tuple[str, Content]]:
    """Yield the content of each document by its name, to be drawn when it is asked for, in this order at best.

    `warn` is called with the warnings of a document once it is drawn. Asked for its bytes a content raises
    VendorEvalError that names the document, where it cannot be drawn.
    """
    ahead = _drawn_ahead(renderers)

    def content(name: str) -> Iterator[bytes]:
        # What was passed by, or never begun, is drawn here.
        document = next((document for at, document in ahead if at == name), None) or _draw(renderers, name)
        if isinstance(document, str):
            raise VendorEvalError(f"{name}: {document}")
        for warning in document.warnings:
            warn(warning)
        yield document.data

    yield from ((name, partial(content, name)) for name in renderers)


def _drawn_ahead(renderers: Mapping[str, Renderer]) -> Iterator[tuple[str, Document | str]]:
    """Draw in other processes while the caller writes; nothing where a fork is not safe, or not worth it."""
    names = tuple(renderers)
    if len(names) > _MOST_ALONE and workers.cores() > 1 and workers.can_fork() and pdf.can_fork():
        ended = "the process that drew it was ended; is there enough memory?"
        drawn = workers.stream(_draw, renderers, names, lost=lambda *_: ended, workers=workers.cores())
        yield from zip(names, drawn, strict=True)


def _draw(renderers: Mapping[str, Renderer], name: str) -> Document | str:
    try:
        return renderers[name]()
    except VendorEvalError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  it is named with its document, whichever process drew it
        return f"could not be drawn: {type(error).__name__}: {error}"
