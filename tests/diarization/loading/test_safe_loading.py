"""A published pipeline runs no code of its own; its parts come from the hub's cache, offline without the network."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
import torch
import yaml  # type: ignore[import-untyped]

from meetscribe.diarization import DiarizationSettings, load_diarizer
from meetscribe.errors import WeightsError
from meetscribe.runtime.devices import Device
from tests.benchmarks.synthetic_weights import pipeline_directory
from tests.diarization.conftest import DIMENSION
from tests.support.hub import COMMIT

CPU = Device("cpu")


@pytest.fixture
def snapshot(tmp_path: Path, embedder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the pipeline acme/pipeline in an otherwise empty hub cache, of a machine without a network."""

    def refuse(self: socket.socket, address: object) -> None:
        pytest.fail(f"connects to {address}")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    model = tmp_path / "hub" / "models--acme--pipeline"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    source = pipeline_directory(tmp_path / "made", embedder, DIMENSION)
    shutil.copytree(source, model / "snapshots" / COMMIT)
    return model / "snapshots" / COMMIT


@pytest.mark.parametrize("allow_code", [False, True])
def test_a_cached_pipeline_is_loaded_offline(snapshot: Path, allow_code: bool) -> None:
    """Configuration, models and PLDA are found by the id, with and without the check for code."""
    settings = DiarizationSettings(pipeline="acme/pipeline", allow_code=allow_code)
    by_id = load_diarizer(settings, CPU, offline=True)
    by_path = load_diarizer(DiarizationSettings(pipeline=str(snapshot)), CPU)
    assert by_id.loaded.embedder_id == by_path.loaded.embedder_id


def test_default_parts_are_fetched_like_named_ones(snapshot: Path) -> None:
    """A configuration without a PLDA uses that of community-1, which is not in this cache."""
    file = snapshot / "config.yaml"
    configuration = yaml.safe_load(file.read_text(encoding="utf-8"))
    del configuration["pipeline"]["params"]["plda"]
    file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    with pytest.raises(WeightsError, match="pyannote/speaker-diarization-community-1"):
        load_diarizer(DiarizationSettings(pipeline="acme/pipeline"), CPU, offline=True)


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
