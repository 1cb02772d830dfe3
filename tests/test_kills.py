"""Killed at any step, a run goes on where it ended: the short form of `python -m tests.benchmarks.kills`."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from meetscribe.settings import RunSettings, Settings
from tests.pipeline.test_pipeline import Office, office

__all__ = ["office"]

KEPT = Settings(run=RunSettings(device="cpu"))


def killed_at(office: Office, at: int) -> bool:
    """Whether a process that runs the meeting was killed at its step number `at`, and not done before."""
    child = os.fork()
    if child == 0:
        told = 0

        def progress(stage: str, done: float) -> None:
            nonlocal told
            if told == at:
                os.kill(os.getpid(), signal.SIGKILL)
            told += 1

        from meetscribe import pipeline

        try:
            pipeline.run(office.recording, KEPT, progress=progress)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("least", [12, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_run_that_is_killed_goes_on(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    """Processes killed at every step and at random ones, several on one cache: the transcript is the same."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "none"))
    undisturbed = office.run(run=RunSettings(device="cpu")).to_json()
    steps = len(office.told)
    draw, kills, trial = random.Random(0), 0, 0
    while kills < least:
        monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / f"cache-{trial}"))
        places = [(trial * 5) % steps, draw.randrange(steps), draw.randrange(steps)]
        kills += sum(killed_at(office, at) for at in places)
        assert office.run(run=RunSettings(device="cpu")).to_json() == undisturbed
        trial += 1
