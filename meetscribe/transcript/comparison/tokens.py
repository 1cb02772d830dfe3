"""Transcripts as sequences of tokens, which are independent of the division of text into words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meetscribe.text.joining import space_between
from meetscribe.text.splitting import split_words
from meetscribe.transcript.words import Segment

_IGNORED = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Directional marks, byte order marks and zero-width spaces, which editors insert."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of running text without white space.

    In a script without spaces, this is a character with its combining marks and punctuation.

    `key` is the text to compare, in Unicode form NFC and without invisible characters. `words` are the positions of its
    words, `segment` is the position of its segment, `speaker` the speaker of its first word. `spaced` means that it
    begins a run: after white space, at the start of a segment, or after a change of speaker.
    """

    text: str
    key: str
    words: range
    segment: int
    speaker: str | None
    spaced: bool


def tokens_of(segments: Iterable[Segment]) -> list[Token]:
    """Return the tokens of segments in order; words without a visible character have none."""
    tokens: list[Token] = []
    position = 0
    for number, segment in enumerate(segments):
        for run in _runs(segment, position):
            tokens.extend(_tokens(run, number, segment.words[run[0][1] - position].speaker))
        position += len(segment.words)
    return tokens


def text_of(tokens: Iterable[Token]) -> str:
    """Return tokens as running text."""
    return "".join(f" {token.text}" if token.spaced else token.text for token in tokens).strip()


def fold(key: str) -> str:
    """Return the letters and digits of a key in folded case, or the key itself if it has none."""
    return "".join(filter(str.isalnum, key)).casefold() or key


def comparable(text: str) -> str:
    """Return text for comparison: in Unicode form NFC, without invisible characters."""
    if text.isascii() and text.isprintable():
        return text
    kept = (character for character in text if character not in _IGNORED and unicodedata.category(character) != "Cc")
    return unicodedata.normalize("NFC", "".join(kept))


def name_key(name: str | None) -> str:
    """Return a name for comparison: without white space and underscores; empty for None."""
    return "".join((name or "").replace("_", " ").split())


def _runs(segment: Segment, position: int) -> Iterator[list[tuple[str, int]]]:
    """Yield the runs of text of one speaker without white space, each as a list of (piece, position of its word)."""
    run: list[tuple[str, int]] = []
    before = ""
    for index, word in enumerate(segment.words, start=position):
        if run and (space_between(before, word.text) or word.speaker != segment.words[index - position - 1].speaker):
            yield run
            run = []
        first, *others = word.text.split()
        run.append((first, index))
        for part in others:
            yield run
            run = [(part, index)]
        before = word.text
    if run:
        yield run


def _tokens(run: list[tuple[str, int]], segment: int, speaker: str | None) -> Iterator[Token]:
    """Yield the tokens of text without white space."""
    text = "".join(piece for piece, _ in run)
    owners = [index for piece, index in run for _ in piece]
    done = 0
    for part in split_words(text):
        key = comparable(part)
        if key:
            words = range(owners[done], owners[done + len(part) - 1] + 1)
            yield Token(part, key, words, segment, speaker, spaced=done == 0)
        done += len(part)
