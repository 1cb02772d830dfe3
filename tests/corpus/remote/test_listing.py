"""The recordings that addresses name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe.corpus import find_recordings
from meetscribe.corpus.inputs import SUFFIXES, estimated_length, make_tasks, may_name_several, other_files
from meetscribe.corpus.manifest import Manifest
from meetscribe.corpus.remote import RemoteFile, listing
from meetscribe.corpus.remote.listing import expand, look_up_all
from meetscribe.errors import InputError
from tests.support.object_store import ObjectStore


@pytest.fixture(scope="module", autouse=True)
def archive(store: ObjectStore) -> Iterator[None]:
    for key, size in (
        ("a/x.wav", 100_000),
        ("b/x.wav", 1),
        ("b/.hidden/y.wav", 1),
        ("b/notes.txt", 1),
        ("c/[1].mp3", 1),
    ):
        store.put(f"in/{key}", bytes(size))
    yield


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("s3://bucket/in", ["in/a/x.wav", "in/b/x.wav", "in/c/[1].mp3"]),
        ("s3://bucket/in/b/", ["in/b/x.wav"]),
        ("s3://bucket/in/*/x.*", ["in/a/x.wav", "in/b/x.wav"]),
        ("s3://bucket/in/**/*.mp3", ["in/c/[1].mp3"]),
        ("s3://bucket/in/c/[1].mp3", ["in/c/[1].mp3"]),
        ("s3://bucket/in/b/notes.txt", ["in/b/notes.txt"]),
        ("s3://bucket/in/none.mp3", ["in/none.mp3"]),
    ],
)
def test_folders_patterns_and_files(text: str, names: list[str]) -> None:
    """As on a disk: visible recordings of a folder with its subfolders, any file that is named."""
    assert may_name_several(text)
    assert [str(file) for file in find_recordings([text])] == [f"s3://bucket/{name}" for name in names]


def test_lists_may_have_addresses(tmp_path: Path) -> None:
    """Each recording is found once, with its size; its files have their own names."""
    (tmp_path / "local.wav").touch()
    (tmp_path / "list.txt").write_text("local.wav\ns3://bucket/in/a/x.wav\nfile:///talks/z.wav\n")
    found = find_recordings(["s3://bucket/in/*/x.wav"], tmp_path / "list.txt")
    assert [file.name for file in found] == ["x.wav", "x.wav", "local.wav", "z.wav"]
    assert estimated_length(found[0]) == 1.0
    tasks = make_tasks(found, Manifest(tmp_path / "manifest.jsonl"))
    assert [str(task.stem) for task in tasks] == ["s3:/bucket/in/a/x", "s3:/bucket/in/b/x", "local", "z"]
    assert [str(task.stem) for task in make_tasks(found[:2], Manifest(tmp_path / "m"))] == ["a/x", "b/x"]
    assert other_files(["s3://bucket/in"]) == {}


def test_many_files_of_a_folder_are_described_by_one_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that do not exist are left as they are; their tasks report them."""
    names = ["s3://bucket/in/b/x.wav", "s3://bucket/in/b/none.wav"]
    one_by_one = look_up_all(map(RemoteFile, names))
    monkeypatch.setattr(listing, "_SINGLE", 1)
    listed = look_up_all(map(RemoteFile, names))
    assert [file.size for file in one_by_one if isinstance(file, RemoteFile)] == [1, 0]
    assert [file.size for file in listed if isinstance(file, RemoteFile)] == [1, 0]


@pytest.mark.parametrize("text", ["s3://bucket/nothing", "s3://bucket/nothing/*.mp3"])
def test_nothing_is_found(text: str) -> None:
    with pytest.raises(InputError, match="there are no recordings in s3://bucket/nothing"):
        find_recordings([text])
    assert expand(RemoteFile(text), SUFFIXES) == []
