"""Only a regular file with content is opened, without waiting for any other."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

import pytest

from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.errors import InputError


def test_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    for path in (tmp_path / "a.wav", str(tmp_path / "a.wav")):
        with open_recording(path) as data:
            assert data.read() == b"sound"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.wav", "no such file"),
        ("folder", "is a directory"),
        ("empty.wav", "is empty"),
        ("a\0b", "cannot be read"),
        ("x" * 300, "cannot be read"),
        ("https://example.org/a.mp3", "is an address, not a file"),
        ("file:///a.mp3", "is an address, not a file"),
    ],
)
def test_what_is_no_recording_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.wav").touch()
    with pytest.raises(InputError, match=message) as caught:
        open_recording(name)
    assert caught.value.remedy and caught.value.message.isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_without_a_writer_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InputError, match="not a regular file"):
        open_recording(tmp_path / "pipe.wav")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_file_that_is_replaced_by_a_pipe_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of the file is checked again once it is open, and the file is closed."""
    path, opened = tmp_path / "a.wav", []
    path.write_bytes(b"sound")
    real = os.open

    def replaced(name: str, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        opened.append(real(name, flags))
        return opened[0]

    monkeypatch.setattr(os, "open", replaced)
    with pytest.raises(InputError, match="not a regular file"):
        open_recording(path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


def test_the_hash_is_that_of_all_bytes() -> None:
    content = bytes(range(256)) * 9000
    assert file_hash(io.BytesIO(content)) == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_an_unreadable_disk_is_an_error() -> None:
    class Broken(io.BytesIO):
        def read(self, *arguments: object) -> bytes:
            raise OSError(5, "Input/output error")

        readinto = read  # type: ignore[assignment]

    with pytest.raises(InputError, match="the recording cannot be read: Input/output error"):
        file_hash(Broken(b"x"))
