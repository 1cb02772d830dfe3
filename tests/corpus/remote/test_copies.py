"""Temporary copies: private, and removed in any case."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from meetscribe.corpus.remote import copies
from meetscribe.corpus.remote.copies import TemporaryCopy
from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.errors import InputError
from tests.support.object_store import ObjectStore

FILE = RemoteFile("s3://bucket/board/a.mp3")
_KILLED = """
import os, signal, sys, tempfile
from meetscribe.corpus.remote.copies import private_folder
folder, lock = private_folder()
(folder / "a.mp3").write_bytes(b"private")
print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An object, and a folder for temporary files."""
    store.put("board/a.mp3", b"recording")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_copy_is_private_until_it_is_removed(temporary: Path) -> None:
    """Its name and the name of its folder are those of the recording, for the names of output files."""
    copy = TemporaryCopy(FILE)
    assert copy.path.read_bytes() == b"recording"
    assert (copy.path.parent.name, copy.path.name) == ("board", "a.mp3")
    (root,) = temporary.iterdir()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700 and stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    copy.close()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError("x")])
def test_nothing_is_left_of_a_copy_that_was_stopped(error: BaseException, temporary: Path) -> None:
    def stop(done: float) -> None:
        raise error

    with pytest.raises((KeyboardInterrupt, InputError)):
        TemporaryCopy(FILE, stop)
    assert list(temporary.iterdir()) == []


def test_the_copies_of_killed_processes_are_removed(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of running processes, and folders of other users and kinds, are left alone."""
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", _KILLED]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running, killed = (subprocess.Popen(command, env=environment, **pipes) for _ in range(2))  # type: ignore[call-overload]
    try:
        folders = [Path(process.stdout.readline().strip()) for process in (running, killed)]
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        (temporary / "meetscribe-copy-link").symlink_to(temporary)
        copies._remove_leftovers.cache_clear()
        TemporaryCopy(FILE).close()
        assert all(folder.exists() for folder in folders), "new folders may not have their locks yet"
        monkeypatch.setattr(copies, "_NEW", -1.0)
        copies._remove_leftovers.cache_clear()
        TemporaryCopy(FILE).close()
        assert [folder.exists() for folder in folders] == [True, False]
        assert (temporary / "meetscribe-copy-link").is_symlink()
    finally:
        for process in (running, killed):
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
