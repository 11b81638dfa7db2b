"""Lookups of an evaluation's questionnaire, the same for every vendor."""

from collections import Counter
from functools import lru_cache

from vendor_eval.criteria.parsing import normalize
from vendor_eval.forms import layout
from vendor_eval.tender import Evaluation

# Programs that correct texts make other dashes of the hyphen of an id.
_DASHES = str.maketrans(dict.fromkeys("\u2012\u2013\u2014\u2212", "-"))


@lru_cache(maxsize=65536)
def folded_id(text: str) -> str:
    r"""Fold an id for comparison.

    >>> folded_id(" SEC\u201301 ")
    'sec-01'
    """
    return normalize(text).translate(_DASHES)


class Form:
    """Rows of the questionnaire by key, ids and texts as people compare them."""

    def __init__(self, evaluation: Evaluation) -> None:
        expected = layout.sheets(evaluation)
        self.rows: dict[str, layout.FormRow] = {row.key: row for _, own in expected.values() for row in own}
        # Question and part of each key.
        self.ids = {key: (row.question.id, row.cell.part) for key, row in self.rows.items()}
        self.sheets = {name: tuple(row.key for row in own) for name, (_, own) in expected.items()}
        self.questions = layout.form_questions(evaluation)
        self.ids |= {name: (name, "") for name in self.questions}
        cells = {name: question.cells() for name, question in self.questions.items()}
        self.keys = {name: tuple(f"{name}.{c.part}" for c in own if c.part) for name, own in cells.items()}
        self.units = dict.fromkeys(self.questions, "") | {key: row.cell.unit for key, row in self.rows.items()}
        self.labels = {
            key: frozenset(map(normalize, row.cell.labels)) for key, row in self.rows.items() if row.cell.options
        }
        self.lists = frozenset(self.labels.values())
        self.asked = {name: frozenset({normalize(question.text)}) for name, question in self.questions.items()}
        for key, row in self.rows.items():
            # Its help is missing in workbooks that went out before a figure had bounds.
            unhelped = row.prompt.removesuffix(f"\n{row.cell.help}")
            self.asked[key] = frozenset(map(normalize, (row.prompt, unhelped, row.text, row.cell.text)))
        self.folded = {folded_id(key): key for key in (*self.rows, *self.questions)}
        every = layout.rows(evaluation.criteria.questions.values())
        others = {folded_id(name): (name, "") for name in (row.question.id for row in every)}
        others |= {folded_id(row.key): (row.question.id, row.cell.part) for row in every}
        self.not_asked = {key: answer for key, answer in others.items() if key not in self.folded}
        self.identity = layout.identity(evaluation)
        # Of two envelopes each is known as well, and so is the questionnaire of both.
        self.sent = layout.content_hashes(evaluation)
        self.list_texts = layout.list_texts(evaluation)
        self.fixed = {normalize(name) for name in (layout.RETURN_BY, *self.identity)}
        self.cover_texts = layout.cover_texts(evaluation) | self.fixed
        self.counted = {normalize(name) for name in (*expected, layout.PROGRESS_TOTAL)}
        self.template_texts = frozenset().union(*(layout.sheet_texts(category) for category, _ in expected.values()))
        texts = [(text, key) for key, row in self.rows.items() for text in {normalize(row.prompt), normalize(row.text)}]
        counts = Counter(text for text, _ in texts)
        # Keys by the exact text of their row, where it is the text of one row only.
        self.by_text = {text: key for text, key in texts if counts[text] == 1}


@lru_cache(maxsize=1)
def form_of(evaluation: Evaluation) -> Form:
    return Form(evaluation)
