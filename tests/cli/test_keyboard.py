"""Typed characters become lines; a real terminal is read without echo and left as it was."""

from __future__ import annotations

import os
import sys
import time

import pytest

from meetscribe.cli.keyboard import Keyboard


def test_lines_and_corrections() -> None:
    lines, shown = list[str](), list[str]()
    Keyboard(lines.append, shown.append).receive("mark\x7f\x7frk it\r\n  \npause\x1b\n")
    assert lines == ["mark it", "pause"]
    assert shown[:6] == ["m", "ma", "mar", "mark", "mar", "ma"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_is_read_and_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    import pty
    import termios

    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(slave)
        lines = list[str]()
        with Keyboard(lines.append, lambda text: None):
            assert not termios.tcgetattr(slave)[3] & termios.ECHO
            os.write(master, b"pause\n")
            deadline = time.monotonic() + 5
            while not lines and time.monotonic() < deadline:
                time.sleep(0.01)
        assert lines == ["pause"]
        assert termios.tcgetattr(slave) == before
    os.close(master)
