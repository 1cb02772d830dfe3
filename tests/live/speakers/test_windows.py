"""Windows are computed as audio arrives, each once, and clustered together."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.diarization import DiarizationSettings, Diarizer
from meetscribe.evaluation import der
from meetscribe.live.speakers.windows import ChannelWindows
from meetscribe.timeline import Turn
from tests.diarization.conftest import amplitude_pipeline, spoken

TURNS = [Turn(0.5, 6, "1"), Turn(7, 12, "2"), Turn(12.5, 18, "3"), Turn(19, 24, "1")]


def made() -> Diarizer:
    return Diarizer(amplitude_pipeline(), DiarizationSettings(pipeline="made"))


@given(sizes=st.lists(st.integers(1, 60_000), min_size=1, max_size=20))
@settings(max_examples=10, deadline=None)
def test_any_blocks_of_audio_give_the_speakers_of_the_recording(sizes: list[int]) -> None:
    """However the audio is divided, the turns are those of the whole; clustering in between has no effect."""
    audio, windows, start = spoken(TURNS, 25), ChannelWindows(made()), 0
    for size in [*sizes, 400_000]:
        windows.add(audio.samples[start : start + size])
        start = min(start + size, len(audio.samples))
        windows.compute()
        if size % 3 == 0:
            windows.cluster()
    found = windows.cluster()
    assert windows.end == 25.0
    assert found is not None and (der(TURNS, found.turns).rate or 0) < 0.05


def test_without_audio_there_are_no_speakers() -> None:
    windows = ChannelWindows(made())
    windows.compute()
    assert windows.cluster() is None
    windows.add(np.zeros(100, np.float32))
    assert windows.cluster() is not None
