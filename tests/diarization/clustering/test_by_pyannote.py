"""What the bundled and a published pipeline have in common; most weights are random, so that only the labels are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, load_diarizer
from meetscribe.evaluation import der
from meetscribe.runtime import silence
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Turn
from tests.support.notices import texts_of

CPU = Device("cpu")


@pytest.mark.parametrize("kind", ["bundled", "community"])
def test_the_turns_equal_those_of_pyannote_with_the_same_models(
    kind: str, embedder: Path, community: Path, conversation: Audio
) -> None:
    names = {"bundled": ("bundled", str(embedder)), "community": (str(community), "auto")}
    pipeline, embedder_name = names[kind]
    settings = DiarizationSettings(pipeline=pipeline, embedder=embedder_name, min_duration_off=0.0, speakers=2)
    diarizer = load_diarizer(settings, CPU)
    found = diarizer.diarize(conversation)
    theirs = diarizer.loaded.pipeline
    theirs._embedding = diarizer.loaded.window_embedder.inner  # type: ignore[attr-defined]
    with silence.loading():
        waveform = torch.from_numpy(conversation.samples[:])[None]
        output = theirs({"waveform": waveform, "sample_rate": 16000, "uri": "x"}, num_speakers=2)
    for annotation, ours in (
        (output.speaker_diarization, found.turns),
        (output.exclusive_speaker_diarization, found.exclusive),
    ):
        tracks = [(at.start, min(at.end, conversation.duration), who) for at, _, who in annotation.itertracks(True)]
        error = der([Turn(*track) for track in tracks], ours)
        # If two local speakers of a window are one speaker, pyannote.audio assigns the second to another speaker.
        assert error.confusion_ms == 0 and error.false_alarm_ms < 50 and error.miss_ms < 0.05 * error.total_ms, error
    expected = np.array(sorted(output.speaker_embeddings.tolist()))
    actual = np.array(sorted(vector.tolist() for vector in found.voiceprints.values()))
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", ["bundled", "community"])
def test_more_speakers_than_voiceprints_may_be_requested(
    kind: str, embedder: Path, community: Path, conversation: Audio
) -> None:
    short = Audio(conversation.samples[: 3 * 16000], "short.wav", "sha256:0")
    settings = DiarizationSettings(pipeline="bundled", embedder=str(embedder), speakers=40)
    if kind == "community":
        settings = DiarizationSettings(pipeline=str(community), speakers=40)
    found = load_diarizer(settings, CPU).diarize(short)
    assert 0 < len(found.speakers) < 40
    count = len(found.speakers)
    assert texts_of(found.notices)[-1] == (
        f"40 speakers were requested, but {count} {'was' if count == 1 else 'were'} found"
    )
