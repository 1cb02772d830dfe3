"""`meetscribe corpus`, and `meetscribe run --corpus`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.corpus import transcription
from meetscribe.testing.executors import InProcessExecutor
from tests.support.corpora import content, save_transcripts, small_corpus
from tests.support.fake_workers import DeliveringFactory


def corpus(*arguments: object, code: int = 0) -> Result:
    """Run the command and check its exit code."""
    result = CliRunner().invoke(application, ["corpus", *map(str, arguments)], prog_name="meetscribe")
    assert result.exit_code == code, result.output
    return result


def test_build_add_and_remove(tmp_path: Path) -> None:
    """Each prints what it did; `add` creates nothing."""
    root, talks = tmp_path / "corpus", save_transcripts(tmp_path / "talks", range(3))
    corpus("add", root, talks, code=3)
    assert corpus("build", root, talks).stdout == "3 added\n"
    save_transcripts(tmp_path / "more", range(2, 5))
    result = corpus("add", root, tmp_path / "more", "--collection", "board", "--json")
    assert json.loads(result.stdout) == {"duplicate": 1, "added": 2}
    assert "duplicate: " in result.stderr
    removed = corpus("remove", root, talks / "2.json").stdout.split()
    assert len(removed) == 2
    assert {row["collection"] for row in content(root)["meetings"]} == {"talks", "board"}


def test_an_unreadable_transcript_is_reported(tmp_path: Path) -> None:
    """The others are added, and the exit code is that of an incomplete result."""
    talks = save_transcripts(tmp_path / "talks", range(1))
    (talks / "broken.json").write_text("{")
    result = corpus("build", tmp_path / "corpus", talks, code=6)
    assert result.stdout == "1 added, 1 failed\n"
    assert "broken.json" in result.stderr


def test_compact_and_verify(tmp_path: Path) -> None:
    """The exit code of verify is 1 if a file is damaged; the damage is printed as text and as JSON."""
    root = small_corpus(tmp_path, 3).root
    assert corpus("compact", root).stdout == "12 files before, 4 after\n"
    assert corpus("verify", root).stdout.startswith("3 meetings, ")
    next((root / "words").rglob("*.parquet")).write_bytes(b"PAR1")
    assert "file-changed  words/collection=talks/part-" in corpus("verify", root, code=1).stdout
    problems = json.loads(corpus("verify", root, "--json", code=1).stdout)["problems"]
    assert {"file-changed", "file-damaged"} <= {problem["code"] for problem in problems}


def test_many_problems_of_one_kind(tmp_path: Path) -> None:
    """The first five are printed, and the number of the others."""
    root = small_corpus(tmp_path, 2).root
    (root / "SHA256SUMS").unlink()
    *lines, _ = corpus("verify", root, code=1).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["file-unlisted"] * 6
    assert lines[-1] == "file-unlisted  and 3 more, which --json lists"
    assert len(json.loads(corpus("verify", root, "--json", code=1).stdout)["problems"]) == 8


def test_statistics(tmp_path: Path) -> None:
    """A table, JSON and CSV have the same groups."""
    root = small_corpus(tmp_path, 3).root
    table = corpus("stats", root).stdout.splitlines()
    assert table[0].startswith("3 done; 0:0")
    assert [line.split()[0] for line in table[2:5]] == ["speaker", "unnamed", "Anna"]
    assert [line.split()[-1] for line in table[2:5]] == ["interrupts", "–", "–"]
    assert table[6].startswith("– means unknown")
    found = json.loads(corpus("stats", root, "--by", "month", "--since", "2026-02-01", "--json").stdout)
    assert (found["by"], found["total"]["meetings"]) == ("month", 2)
    rows = list(csv.DictReader(io.StringIO(corpus("stats", root, "--csv").stdout)))
    assert [row["group"] for row in rows] == ["unnamed", "Anna"]
    assert float(rows[1]["talk_share"]) < 1
    corpus("stats", root, "--csv", "--json", code=2)
    corpus("stats", root, "--since", "spring", code=2)


def test_run_adds_to_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recordings of a batch are meetings when it ends, the failed one too; a format without words is refused."""
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)
    monkeypatch.setattr(transcription, "TranscriptionFactory", DeliveringFactory)
    for name in ("a.wav", "bad.wav"):
        (tmp_path / name).write_bytes(b"x")
    command = ["run", str(tmp_path), "-o", str(tmp_path / "out"), "--corpus", str(tmp_path / "corpus")]
    refused = CliRunner().invoke(application, [*command, "-f", "txt"])
    assert (refused.exit_code, "--corpus requires json" in refused.output) == (2, True)
    assert CliRunner().invoke(application, command).exit_code == 6
    rows = content(tmp_path / "corpus")["meetings"]
    assert sorted((row["status"], row["code"]) for row in rows) == [("done", 0), ("failed", 3)]
