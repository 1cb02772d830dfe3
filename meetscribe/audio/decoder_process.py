"""Start and supervise the decoder process, whose code is in `sandbox`."""

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

from meetscribe.audio.decoding import DecodeRequest, DecodingReport, Sink
from meetscribe.audio.pipe_messages import END, LENGTH, READY, REFUSED, SILENCE, SOUND, receive
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.errors import InputError, MeetscribeError, os_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meetscribe.audio.settings import AudioSettings
    from meetscribe.timeline import Seconds

# With -I Python ignores the current folder and PYTHON* variables; modules are imported from where this process imports
# them.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from meetscribe.audio import sandbox; "
_COMMAND = (sys.executable, "-I", "-c", _START + "sandbox.main()")
_WIDTH = 4  # bytes of a float32


def decode_in_process(
    data: IO[bytes], name: str, settings: AudioSettings, sink: Sink, channel: int | None = None
) -> DecodingReport:
    """Decode an open file as `decoder.decode` does, in a process that can read only this file, with limits.

    Raises InputError as `decode` does, and if a limit is reached or the decoder fails.
    """
    seconds = settings.timeout + settings.max_duration
    request = DecodeRequest(name, settings.stream, seconds, settings.max_memory_mb, channel)
    with _start(data, request) as process:
        assert process.stdout is not None and process.stderr is not None
        watchdog = _Watchdog(process, settings.timeout)
        handler = _MessageHandler(sink, watchdog, name, settings.max_duration)
        try:
            with watchdog:
                for kind, content in receive(process.stdout):
                    handler.handle(kind, content)
                process.wait()
        except ValueError as error:
            raise _failure(name, "it sent invalid data") from error
        if handler.report is None:
            last = _last_line(process.stderr)
            _raise_failure(process.returncode, name, settings, watchdog.expired, handler.ready, last)
        return handler.report


class _MessageHandler:
    """Passes the messages of the decoder process to a sink."""

    def __init__(self, sink: Sink, watchdog: _Watchdog, name: str, max_duration: Seconds) -> None:
        self._sink = sink
        self._watchdog = watchdog
        self._name = name
        self._max_duration = max_duration
        self._frames = 0
        self.ready = False
        self.report: DecodingReport | None = None

    def handle(self, kind: bytes, content: object) -> None:
        """Handle a message; raises InputError if it holds one, or the recording is too long."""
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
            self.report = DecodingReport(**{**content, "tracks": tuple(content["tracks"])})
        elif kind == REFUSED and isinstance(content, list):
            raise InputError(*content)
        self._watchdog.extend(self._frames / SAMPLE_RATE)

    def _count(self, frames: int) -> None:
        """Count samples before they are stored."""
        self._frames += frames
        if self._frames > self._max_duration * SAMPLE_RATE:
            raise InputError(
                f"{self._name} is longer than {self._max_duration:g} s, the limit for recordings",
                "If that is its real length, raise audio.max_duration; otherwise the file is damaged or malicious.",
            )


class _Watchdog:
    """Kills a process that sends nothing for too long, or decodes slower than real time; used as a context."""

    def __init__(self, process: subprocess.Popen[bytes], timeout: Seconds) -> None:
        self._process = process
        self._timeout = timeout
        self._started = time.monotonic()
        self._deadline = self._started + timeout
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decoder watchdog", daemon=True)
        self.expired = False

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def extend(self, decoded: Seconds) -> None:
        """Extend the deadline, given the seconds of sound that have been decoded."""
        self._deadline = min(time.monotonic(), self._started + decoded) + self._timeout

    def _run(self) -> None:
        while not self._ended.wait(min(0.5, self._timeout / 4)):
            if time.monotonic() > self._deadline:
                self.expired = True
                self._process.kill()
                return


@contextmanager
def _start(data: IO[bytes], request: DecodeRequest) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process that decodes an open file, and kill it at the end; raises MeetscribeError if it fails."""
    arguments = (json.dumps(sys.path), json.dumps(asdict(request)))
    try:
        process = subprocess.Popen([*_COMMAND, *arguments], stdin=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise MeetscribeError(
            f"the decoder cannot be started: {os_reason(error)}", "Check the free memory and the number of processes."
        ) from error
    with process:
        try:
            yield process
        finally:
            process.kill()


def _raise_failure(code: int, name: str, settings: AudioSettings, expired: bool, ready: bool, last: str) -> NoReturn:
    """Raise the error for a process that has ended without a report."""
    if expired or -code == getattr(signal, "SIGXCPU", None):
        raise InputError(
            f"decoding {name} was stopped: it gave no sound for {settings.timeout:g} s, or was slower than real time",
            "If the disk is slow, raise audio.timeout; otherwise the file is damaged or malicious.",
        )
    if not ready:
        remedy = "Reinstall the decoder: python -m pip install --force-reinstall av"
        raise MeetscribeError(f"the decoder cannot be started: {last or code}", remedy)
    raise _failure(name, last or (signal.Signals(-code).name if code < 0 else f"exit code {code}"))


def _failure(name: str, reason: str) -> InputError:
    return InputError(
        f"the decoder failed on {name}: {reason}",
        "The file is damaged or malicious. If you trust it, convert it to WAV with another program.",
    )


def _last_line(stderr: IO[bytes]) -> str:
    """Return the last line that the process has printed; there is little, as FFmpeg is silenced."""
    lines = stderr.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
