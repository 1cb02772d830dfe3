"""The process that decodes, seen from here: it is started, watched and heard; its code is in `sandbox`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, NoReturn

from meetscribe.audio.decoder import Report, Sink
from meetscribe.audio.pipe_messages import END, LENGTH, READY, REFUSED, SILENCE, SOUND, receive
from meetscribe.audio.sandbox import Request
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.errors import InputError, MeetscribeError, os_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meetscribe.audio.settings import AudioSettings
    from meetscribe.timeline import Seconds

# With -I nothing of the current folder or of Python's variables is taken; what is imported comes from where it
# came from here.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from meetscribe.audio import sandbox; "
_COMMAND = (sys.executable, "-I", "-c", _START + "sandbox.main()")
_WIDTH = 4  # bytes of a float32


def decode_apart(data: IO[bytes], name: str, settings: AudioSettings, sink: Sink, channel: int | None = None) -> Report:
    """As `decoder.decode`, in a process of its own that reads nothing but the open file, within the settings' limits.

    Raises InputError as that does, and where a limit is reached or the decoder breaks down.
    """
    seconds = settings.timeout + settings.max_duration
    request = Request(name, settings.stream, seconds, settings.max_memory_mb, channel)
    with _started(data, request) as process:
        assert process.stdout is not None and process.stderr is not None
        watch = _Watch(process, settings.timeout)
        hearing = _Hearing(sink, watch, name, settings.max_duration)
        try:
            with watch:
                for kind, content in receive(process.stdout):
                    hearing.take(kind, content)
                process.wait()
        except ValueError as error:
            raise _broken(name, "it sends what makes no sense") from error
        if hearing.report is None:
            _explain(process.returncode, name, settings, watch, hearing.ready, _last_line(process.stderr))
        return hearing.report


class _Hearing:
    """The messages of the process put into a sink."""

    def __init__(self, sink: Sink, watch: _Watch, name: str, most: Seconds) -> None:
        self._sink = sink
        self._watch = watch
        self._name = name
        self._most = most
        self._frames = 0
        self.ready = False
        self.report: Report | None = None

    def take(self, kind: bytes, content: object) -> None:
        """Do with a message what is to be done; raises InputError if it says so, or there is too much sound."""
        if kind == READY:
            self.ready = True
        elif kind == LENGTH:
            self._sink.length(content)  # type: ignore[arg-type]  # as it was sent
        elif kind == SOUND and isinstance(content, bytes):
            self._count(len(content) // _WIDTH)
            self._sink.sound(memoryview(content))
        elif kind == SILENCE and isinstance(content, int):
            self._count(content)
            self._sink.silence(content)
        elif kind == END and isinstance(content, dict):
            self.report = Report(**{**content, "tracks": tuple(content["tracks"])})
        elif kind == REFUSED and isinstance(content, list):
            raise InputError(*content)
        self._watch.heard(self._frames / SAMPLE_RATE)

    def _count(self, frames: int) -> None:
        """Add to the samples, before they are taken."""
        self._frames += frames
        if self._frames > self._most * SAMPLE_RATE:
            raise InputError(
                f"{self._name} is longer than {self._most:g} s, the longest recording that is taken",
                "If it is meant to be so long, raise audio.max_duration; else the file is damaged, or a trap.",
            )


class _Watch:
    """Ends a process that is silent for too long, or hands over less sound than time passes; used as a context."""

    def __init__(self, process: subprocess.Popen[bytes], timeout: Seconds) -> None:
        self._process = process
        self._timeout = timeout
        self._started = time.monotonic()
        self._deadline = self._started + timeout
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decoder's watch", daemon=True)
        self.expired = False

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def heard(self, decoded: Seconds) -> None:
        """Wait anew: there are so many seconds of sound by now."""
        self._deadline = min(time.monotonic(), self._started + decoded) + self._timeout

    def _run(self) -> None:
        while not self._ended.wait(min(0.5, self._timeout / 4)):
            if time.monotonic() > self._deadline:
                self.expired = True
                self._process.kill()
                return


@contextmanager
def _started(data: IO[bytes], request: Request) -> Iterator[subprocess.Popen[bytes]]:
    """The process that decodes an open file; at the end it is gone. Raises MeetscribeError if it cannot be had."""
    arguments = (json.dumps(sys.path), json.dumps(asdict(request)))
    try:
        process = subprocess.Popen([*_COMMAND, *arguments], stdin=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise MeetscribeError(
            f"the decoder cannot be started: {os_reason(error)}", "Is the machine out of memory or processes?"
        ) from error
    with process:
        try:
            yield process
        finally:
            process.kill()


def _explain(code: int, name: str, settings: AudioSettings, watch: _Watch, ready: bool, last: str) -> NoReturn:
    """Raise what says why the process ended without a report."""
    if watch.expired or -code == getattr(signal, "SIGXCPU", None):
        raise InputError(
            f"decoding {name} was given up: no sound came for {settings.timeout:g} s, or more slowly than it plays",
            "If the disk is that slow, raise audio.timeout; else the file is damaged, or a trap.",
        )
    if not ready:
        raise MeetscribeError(f"the decoder cannot be started: {last or code}", "Install meetscribe anew.")
    raise _broken(name, last or (signal.Signals(-code).name if code < 0 else f"exit code {code}"))


def _broken(name: str, reason: str) -> InputError:
    return InputError(
        f"the decoder broke down on {name}: {reason}",
        "The file is damaged, or made to do harm. If you trust it, convert it to WAV with another program.",
    )


def _last_line(said: IO[bytes]) -> str:
    """What the process said last; it is little, as FFmpeg is silent."""
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
