"""Why an answer was judged as it was, in the words that its vendor reads."""

from vendor_eval.reports.letters.passages import Passage, joined
from vendor_eval.reports.wording.lookups import people_of, questions_of
from vendor_eval.results import MODERATED, AnswerRecord, Result, VendorRecord
from vendor_eval.tender import FILE as EVALUATION
from vendor_eval.tender.award import AwardFile


class Reasons:
    """The reasons that vendors read: those of award.yaml, else of the buyer, the panel, or its evaluators."""

    def __init__(self, result: Result, file: AwardFile) -> None:
        self._file = file
        self._rubrics = {question.id for _, question in questions_of(result) if question.levels}
        ratings = result.panel.ratings if result.panel else ()
        self._ratings = {(rating.vendor, rating.question): rating for rating in ratings}
        self._people = people_of(result)

    def of(self, vendor: VendorRecord) -> dict[str, Passage]:
        """Map questions, nodes and `status` to the reasons of a vendor."""
        judged = [answer for answer in vendor.answers if self._is_judged(answer)]
        words = {answer.id: reason for answer in judged if (reason := self._reason(vendor, answer)).text}
        tests = [(gate.question, gate.waived) for gate in vendor.gates]
        tests += [(node.id, node.floor.waived) for node in vendor.nodes if node.floor]
        waived = {name: Passage(waiver.reason, f"the waiver of {name}", EVALUATION) for name, waiver in tests if waiver}
        own = {
            name: Passage(text, f"the reason of {name}", self._file.place("reasons", vendor.id, name))
            for name, text in self._file.award.reasons.get(vendor.id, {}).items()
        }
        return words | waived | own

    def missing(self, vendor: VendorRecord) -> list[str]:
        """List the answers with a weight that were judged and that nobody gave a reason for."""
        words = self.of(vendor)
        judged = [answer.id for answer in vendor.answers if answer.effective_weight and self._is_judged(answer)]
        return [name for name in judged if name not in words]

    def _is_judged(self, answer: AnswerRecord) -> bool:
        """Tell whether a score rests on a level, a corrected answer or one that was sent back."""
        if answer.finding is not None and answer.finding.kind in {"answer", "claim"}:
            return True
        return answer.id in self._rubrics and answer.state == "answered"

    def _reason(self, vendor: VendorRecord, answer: AnswerRecord) -> Passage:
        rating = self._ratings.get((vendor.id, answer.id))
        if rating is None or rating.of_buyer:
            act = rating.of_buyer if rating else answer.finding
            acts = [act] if act else []
        elif rating.moderated:
            acts = [act for act in answer.findings if act.by == MODERATED]
        else:
            recused = {self._people.get(name) for name in rating.recused}
            acts = [act for act in answer.findings if act.kind == "level" and act.by not in recused]
        texts = [Passage(act.reason.strip().rstrip("."), f"the reason of {answer.id}", act.source) for act in acts]
        return joined(texts, "; ")
