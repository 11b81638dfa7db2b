"""What one vendor reads after the award: the blocks of its letter, from records of it and the winner alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import distinct, listed, money, number, unit_price
from vendor_eval.formatting.measures import gate_unit
from vendor_eval.reports.letters.passages import (
    NOTHING,
    Block,
    Heading,
    Paragraph,
    Passage,
    Table,
    joined,
    put_together,
)
from vendor_eval.reports.wording.answers import level_text, own_words
from vendor_eval.reports.wording.lookups import questions_by_id, titles_of
from vendor_eval.reports.wording.names import cut_answer
from vendor_eval.reports.wording.phrases import ordinal
from vendor_eval.reports.wording.price import rule_words
from vendor_eval.reports.wording.requirements import obstacle
from vendor_eval.results import (
    DECLARATION,
    AnswerRecord,
    CategoryDefinition,
    FloorRecord,
    GateRecord,
    QuestionDefinition,
    Result,
    VendorRecord,
)
from vendor_eval.results.letters import CriterionText, LetterKind, StandstillRecord, WinnerRecord

_QUOTED, _MOST_QUESTIONS, _MOST_GAPS = 200, 3, 5
_PRICE, _ALL = "price", 100
_INDENT = 4 * "\N{NO-BREAK SPACE}"
_OUTCOMES = {"fail": "Failed", "unresolved": "Open"}
_PROOF = {
    "claim": "no document proves it",
    "named": "the document that you named did not arrive",
    "document": "its document was not verified",
}
_UNANSWERED = {
    "blank": "no answer was given",
    "invalid": "it could not be read as an answer to the question",
    "unknown": "the answer is that you do not know",
}


class Features(NamedTuple):
    """What the letters of a regime say to a vendor that was compared.

    `criteria`: its score for each category alone, without `each_criterion`. `winner`: the winner's scores by category
    (`scores`), its offer and rating (`offer`), or nothing but a name that the buyer allows ("").
    """

    each_criterion: bool = True
    winner: str = ""


FEATURES: Mapping[str, Features] = {
    "uk": Features(winner="scores"),
    "eu": Features(winner="scores"),
    "far": Features(each_criterion=False, winner="offer"),
    "private": Features(),
}


@dataclass(frozen=True)
class Winner:
    """All that a letter may say of the winner; what its regime leaves out is not in it."""

    record: WinnerRecord
    address: Passage = NOTHING
    email: Passage = NOTHING
    identifier: Passage = NOTHING
    about: Mapping[str, Passage] | None = None
    price: str = ""
    unit_prices: tuple[tuple[str, str], ...] = ()
    rank: int | None = None


@dataclass(frozen=True)
class Letter:
    """A letter: `alone` is a result without any other vendor, `words` are by question, node or `status`.

    `unquoted` are answers that are not quoted, since their words name another bidder. `solicited` and `received` count
    offers.
    """

    kind: LetterKind
    regime: str
    alone: Result
    fields: Mapping[str, Passage]
    words: Mapping[str, Passage]
    standstill: StandstillRecord
    seal: Passage
    winner: Winner | None = None
    solicited: int = 0
    received: int = 0
    unquoted: frozenset[str] = frozenset()

    @property
    def vendor(self) -> VendorRecord:
        return self.alone.vendors[0]

    @property
    def is_compared(self) -> bool:
        return self.kind in {"award", "regret"}

    @property
    def features(self) -> Features:
        return FEATURES[self.regime]

    @cached_property
    def questions(self) -> Mapping[str, QuestionDefinition]:
        return questions_by_id(self.alone)

    @cached_property
    def answers(self) -> Mapping[str, AnswerRecord]:
        return {answer.id: answer for answer in self.vendor.answers}

    def block(self, name: str) -> tuple[Block, ...]:
        """Draw a block of a template; empty where the regime or the vendor has nothing for it."""
        return tuple(_BLOCKS[name](self))

    def criteria(self) -> tuple[CriterionText, ...]:
        """List categories and criteria as letters.json has them; empty for a vendor that was not compared."""
        return tuple(
            CriterionText(
                node=row.node,
                title=row.title,
                weight=row.weight,
                score=row.score,
                text="\n".join(text.text for text in row.texts),
            )
            for row in _rows(self)
        )


class _Row(NamedTuple):
    node: str
    title: str
    weight: float
    score: float | None
    texts: tuple[Passage, ...]
    is_criterion: bool = False


def _rows(letter: Letter) -> Iterator[_Row]:
    """List what was scored: categories, in most regimes their criteria, and the price where it may be said."""
    if not letter.is_compared:
        return
    nodes = {node.id: node for node in letter.vendor.nodes if node.in_scope}
    part = 100 * letter.alone.quality_share()
    for category in letter.alone.definition.categories:
        if not (category.weighted and category.id in nodes):
            continue
        node = nodes[category.id]
        text = (*_losses(letter, category), *_own_reason(letter, category.id))
        yield _Row(node.id, category.title, node.global_weight * part, node.score, text)
        for criterion in category.criteria if letter.features.each_criterion else ():
            if own := nodes.get(criterion.id):
                texts = (*(_explanation(letter, a) for a in _weightiest(letter, own.id)), *_own_reason(letter, own.id))
                yield _Row(own.id, criterion.title, own.global_weight * part, own.score, texts, is_criterion=True)
    price, how = letter.vendor.price, letter.alone.evaluation.price
    if price is not None and how is not None and (letter.features.each_criterion or not how.relative):
        total = f"The total price of your offer is {price.currency} {money(price.total)}."
        if price.total is None:
            lacks = f", since a price is missing for {listed(price.missing)}" if price.missing else ""
            total = f"Your offer has no total price{lacks}."
        text = (Passage(f"{total} {rule_words(how)}"), *_own_reason(letter, _PRICE))
        yield _Row(_PRICE, "Price", price.weight, price.score, text)


def _lost(answer: AnswerRecord) -> float:
    return answer.effective_weight * (100 - (answer.credited or 0.0))


def _weightiest(letter: Letter, parent: str) -> list[AnswerRecord]:
    """List the questions of a criterion that cost most, three at most."""
    counted = [a for a in letter.vendor.answers if a.parent == parent and a.effective_weight and a.credited is not None]
    return sorted(counted, key=lambda answer: -_lost(answer))[:_MOST_QUESTIONS]


def _losses(letter: Letter, category: CategoryDefinition) -> Iterator[Passage]:
    """Say on which criteria of a category most was lost."""
    lost = {
        criterion.title: sum(_lost(a) for a in letter.vendor.answers if a.parent == criterion.id)
        for criterion in category.criteria
    }
    most = [title for title in sorted(lost, key=lambda title: -lost[title]) if number(lost[title], 2) != "0.00"]
    if most:
        yield Passage(f"Most points were lost on: {listed(most[:2])}.", "the titles of criteria")


def _explanation(letter: Letter, answer: AnswerRecord) -> Passage:
    """Explain what an answer scored: in the vendor's words, with what the next better answer is."""
    question = letter.questions[answer.id]
    texts = [*_levels(question, answer), *_next(answer, question)]
    if not texts and answer.credited != _ALL and not _lack(answer):
        texts.append(Passage(f"How it counts: {answer.explanation}.", f"how {answer.id} counts", "the criteria"))
    return _judged(letter, answer, f"It scored {number(answer.credited)} of 100", texts)


