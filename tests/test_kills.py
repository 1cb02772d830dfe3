"""A killed run continues where it ended: the short form of `python -m tests.benchmarks.kills`."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import synthetic_meeting
from tests.support.fake_models import FakeModels

CACHED = RunSettings(device="cpu")


@pytest.fixture
def fakes(tmp_path: Path) -> FakeModels:
    """A meeting, its recording and the models that know it."""
    recording = tmp_path / "meeting.wav"
    recording.write_bytes(b"anything")
    return FakeModels(synthetic_meeting(seed=5), recording)


def killed_at(fakes: FakeModels, at: int) -> bool:
    """Whether a process was killed at its progress report number `at`, and had not ended before."""
    child = os.fork()
    if child == 0:
        reports = 0

        def progress(stage: str, done: float) -> None:
            nonlocal reports
            if reports == at:
                os.kill(os.getpid(), signal.SIGKILL)
            reports += 1

        try:
            with fakes.session(Settings(run=CACHED), keep_models=False) as session:
                session.run(fakes.recording, progress)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("kills", [12, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_run_continues(fakes: FakeModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int) -> None:
    """Runs are killed at every report and at random ones, several on one cache: the transcript is the same."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "none"))
    undisturbed = fakes.run(run=CACHED).to_json()
    reports = len(fakes.progress)
    random_numbers, killed, trial = random.Random(0), 0, 0
    while killed < kills:
        monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / f"cache-{trial}"))
        places = [(trial * 5) % reports, random_numbers.randrange(reports), random_numbers.randrange(reports)]
        killed += sum(killed_at(fakes, at) for at in places)
        assert fakes.run(run=CACHED).to_json() == undisturbed
        trial += 1
