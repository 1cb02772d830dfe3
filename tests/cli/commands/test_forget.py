"""`meetscribe forget`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from tests.support.meetings import meeting


def run(*arguments: object, code: int = 0) -> Result:
    """Run meetscribe and check its exit code."""
    result = CliRunner().invoke(application, [*map(str, arguments)], prog_name="meetscribe")
    assert result.exit_code == code, result.output
    return result


def test_forgetting_lists_what_it_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run removes nothing; the transcript stays; an unknown meeting is an error."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MEETSCRIBE_SERVER__FOLDER", str(tmp_path / "server"))
    file = tmp_path / "week.json"
    meeting([("Anna", "I'll send the budget to the board.")]).save(file)
    run("library", "add", file)
    run("library", "items", "--make")
    dry = run("forget", "week", "--dry-run").stdout
    assert [line.split()[:3] for line in dry.splitlines()] == [
        ["would", "remove", "minutes"],
        ["would", "remove", "library"],
    ]
    found = json.loads(run("forget", "week", "--json").stdout)
    assert [trace["place"] for trace in found["traces"]] == ["minutes", "library"]
    assert file.exists() and not (tmp_path / "week.minutes.json").exists()
    assert f"server folder {tmp_path / 'server'}" in run("forget", file).stderr
    assert f"server folder {tmp_path / 'o'}" in run("forget", file, "--server-folder", tmp_path / "o").stderr
    run("forget", "week", code=3)


def test_no_library_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    file = tmp_path / "week.json"
    meeting([("Anna", "Hello.")]).save(file)
    run("forget", file, "--dry-run")
    assert not list((tmp_path / "data").rglob("*.db*"))
