"""A live session: feed it audio, receive events, stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import OutputError
from meetscribe.live import events
from meetscribe.live.backlog import Backlog
from meetscribe.live.events import Draft, Event
from meetscribe.live.processing.processor import Parts, Processor
from meetscribe.live.protocols import AudioChunk, Recorder, Source, SpeakerTracker
from meetscribe.live.publisher import Listener, Publisher
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.live.settings import LiveSettings
from meetscribe.live.sources.level import LevelMeter
from meetscribe.live.sources.microphones import MicrophoneSource
from meetscribe.live.sources.normalising import Normaliser, Pcm
from meetscribe.live.transcript import LiveTranscript
from meetscribe.live.worker import Worker
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.live.recording.state import Action, State

_MAX_BACKLOG: Seconds = 20.0
"""The audio in the backlog above which a patient source waits."""
_POLL: Seconds = 0.2
_UNLOGGED = 100_000
"""More events than can follow the last logged one; those of the kinds "partial" and "status" are not logged."""


class Session:
    """Turns audio into events in a separate thread, after the recorder has stored it.

    Without a `recorder`, nothing is stored; if the recorder resumes a session, the audio after the last committed word
    is recognised again. `tracker` finds the speakers. `parts` replaces the activity detector and the commit policy, and
    assigns speakers to channels. `listeners` are called with each event from the first on. Times are counted in
    samples, independent of any clock.
    """

    def __init__(
        self,
        recogniser: LiveRecogniser,
        settings: LiveSettings | None = None,
        *,
        recorder: Recorder | None = None,
        tracker: SpeakerTracker | None = None,
        parts: Parts | None = None,
        listeners: Iterable[Listener] = (),
    ) -> None:
        self.settings = settings or LiveSettings()
        self._recorder = recorder
        transcript = _with_new_numbers(recorder.transcript) if recorder is not None else LiveTranscript()
        self._next = recorder.next_frame if recorder is not None else 0
        origin = _resumed_at(transcript, self._next)
        self._publisher = Publisher(transcript, recorder)
        for listener in listeners:
            self._publisher.listen(listener)
        self._processor = Processor(recogniser, self.settings, parts, origin)
        self._backlog = Backlog(self.settings.backlog, recorder)
        if origin < self._next:
            self._backlog.add_saved(origin, self._next)
        self._worker = Worker(self._processor, self._backlog, self._publisher, tracker, self.settings)
        self._normaliser: Normaliser | None = None
        self._meter = LevelMeter()
        self._paused = self._stopped = False
        self._lock = threading.RLock()
        self._publish(events.state("recording"), *_closing(transcript))
        self._worker.start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def transcript(self) -> LiveTranscript:
        """The transcript after all events so far."""
        return self._publisher.transcript

    @property
    def language(self) -> str:
        """The language once it is fixed, "und" before."""
        return self._processor.language or "und"

    @property
    def received(self) -> Seconds:
        """The seconds of audio received so far."""
        return self._next / SAMPLE_RATE

    def events(self) -> Iterator[Event]:
        """Return an iterator over future events until the session is closed; it blocks until the next one."""
        return self._publisher.events()

    def listen(self, listener: Listener) -> None:
        """Call a function with each event from now on, in the thread that publishes it."""
        self._publisher.listen(listener)

    def feed(self, samples: Pcm, rate: int = SAMPLE_RATE) -> None:
        """Receive audio: int16 or float32, `(frames,)` or `(frames, channels)`, at any constant rate.

        Returns at once; audio is ignored during a pause and after `stop`. Raises ValueError for another type or shape,
        or if the rate or the number of channels changes.
        """
        with self._lock:
            if self._stopped:  # `stop` has emptied the resamplers, which take no more audio
                return
            if self._normaliser is None:
                self._normaliser = Normaliser(rate, 1 if samples.ndim == 1 else samples.shape[1])
            if rate != self._normaliser.rate:
                raise ValueError(f"the rate must stay at {self._normaliser.rate} Hz, but is {rate} Hz")
            self._receive(self._normaliser.add(samples))

    def run(self, source: Source) -> None:
        """Receive a source until it ends or the session stops; raises InputError if it cannot be read."""
        self._meter.source = source.name
        if isinstance(source, MicrophoneSource):
            self._meter.source = "this microphone"
            self._meter.remedy = "Check that it is switched on and not muted, or choose another one."
        for chunk in source.chunks():
            while source.pausable and self._paused and not self._stopped:
                time.sleep(_POLL)
            if self._stopped:
                break
            self._receive(chunk.samples)
            while source.patient and self._worker.alive and not self._backlog.wait_below(_MAX_BACKLOG, _POLL):
                pass

    def pause(self) -> None:
        """Ignore audio until `resume`, and commit the words so far."""
        with self._lock:
            if not (self._paused or self._stopped):
                self._paused = True
                self._backlog.add_break()
                self._change("pause", "paused")

    def resume(self) -> None:
        """Continue after a pause, which takes no time: the next audio has the time at which the pause began."""
        with self._lock:
            if self._paused and not self._stopped:
                self._paused = False
                self._change("resume", "recording")

    def mark(self, text: str = "") -> None:
        """Mark the current time, with an optional text."""
        self._publish(events.mark(self.received, text))

    def rename(self, label: str, name: str) -> None:
        """Name the speaker with a label."""
        names = {**self.transcript.names, label: name}
        self._publish(events.speakers(names, self.transcript.horizon))

    def correct(self, segment: str, first: int, last: int, text: str) -> None:
        """Replace the words `first` to `last` (inclusive) of a segment.

        Raises ValueError if it has no such positions, or if earlier corrections emptied all of them.
        """
        found = self.transcript.segments.get(segment)
        part = found.words[max(0, first) : last + 1] if found is not None else ()
        if not any(part):
            raise ValueError(f"segment {segment} has no words {first} to {last}")
        revision = found.revision + 1 if found is not None else 1
        self._publish(events.revise_text(segment, revision, first, last, text))

    def publish(self, *drafts: Draft) -> None:
        """Publish drafts from outside the session, such as those of `recording.finishing.Ending`."""
        self._publish(*drafts)

    def stop(self) -> LiveTranscript:
        """Recognise the remaining audio, commit all words and return the transcript; a second call only returns it.

        Raises the error of the recogniser, if it failed. The recorder stays open.
        """
        with self._lock:
            if not self._stopped:
                if self._normaliser is not None:
                    self._receive(self._normaliser.finish())
                self._stopped = True
                self._change("stop", "stopping")
                self._backlog.end()
        self._worker.join()
        if self._worker.error is not None:
            raise self._worker.error
        if self._recorder is None and self.transcript.state == "stopping":
            self._publish(events.state("live-final"))
        return self.transcript

    def close(self) -> None:
        """Stop, and end the iterators of `events`."""
        try:
            self.stop()
        finally:
            self.end_events()

    def end_events(self) -> None:
        """End the iterators of `events`, which wait for further events even after `stop`."""
        self._publisher.close()

    def _receive(self, samples: npt.NDArray[np.float32]) -> None:
        """Store samples `(frames, channels)` at 16 kHz, and queue them for the recogniser."""
        with self._lock:
            if self._paused or self._stopped or not len(samples):
                return
            chunk = AudioChunk(self._next, samples)
            self._next = chunk.end
            saved = self._write(chunk)
            if (silent := self._meter.add(samples)) is not None:
                self._publish(silent)
            self._worker.level = self._meter.level
            self._backlog.add(chunk, saved=saved)

    def _write(self, chunk: AudioChunk) -> bool:
        """Store a chunk; return whether it is on disk. An error is published, and the session goes on."""
        if self._recorder is None:
            return False
        before = self._recorder.saved
        try:
            self._recorder.write(chunk)
        except OutputError as failure:
            self._publish(events.error("recording.disk", failure.message, failure.remedy))
        self._worker.saved = self._recorder.saved
        return self._recorder.saved > before

    def _publish(self, *drafts: Draft) -> None:
        self._publisher.publish(drafts, self.received)

    def _change(self, action: Action, state: State) -> None:
        """Change the state on disk and publish it."""
        if self._recorder is not None:
            self._recorder.change(action)
        self._publish(events.state(state))


def _resumed_at(transcript: LiveTranscript, recorded: int) -> int:
    """Return the first frame to recognise in a resumed session: that after the last committed word."""
    ends = [word.end for word in transcript.words]
    return min(recorded, round(max(ends, default=0.0) * SAMPLE_RATE))


def _with_new_numbers(transcript: LiveTranscript) -> LiveTranscript:
    """Return the transcript whose next event has a new number: after a crash, events that were not logged had some."""
    crashed = transcript.seq and transcript.state in ("recording", "paused", "stopping")
    return replace(transcript, seq=transcript.seq + _UNLOGGED) if crashed else transcript


def _closing(transcript: LiveTranscript) -> Iterator[Draft]:
    """Yield drafts that close the segments that a crash left open."""
    for segment in transcript.segments.values():
        if not segment.closed and segment.words:
            yield events.commit(segment.id, len(segment.words), (), channel=segment.channel, closed=True)
