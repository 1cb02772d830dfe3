"""A bounded pipe of bytes between two threads."""

from __future__ import annotations

import threading

CAPACITY = 1 << 20
"""The number of bytes that can wait for the reader: about a minute of Opus at 128 kbit/s."""


class BytePipe:
    """A FIFO of bytes: `offer` never blocks, `read` waits for bytes or the end."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waiting = bytearray()
        self._ended = self._closed = False
        self._changed = threading.Condition()

    def offer(self, data: bytes) -> bool:
        """Add bytes and return True, or return False if there is no room for them; after `end` or `close`, drop them.

        An empty pipe takes any number of bytes.
        """
        with self._changed:
            if self._ended or self._closed:
                return True
            if self._waiting and len(self._waiting) + len(data) > self._capacity:
                return False
            self._waiting += data
            self._changed.notify()
            return True

    def read(self, size: int) -> bytes:
        """Wait for bytes and return at most `size` of them, b"" at the end."""
        with self._changed:
            while not (self._waiting or self._ended or self._closed):
                self._changed.wait()
            data = bytes(self._waiting[:size])
            del self._waiting[:size]
            return data

    def end(self) -> None:
        """Mark the end: `read` returns the waiting bytes, then b""."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def close(self) -> None:
        """Drop the waiting and all further bytes, because nothing reads them."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
