"""Before a run starts, one error names all missing models and every way to get them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meetscribe.errors import WeightsError
from meetscribe.weights import LocatedModel, aligner_spec, check, embedder_spec, fetch, pipeline_specs, whisper_spec

if TYPE_CHECKING:
    from tests.support.hub import Hub

WHISPER = {"config.json": b"{}", "model.bin": b"weights", "tokenizer.json": b"{}"}


def error_of(*specs: object, **options: object) -> str:
    """Return the error for models that are not available."""
    with pytest.raises(WeightsError) as raised:
        check(specs, **options)  # type: ignore[arg-type]
    assert raised.value.exit_code == 4
    return str(raised.value)


def test_a_model_on_the_hub_is_available_and_not_fetched(hub: Hub) -> None:
    """A model on the hub takes one request, and no download."""
    hub.models["me/whisper"] = WHISPER
    spec = whisper_spec("me/whisper")
    assert check([spec, spec]) == (LocatedModel(spec, None),)
    assert hub.requests == ["HEAD /me/whisper/resolve/main/config.json"]


def test_a_cached_model_is_found_without_a_network(hub: Hub) -> None:
    """A cached model causes no request."""
    hub.models["me/whisper"] = WHISPER
    path = fetch(whisper_spec("me/whisper"))
    hub.requests.clear()
    (found,) = check([whisper_spec("me/whisper")], offline=True)
    assert found.path == path and found.value == str(path)
    assert hub.requests == []


def test_a_directory_is_found(hub: Hub, tmp_path: Path) -> None:
    """A model may be a directory, if it is complete."""
    for name, data in WHISPER.items():
        (tmp_path / name).write_bytes(data)
    (found,) = check([whisper_spec(str(tmp_path))])
    assert found.path == tmp_path
    (tmp_path / "model.bin").unlink()
    assert "it has no model.bin or model.safetensors" in error_of(whisper_spec(str(tmp_path)))
    assert hub.requests == []


def test_a_checkpoint_is_found(hub: Hub, tmp_path: Path) -> None:
    """An embedder may be a file; the stage receives its path."""
    path = tmp_path / "voices.bin"
    path.write_bytes(b"weights")
    (found,) = check([embedder_spec(str(path))])
    assert found.path == path and found.value == str(path)


def test_a_directory_of_an_embedder_is_found(hub: Hub, tmp_path: Path) -> None:
    """It is a model of pyannote.audio, or CAM++ as written by `weights pull --to`."""
    message = error_of(embedder_spec(str(tmp_path)))
    assert "it has no pytorch_model.bin or campplus_cn_en_common.pt" in message
    (tmp_path / "campplus_cn_en_common.pt").write_bytes(b"weights")
    (found,) = check([embedder_spec(str(tmp_path))])
    assert found.path == tmp_path and hub.requests == []


def test_a_gated_model_names_its_page_and_the_token(hub: Hub) -> None:
    """The error names the page with the conditions, the token, and the alternative."""
    hub.models["pyannote/speaker-diarization-community-1"] = {"config.yaml": b""}
    hub.gated.add("pyannote/speaker-diarization-community-1")
    message = error_of(*pipeline_specs("community-1"))
    for hint in (
        "https://huggingface.co/pyannote/speaker-diarization-community-1",
        "HF_TOKEN",
        "hf auth login",
        "meetscribe weights pull pyannote/speaker-diarization-community-1 --to weights",
        "diarization.pipeline=bundled",
    ):
        assert hint in message
    (found,) = check(pipeline_specs("community-1"), token="good")
    assert found.path is None


def test_an_invalid_token_is_reported(hub: Hub) -> None:
    """The error is about the token, not about the model."""
    hub.models["me/whisper"] = WHISPER
    assert "the token was refused" in error_of(whisper_spec("me/whisper"), token="bad")


def test_offline_all_missing_models_are_listed(hub: Hub) -> None:
    """Without a network, the error lists all missing models and how to transfer them."""
    message = error_of(
        whisper_spec("small"),
        aligner_spec("WAV2VEC2_ASR_BASE_960H", "torchaudio", "MIT"),
        *pipeline_specs("community-1"),
        offline=True,
    )
    assert message.startswith("3 models are missing\n")
    for hint in (
        "asr.model = Systran/faster-whisper-small (about 486 MB, MIT)",
        "pull Systran/faster-whisper-small WAV2VEC2_ASR_BASE_960H pyannote/speaker-diarization-community-1 --to",
        "meetscribe run RECORDING --weights weights",
        "Accept the conditions at https://huggingface.co/pyannote/speaker-diarization-community-1",
        "HF_TOKEN",
        "Or run without the aligner, with word times of the recogniser: meetscribe run RECORDING --no-align",
        "Or run without speaker labels: meetscribe run RECORDING --no-diarize",
    ):
        assert hint in message
    assert "Or run without" not in error_of(whisper_spec("small"), offline=True)
    assert hub.requests == []


def test_the_environment_can_forbid_the_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """HF_HUB_OFFLINE is honoured."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "the network is disabled" in error_of(whisper_spec("small"))
    assert hub.requests == []


def test_an_unreachable_hub_is_asked_once(no_hub: None) -> None:
    """A hub that does not answer is asked for the first model only."""
    message = error_of(whisper_spec("small"), whisper_spec("tiny"))
    assert message.count("does not answer") == 2
    assert "HTTPS_PROXY" in message


def test_wrong_names_are_reported(hub: Hub) -> None:
    """A model that exists nowhere is not reported as a problem of tokens or the network."""
    hub.models["me/empty"] = {"README.md": b""}
    assert "there is no such model" in error_of(whisper_spec("me/none"))
    assert "did you mean 'small'?" in error_of(whisper_spec("smal"))
    assert "no such file or directory" in error_of(whisper_spec("./none"))
    assert "no such file or directory" in error_of(whisper_spec("not an/id"))
    assert "it has no config.json" in error_of(whisper_spec("me/empty"))
    assert "there is no such model" in error_of(aligner_spec("WAV2VEC2_ASR", "torchaudio"))


def test_bundles_are_found_where_torch_keeps_them(hub: Hub, tmp_path: Path) -> None:
    """A bundle is found in torch's cache or on PyTorch's server; the stage receives the path of its file."""
    spec = aligner_spec("WAV2VEC2_ASR_BASE_960H")
    assert "there is no such model" in error_of(spec)
    hub.files[f"torchaudio/{spec.files[0]}"] = b"weights"
    assert check([spec]) == (LocatedModel(spec, None),)
    place = tmp_path / "torch" / "hub" / "checkpoints" / spec.files[0]
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    (found,) = check([spec], offline=True)
    assert found.path == place and found.value == str(place)


def test_checking_is_light(tmp_path: Path) -> None:
    """Checking imports neither torch nor transformers."""
    code = """
import json, sys
from meetscribe.errors import WeightsError
from meetscribe.weights import aligner_spec, check, whisper_spec
try:
    check([whisper_spec("small"), aligner_spec("WAV2VEC2_ASR_BASE_960H")], offline=True)
except WeightsError:
    print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HF_HOME": str(tmp_path), "TORCH_HOME": str(tmp_path), "PATH": ""},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"torch", "transformers", "numpy", "faster_whisper"}.isdisjoint(json.loads(done.stdout))
