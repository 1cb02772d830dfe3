"""Start and supervise the decoder process, which runs `sandbox.main`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, NoReturn

from meetscribe.audio.decoding import DecodeRequest, DecodingReport, Sink
from meetscribe.audio.pipe_messages import END, LENGTH, READY, REFUSED, SILENCE, SOUND, receive
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.audio.watchdog import Watchdog
from meetscribe.errors import InputError, MeetscribeError, os_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meetscribe.audio.settings import AudioSettings
    from meetscribe.timeline import Seconds

# With -I, Python ignores the current folder and PYTHON* variables; the process gets the module path of this one.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from meetscribe.audio import sandbox; "
_COMMAND = (sys.executable, "-I", "-c", _START + "sandbox.main()")
_WIDTH = 4  # bytes of a float32


def decode_in_process(
    data: IO[bytes], name: str, settings: AudioSettings, sink: Sink, channel: int | None = None
) -> DecodingReport:
    """Decode an open file as `decoder.decode` does, in a process that can read only this file, with limits.

    Raises InputError as `decode` does, and if a limit is reached or the decoder fails.
    """
    # The limit of processor time: enough to start, and to decode the longest recording in real time.
    seconds = settings.timeout + settings.max_duration
    request = DecodeRequest(name, settings.stream, seconds, settings.max_memory_mb, channel)
    with start_decoder(data, request) as process:
        assert process.stdout is not None
        watchdog = Watchdog(process, settings.timeout)
        handler = _MessageHandler(sink, watchdog, name, settings.max_duration)
        try:
            with watchdog:
                for kind, content in receive(process.stdout):
                    handler.handle(kind, content)
                process.wait()
        except ValueError as error:
            raise decoder_failure(name, "it sent invalid data") from error
        if handler.report is None:
            _raise_failure(process, name, settings, watchdog.expired, handler.ready)
        return handler.report


class _MessageHandler:
    """Passes the messages of the decoder process to a sink."""

    def __init__(self, sink: Sink, watchdog: Watchdog, name: str, max_duration: Seconds) -> None:
        self._sink = sink
        self._watchdog = watchdog
        self._name = name
        self._max_duration = max_duration
        self._samples = 0
        self._started = time.monotonic()
        self.ready = False
        self.report: DecodingReport | None = None

    def handle(self, kind: bytes, content: object) -> None:
        """Handle a message; raises InputError if it reports one, or if the recording is too long."""
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
        # A decoder slower than real time is stopped too, once it is `timeout` seconds behind.
        in_real_time = self._started + self._samples / SAMPLE_RATE
        self._watchdog.restart(min(time.monotonic(), in_real_time))

    def _count(self, samples: int) -> None:
        """Count samples before they are stored; raises InputError if the recording is longer than the limit."""
        self._samples += samples
        if self._samples > self._max_duration * SAMPLE_RATE:
            raise InputError(
                f"{self._name} is longer than {self._max_duration:g} s, the limit for recordings",
                "If that is its real length, raise audio.max_duration; otherwise the file is damaged or malicious.",
            )


@contextmanager
def start_decoder(data: IO[bytes] | None, request: DecodeRequest) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that decodes an open file, and kill it at the end.

    Without a file, its standard input is a pipe. Raises MeetscribeError if the process cannot be started.
    """
    arguments = (json.dumps(sys.path), json.dumps(asdict(request)))
    stdin = subprocess.PIPE if data is None else data
    try:
        process = subprocess.Popen([*_COMMAND, *arguments], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise MeetscribeError(
            f"the decoder cannot be started: {os_reason(error)}", "Check the free memory and the number of processes."
        ) from error
    with process:
        try:
            yield process
        finally:
            process.kill()


def _raise_failure(
    process: subprocess.Popen[bytes], name: str, settings: AudioSettings, expired: bool, ready: bool
) -> NoReturn:
    """Raise the error for a process that has ended without a report."""
    if expired or -process.returncode == getattr(signal, "SIGXCPU", None):
        raise InputError(
            f"decoding {name} was stopped: no audio for {settings.timeout:g} s, or slower than real time",
            "If the disk is slow, raise audio.timeout; otherwise the file is damaged or malicious.",
        )
    raise early_exit_error(process, name, ready)


def early_exit_error(process: subprocess.Popen[bytes], name: str, ready: bool) -> MeetscribeError:
    """Return the error for a process that ended early; `ready` states whether it had started decoding."""
    code, last = process.returncode, _last_line(process)
    if ready:
        return decoder_failure(name, last or (signal.Signals(-code).name if code < 0 else f"exit code {code}"))
    remedy = "Reinstall the decoder: python -m pip install --force-reinstall av"
    return MeetscribeError(f"the decoder cannot be started: {last or code}", remedy)


def decoder_failure(name: str, reason: str) -> InputError:
    """Return the error for a decoder that failed on a recording."""
    return InputError(
        f"the decoder failed on {name}: {reason}",
        "The file is damaged or malicious. If you trust it, convert it to WAV with another program.",
    )


def _last_line(process: subprocess.Popen[bytes]) -> str:
    """Return the last line that the process printed to stderr, "" if there is none."""
    assert process.stderr is not None
    lines = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
