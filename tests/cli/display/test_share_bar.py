"""The bar for work whose share is known."""

from __future__ import annotations

import io
import sys

import pytest

from meetscribe.cli.display.share_bar import share_bar


class Terminal(io.StringIO):
    """A text file that is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def test_the_bar_appears_with_the_first_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that is not necessary shows none; the share is a percentage."""
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with share_bar("reading") as show:
        assert terminal.getvalue() == ""
        show(0.25)
        show(1.0)
    assert "reading" in terminal.getvalue() and "100%" in terminal.getvalue()


def test_without_a_terminal_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal that can move the cursor, or with the bar hidden, nothing is drawn."""
    for file, hidden, term in (
        (io.StringIO(), False, "xterm"),
        (Terminal(), True, "xterm"),
        (Terminal(), False, "dumb"),
    ):
        monkeypatch.setattr(sys, "stderr", file)
        monkeypatch.setenv("TERM", term)
        with share_bar("reading", hidden=hidden) as show:
            show(0.5)
        assert file.getvalue() == ""
