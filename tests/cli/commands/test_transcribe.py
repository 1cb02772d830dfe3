"""`meetscribe transcribe`, and `--dry-run`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe import pipeline
from meetscribe.cli.commands import transcribe
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting
from meetscribe.weights.sources import hub

Call = Callable[..., Result]

TRANSCRIPT = synthetic_meeting(seed=2).transcript
SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def asked(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which a fake pipeline is called."""
    (place / "talk.mp4").write_bytes(b"anything")
    asked: list[Settings] = []

    def run(recording: str, settings: Settings, **options: object) -> object:
        asked.append(settings)
        return TRANSCRIPT

    monkeypatch.setattr(pipeline, "run", run)
    return asked


def test_diarization_is_skipped(asked: list[Settings], call: Call, place: Path) -> None:
    """`transcribe` runs without diarization and writes no RTTM."""
    done = call("transcribe", "talk.mp4", "--language", "fr")
    assert done.exit_code == 0, done.output
    assert [settings.diarization.enabled for settings in asked] == [False]
    assert asked[0].asr.language == "fr"
    written = {path.suffix for path in place.iterdir()}
    assert written == {".mp4", ".json", ".txt", ".srt", ".vtt", ".csv"}


def test_there_are_no_speaker_options() -> None:
    """Options for speakers are not available."""
    names = {name for parameter in transcribe.command.params for name in parameter.opts}
    assert "--language" in names
    assert not {name for name in names if "speaker" in name or "diarize" in name}


@pytest.mark.parametrize("command", ["run", "transcribe"])
def test_a_dry_run_writes_nothing(command: str, asked: list[Settings], call: Call, place: Path) -> None:
    """`--dry-run` prints the device, the models, the plan with its reasons and the files, and writes nothing."""
    done = call(command, "talk.mp4", "--dry-run", "--config", str(SAMPLES / "offline.toml"), "--workers", "3")
    assert done.exit_code == 0, done.output
    rows: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        name = line[:14].strip() or next(reversed(rows))
        rows.setdefault(name, []).append(line[15:])
    assert rows["recording"] == ["talk.mp4"]
    assert rows["asr"][0].endswith("weights/asr, on this machine")
    assert rows["plan"][0] == "3 batches in parallel: set by asr.workers"
    assert len(rows["plan"]) == 3
    assert rows["would write"][0] == "talk.json"
    assert ("embedder" in rows) == (command == "run")
    assert asked == []
    assert [path.name for path in place.iterdir()] == ["talk.mp4"]


def test_a_dry_run_with_microphones(asked: list[Settings], call: Call, place: Path) -> None:
    """With --per-speaker every file is listed and must exist, and no diarization is planned."""
    (place / "ben.wav").write_bytes(b"anything")
    command = ("run", "talk.mp4", "ben.wav", "--per-speaker", "--dry-run", "--config", str(SAMPLES / "offline.toml"))
    done = call(*command)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:2] == [f"{'recording':<14} talk.mp4", f"{'':<14} ben.wav"]
    assert "embedder" not in done.stdout
    assert f"{'would write':<14} talk.json" in done.stdout
    assert "embedder" in call(*command, "--speakers-each", "1,auto").stdout
    (place / "ben.wav").unlink()
    assert call(*command).exit_code == 3
    assert asked == []


@pytest.mark.parametrize("flags", [(), ("--offline",)])
def test_a_dry_run_lists_downloads(
    asked: list[Settings], call: Call, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    """A missing model is listed, and nothing is downloaded; no download is promised if the network is not used."""
    monkeypatch.setattr(hub, "is_offline", lambda: False)
    arguments = ("run", "talk.mp4", "--dry-run", "--model", "small", "--language", "en", *flags)
    done = call(*arguments)
    assert done.exit_code == 0, done.output
    assert ("small, to be downloaded (about" in done.stdout) == (not flags)
    monkeypatch.setattr(hub, "is_offline", lambda: True)
    text = "small, missing: it is not on this machine, and the network is disabled; the run would end with exit"
    assert text in call(*arguments).stdout
