"""The README of diarization: its code runs, and its table lists the pipelines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from meetscribe import diarization
from meetscribe.diarization import PIPELINES, Embedder
from meetscribe.evaluation import der
from meetscribe.formats.rttm import read_rttm

ROOT = Path(__file__).parents[2]
README = Path(diarization.__file__).with_name("README.md").read_text(encoding="utf-8")
SECONDS = 40
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_example_finds_the_three_speakers_of_the_standup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first block works as it stands; its diarization error rate is under 10 % in the first 40 s."""
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "weights").symlink_to(ROOT / "samples" / "weights", target_is_directory=True)
    turns = read_rttm((ROOT / "samples" / "standup.rttm").read_bytes(), "standup.rttm")
    reference = [turn for turn in turns if turn.end < SECONDS]
    samples, rate = soundfile.read(ROOT / "samples" / "standup.flac")
    soundfile.write(tmp_path / "samples" / "standup.flac", samples[: round(reference[-1].end * rate)], rate)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(BLOCKS[0], names)
    found = names["diarization"]
    assert len(capsys.readouterr().out.splitlines()) == len(found.turns)
    assert (len(found.speakers), len(found.voiceprints), found.notices) == (3, 3, ())
    rate = der(reference, found.turns).rate
    assert rate is not None and rate < 0.1
    exec(BLOCKS[1], names)
    assert capsys.readouterr().out.splitlines() == ["2 2", "3 3", "4 4"]


def test_the_example_of_an_embedder_is_one() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[2], names)
    embedder = names["Loudness"]("cpu")
    assert isinstance(embedder, Embedder)
    assert embedder.embed([np.zeros(4000, np.float32)]).shape == (1, embedder.dimension)


def test_the_table_lists_the_pipelines() -> None:
    rows = README[README.index("| pipeline |") :].split("\n\n")[0].splitlines()[2:]
    assert {name for row in rows for name in re.findall(r"^\| `(\S+)`", row)} == set(PIPELINES)
