"""`meetscribe forget`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from tests.support.meetings import meeting, recording


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
    assert run("forget", file, "-q").stderr == ""
    assert f"server folder {tmp_path / 'o'}" in run("forget", file, "--server-folder", tmp_path / "o").stderr
    run("forget", "week", code=3)


def test_a_corpus_without_the_meeting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message that nothing is stored names all places that were searched."""
    pytest.importorskip("pyarrow", reason="the package pyarrow is not installed")
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    week, other = tmp_path / "week.json", tmp_path / "other.json"
    meeting([("Anna", "Hello.")], recording=recording("week.wav", "a")).save(week)
    meeting([("Ben", "Hello.")], recording=recording("other.wav", "b")).save(other)
    run("corpus", "build", tmp_path / "corpus", other)
    shown = run("forget", week, "--corpus", tmp_path / "corpus").stderr
    assert f"the corpus {tmp_path / 'corpus'}" in shown and "minutes beside the transcript" in shown


def test_no_library_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    file = tmp_path / "week.json"
    meeting([("Anna", "Hello.")]).save(file)
    run("forget", file, "--dry-run")
    assert not list((tmp_path / "data").rglob("*.db*"))
