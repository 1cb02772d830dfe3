"""The README of the room: its code runs, and its tables are complete."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from meetscribe import corpus
from meetscribe.corpus import Entry, Event, Manifest, transcription
from tests.support.fake_workers import DeliveringFactory

README = (Path(corpus.__file__).parent / "README.md").read_text(encoding="utf-8")


def names_in_table(header: str) -> list[str]:
    """Return the names in the first column of the table with this header."""
    rows = README[README.index(f"| {header} |") :].split("\n\n")[0].splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_the_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python block processes a folder, here with a worker that needs no model."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in block.splitlines() if line.strip()]) <= 10
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(transcription, "TranscriptionFactory", DeliveringFactory)
    (tmp_path / "recordings").mkdir()
    for name in ("a.wav", "bad.wav"):
        (tmp_path / "recordings" / name).write_bytes(b"x")
    exec(block, {})
    assert capsys.readouterr().out.splitlines()[-1] == "1 done, 1 failed"
    assert (tmp_path / "out" / "a.srt").exists()
    assert len(Manifest(tmp_path / "out" / "meetscribe.manifest.jsonl").inputs) == 2


def test_all_fields_of_the_manifest_are_listed() -> None:
    on_disk = ["made_for" if field.name == "settings_digest" else field.name for field in fields(Entry)]
    assert sorted(names_in_table("field")) == sorted(on_disk)


def test_all_events_are_listed() -> None:
    kinds = Event.__annotations__["kind"]
    assert sorted(names_in_table("event")) == sorted(re.findall(r"\w+", kinds.removeprefix("Literal")))
