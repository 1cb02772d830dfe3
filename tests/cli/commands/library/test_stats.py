"""`meetscribe library stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands.library.test_changing import library
from tests.support.meetings import save_meetings


def test_statistics_are_by_meeting_or_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the tables of `meetscribe stats`."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    library("stats", code=3)
    library("add", *save_meetings(tmp_path))
    values = json.loads(library("stats", "lang:en", "--by", "person", "--json").stdout)
    assert {row["speaker"] for row in values["speakers"]} == {"Anna", "Ben", "Ben Berg", "Carla"}
    assert "Planning" in library("stats").stdout
