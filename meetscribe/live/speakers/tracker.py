"""The speaker tracker of a session: cluster all windows repeatedly, and return the changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import first_line
from meetscribe.live import events
from meetscribe.live.speakers.labels import keep_labels, relabelled
from meetscribe.live.speakers.windows import ChannelWindows
from meetscribe.live.speakers.words import shown_turns, speaker_revisions
from meetscribe.live.transcript import LiveSegment, LiveTranscript
from meetscribe.timeline import Diarization, Seconds, Span, Turn

if TYPE_CHECKING:
    import numpy.typing as npt

    from meetscribe.diarization import Diarizer
    from meetscribe.live.events import Draft
    from meetscribe.live.protocols import AudioChunk

LONGEST: Seconds = 30.0
"""The longest time between two clusterings."""

_RECENT: Seconds = 60.0
"""How long before the horizon words may lie to get speakers between two clusterings."""

_BLOCK = 60 * SAMPLE_RATE
"""Frames per read from an earlier recording."""

Read: TypeAlias = "Callable[[int, int], npt.NDArray[np.float32]]"
"""Returns the samples `(frames, channels)` of a recording between two frames."""

logger = logging.getLogger("meetscribe.live")


@dataclass(slots=True)
class _Group:
    """The people on one channel, or on all channels mixed (`channel` None), with the latest clustering.

    `name` returns the label of the person with a number, from 0; `used` has all labels that were ever given.
    """

    channel: int | None
    name: Callable[[int], str]
    windows: ChannelWindows
    used: set[str] = field(default_factory=set)
    found: Diarization = field(default_factory=lambda: Diarization((), ()))
    labelled: tuple[Turn, ...] = ()
    horizon: Seconds = 0.0

    def keep_labels(self, shown: Sequence[Turn], names: Iterable[str]) -> None:
        """Give the clusters the labels of the last clustering; after a resume, those of the displayed words."""
        self.used |= {*names, *(turn.speaker for turn in shown)}
        labels = keep_labels(self.found.turns, self.labelled or shown, self.used, self.name)
        self.used |= set(labels.values())
        self.labelled = relabelled(self.found.turns, labels)
        self.found = Diarization(self.labelled, relabelled(self.found.exclusive, labels))

    def add(self, samples: npt.NDArray[np.float32]) -> None:
        """Compute the windows of the next samples `(frames, channels)`."""
        mixed = samples.mean(axis=1, dtype=np.float32) if self.channel is None else samples[:, self.channel]
        self.windows.add(mixed)
        self.windows.compute()

    def segments(self, transcript: LiveTranscript) -> list[LiveSegment]:
        """Return the segments of the channel."""
        segments = transcript.segments.values()
        return [segment for segment in segments if self.channel in (None, segment.channel)]


class DiarizationTracker:
    """A SpeakerTracker that computes windows as audio arrives, and clusters all of them at pauses and at intervals.

    `channels` are the labels of the channels if each belongs to a group of people; the first person found in "them" is
    "them", further ones are "them.2", "them.3", …. Otherwise all channels are mixed, and the labels are SPEAKER_00, ….
    The work is done in a thread, or in `revisions` if `threaded` is off. The trackers of a diarizer share `lock`. In a
    resumed session, `read` returns the samples `(frames, channels)` between two frames of the recording, so that
    people keep their labels; without it, the labels are new. If the diarizer fails, `revisions` returns an error once,
    and no further speakers are found.
    """

    def __init__(
        self,
        diarizer: Diarizer,
        channels: Sequence[str] = (),
        *,
        settings: AttributionSettings | None = None,
        threaded: bool = True,
        lock: threading.Lock | None = None,
        read: Read | None = None,
    ) -> None:
        self._diarizer, self._read = diarizer, read
        names = [_numbered_after(label) for label in channels] or ["SPEAKER_{:02d}".format]
        self._groups = [
            _Group(place if channels else None, name, ChannelWindows(diarizer)) for place, name in enumerate(names)
        ]
        self._inbox: list[AudioChunk] = []
        self._settings = settings or AttributionSettings()
        self._lock = lock or threading.Lock()
        self._worker = ThreadPoolExecutor(1, "speakers") if threaded else None
        self._job: Future[list[Diarization | None]] | None = None
        self._received: Seconds = 0.0
        self._submitted: Seconds = 0.0
        self._clustered: Seconds = 0.0
        self._failed = False

    @property
    def horizon(self) -> Seconds:
        """The time up to which speakers are known."""
        return min(group.horizon for group in self._groups)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns of the last clustering up to the horizon, with the displayed labels."""
        return tuple(sorted(turn for group in self._groups for turn in group.labelled))

    def add(self, chunk: AudioChunk) -> None:
        """Receive a chunk."""
        self._inbox.append(chunk)
        self._received = chunk.end_time

    def revisions(self, transcript: LiveTranscript, *, pause: bool = False, final: bool = False) -> Sequence[Draft]:
        """Return the revisions of the words' speakers, and the labels after a new clustering."""
        if self._failed:
            return []
        try:
            changed = self._advance(pause, final)
        except Exception as error:  # speakers are optional: their errors must not end the session
            logger.error("the speakers cannot be found any more", exc_info=error)
            self._failed = True
            remedy = "Words are transcribed without speakers; the final transcript has them."
            return [events.error("speakers.failed", f"the speakers cannot be found: {first_line(error)}", remedy)]
        drafts = [draft for group in self._groups for draft in self._revised(group, transcript, changed)]
        return [*drafts, *([self._speakers(transcript)] if changed else [])]

    def close(self) -> None:
        """End the thread after its current job."""
        if self._worker is not None:
            self._worker.shutdown(cancel_futures=True)

    def _advance(self, pause: bool, final: bool) -> bool:
        """Take the result of the last job and start the next one; return whether there is a new clustering."""
        changed = False
        if self._job is not None and (final or self._job.done()):
            changed = self._take(self._job.result())
            self._job = None
        if self._job is None and (final or self._received - self._submitted >= 1.0 or pause):
            cluster = final or self._is_due(pause)
            self._submitted = self._received
            self._clustered = self._received if cluster else self._clustered
            inbox, self._inbox = self._inbox, []
            if self._worker is None or final:
                return self._take(self._work(inbox, cluster)) or changed
            self._job = self._worker.submit(self._work, inbox, cluster)
        return changed

    def _is_due(self, pause: bool) -> bool:
        """Return whether to cluster now: after 5 s, or 2 s at a pause.

        Both intervals grow with the session up to 30 s, as clustering takes longer.
        """
        since = self._received - self._clustered
        return since >= min(LONGEST, max(2.0 if pause else 5.0, self._received / (60 if pause else 20)))

    def _work(self, inbox: Sequence[AudioChunk], cluster: bool) -> list[Diarization | None]:
        """Compute the windows of new audio, and cluster all windows if `cluster`."""
        with self._lock:
            if inbox and not self._groups[0].windows.received:
                self._begin(inbox[0].start)
            for group in self._groups:
                if inbox:
                    group.add(np.concatenate([chunk.samples for chunk in inbox]))
            return [group.windows.cluster() if cluster else None for group in self._groups]

    def _begin(self, first: int) -> None:
        """Compute the windows of the audio before the first frame, if it can be read; otherwise begin there."""
        for group in self._groups:
            if self._read is None:
                group.windows = ChannelWindows(self._diarizer, first)
                continue
            for start in range(0, first, _BLOCK):
                group.add(self._read(start, min(first, start + _BLOCK)))

    def _take(self, found: Sequence[Diarization | None]) -> bool:
        """Store new clusterings; return whether there is one."""
        for group, diarization in zip(self._groups, found, strict=True):
            if diarization is not None:
                group.found, group.horizon = diarization, group.windows.end
        return any(diarization is not None for diarization in found)

    def _revised(self, group: _Group, transcript: LiveTranscript, changed: bool) -> list[Draft]:
        """Return the revisions of a group's words: all words after a new clustering, otherwise the latest."""
        segments = group.segments(transcript)
        if changed:
            group.keep_labels(shown_turns(segments), transcript.names)
        since = 0.0 if changed else max(0.0, group.horizon - _RECENT)
        return speaker_revisions(segments, group.found, Span(since, max(since, group.horizon)), self._settings)

    def _speakers(self, transcript: LiveTranscript) -> Draft:
        """Return the draft with the labels of all speakers so far and their names."""
        labels = dict.fromkeys(
            [*transcript.names, *(label for group in self._groups for label in group.found.speakers)]
        )
        return events.speakers({label: transcript.names.get(label, label) for label in labels}, self.horizon)


def _numbered_after(label: str) -> Callable[[int], str]:
    """Return a function that labels the people on a channel: the first like the channel, others with a number."""
    return lambda number: label if number == 0 else f"{label}.{number + 1}"
