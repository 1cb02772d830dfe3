"""Addresses as locations of recordings."""

from __future__ import annotations

import pickle
from pathlib import Path, PurePath

import pytest

from meetscribe.corpus.remote.files import RemoteFile, as_path, file_state, is_address, local_name, location_of


@pytest.mark.parametrize(
    "text", ["s3://bucket/a b/c.tar.mp3", "gs://bucket/a b/c.tar.mp3", "S3://bucket/a b/c.tar.mp3/"]
)
def test_the_parts_of_an_address(text: str) -> None:
    """They are those of a path; the protocol is in lower case, and a slash at the end means nothing."""
    file = location_of(text)
    assert isinstance(file, RemoteFile)
    assert str(file) == f"{text[:2].lower()}://bucket/a b/c.tar.mp3" and file.absolute() is file
    assert (file.name, file.stem, file.suffix, file.parent.name) == ("c.tar.mp3", "c.tar", ".mp3", "a b")
    assert str(file.parent / PurePath("d/e.json")).endswith("://bucket/a b/d/e.json")
    assert file.parent / PurePath() == file.parent


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("file:///talks/a.mp3", "/talks/a.mp3"),
        ("file://localhost/talks/a%20b.mp3", "/talks/a b.mp3"),
        ("talks/a.mp3", "talks/a.mp3"),
        ("https://example.org/a.mp3", "https:/example.org/a.mp3"),
    ],
)
def test_paths(text: str, path: str) -> None:
    """`file://` is a path of this machine; addresses of other kinds are not read."""
    assert location_of(text) == Path(path)
    assert is_address(text) == text.startswith("file:")


def test_a_state_does_not_identify_a_file() -> None:
    """The same file is found in a dictionary after it has changed; the state survives pickling."""
    before, after = RemoteFile("s3://b/a.mp3", 1, 2), RemoteFile("s3://b/a.mp3", 3, 4)
    assert before == after and {before: 1}[after] == 1
    assert file_state(pickle.loads(pickle.dumps(after))) == (3, 4)
    assert file_state(RemoteFile("s3://b/none.mp3")) is None


@pytest.mark.parametrize(
    "key", ["a/../../etc/passwd.mp3", "a//b.mp3", "./b.mp3", "a/\0.mp3", "..\\b.mp3", "..", "x" * 900]
)
def test_no_name_of_an_object_leaves_its_folder(key: str) -> None:
    """Each has a local path that no other has, without parts that mean other folders."""
    file = location_of(f"s3://bucket/{key}")
    assert isinstance(file, RemoteFile)
    path = as_path(file)
    assert path.parts[:3] == ("/", "s3:", "bucket") and not {"", ".", ".."} & set(path.parts)
    assert "\0" not in str(path) and "\\" not in str(path)
    assert as_path(location_of("s3://bucket/b.mp3")) != path
    assert Path(local_name(file)).name == local_name(file) and 0 < len(local_name(file)) <= 200
