"""The README of the transcript room states what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

import meetscribe.transcript
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Edit
from meetscribe.transcript.frame.columns import SCHEMA

README = (Path(meetscribe.transcript.__file__).parent / "README.md").read_text(encoding="utf-8")


def table(head: str) -> dict[str, str]:
    """Return the rows of the table whose header starts with `head`: first cell to second."""
    lines = README[README.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return dict([cell.strip() for cell in line.strip("|").split("|")] for line in lines)  # type: ignore[misc]


def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The examples run and print the edited speakers and words."""
    for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "('Anna', " in printed
    assert "('This', 'interpolated', 'edit-" in printed


def test_the_edits_are_those_of_native_json() -> None:
    """Every kind of edit is in the table."""
    lines = README[README.index("| edit |") :].split("\n\n")[0].splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == [kind.kind for kind in get_args(Edit)]


def test_the_columns_are_those_of_the_schema() -> None:
    """Each level has the columns of its schema, in order."""
    rows = {level.strip("`"): re.findall(r"`(\w+)`", columns) for level, columns in table("level").items()}
    assert rows == {level: list(columns) for level, columns in SCHEMA.items()}


def test_the_members_are_those_of_native_json() -> None:
    """Every member of a native JSON file is in the table, in order."""
    named = [name for cell in table("member") for name in re.findall(r"`(\w+)`", cell)]
    transcript = synthetic_meeting().transcript.rename({"SPEAKER_00": "Anna"})
    members = list(json.loads(transcript.to_json()))
    assert named == sorted(members, key=named.index)
    assert set(named) == set(members)