def _judged(letter: Letter, answer: AnswerRecord, outcome: str, texts: Iterable[Passage]) -> Passage:
    """Put together question, answer, what came of it and why."""
    question = letter.questions[answer.id]
    asked = Passage(question.text, f"the question {question.id}", "the criteria")
    text = f"{{question}} ({answer.id}) Your answer: {{own}}. {outcome}{_lack(answer)}."
    head = put_together(text, question=asked, own=_own_words(letter, question, answer))
    return joined([head, *texts, *_own_reason(letter, answer.id)], " ")


def _own_reason(letter: Letter, name: str) -> Iterator[Passage]:
    if reason := letter.words.get(name):
        yield put_together("Our reason: {reason}", reason=reason)


def _lack(answer: AnswerRecord) -> str:
    """Say what an answer lacks; '' where it is read, and no better proof would change its score."""
    if cause := _UNANSWERED.get(obstacle(answer)):
        return f", since {cause}"
    if (answer.value or 0.0) > (answer.credited or 0.0) and answer.evidence in _PROOF:
        return f", since {_PROOF[answer.evidence]}; with full proof it would have scored {number(answer.value)}"
    return ""


def _own_words(letter: Letter, question: QuestionDefinition, answer: AnswerRecord) -> Passage:
    """Quote an answer; one whose words name another bidder is left out where the buyer's stand in their place."""
    if answer.id in letter.unquoted:
        return Passage("as you gave it")
    words = own_words(question, answer)
    if question.type == "certification" and answer.parts:
        words = "; ".join(f"{part.key.replace('_', ' ')}: {part.raw}" for part in answer.parts if part.raw)
    text = f"“{cut_answer(words, _QUOTED)}”" if words else "none"
    if question.type == "certification" and answer.answer == "None":
        text = "no certificate"
    if answer.finding and answer.finding.kind == "answer":
        text += f", which counts as “{answer.answer}”"
    return Passage(text, f"the answer to {answer.id}", answer.source)


