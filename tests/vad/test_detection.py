"""The detector that is installed finds voices, also quiet ones, and neither silence nor noise nor tones."""

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
from meetscribe.timeline import Span, overlap, total, union
from meetscribe.vad import VadSettings, detect_speech, make_chunks, silero
from meetscribe.vad.detection import cut_at_pauses, padded, pause_scores
from meetscribe.vad.silero import FRAME_SECONDS, Scores, score_speech

SAMPLES = Path(__file__).parents[2] / "samples"
TIME = np.arange(60 * SAMPLE_RATE) / SAMPLE_RATE
NOBODY: dict[str, npt.NDArray[np.float64]] = {
    "silence": np.zeros(len(TIME)),
    "hiss": 0.001 * np.random.default_rng(0).standard_normal(len(TIME)),
    "empty": np.random.default_rng(2).integers(-1, 2, len(TIME)) / 2**15,
    "noise": 0.05 * np.random.default_rng(1).standard_normal(len(TIME)),
    "tone": 0.3 * np.sin(2 * np.pi * 440 * TIME),
    "chords": 0.1 * np.sin(2 * np.pi * TIME[:, None] * (220, 277, 330)).sum(axis=1) * (TIME % 1 < 0.6),
    "beeps": 0.3 * np.sin(2 * np.pi * 1000 * TIME) * (TIME % 2 < 0.5),
}


def call() -> tuple[Audio, list[Span]]:
    """The call of two speakers that comes with pyannote.audio, 30 s, and its turns as people marked them."""
    found = {path.name: Path(str(path.locate())) for path in files("pyannote-audio") or () if "sample" in path.parts}
    fields = [line.split() for line in found["sample.rttm"].read_text().splitlines()]
    turns = [Span(float(field[3]), float(field[3]) + float(field[4])) for field in fields]
    return load_audio(found["sample.wav"]), turns


