"""The utterances of one channel: collect the pieces of an activity detector, and cut windows from them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.activity import FRAME, End, Piece, Silence, Speech, Start
from meetscribe.live.processing.earlier_audio import NOTHING, EarlierAudio, Stretch
from meetscribe.live.protocols import Window
from meetscribe.live.settings import LiveSettings
from meetscribe.timeline import Seconds, Span, union


@dataclass(slots=True)
class _Utterance:
    """The audio of an utterance that is not final yet; `start` is its first sample, which moves on with each cut."""

    start: int
    pause: npt.NDArray[np.float32]  # the samples right before it
    after_break: bool = False  # the audio before it was not recorded directly before it
    parts: list[npt.NDArray[np.float32]] = field(default_factory=list)
    active: list[Span] = field(default_factory=list)  # in samples
    length: int = 0
    decoded: int = 0  # length at the last decoding
    ended: bool = False
    held_until: int | None = None  # its pending words wait for further speech up to this sample

    @property
    def id(self) -> str:
        return f"s{round(self.start * 1000 / SAMPLE_RATE)}"

    @property
    def end(self) -> int:
        return self.start + self.length

    def stretch(self, length: int) -> Stretch:
        """Return the first `length` samples, with the speech in them."""
        joined = np.concatenate(self.parts or [NOTHING])
        self.parts, end = [joined], self.start + length
        speech = [Span(max(span.start, self.start), min(span.end, end)) for span in self.active if span.start < end]
        return Stretch(self.start, joined[:length], tuple(speech), self.pause)

    def drop(self, samples: int) -> None:
        """Remove the first samples."""
        rest = np.concatenate(self.parts)[samples:]
        self.parts, self.start, self.length, self.pause = [rest], self.start + samples, len(rest), NOTHING
        self.active = [span for span in self.active if span.end > self.start]
        self.decoded = max(0, self.decoded - samples)


class Utterances:
    """The utterances of a channel that are not final yet, in order of time.

    The pieces count samples from `origin` on. `passed` and `skipped` count the samples that were in utterances and in
    silence.
    """

    def __init__(self, channel: int, settings: LiveSettings, origin: int = 0) -> None:
        self._channel = channel
        self._settings = settings
        self._origin = origin
        self._step = max(1, round(settings.step * SAMPLE_RATE) - FRAME)  # the detector holds back up to a frame
        self._waiting: deque[_Utterance] = deque()
        self._gap = round(settings.lookback_gap * SAMPLE_RATE)
        self._earlier = EarlierAudio(round(settings.lookback * SAMPLE_RATE), self._gap)
        self._pause = NOTHING  # the last samples since the last utterance
        self._interrupted = False
        self._joined = False  # whether words of the previous utterance wait for the first window of this one
        self.passed = 0
        self.skipped = 0
        self.speaking = False

    @property
    def seen(self) -> int:
        """The sample up to which the activity detector has decided."""
        return self._origin + self.passed + self.skipped

    @property
    def waiting(self) -> int:
        """The number of samples in utterances that are not final."""
        return sum(utterance.length for utterance in self._waiting)

    @property
    def open_since(self) -> int:
        """The first sample that is not final: the start of the first utterance, or the end of what was seen."""
        return self._waiting[0].start if self._waiting else self.seen

    @property
    def decoded_until(self) -> int:
        """The sample up to which everything has been recognised at least once.

        An utterance that has ended, but is not final, is still recognised once more: the count stops at its end.
        """
        for utterance in self._waiting:
            if utterance.decoded < utterance.length or utterance.ended:
                return utterance.start + utterance.decoded
        return self.seen

    def add(self, pieces: Sequence[Piece]) -> None:
        """Add the next pieces."""
        for piece in pieces:
            if isinstance(piece, Start):
                self._waiting.append(_Utterance(self._origin + piece.at, self._pause, after_break=self._interrupted))
                self._interrupted, self._pause = False, NOTHING
                self.speaking = True
            elif isinstance(piece, Speech):
                self._extend(self._waiting[-1], piece)
            elif isinstance(piece, End):
                self._waiting[-1].ended = True
                self.speaking = False
            elif isinstance(piece, Silence):
                self.skipped += piece.end - piece.start
                self._pause = np.concatenate([self._pause, NOTHING if piece.samples is None else piece.samples])
                self._pause = self._pause[max(0, len(self._pause) - self._gap) :]

    @property
    def segment(self) -> str:
        """The id of the segment of the first utterance that is not final."""
        prefix = "" if self._channel == 0 else f"c{self._channel}"
        return f"{prefix}{self._waiting[0].id}"

    def next_window(self) -> Window | None:
        """Return the audio to recognise next: the first utterance, if it has ended or is longer by one step."""
        if not self._waiting:
            return None
        if self._waiting[0].held_until is not None and not self._resolve(self._waiting[0].held_until):
            return None
        utterance, limit = self._waiting[0], round(self._settings.max_window * SAMPLE_RATE)
        length = min(utterance.length, limit)
        final = utterance.ended and length == utterance.length
        new = length - utterance.decoded
        if not (final or new >= self._step or (length == limit and new > 0) or self._joined):
            return None
        utterance.decoded, self._joined = length, False
        provisional = final and self._settings.hold > 0 and utterance.held_until is None
        return replace(
            self._with_context(utterance, length), final=final, full=length == limit, provisional=provisional
        )

    def hold(self, until: Seconds) -> None:
        """Keep the utterance of a final window: its pending words wait for further speech, at most until a time."""
        self._waiting[0].held_until = round(until * SAMPLE_RATE)

    def _with_context(self, utterance: _Utterance, length: int) -> Window:
        """Return the first samples of an utterance with the audio before it."""
        if utterance.after_break:
            self._earlier.forget()
            utterance.after_break = False
        own = utterance.stretch(length)
        earlier = self._earlier.before(own.start, round(self._settings.lookback * SAMPLE_RATE) - length, own.pause)
        spans = (*earlier.speech, *own.speech)
        speech = tuple(Span(span.start / SAMPLE_RATE, span.end / SAMPLE_RATE) for span in spans)
        samples = np.concatenate([earlier.samples, own.samples])
        return Window(self.segment, self._channel, earlier.start, samples, speech, earlier=len(earlier.samples))

    def _resolve(self, until: int) -> bool:
        """Return whether the words held up to the sample `until` can be decided now.

        If the next utterance decides them, their utterance becomes context, and the next one comes first. Otherwise,
        their own utterance is recognised once more.
        """
        following = self._waiting[1] if len(self._waiting) > 1 else None
        due = self.seen >= until or self._interrupted
        if following is None or following.after_break or following.start - self._waiting[0].end > self._gap:
            return due or following is not None
        if due or following.ended or following.length >= self._step:
            held = self._waiting.popleft()
            self._earlier.add(held.stretch(held.length))
            self._joined = True
            return True
        return False

    def interrupt(self) -> None:
        """Mark a break: the audio that follows was not recorded directly after the audio before it."""
        self._interrupted = True

    def close(self, window: Window) -> None:
        """Turn the utterance of a final window into context of the next one."""
        utterance = self._waiting.popleft()
        self._earlier.add(utterance.stretch(utterance.length))

    def forget(self) -> None:
        """Drop the context so far: later windows have no audio before the first utterance that is not final.

        Called after a window whose hypothesis is doubtful, or that was decoded without its context.
        """
        self._earlier.forget()

    def cut(self, window: Window, at: Seconds) -> None:
        """Turn the audio of the window's utterance before a time into context; the rest is another segment."""
        utterance = self._waiting[0]
        samples = min(max(0, round(at * SAMPLE_RATE) - utterance.start), utterance.length)
        self._earlier.add(utterance.stretch(samples))
        utterance.drop(samples)

    def _extend(self, utterance: _Utterance, piece: Speech) -> None:
        """Add samples to an utterance."""
        utterance.parts.append(piece.samples)
        start = self._origin + piece.start
        end = start + len(piece.samples)
        utterance.length += len(piece.samples)
        self.passed += len(piece.samples)
        if piece.active:
            utterance.active[-1:] = union([*utterance.active[-1:], Span(start, end)])
