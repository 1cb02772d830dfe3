"""What is fetched is whole, is what is needed, and is fetched once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meetscribe.errors import OutputError, WeightsError
from meetscribe.weights import aligner_need, fetch, locate, pipeline_needs, whisper_need

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


def test_the_files_that_are_needed_are_fetched_once(hub: Hub) -> None:
    """Of a model only the files that are read come, and nothing is asked when they are here."""
    hub.models["me/whisper"] = MODEL
    told: list[float] = []
    path = fetch(whisper_need("me/whisper"), progress=told.append)
    assert {file.name for file in path.iterdir()} == {
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    }
    assert (path / "model.bin").read_bytes() == MODEL["model.bin"]
    assert told == sorted(told) and told[-1] == 1.0
    assert locate(whisper_need("me/whisper")) == path
    hub.requests.clear()
    assert fetch(whisper_need("me/whisper")) == path
    assert hub.requests == []


def test_what_is_not_whole_is_completed(hub: Hub) -> None:
    """A model of which a file is missing in the cache is not taken for one that is there."""
    hub.models["me/whisper"] = MODEL
    path = fetch(whisper_need("me/whisper"))
    (path / "model.bin").unlink()
    assert locate(whisper_need("me/whisper")) is None
    assert fetch(whisper_need("me/whisper")) == path
    assert (path / "model.bin").is_file()


def test_files_in_folders_are_fetched(hub: Hub) -> None:
    """A pipeline's models lie in folders of its own; a token opens what is gated."""
    (need,) = pipeline_needs("community-1")
    hub.models[need.model] = dict.fromkeys(need.files, b"x")
    hub.gated.add(need.model)
    with pytest.raises(WeightsError, match="HF_TOKEN"):
        fetch(need)
    path = fetch(need, "good")
    assert (path / "segmentation" / "pytorch_model.bin").is_file()
    assert locate(need) == path


def test_what_the_hub_does_not_have_is_not_half_fetched(hub: Hub) -> None:
    """A model without what is needed is refused before anything is loaded."""
    hub.models["me/whisper"] = {"config.json": b"{}"}
    with pytest.raises(WeightsError, match=r"no model\.bin or"):
        fetch(whisper_need("me/whisper"))
    with pytest.raises(WeightsError, match="no such model"):
        fetch(whisper_need("me/none"))
    assert not any("/resolve/" in request for request in hub.requests)


def test_a_bundle_is_fetched_to_where_torch_looks(hub: Hub) -> None:
    """A bundle of torchaudio lies where torchaudio looks for it."""
    torch = pytest.importorskip("torch")
    need = aligner_need("WAV2VEC2_ASR_BASE_960H")
    with pytest.raises(WeightsError, match="no such model"):
        fetch(need)
    hub.files[f"torchaudio/{need.files[0]}"] = b"weights"
    path = fetch(need)
    assert path.read_bytes() == b"weights"
    assert path == Path(torch.hub.get_dir()) / "checkpoints" / need.files[0]


def test_no_room_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full is not a matter of the network."""
    hub.models["me/whisper"] = MODEL

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", full)
    with pytest.raises(OutputError, match="HF_HOME"):
        fetch(whisper_need("me/whisper"))