def _levels(question: QuestionDefinition, answer: AnswerRecord) -> Iterator[Passage]:
    if not level_text(question, answer):
        return
    reached = int(float(answer.answer or 0))
    yield Passage(f"It reached {level_text(question, answer)}.")
    for level in range(reached, min(reached + 2, len(question.levels))):
        text = f"Level {level}: “{question.levels[level].rstrip('.')}”."
        yield Passage(text, f"level {level} of {question.id}", "the criteria")


def _next(answer: AnswerRecord, question: QuestionDefinition) -> Iterator[Passage]:
    if answer.next_step and not question.levels:
        text = f"The next better answer is {answer.next_step.text}, worth {number(answer.next_step.value)}."
        yield Passage(text, f"the next better answer to {answer.id}", "the criteria")


# ------------------------------------------------------------------------------------------------ blocks


def _criteria(letter: Letter) -> Iterator[Block]:
    rows = list(_rows(letter))
    if not rows:
        return
    cells = [
        (
            _title(f"{_INDENT}{row.title}" if row.is_criterion else row.title),
            Passage(f"{number(row.weight)} %"),
            Passage(number(row.score)),
        )
        for row in rows
    ]
    if letter.vendor.score is not None:
        cells.append((Passage("Total"), Passage("100.0 %"), Passage(number(letter.vendor.score))))
    yield Table(("Award criterion", "Weight", "Your score, 0 to 100"), tuple(cells), (10.5, 3.0, 3.5))
    for row in rows:
        texts = row.texts if letter.features.each_criterion else tuple(_own_reason(letter, row.node))
        if texts:
            yield Heading(_title(f"{row.title}: {number(row.score)} of 100"), 3)
            yield from map(Paragraph, texts)


def _gates(letter: Letter) -> Iterator[Block]:
    """List why a vendor is excluded, or which requirements are not met."""
    if letter.kind == "late":
        moments = {name: letter.fields[name] for name in ("received", "deadline")}
        yield Paragraph(put_together("Received: {received}. Deadline: {deadline}.", **moments))
        return
    if status := letter.words.get("status"):
        yield Paragraph(status)
    rows = tuple(_requirements(letter))
    if rows:
        yield Table(("Requirement", "Your answer", "What was asked", "Result"), rows, (5.5, 4.0, 4.5, 3.0), 4)
    for gap in letter.vendor.gaps[:_MOST_GAPS] if letter.kind == "regret" and letter.regime == "far" else ():
        answer = letter.answers[gap.question]
        texts = [*_next(answer, letter.questions[gap.question])]
        yield Paragraph(_judged(letter, answer, f"It cost {number(gap.points)} points of quality", texts))


def _title(text: str) -> Passage:
    return Passage(text, "a title", "the criteria")


def _requirements(letter: Letter) -> Iterator[tuple[Passage, ...]]:
    excluding = {(reason.question or reason.node) for reason in letter.vendor.status_reasons if reason.result == "fail"}
    seen = set()
    for gate in letter.vendor.gates:
        if gate.kind == "flag" or gate.result == "pass" or (gate.question, gate.because) in seen:
            continue
        if letter.kind == "excluded" and not _excludes(gate, gate.question, excluding):
            continue
        seen.add((gate.question, gate.because))
        title, own = Passage(gate.because), Passage(gate.reason)
        if gate.question != DECLARATION:
            question, answer = letter.questions[gate.question], letter.answers[gate.question]
            title = Passage(f"{gate.because}: {question.text} ({gate.question})", f"{gate.question}", "the criteria")
            own = _own_words(letter, question, answer)
        asked = Passage(f"{gate.test}{gate_unit(gate.unit)}", f"the requirement of {gate.question}", "the criteria")
        causes = (obstacle(letter.answers[name]) for name in gate.open_questions)
        lacks = dict.fromkeys((_UNANSWERED | _PROOF).get(cause, "") for cause in causes)
        yield title, own, asked, _outcome(letter, gate, gate.question, "; ".join(filter(None, lacks)))
    titles = titles_of(letter.alone)
    for node in letter.vendor.nodes:
        floor = node.floor
        if floor is None or floor.result == "pass":
            continue
        if letter.kind != "excluded" or _excludes(floor, node.id, excluding):
            score, reach = (distinct(points or 0.0, floor.at_least) for points in (node.score, node.reach))
            own, asked = Passage(f"{score} points"), Passage(f"at least {floor.at_least:g} points")
            lack = f"proof or answers that are still missing can bring it to {reach} points"
            yield _title(titles[node.id]), own, asked, _outcome(letter, floor, node.id, lack)


def _excludes(test: GateRecord | FloorRecord, name: str, excluding: Iterable[str]) -> bool:
    return test.kind == "knock_out" and test.result == "fail" and not test.waived and name in excluding


