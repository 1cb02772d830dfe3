"""The interfaces between the parts of a live session, over frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Span, cut
from meetscribe.transcript import Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.live.events import Draft, Event
    from meetscribe.live.recording.state import Action, State
    from meetscribe.live.transcript import LiveTranscript


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Consecutive samples of a session: float32 `(frames, channels)` at 16 000 Hz, from the frame `start` on.

    Frames are counted from the start of the session; chunks follow each other without gaps.
    """

    start: int
    samples: npt.NDArray[np.float32]

    @property
    def end(self) -> int:
        """The frame after the last one."""
        return self.start + len(self.samples)

    @property
    def end_time(self) -> Seconds:
        """The end in seconds from the start of the session."""
        return self.end / SAMPLE_RATE


class Source(Protocol):
    """A source of audio as it arrives."""

    @property
    def channels(self) -> int:
        """The number of channels, 1 to 8."""
        ...

    @property
    def name(self) -> str:
        """The displayed name, such as that of the file or the microphone."""
        ...

    @property
    def patient(self) -> bool:
        """Whether the source waits while the recogniser is behind, as a file read at full speed does."""
        ...

    @property
    def pausable(self) -> bool:
        """Whether the source waits during a pause, as a file does; the audio of other sources is ignored meanwhile."""
        ...

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the audio from frame 0 on as it arrives, until the source ends.

        Raises InputError if the source cannot be read.
        """
        ...

    def close(self) -> None:
        """Stop the source: `chunks` ends soon; audio that it has not yielded yet may be dropped."""
        ...


class Recorder(Protocol):
    """Keeps the audio and the events of a session on disk."""

    def write(self, chunk: AudioChunk) -> None:
        """Store a chunk before it is recognised.

        Raises OutputError if the disk is full or not writable, only once until storing works again.
        """
        ...

    def read(self, start: int, end: int) -> npt.NDArray[np.float32]:
        """Return the stored frames from `start` up to `end`, `(frames, channels)`, for a recogniser that is behind."""
        ...

    def log(self, event: Event) -> None:
        """Append an event to the log of the session.

        Raises OutputError if it cannot be written, but only once until writing works again: the error is published as
        an event, which is logged too.
        """
        ...

    def change(self, action: Action) -> State:
        """Change the state of the session on disk, and return the new one."""
        ...

    @property
    def saved(self) -> Seconds:
        """The seconds of audio on disk."""
        ...

    @property
    def next_frame(self) -> int:
        """The first frame to write: 0, or in a resumed session the frame after the last one."""
        ...

    @property
    def transcript(self) -> LiveTranscript:
        """The transcript after the events that were logged before the session was opened."""
        ...

    def close(self) -> None:
        """Close the last piece of audio and the log; a second call has no effect."""
        ...


class SpeakerTracker(Protocol):
    """Finds the speakers while audio arrives."""

    def add(self, chunk: AudioChunk) -> None:
        """Receive a chunk; must return fast, because it is called between two decodings."""
        ...

    def revisions(self, transcript: LiveTranscript, *, pause: bool = False, final: bool = False) -> Sequence[Draft]:
        """Return drafts of the kinds "revise" and "speakers" for all changes.

        Called about every second, with `pause` after each utterance, and once with `final` at the end. `transcript`
        has all committed words. If two speakers turn out to be one, the label that disappears is never given to another
        person.
        """
        ...

    @property
    def horizon(self) -> Seconds:
        """The time up to which speakers are known."""
        ...

    def close(self) -> None:
        """Release threads and models."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Audio of an utterance to recognise: mono float32 `samples`, `(n,)`, that start at the sample `start`.

    `segment` is the id of the segment that its words belong to. `speech` holds the spans with speech, in seconds of
    the session. `final` means that no audio of the segment follows; `full` that the window has its largest size. The
    first `earlier` samples are context: audio before the segment. If words stay pending after a final window that is
    `provisional`, its audio is recognised once more, in another window of the same segment or, as far as `lookback`
    allows, as context of the next utterance. The words of all other context are final.
    """

    segment: str
    channel: int
    start: int
    samples: npt.NDArray[np.float32]
    speech: tuple[Span, ...]
    final: bool = False
    full: bool = False
    earlier: int = 0
    provisional: bool = False

    @property
    def end(self) -> int:
        """The sample after the last one."""
        return self.start + len(self.samples)

    @property
    def span(self) -> Span:
        """The span of the window in the session, in seconds."""
        return Span(self.start / SAMPLE_RATE, self.end / SAMPLE_RATE)

    @property
    def alone(self) -> Window:
        """The window without its context."""
        start = self.start + self.earlier
        speech = tuple(cut(self.speech, within=self.new))
        return replace(self, start=start, samples=self.samples[self.earlier :], speech=speech, earlier=0)

    @property
    def new(self) -> Span:
        """The span of the window without its context, in seconds of the session."""
        return Span((self.start + self.earlier) / SAMPLE_RATE, self.end / SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The words that the recogniser found in `span`, a window with or without its context; times are of the session.

    `final` means that no further audio of the segment follows and, unless it is also `provisional`, no further
    hypothesis. `doubtful` means that a check of the text or the decoding itself failed: the words should not be
    committed while a better hypothesis can follow.
    """

    words: tuple[Word, ...]
    span: Span
    final: bool = False
    doubtful: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The words to commit now, and the pending words after them, which may still change."""

    committed: tuple[Word, ...]
    pending: tuple[Word, ...] = ()


class CommitPolicy(Protocol):
    """Decides which words of successive hypotheses are final; each channel has its own policy, which keeps state."""

    def decide(self, hypothesis: Hypothesis) -> Decision:
        """Return the words that are final after a further hypothesis.

        Words that were committed earlier are not returned again. A final hypothesis that is not provisional leaves no
        word pending: all its words are committed.
        """
        ...

    def cut(self, until: Seconds) -> Decision:
        """Commit the pending words that end by `until`, because the audio before it is removed from the window.

        Later windows have the audio before `until` only as context.
        """
        ...
