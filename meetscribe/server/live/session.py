"""One live session of the server: its recording, its events so far, and the connection that receives them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from meetscribe.audio import SAMPLE_RATE, AudioSettings
from meetscribe.live import Event, Session
from meetscribe.live.recording.event_log import read_log
from meetscribe.live.recording.finishing import Ending, Outputs
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.server.jobs.files import JobFiles
from meetscribe.server.live.audio_input import AudioFormat, AudioInput, DecodedInput, DirectInput
from meetscribe.timeline import Seconds

TRANSIENT = ("partial", "status")
"""Kinds of events that are not resent after a reconnection, because later events replace them."""

MAX_WAITING = 2000
"""The number of queued events after which the connection of a slow client is closed; it can reconnect."""


@dataclass(eq=False, slots=True)
class Subscriber:
    """The event queue of a connection, in the event loop of the connection."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))
    is_late: bool = False

    def put(self, event: Event | None) -> None:
        """Queue an event from any thread; None marks the end."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event | None) -> None:
        if self.queue.full():
            self.is_late = True
        else:
            self.queue.put_nowait(event)


class LiveSession:
    """A session that survives a lost connection. The methods are thread-safe."""

    def __init__(
        self, id: str, files: JobFiles, session: Session, recorder: FolderRecorder, limits: AudioSettings
    ) -> None:
        self.id, self.files = id, files
        self._limits = limits
        self._session, self._recorder = session, recorder
        self._lock, self._feed_lock = threading.Lock(), threading.Lock()
        self._events: list[Event] = list(read_log(recorder.folder))  # the events written before this session listens
        self._subscriber: Subscriber | None = None
        self._input: AudioInput | None = None
        self._active_at = self._text_at = time.monotonic()
        session.listen(self._publish)

    @property
    def received(self) -> Seconds:
        """The received audio in seconds."""
        return self._session.received

    @property
    def idle(self) -> Seconds:
        """The time since the last audio or the end of the last connection, 0 while a client is connected."""
        return 0.0 if self._subscriber is not None else time.monotonic() - self._active_at

    @property
    def text_age(self) -> Seconds:
        """The time since the last text or silence; during speech, it grows if recognition hangs."""
        return time.monotonic() - self._text_at

    def subscribe(self, last: int) -> Subscriber:
        """Return a subscriber to the events after the number `last`; an earlier connection is closed."""
        subscriber = Subscriber(asyncio.get_running_loop())
        with self._lock:
            if self._subscriber is not None:
                self._subscriber.put(None)
            missed = [event for event in self._events if event.seq > last]
            subscriber.queue = asyncio.Queue(MAX_WAITING + len(missed))
            for event in missed:
                subscriber.queue.put_nowait(event)
            self._subscriber = subscriber
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """End a subscription."""
        with self._lock:
            self._active_at = time.monotonic()
            if self._subscriber is subscriber:
                self._subscriber = None

    def open_input(self, format: AudioFormat) -> AudioInput:
        """Return an input for the audio of a connection, after the audio of the previous connection was received.

        Raises InputError for audio that begins after the received audio.
        """
        if self._input is not None:
            self._input.end()
        if format.is_direct:
            self._input = DirectInput(self.feed)
        else:
            self._input = DecodedInput(self.feed_samples, format, self._limits, format.samples_to_skip(self.received))
        return self._input

    def feed(self, data: bytes) -> None:
        """Receive 16-bit little-endian samples at 16 000 Hz, one channel."""
        self._active_at = time.monotonic()
        with self._feed_lock:
            self._session.feed(np.frombuffer(data, "<i2"), SAMPLE_RATE)

    def feed_samples(self, samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        """Receive float32 samples `(frames, channels)` at 16 000 Hz; the channels are mixed to one."""
        self._active_at = time.monotonic()
        with self._feed_lock:
            self._session.feed(samples.mean(axis=1), SAMPLE_RATE)

    def flush(self) -> None:
        """Commit all words so far, by a pause of zero length in which no audio is lost."""
        with self._feed_lock:
            self._session.pause()
            self._session.resume()

    def control(self, kind: str, members: dict[str, object]) -> bool:
        """Execute a command of the client, and return whether its kind is known; raises ValueError and KeyError."""
        actions: dict[str, Callable[[], None]] = {
            "pause": self._session.pause,
            "resume": self._session.resume,
            "mark": lambda: self._session.mark(str(members.get("text", ""))[:500]),
            "rename": lambda: self._session.rename(str(members["label"])[:200], str(members["name"])[:200]),
        }
        if kind not in actions:
            return False
        actions[kind]()
        return True

    def finish(self) -> None:
        """Commit all words and write the live transcript; raises InputError if nothing was recorded."""
        if self._input is not None:
            self._input.end()
        try:
            self._session.stop()
        finally:
            try:
                Ending(self._recorder, Outputs({"json": self.files.transcript}), self._session.publish).write_live()
            finally:
                self._recorder.close()
                self._session.close()

    def interrupt(self) -> None:
        """End immediately without the pending words; the recording is kept for the pipeline."""
        self._recorder.close()
        self.end()

    def end(self) -> None:
        """Send the end of the stream to the client, after all events."""
        with self._lock:
            if self._subscriber is not None:
                self._subscriber.put(None)

    def _publish(self, event: Event) -> None:
        """Store an event and pass it to the subscriber; called in the thread of the session."""
        now = time.monotonic()
        if event.kind in ("partial", "commit") or (event.kind == "status" and not event.payload.get("active")):
            self._text_at = now
        with self._lock:
            if event.kind not in TRANSIENT:
                self._events.append(event)
            if self._subscriber is not None:
                self._subscriber.put(event)
