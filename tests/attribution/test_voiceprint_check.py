"""Uncertain words are assigned to the speaker whose voiceprint they clearly match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings

from meetscribe.attribution import AttributionSettings, EmbedSpans, attribute
from meetscribe.attribution.speech_time import Coverage
from meetscribe.attribution.voiceprint_check import ENROLMENT_SECONDS, exclusive_speech
from meetscribe.audio import load_audio
from meetscribe.diarization import DiarizationSettings, load_diarizer
from meetscribe.formats.rttm import read_rttm
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Diarization, Span, Turn, union
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.attribution.strategies import diarizations, transcripts, turns

SAMPLES = Path(__file__).parents[2] / "samples"

TURNS = Diarization((Turn(0, 40, "A"), Turn(38, 60, "B")), ())
"""Two speakers who overlap for two seconds."""

ON = AttributionSettings(voiceprints=True)


def minute(*, source: str | None = None) -> Transcript:
    """Return words of a quarter of a second for a minute, without pauses."""
    words = [Word("so", i / 4, i / 4 + 0.25) for i in range(240)]
    if source:
        words = [word.attributed("A", None, source, False) for word in words]  # type: ignore[arg-type]
    return Transcript((Segment(tuple(words)),), Meta("en", 60.0))


def scripted(similarity: float, requests: list[list[Span]]) -> EmbedSpans:
    """Return orthogonal voiceprints of two speakers, and runs with this similarity to the second of them."""

    def embed_spans(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        requests.extend(list(group) for group in groups)
        other = np.sqrt(1 - similarity**2)
        return np.array([[1, 0], [0, 1], *[[other, similarity]] * (len(groups) - 2)], np.float32)

    return embed_spans


def unexpected(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
    """Fail the test."""
    raise AssertionError(f"voiceprints requested of {groups}")


def test_a_clear_match_decides_in_overlap() -> None:
    """All other words are unchanged, segments are made anew, and the score remains the covered share of the word."""
    plain = attribute(minute(), TURNS)
    for similarity, speaker in ((0.95, "B"), (0.05, "A")):
        checked = attribute(minute(), TURNS, ON, scripted(similarity, []))
        assert {word.speaker for word in checked.words if word.overlap} == {speaker}
        assert [segment.speaker for segment in checked.segments if segment.start < 40 < segment.end + 2.1]
        for before, after in zip(plain.words, checked.words, strict=True):
            assert before == after or (before.overlap and after.speaker_source == "voice" and after.speaker == speaker)
            assert before.speaker_score == after.speaker_score
        assert all(len({word.speaker for word in segment.words}) == 1 for segment in checked.segments)


def test_no_clear_match_changes_nothing() -> None:
    too_short = lambda groups: np.full((len(groups), 2), np.nan, np.float32)  # noqa: E731
    for embed_spans in (scripted(0.72, []), too_short):
        assert attribute(minute(), TURNS, ON, embed_spans) == attribute(minute(), TURNS)


def test_voiceprints_of_speakers_are_made_from_their_longest_exclusive_speech() -> None:
    requests: list[list[Span]] = []
    attribute(minute(), TURNS, ON, scripted(0.95, requests))
    assert requests[:2] == [[Span(0, ENROLMENT_SECONDS)], [Span(40, 60)]]
    assert all(span.start >= 38 and span.end <= 40 for group in requests[2:] for span in group)
    assert len(requests) > 2


def test_voiceprints_are_requested_only_for_uncertain_words() -> None:
    """None are if the check is off, the run too short, the speaker's source trusted, or the method max-overlap."""
    clear = Diarization((Turn(0, 40, "A"), Turn(40, 60, "B")), ())
    unchecked = [
        (minute(), clear, replace(ON, max_lag=0.0)),
        (minute(), TURNS, replace(ON, voiceprints=False)),
        (minute(), TURNS, replace(ON, voiceprint_seconds=5.0)),
        (minute(), TURNS, replace(ON, method="max-overlap")),
        *((minute(source=source), TURNS, ON) for source in ("channel", "hint", "edit")),
    ]
    for transcript, diarization, choice in unchecked:
        result = attribute(transcript, diarization, choice, unexpected)
        assert "voice" not in {word.speaker_source for word in result.words}


