"""The scorecard of a vendor on two pages, drawn from a result in which no other vendor is left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from vendor_eval.formatting.dates import day
from vendor_eval.formatting.figures import listed, money, number, percent
from vendor_eval.formatting.printable import cut
from vendor_eval.reports.pages.heights import AROUND, LINE, Room, fitting, lines, row_height
from vendor_eval.reports.pages.one_vendor import FieldComparison, Place
from vendor_eval.reports.pages.overview import Overview, View, by_points, found_against, head, hit_flags, lost, node
from vendor_eval.reports.pages.said_and_measured import pilot_card
from vendor_eval.reports.wording.answers import short_answer
from vendor_eval.reports.wording.decision import who_and_when
from vendor_eval.reports.wording.phrases import counted, ordinal
from vendor_eval.reports.wording.price import PRICE_FLAGS, item_words
from vendor_eval.reports.wording.record import record_sentence
from vendor_eval.reports.wording.requirements import NO_COMMENT, Unmet, lacks, requirements_met, stages_left, unmet
from vendor_eval.reports.wording.status import SCREEN
from vendor_eval.results import MODERATED, AnswerRecord, FindingRecord, Result, VendorRecord

_ROWS = 6  # of requirements: more of them are grouped by what would cure them
_TITLES = 180
_POINTS = 3
_OPEN_POINTS = 5
_SIGNERS = 6
_FEWEST = 2
_REMARK = 8.0  # mm that are kept for what the evaluators wrote
_LEAST_PRICE, _LEAST_CERTIFICATES = 31.4, 36.4  # mm of their heads and fewest rows
_ROUNDING = 0.05  # of a figure with one decimal
_OF_OTHERS = frozenset(("abnormally_low", "suspicious_price"))
_CERTIFICATE = {
    "edition": "Edition",
    "status": "Status",
    "valid_until": "Valid until",
    "issuer": "Issuer",
    "number": "Number",
}
_PROOF = {"verified": "yes, checked", "document": "document sent", "named": "no, did not arrive", "claim": "no"}


class Steps(NamedTuple):
    """Points of the total: what an answer earns, what it leaves, and what answers or proof would add."""

    earned: float
    left: float
    unanswered: float
    proof: float


def points_of(result: Result, answer: AnswerRecord) -> Steps:
    """Compute what an answer is worth in points of the total out of 100."""
    weight = answer.global_weight * result.quality_share()
    credited = answer.credited or 0.0
    left = 100 - credited if answer.credited is not None else 0.0
    is_measured = answer.pilot is not None and answer.pilot.counts
    unanswered = 0.0 if is_measured else (answer.high or 0.0) - (answer.low or 0.0)
    proof = (answer.value or 0.0) - credited
    return Steps(weight * credited, weight * left, weight * unanswered, weight * proof)


def scorecard_pages(
    result: Result,
    vendor: VendorRecord,
    digits: int,
    comparison: FieldComparison | None,
    room: Room = Room(),  # noqa: B008  it is frozen
) -> View:
    """Make the context of a scorecard from a result with one vendor; without a comparison it is the vendor's copy."""
    copy = comparison is None
    card = _Card(Overview(result, digits if comparison else 1), vendor, comparison, room.elsewhere)
    return {
        **head(result),
        **({"provisional": bool(result.evaluation.pending) or result.has_sealed_prices} if copy else {}),
        "vendor_copy": copy,
        "name": cut(vendor.name, 120),
        **_first_page(card, room.page),
        **_second_page(card, room.page),
    }


