"""`meetscribe diarize` with real models and the beginning of the stand-up: turns in RTTM and in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe import formats
from meetscribe.cli.application import application
from meetscribe.evaluation import der
from meetscribe.formats.rttm import read_rttm
from tests.support.processes import clip

Call = Callable[..., Result]

SAMPLES = Path(__file__).parents[3] / "samples"
CONFIG = ("--config", str(SAMPLES / "offline.toml"))
SECONDS = 30
TRUTH = [turn for turn in read_rttm((SAMPLES / "standup.rttm").read_bytes()) if turn.end < SECONDS]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first turns of the three speakers of the stand-up."""
    return str(clip(tmp_path_factory.mktemp("recording") / "standup.wav", 0, TRUTH[-1].end))


@pytest.fixture(scope="module")
def turns(recording: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The JSON output for at most two speakers."""
    file = tmp_path_factory.mktemp("turns") / "turns.json"
    done = CliRunner().invoke(application, ["diarize", recording, "-o", str(file), "--max-speakers", "2", *CONFIG])
    assert done.exit_code == 0, done.output
    return file


def test_turns_go_to_stdout_as_rttm(recording: str) -> None:
    done = CliRunner().invoke(application, ["diarize", recording, "-q", *CONFIG])
    assert (done.exit_code, done.stderr) == (0, "")
    assert len({turn.speaker for turn in TRUTH}) == 3
    rate = der(TRUTH, read_rttm(done.stdout)).rate
    assert rate is not None and rate < 0.1


def test_the_format_follows_the_suffix(turns: Path) -> None:
    found = json.loads(turns.read_text(encoding="utf-8"))
    assert {turn["speaker"] for turn in found["turns"]} == {"SPEAKER_00", "SPEAKER_01"}
    assert found["exclusive"] and found["segments"] == []
    assert found["made_by"]["diarization"]["pipeline"] == "bundled"
    assert found["made_by"]["settings"]["diarization"]["max_speakers"] == 2
    assert formats.load(turns).turns


def test_an_existing_file_is_kept_without_overwrite(recording: str, turns: Path) -> None:
    before = turns.read_bytes()
    done = CliRunner().invoke(application, ["diarize", recording, "-o", str(turns), *CONFIG])
    assert done.exit_code == 3 and "--overwrite" in done.stderr and turns.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["no-such.wav"], 3, "no such file"),
        (["RECORDING", "-f", "rtm"], 2, "rttm"),
        (["no-such.wav", "-f", "rttm,json"], 2, "unknown format 'rttm,json'"),
        (["no-such.wav", "-f", "whisperx"], 2, "the format whisperx holds no speaker turns"),
        (["no-such.wav", "-o", "turns.srt"], 2, "the format srt holds no speaker turns"),
        (["no-such.wav", "-o", "turns.xyz"], 2, "turns.xyz: no format has the suffix '.xyz'"),
        (["RECORDING", "--speakers", "0"], 2, "at least 1"),
        (["RECORDING", "--set", "diarization.embedder=no_such:voices"], 2, "no_such"),
    ],
)
def test_invalid_arguments_are_errors(recording: str, arguments: list[str], code: int, message: str) -> None:
    arguments = [recording if each == "RECORDING" else each for each in arguments]
    done = CliRunner().invoke(application, ["diarize", *arguments, *CONFIG])
    assert done.exit_code == code and message in done.stderr
