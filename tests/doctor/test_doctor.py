"""`meetscribe doctor`: what works is tried, and what does not is named with the command that mends it."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe import doctor
from meetscribe.cli.application import application
from meetscribe.doctor import Finding, examine
from meetscribe.runtime import packages
from meetscribe.runtime.devices import Device
from meetscribe.settings import load_settings

OFFLINE = Path(__file__).parents[2] / "samples" / "offline.toml"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No models and no token of whoever runs this."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)


def findings(**settings: object) -> dict[str, Finding]:
    """What is found, by its subject, with the samples' weights and no network."""
    found = examine(load_settings(OFFLINE, {"run.offline": True, "run.device": "cpu", **settings}))
    return {finding.subject: finding for finding in found}


def call(*arguments: str) -> Result:
    return CliRunner().invoke(application, ["doctor", "--config", str(OFFLINE), "--offline", *arguments])


def test_a_machine_on_which_all_is_well() -> None:
    """A clip is decoded, both engines compute, and the samples' weights are here."""
    found = findings()
    assert {finding.state for finding in found.values()} == {"fine"}
    assert {"packages", "decoding", "torch on cpu", "CTranslate2 on cpu", "disk", "memory"} <= set(found)
    assert sum(finding.text == "is here" for finding in found.values()) == 3


def test_quiet_says_nothing_then() -> None:
    result = call("--device", "cpu", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_card_that_fails_at_its_first_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, and only computing with it shows that it does not work; a run goes on without it."""

    def failing(trial: Callable[[Device], str]) -> Callable[[Device], str]:
        def listen(device: Device) -> str:
            if device.kind == "cuda":
                raise RuntimeError("CUDA error: no kernel image is available for execution\nmore")
            return trial(device)

        return listen

    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    for name in ("listen_with_torch", "listen_with_ctranslate2"):
        monkeypatch.setattr(doctor, name, failing(getattr(doctor, name)))
    found = findings()
    for engine in ("torch", "CTranslate2"):
        card = found[f"{engine} on cuda:0"]
        assert (card.state, card.text) == ("worse", "CUDA error: no kernel image is available for execution")
        assert "pip install" in card.remedy and "--device cpu" in card.remedy
        assert found[f"{engine} on cpu"].state == "fine"


def test_missing_models_are_named_with_the_way_to_them() -> None:
    """The exit code is that of something that would fail."""
    result = call("--model", "small", "--json")
    assert result.exit_code == 1
    (broken,) = [each for each in json.loads(result.stdout) if each["state"] == "broken"]
    assert "Systran/faster-whisper-small" in broken["text"]
    assert "meetscribe weights pull Systran/faster-whisper-small" in broken["remedy"]


def test_no_token_is_no_failure() -> None:
    """Where the pipeline is left open, the page of the better one is named."""
    found = findings(**{"diarization.pipeline": "auto", "diarization.embedder": "auto"})
    assert found["token"].state == "worse"
    assert "https://huggingface.co/pyannote/speaker-diarization-community-1" in found["token"].remedy


def test_versions_that_do_not_go_together_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a package asks for is compared with what is installed, as its markers say."""
    assert list(packages.conflicts()) == []
    monkeypatch.setattr(
        packages,
        "requires",
        lambda package: ["torch<1", "no-such-package; python_version > '3'", "other; extra == 'x'"],
    )
    monkeypatch.setattr(packages, "PACKAGES", ("whisperx",))
    found = list(packages.conflicts())
    assert [conflict.wanted for conflict in found] == ["torch<1", "no-such-package"]
    assert found[0].text == f"whisperx needs torch<1, but {importlib.metadata.version('torch')} is installed"


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a card on a machine without one is said before a run is."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    found = findings(**{"run.device": "cuda"})
    assert found["device"].state == "broken" and "--device cpu" in found["device"].remedy
