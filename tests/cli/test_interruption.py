"""Ctrl-C and SIGTERM during a command that ends after the current step."""

from __future__ import annotations

import json
import signal

import pytest

from meetscribe.cli.interruption import interruptible


def test_ctrl_c_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """The first Ctrl-C requests a stop, the second raises KeyboardInterrupt."""
    with interruptible() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert "press Ctrl-C again to stop immediately" in capsys.readouterr().err
    with interruptible("json"):
        signal.raise_signal(signal.SIGINT)
    assert json.loads(capsys.readouterr().err) == {"event": "stopping"}


def test_sigterm_requests_a_stop(capsys: pytest.CaptureFixture[str]) -> None:
    """Its former handler is restored."""
    before = signal.getsignal(signal.SIGTERM)
    with interruptible() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop()
    assert signal.getsignal(signal.SIGTERM) is before
    assert capsys.readouterr().err == "stopping after the current step\n"
