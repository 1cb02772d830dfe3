from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.formats.parts.tiers import Interval, make_tiers, segments_from_tiers, without_overlaps
from meetscribe.transcript import Meta, Segment, Transcript, Word

times = st.integers(0, 5_000)
timed = st.lists(st.tuples(times, times, st.sampled_from(["a", "bc", ""])).map(lambda one: (*sorted(one[:2]), one[2])))


@settings(max_examples=40)
@given(timed)
def test_intervals_do_not_overlap(timed: list[tuple[int, int, str]]) -> None:
    """Intervals are in order, not empty, do not overlap, and hold all of the text."""
    found = without_overlaps((start / 1000, end / 1000, text) for start, end, text in timed)
    assert all(one.start_ms < one.end_ms for one in found)
    assert all(one.end_ms <= other.start_ms for one, other in zip(found, found[1:], strict=False))
    assert sorted("".join(one.text for one in found).replace(" ", "")) == sorted("".join(text for *_, text in timed))


def test_tiers_read_back() -> None:
    """A speaker has a tier of utterances and one of words, from which the segments are restored."""
    words = (Word("So", 0.0, 0.5, speaker="A"), Word("be", 0.5, 0.7, speaker="A"))
    tiers = make_tiers(Transcript((Segment(words), Segment((Word("Hm.", 1.0, 1.5),))), Meta("en", 2)))
    assert list(tiers) == ["A", "?"]
    named = [(name, outer) for name, (outer, _) in tiers.items()]
    named += [(f"{name} - words", inner) for name, (_, inner) in tiers.items()]
    segments = list(segments_from_tiers(named))
    assert [(segment.speaker, segment.text) for segment in segments] == [("A", "So be"), (None, "Hm.")]
    assert segments[0].words == words


def test_phones_are_skipped_and_words_joined() -> None:
    """In an aligner's file, words without a pause form a segment, and phones are no speaker."""
    words = [Interval(0, 500, "so"), Interval(500, 900, "be"), Interval(900, 1500, ""), Interval(1500, 2000, "it")]
    segments = list(segments_from_tiers([("words", words), ("phones", [Interval(0, 500, "s")])]))
    assert [segment.text for segment in segments] == ["so be", "it"]
