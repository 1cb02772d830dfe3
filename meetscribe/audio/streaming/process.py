"""Start and supervise the process that decodes a stream, feed it, and receive its audio."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from meetscribe.audio.decoder_process import decoder_failure, early_exit_error, start_decoder
from meetscribe.audio.decoding import MAX_CHANNELS, DecodeRequest
from meetscribe.audio.pipe_messages import CHANNELS, END, READY, REFUSED, SOUND, receive
from meetscribe.audio.settings import AudioSettings
from meetscribe.audio.streaming.feeding import Feeder
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.audio.watchdog import Watchdog
from meetscribe.errors import InputError, MeetscribeError

if TYPE_CHECKING:
    import subprocess

    import numpy.typing as npt

_Messages: TypeAlias = Generator[tuple[bytes, Any], None, tuple[bool, bool]]
_WIDTH = 4  # bytes of a float32


class StreamDecoder:
    """Decodes a container while its bytes arrive, in a process that cannot open files or connections.

    `read(size)` returns the next available bytes, b"" at the end; it is called in a thread. The process starts on first
    use of `channels` or `blocks`. `settings` limit memory, length, and the decoding time of received bytes; the source
    may be silent for any time.
    """

    def __init__(
        self, read: Callable[[int], bytes], name: str = "the stream", settings: AudioSettings | None = None
    ) -> None:
        self._read = read
        self._name = name
        self._settings = settings or AudioSettings()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._messages = self._receive()

    @cached_property
    def channels(self) -> int:
        """The number of channels, at most `MAX_CHANNELS`; waits for the header. Raises InputError as `blocks` does."""
        for kind, content in self._messages:
            if kind == CHANNELS and isinstance(content, int) and 1 <= content <= MAX_CHANNELS:
                return content
            raise decoder_failure(self._name, "it sent invalid data")
        raise InputError(f"{self._name} ended before any audio", "Send it again.")  # after `close`

    def blocks(self) -> Iterator[npt.NDArray[np.float32]]:
        """Yield the decoded audio in blocks `(frames, channels)` at 16 000 Hz in [-1, 1].

        Raises InputError if the bytes are not a recording, have no audio, or reach a limit. Exceptions of `read` are
        raised after the audio before them.
        """
        channels, frames = self.channels, 0
        for kind, content in self._messages:
            if kind != SOUND or len(content) % (_WIDTH * channels):
                raise decoder_failure(self._name, "it sent invalid data")
            samples = np.nan_to_num(np.frombuffer(content, np.float32), nan=0.0)
            yield np.clip(samples, -1.0, 1.0).reshape(-1, channels)
            frames += len(samples) // channels
            if frames > self._settings.max_duration * SAMPLE_RATE:
                limit = f"{self._settings.max_duration:g} s"
                raise InputError(f"{self._name} is longer than {limit}, the limit", "Raise audio.max_duration.")

    def close(self) -> None:
        """End `blocks` immediately, without the audio not yet decoded; may be called from another thread."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def _receive(self) -> Iterator[tuple[bytes, Any]]:
        """Yield the messages with the channels and the audio, and raise the error that ended the process."""
        settings = self._settings
        seconds = settings.timeout + settings.max_duration
        request = DecodeRequest(self._name, None, seconds, settings.max_memory_mb, streamed=True)
        if self._closed:
            return
        with start_decoder(None, request) as process:
            self._process = process
            watchdog = Watchdog(process, settings.timeout)
            feeder = Feeder(process, self._read, watchdog)
            if self._closed:  # by another thread
                return
            with watchdog:
                ready, ended = yield from self._pass_on(process, feeder)
            process.wait()
            if feeder.error is not None:
                raise feeder.error
            if not (ended or self._closed):
                raise self._failure(process, ready, watchdog.expired)

    def _pass_on(self, process: subprocess.Popen[bytes], feeder: Feeder) -> _Messages:
        """Yield the messages for `channels` and `blocks`; return whether READY and END were received."""
        assert process.stdout is not None
        ready = ended = False
        try:
            for kind, content in receive(process.stdout):
                ready, ended = ready or kind == READY, kind == END
                if kind == REFUSED:
                    raise InputError(*content)
                if kind not in (READY, END):
                    with feeder.paused():
                        yield kind, content
        except ValueError as error:
            raise decoder_failure(self._name, "it sent invalid data") from error
        return ready, ended

    def _failure(self, process: subprocess.Popen[bytes], ready: bool, expired: bool) -> MeetscribeError:
        """Return the error for a process that ended without its last message."""
        if not expired:
            return early_exit_error(process, self._name, ready)
        text = f"decoding {self._name} was stopped: it took more than {self._settings.timeout:g} s without audio"
        return InputError(text, "The bytes are damaged or malicious; if the machine is slow, raise audio.timeout.")
