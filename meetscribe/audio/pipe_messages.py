"""The messages of the decoder process over a pipe, each with a kind and a size."""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

READY, LENGTH, CHANNELS, SOUND, SILENCE, END, REFUSED = b"r", b"l", b"c", b"s", b"z", b"e", b"x"
"""The kinds of messages: the process is ready; declared length in seconds; channels of a stream; float32 samples;
number of zero samples; report; arguments of an InputError."""

_HEADER = struct.Struct("<cQ")
_MAX_SIZE = 1 << 24  # maximum bytes of a message from the decoder
_BLOCK = 1 << 16  # bytes of audio per message: about a second


class Sender:
    """Sends messages, with audio in blocks of `block` bytes, by default about a second."""

    def __init__(self, pipe: IO[bytes], block: int = _BLOCK) -> None:
        self._pipe = pipe
        self._block = block
        self._buffer = bytearray()

    def sound(self, samples: bytes | memoryview) -> None:
        """Send float32 samples; they may be buffered until the next message."""
        self._buffer += samples
        if len(self._buffer) >= self._block:
            self._flush()

    def silence(self, count: int) -> None:
        """Send a number of zero samples."""
        self._flush()
        self._pipe.write(_HEADER.pack(SILENCE, count))

    def send(self, kind: bytes, value: object = None) -> None:
        """Send a value as JSON immediately, after all audio before it."""
        self._flush()
        self._write(kind, json.dumps(value).encode())

    def _flush(self) -> None:
        for start in range(0, len(self._buffer), _MAX_SIZE):
            self._write(SOUND, self._buffer[start : start + _MAX_SIZE])
        self._buffer = bytearray()

    def _write(self, kind: bytes, content: bytes | bytearray) -> None:
        self._pipe.write(_HEADER.pack(kind, len(content)))
        self._pipe.write(content)
        self._pipe.flush()


def receive(pipe: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    """Yield the kinds and contents of messages until the pipe ends, possibly within a message.

    The content is bytes for SOUND, a number of samples for SILENCE, and otherwise the JSON value. Raises ValueError for
    malformed messages.
    """
    while len(head := pipe.read(_HEADER.size)) == _HEADER.size:
        kind, size = _HEADER.unpack(head)
        if kind == SILENCE:
            yield kind, size
            continue
        if size > _MAX_SIZE:
            raise ValueError(f"a message of {size} bytes")
        content = pipe.read(size)
        if len(content) < size:
            return
        yield kind, content if kind == SOUND else json.loads(content)
