"""New rows of a correction vocabulary, proposed from repeated replacements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from meetscribe.transcript.comparison.tokens import fold
from meetscribe.transcript.edits.values import Replace
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.vocabulary.application import Vocabulary
from meetscribe.transcript.vocabulary.rows import Row

MIN_REPETITIONS = 2
"""The minimum number of equal replacements for a proposed row."""

MAX_WORDS = 4
"""The maximum number of words on each side of a row."""


def propose_rows(transcript: Transcript, vocabulary: Vocabulary) -> tuple[tuple[Row, int], ...]:
    """Return rows that the vocabulary lacks, with the number of replacements, the most frequent first.

    Replacements that change only case or punctuation, replacements made by the vocabulary, and words without a majority
    replacement are not proposed.
    """
    known = {fold_words(row.wrong) for row in vocabulary.rows if not row.expression}
    votes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for edit in transcript.meta.edits:
        if isinstance(edit, Replace) and not (edit.source or "").startswith(f"{vocabulary.name}: "):
            for wrong, right in _replaced(edit):
                votes[fold_words(wrong)][wrong.lower(), right] += 1
    found: list[tuple[Row, int]] = []
    for key, count in votes.items():
        (wrong, right), number = count.most_common(1)[0]
        if number >= MIN_REPETITIONS and 2 * number > count.total() and key not in known:
            found.append((Row(wrong, right), number))
    return tuple(sorted(found, key=lambda one: -one[1]))


def fold_words(text: str) -> str:
    """Return the letters and digits of each word in folded case, separated by spaces."""
    return " ".join(map(fold, text.split()))


def _replaced(edit: Replace) -> Iterator[tuple[str, str]]:
    """Yield the replaced words of an edit and their replacements, without the context and punctuation around them."""
    old, new = edit.quote.split(), edit.text.split()
    keys, others = [fold(word) for word in old], [fold(word) for word in new]
    for tag, start, end, first, last in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
        if tag == "replace" and max(end - start, last - first) <= MAX_WORDS:
            wrong, right = _bare(" ".join(old[start:end])), _bare(" ".join(new[first:last]))
            if wrong and right:
                yield wrong, right


def _bare(text: str) -> str:
    """Return the text without punctuation around it."""
    letters = [index for index, character in enumerate(text) if character.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else ""
