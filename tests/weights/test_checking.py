"""Before a run starts, all that it lacks is said at once, with each way to get it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meetscribe.errors import WeightsError
from meetscribe.weights import Found, aligner_need, check, embedder_need, fetch, pipeline_needs, whisper_need

if TYPE_CHECKING:
    from tests.support.hub import Hub

WHISPER = {"config.json": b"{}", "model.bin": b"weights", "tokenizer.json": b"{}"}


def error_of(*needs: object, **options: object) -> str:
    """What is said about needs that cannot be met."""
    with pytest.raises(WeightsError) as raised:
        check(needs, **options)  # type: ignore[arg-type]
    assert raised.value.exit_code == 4
    return str(raised.value)


def test_what_can_be_fetched_is_not_missing_and_not_fetched(hub: Hub) -> None:
    """A model on the hub is one request, and nothing is loaded."""
    hub.models["me/whisper"] = WHISPER
    need = whisper_need("me/whisper")
    assert check([need, need]) == (Found(need, None),)
    assert hub.requests == ["HEAD /me/whisper/resolve/main/config.json"]


def test_what_is_cached_is_found_without_a_network(hub: Hub) -> None:
    """A model that was fetched once is not asked for again."""
    hub.models["me/whisper"] = WHISPER
    path = fetch(whisper_need("me/whisper"))
    hub.requests.clear()
    (found,) = check([whisper_need("me/whisper")], offline=True)
    assert found.path == path and found.value == str(path)
    assert hub.requests == []


def test_a_directory_is_found(hub: Hub, tmp_path: Path) -> None:
    """A model may be a directory, if it is whole."""
    for name, data in WHISPER.items():
        (tmp_path / name).write_bytes(data)
    (found,) = check([whisper_need(str(tmp_path))])
    assert found.path == tmp_path
    (tmp_path / "model.bin").unlink()
    assert "it has no model.bin or model.safetensors" in error_of(whisper_need(str(tmp_path)))
    assert hub.requests == []


def test_a_checkpoint_is_found(hub: Hub, tmp_path: Path) -> None:
    """An embedder may be a file; the stage is given what was asked for."""
    path = tmp_path / "voices.bin"
    path.write_bytes(b"weights")
    (found,) = check([embedder_need(str(path))])
    assert found.path == path and found.value == str(path)


def test_a_gated_model_names_its_page_and_the_token(hub: Hub) -> None:
    """Whoever has not accepted the conditions is told where to, how to say so, and how to do without."""
    hub.models["pyannote/speaker-diarization-community-1"] = {"config.yaml": b""}
    hub.gated.add("pyannote/speaker-diarization-community-1")
    said = error_of(*pipeline_needs("community-1"))
    for hint in (
        "https://huggingface.co/pyannote/speaker-diarization-community-1",
        "HF_TOKEN",
        "hf auth login",
        "meetscribe weights pull pyannote/speaker-diarization-community-1 --to weights",
        "diarization.pipeline=bundled",
    ):
        assert hint in said
    (found,) = check(pipeline_needs("community-1"), token="good")
    assert found.path is None


def test_a_token_that_is_no_good_is_refused(hub: Hub) -> None:
    """A wrong token is said to be the matter, not the model."""
    hub.models["me/whisper"] = WHISPER
    assert "the token was refused" in error_of(whisper_need("me/whisper"), token="bad")


def test_offline_everything_missing_is_said_at_once(hub: Hub) -> None:
    """Without a network all missing models are listed, with how to bring them here."""
    said = error_of(
        whisper_need("small"),
        aligner_need("WAV2VEC2_ASR_BASE_960H", "torchaudio", "MIT"),
        *pipeline_needs("community-1"),
        offline=True,
    )
    assert said.startswith("3 models are missing\n")
    for hint in (
        "asr.model = Systran/faster-whisper-small (about 486 MB, MIT)",
        "pull Systran/faster-whisper-small WAV2VEC2_ASR_BASE_960H pyannote/speaker-diarization-community-1 --to",
        "meetscribe run RECORDING --weights weights",
        "Accept the conditions at https://huggingface.co/pyannote/speaker-diarization-community-1",
        "HF_TOKEN",
    ):
        assert hint in said
    assert hub.requests == []


def test_the_environment_can_forbid_the_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """HF_HUB_OFFLINE is honoured."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "the network is not to be used" in error_of(whisper_need("small"))
    assert hub.requests == []


def test_a_network_that_is_down_is_waited_for_once(no_hub: None) -> None:
    """A hub that does not answer is asked for the first model only."""
    said = error_of(whisper_need("small"), whisper_need("tiny"))
    assert said.count("does not answer") == 2
    assert "HTTPS_PROXY" in said


def test_wrong_names_are_said(hub: Hub) -> None:
    """A model that does not exist, here or there, is not a matter of tokens or the network."""
    hub.models["me/empty"] = {"README.md": b""}
    assert "there is no such model" in error_of(whisper_need("me/none"))
    assert "did you mean 'small'?" in error_of(whisper_need("smal"))
    assert "no such file or directory" in error_of(whisper_need("./none"))
    assert "no such file or directory" in error_of(whisper_need("not an/id"))
    assert "it has no config.json" in error_of(whisper_need("me/empty"))
    assert "there is no such model" in error_of(aligner_need("WAV2VEC2_ASR", "torchaudio"))


def test_bundles_are_found_where_torch_keeps_them(hub: Hub, tmp_path: Path) -> None:
    """A bundle of torchaudio is found in torch's cache or on its server; the stage is given its file."""
    need = aligner_need("WAV2VEC2_ASR_BASE_960H")
    assert "there is no such model" in error_of(need)
    hub.files[f"torchaudio/{need.files[0]}"] = b"weights"
    assert check([need]) == (Found(need, None),)
    place = tmp_path / "torch" / "hub" / "checkpoints" / need.files[0]
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    (found,) = check([need], offline=True)
    assert found.path == place and found.value == str(place)


def test_checking_is_light(tmp_path: Path) -> None:
    """Neither torch nor transformers is loaded to find out what is missing."""
    code = """
import json, sys
from meetscribe.errors import WeightsError
from meetscribe.weights import aligner_need, check, whisper_need
try:
    check([whisper_need("small"), aligner_need("WAV2VEC2_ASR_BASE_960H")], offline=True)
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
