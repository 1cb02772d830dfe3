"""The detector that is installed finds voices, and neither silence nor noise."""

from __future__ import annotations

from importlib.metadata import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.timeline import Span, total, union
from meetscribe.vad import VadSettings, detect_speech, silero


def call() -> tuple[Audio, list[Span]]:
    """The call of two speakers that comes with pyannote.audio, 30 s, and its turns as people marked them."""
    found = {path.name: Path(str(path.locate())) for path in files("pyannote-audio") or () if "sample" in path.parts}
    fields = [line.split() for line in found["sample.rttm"].read_text().splitlines()]
    turns = [Span(float(field[3]), float(field[3]) + float(field[4])) for field in fields]
    return load_audio(found["sample.wav"]), turns


def made(samples: npt.NDArray[np.floating]) -> Audio:
    """Samples as a recording."""
    return Audio(samples.astype(np.float32), "made", "sha256:0")


def test_speech_is_found_where_people_hear_it() -> None:
    """Of a real call nearly all speech is found, and little else than the padding around it."""
    audio, turns = call()
    spans = detect_speech(audio, VadSettings())
    speech = union(turns)
    shared = total(spans) + total(speech) - total([*spans, *speech])
    assert shared > 0.97 * total(speech)
    assert total(spans) < total(speech) + 2 * 0.2 * (len(speech) + 2)


@pytest.mark.parametrize("level", [0.0, 0.01])
def test_nothing_is_found_where_nobody_speaks(level: float) -> None:
    """Silence and steady noise are not speech."""
    noise = np.random.default_rng(1).standard_normal(5 * SAMPLE_RATE)
    assert detect_speech(made(level * noise), VadSettings()) == ()


@pytest.mark.parametrize("frames", [0, 1, 511, 512, 513])
def test_the_shortest_recordings(frames: int) -> None:
    """A recording of hardly a frame is no trouble."""
    assert detect_speech(made(np.zeros(frames)), VadSettings()) == ()


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in blocks, the same speech is found; spans stay short, in order and apart."""
    audio, _ = call()
    audio = made(np.tile(audio.samples[:], 2))
    how = VadSettings(max_chunk=5.0)
    whole = detect_speech(audio, how)
    monkeypatch.setattr(silero, "_BLOCK", 17.0)
    blocks = detect_speech(audio, how)
    for spans in (whole, blocks):
        assert all(before.end <= after.start for before, after in pairwise(spans))
        assert all(span.duration <= 5.1 for span in spans)
        assert spans[-1].end <= audio.duration
    assert total([*blocks, *whole]) == pytest.approx(total(whole), abs=1.0)
    assert total(blocks) == pytest.approx(total(whole), abs=1.0)


def test_settings_reach_the_detector() -> None:
    """A longer pause counts as speech, and padding is added."""
    audio, _ = call()
    usual = detect_speech(audio, VadSettings())
    assert len(detect_speech(audio, VadSettings(min_silence=1.0))) < len(usual)
    assert total(detect_speech(audio, VadSettings(pad=0.0))) < total(usual)
