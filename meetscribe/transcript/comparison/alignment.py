"""Alignment of tokens between two copies, and of the tokens of a written file with the words of its transcript."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from meetscribe.timeline import Seconds
from meetscribe.transcript.comparison.refinement import CONTEXT, Pair, Side, refine
from meetscribe.transcript.comparison.tokens import Token, name_key, tokens_of
from meetscribe.transcript.values import Transcript


@dataclass(frozen=True, slots=True)
class Block:
    """Corresponding ranges of two sequences; if `equal`, their elements are equal one by one."""

    before: range
    after: range
    equal: bool


def align(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks of the alignment with the fewest changes (Levenshtein), in order."""
    changes = Levenshtein.opcodes(before, after)
    for equal, run in groupby(changes, key=lambda change: change.tag == "equal"):
        first, *_, last = [*run] * 2  # doubled, so that a run of one change has a first and a last
        yield Block(range(first.src_start, last.src_end), range(first.dest_start, last.dest_end), equal)


def pairs(before: Side, after: Side) -> Iterator[Pair]:
    """Yield the pairs of tokens of two copies, in order.

    Tokens are first aligned by letters and digits, then refined around each change.
    """
    done = (0, 0)
    for old, new in _windows(list(align(before.letters, after.letters))):
        yield from zip(range(done[0], old.start), range(done[1], new.start), strict=True)
        yield from refine(before, after, old, new)
        done = (old.stop, new.stop)
    yield from zip(range(done[0], len(before.tokens)), range(done[1], len(after.tokens)), strict=True)


def _windows(blocks: Sequence[Block]) -> Iterator[tuple[range, range]]:
    """Yield the changed passages with their context; passages that share context are joined."""
    window: tuple[range, range] | None = None
    for index, block in enumerate(blocks):
        if block.equal:
            continue
        left = min(CONTEXT, len(blocks[index - 1].before)) if index else 0
        right = min(CONTEXT, len(blocks[index + 1].before)) if index + 1 < len(blocks) else 0
        start = (block.before.start - left, block.after.start - left)
        if window is not None and start[0] <= window[0].stop:
            start = (window[0].start, window[1].start)
        elif window is not None:
            yield window
        window = (range(start[0], block.before.stop + right), range(start[1], block.after.stop + right))
    if window is not None:
        yield window


def trace(original: Transcript, written: Transcript, tokens: Sequence[Token]) -> list[tuple[int, ...]]:
    """Return, for each token of a written copy, the positions of its source words in the original.

    `tokens` are the tokens of `written`. A format may order overlapping utterances by time or by speaker: the order
    with the most equal tokens is used. Names of speakers that were read as text have no source word.
    """
    sources = tokens_of(original.segments)
    best: tuple[list[int], list[int]] = (list(range(len(sources))), list(range(len(tokens))))
    best_distance = len(sources) + len(tokens) + 1
    for source_order, token_order in _orders(original, written, sources, tokens):
        keys, others = [sources[index].key for index in source_order], [tokens[index].key for index in token_order]
        distance = 0 if keys == others else Levenshtein.distance(keys, others, score_cutoff=best_distance)
        if distance < best_distance:
            best, best_distance = (source_order, token_order), distance
        if distance == 0:
            break
    return _source_words(sources, tokens, *best)


def similarity(before: Side, after: Side) -> float:
    """Return 1 minus the edit distance of two copies, relative to the longer one; case and punctuation are ignored."""
    longest = max(len(before.tokens), len(after.tokens), 1)
    return 1 - Levenshtein.distance(before.letters, after.letters) / longest


def _source_words(
    sources: Sequence[Token], tokens: Sequence[Token], source_order: Sequence[int], token_order: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the source words of each token, with the tokens of both sides in the given orders.

    Where the numbers of tokens differ, each token has all words of the block as its source.
    """
    owners: list[tuple[int, ...]] = [()] * len(tokens)
    for block in align([sources[index].key for index in source_order], [tokens[index].key for index in token_order]):
        if len(block.before) == len(block.after):
            for before, after in zip(block.before, block.after, strict=True):
                owners[token_order[after]] = tuple(sources[source_order[before]].words)
            continue
        words = dict.fromkeys(word for index in block.before for word in sources[source_order[index]].words)
        for index in block.after:
            owners[token_order[index]] = tuple(words)
    return owners


def _orders(
    original: Transcript, written: Transcript, sources: Sequence[Token], tokens: Sequence[Token]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the orders in which formats may write words, as orders of the tokens of both sides."""
    spans = _utterance_spans(original)
    words = original.words
    source_speakers, token_speakers = _speaker_numbers(original, written)
    sort_keys: list[Callable[[int], tuple[Seconds, ...]]] = [
        lambda word: (),  # the order of the segments
        lambda word: spans[word][:1],  # the starts of the utterances
        lambda word: spans[word],  # their starts, then their ends
        lambda word: (words[word].start,),  # the starts of the words
    ]
    in_file = list(range(len(tokens)))
    by_speaker = sorted(in_file, key=lambda index: token_speakers[tokens[index].words[0]])
    for sort_key in sort_keys:
        yield sorted(range(len(sources)), key=lambda index: sort_key(sources[index].words[0])), in_file
    for sort_key in sort_keys:
        key = lambda index: (source_speakers[sources[index].words[0]], *sort_key(sources[index].words[0]))  # noqa: B023, E731
        yield sorted(range(len(sources)), key=key), by_speaker


def _utterance_spans(transcript: Transcript) -> list[tuple[Seconds, Seconds]]:
    """Return for each word the start and the end of its utterance."""
    spans: list[tuple[Seconds, Seconds]] = []
    for segment in transcript.segments:
        for _, run in groupby(segment.words, key=lambda word: word.speaker):
            words = list(run)
            span = (min(word.start for word in words), max(word.end for word in words))
            spans.extend([span] * len(words))
    return spans


def _speaker_numbers(original: Transcript, written: Transcript) -> tuple[list[int], list[int]]:
    """Number the speakers; return the number of each word's speaker on both sides.

    Names found on one side only are paired in order of appearance.
    """
    names = [name_key(word.speaker) for word in original.words]
    others = [name_key(word.speaker) for word in written.words]
    known, found = dict.fromkeys(names), dict.fromkeys(others)
    numbers = {name: number for number, name in enumerate(known)}
    unmatched = iter([name for name in known if name not in found])
    for name in found:
        if name not in numbers:
            partner = next(unmatched, None)
            numbers[name] = len(numbers) if partner is None else numbers[partner]
    return [numbers[name] for name in names], [numbers[name] for name in others]
