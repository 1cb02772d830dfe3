"""Speech is detected, also if it is quiet; silence, noise and tones are not."""

from __future__ import annotations

import json
from importlib.metadata import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.timeline import Span, total, union
from meetscribe.vad import VadSettings, detect_speech, find_speech, make_chunks
from meetscribe.vad.detection import speech_evidence, speech_spans, split_at_pauses, with_padding
from meetscribe.vad.silero import Scores, score_speech

SAMPLES = Path(__file__).parents[2] / "samples"
TIME = np.arange(60 * SAMPLE_RATE) / SAMPLE_RATE
NO_SPEECH: dict[str, npt.NDArray[np.float64]] = {
    "silence": np.zeros(len(TIME)),
    "hiss": 0.001 * np.random.default_rng(0).standard_normal(len(TIME)),
    "empty": np.random.default_rng(2).integers(-1, 2, len(TIME)) / 2**15,
    "noise": 0.05 * np.random.default_rng(1).standard_normal(len(TIME)),
    "tone": 0.3 * np.sin(2 * np.pi * 440 * TIME),
    "chords": 0.1 * np.sin(2 * np.pi * TIME[:, None] * (220, 277, 330)).sum(axis=1) * (TIME % 1 < 0.6),
    "beeps": 0.3 * np.sin(2 * np.pi * 1000 * TIME) * (TIME % 2 < 0.5),
}


def call() -> tuple[Audio, list[Span]]:
    """Return the call of two speakers that is part of pyannote.audio, 30 s, and its annotated turns."""
    found = {path.name: Path(str(path.locate())) for path in files("pyannote-audio") or () if "sample" in path.parts}
    fields = [line.split() for line in found["sample.rttm"].read_text().splitlines()]
    turns = [Span(float(field[3]), float(field[3]) + float(field[4])) for field in fields]
    return load_audio(found["sample.wav"]), turns


