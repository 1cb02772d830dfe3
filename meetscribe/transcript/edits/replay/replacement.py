"""The words of a replaced passage: after an alignment, words keep their times or get interpolated ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from meetscribe.text.joining import space_between
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import SECONDS_PER_CHARACTER, Seconds, Span
from meetscribe.transcript.words import Word


@dataclass(frozen=True, slots=True)
class Block:
    """Old words, as a half-open range of positions, and the new texts that replace them.

    If `aligned`, each text replaces one word and takes its times.
    """

    start: int
    end: int
    texts: tuple[str, ...]
    aligned: bool


def align_words(old: Sequence[str], text: str) -> Iterator[Block]:
    """Yield blocks that cover the old words in order; equal words, ignoring case and punctuation, are aligned.

    Between equal words, new words are aligned one by one if there are as many as old ones. In a script without spaces,
    the text is divided into the old words wherever they recur.
    """
    before = [_key(word) for word in old]
    texts = _tokens(text, set(before))
    after = [_key(word) for word in texts]
    position = index = 0
    for match in Levenshtein.opcodes(before, after):
        if match.tag == "equal":
            yield from _between(position, match.src_start, texts[index : match.dest_start])
            yield Block(match.src_start, match.src_end, tuple(texts[match.dest_start : match.dest_end]), aligned=True)
            position, index = match.src_end, match.dest_end
    yield from _between(position, len(old), texts[index:])


def with_text(word: Word, text: str) -> Word:
    """Return the word with a new text and the same times.

    `score` and `probability` stay if only case or punctuation differs.
    """
    if text == word.text:
        return word
    if _key(text) == _key(word.text):
        return replace(word, text=text, chars=())
    return replace(word, text=text, chars=(), score=None, probability=None)


def interpolated_words(texts: Sequence[str], span: Span, ids: Sequence[str], like: Word | None = None) -> list[Word]:
    """Return new words spread over the span, with the attribution and the language of the word `like`."""
    common = like or Word("-", span.start, span.end)
    return [
        replace(
            common,
            text=text,
            start=part.start,
            end=max(part.start, part.end),
            timing="interpolated",
            score=None,
            probability=None,
            chars=(),
            id=id,
        )
        for text, part, id in zip(texts, spread(texts, span), ids, strict=True)
    ]


def inserted_span(texts: Sequence[str], start: Seconds, limit: Seconds) -> Span:
    """Return the span of inserted words from `start` to at most `limit`; empty if the limit is not after the start."""
    wanted = SECONDS_PER_CHARACTER * sum(map(len, texts))
    return Span(start, max(start, min(limit, start + wanted)))


def _between(start: int, end: int, texts: Sequence[str]) -> Iterator[Block]:
    """Yield the block between equal words, if there is any."""
    if start < end or texts:
        yield Block(start, end, tuple(texts), aligned=end - start == len(texts))


def _key(text: str) -> str:
    """Return the letters, digits and combining marks of a word in folded case, or the word itself if it has none."""
    if text.isalnum():
        return text.casefold()
    letters = (character for character in text.casefold() if unicodedata.category(character)[0] in "LMN")
    return "".join(letters) or text


def _tokens(text: str, known: set[str]) -> list[str]:
    """Split text into words; adjacent pieces without a space that form a known word are joined."""
    longest = max(map(len, known), default=0)
    joined: list[str] = []
    for part in text.split():
        pieces = split_words(part)
        while pieces:
            count = _known_prefix(pieces, known, longest)
            joined.append("".join(pieces[:count]))
            del pieces[:count]
    return joined


def _known_prefix(pieces: Sequence[str], known: set[str], longest: int) -> int:
    """Return the number of leading pieces that form the longest known word; 1 if there is none."""
    best, text = 1, pieces[0]
    for count, (before, piece) in enumerate(zip(pieces, pieces[1:], strict=False), start=2):
        text += piece
        if space_between(before, piece) or len(_key(text)) > longest:
            break
        if _key(text) in known:
            best = count
    return best
