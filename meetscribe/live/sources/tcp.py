"""Audio over TCP with the protocol of whisper_streaming: 16-bit PCM at 16 kHz in, a line of text per commit out.

A line is `emission_ms beg_ms end_ms text`: the length of audio received before the commit, and the span of the words.
Spans do not overlap. One client is served at a time.
"""

from __future__ import annotations

import contextlib
import socket
from typing import cast

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError, SettingsError, os_reason
from meetscribe.live.events import Event
from meetscribe.live.sources.blocks import BlockSource, pcm_blocks
from meetscribe.text.joining import join_words


class TcpListener:
    """Waits for clients at an address; `port` is the port in use, also if 0 was requested.

    Raises InputError if the address cannot be used.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_server((host, port))
        except (OSError, OverflowError) as error:
            raise InputError(f"cannot listen at {host}:{port}: {os_reason(error)}", "Choose another port.") from error
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    def accept(self) -> TcpClient:
        """Wait for the next client; raises InputError after `close`."""
        try:
            connection, address = self._socket.accept()
        except OSError as error:
            raise InputError(f"no longer listening: {os_reason(error)}") from error
        return TcpClient(connection, f"{address[0]}:{address[1]}")

    def close(self) -> None:
        """Stop waiting for clients."""
        self._socket.close()


class TcpClient:
    """A connected client: its audio as `source`, and the lines sent to it."""

    def __init__(self, connection: socket.socket, name: str) -> None:
        self._connection = connection
        self._last_end = 0
        self.source = BlockSource(pcm_blocks(self._receive), SAMPLE_RATE, 1, name=name)

    def send(self, event: Event) -> None:
        """Send a line for committed words; ignore other events and a closed connection."""
        if (line := self.line(event)) is not None:
            with contextlib.suppress(OSError):
                self._connection.sendall(f"{line}\n".encode())

    def line(self, event: Event) -> str | None:
        """Return the line for an event, to be called once per event in order; None if it commits no words."""
        if event.kind != "commit" or not event.payload["words"]:
            return None
        words = cast("list[dict[str, float | str]]", event.payload["words"])
        start = max(self._last_end, round(float(words[0]["start"]) * 1000))
        self._last_end = max(start, round(float(words[-1]["end"]) * 1000))
        text = join_words(str(word["text"]) for word in words)
        return f"{round(event.time * 1000)} {start} {self._last_end} {text}"

    def close(self) -> None:
        """Close the connection after all data is sent."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
        self._connection.close()

    def _receive(self, size: int) -> bytes:
        """Return the next bytes; b"" if the connection is broken."""
        try:
            return self._connection.recv(size)
        except OSError:
            return b""


def parse_address(address: str) -> tuple[str, int]:
    """Return the host and port in `HOST:PORT`; raises SettingsError for anything else.

    >>> parse_address("127.0.0.1:43007")
    ('127.0.0.1', 43007)
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise SettingsError(f"{address!r} is not an address", "Write HOST:PORT, such as 127.0.0.1:43007.")
    return host.strip("[]"), int(port)
