"""Speech without words is found, and words from a second decoding are inserted there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.quality.coverage import add_recovered, gap_chunks, missed_speech, uncovered_speech, without_doubtful
from meetscribe.asr.quality.summary import summary
from meetscribe.timeline import Span, overlap
from meetscribe.transcript import Finding, Meta, Segment, Transcript, Word
from tests.support.notices import notices

META = Meta("en", 20)


def segment(*words: tuple[str, float, float], timing: str = "aligned") -> Segment:
    """Return a segment of words with their times."""
    return Segment(tuple(Word(text, start, end, timing) for text, start, end in words))  # type: ignore[arg-type]


HELLO = segment(("hello", 1.0, 1.5), ("there", 4.0, 4.5))


def test_speech_between_words_is_uncovered() -> None:
    """A word covers a quarter of a second on each side."""
    assert uncovered_speech([Span(0.9, 4.6)], [HELLO], 1.0) == (Span(1.75, 3.75),)
    assert uncovered_speech([Span(0.9, 4.6)], [HELLO], 2.5) == ()


def test_speech_without_any_word_is_uncovered() -> None:
    assert uncovered_speech([Span(8, 9.5)], [HELLO], 1.0) == (Span(8, 9.5),)
    assert uncovered_speech([Span(8, 9.5)], [], 1.0) == (Span(8, 9.5),)
    assert uncovered_speech([], [HELLO], 1.0) == ()


def test_interpolated_times_cover_their_segment() -> None:
    """Words with interpolated times may lie anywhere in the segment."""
    interpolated = segment(("hello", 1.0, 1.5), ("there", 4.0, 4.5), timing="interpolated")
    assert uncovered_speech([Span(0.9, 4.6)], [interpolated], 1.0) == ()


def test_missed_speech_is_a_passage_with_its_short_pauses() -> None:
    """The speech in it counts, not the pauses: a sound of 0.2 s between two pauses is no passage."""
    pieces = [Span(1.0, 1.5), Span(6.0, 6.6), Span(7.0, 7.6), Span(8.4, 8.8)]
    assert missed_speech(pieces, [HELLO], 1.0) == (Span(6.0, 8.8),)
    assert missed_speech(pieces, [HELLO], 1.7) == ()
    assert missed_speech([Span(1.0, 1.5), Span(2.4, 2.6), Span(3.5, 4.5)], [HELLO], 1.0) == ()
    assert missed_speech([], [HELLO], 1.0) == ()


spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 40), st.integers(1, 9))


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6), st.integers(0, 40))
def test_uncovered_speech_is_speech_without_a_word_nearby(
    speech_activity: list[Span], words: list[Span], at: int
) -> None:
    """A moment is uncovered if and only if there is speech and no word is near."""
    moment = Span(at + 0.5, at + 0.5 + 1e-6)
    segments = [segment(("w", span.start, span.end)) for span in words]
    covered = [Span(max(0.0, span.start - 0.25), span.end + 0.25) for span in words]
    expected = overlap(moment, speech_activity) > 0 and overlap(moment, covered) == 0
    assert (overlap(moment, uncovered_speech(speech_activity, segments, 0.0)) > 0) == expected


@given(st.lists(spans, max_size=6), st.integers(1, 5))
def test_chunks_cover_the_gaps(speech_activity: list[Span], longest: int) -> None:
    """Every gap lies in the chunks, which are in order, disjoint, and not longer than `longest`."""
    gaps = uncovered_speech(speech_activity, [], 0.0)
    chunks = gap_chunks(gaps, longest)
    assert all(chunk.duration <= longest + 1e-9 for chunk in chunks)
    assert all(a.end <= b.start for a, b in zip(chunks, chunks[1:], strict=False))
    assert all(overlap(gap, chunks) == pytest.approx(gap.duration) for gap in gaps)


def test_recovered_words_are_inserted_in_order_of_time() -> None:
    """Words between those of a segment split it."""
    again = Transcript((segment(("you", 2.0, 2.5)),), META)
    gaps = (Span(1.75, 3.75), Span(8, 9.5))
    found = add_recovered(Transcript((HELLO,), META), again, gaps)
    assert [word.text for word in found.words] == ["hello", "you", "there"]
    assert found.meta.findings == (
        Finding("recovered", 2.0, 2.5, "found by a second decoding", "you"),
        Finding("uncovered", 8, 9.5, "speech was detected, but no words were found"),
    )


def test_doubtful_words_are_not_inserted() -> None:
    """Their gap stays uncovered, and its finding holds their text."""
    again = Transcript((segment(("ha", 8.2, 8.4), ("ha", 8.4, 8.6)),), META).with_meta(
        findings=(Finding("suspect", 8.2, 8.6, "mean log probability -1.50", "ha ha"),)
    )
    found = add_recovered(Transcript((HELLO,), META), without_doubtful(again), (Span(8, 9.5),))
    assert found.segments == (HELLO,)
    (finding,) = found.meta.findings
    assert (finding.kind, finding.text) == ("uncovered", "ha ha")
    assert "log probability" in finding.reason


def test_one_notice_sums_up_all_findings() -> None:
    """Earlier findings stay, in order of time, and the earlier summary is replaced."""
    old = (Finding("suspect", 9, 10, "loop"),)
    first = Transcript((HELLO,), META).with_meta(notices=(*notices("a"), *summary(old)), findings=old)
    again = Transcript((segment(("you", 2.0, 2.5)),), META).with_meta(notices=notices("a", "b"))
    found = add_recovered(first, again, (Span(1.75, 3.75),))
    assert [finding.kind for finding in found.meta.findings] == ["recovered", "suspect"]
    assert found.meta.notices == (*notices("a", "b"), *summary(found.meta.findings))
    assert "1 doubtful, 1 recovered" in found.meta.warnings[-1]
