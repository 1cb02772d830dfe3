"""Chapters of short and long episodes: at the topics, in order, and covering everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.podcast.chapters.dividing import MOST, make_chapters
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.transcript import Meta, Transcript
from tests.podcast.episodes import TOPICS, episode, topic_starts

SHORT = PodcastSettings(60.0, 300.0)


@pytest.mark.parametrize("speakers", [("Anna", "Ben"), ("Anna",), ("Anna", "Guest", "Ben")])
def test_chapters_begin_with_the_topics(speakers: tuple[str, ...]) -> None:
    """Each begins with the first sentence of a topic, after the pause; the first at 0; titles are of the topic."""
    talk = episode(("garden", "space", "bread", "trains"), speakers)
    chapters = make_chapters(talk, SHORT)
    assert [chapter.start for chapter in chapters] == [0.0, *topic_starts(talk)[1:]]
    for chapter, topic in zip(chapters, ("garden", "space", "bread", "trains"), strict=True):
        assert set(chapter.title.lower().replace(",", "").split()) <= set(TOPICS[topic].split()), chapter


def test_chapters_without_speakers_are_the_same() -> None:
    """A transcript without diarization is divided by its words alone."""
    talk = episode()
    plain = talk.with_segments(
        replace(one, words=tuple(word.attributed(None, None, None, False) for word in one.words))
        for one in talk.segments
    )
    assert [one.start for one in make_chapters(plain, SHORT)] == [one.start for one in make_chapters(talk, SHORT)]


def test_a_short_episode_is_one_chapter() -> None:
    talk = episode(("bread",), sentences=4)
    (chapter,) = make_chapters(talk)
    assert (chapter.start, chapter.end) == (0.0, talk.duration)


def test_long_topics_are_divided_at_pauses() -> None:
    """No chapter of an hour about one topic is longer than the longest or shorter than the shortest."""
    chapters = make_chapters(episode(("garden",), sentences=1200), PodcastSettings(120.0, 600.0))
    lengths = [(chapter.end or 0) - chapter.start for chapter in chapters]
    assert len(chapters) > 5 and max(lengths) <= 600 and min(lengths) >= 120


def test_very_long_episodes_have_no_more_chapters_than_files_hold() -> None:
    talk = episode(("garden", "space") * 60, sentences=20)
    chapters = make_chapters(talk, PodcastSettings(10.0, 20.0))
    assert 20 < len(chapters) <= MOST


def test_an_episode_without_words_has_no_chapters() -> None:
    assert make_chapters(Transcript((), Meta("en", 10.0))) == ()


@settings(deadline=None, max_examples=30)
@given(st.from_type(Transcript))
def test_chapters_of_any_transcript(transcript: Transcript) -> None:
    """Starts increase from 0, each chapter lasts until the next, the last until the end; all have titles."""
    chapters = make_chapters(transcript, PodcastSettings(10.0, 20.0))
    if chapters:
        assert chapters[0].start == 0 and all(chapter.title for chapter in chapters)
        assert all(one.end == after.start and one.start < after.start for one, after in pairwise(chapters))
        last = max([transcript.duration, *(word.end for word in transcript.edited().words)])
        assert chapters[-1].end == last
