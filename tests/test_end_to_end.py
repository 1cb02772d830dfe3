"""The whole pipeline, offline, with the real engines and the weights of the samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from meetscribe import evaluation, pipeline
from meetscribe.errors import NoSpeechError
from meetscribe.settings import Settings, load_settings
from meetscribe.transcript import Transcript
from tests.benchmarks.accuracy import METRICS, truth_of

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(SAMPLES / "offline.toml", {})


def test_the_command_of_the_readme_writes_six_files(standup_run: Path) -> None:
    """The command prints the transcript on stdout and its stages on stderr, and writes each default format."""
    transcript = Transcript.load(standup_run / "standup.json")

    assert {path.name for path in standup_run.glob("standup.*")} == {
        f"standup.{suffix}" for suffix in ("json", "txt", "srt", "vtt", "csv", "rttm")
    }
    assert (standup_run / "stdout").read_text().strip() == str(transcript)
    for stage in ("audio", "speech", "transcription", "alignment", "diarization", "attribution"):
        assert stage in (standup_run / "stderr").read_text()


def test_the_standup_is_recognised(standup_run: Path) -> None:
    """Words, speakers and times of the stand-up meeting meet the targets of the samples."""
    truth, transcript = truth_of(SAMPLES / "standup.flac"), Transcript.load(standup_run / "standup.json")
    scores = evaluation.score(reference=truth, hypothesis=transcript, settings=METRICS)

    for metric, target in {"wer": 0.08, "cpwer": 0.12, "der": 0.08}.items():
        found = scores[metric]
        assert not isinstance(found, evaluation.UnknownScore) and found.rate is not None and found.rate <= target
    boundaries = scores["boundaries"]
    assert isinstance(boundaries, evaluation.WordBoundaryError)
    assert boundaries.boundaries.median is not None and boundaries.boundaries.median <= 0.040


def test_the_native_json_has_its_provenance(standup_run: Path) -> None:
    """Provenance names every stage, and no path of this machine."""
    text = (standup_run / "standup.json").read_text()
    made_by = json.loads(text)["made_by"]

    assert {"asr", "alignment", "diarization"} <= made_by.keys()
    assert str(SAMPLES) not in text


@pytest.mark.parametrize("kind", ["silence", "noise", "tones"])
def test_sounds_without_speech_have_no_words(kind: str, settings: Settings, tmp_path: Path) -> None:
    """A minute of silence, room noise or tones has no words."""
    frames = 60 * 16_000
    clock = np.arange(frames) / 16_000
    audio = {
        "silence": np.zeros(frames),
        "noise": np.random.default_rng(0).normal(0, 0.01, frames),
        "tones": 0.1 * np.sin(2 * np.pi * 440 * clock) * (np.sin(2 * np.pi * 0.5 * clock) > 0),
    }[kind]
    soundfile.write(tmp_path / "quiet.wav", audio, 16_000)

    with pytest.raises(NoSpeechError):
        pipeline.run(tmp_path / "quiet.wav", settings)
