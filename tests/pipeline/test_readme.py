"""The README of the pipeline: its code runs, and its table lists the stages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meetscribe import pipeline
from meetscribe.pipeline import STAGES

ROOT = Path(__file__).parents[2]
README = Path(pipeline.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_the_code_runs(
    standup_run: Path, live_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The Python block works as it stands; the results of an earlier run are cached."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in block.splitlines() if line.strip()]) <= 10
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(live_cache))
    monkeypatch.setenv("MEETSCRIBE_RUN__CACHE", "true")
    exec(block, {})
    printed = capsys.readouterr().out
    assert "transcription: 100%" in printed and "transcription: 0%" not in printed
    assert "attribution: 100%" in printed


def test_the_table_lists_the_stages_in_order() -> None:
    rows = README[README.index("| stage |") :].split("\n\n")[0].splitlines()[2:]
    assert [re.findall(r"`(\w+)`", row)[0] for row in rows] == list(STAGES)
