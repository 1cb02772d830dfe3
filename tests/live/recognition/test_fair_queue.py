"""Clients are served in turn, errors reach the one who asked, and closing cancels what waits."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError

import pytest

from meetscribe.live.recognition.fair_queue import FairQueue


def test_clients_take_turns() -> None:
    """A client with many tasks does not delay the others by more than one."""
    queue, order, gate = FairQueue(), [], threading.Event()
    queue.submit("first", lambda: gate.wait(5))
    futures = [queue.submit(client, lambda client=client: order.append(client)) for client in "aaabbc"]  # type: ignore[misc]
    gate.set()
    for future in futures:
        future.result(5)
    assert order == ["a", "b", "c", "a", "b", "a"]
    queue.close()


def test_an_error_reaches_the_client_and_the_next_task_runs() -> None:
    queue = FairQueue()
    with pytest.raises(ZeroDivisionError):
        queue.submit("a", lambda: 1 // 0).result(5)
    assert queue.submit("a", lambda: 3).result(5) == 3
    queue.close()


def test_closing_cancels_what_waits() -> None:
    queue, gate, started = FairQueue(), threading.Event(), threading.Event()

    def run() -> bool:
        started.set()
        return gate.wait(5)

    running = queue.submit("a", run)
    started.wait(5)
    waiting = queue.submit("a", lambda: 1)
    queue.close()
    gate.set()
    assert running.result(5) is True
    with pytest.raises(CancelledError):
        waiting.result(5)
    with pytest.raises(CancelledError):
        queue.submit("a", lambda: 1)
