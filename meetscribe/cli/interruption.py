"""Ctrl-C and SIGTERM: the first one ends a command after the current step."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from meetscribe.cli.display import messages
from meetscribe.cli.display.progress import print_event


@contextmanager
def interruptible(kind: str = "lines") -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether Ctrl-C or SIGTERM was received; a second one raises KeyboardInterrupt.

    SIGTERM, which batch systems and service managers send, changes the exit code of the interrupted command to 143.
    `kind` is the kind of display.
    """
    is_stopping = False

    def on_signal(number: int, frame: object) -> None:
        nonlocal is_stopping
        if is_stopping:
            raise KeyboardInterrupt
        is_stopping = True
        messages.set_interruption_code(128 + number)
        if kind == "json":
            print_event("stopping", {})
        elif number == signal.SIGTERM:
            messages.info("stopping after the current step")
        else:
            messages.info("stopping after the current step; press Ctrl-C again to stop immediately")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: is_stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
