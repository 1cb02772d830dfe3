"""Pass the bytes of a source to a decoder process."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from meetscribe.errors import InputError

if TYPE_CHECKING:
    from meetscribe.audio.watchdog import Watchdog

_SIZE = 1 << 16  # bytes read at once
_MAX_SILENT = 1 << 26
"""The number of bytes without audio after which a stream fails: a minute of video at 9 Mbit/s."""


class Feeder:
    """Writes the bytes from `read(size)` to the standard input of a process, in a thread, until b"".

    The watchdog runs only while the process has bytes to decode and its audio is awaited. `error` is the exception of
    `read`, or an InputError if too many bytes contain no audio.
    """

    def __init__(self, process: subprocess.Popen[bytes], read: Callable[[int], bytes], watchdog: Watchdog) -> None:
        assert process.stdin is not None
        # Only this thread may close the pipe: after closing elsewhere, its descriptor could be that of another file.
        self._pipe, process.stdin = process.stdin, None
        self._read = read
        self._watchdog = watchdog
        self._lock = threading.Lock()
        self._working, self._awaited = True, True  # the watchdog also limits the start of the process
        self._silent = 0  # bytes since the last audio
        self.error: BaseException | None = None
        threading.Thread(target=self._run, name="decoder input", daemon=True).start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Suspend the watchdog while a message is handled."""
        self._silent = 0
        self._set(awaited=False)
        try:
            yield
        finally:
            self._set(awaited=True)

    def _run(self) -> None:
        try:
            with self._pipe:
                self._feed()
        except OSError:
            pass  # the process has ended, and its receiver reports why
        finally:
            self._set(working=True)  # the watchdog limits the time until the process ends

    def _feed(self) -> None:
        while data := self._next():
            self._set(working=True)
            self._pipe.write(data)
            self._pipe.flush()
            self._set(working=False)

    def _next(self) -> bytes:
        """Return the next bytes, b"" at the end or after an error of the source."""
        try:
            data = self._read(_SIZE)
        except BaseException as error:  # raised again by the receiver of the audio
            self.error = error
            return b""
        self._silent += len(data)
        if self._silent > _MAX_SILENT:
            megabytes = _MAX_SILENT >> 20
            self.error = InputError(f"there was no audio in {megabytes} MB of the stream", "Send audio without video.")
            return b""
        return data

    def _set(self, *, working: bool | None = None, awaited: bool | None = None) -> None:
        """Change the given parts of the state, and start or suspend the watchdog accordingly."""
        with self._lock:
            self._working = self._working if working is None else working
            self._awaited = self._awaited if awaited is None else awaited
            if self._working and self._awaited:
                self._watchdog.restart()
            else:
                self._watchdog.suspend()
