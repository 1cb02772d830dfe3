"""Comparison of a transcript with a copy: changes of text and speakers, by positions of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import ne

from rapidfuzz.distance import Levenshtein

from meetscribe.errors import InputError
from meetscribe.transcript.comparison.alignment import pairs, similarity, trace
from meetscribe.transcript.comparison.changes import TextChange, aligned_groups, text_changes
from meetscribe.transcript.comparison.refinement import Pair, Side
from meetscribe.transcript.comparison.speakers import SpeakerChanges, compare_speakers, names_from_turns
from meetscribe.transcript.comparison.tokens import Token
from meetscribe.transcript.edits.word_edits import editable_words
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Word

MIN_SIMILARITY = 0.2
"""The minimum similarity (0 to 1) with which a file is accepted as a copy of the transcript. Chosen by hand."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes between a transcript and a copy.

    `words` are the words of the edited transcript, with ids and with labels as speakers; `named` are the same words
    with names as speakers. `segment_numbers` holds the segment of each word. `written` is the transcript as converted
    to the format of the copy. `copied` maps the position of each word found in the copy to the positions of its first
    part in `written` and in `copy`, which may divide words differently.
    """

    words: tuple[Word, ...]
    named: tuple[Word, ...]
    segment_numbers: tuple[int, ...]
    written: Transcript
    copy: Transcript
    copied: Mapping[int, tuple[int, int]]
    text_changes: tuple[TextChange, ...]
    speakers: SpeakerChanges


def compare(
    transcript: Transcript, copy: Transcript, written: Iterable[Transcript] = (), *, times: bool = False
) -> Comparison:
    """Compare a transcript with a copy; `written` are variants of the transcript, converted to the format of the copy.

    The variant most similar to the copy shows what the format loses; with `times`, its times are compared too. Without
    variants, the transcript itself serves as one. Raises InputError if the similarity is below `MIN_SIMILARITY`, or if
    the copy has no words although the variant has some.
    """
    identified, labelled = editable_words(transcript)
    shown = identified.edited()
    after = Side.of(copy)
    closest, before = _closest(shown, written, after, times)
    _check_copy(before, after)
    aligned = list(pairs(before, after))
    tokens = (before.tokens, after.tokens)
    # The positions of the source words of each written token.
    owners = [tuple(token.words) for token in tokens[0]] if closest is shown else trace(shown, closest, tokens[0])
    same = [i is not None and j is not None and tokens[0][i].key == tokens[1][j].key for i, j in aligned]
    copied = _copied(aligned, owners, *tokens)
    changes = text_changes(aligned_groups(aligned, owners, same), shown.segments, tokens[1])
    names = {}
    if copy.speakers:
        closest_words, copy_words = closest.words, copy.words
        names = {word: (closest_words[i].speaker, copy_words[j].speaker) for word, (i, j) in copied.items()}
    elif not after.tokens:  # a format with turns only, such as RTTM
        names = dict(names_from_turns(shown.words, closest.turns, copy.turns))
    words, named = labelled.words, shown.words
    speakers = compare_speakers(words, named, names)
    numbers = tuple(number for number, segment in enumerate(labelled.segments) for _ in segment.words)
    return Comparison(words, named, numbers, closest, copy, copied, tuple(changes), speakers)


def _closest(shown: Transcript, written: Iterable[Transcript], copy: Side, times: bool) -> tuple[Transcript, Side]:
    """Return the variant of the transcript that shares the most tokens, speakers and times with the copy."""
    keys = [token.key for token in copy.tokens]
    best: tuple[Transcript, Side] | None = None
    best_key = (0, 0, 0)
    for variant in written:
        side = Side.of(variant)
        others = [token.key for token in side.tokens]
        distance = 0 if keys == others else Levenshtein.distance(keys, others)
        both = [] if distance else list(zip(copy.tokens, side.tokens, strict=True))
        speakers = sum(one.speaker != other.speaker for one, other in both)
        moved = sum(map(ne, copy.times, side.times)) + sum(map(ne, copy.ends, side.ends)) if times else 0
        if best is None or (distance, speakers, moved) < best_key:
            best, best_key = (variant, side), (distance, speakers, moved)
        if best_key == (0, 0, 0):
            break
    return best or (shown, Side.of(shown))


def _check_copy(before: Side, after: Side) -> None:
    """Raise InputError if too few words match, or if the copy has none although the written variant has some."""
    if before.tokens and not after.tokens:
        raise InputError("the copy contains no words", "Check the file. To delete a passage, keep all others in it.")
    if (shared := similarity(before, after)) < MIN_SIMILARITY:
        raise InputError(
            f"only {shared:.0%} of the words match the transcript",
            "Check that the file is a copy of this transcript.",
        )


def _copied(
    aligned: Sequence[Pair], owners: Sequence[tuple[int, ...]], before: Sequence[Token], tokens: Sequence[Token]
) -> dict[int, tuple[int, int]]:
    """Return, for each word found in the copy, the positions of its first part as written and in the copy."""
    copied: dict[int, tuple[int, int]] = {}
    for i, j in aligned:
        if i is not None and j is not None:
            for word in owners[i]:
                copied.setdefault(word, (before[i].words[0], tokens[j].words[0]))
    return copied