def _outcome(letter: Letter, test: GateRecord | FloorRecord, name: str, lack: str) -> Passage:
    text = "Waived" if test.waived and test.result == "fail" else _OUTCOMES[test.result]
    word = Passage(f"{text}: {lack}" if lack and test.result == "unresolved" else text)
    reason = letter.words.get(name)
    return put_together("{word}. Our reason: {reason}", word=word, reason=reason) if reason else word


def _winner(letter: Letter) -> Iterator[Block]:
    winner = letter.winner
    if winner is None:
        return
    name = Passage(winner.record.name, "the name of the winner", "evaluation.yaml")
    lines = [part for part in (name, winner.address, winner.email, winner.identifier) if part.text]
    yield Paragraph(joined(lines, "\n"))
    if letter.features.winner == "scores":
        yield from _winner_scores(letter, winner)
    if letter.features.winner == "offer":
        yield from _winner_offer(letter, winner)


def _winner_scores(letter: Letter, winner: Winner) -> Iterator[Block]:
    titles = titles_of(letter.alone)
    own = {row.node: row.score for row in _rows(letter)}
    rows = [
        (_title(titles[node]), Passage(number(score)), Passage(number(own.get(node))))
        for node, score in winner.record.scores.items()
    ]
    rows.append((Passage("Total"), Passage(number(winner.record.score)), Passage(number(letter.vendor.score))))
    yield Table(("Award criterion", "Successful tender", "Your tender"), tuple(rows), (10.0, 3.5, 3.5))
    for node, text in (winner.about or {}).items():
        yield Paragraph(put_together("{title}: {text}", title=_title(titles[node]), text=text))


def _winner_offer(letter: Letter, winner: Winner) -> Iterator[Block]:
    own = letter.vendor
    rows = [("Quality as one rating, 0 to 100", number(winner.record.score), number(_quality(own)))]
    if own.price and winner.price:
        rows.insert(0, ("Overall price", winner.price, _price(own)))
    places = [ordinal(rank) if rank else "–" for rank in (winner.rank, own.rank)]
    rows.append(("Place in the ranking", places[0], places[1]))
    items = {item.id: unit_price(item.unit_price) for item in own.price.items} if own.price else {}
    price = letter.alone.evaluation.price
    titles = {item.id: item.text for item in price.items} if price else {}
    rows += [(f"Unit price: {titles[name]}", bid, items.get(name, "–")) for name, bid in winner.unit_prices]
    header = ("", "Successful offer", "Your offer")
    yield Table(header, tuple(tuple(map(Passage, row)) for row in rows), (9.0, 4.0, 4.0))
    yield Paragraph(Passage(f"Offers solicited: {letter.solicited}. Offers received: {letter.received}."))


def _quality(vendor: VendorRecord) -> float | None:
    return vendor.score if vendor.quality is None else vendor.quality


def _price(vendor: VendorRecord) -> str:
    price = vendor.price
    return f"{price.currency} {money(price.total)}" if price and price.total is not None else "–"


def _standstill(letter: Letter) -> Iterator[Block]:
    last, sign, counted = letter.standstill.last_day, letter.standstill.sign_from, letter.standstill.counted
    if last is None:
        return
    yield Paragraph(Passage(letter.standstill.rule, "the rule of the standstill", "letters/templates"))
    end = f"The last day is {day(last)}."
    yield Paragraph(Passage(f"Days counted: {listed([day(date) for date in counted])}. {end}"))
    if sign:
        yield Paragraph(Passage(f"The contract is not signed before {day(sign)}."))


def _seal(letter: Letter) -> Iterator[Block]:
    if letter.seal.text:
        yield Paragraph(letter.seal)


_BLOCKS = {
    "criteria": _criteria,
    "gates": _gates,
    "winner": _winner,
    "standstill": _standstill,
    "seal": _seal,
}
BLOCKS = tuple(_BLOCKS)


def winner_of(vendor: VendorRecord, regime: str, *, unit_prices: bool) -> Winner:
    """Make of the winner's record what a regime lets others read: name, scores or offer, no word of its tender."""
    shown = FEATURES[regime].winner
    if shown == "scores":
        scores = {node.id: node.score for node in vendor.nodes if node.kind == "category" and node.score is not None}
        if vendor.price and vendor.price.score is not None:
            scores[_PRICE] = vendor.price.score
        return Winner(WinnerRecord(name=vendor.name, score=vendor.score, scores=scores))
    if shown == "offer":
        items = vendor.price.items if vendor.price and unit_prices else ()
        prices = tuple((item.id, unit_price(item.unit_price)) for item in items)
        record = WinnerRecord(name=vendor.name, score=_quality(vendor))
        return Winner(record, price=_price(vendor), unit_prices=prices, rank=vendor.rank)
    return Winner(WinnerRecord(name=vendor.name))
