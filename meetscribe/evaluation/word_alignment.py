"""Word-by-word alignment of two transcripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.words import ScoredWord, texts
from meetscribe.timeline import Seconds
from meetscribe.transcript.label_matching import match_labels

Kind: TypeAlias = Literal["correct", "substituted", "deleted", "inserted"]
"""The kind of an aligned word; deleted words are only in the reference, inserted words only in the hypothesis."""


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A reference word and the aligned hypothesis word, in their original spelling.

    `reference` is empty for an inserted word, `hypothesis` for a deleted word; the speaker of that side is None.
    `start` is the start of the reference word, or of an inserted word. `wrong_speaker` is true if both words exist but
    their speakers do not match. Each side has several words if normalization joins or splits them differently.
    """

    kind: Kind
    start: Seconds
    reference: str
    hypothesis: str
    reference_speaker: str | None
    hypothesis_speaker: str | None
    wrong_speaker: bool = False


def align_words(
    reference: Sequence[ScoredWord], hypothesis: Sequence[ScoredWord]
) -> tuple[list[AlignedWord], dict[str, str]]:
    """Return the aligned words in order, and the reference speaker of each hypothesis speaker that matches one.

    The alignment is the same as for `wer` and `wder`. A word that normalization splits ("all-hands") is one aligned
    word.
    """
    pairs = list(_aligned_pairs(reference, hypothesis))
    shared = Counter((expected.speaker, found.speaker) for expected, found in pairs if expected and found)
    match = {found: speaker for speaker, found in match_labels(shared).items()}
    return [_aligned_word(group, match) for group in _grouped(pairs)], match


_Pair: TypeAlias = tuple[ScoredWord | None, ScoredWord | None]


def _aligned_pairs(reference: Sequence[ScoredWord], hypothesis: Sequence[ScoredWord]) -> Iterator[_Pair]:
    """Yield the pairs of an alignment with the fewest edits; None stands for a missing word."""
    for edit in Levenshtein.opcodes(texts(reference), texts(hypothesis)):
        expected = reference[edit.src_start : edit.src_end]
        found = hypothesis[edit.dest_start : edit.dest_end]
        if edit.tag in ("equal", "replace"):
            yield from zip(expected, found, strict=True)
        else:
            yield from ((word, None) for word in expected)
            yield from ((None, word) for word in found)


def _grouped(pairs: Iterable[_Pair]) -> Iterator[list[_Pair]]:
    """Yield runs of pairs that belong to the same original word on either side."""
    group: list[_Pair] = []
    for pair in pairs:
        if group and not any(_have_same_origin(*side) for side in zip(group[-1], pair, strict=True)):
            yield group
            group = []
        group.append(pair)
    if group:
        yield group


def _have_same_origin(first: ScoredWord | None, second: ScoredWord | None) -> bool:
    """Return whether two normalized words come from the same word of the transcript."""
    return first is not None and second is not None and first.word is not None and first.word is second.word


def _aligned_word(group: Sequence[_Pair], match: Mapping[str, str]) -> AlignedWord:
    """Return the aligned word of a group of pairs; it is correct if all pairs are."""
    expected = [word for word, _ in group if word]
    found = [word for _, word in group if word]
    if all(word and other and word.text == other.text for word, other in group):
        kind: Kind = "correct"
    else:
        kind = "substituted" if expected and found else "deleted" if expected else "inserted"
    return AlignedWord(
        kind,
        (expected or found)[0].start,
        _original_text(expected),
        _original_text(found),
        expected[0].speaker if expected else None,
        found[0].speaker if found else None,
        wrong_speaker=any(word and other and match.get(other.speaker) != word.speaker for word, other in group),
    )


def _original_text(words: Iterable[ScoredWord]) -> str:
    """Return the original spelling of the words; parts of the same transcript word count once."""
    originals: list[str] = []
    previous = None
    for word in words:
        if word.word is None or word.word is not previous:
            originals.append(word.text if word.word is None else word.word.text)
        previous = word.word
    return " ".join(originals)
