"""The page that lies in every freeze: what lies where, by the question asked, and how to check it."""

from collections.abc import Collection, Iterator

UNPROVEN = (
    "Whoever holds the folder can rewrite all of it; proof starts with a hash that somebody else holds, "
    "so send this one to somebody."
)
# The question, and where its answer lies; a line without such a file in the freeze is left out.
_ANSWERS = (
    (
        "Who decided what, when and why",
        (
            ("tender/decisions.jsonl", "the log, a JSON object a line, each with the hash of the line before"),
            ("tender/seal.json", "weights, criteria and rules as they were sealed"),
            ("tender/findings.yaml", "what the buyer found, with name, day and reason"),
            ("tender/scores/", "the score sheets of the evaluators"),
            ("tender/award.yaml", "the award, with its reason"),
        ),
    ),
    (
        "What was changed after the seal, by whom and why",
        (
            ("tender/seal.json", "the settings as sealed, with day and name"),
            (
                "tender/decisions.jsonl",
                "lines 'amend': key, old and new value, who, why; 'close': quality closed",
            ),
            ("tender/out/results.json", "'evaluation.record': each change, and whether somebody explained it"),
            ("tender/out/comparison.*", "foot of page 1"),
        ),
    ),
    (
        "Who was excluded, and why",
        (
            ("tender/out/results.json", "for each vendor 'status', 'status_text', 'gates', each answer with its cell"),
            ("tender/out/comparison.*", "page 1 names every exclusion"),
            ("tender/evaluation.yaml", "waivers, responses admitted late"),
        ),
    ),
    (
        "What a vendor must still do, and by when",
        (
            ("tender/conditions.yaml", "each condition with its proof, 'owner', 'due' and clause"),
            ("tender/out/results.json", "'conditions' of each vendor: its requirements, and how each stood"),
        ),
    ),
    (
        "Conflicts of interest, and measures",
        (
            ("tender/evaluation.yaml", "'conflicts' of each evaluator"),
            ("tender/out/results.json", "'panel': interests, each level, 'moderated' or 'of_buyer' if overruled"),
        ),
    ),
    (
        "What was asked and what came in",
        (
            ("criteria/", "the questions with weights, gates and sources, as used"),
            ("elsewhere/", "a profile or a mapping that lay outside of the folder"),
            ("tender/responses/", "the responses as received"),
            ("tender/prices/", "the prices as received: hashed in line 'open', read only after 'close'"),
            ("tender/evidence/", "the documents as received"),
        ),
    ),
    (
        "What was sent",
        (
            ("tender/letters/", "letters to the vendors"),
            ("tender/out/clarifications/", "questions as drafted; lines 'clarification_sent' say who got some"),
        ),
    ),
)


def readme(title: str, reference: str, tool: str, paths: Collection[str], *, pilot: bool) -> str:
    """Write README.txt of a freeze that holds these paths."""
    lines = [f"Freeze of the tender: {title}", *([f"Reference: {reference}"] if reference else []), ""]
    lines += _answers(paths)
    if pilot:
        lines += ["The seed and the gold of the pilot lie inside: whoever has them knows the right labels.", ""]
    lines += [
        "These are the questions of Directive 2014/24/EU Art. 84(1) and of the Procurement Act 2023 s. 98.",
        "",
        "How to check it",
        "  sha256sum -c SHA256SUMS     compares every byte; no tool of ours is needed",
        f"  vendor-eval verify FILE     also evaluates again; made with vendor-eval {tool}",
        "  manifest.json               every file with its size and SHA-256, the log, the seal",
        "",
        "What it cannot prove",
        "  That the files were not all rewritten before they were frozen, and the hashes with them: compare the",
        "  SHA-256 of the zip with one that somebody else has held since (vendor-eval verify FILE --sha256 HEX).",
        "  That no page, table or document was changed together with the lists: results.json comes out again from the",
        "  responses, the log holds the hashes of responses, prices and letters; tender/evidence/ and the other files",
        "  of tender/out/ have theirs in the lists alone.",
        "  That a time in the log is right: it is that of the computer. That who is named did it: names are typed.",
        "  That nobody opened a price file, or wrote to a vendor, without the tool. That what a vendor states is true.",
    ]
    return "\n".join(lines) + "\n"


def _answers(paths: Collection[str]) -> Iterator[str]:
    for question, places in _ANSWERS:
        present = [(path, text) for path, text in places if any(name.startswith(path.rstrip("*")) for name in paths)]
        if present:
            yield question
            yield from (f"  {path:<27} {text}" for path, text in present)
            yield ""