def _first_page(card: "_Card", page: float) -> View:
    """Make page 1: as many requirements are listed as the figures above and the words below leave room for."""
    screen = card.result.is_screen
    requirements = unmet(card.result, card.vendor, internal=card.comparison is not None)
    lead, award = card.lead(), tuple(card.award(requirements))
    bars = () if screen else tuple(card.bars())
    strengths, weaknesses = ((), ()) if screen else (tuple(card.strengths()), tuple(card.weaknesses()))
    columns = (
        (f"{point['question']} {point['answer']} ({point['points']})" for point in points)
        for points in (strengths, weaknesses)
    )
    height = max(sum(1 + LINE * lines(text, 54) for text in texts) for texts in columns)
    record = record_sentence(card.result.evaluation, names=False)
    above = 36 + LINE * 1.4 * lines(lead, 92) + sum(row_height([(bar["title"], 26), (bar["note"], 38)]) for bar in bars)
    below = 9 * bool(height) + height + 12 + LINE * lines(" ".join(award), 112)
    below += 2 + LINE * lines(record, 112) if record else 0
    return {
        "record": record,
        "lead": lead,
        "tiles": tuple(card.tiles()),
        "tile_note": card.note_on_totals(),
        "bars": bars,
        "with_field": bool(card.comparison and card.comparison.spreads),
        "requirements": _requirements_title(card.vendor),
        "unmet": tuple(card.rows(requirements, page - above - below - 12)),
        "strengths": strengths,
        "weaknesses": weaknesses,
        "award": award,
    }


