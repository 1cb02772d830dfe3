"""Outputs at an address, as a delivery writes them."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.corpus import Delivery, Task
from meetscribe.corpus.remote import RemoteFile
from meetscribe.corpus.remote.staging import staged
from meetscribe.errors import OutputError
from meetscribe.publishing.file_names import Template
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.operations import rename
from tests.support.object_store import ObjectStore

OUT = RemoteFile("s3://bucket/out")
TASK = Task(RemoteFile("s3://bucket/board/a.mp3"), Path("a"))
DELIVERY = Delivery(OUT, ("json", "srt"))
TRANSCRIPT = synthetic_meeting(turns=3, name="a.mp3").transcript


@pytest.fixture(autouse=True)
def temporary(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, an own cache folder, and no outputs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "tmp").mkdir()
    for key in store.keys("out/") + store.keys("board/"):
        store.delete(key)
    return tmp_path / "tmp"


def saved(store: ObjectStore) -> Transcript:
    return Transcript.from_json(store.get("out/a.json").decode())


def test_files_are_sent(store: ObjectStore, temporary: Path) -> None:
    """Their addresses are returned, they are replaced by a new run, and nothing is left on this machine."""
    for transcript in (TRANSCRIPT, TRANSCRIPT.rename({TRANSCRIPT.speakers[0]: "Anna"})):
        assert DELIVERY(TASK, transcript).outputs == ("s3://bucket/out/a.json", "s3://bucket/out/a.srt")
        assert saved(store).speakers == transcript.speakers
    assert store.keys("out/") == ["out/a.json", "out/a.srt"] and list(temporary.iterdir()) == []


def test_beside_the_recording_and_with_a_name(store: ObjectStore) -> None:
    delivery = replace(DELIVERY, folder=None, template=Template("{stem}.{folder}.{suffix}.{language}"))
    assert delivery(TASK, TRANSCRIPT).outputs[0] == "s3://bucket/board/a.board.mp3.en.json"
    assert [str(file) for file in delivery.planned_files(TASK)][0] == "s3://bucket/board/a.board.mp3.{language}.json"
    assert replace(DELIVERY, formats=("json",))(replace(TASK, stem=Path("b/a")), TRANSCRIPT).outputs == (
        "s3://bucket/out/b/a.json",
    )


def test_a_file_of_someone_else_is_not_replaced(store: ObjectStore, temporary: Path) -> None:
    """The error names the address."""
    store.put("out/a.srt", b"mine")
    with pytest.raises(OutputError, match=r"^s3://bucket/out/a.srt was not written by meetscribe"):
        DELIVERY(TASK, TRANSCRIPT)
    assert store.keys("out/") == ["out/a.srt"] and list(temporary.iterdir()) == []
    replace(DELIVERY, overwrite=True)(TASK, TRANSCRIPT)
    assert store.get("out/a.srt") != b"mine"


def test_corrections_are_carried_over(store: ObjectStore) -> None:
    """Those that no longer apply are kept in a file beside it, which a notice names by its address."""
    corrected = rename(TRANSCRIPT, {TRANSCRIPT.speakers[0]: "Anna"})
    store.put("out/a.json", corrected.to_json().encode())
    DELIVERY(TASK, TRANSCRIPT)
    assert [type(edit).__name__ for edit in saved(store).meta.edits] == ["Rename"]
    other = synthetic_meeting(turns=3, seed=5, name="a.mp3").transcript
    other = other.with_meta(recording=replace(TRANSCRIPT.recording, hash="sha256:" + "1" * 64))  # type: ignore[type-var]
    DELIVERY(TASK, other)
    assert store.keys("out/") == ["out/a.before-1.json", "out/a.json", "out/a.srt"]
    (notice,) = [notice for notice in saved(store).meta.notices if notice.code == "edits.set-aside"]
    assert notice.data["path"] == "s3://bucket/out/a.before-1.json" and str(notice.data["path"]) in notice.text
    assert "/tmp" not in json.dumps(json.loads(store.get("out/a.json")))


def test_an_error_sends_nothing(store: ObjectStore, temporary: Path) -> None:
    with pytest.raises(OutputError, match="s3://bucket/out/x is full"), staged(OUT, ["x"]) as staging:
        (staging.path / "x").touch()
        raise OutputError(f"{staging.path}/x is full")
    assert store.keys("out/") == [] and list(temporary.iterdir()) == []
