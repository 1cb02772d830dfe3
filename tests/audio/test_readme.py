"""The README of the room agrees with the code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from meetscribe import audio
from meetscribe.audio import AudioSettings

README = (Path(audio.__file__).parent / "README.md").read_text(encoding="utf-8")
SAMPLES = Path(__file__).parents[2] / "samples"


def test_limits_have_their_defaults() -> None:
    rows = re.findall(r"^\| `audio\.(\w+)` \| (\d+) \|", README, re.MULTILINE)
    assert len(rows) == 3
    assert all(getattr(AudioSettings(), name) == float(value) for name, value in rows)


def test_all_notices_are_listed() -> None:
    codes = re.findall(r'Notice\("(audio\.[\w-]+)"', Path(audio.__file__).with_name("loading.py").read_text("utf-8"))
    assert set(re.findall(r"^\| `(audio\.[\w]+-?\w*)` \| [^\d]", README, re.MULTILINE)) == set(codes)


def test_the_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    shutil.copyfile(SAMPLES / "standup.flac", tmp_path / "meeting.flac")
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("meeting.flac ") and first.endswith(" s []")
    assert second.startswith("(24000,) sha256:")
    assert third.startswith("1 ")
