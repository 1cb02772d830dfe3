"""The recordings that the benchmark assembles: words, turns and silent spans are true, and a seed repeats them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Span, union
from meetscribe.transcript import Word
from tests.benchmarks.real.making.acoustics import CODECS, impulse_response, in_room, write
from tests.benchmarks.real.making.command import divided, make, save
from tests.benchmarks.real.making.meetings import CONDITIONS, Condition, Meeting, assemble, silence_between
from tests.benchmarks.real.making.voices import Samples, Utterance, active_spans, cut_to_speech, runs_alone
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings


def sound(seconds: float, seed: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    return (0.1 * random.standard_normal(round(seconds * SAMPLE_RATE))).astype(np.float32)


def spoken(speaker: str, seconds: float, seed: int) -> Utterance:
    return cut_to_speech(speaker, sound(seconds, seed), "one two three")


UTTERANCES = [spoken("ABC"[index % 3], 0.8 + 0.3 * index, index) for index in range(9)]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_seed_makes_the_same_meeting_again(condition: Condition) -> None:
    first, second, other = (assemble(UTTERANCES, condition, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.samples, second.samples)
    assert (first.words, first.turns, first.quiet) == (second.words, second.turns, second.quiet)
    assert first.turns != other.turns


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_every_word_lies_in_a_turn_of_its_speaker_and_none_in_silence(condition: Condition) -> None:
    meeting = assemble(UTTERANCES, condition, 3)
    assert len(meeting.words) == 3 * len(UTTERANCES)
    for word in meeting.words:
        assert any(turn.speaker == word.speaker and turn.span.overlap(word.span) > 0 for turn in meeting.turns)
        assert not any(word.span.overlap(quiet) > 0 for quiet in meeting.quiet)
    for speaker in "ABC":
        own = [turn.span for turn in meeting.turns if turn.speaker == speaker]
        assert sum(span.duration for span in union(own)) == pytest.approx(sum(span.duration for span in own))


def test_speech_is_where_the_turns_say_and_the_silent_spans_are_quiet() -> None:
    meeting = assemble(UTTERANCES, replace(CONDITIONS[0], noise_db=()), 4)
    assert all(power(meeting, quiet) < 1e-12 for quiet in meeting.quiet)
    assert all(power(meeting, turn.span) > 1e-4 for turn in meeting.turns)


def power(meeting: Meeting, span: Span) -> float:
    part = meeting.samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)]
    return float((part**2).mean())


def test_noise_has_the_level_of_its_condition() -> None:
    loud, soft = (assemble(UTTERANCES, Condition("", (3.0, 4.0), noise_db=(level,)), 5) for level in (10.0, 30.0))
    ratios = [
        10 * np.log10(max(power(meeting, turn.span) for turn in meeting.turns) / power(meeting, meeting.quiet[1]))
        for meeting in (loud, soft)
    ]
    assert ratios[1] - ratios[0] == pytest.approx(20.0, abs=1.5)


def test_overlap_is_as_frequent_as_its_condition() -> None:
    none, some = (assemble(UTTERANCES, Condition("", (0.1, 0.2), share), 6) for share in (0.0, 1.0))
    overlaps = [
        sum(a.span.overlap(b.span) > 0 for a, b in zip(meeting.turns, meeting.turns[1:], strict=False))
        for meeting in (none, some)
    ]
    assert overlaps[0] == 0
    assert overlaps[1] >= 6


def test_a_room_decays_by_60_decibels_in_its_reverberation_time() -> None:
    response = impulse_response(0.5, 0.0, np.random.default_rng(0))
    early, late = (float((response[start : start + 800] ** 2).mean()) for start in (800, 6400))
    assert 10 * np.log10(early / late) == pytest.approx(60 * 5600 / (0.5 * SAMPLE_RATE), abs=2.0)
    assert (response[1:] ** 2).sum() == pytest.approx(1.0, rel=1e-3)
    heard = in_room(sound(1.0), response)
    assert len(heard) == SAMPLE_RATE + len(response) - 1


def test_silence_keeps_a_distance_from_speech() -> None:
    assert silence_between([Span(1.0, 2.0), Span(1.5, 3.0), Span(3.4, 4.0)], 6.0) == (Span(0.3, 0.7), Span(4.3, 5.7))


def test_an_utterance_is_cut_to_its_speech() -> None:
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    samples = np.concatenate([silence, sound(1.0), silence, silence, sound(0.5), silence])
    assert active_spans(samples) == (Span(0.5, 1.5), Span(2.5, 3.0))
    utterance = cut_to_speech("A", samples, "so it goes")
    assert (utterance.duration, utterance.speech) == (2.5, (Span(0.0, 1.0), Span(2.0, 2.5)))
    assert {word.timing for word in utterance.words} == {"interpolated"}


def test_only_runs_in_which_nobody_else_speaks_are_taken() -> None:
    def words(speaker: str, *starts: float) -> list[Word]:
        return [Word("so", start, start + 0.3, speaker=speaker) for start in starts]

    alone, joined = words("A", 0.0, 0.4, 0.8), words("A", 9.0, 9.4, 9.8)
    assert runs_alone([*alone, *joined, *words("B", 9.5)]) == [alone]
    assert runs_alone(words("A", 0.0, 0.4, 2.0)) == []


@pytest.mark.parametrize("codec", CODECS)
def test_a_codec_keeps_the_times(codec: str, tmp_path: Path) -> None:
    silence = np.zeros(SAMPLE_RATE, np.float32)
    tone = (0.3 * np.sin(np.arange(SAMPLE_RATE) / 8)).astype(np.float32)
    audio = load_audio(write(tmp_path / "tone", np.concatenate([silence, tone, silence]), codec))
    (span,) = active_spans(audio.samples[:])
    assert span.start == pytest.approx(1.0, abs=0.05)
    assert span.end == pytest.approx(2.0, abs=0.05)


def test_the_same_samples_make_the_same_file(tmp_path: Path) -> None:
    samples = sound(0.5)
    first, second = (write(tmp_path / name, samples, "opus").read_bytes() for name in ("one", "two"))
    assert first == second


def test_a_made_recording_is_read_back(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "nothing")
    places.made.mkdir()
    meeting = assemble(UTTERANCES, CONDITIONS[2], 1)
    save(places.made / "phone-tune-1", meeting, (CONDITIONS[2], "tune"), 1)
    (found,) = (each for each in find_recordings(places) if each.set == "made: phone")
    assert (found.words, found.turns, found.quiet) == (meeting.words, meeting.turns, meeting.quiet)
    assert (found.path.suffix, found.part) == (".wav", "tune")


@pytest.mark.long
def test_the_parts_share_no_speaker_and_no_utterance(tmp_path: Path) -> None:
    places = Places.default()
    if not places.data.is_dir():
        pytest.skip(f"no recordings in {places.data}")
    lines = list(make(tmp_path / "made", places, seed=1, meetings=1))
    assert len(lines) == 2 * len(CONDITIONS)
    made = [each for each in find_recordings(Places(tmp_path, tmp_path / "nothing")) if each.set == "made: pauses"]
    speakers = [{turn.speaker for turn in each.turns} for each in made]
    assert len(speakers) == 2
    assert not speakers[0] & speakers[1]


def test_meetings_share_the_utterances_of_each_speaker() -> None:
    groups = divided(UTTERANCES, 2)
    assert sorted(len(group) for group in groups) == [4, 5]
    assert all({each.speaker for each in group} == set("ABC") for group in groups)
