"""Pipelines in a directory and on the hub; their weights are random."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime.devices import Device
from meetscribe.segmentation import bundled_checkpoint
from tests.diarization.conftest import check_diarization

CPU = Device("cpu")


def test_a_pipeline_in_a_directory_has_its_tuned_parameters(community: Path, conversation: Audio) -> None:
    diarizer = load_diarizer(DiarizationSettings(pipeline=str(community), step=0.2), CPU)
    found = diarizer.diarize(conversation)
    check_diarization(found, conversation)
    assert found.notices == ()
    with pytest.raises(SettingsError, match="min_cluster_size"):
        Diarizer(diarizer.loaded, DiarizationSettings(min_cluster_size=3))


def test_a_published_pipeline_has_its_own_embedder(community: Path) -> None:
    with pytest.raises(SettingsError, match="has its own"):
        load_diarizer(DiarizationSettings(pipeline=str(community), embedder="other/one"), CPU)


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
