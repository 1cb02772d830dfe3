from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from meetscribe.errors import InputError, OutputError, SettingsError
from meetscribe.formats import load, save, write, write_file
from meetscribe.transcript import Meta, Segment, Transcript, Word

HELLO = Transcript((Segment((Word("Hello.", 0, 1),)),), Meta("en", 2))


def test_saved_and_loaded(tmp_path: Path) -> None:
    """A saved transcript loads equal, by the functions and by the transcript's methods."""
    save(HELLO, tmp_path / "a.json")
    assert load(tmp_path / "a.json") == HELLO
    HELLO.save(tmp_path / "b.json")
    assert Transcript.load(tmp_path / "b.json") == HELLO


def test_format_of_the_suffix(tmp_path: Path) -> None:
    """The suffix chooses the format in any case of letters, unless a format is given."""
    save(HELLO, tmp_path / "a.SRT")
    assert (tmp_path / "a.SRT").read_bytes() == write(HELLO, "srt")
    HELLO.save(tmp_path / "a.out", format="csv")
    assert (tmp_path / "a.out").read_bytes() == write(HELLO, "csv")


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    """With an unknown suffix and no format, nothing is written and the nearest suffix is named."""
    with pytest.raises(SettingsError, match=r"did you mean '\.json'"):
        save(HELLO, tmp_path / "a.jsn")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("before", [None, 0o644])
def test_only_the_owner_may_read(tmp_path: Path, before: int | None) -> None:
    """A transcript is readable by its owner only, even if it replaces a more open file."""
    path = tmp_path / "a.json"
    if before is not None:
        path.touch(before)
    save(HELLO, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_overwriting(tmp_path: Path) -> None:
    """A file is replaced unless overwriting is off."""
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        save(HELLO, path, overwrite=False)
    assert path.read_text() == "mine"
    save(HELLO, path)
    assert path.read_text() == "[0:00:00.0] Hello.\n"


def test_missing_folders(tmp_path: Path) -> None:
    """If the folder is missing, the remedy is to create it."""
    with pytest.raises(OutputError, match="Create the folder .*nowhere"):
        save(HELLO, tmp_path / "nowhere" / "a.json")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """A folder is refused as a file, and nothing is left in it."""
    (tmp_path / "talks.json").mkdir()
    with pytest.raises(OutputError, match="This is a folder"):
        save(HELLO, tmp_path / "talks.json")
    assert [path.name for path in tmp_path.rglob("*")] == ["talks.json"]


def test_folders_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without write permission and a full disk are refused with a remedy."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(OutputError, match="Permission denied") as caught:
        save(HELLO, tmp_path / "a.json")
    assert caught.value.remedy


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """If writing fails or is interrupted, the old file is unchanged and no other file is left."""
    path = tmp_path / "a.json"
    path.write_text("old")

    def fail(_handle: int) -> None:
        raise failure

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        save(HELLO, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_links_are_followed(tmp_path: Path) -> None:
    """A link stays a link and its target is written; a loop of links is refused."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "a.json"
    link.symlink_to(tmp_path / "real" / "b.json")
    save(HELLO, link)
    assert link.is_symlink()
    assert load(tmp_path / "real" / "b.json") == HELLO
    circle = tmp_path / "circle.json"
    circle.symlink_to(circle)
    with pytest.raises(OutputError):
        save(HELLO, circle)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    """A named pipe or a device is written to, never replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_file(pipe, b"hello")
    reader.join(timeout=5)
    assert received == [b"hello"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_unreadable_files(tmp_path: Path) -> None:
    """A missing file, a folder and a file that is no transcript raise InputError with the name."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "text.json").write_text("hello")
    for name in ("missing.json", "folder.json", "text.json"):
        with pytest.raises(InputError, match=name):
            load(tmp_path / name)
