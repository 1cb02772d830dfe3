"""The thread of a session: recognise the audio in the backlog, and publish the resulting events."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout  # another class before Python 3.11
from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import MeetscribeError, first_line
from meetscribe.live import events
from meetscribe.live.backlog import Backlog, Break
from meetscribe.live.events import Draft
from meetscribe.live.processing.processor import Processor
from meetscribe.live.protocols import Hypothesis, SpeakerTracker, Window
from meetscribe.live.publisher import Publisher
from meetscribe.live.recognition.recogniser import unresponsive
from meetscribe.live.recognition.window_decoding import Decoding
from meetscribe.live.settings import LiveSettings
from meetscribe.runtime.background import BackgroundThread
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.errors import JSON

_POLL: Seconds = 0.2
_MAX_IN_UTTERANCES: Seconds = 60.0
"""The audio in utterances above which further audio stays in the backlog."""
_STATUS: Seconds = 1.0
"""The audio between two status events."""
_FAILURES = 3
"""The number of consecutive failed decodings that ends recognition."""
_REMEDY = "A recorded session is still saved: meetscribe run transcribes its folder."
_ERRORS = (MeetscribeError, RuntimeError, OSError, ValueError, MemoryError)


class Worker(BackgroundThread):
    """Runs until the backlog has ended and all words are committed; `error` is the exception that ended it earlier.

    `level` (in dBFS) and `saved` (in seconds) are set by the session and published with the status.
    """

    def __init__(
        self,
        processor: Processor,
        backlog: Backlog,
        publisher: Publisher,
        tracker: SpeakerTracker | None,
        settings: LiveSettings,
    ) -> None:
        super().__init__(self._work, "live-session", self.abandon)
        self.error: BaseException | None = None
        self.level: float | None = None
        self.saved: Seconds | None = None
        self._processor = processor
        self._backlog = backlog
        self._publisher = publisher
        self._tracker = tracker
        self._settings = settings
        self._abandoned = threading.Event()
        self._failures = 0
        self._reported = -_STATUS
        self._utterance_ended = False

    @property
    def alive(self) -> bool:
        """Whether audio is still being recognised."""
        return self.error is None and self.is_alive()

    def abandon(self) -> None:
        """End after the current window, because the process exits."""
        self._abandoned.set()

    def _work(self) -> None:
        """Recognise until the end; an error is published as fatal."""
        try:
            while not self._backlog.exhausted:
                self._take(_POLL)
                self._recognise()
                self._report()
                self._end_if_abandoned()
            self._processor.finish()
            self._recognise()
            self._report(final=True)
        except BaseException as failure:
            self.error = failure
            if self._abandoned.is_set():
                return
            remedy = failure.remedy if isinstance(failure, MeetscribeError) else _REMEDY
            self._publish(events.error("recogniser.failed", first_line(failure), remedy, fatal=True))

    def _take(self, timeout: Seconds) -> None:
        """Move waiting audio from the backlog to the channels, up to a limit; wait `timeout` seconds for the first."""
        while self._processor.waiting < _MAX_IN_UTTERANCES and (chunk := self._backlog.take(timeout)) is not None:
            timeout = 0.0
            if isinstance(chunk, Break):
                self._processor.finish()
                return
            self._processor.add(chunk)
            if self._tracker is not None:
                self._tracker.add(chunk)

    def _recognise(self) -> None:
        """Recognise windows until more audio is needed; audio that arrives meanwhile lengthens the next ones."""
        while (window := self._processor.next_window()) is not None:
            self._publish(*self._processor.accept(window, self._decode(window)))
            self._utterance_ended |= window.final
            self._take(0.0)
            self._report()

    def _decode(self, window: Window) -> Decoding:
        """Return the decoding of a window; after an error of the engine, an empty and doubtful one."""
        self._end_if_abandoned()
        try:
            decoding = self._await(self._processor.recogniser(window).decode(window))
        except _ERRORS as failure:
            self._failures += 1
            if self._failures >= _FAILURES:
                raise
            remedy = "Recognition goes on; words may be missing here."
            self._publish(events.error("recogniser.window", first_line(failure), remedy))
            return Decoding(Hypothesis((), window.span, window.final, doubtful=True), "und")
        self._failures = 0
        return decoding

    def _end_if_abandoned(self) -> None:
        """Raise CancelledError after `abandon`."""
        if self._abandoned.is_set():
            raise CancelledError

    def _await(self, future: Future[Decoding]) -> Decoding:
        """Return a result; publish an error each time the model gives none for `patience` seconds."""
        patience = self._settings.patience
        while True:
            try:
                return future.result(timeout=patience)
            except FutureTimeout:
                if future.done():  # the model itself raised the error
                    raise
                failure = unresponsive(patience)
                self._publish(events.error("recogniser.unresponsive", failure.message, failure.remedy))

    def _report(self, *, final: bool = False) -> None:
        """Publish revisions of speakers and the status, about every second; revisions also after each utterance."""
        received = self._received
        if not final and received - self._reported < _STATUS and not self._utterance_ended:
            return
        pause, self._utterance_ended = self._utterance_ended, False
        if self._tracker is not None:
            self._publish(*self._tracker.revisions(self._publisher.transcript, pause=pause, final=final))
        if final or received - self._reported >= _STATUS:
            self._reported = received
            self._publish(self._status(received))

    def _status(self, received: Seconds) -> Draft:
        """Return the status: the times reached, the delays in seconds, whether there is speech, and the level."""
        recognised = min(self._processor.recognised, received)
        policy_lag = min(self._processor.policy_lag, recognised)
        horizon = None if self._tracker is None else self._tracker.horizon
        payload: dict[str, JSON] = {
            "received": received,
            "recognised": recognised,
            "committed": recognised - policy_lag,
            "compute_lag": received - recognised,
            "policy_lag": policy_lag,
            "diarizer_lag": None if horizon is None else max(0.0, received - horizon),
            "active": self._processor.speaking,
            "level": self.level,
            "saved": self.saved,
        }
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in payload.items()}
        return Draft("status", rounded)

    @property
    def _received(self) -> Seconds:
        return self._processor.received / SAMPLE_RATE + self._backlog.seconds

    def _publish(self, *drafts: Draft) -> None:
        self._publisher.publish(drafts, self._received)
