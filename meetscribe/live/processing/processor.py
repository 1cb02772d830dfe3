"""The processing of a session without threads and clocks: audio in, windows to recognise out, drafts back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.activity import Activity, SpeechGate
from meetscribe.live.commit import LocalAgreement
from meetscribe.live.events import Draft
from meetscribe.live.processing.stream import ChannelStream
from meetscribe.live.protocols import AudioChunk, CommitPolicy, Window
from meetscribe.live.recognition.recogniser import LiveRecogniser, StreamRecogniser
from meetscribe.live.recognition.window_decoding import Decoding
from meetscribe.live.settings import LiveSettings
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class Parts:
    """The exchangeable parts of a session: functions that make a channel's activity detector and commit policy.

    `channel_speakers` are labels, such as ("me", "them"), if each channel belongs to a speaker or a group of speakers;
    every channel is then recognised separately. Otherwise, all channels are mixed.
    """

    activity: Callable[[LiveSettings], Activity] = SpeechGate
    policy: Callable[[LiveSettings], CommitPolicy] = lambda settings: LocalAgreement(settings.certain, settings.settled)
    channel_speakers: tuple[str, ...] = ()


class Processor:
    """Divides the chunks of a session among its channels, and returns their windows in order of time.

    `origin` is the first frame to recognise in a resumed session.
    """

    def __init__(
        self, recogniser: LiveRecogniser, settings: LiveSettings, parts: Parts | None = None, origin: int = 0
    ) -> None:
        parts = parts or Parts()
        labels: Sequence[str | None] = parts.channel_speakers or (None,)
        self._mixed = not parts.channel_speakers
        self.received = origin
        self.streams = tuple(
            ChannelStream(number, settings, parts.activity(settings), parts.policy(settings), label, origin=origin)
            for number, label in enumerate(labels)
        )
        self._recognisers = tuple(recogniser.stream(settings.context) for _ in self.streams)

    def add(self, chunk: AudioChunk) -> None:
        """Receive the next chunk; raises ValueError for a gap or another number of channels."""
        if chunk.start != self.received:
            raise ValueError(f"the next chunk must start at frame {self.received}, not {chunk.start}")
        self.received = chunk.end
        if self._mixed:
            self.streams[0].add(chunk.samples.mean(axis=1, dtype="float32"))
            return
        if chunk.samples.shape[1] != len(self.streams):
            raise ValueError(f"the audio has {chunk.samples.shape[1]} channels, not {len(self.streams)}")
        for number, stream in enumerate(self.streams):
            stream.add(chunk.samples[:, number])

    def finish(self) -> None:
        """End all utterances, because no audio follows or the session is paused."""
        for stream in self.streams:
            stream.finish()

    def next_window(self) -> Window | None:
        """Return the next window to recognise, of the channel with the oldest waiting audio; None if there is none."""
        for stream in sorted(self.streams, key=lambda stream: stream.utterances.open_since):
            if (window := stream.next_window()) is not None:
                return window
        return None

    def recogniser(self, window: Window) -> StreamRecogniser:
        """Return the recogniser of the window's channel."""
        return self._recognisers[window.channel]

    def accept(self, window: Window, decoding: Decoding) -> list[Draft]:
        """Return the drafts that follow from the decoding of a window."""
        drafts, words = self.streams[window.channel].accept(window, decoding.hypothesis)
        self._recognisers[window.channel].committed(words)
        return drafts

    @property
    def language(self) -> str | None:
        """The language of the first channel once it is fixed, None before."""
        return self._recognisers[0].language

    @property
    def recognised(self) -> Seconds:
        """The time up to which all channels have been recognised at least once."""
        return min(stream.utterances.decoded_until for stream in self.streams) / SAMPLE_RATE

    @property
    def waiting(self) -> Seconds:
        """The seconds of audio in utterances that are not final, averaged over the channels."""
        return sum(stream.utterances.waiting for stream in self.streams) / SAMPLE_RATE / len(self.streams)

    @property
    def policy_lag(self) -> Seconds:
        """The largest number of seconds of recognised audio without final words in any channel."""
        return max(stream.policy_lag for stream in self.streams)

    @property
    def speaking(self) -> bool:
        """Whether speech is active at the end of the received audio."""
        return any(stream.utterances.speaking for stream in self.streams)
