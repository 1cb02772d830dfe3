"""The process that decodes: once it has begun, it can open no file and no connection, and has its limits.

The recording is its standard input, messages go to its standard output. What the decoder could be made to do by a
file that was made for it, or where it crashes, thus stays here. On Windows there are no such limits: there is only
what the process that started it does, which stops it after a time.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from meetscribe.audio.decoder import decode
from meetscribe.audio.pipe_messages import END, LENGTH, READY, REFUSED, Sender
from meetscribe.errors import InputError
from meetscribe.timeline import Seconds

_SIZES = Path("/proc/self/statm")
_MODULES = ("av", "av.error", "av.filter", "av.subtitles.codeccontext", "av.subtitles.stream", "av.stream")
"""What PyAV would import at its first use, when no file can be opened any more."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be decoded, and within what: seconds of processor time and megabytes."""

    name: str
    stream: int | None
    seconds: Seconds
    memory_mb: int
    channel: int | None = None


class _Sink(Sender):
    """Messages as the decoder puts its sound into them."""

    def length(self, seconds: Seconds | None) -> None:
        """Tell how long the file says that it is."""
        self.tell(LENGTH, seconds)


def main() -> None:
    """Decode standard input as the first argument of the process, a Request in JSON, says."""
    for module in _MODULES:
        import_module(module)
    request = Request(**json.loads(sys.argv[1]))
    sink = _Sink(open(1, "wb", closefd=False))  # noqa: SIM115 - it ends with the process
    data = open(0, "rb", closefd=False)  # noqa: SIM115
    _confine(request)
    sink.tell(READY)
    try:
        report = decode(data, request.name, request.stream, sink, request.channel)
        sink.tell(END, asdict(report))
    except InputError as error:
        sink.tell(REFUSED, error.args)


def _confine(request: Request) -> None:
    """Give up all rights that decoding does not need, for good."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, math.ceil(request.seconds))
    if _SIZES.exists():  # on Linux; macOS does not keep the limit
        used = int(_SIZES.read_text().split()[0]) * resource.getpagesize()
        _limit(resource.RLIMIT_AS, used + request.memory_mb * 1_000_000)
    _limit(resource.RLIMIT_NOFILE, 3)  # the three that are open stay so, and no other can be


def _limit(kind: int, most: int) -> None:
    """Lower a limit of this process, unless it is lower already."""
    import resource

    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
