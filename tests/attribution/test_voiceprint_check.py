"""Where words and turns leave it in doubt who speaks, the voice says it, if it is clear enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.attribution import AttributionSettings, Voices, attribute
from meetscribe.attribution.voiceprint_check import KNOWN_BY
from meetscribe.audio import load_audio
from meetscribe.diarization import DiarizationSettings, load_diarizer
from meetscribe.formats.rttm import read_rttm
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

SAMPLES = Path(__file__).parents[2] / "samples"

TURNS = Diarization((Turn(0, 40, "A"), Turn(38, 60, "B")), ())
"""Two people who talk at once for two seconds."""

ON = AttributionSettings(voice=True)


def said(*, source: str | None = None) -> Transcript:
    """Words of a quarter of a second for a minute, those in the overlap without a pause."""
    words = [Word("so", i / 4, i / 4 + 0.25) for i in range(240)]
    if source:
        words = [word.attributed("A", None, source, False) for word in words]  # type: ignore[arg-type]
    return Transcript((Segment(tuple(words)),), Meta("en", 60.0))


def scripted(likeness: float, asked: list[list[Span]]) -> Voices:
    """Voices of two speakers at right angles; a run is so much like the second of them, and the rest the first."""

    def voices(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        asked.extend(list(group) for group in groups)
        other = np.sqrt(1 - likeness**2)
        return np.array([[1, 0], [0, 1], *[[other, likeness]] * (len(groups) - 2)], np.float32)

    return voices


def in_overlap(transcript: Transcript) -> set[tuple[str | None, str | None]]:
    return {(word.speaker, word.speaker_source) for word in transcript.words if word.overlap}


def test_a_clear_voice_decides_where_two_people_talk() -> None:
    """All else stays, segments are cut anew, and the score is still the share of the word that turns cover."""
    plain = attribute(said(), TURNS)
    for likeness, speaker in ((0.95, "B"), (0.05, "A")):
        heard = attribute(said(), TURNS, ON, scripted(likeness, []))
        assert {who for who, _ in in_overlap(heard)} == {speaker}
        assert [segment.speaker for segment in heard.segments if segment.start < 40 < segment.end + 2.1]
        for before, after in zip(plain.words, heard.words, strict=True):
            assert before == after or (before.overlap and after.speaker_source == "voice" and after.speaker == speaker)
            assert before.speaker_score == after.speaker_score
        assert all(len({word.speaker for word in segment.words}) == 1 for segment in heard.segments)


def test_a_voice_that_is_like_both_or_none_decides_nothing() -> None:
    silent = lambda groups: np.full((len(groups), 2), np.nan, np.float32)  # noqa: E731
    for voices in (scripted(0.72, []), silent):
        assert attribute(said(), TURNS, ON, voices) == attribute(said(), TURNS)


def test_speakers_are_known_by_the_longest_stretches_that_they_say_alone() -> None:
    asked: list[list[Span]] = []
    attribute(said(), TURNS, ON, scripted(0.95, asked))
    assert asked[:2] == [[Span(0, KNOWN_BY)], [Span(40, 60)]]
    assert all(span.start >= 38 and span.end <= 40 for group in asked[2:] for span in group)
    assert len(asked) > 2


def test_nothing_is_listened_to_without_doubt_or_unasked() -> None:
    """Neither where it is off, nor too short, nor where a channel or an edit knows, nor by the plain rule."""

    def never(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        raise AssertionError(f"asked for {groups}")

    clear = Diarization((Turn(0, 40, "A"), Turn(40, 60, "B")), ())
    attribute(said(), clear, AttributionSettings(voice=True, max_lag=0.0), never)
    attribute(said(), TURNS, AttributionSettings(voice=False), never)
    attribute(said(), TURNS, AttributionSettings(voice=True, voice_sound=5.0), never)
    attribute(said(), TURNS, AttributionSettings(voice=True, method="max-overlap"), never)
    for source in ("channel", "hint", "edit"):
        attribute(said(source=source), TURNS, ON, never)


def test_the_embedder_of_the_samples_tells_whose_words_they_are() -> None:
    """Sentences over which turns claim both of two people, and the wrong one more closely, are set right by ear."""
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
