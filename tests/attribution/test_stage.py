"""Attribution loses nothing, depends on no name, and agrees with the slow obvious way: every word, every turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.attribution.speech_time import Coverage
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.attribution.voiceprint_check import alone
from meetscribe.timeline import Diarization, Span, Turn, union
from meetscribe.transcript import Meta, Segment, Transcript, Word

milliseconds = st.integers(0, 120).map(lambda ticks: round(ticks * 0.05, 3))


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float]:
    start, length = draw(milliseconds), draw(st.integers(0, 12))
    return round(start, 3), round(start + length * 0.05, 3)


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
    method=st.sampled_from(["viterbi", "max-overlap"]),
    change=st.sampled_from([0.0, 0.3, 1.5]),
    breath=st.sampled_from([0.0, 0.15]),
    max_lag=st.sampled_from([0.0, 0.2]),
    max_gap=st.sampled_from([0.0, 0.1, 2.0]),
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


@settings(max_examples=200, deadline=None)
@given(transcripts, diarizations)
def test_by_overlap_it_agrees_with_the_slow_obvious_way(transcript: Transcript, diarization: Diarization) -> None:
    """Speaker, score, source and overlap flag are those of every word against every millisecond of every turn."""
    result = attribute(transcript, diarization, AttributionSettings(method="max-overlap"))
    fast = [(word.speaker, word.speaker_score, word.overlap) for word in result.words]
    assert fast == slowly_attributed(transcript.words, diarization)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda words: st.integers(1, 3).flatmap(
            lambda speakers: st.tuples(
                st.lists(
                    st.lists(st.integers(-9, 9), min_size=speakers, max_size=speakers), min_size=words, max_size=words
                ),
                st.lists(st.integers(0, 9), min_size=words, max_size=words),
            )
        )
    )
)
def test_no_sequence_of_speakers_is_better_than_the_best(given: tuple[list[list[int]], list[int]]) -> None:
    """Viterbi's path is worth what it says, and as much as the best of all sequences."""
    evidence, costs = given

    def worth(path: Sequence[int]) -> int:
        changes = sum(cost for before, after, cost in zip(path, path[1:], costs[1:], strict=False) if before != after)
        return sum(row[speaker] for row, speaker in zip(evidence, path, strict=True)) - changes

    path, total = best_sequence(np.array(evidence, dtype=float), np.array(costs, dtype=float))
    assert worth(path.tolist()) == total == max(map(worth, product(range(len(evidence[0])), repeat=len(evidence))))


@given(st.lists(spans(), max_size=8), milliseconds)
def test_depth_is_the_distance_to_the_nearest_edge(stretches: list[tuple[float, float]], time: float) -> None:
    """Above 0 inside and below 0 outside of what somebody says, by the nearest border of the two."""
    at = round(time * 1000)
    spoken = {t for start, end in stretches for t in range(round(start * 1000), round(end * 1000))}
    inside = at in spoken
    edges = [t for t in range(-1, 7000) if ((t in spoken) != (t - 1 in spoken))]
    expected = min((abs(at - edge) for edge in edges), default=None)
    depth = int(Coverage.of(Span(*stretch) for stretch in stretches).depth(np.array([at]))[0])
    assert depth < -1_000_000 if expected is None else depth == (expected if inside else -expected)


@settings(deadline=None)
@given(transcripts, diarizations, choices)
def test_nothing_depends_on_what_speakers_are_called(
    transcript: Transcript, diarization: Diarization, choice: AttributionSettings
) -> None:
    """With other labels for the same people, each word has the same person."""
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
def test_every_word_near_a_turn_has_a_speaker(transcript: Transcript, diarization: Diarization) -> None:
    """Within max_gap of any turn somebody is named, beyond it nobody is."""
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
    """Of turns that follow each other and end with a sentence, or with a pause, each word has the right speaker."""
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


def slowly_attributed(words: Sequence[Word], diarization: Diarization) -> list[tuple[str | None, float | None, bool]]:
    """Speaker, score and overlap flag of each word: most milliseconds, at a tie who began first, then by turn order."""
    talking = _stretches(diarization.turns) or _stretches(diarization.exclusive)
    return [(*_speaker(_extent(word), talking), _overlapped(word, talking)) for word in words]


def _speaker(word: Stretch, talking: dict[str, list[Stretch]]) -> tuple[str | None, float | None]:
    found = []
    for name, stretches in talking.items():
        under = [stretch for stretch in stretches if _common(word, stretch) > 0]
        if under:
            found.append((-sum(_common(word, s) for s in under), under[0][0], stretches, name))
    if not found:
        return None, None
    shared, _, _, name = min(found)
    everybody = sum(_common(word, stretch) for stretches in talking.values() for stretch in stretches)
    return name, round(-shared / max(word[1] - word[0], everybody), 4)


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


def hum(groups: Sequence[Sequence[Span]]) -> np.typing.NDArray[np.float32]:
    """A voiceprint that depends on the second in which a group begins, and none for less than 0.1 s."""
    prints = np.full((len(groups), 3), np.nan, np.float32)
    for row, spans in zip(prints, groups, strict=True):
        if sum(span.duration for span in spans) >= 0.1:
            row[:] = np.eye(3)[int(min(spans).start) % 3] + 0.1
    return prints


LISTENING = AttributionSettings(voice=True, voice_sound=0.1, voice_margin=0.0)


@settings(deadline=None)
@given(transcripts, diarizations)
def test_voices_change_only_what_is_in_doubt_and_do_not_depend_on_labels(
    transcript: Transcript, diarization: Diarization
) -> None:
    """Speakers who begin at the same time are the only ones that names tell apart."""
    plain, heard = attribute(transcript, diarization), attribute(transcript, diarization, LISTENING, hum)
    for before, after in zip(plain.words, heard.words, strict=True):
        doubted = before.overlap or before.speaker_source in ("smoothed", "nearest")
        assert before == after or (doubted and after.speaker_source == "voice" and after.speaker != before.speaker)
    assert attribute(transcript, diarization, replace(LISTENING, voice=False), hum) == plain
    both = (diarization.turns, diarization.exclusive)
    begun = [[min(t.start for t in some if t.speaker == who) for who in {t.speaker for t in some}] for some in both]
    assume(all(len(set(times)) == len(times) for times in begun))
    others = {"A": "Z", "B": "Y", "C": "X"}
    permuted, exclusive = (tuple(replace(turn, speaker=others[turn.speaker]) for turn in some) for some in both)
    again = attribute(transcript, Diarization(permuted, exclusive), LISTENING, hum).words
    assert [others.get(word.speaker or "") for word in heard.words] == [word.speaker for word in again]


@settings(deadline=None)
@given(turns)
def test_what_is_said_alone_is_said_by_one_turn_only(some: tuple[Turn, ...]) -> None:
    """Each millisecond of it lies in turns of its speaker and in nobody else's, and all that does is found."""
    names = sorted({turn.speaker for turn in some})
    coverages = [Coverage.of(turn.span for turn in some if turn.speaker == name) for name in names]
    for name, spans in zip(names, alone(coverages), strict=True):
        own = union(turn.span for turn in some if turn.speaker == name)
        others = union(turn.span for turn in some if turn.speaker != name)
        ticks = [tick * 0.05 + 0.025 for tick in range(150)]
        expected = {t for t in ticks if _within(t, own) and not _within(t, others)}
        assert {t for t in ticks if _within(t, spans)} == expected


def _within(time: float, spans: Sequence[Span]) -> bool:
    return any(span.start <= time < span.end for span in spans)
