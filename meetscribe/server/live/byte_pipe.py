"""A bounded pipe of bytes between two threads."""

from __future__ import annotations

import threading

CAPACITY = 1 << 20
"""Bytes that may wait to be read: about a minute of Opus."""


class BytePipe:
    """Bytes in their order: `offer` never waits, `read` waits for bytes or the end."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waiting = bytearray()
        self._ended = self._closed = False
        self._changed = threading.Condition()

    def offer(self, data: bytes) -> bool:
        """Add bytes and return True; False if too many wait. After `end` or `close` they are dropped."""
        with self._changed:
            if self._ended or self._closed:
                return True
            if self._waiting and len(self._waiting) + len(data) > self._capacity:
                return False
            self._waiting += data
            self._changed.notify()
            return True

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes once some are there, b"" at the end."""
        with self._changed:
            while not (self._waiting or self._ended or self._closed):
                self._changed.wait()
            data = bytes(self._waiting[:size])
            del self._waiting[:size]
            return data

    def end(self) -> None:
        """Have `read` return b"" after the waiting bytes."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def close(self) -> None:
        """Drop the waiting bytes, and all that follow: the reader has gone."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
