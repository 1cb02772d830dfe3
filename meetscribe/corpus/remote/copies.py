"""Temporary copies of remote recordings, in owner-only folders."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from meetscribe.corpus.remote.files import RemoteFile, as_path, local_name
from meetscribe.corpus.remote.stores import fetch
from meetscribe.errors import OutputError, os_reason
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.storage.files import hold_folder, is_held

_PREFIX = "meetscribe-copy-"
_NEW = 60.0  # seconds in which the lock of a new folder may still be missing


class TemporaryCopy:
    """A temporary local copy of a remote recording, until it is closed.

    `path` has the names of the recording and of its folder, and its modification time. A copy left by a killed process
    is removed by the next process that creates one.
    """

    def __init__(self, file: RemoteFile, progress: Progress = ignore_progress) -> None:
        """Fetch the file; raises the errors of `stores.fetch`, and any exception raised by `progress`."""
        _remove_leftovers()
        self.file = file
        self._folder, self._lock = private_folder()
        self.path = self._folder / as_path(file).parent.name.strip(":")[-100:] / local_name(file)
        try:
            self.path.parent.mkdir()
            fetch(file, self.path, progress)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy."""
        remove_folder(self._folder, self._lock)
        self._lock = None


def private_folder() -> tuple[Path, int | None]:
    """Create a temporary folder with mode 0700; return it with a lock that marks it as in use, None without locks.

    Raises OutputError.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    except OSError as error:
        text = f"no temporary folder can be created: {os_reason(error)}"
        raise OutputError(text, "Free some space, or set TMPDIR to a folder on a larger disk.") from error
    with suppress(OSError):  # some systems cannot open folders
        return folder, hold_folder(folder)
    return folder, None


def remove_folder(folder: Path, lock: int | None) -> None:
    """Remove a folder of `private_folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)


@cache
def _remove_leftovers() -> None:
    """Remove folders left by killed processes, once per process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            state = folder.lstat()
            is_own = folder.is_dir() and not folder.is_symlink() and state.st_uid == os.getuid()
            if is_own and time.time() - state.st_mtime > _NEW and not is_held(folder):
                shutil.rmtree(folder, ignore_errors=True)
