"""Word times from the frames of their tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from meetscribe.alignment.ctc import TokenSpan
from meetscribe.alignment.interpolation import interpolate
from meetscribe.alignment.tokens import TokenisedWords, Unit, is_spoken
from meetscribe.alignment.windows import Window
from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span
from meetscribe.transcript import Char, Word


@dataclass(frozen=True, slots=True)
class _TimedUnit:
    """A unit of a word with its time and its score from 0 to 1; a wildcard has no score."""

    unit: Unit
    span: Span
    score: float | None


def with_times(
    window: Window, tokenised: TokenisedWords, token_spans: Sequence[TokenSpan], stride: int, *, chars: bool
) -> list[Word]:
    """Return the words of a window with the times of their tokens; words without tokens are interpolated.

    `token_spans` has one entry per token, in frames of `stride` samples from the start of the clip. With `chars`, the
    words get character times.
    """
    timed = _timed_units(tokenised, token_spans, window.clip, stride)
    spans = [Span(units[0].span.start, units[-1].span.end) if units else None for units in timed]
    known = [span for span in spans if span is not None]
    # Words without tokens at the start and the end are interpolated up to the limits of the previous times.
    previous = Span(min(word.start for word in window.words), max(word.end for word in window.words))
    within = Span(min(previous.start, known[0].start), max(previous.end, known[-1].end))
    words = []
    for word, span, units in zip(window.words, interpolate(spans, window.texts, within), timed, strict=True):
        scores = [unit.score for unit in units if unit.score is not None]
        words.append(
            replace(
                word,
                start=span.start,
                end=span.end,
                timing="aligned" if scores else "wildcard" if units else "interpolated",
                score=fmean(scores) if scores else None,
                chars=_chars(word.text, units) if chars else (),
            )
        )
    return words


def without_alignment(words: Sequence[Word]) -> list[Word]:
    """Return unaligned words with their previous times; `timing` is "engine" or "interpolated"."""
    return [
        replace(word, timing="engine" if word.timing == "engine" else "interpolated", score=None, chars=())
        for word in words
    ]


def without_overlaps(words: Sequence[Word]) -> list[Word]:
    """Return the words of a segment, cut so that none overlaps its predecessor or successors.

    Runs of different languages are aligned separately, so words at their borders may overlap.
    """
    # A word must end before the earliest start of all later words, and begin after the end of the word before it.
    latest, latest_ends = float("inf"), []
    for word in reversed(words):
        latest_ends.append(latest)
        latest = min(latest, word.start)
    ordered: list[Word] = []
    end = 0.0
    for word, latest in zip(words, reversed(latest_ends), strict=True):
        start = max(end, min(word.start, latest))
        end = max(start, min(word.end, latest))
        same = (start, end) == (word.start, word.end)
        ordered.append(word if same else replace(word, start=start, end=end, chars=()))
    return ordered


def _timed_units(
    tokenised: TokenisedWords, token_spans: Sequence[TokenSpan], clip: Span, stride: int
) -> list[list[_TimedUnit]]:
    """Return the units of each word with their times."""

    def time(frame: int) -> float:
        return min(clip.start + frame * stride / SAMPLE_RATE, clip.end)

    remaining = iter(token_spans)
    timed: list[list[_TimedUnit]] = []
    for units in tokenised.words:
        timed.append([])
        for unit in units:
            tokens = [next(remaining) for _ in unit.columns]
            score = None if unit.is_wildcard else fmean(score for _, _, score in tokens)
            timed[-1].append(_TimedUnit(unit, Span(time(tokens[0][0]), time(tokens[-1][1])), score))
    return timed


def _chars(text: str, units: Sequence[_TimedUnit]) -> tuple[Char, ...]:
    """Return the spoken characters with their times; the characters of one unit, such as a number, share its time."""
    chars = []
    for timed in units:
        whole = text[timed.unit.first : timed.unit.last]
        letters = [letter for letter in whole if letter == whole or is_spoken(letter) or _is_mark(letter)]
        for index, letter in enumerate(letters):
            start = timed.span.start + timed.span.duration * index / len(letters)
            end = timed.span.start + timed.span.duration * (index + 1) / len(letters)
            chars.append(Char(letter, start, end, timed.score))
    return tuple(chars)


def _is_mark(character: str) -> bool:
    """Return whether a character is a combining mark, such as an accent or a vowel sign."""
    return unicodedata.category(character)[0] == "M"
