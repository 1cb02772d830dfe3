"""The pipelines run from end to end on real speech; most have random weights, so that only the labels are random."""

from __future__ import annotations

import logging
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.diarization.bundled import cluster_size
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.evaluation import der
from meetscribe.runtime import silence
from meetscribe.runtime.devices import Device
from meetscribe.segmentation import bundled_checkpoint
from meetscribe.timeline import Diarization, Span, Turn, total
from tests.benchmarks.made_weights import pipeline_directory
from tests.diarization.conftest import DIMENSION
from tests.support.notices import texts_of

CPU = Device("cpu")


def bundled(embedder: Path, **settings: object) -> Diarizer:
    return load_diarizer(
        DiarizationSettings(pipeline="bundled", embedder=str(embedder), **settings),  # type: ignore[arg-type]
        CPU,
    )


@pytest.fixture(scope="module")
def community(embedder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the layout of community-1, with VBx and random weights."""
    return pipeline_directory(tmp_path_factory.mktemp("pipeline"), embedder, DIMENSION)


def check(found: Diarization, audio: Audio) -> None:
    """Check the properties of every diarization of real speech."""
    spoken = total(turn.span for turn in found.turns)
    assert spoken > audio.duration / 2
    assert total(turn.span for turn in found.exclusive) == pytest.approx(spoken, abs=0.5)
    assert all(a.end <= b.start for a, b in pairwise(found.exclusive))
    assert all(Span(0, audio.duration).overlap(turn.span) == turn.duration for turn in found.turns)
    assert list(found.speakers) == [f"SPEAKER_{index:02d}" for index in range(len(found.speakers))]
    assert {turn.speaker for turn in found.exclusive} <= set(found.speakers)
    assert found.voiceprints and found.voiceprints.keys() <= set(found.speakers)
    assert {vector.shape for vector in found.voiceprints.values()} == {(DIMENSION,)}
    assert found.embedder is not None and found.embedder.startswith("XVectorMFCC-")


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
    check(found, conversation)
    assert len(found.speakers) == 2
    assert texts_of(found.notices) == ("the clustering threshold of 0.5 is not tuned for this embedder",)
    assert reported == sorted(reported) and reported[-1] == 1.0 and len(reported) > 3
    assert diarizer.diarize(conversation) == found
    assert (*capfd.readouterr(), caplog.text, list(recwarn)) == ("", "", "", [])


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
    assert texts_of(found.notices)[-1] == f"40 speakers were requested, but {len(found.speakers)} were found"


def test_silence_has_no_speakers(embedder: Path) -> None:
    diarizer = bundled(embedder, clustering_threshold=0.5)
    for seconds in (0.05, 0.3, 7.0):
        silence = Audio(np.zeros(int(seconds * 16000), dtype=np.float32), "silence.wav", "sha256:0")
        assert diarizer.diarize(silence) == Diarization((), ())


def test_a_pipeline_in_a_directory_has_its_tuned_parameters(community: Path, conversation: Audio) -> None:
    diarizer = load_diarizer(DiarizationSettings(pipeline=str(community), step=0.2), CPU)
    found = diarizer.diarize(conversation)
    check(found, conversation)
    assert found.notices == ()
    with pytest.raises(SettingsError, match="min_cluster_size"):
        Diarizer(diarizer.loaded, DiarizationSettings(min_cluster_size=3))


def test_a_published_pipeline_has_its_own_embedder(community: Path) -> None:
    with pytest.raises(SettingsError, match="has its own"):
        load_diarizer(DiarizationSettings(pipeline=str(community), embedder="other/one"), CPU)


def test_the_bundled_pipeline_needs_an_embedder() -> None:
    with pytest.raises(WeightsError, match=r"diarization\.embedder"):
        load_diarizer(DiarizationSettings(pipeline="bundled"), CPU)


@pytest.mark.parametrize("content", [None, "", "pipeline: {}", "pipeline: {name: no.such.Pipeline}", "a: [b"])
def test_the_error_names_a_directory_without_a_pipeline(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(WeightsError, match=tmp_path.name):
        load_diarizer(DiarizationSettings(pipeline=str(tmp_path)), CPU)


def test_a_pipeline_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        f"""
pipeline:
  name: pyannote.audio.pipelines.VoiceActivityDetection
  params: {{segmentation: {bundled_checkpoint()}}}
params: {{onset: 0.5, offset: 0.5, min_duration_on: 0.0, min_duration_off: 0.0}}
""",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="is a VoiceActivityDetection"):
        load_diarizer(DiarizationSettings(pipeline=str(tmp_path)), CPU)


@pytest.mark.parametrize("pipeline", ["community-1", "someone/pipeline"])
def test_the_error_for_a_gated_pipeline_contains_the_remedies(pipeline: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "pyannote/speaker-diarization-community-1" if pipeline == "community-1" else pipeline
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match=rf"(?s)https://huggingface\.co/{page}.*HF_TOKEN.*bundled"):
        load_diarizer(DiarizationSettings(pipeline=pipeline), CPU)
    monkeypatch.setattr("pyannote.audio.Pipeline.from_pretrained", lambda *_, **__: None)
    with pytest.raises(WeightsError, match=page):
        load_diarizer(DiarizationSettings(pipeline=pipeline), CPU)


def test_the_minimum_cluster_size_is_smaller_for_short_recordings() -> None:
    assert [cluster_size(seconds) for seconds in (0, 30, 100, 200, 300, 3600)] == [4, 4, 4, 8, 12, 12]
    assert cluster_size(3600, step=0.2) == 6


class _Canary:
    """A pickle that creates a file when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.trace,)


def test_a_pickle_that_would_run_code_is_not_loaded(community: Path, tmp_path: Path) -> None:
    """A model with more than weights is refused; with `allow_code` its code runs."""
    shutil.copytree(community, tmp_path / "pipeline")
    model = tmp_path / "pipeline" / "segmentation" / "pytorch_model.bin"
    trace = tmp_path / "trace"
    torch.save({"state_dict": {}, "pyannote.audio": {}, "hyper_parameters": _Canary(trace)}, model)
    with pytest.raises(WeightsError, match=r"(?s)more than weights.*diarization\.allow_code=true"):
        load_diarizer(DiarizationSettings(pipeline=str(tmp_path / "pipeline")), CPU)
    assert not trace.exists()
    with pytest.raises(WeightsError):
        load_diarizer(DiarizationSettings(pipeline=str(tmp_path / "pipeline"), allow_code=True), CPU)
    assert trace.exists()


@pytest.mark.parametrize(
    "configuration",
    [
        "pipeline: {name: subprocess.Popen, params: {args: [touch, TRACE]}}",
        "pipeline: {name: pyannote.audio.pipelines.SpeakerDiarization, params: {embedding: speechbrain/spkrec}}",
        "pipeline: {name: pyannote.audio.pipelines.SpeakerDiarization}\npreprocessors: {audio: {name: os.system}}",
    ],
)
def test_a_configuration_with_code_of_other_packages_is_refused(tmp_path: Path, configuration: str) -> None:
    """Only pipelines of pyannote.audio are loaded."""
    trace = tmp_path / "trace"
    (tmp_path / "config.yaml").write_text(configuration.replace("TRACE", str(trace)), encoding="utf-8")
    with pytest.raises(WeightsError, match="code that is not part of pyannote"):
        load_diarizer(DiarizationSettings(pipeline=str(tmp_path)), CPU)
    assert not trace.exists()
