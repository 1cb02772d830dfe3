"""Segments end where the speaker or the sentence changes, and are not too long."""

from __future__ import annotations

from itertools import pairwise

from meetscribe.attribution import AttributionSettings, attribute
from tests.attribution.conftest import diarization, lines, one_segment


def test_segments_end_at_sentence_ends_with_a_pause_and_at_long_pauses() -> None:
    """Without a diarization only the segments are made."""
    words = one_segment(("Yes.", 0.0, 1.0), ("No.", 1.4, 2.0), ("Well", 2.1, 2.2), ("so", 3.5, 4.0))
    assert lines(attribute(words, None)) == [(None, "Yes."), (None, "No. Well"), (None, "so")]


def test_segments_end_at_sentence_ends_without_pauses() -> None:
    """An engine without word alignment leaves no pauses; a line still holds a sentence and not a chunk."""
    texts = "Yes. We met Dr. Smith and J. Doe at the station today. Shall we go on? I think so, all of us do.".split()
    words = [(text, number * 0.5, number * 0.5 + 0.5) for number, text in enumerate(texts)]
    first = "Yes. We met Dr. Smith and J. Doe at the station today."
    for turns in (None, diarization((0, 60, "A"))):
        assert [text for _, text in lines(attribute(one_segment(*words), turns))] == [
            *(first, "Shall we go on?", "I think so, all of us do.")
        ]
    by_sentence = attribute(one_segment(*words), None, AttributionSettings(sentence_length=0))
    assert [text for _, text in lines(by_sentence)][:2] == ["Yes.", first.removeprefix("Yes. ")]


def test_segments_end_where_the_speaker_changes() -> None:
    result = attribute(
        one_segment(*((str(i), i * 1.0, i + 0.8) for i in range(6))),
        diarization(*((i, i + 1, "AB"[i % 2]) for i in range(6))),
    )
    assert len(result.segments) == 6
    assert all(a.speaker != b.speaker for a, b in pairwise(result.segments))


def test_a_long_segment_is_split_at_a_sentence_end_or_at_the_longest_pause() -> None:
    words = [(f"w{i}", float(i), i + 0.95) for i in range(10)]
    short = AttributionSettings(max_segment=8.0)

    def sizes() -> list[int]:
        return [len(segment.words) for segment in attribute(one_segment(*words), None, short).segments]

    words[6] = ("end.", 6.0, 6.95)
    assert sizes() == [7, 3]
    words[6] = ("w6", 6.0, 6.95)
    words[5] = ("w5", 5.0, 5.8)
    assert sizes() == [6, 4]
