"""`meetscribe train data`: the folder, the tables, JSON, a dry run, and errors with a remedy."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from tests.support.processes import running_command

SAMPLES = Path(__file__).parents[4] / "samples"
STANDUP = SAMPLES / "standup.words.jsonl"
PLANNING = SAMPLES / "planning.words.jsonl"


def train_data(*arguments: object, code: int = 0) -> Result:
    """Run the command and check its exit code."""
    given = ["train", "data", *map(str, arguments)]
    result = CliRunner().invoke(application, given, prog_name="meetscribe")
    assert result.exit_code == code, result.output
    return result


def test_a_data_set_is_written(tmp_path: Path) -> None:
    """Clips, manifest and summary are readable by their owner only; the tables count them."""
    out = tmp_path / "set"
    result = train_data(out, PLANNING, "--language", "en", "--test", "0", "--dev", "0")
    clips = list((out / "clips").iterdir())
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(clips) == len(lines) > 3
    assert result.stdout.splitlines()[1].split()[:2] == ["train", str(len(clips))]
    assert "several people speak at once" in result.stdout
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.rglob("*") if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (out, out / "clips")} == {0o700}


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It prints what would be written, as JSON if asked for."""
    out = tmp_path / "set"
    result = train_data(out, STANDUP, PLANNING, "--language", "en", "--dry-run", "--json", "--split-by", "recording")
    values = json.loads(result.stdout)
    assert values["schema"] == "meetscribe-training-data/1"
    assert values["splits"]["train"]["examples"] > 0 < values["splits"]["test"]["examples"]
    assert "nothing in dev" in result.stderr
    assert not out.exists()


def test_errors_have_a_remedy(tmp_path: Path) -> None:
    assert "--language en" in train_data(tmp_path / "set", STANDUP, code=3).stderr
    assert "Choose a new folder" in train_data(SAMPLES, STANDUP, "--language", "en", code=3).stderr
    assert "at most 30" in train_data(tmp_path / "set", STANDUP, "--max-seconds", "40", code=2).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way on Windows")
def test_ctrl_c_keeps_the_clips(tmp_path: Path) -> None:
    """The command ends with 130 and says how to continue; the same command then finishes."""
    out, clips = tmp_path / "set", tmp_path / "set" / "clips"
    chosen = ("--language", "en", "--dev", "0", "--test", "0")
    command = ("train", "data", str(out), str(STANDUP), *chosen, "--augment", "speed,codec", "--copies", "20")
    with running_command(tmp_path, *command, options=("--progress", "json")) as run:
        run.until("stage", stage="clips")
        run.interrupt()
        assert run.end() == 130
    assert run.messages[-1] == "interrupted: run the same command again to continue from here"
    assert not (out / "manifest.jsonl").exists()
    kept = {path: path.stat().st_mtime_ns for path in clips.glob("*.wav")}
    train_data(out, STANDUP, *chosen)  # without the copies, which take long
    finished = {path: path.stat().st_mtime_ns for path in clips.iterdir()}
    assert len(finished) == 4
    assert kept.items() & finished.items()
    assert not any(finished[path] != time for path, time in kept.items() if path in finished)


def test_the_help_teaches() -> None:
    """It explains the folder, what is left out, and the splits; that of the group asks for consent."""
    text = train_data("--help").stdout
    assert all(part in text for part in ("manifest.jsonl", "meetscribe align", "--test-from", "--split-by recording"))
    group = CliRunner().invoke(application, ["train", "--help"], prog_name="meetscribe").stdout
    assert "consent" in group
