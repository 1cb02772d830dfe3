"""Words with the times of the tokens that were found for them; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from meetscribe.alignment.ctc import Place
from meetscribe.alignment.interpolation import fill
from meetscribe.alignment.tokens import Spelling, Unit, is_heard
from meetscribe.alignment.windows import Stretch
from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Span
from meetscribe.transcript import Char, Word


@dataclass(frozen=True, slots=True)
class _Heard:
    """When a unit of a word is heard, and how well, 0 to 1; None for a stand-in."""

    unit: Unit
    span: Span
    score: float | None


def timed(stretch: Stretch, spelling: Spelling, places: Sequence[Place], stride: int, *, chars: bool) -> list[Word]:
    """The words of a stretch where their tokens were found, from the first to the last, the others between them.

    `places` has one for each token, in frames of `stride` samples from the start of the clip. With `chars` the
    words carry the times of their characters.
    """
    heard = _heard(spelling, places, stretch.clip, stride)
    spans = [Span(units[0].span.start, units[-1].span.end) if units else None for units in heard]
    known = [span for span in spans if span is not None]
    said = Span(min(word.start for word in stretch.words), max(word.end for word in stretch.words))
    within = Span(min(said.start, known[0].start), max(said.end, known[-1].end))
    words = []
    for word, span, units in zip(stretch.words, fill(spans, stretch.texts, within), heard, strict=True):
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


def estimated(words: Sequence[Word]) -> list[Word]:
    """Words that could not be aligned, with what times they have: the engine's, or estimates."""
    return [
        replace(word, timing="engine" if word.timing == "engine" else "interpolated", score=None, chars=())
        for word in words
    ]


def in_order(words: Sequence[Word]) -> list[Word]:
    """The words of a segment, each cut to where it neither starts before the last ends nor ends after the next starts.

    Runs of different languages are aligned apart, so that those at a border may be heard at the same place.
    """
    ceiling, ceilings = float("inf"), []
    for word in reversed(words):
        ceilings.append(ceiling)
        ceiling = min(ceiling, word.start)
    ordered: list[Word] = []
    floor = 0.0
    for word, top in zip(words, reversed(ceilings), strict=True):
        start = max(floor, min(word.start, top))
        floor = max(start, min(word.end, top))
        same = (start, floor) == (word.start, word.end)
        ordered.append(word if same else replace(word, start=start, end=floor, chars=()))
    return ordered


def _heard(spelling: Spelling, places: Sequence[Place], clip: Span, stride: int) -> list[list[_Heard]]:
    """When the units of each word are heard."""

    def time(frame: int) -> float:
        return min(clip.start + frame * stride / SAMPLE_RATE, clip.end)

    waiting = iter(places)
    heard: list[list[_Heard]] = []
    for units in spelling.words:
        heard.append([])
        for unit in units:
            own = [next(waiting) for _ in unit.columns]
            score = fmean(score for _, _, score in own) if unit.own else None
            heard[-1].append(_Heard(unit, Span(time(own[0][0]), time(own[-1][1])), score))
    return heard


def _chars(text: str, units: Sequence[_Heard]) -> tuple[Char, ...]:
    """The characters that are heard; those of a number, or with marks upon them, share its time evenly."""
    chars = []
    for heard in units:
        whole = text[heard.unit.first : heard.unit.last]
        letters = [letter for letter in whole if letter == whole or is_heard(letter) or _is_mark(letter)]
        for number, letter in enumerate(letters):
            start = heard.span.start + heard.span.duration * number / len(letters)
            end = heard.span.start + heard.span.duration * (number + 1) / len(letters)
            chars.append(Char(letter, start, end, heard.score))
    return tuple(chars)


def _is_mark(character: str) -> bool:
    """Whether a character stands on, under or beside the one before it, as accents and vowel signs do."""
    return unicodedata.category(character)[0] == "M"
