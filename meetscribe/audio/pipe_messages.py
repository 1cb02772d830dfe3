"""What the process that decodes tells the one that asked: messages over a pipe, each with a kind and a size."""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

READY, LENGTH, SOUND, SILENCE, END, REFUSED = b"r", b"l", b"s", b"z", b"e", b"x"
"""It has started; the seconds that the file declares; float32 samples; how many samples of silence; the report;
why the file cannot be read."""

_HEAD = struct.Struct("<cQ")
_MOST = 1 << 24  # bytes of one message; who sends more is not our decoder
_BLOCK = 1 << 16  # bytes of sound that are sent at once: a second


class Sender:
    """Sends messages, sound in blocks of a second."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._waiting = bytearray()

    def sound(self, samples: bytes | memoryview) -> None:
        """Send float32 samples, some time."""
        self._waiting += samples
        if len(self._waiting) >= _BLOCK:
            self._send_waiting()

    def silence(self, frames: int) -> None:
        """Send so many samples of silence."""
        self._send_waiting()
        self._pipe.write(_HEAD.pack(SILENCE, frames))

    def tell(self, kind: bytes, value: object = None) -> None:
        """Send a value as JSON, at once, after all sound before it."""
        self._send_waiting()
        self._send(kind, json.dumps(value).encode())

    def _send_waiting(self) -> None:
        for start in range(0, len(self._waiting), _MOST):
            self._send(SOUND, self._waiting[start : start + _MOST])
        self._waiting = bytearray()

    def _send(self, kind: bytes, content: bytes | bytearray) -> None:
        self._pipe.write(_HEAD.pack(kind, len(content)))
        self._pipe.write(content)
        self._pipe.flush()


def receive(pipe: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    """The kinds and contents of messages until the pipe ends, were it in the middle of one.

    The content is bytes for SOUND, a number of samples for SILENCE, else what the JSON says. Raises ValueError for
    what no `Sender` sends.
    """
    while len(head := pipe.read(_HEAD.size)) == _HEAD.size:
        kind, size = _HEAD.unpack(head)
        if kind == SILENCE:
            yield kind, size
            continue
        if size > _MOST:
            raise ValueError(f"a message of {size} bytes")
        content = pipe.read(size)
        if len(content) < size:
            return
        yield kind, content if kind == SOUND else json.loads(content)
