"""The manifest file: entries of this and other versions, damage, and identity of recordings."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.corpus import Entry, Event, Manifest
from meetscribe.errors import InputError, Notice, OutputError

REMOVED = "removed"


def entry(recording: Path, digest: str = "settings") -> Entry:
    """Return the entry of a recording that is done, without outputs."""
    return Entry.of(
        Event("end", recording, status="done", seconds=1.23456),
        digest,
        (Notice("audio.gaps", "gaps", {"seconds": 1.5}),),
    )


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return Manifest(tmp_path / "new" / "manifest.jsonl")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    (tmp_path / "a.wav").write_bytes(b"a")
    return tmp_path / "a.wav"


def rewrite(manifest: Manifest, **changes: Any) -> Manifest:
    """Change or remove fields of the only line, and return the manifest as read again."""
    (line,) = filter(None, manifest.file.read_text().splitlines())
    values = {name: value for name, value in (json.loads(line) | changes).items() if value != REMOVED}
    manifest.file.write_text(json.dumps(values))
    return Manifest(manifest.file)


def test_entries_read_back_equal(manifest: Manifest, recording: Path) -> None:
    """The last entry of a recording counts; the folder is created."""
    manifest.add(entry(recording, "before"))
    manifest.add(entry(recording))
    again = Manifest(manifest.file)
    assert again.last(recording) == entry(recording) == Entry.from_json(json.loads(entry(recording).to_json()))
    assert again.inputs == (recording,)
    assert [attempt.settings_digest for attempt in again.attempts()] == ["before", "settings"]
    assert entry(recording).seconds == 1.235


def test_outputs_are_found_after_their_folder_was_moved(tmp_path: Path, recording: Path) -> None:
    """The lines have absolute paths and the folder of the manifest; outputs elsewhere keep their paths."""
    outputs = [tmp_path / "out" / "sub" / "a.json", tmp_path / "elsewhere.srt"]
    for output in outputs:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.touch()
    manifest = Manifest(tmp_path / "out" / "manifest.jsonl")
    manifest.add(replace(entry(recording), outputs=tuple(map(str, outputs))))
    assert json.loads(manifest.file.read_text())["outputs"] == list(map(str, outputs))
    (tmp_path / "out").rename(tmp_path / "moved")
    again = Manifest(tmp_path / "moved" / "manifest.jsonl")
    last = again.last(recording)
    assert last is not None and last == next(again.attempts())
    assert last.outputs == (str(tmp_path / "moved" / "sub" / "a.json"), str(outputs[1]))
    assert again.is_done(recording, "settings")
    again.file.rename(tmp_path / "manifest.jsonl")  # without its outputs
    alone = Manifest(tmp_path / "manifest.jsonl").last(recording)
    assert alone is not None and alone.outputs == tuple(map(str, outputs))


def test_every_line_is_json(manifest: Manifest, recording: Path) -> None:
    """A reader of JSON Lines finds no blank lines; only the line that a crash left incomplete is not JSON."""
    for digest in ("first", "second"):
        manifest.add(entry(recording, digest))
    assert [json.loads(line)["made_for"] for line in manifest.file.read_text().splitlines()] == ["first", "second"]
    with manifest.file.open("a") as file:
        file.write('{"input": "/a')
    manifest.add(entry(recording, "third"))
    *complete, cut, last = manifest.file.read_text().splitlines()
    assert (len(complete), cut, json.loads(last)["made_for"]) == (2, '{"input": "/a', "third")


def test_entries_of_other_versions_are_read(manifest: Manifest, recording: Path) -> None:
    """An entry without notices, of an earlier version, and one with a field of a later version are valid."""
    manifest.add(entry(recording))
    older = rewrite(manifest, notices=REMOVED, hash="sha256:0")
    assert older.is_done(recording, "settings")
    assert (found := older.last(recording)) is not None and found.notices == ()
    assert rewrite(manifest, later=[1]).is_done(recording, "settings")


@pytest.mark.parametrize(
    "changes",
    [
        {"input": 1},
        {"outputs": [1]},
        {"notices": [1]},
        {"folder": 1},
        {"notices": [{"code": "other"}]},
        {"made_for": REMOVED},
        {"outputs": 3},
    ],
)
def test_invalid_lines_are_skipped(manifest: Manifest, recording: Path, changes: dict[str, Any]) -> None:
    """A line that is no entry counts as absent."""
    manifest.add(entry(recording))
    assert rewrite(manifest, **changes).inputs == ()


@pytest.mark.parametrize("line", ["[]", '["ab"]', "[1]", "null", "1", '"text"', "{}", '{"input": "/a'])
def test_lines_of_other_json_are_skipped(manifest: Manifest, recording: Path, line: str) -> None:
    """A line that is not an object, or not JSON, does not hide the entries before and after it."""
    manifest.add(entry(recording, "before"))
    with manifest.file.open("a") as file:
        file.write(f"{line}\n")
    manifest.add(entry(recording))
    again = Manifest(manifest.file)
    assert again.last(recording) == entry(recording)
    assert [attempt.settings_digest for attempt in again.attempts()] == ["before", "settings"]


def test_what_was_attempted_is_known(manifest: Manifest, recording: Path) -> None:
    """An attempt counts for the same file, settings and modification time."""
    assert not manifest.was_attempted(recording, "settings")
    manifest.add(entry(recording))
    assert manifest.was_attempted(recording, "settings")
    assert not manifest.was_attempted(recording, "others")
    os.utime(recording, ns=(1, 1))
    assert not manifest.was_attempted(recording, "settings")


def test_a_missing_recording_is_not_done(manifest: Manifest, recording: Path) -> None:
    """A recording that was removed is not done, whenever it was removed."""
    manifest.add(entry(recording))
    recording.unlink()
    assert not manifest.is_done(recording, "settings")
    manifest.add(entry(recording))
    assert not manifest.is_done(recording, "settings") and not manifest.was_attempted(recording, "settings")


def test_files_that_cannot_be_used(tmp_path: Path, recording: Path) -> None:
    """A manifest that cannot be read or written is an error that names --manifest."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder") as unreadable:
        Manifest(tmp_path / "folder")
    with pytest.raises(OutputError, match=r"a\.wav") as unwritable:
        Manifest(recording / "manifest.jsonl").add(entry(recording))
    assert "--manifest" in unreadable.value.remedy and "--manifest" in unwritable.value.remedy


