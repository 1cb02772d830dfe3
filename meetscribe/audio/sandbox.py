"""The main function of the decoder process, which has limited resources and cannot open files or connections.

The recording or stream is the standard input; messages go to the standard output. A crash, or code injected by a
malicious file, is confined to this process. On Windows there are no such limits; the parent process only stops the
decoder after a timeout.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path

from meetscribe.audio.decoder import decode
from meetscribe.audio.decoding import DecodeRequest
from meetscribe.audio.pipe_messages import END, LENGTH, READY, REFUSED, Sender
from meetscribe.audio.streaming.decoder import decode_stream
from meetscribe.errors import InputError
from meetscribe.timeline import Seconds

_MEMORY = Path("/proc/self/statm")
_MODULES = (
    "av",
    "av.error",
    "av.filter",
    "av.audio.resampler",
    "av.subtitles.codeccontext",
    "av.subtitles.stream",
    "av.stream",
)
"""Modules that PyAV imports on first use, when the process can no longer open files."""


class _Sink(Sender):
    """A `Sender` that is also the `Sink` of `decoder.decode`; a stream needs only the `Sender`."""

    def length(self, seconds: Seconds | None) -> None:
        """Send the declared length."""
        self.send(LENGTH, seconds)


def main() -> None:
    """Decode standard input; the first argument of the process is a DecodeRequest in JSON."""
    for module in _MODULES:
        import_module(module)
    request = DecodeRequest(**json.loads(sys.argv[1]))
    pipe = open(1, "wb", closefd=False)  # noqa: SIM115 - it ends with the process
    sink = Sender(pipe, block=1) if request.streamed else _Sink(pipe)  # block 1: audio of a stream is sent at once
    _limit_process(request)
    sink.send(READY)
    try:
        sink.send(END, _decode(request, sink))
    except InputError as error:
        sink.send(REFUSED, error.args)


def _decode(request: DecodeRequest, sink: Sender) -> object:
    """Decode standard input into the sink, and return the report for a file, None for a stream."""
    if isinstance(sink, _Sink):
        data = open(0, "rb", closefd=False)  # noqa: SIM115 - it ends with the process
        return asdict(decode(data, request.name, request.stream, sink, request.channel))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the source, and then the stream
    decode_stream(partial(os.read, 0), request.name, sink)
    return None


def _limit_process(request: DecodeRequest) -> None:
    """Permanently limit the resources of this process to those that decoding needs."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_CPU, math.ceil(request.seconds))
    if _MEMORY.exists():  # on Linux; macOS does not enforce the limit
        used = int(_MEMORY.read_text().split()[0]) * resource.getpagesize()
        _set_limit(resource.RLIMIT_AS, used + request.memory_mb * 1_000_000)
    _set_limit(resource.RLIMIT_NOFILE, 3)  # the three open files remain open, and no other can be opened


def _set_limit(kind: int, value: int) -> None:
    """Lower a resource limit of this process, unless it is already lower."""
    import resource

    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