def _second_page(card: "_Card", page: float) -> View:
    """Make page 2: offer, certificates and remarks share what open points and signatures leave."""
    copy = card.comparison is None
    # The panel together is nobody who signs.
    by = {finding.by for finding in findings_on(card.vendor) if not finding.is_by_pilot} - {MODERATED}
    signers = () if copy else tuple(sorted(by))[:_SIGNERS]
    measured = card.result.pilot and card.result.pilot.vendor(card.vendor.id)
    # Promises that were measured take the room of open points.
    open_points = card.open_points(max(_FEWEST, _OPEN_POINTS - len(measured.links if measured else ()) // 2))
    page -= 26 + sum(row_height([(row["question"], 84)]) for row in open_points["rows"])
    page -= 0 if copy else 40 + 7.6 * (len(signers) + 2)
    least = _LEAST_CERTIFICATES + _LEAST_PRICE * bool(card.how) + _REMARK * (not copy)
    # Others than the vendor find the figures that no promise rests on in the workbook.
    pilot = pilot_card(card.overview, card.vendor.id, page - least, card.elsewhere, with_figures=copy)
    page -= pilot["height"] if pilot else 0
    price = card.price(max(_FEWEST, int((page * 0.55 - 20) / 5.7)))
    page -= 20 + 5.7 * len(price["rows"]) if price else 0
    certificates = card.certificates(max(_FEWEST, int((page - 26) / 8.2)))
    page -= 20 + 8.2 * len(certificates["rows"]) + 3.4 * lines(certificates["lacking"], 125)
    return {
        "price": price,
        "certificates": certificates,
        "certificate_heads": tuple(_CERTIFICATE.values()),
        "pilot": pilot,
        "open_points": open_points,
        "remarks": () if copy else card.remarks(page + _REMARK),
        "signers": signers,
    }


def _requirements_title(vendor: VendorRecord) -> str:
    met, all_ = requirements_met(vendor)
    if not all_:
        return "No requirement applies here"
    if met == all_:
        return f"All {counted(all_, 'requirement')} are met" if all_ > 1 else "The one requirement is met"
    if not met:
        return "The one requirement is not met" if all_ == 1 else f"None of the {all_} requirements is met"
    is_one = all_ - met == 1
    return f"{met} of {counted(all_, 'requirement')} are met; {'this one is' if is_one else 'these are'} not"


def findings_on(vendor: VendorRecord) -> Iterator[FindingRecord]:
    """List every act of the buyer and of the pilot: on answers, on lines of the offer, on the whole response."""
    for answer in vendor.answers:
        yield from answer.findings
    if vendor.price:
        yield from (line.finding for line in vendor.price.items if line.finding)
    yield from vendor.notes


def finding_words(finding: FindingRecord, most: int = 150) -> str:
    """Say what a member of the panel wrote; the level of a single one stays out."""
    # The reason of the pilot has the figure, rounded.
    corrected = "Measured" if finding.is_by_pilot else f"Corrected to {finding.value}"
    did = {"verified": "Checked", "claim": "Sent back as unproven", "answer": corrected}
    parts = (did.get(finding.kind, ""), finding.reason, finding.note)
    return cut(": ".join(part for part in (parts[0], "; ".join(filter(None, parts[1:]))) if part), most)


class _Card:
    def __init__(
        self, overview: Overview, vendor: VendorRecord, comparison: FieldComparison | None, elsewhere: str
    ) -> None:
        self.overview = overview
        self.result = overview.result
        self.vendor = vendor
        self.comparison = comparison
        self.how = self.result.price
        self.elsewhere = elsewhere
        self.answers: Mapping[str, AnswerRecord] = {answer.id: answer for answer in vendor.answers}
        self.place = comparison.places.get(vendor.id, Place()) if comparison else Place()

    @property
    def has_total(self) -> bool:
        """Whether a total stands beside the quality: not where it would give a price away, nor where it is quality."""
        return not (self.how and (self.how.relative or self.result.ranks_by_ratio))

    def lead(self) -> str:
        vendor = self.vendor
        contact = f"contact: {cut(vendor.contact, 60)}" if vendor.contact else ""
        where = "; ".join(part for part in (cut(vendor.country, 40), contact) if part)
        parts = (self._rank(), f"{cut(vendor.status_text, 160)}.", f"{where[:1].upper()}{where[1:]}." if where else "")
        return " ".join(part for part in parts if part)

    def _rank(self) -> str:
        field, vendor = self.comparison, self.vendor
        if field is None or self.result.is_screen:
            return f"{SCREEN}." if self.result.is_screen else ""
        bids = f", {counted(field.evaluated, 'bid')}"
        if vendor.rank is None:
            would = vendor.would_rank and field.ranked
            return f"Not ranked; would have been {ordinal(vendor.would_rank or 0)}{bids}." if would else ""
        if field.ranked == 1:
            return f"The only one ranked{bids}."
        shared = "Shares place" if self.place.is_shared else ""
        return f"{shared} {ordinal(vendor.rank)} of {field.ranked}{bids}.".strip()

    # -------------------------------------------------------------------------------------------- figures

    def tiles(self) -> Iterator[tuple[str, str, str]]:
        """Key figures: label, figure, what it means."""
        vendor, how = self.vendor, self.how
        if not self.result.is_screen:
            if self.has_total:
                label, high = "Points of 100" if how else "Score of 100", vendor.high or 0.0
                is_open = high - (vendor.score or 0.0) > _ROUNDING
                best = f"{number(high)} if all open answers were perfect" if is_open else "no answer is open"
                yield label, number(vendor.score, self.overview.digits), best
            if how:
                field, place = self.comparison, self.place.quality
                ranked = f"{ordinal(place)} of {field.ranked}" if field and place else ""
                yield "Quality of 100", number(vendor.quality), ranked
        if vendor.price and how:
            years = f"Price over {counted(how.years, 'year')}"
            total = vendor.price.total
            bid = f"{how.currency} {money(total)}" if total is not None else "incomplete"
            yield years, bid, self._price_place()
        answered = "all questions" if vendor.coverage == 1 else percent(vendor.coverage)
        proven = f"{percent(vendor.documented)} with a document, {percent(vendor.verified)} checked by us"
        yield "Answered", answered, proven

    def note_on_totals(self) -> str:
        if not (self.how and self.how.relative) or self.result.is_screen:
            return ""
        why = "Under the agreed price rule a total, or a score of the price, would give another bid away"
        return f"{why}." if self.comparison is None else f"{why}: they are in the comparison alone."

    def _price_place(self) -> str:
        field, price = self.comparison, self.vendor.price
        if price and price.missing:
            return f"{counted(len(price.missing), 'price')} missing"
        if field is None or not self.place.price:
            return ""
        where = "Lowest" if self.place.price == 1 else f"{ordinal(self.place.price)} lowest"
        return f"{where} of {counted(field.priced, 'complete bid')} in the ranking" if field.priced > 1 else ""

    def bars(self) -> Iterator[View]:
        """Make a bar for each category, and for the price where its score gives nothing away."""
        share = self.result.quality_share()
        losses = {c.id: share * lost(self.vendor, c.id) for c in self.overview.categories if c.in_scope}
        price = self.vendor.price
        if self.has_total and price and price.score is not None:
            losses["price"] = price.weight / 100 * (100 - price.score)
        most = max(losses, key=lambda name: losses[name], default="")
        for category in self.overview.categories:
            record = node(self.vendor, category.id)
            score = record.score if record and category.in_scope else None
            floor = record.floor if record else None
            spread = self.comparison.spreads.get(category.id) if self.comparison else None
            notes = []
            if floor and floor.result != "pass":
                word = "waived" if floor.waived and floor.result == "fail" else "missed"
                notes.append(f"floor of {floor.at_least:g} {word if floor.result == 'fail' else 'open'}")
            notes += ["best of the field"] if spread and score is not None and score >= spread[2] else []
            notes += self._loss(losses, category.id, most)
            yield {
                "title": category.title,
                "score": score,
                "text": number(score) if category.in_scope else "not in scope",
                "floor": floor.at_least if floor else None,
                "field": spread,
                "note": "; ".join(notes),
            }
        if "price" in losses and price:
            bar = {"title": "Price", "score": price.score, "text": number(price.score), "floor": None, "field": None}
            yield {**bar, "note": "; ".join(self._loss(losses, "price", most))}

    def _loss(self, losses: Mapping[str, float], name: str, most: str) -> list[str]:
        return [f"loses most: {number(losses[name])} points"] if name == most and losses[name] > _ROUNDING else []

    # -------------------------------------------------------------------------------------------- requirements

    def rows(self, requirements: Sequence[Unmet], room: float) -> Iterator[View]:
        """Make a row for each requirement that is not met; where these are many, one for all with the same cure."""
        groups: list[list[Unmet]] = [[requirement] for requirement in requirements]
        if len(requirements) > _ROWS:
            cure = attrgetter("outcome", "cause", "by_when")
            groups = [
                part
                for (_, cause, _), same in groupby(sorted(requirements, key=cure), key=cure)
                for part in ([list(same)] if cause else [[requirement] for requirement in same])
            ]
            groups.sort(key=lambda group: requirements.index(group[0]))
        rows = [self._row(group) for group in groups]
        shown = fitting(rows, [_row_height(row) for row in rows], room)
        yield from shown
        if more := sum(map(len, groups[len(shown) :])):
            where = self.elsewhere.replace("shortlist.xlsx", "shortlist.xlsx, sheet Gates")
            yield _row(
                counted(more, "more requirement"), "", "", f"{'It is' if more == 1 else 'They are'} {where}.", "", ""
            )

    @staticmethod
    def _row(group: Sequence[Unmet]) -> View:
        first, count = group[0], len(group)
        knock_outs = sum(requirement.kind == "knock_out" for requirement in group)
        if count == 1:
            names, kind = "", "knock-out" * knock_outs
        else:
            names, kind = (
                _as_many_as_fit(requirement.title for requirement in group),
                f"{knock_outs} knock-outs" * bool(knock_outs),
            )
        state = ", ".join(part for part in (first.outcome, kind) if part)
        title = first.title if count == 1 else counted(count, "requirement")
        cure = first.cure if len({requirement.cure for requirement in group}) == 1 else "To each an answer that passes."
        return _row(title, names, state, first.know, cure, first.by_when)

    # -------------------------------------------------------------------------------------------- in words

    def strengths(self) -> Iterator[View]:
        """List the answers that are furthest above the field's median; without one, those that earn most."""
        if self.comparison and self.comparison.spreads:
            best = [self.answers[strength.question] for strength in self.vendor.strengths]
        else:
            best = self._by("earned")
        weak = {answer.id for answer in self._by("left")[:_POINTS]}
        weak |= {gate.question for gate in self.vendor.gates if gate.result == "fail"}
        yield from (self._in_words(answer) for answer in [a for a in best if a.id not in weak][:_POINTS])

    def weaknesses(self) -> Iterator[View]:
        for answer in self._by("left")[:_POINTS]:
            left = number(points_of(self.result, answer).left)
            yield self._in_words(answer) | {"points": f"{left} points lost"}

    def _by(self, what: str) -> list[AnswerRecord]:
        pairs = by_points(self.vendor.answers, lambda a: float(getattr(points_of(self.result, a), what)))
        return [answer for answer, _ in pairs]

    def _in_words(self, answer: AnswerRecord) -> View:
        question = self.overview.questions[answer.id]
        return {"question": cut(question.text, 90), "answer": short_answer(question, answer, 60), "points": ""}

    def award(self, requirements: Sequence[Unmet]) -> Iterator[str]:
        """Say what remains before an award, and what the answers that are open could still bring."""
        left = stages_left(self.result, tuple(requirements))
        if self.vendor.status == "excluded":
            yield "A failed knock-out excludes: no number of points makes up for it."
        elif left:
            steps = [f"{counted(count, 'requirement')} {step}" for step, count in left]
            wanting = {requirement.about for requirement in requirements}
            dates = "" if self.comparison is None else f" {who_and_when(self.vendor, wanting)}"
            yield f"Still to be met: {listed(steps)}.{dates}"
        else:
            yield "No condition is open."
        if not self.result.is_screen:
            worth = [points_of(self.result, answer) for answer in self.vendor.answers]
            blank = sum(steps.unanswered > 0 for steps in worth)
            if blank:
                points = number(sum(steps.unanswered for steps in worth))
                yield f"{counted(blank, 'open answer')} could still bring points, {points} at most."
            if (proof := sum(steps.proof for steps in worth)) > _ROUNDING:
                yield f"{number(proof)} points wait for a document, or for somebody who checks it."

    # -------------------------------------------------------------------------------------------- page 2

    def price(self, most: int) -> View | None:
        """List the priced lines; the vendor's own copy has no flag that other bids decide."""
        how, price = self.how, self.vendor.price
        if how is None or price is None:
            return None
        texts = {line.id: item_words(cut(line.text, 90), line.unit) for line in how.items}
        hidden = _OF_OTHERS if self.comparison is None else frozenset[str]()
        flags = "; ".join(PRICE_FLAGS[flag] for flag in price.flags if flag not in hidden)
        more = len(price.items) - most
        notes = (
            f"{counted(more, 'more line')}, {self.elsewhere}." if more > 0 else "",
            f"The offer holds until {_day(price.valid_until)}." if price.valid_until else "",
            f"To look at: {flags}." if flags else "",
        )
        return {
            "currency": how.currency,
            "years": counted(how.years, "year"),
            "total": price.total,
            "rows": tuple((texts[line.id], line) for line in price.items[:most]),
            "notes": tuple(filter(None, notes)),
        }

    def certificates(self, most: int) -> View:
        """List each certificate by its own columns, and those asked for of which there is none."""
        rows, lacking = [], []
        for answer in self.vendor.answers:
            question = self.overview.questions[answer.id]
            if question.type != "certification" or answer.state == "not_asked":
                continue
            written = {part.key: part.raw for part in answer.parts} or ({"status": answer.raw} if answer.raw else {})
            parts = {key: cut(text, 40) for key, text in written.items()}
            if set(parts) <= {"status"} and not answer.value:
                lacking.append(f"{cut(question.text, 70)} {parts.get('status') or 'No answer'}")
                continue
            parts["valid_until"] = _day(parts.get("valid_until", ""))
            cells = tuple(parts.get(name, "") for name in _CERTIFICATE)
            rows.append((cut(question.text, 70), cells, _PROOF.get(answer.evidence or "", "no")))
        more = len(rows) - most
        notes = [f"{counted(more, 'more certificate')}, {self.elsewhere}."] if more > 0 else []
        notes += [f"Without a certificate: {'; '.join(lacking)}"] if lacking else []
        return {"rows": tuple(rows[:most]), "lacking": cut(" ".join(notes), 330)}

    def open_points(self, most: int) -> View:
        """List the open answers that are worth most, and what each lacks."""
        pairs = by_points(self.vendor.answers, lambda a: sum(points_of(self.result, a)[-2:]))
        gates = {name for gate in self.vendor.gates if gate.result == "unresolved" for name in gate.open_questions}
        if self.result.is_screen:
            pairs = [(answer, 0.0) for answer in self.vendor.answers if answer.id in gates]
        rows = [
            {
                "question": cut(self.overview.questions[answer.id].text, 80),
                "lacks": lacks(answer),
                "points": number(points) if points else "",
            }
            for answer, points in pairs[:most]
        ]
        more, rest = len(pairs) - len(rows), sum(points for _, points in pairs[most:])
        worth = f", worth up to {number(rest)} points" if rest > _ROUNDING else ""
        where = f"; they are {self.elsewhere}" if self.comparison else ""
        return {"rows": tuple(rows), "more": f"{counted(more, 'more open point')}{worth}{where}." if more > 0 else ""}

    def remarks(self, room: float) -> View:
        """List what the evaluators wrote: on the whole, on red flags, against answers, then what they checked."""
        rows: list[tuple[str, str, str]] = [
            ("The whole response", finding_words(finding), signed(finding)) for finding in self.vendor.notes
        ]
        flags = {gate.question: gate for gate in hit_flags(self.vendor)}
        rows += [(cut(gate.because, 60), NO_COMMENT, "") for gate in flags.values() if gate.open]
        against = [answer for answer in self.vendor.answers if found_against(answer)]
        others = [a for a in self.vendor.answers if a.findings and not found_against(a)]
        others.sort(key=lambda a: a.findings[0].kind == "level")
        for answer in (*against, *others):
            about = flags[answer.id].because if answer.id in flags else self.overview.questions[answer.id].text
            pairs = ((act, finding_words(act)) for act in answer.findings if not act.is_by_pilot)
            rows += [(cut(about, 60), words, signed(finding)) for finding, words in pairs if words]
        heights = [row_height(((about, 34), (words, 54), (by, 28))) for about, words, by in rows]
        shown = fitting(rows, heights, room)
        more = len(rows) - len(shown)
        noted = f"{counted(more, 'more remark')}, {self.elsewhere}." if more > 0 else ""
        return {"rows": tuple(shown), "more": noted}


def _row_height(row: View) -> float:
    """Estimate a row of the requirements, whose first cell has the names of a group below its title."""
    first = f"{row['title']} ({row['state']})"
    cells = ((row["know"], 33), (row["cure"], 33), (row["by_when"], 21))
    own = AROUND + LINE * (lines(first, 38) + lines(row["names"], 38))
    return max(own, row_height(cells))


def _row(title: str, names: str, state: str, know: str, cure: str, by_when: str) -> View:
    return {"title": title, "names": names, "state": state, "know": know, "cure": cure, "by_when": by_when}


def signed(finding: FindingRecord) -> str:
    return f"{cut(finding.by, 40)}, {day(finding.date)}"


def _as_many_as_fit(titles: Iterable[str]) -> str:
    words = list(dict.fromkeys(titles))
    shown: list[str] = []
    while words and sum(map(len, shown)) + len(words[0]) < _TITLES:
        shown.append(words.pop(0))
    return "; ".join(shown + [f"and {len(words)} more"] * bool(words))


def _day(text: str) -> str:
    try:
        return day(text[:10])
    except ValueError:
        return cut(text, 40)
