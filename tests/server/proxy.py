"""A TCP proxy on loopback whose connections can be cut, as by a lost network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """Passes connections on to a server until it is cut; then it refuses them."""

    target: tuple[str, int]
    listener: socket.socket
    is_cut: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the proxy."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def cut(self) -> None:
        """Break all connections, and refuse new ones."""
        self.is_cut = True
        for each in self.sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.sockets.clear()

    def restore(self) -> None:
        """Accept connections again."""
        self.is_cut = False

    def serve(self) -> None:
        """Accept connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.is_cut:
                    client.close()
                    continue
                server = socket.create_connection(self.target)
                self.sockets += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until a side closes."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def cutting_proxy(url: str) -> Iterator[Proxy]:
    """Run a proxy to the server at `url`."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy((parts.hostname, parts.port), listener)
        threading.Thread(target=proxy.serve, daemon=True).start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
        proxy.cut()
