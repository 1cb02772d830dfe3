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
    """What was saved loads equal, through the functions and through the transcript's methods."""
    save(HELLO, tmp_path / "a.json")
    assert load(tmp_path / "a.json") == HELLO
    HELLO.save(tmp_path / "b.json")
    assert Transcript.load(tmp_path / "b.json") == HELLO


def test_the_format_is_the_suffix_or_the_one_named(tmp_path: Path) -> None:
    """The suffix chooses the format, whatever its case, unless one is named."""
    save(HELLO, tmp_path / "a.SRT")
    assert (tmp_path / "a.SRT").read_bytes() == write(HELLO, "srt")
    HELLO.save(tmp_path / "a.out", format="csv")
    assert (tmp_path / "a.out").read_bytes() == write(HELLO, "csv")


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    """Without a format and a known suffix nothing is written, and the nearest suffix is named."""
    with pytest.raises(SettingsError, match=r"did you mean '\.json'"):
        save(HELLO, tmp_path / "a.jsn")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("before", [None, 0o644])
def test_only_the_owner_may_read(tmp_path: Path, before: int | None) -> None:
    """A transcript is readable by its owner alone, also where a more open file was."""
    path = tmp_path / "a.json"
    if before is not None:
        path.touch(before)
    save(HELLO, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_overwriting(tmp_path: Path) -> None:
    """A file is replaced, unless overwriting is off."""
    path = tmp_path / "a.txt"
    path.write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        save(HELLO, path, overwrite=False)
    assert path.read_text() == "mine"
    save(HELLO, path)
    assert path.read_text() == "[0:00:00.0] Hello.\n"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Where the folder does not exist, the remedy is to make it."""
    with pytest.raises(OutputError, match="Create the folder .*nowhere"):
        save(HELLO, tmp_path / "nowhere" / "a.json")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """A folder's name is refused as a file, and nothing is left in it."""
    (tmp_path / "talks.json").mkdir()
    with pytest.raises(OutputError, match="This is a folder"):
        save(HELLO, tmp_path / "talks.json")
    assert [path.name for path in tmp_path.rglob("*")] == ["talks.json"]


def test_a_closed_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be written is refused with a remedy, as is a full disk."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(OutputError, match="Permission denied") as caught:
        save(HELLO, tmp_path / "a.json")
    assert caught.value.remedy


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """When writing fails or is interrupted, the old file is whole and no other is left behind."""
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
    """A link stays a link, and the file it leads to is written; a circle of links is refused."""
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


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    """A file that is missing, a folder, or no transcript ends in InputError with its name."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "text.json").write_text("hello")
    for name in ("missing.json", "folder.json", "text.json"):
        with pytest.raises(InputError, match=name):
            load(tmp_path / name)
