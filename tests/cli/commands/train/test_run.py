"""`meetscribe train run`: its help, its plan, its errors and its result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.cli.application import application
from meetscribe.training.comparison import engines
from tests.support.training_data import SAMPLES, sample_examples

WEIGHTS = str(SAMPLES / "weights" / "asr")


@pytest.mark.long
def test_run_prints_the_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON on stdout has scores and conclusion; the finished model is then protected."""
    monkeypatch.setattr(engines, "BUILT_IN", {"faster-whisper": BUILT_IN["faster-whisper"]})
    sample_examples(tmp_path / "data", ["train", "test"], seconds=3.0)
    output = str(tmp_path / "model")
    command = ["train", "run", str(tmp_path / "data"), "--base", WEIGHTS, "-o", output, "--device", "cpu", "--offline"]
    command += ["--full", "--freeze-encoder", "--epochs", "1", "--set", "training.spec_augment=false", "--json"]
    result = CliRunner().invoke(application, command)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["steps"] == 1 and found["facts"]["settings"]["method"] == "full"
    assert found["scores"][0]["wer"]["verdict"] == "too few texts"
    again = CliRunner().invoke(application, command)
    assert again.exit_code == 3 and "holds a finished model" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--base", WEIGHTS, "-o", "out"], 3, "manifest.jsonl"),
        (["--base", WEIGHTS], 2, "-o"),
        (["--base", WEIGHTS, "-o", "out", "--epochs", "0"], 2, "training.epochs"),
        (["--base", WEIGHTS, "-o", "out", "--set", "training.ephocs=2"], 2, "epochs"),
        (["--base", "samples/recipe", "-o", "out", "--offline"], 4, "samples/recipe"),
    ],
)
def test_mistakes_are_explained(arguments: list[str], code: int, message: str, tmp_path: Path) -> None:
    """Each mistake has its exit code and names what is wrong."""
    result = CliRunner().invoke(application, ["train", "run", str(tmp_path), *arguments])
    assert result.exit_code == code, result.stderr
    assert message in result.stderr