def test_the_embedder_of_the_samples_corrects_wrong_turns() -> None:
    """Sentences that are covered by turns of two speakers, the wrong one more exactly, get the right speaker."""
    audio = load_audio(SAMPLES / "interview.flac")
    turns = [turn for turn in read_rttm((SAMPLES / "interview.rttm").read_bytes(), "interview") if turn.duration > 0]
    doubtful = [turn for turn in turns if 2 < turn.duration < 6][:6]
    other = {turn.speaker: next(t.speaker for t in turns if t.speaker != turn.speaker) for turn in turns}
    longer = [Turn(turn.start - 0.5, turn.end + 0.5, turn.speaker) for turn in doubtful]
    wrong = [replace(turn, speaker=other[turn.speaker]) for turn in doubtful]
    claimed = Diarization((*(turn for turn in turns if turn not in doubtful), *longer, *wrong), ())
    words = [
        Word("so", turn.start + i / 4, turn.start + i / 4 + 0.25)
        for turn in doubtful
        for i in range(int(turn.duration * 4))
    ]
    truth = [turn.speaker for turn in doubtful for _ in range(int(turn.duration * 4))]
    settings = DiarizationSettings(pipeline="bundled", embedder=str(SAMPLES / "weights" / "embedder"))
    diarizer = load_diarizer(settings, Device("cpu"))
    transcript = Transcript((Segment(tuple(words)),), Meta("en", audio.duration))
    result = attribute(transcript, claimed, ON, lambda groups: diarizer.voiceprints(audio, groups)).words
    plain = attribute(transcript, claimed).words

    def right(found: Sequence[Word]) -> int:
        return sum(word.speaker == speaker for word, speaker in zip(found, truth, strict=True))

    assert len(words) > 30
    assert right(plain) < len(words) / 2
    assert right(result) == len(words)
    again = diarizer.voiceprints(audio, [[Span(1, 1.1)], [], [Span(1, 3)]])
    assert np.isnan(again).all(axis=1).tolist() == [True, True, False]


def by_start(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
    """Return voiceprints that depend on the second in which a group begins, NaN for less than 0.1 s."""
    voiceprints = np.full((len(groups), 3), np.nan, np.float32)
    for row, spans in zip(voiceprints, groups, strict=True):
        if sum(span.duration for span in spans) >= 0.1:
            row[:] = np.eye(3)[int(min(spans).start) % 3] + 0.1
    return voiceprints


EAGER = AttributionSettings(voiceprints=True, voiceprint_seconds=0.1, voiceprint_margin=0.0)


@settings(deadline=None)
@given(transcripts, diarizations)
def test_only_uncertain_words_change_whatever_the_labels(transcript: Transcript, diarization: Diarization) -> None:
    """Labels matter only between speakers who begin at the same time."""
    plain, checked = attribute(transcript, diarization), attribute(transcript, diarization, EAGER, by_start)
    for before, after in zip(plain.words, checked.words, strict=True):
        uncertain = before.overlap or before.speaker_source in ("smoothed", "nearest")
        assert before == after or (uncertain and after.speaker_source == "voice" and after.speaker != before.speaker)
    assert attribute(transcript, diarization, replace(EAGER, voiceprints=False), by_start) == plain
    both = (diarization.turns, diarization.exclusive)
    starts = [[min(t.start for t in some if t.speaker == who) for who in {t.speaker for t in some}] for some in both]
    assume(all(len(set(times)) == len(times) for times in starts))
    others = {"A": "Z", "B": "Y", "C": "X"}
    permuted, exclusive = (tuple(replace(turn, speaker=others[turn.speaker]) for turn in some) for some in both)
    again = attribute(transcript, Diarization(permuted, exclusive), EAGER, by_start).words
    assert [others.get(word.speaker or "") for word in checked.words] == [word.speaker for word in again]


@settings(deadline=None)
@given(turns)
def test_exclusive_speech_is_all_that_one_speaker_alone_says(some: tuple[Turn, ...]) -> None:
    names = sorted({turn.speaker for turn in some})
    coverages = [Coverage.of(turn.span for turn in some if turn.speaker == name) for name in names]
    for name, spans in zip(names, exclusive_speech(coverages), strict=True):
        own = union(turn.span for turn in some if turn.speaker == name)
        others = union(turn.span for turn in some if turn.speaker != name)
        ticks = [tick * 0.05 + 0.025 for tick in range(150)]
        expected = {t for t in ticks if _within(t, own) and not _within(t, others)}
        assert {t for t in ticks if _within(t, spans)} == expected


def _within(time: float, spans: Sequence[Span]) -> bool:
    return any(span.start <= time < span.end for span in spans)
