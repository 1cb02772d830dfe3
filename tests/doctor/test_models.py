"""Models are checked as a run would check them."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from meetscribe.asr.planning import Machine
from meetscribe.doctor import CheckResult
from meetscribe.doctor import models as model_checks
from meetscribe.doctor.models import check_models
from meetscribe.runtime.devices import Device
from meetscribe.settings import load_settings

SAMPLES = Path(__file__).parents[2] / "samples"
Usage = namedtuple("Usage", "total used free")


def results(**settings: object) -> dict[str, CheckResult]:
    """Return the results by subject, with the samples' weights and without network."""
    given = {"run.offline": True, "run.device": "cpu", **settings}
    found = check_models(load_settings(SAMPLES / "offline.toml", given), Device("cpu"))
    return {result.subject: result for result in found}


def test_no_token_is_no_failure() -> None:
    """If the choice of the pipeline is open, the page of the more accurate one is named."""
    found = results(**{"diarization.pipeline": "auto", "diarization.embedder": "auto"})
    assert found["token"].state == "worse"
    assert "https://huggingface.co/pyannote/speaker-diarization-community-1" in found["token"].remedy


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs a smaller model."""
    monkeypatch.setattr(model_checks, "inspect_machine", lambda device: Machine("cpu", 2, 10**9))
    found = results()
    assert (found["memory"].state, found["memory"].remedy) == (
        "broken",
        "meetscribe run RECORDING --model base --compute-type int8",
    )


def test_too_little_disk_space(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models to fetch are compared with the free space."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 10**6))
    found = results(**{"asr.model": "small"})
    assert (found["disk"].state, found["disk"].remedy) == ("broken", "export HF_HOME=/a/folder/on/a/larger/disk")
