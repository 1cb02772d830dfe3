"""A clean environment for tests of the command line."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder, without user settings, MEETSCRIBE_ variables and models."""
    for variable in [name for name in os.environ if name.startswith("MEETSCRIBE_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-config"))
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    for variable in ("HF_HUB_CACHE", "HF_TOKEN", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))  # also where it is not installed
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    hearing = signal.getsignal(signal.SIGINT)
    yield place
    signal.signal(signal.SIGINT, hearing)


@pytest.fixture
def call() -> Callable[..., Result]:
    """Return a function that runs `meetscribe` with arguments in this process."""

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(application, arguments, prog_name="meetscribe")

    return call
