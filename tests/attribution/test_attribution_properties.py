"""Attribution loses nothing, and agrees with the slow obvious way: every word against every turn."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

milliseconds = st.integers(0, 120).map(lambda ticks: ticks * 0.05)


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float]:
    start, length = draw(milliseconds), draw(st.integers(0, 12))
    return start, start + length * 0.05


turns = st.lists(st.tuples(spans(), st.sampled_from("ABC")).map(lambda pair: Turn(*pair[0], pair[1])), max_size=12).map(
    tuple
)
diarizations = st.builds(Diarization, turns, turns)
words = st.tuples(st.sampled_from(["yes", "no.", "well,", "so?", "and"]), spans()).map(
    lambda pair: Word(pair[0], *pair[1])
)
transcripts = st.lists(st.lists(words, min_size=1, max_size=6).map(tuple).map(Segment), max_size=5).map(
    lambda segments: Transcript(tuple(segments), Meta("en", 10.0))
)
choices = st.builds(
    AttributionSettings,
    max_gap=st.sampled_from([0.0, 0.1, 2.0]),
    snap_words=st.integers(0, 2),
    sentence_pause=st.sampled_from([0.0, 0.3]),
    pause=st.sampled_from([0.0, 0.5, 1.0]),
    max_segment=st.sampled_from([0.2, 1.0, 30.0]),
)


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, choices)
def test_no_word_is_lost_moved_or_changed(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    result = attribute(transcript, diarization, settings)
    before = [(word.text, word.start, word.end, word.timing, word.score) for word in transcript.words]
    assert [(word.text, word.start, word.end, word.timing, word.score) for word in result.words] == before


@settings(max_examples=300, deadline=None)
@given(transcripts, diarizations, st.sampled_from([0.0, 0.1, 0.5, 2.0]))
def test_the_fast_way_agrees_with_the_slow_obvious_one(
    transcript: Transcript, diarization: Diarization, max_gap: float
) -> None:
    result = attribute(transcript, diarization, AttributionSettings(max_gap=max_gap))
    fast = [(word.speaker, word.speaker_score, word.speaker_source, word.overlap) for word in result.words]
    assert fast == slowly_attributed(transcript.words, diarization, max_gap)


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, choices)
def test_a_segment_has_one_speaker_and_is_not_too_long(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    for segment in attribute(transcript, diarization, settings).segments:
        assert len({word.speaker for word in segment.words}) == 1
        assert len(segment.words) == 1 or round(segment.span.duration, 3) <= settings.max_segment


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, choices)
def test_doing_it_again_changes_nothing(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    once = attribute(transcript, diarization, settings)
    assert attribute(once, diarization, settings) == once


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, choices)
def test_the_borders_of_the_recognizers_chunks_do_not_count(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    whole = transcript.with_segments([Segment(transcript.words)] if transcript.words else [])
    assert attribute(whole, diarization, settings) == attribute(transcript, diarization, settings)


Stretch = tuple[int, int]


def slowly_attributed(
    words: Sequence[Word], diarization: Diarization, max_gap: float
) -> list[tuple[str | None, float | None, str | None, bool]]:
    """Speaker, score, source and overlap flag of each word."""
    talking = _stretches(diarization.turns)
    chosen = _stretches(diarization.exclusive) or _stretches(diarization.turns)
    return [(*_speaker(_extent(word), chosen, round(max_gap * 1000)), _overlapped(word, talking)) for word in words]


def _speaker(
    word: Stretch, chosen: dict[str, list[Stretch]], max_gap: int
) -> tuple[str | None, float | None, str | None]:
    best: tuple[int, int, int] | None = None
    name = None
    for speaker, stretches in chosen.items():
        under = [stretch for stretch in stretches if _common(word, stretch) > 0]
        if under:
            key = (-sum(_common(word, s) for s in under), 0, -max(e - b for b, e in under))
        else:
            gap = min(_gap(word, stretch) for stretch in stretches)
            key = (0, gap, -max(e - b for b, e in stretches if _gap(word, (b, e)) == gap))
        if best is None or key < best:
            best, name = key, speaker
    if best is None or name is None or best[1] > max_gap:
        return None, None, None
    if best[0] == 0:
        return name, 0.0, "nearest"
    return name, round(-best[0] / (word[1] - word[0]), 4), "turn"


def _overlapped(word: Word, talking: dict[str, list[Stretch]]) -> bool:
    begin, end = _extent(word)
    crowded = sum(
        sum(any(b <= t < e for b, e in stretches) for stretches in talking.values()) >= 2 for t in range(begin, end)
    )
    return 2 * crowded >= end - begin


def _stretches(turns: Sequence[Turn]) -> dict[str, list[Stretch]]:
    """The milliseconds of each speaker joined into stretches, speakers by first appearance."""
    found: dict[str, list[Stretch]] = {}
    for turn in sorted(turns):
        begin, end = round(turn.start * 1000), round(turn.end * 1000)
        own = found.setdefault(turn.speaker, []) if begin < end else []
        if own and begin <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], end))
        elif begin < end:
            own.append((begin, end))
    return found


def _extent(word: Word) -> Stretch:
    begin = round(word.start * 1000)
    return begin, max(round(word.end * 1000), begin + 1)


def _common(a: Stretch, b: Stretch) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _gap(a: Stretch, b: Stretch) -> int:
    return max(0, max(a[0], b[0]) - min(a[1], b[1]))
