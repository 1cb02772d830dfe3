"""Another number of speakers is found from the stored voiceprints of a recording, without the networks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.audio import Audio
from meetscribe.diarization import DiarizationSettings, Diarizer
from meetscribe.settings import RunSettings, Settings
from meetscribe.timeline import Turn
from tests.diarization.conftest import amplitude_pipeline, spoken
from tests.support.fake_models import FakeModels

TURNS = [Turn(start, start + 2.5, str(1 + start // 3 % 4)) for start in range(0, 57, 3)]


@pytest.fixture
def stages(fakes: FakeModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the fakes diarize a recording of four speakers, and return the folder of cached results."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))

    def audio(*arguments: Any) -> Audio:
        return replace(spoken(TURNS, 60), hash=FakeModels._audio(fakes, *arguments).hash)

    def diarizer(settings: DiarizationSettings, *arguments: object) -> Diarizer:
        fakes.calls.append("diarizer")
        return Diarizer(amplitude_pipeline(), settings)

    fakes.audio, fakes.diarizer = audio, diarizer
    return tmp_path / "cache" / "stages"


def speakers(fakes: FakeModels, cache: bool = True, **counts: Any) -> tuple[int, bool]:
    """Return the number of speakers that a run finds, and whether it loaded the networks."""
    fakes.calls.clear()
    settings = Settings(run=RunSettings(cache=cache), diarization=DiarizationSettings(**counts))
    with fakes.session(settings) as session:
        found = session.diarize(fakes.recording)
    return len({turn.speaker for turn in found.turns}), "diarizer" in fakes.calls


def test_the_networks_run_once(fakes: FakeModels, stages: Path) -> None:
    """Only settings of the networks repeat them; the result is that of a run without a cache."""
    assert speakers(fakes) == (4, True)
    assert speakers(fakes, speakers=3) == (3, False)
    assert speakers(fakes, max_speakers=2) == (2, False)
    assert speakers(fakes, speakers=3, cache=False) == (3, True)
    assert speakers(fakes, segmentation_threshold=0.3) == (4, True)


def test_voiceprints_are_stored_in_the_cache_only(fakes: FakeModels, stages: Path) -> None:
    """The file is readable by its owner only, and none is written without a cache."""
    speakers(fakes, cache=False)
    assert not stages.exists()
    speakers(fakes)
    (file,) = stages.rglob("voiceprints-*")
    assert file.stat().st_mode & 0o077 == 0
    file.unlink()
    assert speakers(fakes, speakers=2) == (2, True)


def test_damaged_voiceprints_are_computed_again(fakes: FakeModels, stages: Path) -> None:
    speakers(fakes)
    (file,) = stages.rglob("voiceprints-*")
    file.write_bytes(file.read_bytes()[:-100])
    assert speakers(fakes, speakers=2) == (2, True)