def test_a_line_that_is_damaged_inside_does_not_hide_the_one_before(manifest: Manifest, recording: Path) -> None:
    """The last valid entry counts; only its place is kept in memory, and lines in another order of fields are found."""
    manifest.add(entry(recording, "valid"))
    line = entry(recording, "damaged").to_json()
    with manifest.file.open("a") as file:
        file.write(line.replace('"outputs"', '"outp') + "\n")
    found = Manifest(manifest.file).last(recording)
    assert found is not None and found.settings_digest == "valid"
    values = json.loads(line)
    with manifest.file.open("a") as file:
        file.write(json.dumps(dict(reversed(values.items()))) + "\n")
    found = Manifest(manifest.file).last(recording)
    assert found is not None and found.settings_digest == "damaged"


@pytest.mark.parametrize("name", ["ä.wav", 'quo"te.wav', "back\\slash.wav", "line\nfeed.wav", '", "size": .wav'])
def test_any_name_is_found_again(manifest: Manifest, tmp_path: Path, name: str) -> None:
    manifest.add(entry(tmp_path / name))
    manifest.add(entry(tmp_path / "other.wav"))
    again = Manifest(manifest.file)
    assert set(again.inputs) == {tmp_path / name, tmp_path / "other.wav"}
    assert again.last(tmp_path / name) == manifest.last(tmp_path / name) == entry(tmp_path / name)


def test_entries_of_several_processes(manifest: Manifest, recording: Path, tmp_path: Path) -> None:
    """Two batches that append to one file find their own entries in it."""
    other = Manifest(manifest.file)
    for number in range(5):
        manifest.add(entry(recording, f"first {number}"))
        other.add(entry(tmp_path / "b.wav", f"second {number}"))
    assert (found := manifest.last(recording)) is not None and found.settings_digest == "first 4"
    assert (found := other.last(tmp_path / "b.wav")) is not None and found.settings_digest == "second 4"


def test_a_recording_has_one_entry_however_its_path_is_spelt(manifest: Manifest, recording: Path) -> None:
    """Inputs are written as normalized absolute paths; those that earlier versions wrote as spelt are matched."""
    (recording.parent / "clone").mkdir()
    spelt = recording.parent / "clone" / ".." / "a.wav"
    manifest.add(entry(spelt))
    assert json.loads(manifest.file.read_text())["input"] == str(recording)
    for old in (rewrite(manifest, input=str(spelt)), rewrite(manifest, input=str(spelt), notices=REMOVED)):
        assert old.inputs == (recording,)
        assert old.is_done(recording, "settings") and old.is_done(spelt, "settings")
