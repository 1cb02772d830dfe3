"""Cuts: clips have the right length, hold whole words, begin and end in pauses, and are the cheapest ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.timeline import Span
from meetscribe.training.data.clips.cutting import OMISSION_COST, Clip, Cuts, cut
from meetscribe.training.data.clips.meetings import Track
from meetscribe.training.data.clips.selection import Passage, SpokenWord
from meetscribe.training.data.settings import DataSettings
from meetscribe.training.data.tokens import MAX_TEXT
from meetscribe.transcript import Word

TRACK = Track(Path("a.wav"), "sha256:0")
SHORT = DataSettings(min_seconds=1.0, max_seconds=3.0, min_pause=0.1, pad=0.2)

PAUSE = st.sampled_from([0.0, 0.04, 0.1, 0.3, 0.9])
LENGTH = st.sampled_from([0.1, 0.4, 0.7, 1.6])
TIMING = st.sampled_from(["engine", "engine", "engine", "interpolated"])
TEXT = st.sampled_from(["yes", "no.", "well,"])
PARTS = st.lists(st.tuples(PAUSE, LENGTH, TIMING, TEXT, st.integers(0, 1)), min_size=1, max_size=9)


@st.composite
def passages(draw: st.DrawFn, most: int = 9) -> Passage:
    """Draw a passage with words in order, some of which touch."""
    time, segment, words = draw(PAUSE), 0, []
    for pause, length, timing, text, change in draw(PARTS)[:most]:
        start, segment = time + pause, segment + change
        time = start + length
        speaker = "AB"[segment % 2]
        words.append(SpokenWord(Word(text, start, time, timing), speaker, segment))  # type: ignore[arg-type]
    return Passage(tuple(words), TRACK, Span(0.0, time + draw(PAUSE)), "en")


def tokens(passage: Passage) -> list[int]:
    return [len(one.word.text) for one in passage.words]


@given(passages())
def test_clips_are_valid(passage: Passage) -> None:
    """Each has the right length, and no part of a word outside it, which begins or ends in a pause."""
    clips, _ = cut(passage, tokens(passage), SHORT)
    for clip in clips:
        assert SHORT.min_seconds <= clip.span.duration <= SHORT.max_seconds
        own = [one.word for one in clip.words]
        assert all(clip.span.start <= word.start and word.end <= clip.span.end for word in own)
        others = [one.word for one in passage.words if one not in clip.words]
        assert all(clip.span.overlap(word.span) == 0 for word in others)
        assert own[0].timing != "interpolated" != own[-1].timing
        assert own[0].start - max([0.0, *(word.end for word in others if word.start < own[0].start)]) > 0.09


@given(passages())
def test_no_word_is_lost(passage: Passage) -> None:
    """Each word is in one clip or is counted as left out."""
    clips, omissions = cut(passage, tokens(passage), SHORT)
    words = [one for clip in clips for one in clip.words]
    assert len(words) + sum(one.words for one in omissions) == len(passage.words)
    assert [one for one in passage.words if one in words] == words


def divisions(cuts: Cuts, start: int = 0) -> Iterator[list[tuple[int, int]]]:
    """Yield every way to cut the words from a place on."""
    if start == len(cuts.words):
        yield []
        return
    for rest in divisions(cuts, start + 1):
        yield rest
    for last in range(start + 1, len(cuts.words) + 1):
        if cuts.fits(start, last):
            for rest in divisions(cuts, last):
                yield [(start, last), *rest]


def cost(cuts: Cuts, ranges: list[tuple[int, int]]) -> float:
    left = len(cuts.words) - sum(last - first for first, last in ranges)
    return left * OMISSION_COST + sum(cuts.cost(last) for _, last in ranges)


@settings(max_examples=100)
@given(passages(most=7))
def test_no_other_way_to_cut_is_cheaper(passage: Passage) -> None:
    """The result is compared with all ways to cut."""
    cuts = Cuts(passage, tokens(passage), SHORT)
    clips, _ = cut(passage, tokens(passage), SHORT)
    assert cost(cuts, ranges_of(clips)) == pytest.approx(min(cost(cuts, ranges) for ranges in divisions(cuts)))


def ranges_of(clips: list[Clip]) -> list[tuple[int, int]]:
    """Return the places of clips in their passage."""
    found = []
    for clip in clips:
        first = clip.passage.words.index(clip.words[0])
        found.append((first, first + len(clip.words)))
    return found


def speech(count: int, pause: float = 0.2, text: str = "yes") -> Passage:
    """Return a passage of words of 0.3 s."""
    words = [Word(text, 1 + at * (0.3 + pause), 1.3 + at * (0.3 + pause)) for at in range(count)]
    return Passage(tuple(SpokenWord(word, "A", 0) for word in words), TRACK, Span(0.0, words[-1].end + 1), "en")


def test_too_much_text_gives_shorter_clips() -> None:
    """A label has at most as many tokens as the decoder can write."""
    passage = speech(120)
    few, _ = cut(passage, [2] * 120, DataSettings())
    many, left = cut(passage, [30] * 120, DataSettings())
    assert len(few) == 3
    assert max(len(clip.words) for clip in many) == (MAX_TEXT - 2) // 30
    assert left == []


@pytest.mark.parametrize(
    ("passage", "count", "reason"),
    [
        (speech(4), 1, "too short"),
        (speech(110, pause=0.0), 1, "no pause"),
        (speech(40), 200, "too many tokens"),
    ],
)
def test_the_reason_is_given(passage: Passage, count: int, reason: str) -> None:
    clips, omissions = cut(passage, [count] * len(passage.words), DataSettings())
    assert clips == []
    assert [(one.reason, one.words) for one in omissions] == [(reason, len(passage.words))]


def test_cuts_are_made_after_sentences() -> None:
    """Of equal pauses, the one at the end of a sentence is taken."""
    words = [one.word for one in speech(60).words]
    words[31] = Word("yes.", words[31].start, words[31].end)
    passage = Passage(tuple(SpokenWord(word, "A", 0) for word in words), TRACK, Span(0.0, 32.0), "en")
    clips, _ = cut(passage, [1] * 60, DataSettings(max_seconds=20.0))
    assert [clip.words[-1].word.text for clip in clips] == ["yes.", "yes"]
