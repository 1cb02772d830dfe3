"""Runs in several threads at once give what they give one after the other, whatever their settings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from meetscribe.diarization.loading.hub import fetch
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError
from meetscribe.runtime.silence import loading
from meetscribe.runtime.threads import torch_threads
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeDiarizer, synthetic_meeting
from tests.support.fake_models import FakeModels
from tests.support.hub import COMMIT, Hub, serving

CASES = {
    "offline, cached": (RunSettings(device="cpu", cache=False, offline=True, threads=1), None),
    "offline, not cached": (RunSettings(device="cpu", cache=False, offline=True, threads=3), "good"),
    "accepted token": (RunSettings(device="cpu", cache=False, threads=3), "good"),
    "refused token": (RunSettings(device="cpu", cache=False, threads=2), "other"),
}
"""Settings of the run and a token; each case has an embedder of its own on the hub."""


class ConcurrentModels(FakeModels):
    """Fakes, but the diarizer needs a file from a hub; runs that take place at once meet in its loading."""

    meeting_point = Barrier(1)

    def _diarizer(self, settings: Any, device: object, offline: bool = False) -> FakeDiarizer:
        with loading():
            print("a third-party package prints")
        self.meeting_point.wait()
        fetch(settings.embedder, "pytorch_model.bin", settings.token, offline=offline)
        return FakeDiarizer(self.meeting)

    def run_case(self, name: str) -> tuple[str, str, int]:
        """Return the transcript or the error of a case, and the number of threads that torch used."""
        run, token = CASES[name]
        settings = Settings(run=run, diarization=DiarizationSettings(embedder=_model(name), token=token))
        used: list[int] = []

        def progress(stage: str, done: float) -> None:
            if stage == "diarization" and not used:
                used.append(torch_threads())
                print(f"{name} begins")
                warnings.warn("the program warns", stacklevel=1)

        with self.session(settings, keep_models=False) as session:
            try:
                result = session.run(self.recording, progress).to_json()
            except IncompleteRunError as error:
                result = str(error)
        return name, result, used[0]


def _model(name: str) -> str:
    return f"acme/{name.replace(', ', '-').replace(' ', '-')}"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """A hub with the embedder of each case; its cache holds that of the first."""
    hub = Hub({_model(name): {"pytorch_model.bin": b"weights"} for name in CASES})
    hub.gated = {_model("accepted token"), _model("refused token")}
    with serving(hub):
        for module in ("constants", "file_download"):
            monkeypatch.setattr(
                f"huggingface_hub.{module}.HUGGINGFACE_CO_URL_TEMPLATE",
                hub.url + "/{repo_id}/resolve/{revision}/{filename}",
                raising=False,
            )
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield hub


@pytest.fixture
def models(tmp_path: Path) -> ConcurrentModels:
    """A meeting, its recording and the models that know it."""
    recording = tmp_path / "meeting.wav"
    recording.write_bytes(b"anything")
    return ConcurrentModels(synthetic_meeting(seed=5), recording)


def _use_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a new hub cache that has the embedder of the first case."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    model = folder / f"models--{_model('offline, cached').replace('/', '--')}"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    (model / "snapshots" / COMMIT).mkdir(parents=True)
    (model / "snapshots" / COMMIT / "pytorch_model.bin").write_bytes(b"weights")


def test_runs_at_once_give_what_they_give_one_after_the_other(
    models: ConcurrentModels,
    hub: Hub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No offline run asks the hub, each run has its token and threads, and stdout and warnings are not affected."""
    _use_cache(tmp_path / "sequential", monkeypatch)
    with pytest.warns(UserWarning, match="the program warns"):
        expected = [models.run_case(name) for name in CASES]
    assert [used for *_, used in expected] == [run.threads for run, _ in CASES.values()]
    assert "could not be fetched" in expected[1][1] and "could not be fetched" in expected[3][1]
    before, stdout = torch_threads(), sys.stdout
    capsys.readouterr()
    hub.requests.clear()
    _use_cache(tmp_path / "at once", monkeypatch)
    models.meeting_point = Barrier(len(CASES), timeout=30)
    with ThreadPoolExecutor(len(CASES)) as pool, pytest.warns(UserWarning, match="the program warns") as warned:
        found = list(pool.map(models.run_case, CASES))
    assert found == expected
    assert not [request for request in hub.requests if "offline" in request]
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(f"{name} begins" for name in CASES)
    assert len(warned) == len(CASES)
    assert (torch_threads(), sys.stdout) == (before, stdout)
