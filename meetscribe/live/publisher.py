"""Publish the events of a session: number them, apply them to the transcript, log them, and call the listeners."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator

from meetscribe.errors import OutputError
from meetscribe.live.events import Draft, Event, error
from meetscribe.live.protocols import Recorder
from meetscribe.live.transcript import LiveTranscript
from meetscribe.timeline import Seconds

Listener = Callable[[Event], object]


class Publisher:
    """Assigns the numbers of events; several threads may publish.

    All events except those of the kinds "partial" and "status" are logged. If the log cannot be written, one error is
    published, and publishing continues.
    """

    def __init__(self, transcript: LiveTranscript, recorder: Recorder | None) -> None:
        self.transcript = transcript
        self._recorder = recorder
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._queues: list[queue.SimpleQueue[Event | None]] = []
        self._closed = False

    def listen(self, listener: Listener) -> None:
        """Call a function with each event from now on, in the thread that publishes it."""
        with self._lock:
            self._listeners.append(listener)

    def events(self) -> Iterator[Event]:
        """Return an iterator over future events until the session is closed; it blocks until the next one."""
        waiting: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        with self._lock:
            if self._closed:
                waiting.put(None)
            self._queues.append(waiting)
        return iter(waiting.get, None)

    def publish(self, drafts: Iterable[Draft], time: Seconds) -> None:
        """Publish drafts in their order; `time` is the audio received so far."""
        with self._lock:
            for draft in drafts:
                event = draft.published(self.transcript.seq + 1, time)
                self.transcript = self.transcript.apply(event)
                failure = self._log(event)
                for listener in self._listeners:
                    listener(event)
                for waiting in self._queues:
                    waiting.put(event)
                if failure is not None:
                    self.publish([error("recording.log", failure.message, failure.remedy)], time)

    def close(self) -> None:
        """End the iterators of `events`."""
        with self._lock:
            self._closed = True
            for waiting in self._queues:
                waiting.put(None)

    def _log(self, event: Event) -> OutputError | None:
        """Append an event to the log; return the error if the recorder raises one, which it does once per failure."""
        try:
            if self._recorder is not None and event.kind not in ("partial", "status"):
                self._recorder.log(event)
        except OutputError as failure:
            return failure
        return None