def recording(samples: npt.NDArray[np.floating]) -> Audio:
    """Return samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


def words(name: str) -> list[Span]:
    """Return the times of the words of a sample."""
    rows = [json.loads(line) for line in (SAMPLES / f"{name}.words.jsonl").read_text().splitlines()]
    return [Span(row["start"], row["end"]) for row in rows]


def test_the_speech_of_a_real_call_is_detected() -> None:
    """More than 99 % of the speech is detected, and little more than the padding besides."""
    audio, turns = call()
    spans = detect_speech(audio, VadSettings())
    speech = union(turns)
    shared = total(spans) + total(speech) - total([*spans, *speech])
    assert shared > 0.99 * total(speech)
    assert total(spans) < total(speech) + 2 * 0.3 * (len(speech) + 2)


@pytest.mark.parametrize("level", [0, -30])
@pytest.mark.parametrize("name", ["planning", "interview", "standup"])
def test_every_word_is_whole_in_one_chunk(name: str, level: int) -> None:
    """Each word of the samples is within one chunk, also if the recording is very quiet."""
    audio = load_audio(SAMPLES / f"{name}.flac")
    quiet = np.round(audio.samples[:] * 10 ** (level / 20) * 2**15) / 2**15  # 16-bit samples
    chunks = make_chunks(detect_speech(recording(quiet), VadSettings()), VadSettings())
    assert [word for word in words(name) if not any(c.start <= word.start and word.end <= c.end for c in chunks)] == []


def test_the_level_of_a_noisy_recording_does_not_matter() -> None:
    """At 40 dB less, with noise 10 dB below the speech, nearly the same speech is detected."""
    audio = load_audio(SAMPLES / "standup.flac")
    noise = 0.03 * np.random.default_rng(0).standard_normal(len(audio.samples))
    loud = detect_speech(recording(audio.samples[:] + noise), VadSettings())
    quiet = detect_speech(recording((audio.samples[:] + noise) * 0.01), VadSettings())
    assert total([*loud, *quiet]) - min(total(loud), total(quiet)) < 0.02 * total(loud)


@pytest.mark.parametrize("name", NO_SPEECH)
def test_no_speech_is_detected_in_silence_noise_and_tones(name: str) -> None:
    assert detect_speech(recording(NO_SPEECH[name]), VadSettings()) == ()


@pytest.mark.parametrize("frames", [0, 1, 511, 512, 513])
def test_the_shortest_recordings(frames: int) -> None:
    """A recording of about one frame has no speech."""
    assert detect_speech(recording(np.zeros(frames)), VadSettings()) == ()


@pytest.mark.parametrize("block", [7, 311, 100_000])
def test_the_size_of_blocks_does_not_matter(block: int) -> None:
    """However many frames are computed at once, the same speech is detected."""
    audio = load_audio(SAMPLES / "standup.flac")
    settings = VadSettings(max_chunk=5.0)
    scores = score_speech(audio, block=block)
    assert speech_spans(scores, settings, audio.duration) == detect_speech(audio, settings)


def test_spans_are_short_in_order_and_disjoint() -> None:
    """Speech without a pause is split, and all spans are within the recording."""
    audio, _ = call()
    spans = detect_speech(audio, VadSettings(max_chunk=3.0))
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.duration <= 3.0 for span in spans)
    assert spans[0].start >= 0
    assert spans[-1].end <= audio.duration


def test_the_settings_have_their_effect() -> None:
    """Longer pauses are filled, a higher threshold detects less speech, and padding is added."""
    audio, _ = call()
    usual = detect_speech(audio, VadSettings())
    assert len(detect_speech(audio, VadSettings(min_silence=1.0))) < len(usual)
    assert total(detect_speech(audio, VadSettings(threshold=0.9))) < total(usual)
    assert total(detect_speech(audio, VadSettings(pad=0.0))) < total(usual)


def test_the_speech_activity_has_all_pauses() -> None:
    """It lies in the padded speech, without the padding, and does not depend on the settings of chunks."""
    audio, turns = call()
    found = find_speech(audio, VadSettings())
    assert found.padded == detect_speech(audio, VadSettings())
    assert len(found.activity) > len(found.padded)
    assert all(before.end < after.start for before, after in pairwise(found.activity))
    assert total([*found.padded, *found.activity]) == pytest.approx(total(found.padded))
    assert total([*turns, *found.activity]) < 1.03 * total(turns)
    assert find_speech(audio, VadSettings(pad=0.1, min_silence=1.0, max_chunk=5.0)).activity == found.activity


def test_speech_is_split_at_a_pause() -> None:
    """With a constant probability, speech is split at the quietest 0.2 s, not at a short dip."""
    level = np.full(1000, -20, np.float32)
    level[700] = -60  # the closure of a consonant
    level[600:610] = -35
    evidence = speech_evidence(Scores(np.ones(1000, np.float32), level))
    (start, cut), (again, end) = split_at_pauses(0, 1000, 900, evidence)
    assert (start, again, end) == (0, cut, 1000)
    assert 600 <= cut < 610


@given(st.integers(1, 50), st.lists(st.floats(0, 1, width=32), max_size=300))
def test_parts_are_complete_and_short(longest: int, evidence: list[float]) -> None:
    """The parts are consecutive, none is too long or empty, and each ends at the lowest score of its second half."""
    parts = list(split_at_pauses(0, len(evidence), longest, np.array(evidence, np.float32)))
    assert [parts[0][0], *(last for _, last in parts)] == [0, *(first for first, _ in parts[1:]), len(evidence)]
    assert all(0 < last - first <= longest for first, last in parts) or not evidence
    for first, last in parts[:-1]:
        assert evidence[last] == min(evidence[max(first + 1, first + longest // 2) : first + longest + 1])


spans = st.lists(st.floats(0, 5), max_size=20).map(
    lambda steps: [Span(sum(steps[:i]), sum(steps[: i + 1])) for i in range(0, len(steps), 2)]
)


@given(spans, st.floats(0, 2))
def test_padding_adds_up_to_half_of_a_pause(speech: list[Span], pad: float) -> None:
    """Each span grows by the pad or half of the pause, is within the recording and overlaps no other."""
    end = speech[-1].end + 1 if speech else 1.0
    longer = with_padding(speech, pad, end)
    assert all(new.start <= old.start <= old.end <= new.end for old, new in zip(speech, longer, strict=True))
    assert all(new.duration <= old.duration + 2 * pad + 1e-9 for old, new in zip(speech, longer, strict=True))
    assert all(before.end <= after.start for before, after in pairwise(longer))
    for (old, new), (following, later) in pairwise(zip(speech, longer, strict=True)):
        if following.start - old.end <= 2 * pad:
            assert new.end == later.start
        else:
            assert new.end == pytest.approx(old.end + pad)
    assert not longer or (longer[0].start >= 0 and longer[-1].end <= end)
