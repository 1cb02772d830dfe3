"""Attribution loses no word, does not depend on labels or chunks, and agrees with a naive implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.timeline import Diarization, Turn, union
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.attribution.conftest import diarization, one_segment, speakers
from tests.attribution.strategies import attribution_settings, diarizations, transcripts
from tests.support.notices import notices


def test_turns_and_notices_are_stored_in_meta() -> None:
    found = Diarization((Turn(0, 1, "A"),), (Turn(0, 0.9, "A"),), notices=notices("found 1 speaker, not 2"))
    meta = attribute(one_segment(("hi", 0.0, 1.0)), found).meta
    assert (meta.turns, meta.exclusive, meta.notices) == (found.turns, found.exclusive, found.notices)


def test_an_empty_diarization_removes_all_speakers() -> None:
    result = attribute(attribute(one_segment(("hi", 0.0, 1.0)), diarization((0, 1, "A"))), Diarization((), ()))
    assert speakers(result) == [None]
    assert result.turns == ()


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, attribution_settings)
def test_no_word_is_lost_moved_or_changed(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    result = attribute(transcript, diarization, settings)
    before = [(word.text, word.start, word.end, word.timing, word.score) for word in transcript.words]
    assert [(word.text, word.start, word.end, word.timing, word.score) for word in result.words] == before


@settings(deadline=None)
@given(transcripts, diarizations, attribution_settings)
def test_nothing_depends_on_the_labels_of_speakers(
    transcript: Transcript, diarization: Diarization, choice: AttributionSettings
) -> None:
    """With other labels for the same speakers, each word has the same speaker."""
    spoken = [tuple(t.span for t in diarization.turns if t.speaker == name) for name in "ABC"]
    assume(len({union(spans) for spans in spoken if union(spans)}) == sum(bool(union(spans)) for spans in spoken))
    names = {"A": "Z", "B": "Y", "C": "X"}
    renamed = Diarization(tuple(Turn(t.start, t.end, names[t.speaker]) for t in diarization.turns), ())
    plain = Diarization(diarization.turns, ())
    before = attribute(transcript, plain, choice).words
    after = attribute(transcript, renamed, choice).words
    assert [names.get(word.speaker or "") for word in before] == [word.speaker for word in after]


@settings(deadline=None)
@given(transcripts, diarizations)
def test_a_word_has_a_speaker_if_and_only_if_a_turn_is_near(transcript: Transcript, diarization: Diarization) -> None:
    spoken = union(turn.span for turn in diarization.turns) or union(turn.span for turn in diarization.exclusive)
    for word in attribute(transcript, diarization, AttributionSettings(max_gap=0.5)).words:
        near = any(round(word.span.gap(span), 3) <= 0.5 for span in spoken)
        assert (word.speaker is not None) == near


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(4, 12), st.booleans(), st.booleans()), min_size=1, max_size=8),
    st.booleans(),
)
def test_words_well_inside_a_turn_keep_its_speaker(pieces: list[tuple[int, bool, bool]], permuted: bool) -> None:
    """If each turn ends with a sentence or a pause, each word has the right speaker."""
    words, turns, time = [], [], 1.0
    for i, (count, pause, exact) in enumerate(pieces):
        start, speaker = time, "AB"[i % 2]
        for k in range(count):
            text = "so." if k == count - 1 and not pause else "so"
            words.append(Word(text, time, time + 0.25, speaker=speaker))
            time += 0.25
        turns.append(
            Turn(start, time - (0.0 if exact else 0.05), {"A": "B", "B": "A"}[speaker] if permuted else speaker)
        )
        time += 0.2 if pause else 0.0
    blank = [replace(word, speaker=None) for word in words]
    transcript = Transcript((Segment(tuple(blank)),), Meta("en", time))
    result = attribute(transcript, Diarization(tuple(turns), ())).words
    for word, truth in zip(result, words, strict=True):
        assert (word.speaker != truth.speaker) == permuted


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, attribution_settings)
def test_a_segment_has_one_speaker_and_a_maximum_length(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    for segment in attribute(transcript, diarization, settings).segments:
        assert len({word.speaker for word in segment.words}) == 1
        assert len(segment.words) == 1 or round(segment.span.duration, 3) <= settings.max_segment


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, attribution_settings)
def test_attribution_is_idempotent(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    once = attribute(transcript, diarization, settings)
    assert attribute(once, diarization, settings) == once


@settings(deadline=None)
@given(transcripts, st.none() | diarizations, attribution_settings)
def test_nothing_depends_on_the_previous_segments(
    transcript: Transcript, diarization: Diarization | None, settings: AttributionSettings
) -> None:
    whole = transcript.with_segments([Segment(transcript.words)] if transcript.words else [])
    assert attribute(whole, diarization, settings) == attribute(transcript, diarization, settings)


@settings(max_examples=200, deadline=None)
@given(transcripts, diarizations)
def test_max_overlap_agrees_with_a_naive_implementation(transcript: Transcript, diarization: Diarization) -> None:
    """Speaker, score and overlap flag equal those found by comparing every word with every millisecond."""
    result = attribute(transcript, diarization, AttributionSettings(method="max-overlap"))
    attributed = [(word.speaker, word.speaker_score, word.overlap) for word in result.words]
    assert attributed == naive_attribution(transcript.words, diarization)


Interval = tuple[int, int]


def naive_attribution(words: Sequence[Word], diarization: Diarization) -> list[tuple[str | None, float | None, bool]]:
    """Return speaker, score and overlap flag: most milliseconds, at a tie the first to begin, then by turn order."""
    speech = _intervals(diarization.turns) or _intervals(diarization.exclusive)
    return [(*_speaker(_extent(word), speech), _overlapped(word, speech)) for word in words]


def _speaker(word: Interval, speech: dict[str, list[Interval]]) -> tuple[str | None, float | None]:
    candidates = []
    for name, intervals in speech.items():
        under = [interval for interval in intervals if _common(word, interval) > 0]
        if under:
            candidates.append((-sum(_common(word, interval) for interval in under), under[0][0], intervals, name))
    if not candidates:
        return None, None
    shared, _, _, name = min(candidates)
    everybody = sum(_common(word, interval) for intervals in speech.values() for interval in intervals)
    return name, round(-shared / max(word[1] - word[0], everybody), 4)


def _overlapped(word: Word, speech: dict[str, list[Interval]]) -> bool:
    start, end = _extent(word)
    overlapped = sum(
        sum(any(b <= t < e for b, e in intervals) for intervals in speech.values()) >= 2 for t in range(start, end)
    )
    return 2 * overlapped >= end - start


def _intervals(turns: Sequence[Turn]) -> dict[str, list[Interval]]:
    """Return the union of each speaker's turns in milliseconds, speakers by first appearance."""
    joined: dict[str, list[Interval]] = {}
    for turn in sorted(turns):
        start, end = round(turn.start * 1000), round(turn.end * 1000)
        own = joined.setdefault(turn.speaker, []) if start < end else []
        if own and start <= own[-1][1]:
            own[-1] = (own[-1][0], max(own[-1][1], end))
        elif start < end:
            own.append((start, end))
    return joined


def _extent(word: Word) -> Interval:
    start = round(word.start * 1000)
    return start, max(round(word.end * 1000), start + 1)


def _common(a: Interval, b: Interval) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))
