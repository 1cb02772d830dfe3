"""`meetscribe library items`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands.library.test_changing import library
from tests.support.meetings import meeting


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two meetings in the library: one with a task and a decision, one that reports the task."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    first = [("Anna", "I'll send the budget draft to the board."), ("Ben", "We decided to close the branch in May.")]
    second = [("Anna", "I've sent the budget draft."), ("Ben", "Thanks.")]
    for number, lines in enumerate((first, second)):
        file = tmp_path / f"week{number + 1}.json"
        meeting(lines, title=f"Week {number + 1}", recorded_at=f"2026-09-{7 * number + 7:02d}").save(file)
        library("add", file)
    return tmp_path


def test_items_are_listed_with_their_evidence() -> None:
    """The minutes are made on request, and are there for the next call."""
    empty = library("items")
    assert empty.stdout == ""
    assert "--make" in empty.stderr
    assert library("items", "-q").stderr == ""
    lines = library("items", "--make", "--owner", "Anna").stdout.splitlines()
    assert lines[0] == "done: send the budget draft to the board  (action; Anna)"
    assert lines[2].endswith("Week 2  2026-09-14  0:00:00.0  Anna: I've sent the budget draft.")
    assert library("items", "--owner", "Anna").stdout.splitlines() == lines


def test_items_are_limited_by_status_and_fields() -> None:
    """Several statuses are added up."""
    library("items", "--make")
    assert "branch" in library("items", "--open").stdout
    assert "budget" not in library("items", "--open").stdout
    assert len(json.loads(library("items", "--open", "--done", "--json").stdout)) == 2
    assert json.loads(library("items", "after:2026-09-10", "--json").stdout) == []
    assert json.loads(library("items", "--stale", "--contradicted", "--json").stdout) == []
