"""Exclusive use of a server's data folder, so that no second server runs the same jobs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meetscribe.errors import OutputError, os_reason
from meetscribe.server.jobs.files import ServerFiles
from meetscribe.server.settings import ServerSettings
from meetscribe.storage.files import hold_folder, read_file, replace_file

PID_FILE = "server.pid"
"""The file in the folder with the id of the process that has locked it."""

_REMEDY = "End that server, or choose another folder: --set server.folder=FOLDER"


@contextmanager
def holding_folder(server: ServerSettings) -> Iterator[None]:
    """Lock the folder of a server, creating it if missing; the lock ends with the process, even if it is killed.

    Raises OutputError, which names the process, if another server has locked it.
    """
    root = ServerFiles.of(server).root
    try:
        lock = hold_folder(root)
    except OSError as error:
        raise OutputError(f"{root}: {os_reason(error)}", "Choose another folder (server.folder).") from error
    if lock is None:
        raise OutputError(f"the folder {root} is in use by {_holder(root)}", _REMEDY)
    try:
        replace_file(root / PID_FILE, f"{os.getpid()}\n".encode())
        yield
    finally:
        (root / PID_FILE).unlink(missing_ok=True)
        os.close(lock)


def _holder(root: Path) -> str:
    """Return a description of the process that has locked a folder."""
    try:
        return f"process {int(read_file(root / PID_FILE, 100))}"
    except (OSError, ValueError):
        return "another process"
