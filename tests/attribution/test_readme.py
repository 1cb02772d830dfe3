"""The README of attribution: its code runs, and its table lists the sources of a speaker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meetscribe import attribution
from meetscribe.transcript.words import SPEAKER_SOURCES

README = Path(attribution.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_the_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The block works as it stands, and prints a segment for each speaker."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(block, {})
    assert re.findall(r"(\w+): (.*)", capsys.readouterr().out) == [("Anna", "Hi."), ("Ben", "Hello there.")]


def test_the_table_lists_the_sources_of_a_speaker() -> None:
    rows = README[README.index("| `speaker_source` |") :].split("\n\n")[0].splitlines()[2:]
    names = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert names == set(SPEAKER_SOURCES)
