"""The bundled pipeline on real speech, with an embedder with random weights."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.errors import WeightsError
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Diarization
from tests.diarization.conftest import check_diarization
from tests.support.notices import texts_of

CPU = Device("cpu")


def bundled(embedder: Path, **settings: object) -> Diarizer:
    return load_diarizer(
        DiarizationSettings(pipeline="bundled", embedder=str(embedder), **settings),  # type: ignore[arg-type]
        CPU,
    )


def test_the_bundled_pipeline_diarizes_a_conversation(
    embedder: Path,
    conversation: Audio,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    recwarn: pytest.WarningsRecorder,
) -> None:
    reported: list[float] = []
    diarizer = bundled(embedder, speakers=2)
    with caplog.at_level(logging.INFO):
        found = diarizer.diarize(conversation, reported.append)
    check_diarization(found, conversation)
    assert len(found.speakers) == 2
    assert texts_of(found.notices) == ("the clustering threshold of 0.5 is not tuned for this embedder",)
    assert reported == sorted(reported) and reported[-1] == 1.0 and len(reported) > 3
    assert diarizer.diarize(conversation) == found
    assert (*capfd.readouterr(), caplog.text, list(recwarn)) == ("", "", "", [])


def test_silence_has_no_speakers(embedder: Path) -> None:
    diarizer = bundled(embedder, clustering_threshold=0.5)
    for seconds in (0.05, 0.3, 7.0):
        silence = Audio(np.zeros(int(seconds * 16000), dtype=np.float32), "silence.wav", "sha256:0")
        assert diarizer.diarize(silence) == Diarization((), ())


def test_the_bundled_pipeline_needs_an_embedder() -> None:
    with pytest.raises(WeightsError, match=r"diarization\.embedder"):
        load_diarizer(DiarizationSettings(pipeline="bundled"), CPU)
