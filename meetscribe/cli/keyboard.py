"""Keyboard input on a terminal while the display is redrawn."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from types import TracebackType

try:
    import termios
    import tty
except ImportError:  # on Windows
    termios = None  # type: ignore[assignment]

_POLL = 0.2  # seconds
_BACKSPACE = ("\x7f", "\b")


class Keyboard:
    """A context manager that reads keys without echo, in a thread; does nothing unless stdin is a terminal.

    `edited` is called with the text typed so far, `entered` with each complete line. Ctrl-C still interrupts.
    """

    def __init__(self, entered: Callable[[str], object], edited: Callable[[str], object]) -> None:
        self._entered, self._edited = entered, edited
        self._ended = threading.Event()
        self._mode: list[object] | None = None
        self._line = ""

    def __enter__(self) -> Keyboard:
        if termios is not None and sys.stdin.isatty():
            self._mode = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
            self._reader = threading.Thread(target=self._read, name="keyboard", daemon=True)
            self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._mode is not None:
            self._reader.join(2 * _POLL)
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._mode)  # type: ignore[arg-type]

    def receive(self, text: str) -> None:
        """Receive typed characters."""
        for character in text:
            if character in "\r\n":
                line, self._line = self._line, ""
                self._edited("")
                if line.strip():
                    self._entered(line)
                continue
            if character in _BACKSPACE:
                self._line = self._line[:-1]
            elif character.isprintable():
                self._line += character
            self._edited(self._line)

    def _read(self) -> None:
        handle = sys.stdin.fileno()
        while not self._ended.is_set():
            if select.select([handle], [], [], _POLL)[0]:
                self.receive(os.read(handle, 1024).decode(errors="ignore"))
