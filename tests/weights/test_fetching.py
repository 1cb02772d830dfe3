"""Models are fetched completely, with the required files only, and once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meetscribe.errors import OutputError, WeightsError
from meetscribe.weights import aligner_spec, fetch, locate, pipeline_specs, whisper_spec

if TYPE_CHECKING:
    from tests.support.hub import Hub

MODEL = {
    "README.md": b"words",
    "config.json": b"{}",
    "model.bin": b"weights" * 100,
    "model.safetensors": b"the same for another engine",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a",
}


def test_required_files_are_fetched_once(hub: Hub) -> None:
    """Only files that are read are fetched, and no request is made if they are here."""
    hub.models["me/whisper"] = MODEL
    reported: list[float] = []
    path = fetch(whisper_spec("me/whisper"), progress=reported.append)
    assert {file.name for file in path.iterdir()} == {
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    }
    assert (path / "model.bin").read_bytes() == MODEL["model.bin"]
    assert reported == sorted(reported) and reported[-1] == 1.0
    assert locate(whisper_spec("me/whisper")) == path
    hub.requests.clear()
    assert fetch(whisper_spec("me/whisper")) == path
    assert hub.requests == []


def test_an_incomplete_model_is_completed(hub: Hub) -> None:
    """A cached model that lacks a file does not count as located."""
    hub.models["me/whisper"] = MODEL
    path = fetch(whisper_spec("me/whisper"))
    (path / "model.bin").unlink()
    assert locate(whisper_spec("me/whisper")) is None
    assert fetch(whisper_spec("me/whisper")) == path
    assert (path / "model.bin").is_file()


def test_files_in_folders_are_fetched(hub: Hub) -> None:
    """The models of a pipeline are in subfolders; a gated pipeline needs a token."""
    (spec,) = pipeline_specs("community-1")
    hub.models[spec.model] = dict.fromkeys(spec.files, b"x")
    hub.gated.add(spec.model)
    with pytest.raises(WeightsError, match="HF_TOKEN"):
        fetch(spec)
    path = fetch(spec, "good")
    assert (path / "segmentation" / "pytorch_model.bin").is_file()
    assert locate(spec) == path


def test_an_incomplete_model_on_the_hub_is_not_fetched(hub: Hub) -> None:
    """A model without required files is an error before anything is downloaded."""
    hub.models["me/whisper"] = {"config.json": b"{}"}
    with pytest.raises(WeightsError, match=r"no model\.bin or"):
        fetch(whisper_spec("me/whisper"))
    with pytest.raises(WeightsError, match="no such model"):
        fetch(whisper_spec("me/none"))
    assert not any("/resolve/" in request for request in hub.requests)


def test_a_bundle_is_fetched_to_where_torch_looks(hub: Hub) -> None:
    """A bundle is stored where torchaudio looks for it."""
    torch = pytest.importorskip("torch")
    spec = aligner_spec("WAV2VEC2_ASR_BASE_960H")
    with pytest.raises(WeightsError, match="no such model"):
        fetch(spec)
    hub.files[f"torchaudio/{spec.files[0]}"] = b"weights"
    path = fetch(spec)
    assert path.read_bytes() == b"weights"
    assert path == Path(torch.hub.get_dir()) / "checkpoints" / spec.files[0]


def test_a_full_disk_is_reported(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is not reported as a problem of the network."""
    hub.models["me/whisper"] = MODEL

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", full)
    with pytest.raises(OutputError, match="HF_HOME"):
        fetch(whisper_spec("me/whisper"))
