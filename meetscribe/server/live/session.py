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
"""Kinds of events that are not repeated after a reconnection: later ones replace them."""

MAX_WAITING = 2000
"""Events that may wait for a slow client before its connection is closed; it can reconnect and continue."""


@dataclass(eq=False, slots=True)
class Subscriber:
    """A connection that receives events in its own loop."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))
    is_late: bool = False

    def put(self, event: Event | None) -> None:
        """Queue an event, from any thread; None is the end."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event | None) -> None:
        if self.queue.full():
            self.is_late = True
        else:
            self.queue.put_nowait(event)


class LiveSession:
    """A session that survives the loss of its connection. Its methods may be called from any thread."""

    def __init__(
        self, id: str, files: JobFiles, session: Session, recorder: FolderRecorder, limits: AudioSettings
    ) -> None:
        self.id, self.files = id, files
        self._limits = limits
        self._session, self._recorder = session, recorder
        self._lock, self._feeding = threading.Lock(), threading.Lock()
        self._events: list[Event] = list(read_log(recorder.folder))  # those of the start
        self._subscriber: Subscriber | None = None
        self._input: AudioInput | None = None
        self._heard_at = self._text_at = time.monotonic()
        session.listen(self._publish)

    @property
    def received(self) -> Seconds:
        """The audio received so far."""
        return self._session.received

    @property
    def idle(self) -> Seconds:
        """The time since audio or a connection was there last."""
        return 0.0 if self._subscriber is not None else time.monotonic() - self._heard_at

    @property
    def text_age(self) -> Seconds:
        """The time since the last text, while speech is heard; 0 in silence. It grows if recognition stands still."""
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
            self._heard_at = time.monotonic()
            if self._subscriber is subscriber:
                self._subscriber = None

    def open_input(self, format: AudioFormat) -> AudioInput:
        """Return an input for the audio of a connection, once that of the connection before has been received.

        Raises InputError for audio that begins after what has been received.
        """
        if self._input is not None:
            self._input.end()
        if format.is_direct:
            self._input = DirectInput(self.feed)
        else:
            self._input = DecodedInput(self.feed_samples, format, self._limits, format.known(self.received))
        return self._input

    def feed(self, data: bytes) -> None:
        """Receive 16-bit little-endian samples at 16 000 Hz, one channel."""
        self._heard_at = time.monotonic()
        with self._feeding:
            self._session.feed(np.frombuffer(data, "<i2"), SAMPLE_RATE)

    def feed_samples(self, samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        """Receive float32 samples `(frames, channels)` at 16 000 Hz; the channels are mixed to one."""
        self._heard_at = time.monotonic()
        with self._feeding:
            self._session.feed(samples.mean(axis=1), SAMPLE_RATE)

    def flush(self) -> None:
        """Have all words up to here committed: a pause of no length, in which no audio is lost."""
        with self._feeding:
            self._session.pause()
            self._session.resume()

    def control(self, kind: str, members: dict[str, object]) -> bool:
        """Carry out a request of the client; return whether its kind is known. Raises ValueError and KeyError."""
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
        """End at once, without the pending words; the recording stays, and the pipeline recognises all of it."""
        self._recorder.close()
        self.end()

    def end(self) -> None:
        """Send the client the end of the stream, after all events."""
        with self._lock:
            if self._subscriber is not None:
                self._subscriber.put(None)

    def _publish(self, event: Event) -> None:
        """Keep an event and pass it on; called in the thread of the session."""
        now = time.monotonic()
        if event.kind in ("partial", "commit") or (event.kind == "status" and not event.payload.get("active")):
            self._text_at = now
        with self._lock:
            if event.kind not in TRANSIENT:
                self._events.append(event)
            if self._subscriber is not None:
                self._subscriber.put(event)