def made(samples: npt.NDArray[np.floating]) -> Audio:
    """Samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


def words(name: str) -> list[Span]:
    """When the words of a sample are spoken."""
    rows = [json.loads(line) for line in (SAMPLES / f"{name}.words.jsonl").read_text().splitlines()]
    return [Span(row["start"], row["end"]) for row in rows]


def test_speech_is_found_where_people_hear_it() -> None:
    """Of a real call nearly all speech is found, and little else than the padding around it."""
    audio, turns = call()
    spans = detect_speech(audio, VadSettings())
    speech = union(turns)
    shared = total(spans) + total(speech) - total([*spans, *speech])
    assert shared > 0.99 * total(speech)
    assert total(spans) < total(speech) + 2 * 0.3 * (len(speech) + 2)


@pytest.mark.parametrize("level", [0, -30])
@pytest.mark.parametrize("name", ["planning", "interview", "standup"])
def test_every_word_is_whole_in_one_chunk(name: str, level: int) -> None:
    """No word of the samples is outside of all chunks or cut by an edge, nor if the voices are very quiet."""
    audio = load_audio(SAMPLES / f"{name}.flac")
    quiet = np.round(audio.samples[:] * 10 ** (level / 20) * 2**15) / 2**15  # as a recorder of 16 bits would hold it
    chunks = make_chunks(detect_speech(made(quiet), VadSettings()), VadSettings())
    assert [word for word in words(name) if not any(c.start <= word.start and word.end <= c.end for c in chunks)] == []


def test_a_quiet_recording_with_noise_is_heard_as_a_loud_one() -> None:
    """Voices 40 dB softer, and noise 10 dB below them, leave the speech where it is."""
    audio = load_audio(SAMPLES / "standup.flac")
    noise = 0.03 * np.random.default_rng(0).standard_normal(len(audio.samples))
    loud = detect_speech(made(audio.samples[:] + noise), VadSettings())
    quiet = detect_speech(made((audio.samples[:] + noise) * 0.01), VadSettings())
    assert total([*loud, *quiet]) - min(total(loud), total(quiet)) < 0.02 * total(loud)


@pytest.mark.parametrize("name", NOBODY)
def test_nothing_is_found_where_nobody_speaks(name: str) -> None:
    """A minute of silence, noise or tones has no speech in it."""
    assert detect_speech(made(NOBODY[name]), VadSettings()) == ()


@pytest.mark.parametrize("frames", [0, 1, 511, 512, 513])
def test_the_shortest_recordings(frames: int) -> None:
    """A recording of hardly a frame is no trouble."""
    assert detect_speech(made(np.zeros(frames)), VadSettings()) == ()


@pytest.mark.parametrize("block", [7, 311, 100_000])
def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """Whatever is read at once, the same speech is found."""
    audio = load_audio(SAMPLES / "standup.flac")
    how = VadSettings(max_chunk=5.0)
    usual = detect_speech(audio, how)
    monkeypatch.setattr(silero, "_BLOCK", block)
    assert detect_speech(audio, how) == usual


def test_frames_are_scored_as_faster_whisper_scores_them() -> None:
    """Read in blocks, the probabilities are those that the wrapper finds for the whole."""
    from faster_whisper.vad import get_vad_model

    audio = load_audio(SAMPLES / "standup.flac")
    samples = audio.samples[: 50 * 16 * 512]
    theirs = np.ravel(get_vad_model()(samples.copy()))
    done: list[float] = []
    ours = score_speech(made(samples), done.append).probability
    np.testing.assert_allclose(ours[:-1], theirs[:-1], atol=1e-4)
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_spans_are_short_in_order_and_apart() -> None:
    """Speech without a pause is cut, and no span leaves the recording."""
    audio, _ = call()
    spans = detect_speech(audio, VadSettings(max_chunk=3.0))
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.duration <= 3.0 for span in spans)
    assert spans[0].start >= 0
    assert spans[-1].end <= audio.duration


def test_settings_reach_the_detector() -> None:
    """A longer pause counts as speech, a surer detector finds less, and padding is added."""
    audio, _ = call()
    usual = detect_speech(audio, VadSettings())
    assert len(detect_speech(audio, VadSettings(min_silence=1.0))) < len(usual)
    assert total(detect_speech(audio, VadSettings(threshold=0.9))) < total(usual)
    assert total(detect_speech(audio, VadSettings(pad=0.0))) < total(usual)


def test_a_cut_falls_into_the_pause() -> None:
    """Where the detector is sure all along, speech is cut where it is quietest for a while, not in a short dip."""
    level = np.full(1000, -20, np.float32)
    level[700] = -60  # the closure of a consonant
    level[600:610] = -35
    pauses = pause_scores(Scores(np.ones(1000, np.float32), level))
    (first, cut), (again, last) = cut_at_pauses(0, 1000, 900, pauses)
    assert (first, again, last) == (0, cut, 1000)
    assert 600 <= cut < 610


@given(st.integers(1, 50), st.lists(st.floats(0, 1, width=32), max_size=300))
def test_parts_are_whole_and_short(longest: int, pauses: list[float]) -> None:
    """Together the parts are the whole, and none is too long or empty; a cut is the lowest score in reach."""
    parts = list(cut_at_pauses(0, len(pauses), longest, np.array(pauses, np.float32)))
    assert [parts[0][0], *(last for _, last in parts)] == [0, *(first for first, _ in parts[1:]), len(pauses)]
    assert all(0 < last - first <= longest for first, last in parts) or not pauses
    for first, last in parts[:-1]:
        assert pauses[last] == min(pauses[max(first + 1, first + longest // 2) : first + longest + 1])


spans = st.lists(st.floats(0, 5), max_size=20).map(
    lambda steps: [Span(sum(steps[:i]), sum(steps[: i + 1])) for i in range(0, len(steps), 2)]
)


@given(spans, st.floats(0, 2))
def test_padding_adds_up_to_half_of_a_pause(speech: list[Span], pad: float) -> None:
    """Each span grows by the pad or half of the pause, stays in the recording and meets no other."""
    end = speech[-1].end + 1 if speech else 1.0
    longer = padded(speech, pad, end)
    assert all(new.start <= old.start <= old.end <= new.end for old, new in zip(speech, longer, strict=True))
    assert all(new.duration <= old.duration + 2 * pad + 1e-9 for old, new in zip(speech, longer, strict=True))
    assert all(before.end <= after.start for before, after in pairwise(longer))
    for (old, new), (following, later) in pairwise(zip(speech, longer, strict=True)):
        if following.start - old.end <= 2 * pad:
            assert new.end == later.start
        else:
            assert new.end == pytest.approx(old.end + pad)
    assert not longer or (longer[0].start >= 0 and longer[-1].end <= end)


def test_a_frame_is_heard_with_what_is_before_it() -> None:
    """The probabilities of a recording that is cut short are those of the whole, up to where it ends."""
    audio = load_audio(SAMPLES / "standup.flac")
    whole = score_speech(audio)
    half = round(20 / FRAME_SECONDS)
    part = score_speech(made(audio.samples[: half * silero.FRAME]))
    np.testing.assert_allclose(part.probability, whole.probability[:half], atol=1e-4)
    np.testing.assert_allclose(part.level, whole.level[:half], atol=1e-3)
    assert overlap(Span(0, 20), detect_speech(audio, VadSettings())) > 0
