"""Topics: found where the vocabulary changes, and valid for any input."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.analytics import meeting_of, stats
from meetscribe.timeline import Seconds
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.word_ids import with_word_ids

SUBJECTS = [
    "budget invoice cost payment price",
    "hotel train travel ticket luggage",
    "server backup disk network login",
]


def meeting(subjects: list[str], words_each: int = 240, seed: int = 0) -> Transcript:
    """Return a transcript that speaks of one subject after the other, two words per second in sentences of six."""
    rng = random.Random(seed)
    texts = [rng.choice([*subject.split(), "the", "and"]) for subject in subjects for _ in range(words_each)]
    words = [Word(text, i / 2, i / 2 + 0.4, speaker="AB"[i // 30 % 2]) for i, text in enumerate(texts)]
    segments = [Segment(tuple(words[i : i + 6])) for i in range(0, len(words), 6)]
    return with_word_ids(Transcript(tuple(segments), Meta("en", len(words) / 2)))


def test_a_topic_begins_where_the_subject_changes() -> None:
    """The boundaries are within ten seconds of the true ones, and the terms are those of the subjects."""
    transcript = meeting(SUBJECTS, words_each=300)
    found = stats(transcript).topics

    assert len(found) == 3
    for topic, true in zip(found[1:], (150.0, 300.0), strict=True):
        assert abs(topic.start - true) <= 10
    for topic, subject in zip(found, SUBJECTS, strict=True):
        assert set(topic.terms) <= set(subject.split())


def test_topics_have_the_ids_of_their_edges() -> None:
    """The first word of a topic follows the last one of the topic before."""
    transcript = meeting(SUBJECTS, words_each=300)
    ids = [word.id for word in transcript.words]
    found = stats(transcript).topics

    assert (found[0].first_word, found[-1].last_word) == (ids[0], ids[-1])
    for topic, after in zip(found, found[1:], strict=False):
        assert ids.index(after.first_word) == ids.index(topic.last_word) + 1


def test_one_subject_is_one_topic() -> None:
    """A meeting shorter than two topics has one, named by its frequent terms."""
    (topic,) = stats(meeting(SUBJECTS[:1], words_each=200)).topics
    assert (topic.start, topic.end) == (0.0, 99.9)
    assert set(topic.terms) <= set(SUBJECTS[0].split())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("budget travel the server disk".split()), st.floats(0, 3000)), max_size=300))
def test_topics_tile_the_words(spoken: list[tuple[str, Seconds]]) -> None:
    """For any words, topics follow each other without a gap, and none but a single one is too short."""
    words = [Word(text, time, time + 0.3, speaker="A") for text, time in sorted(spoken, key=lambda pair: pair[1])]
    transcript = Transcript(tuple(Segment((word,)) for word in words), Meta("en", 3001))
    found = stats(meeting_of(transcript)).topics

    assert all(a.end == b.start for a, b in zip(found, found[1:], strict=False))
    assert len(found) < 2 or all(topic.end - topic.start >= 119.99 for topic in found)
    if found:
        assert (found[0].start, found[-1].end) == (words[0].start, max(word.end for word in words))
