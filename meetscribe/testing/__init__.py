"""Meetings made up from a seed, and engines that hear them without a model; for our tests and our users'.

    meeting = synthetic_meeting(seed=1)
    fake_recognizer(meeting).transcribe(meeting.audio(), meeting.speech, progress)  # words, times estimated
    FakeAligner()                                                                   # hears each letter
    FakeDiarizer(meeting).diarize(meeting.audio(), progress)                        # who speaks when

The fakes keep the promises of the protocols that they stand in for. torch is never loaded.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from meetscribe.asr import AsrSettings
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.recognition import EngineRecognizer
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.text.splitting import spread
from meetscribe.timeline import Diarization, Seconds, Span, Turn, cut, merge_turns, overlap, union
from meetscribe.transcript import JSON, Meta, RecordingFile, Segment, Transcript, Word, join_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

STRIDE = 320
"""Samples for which a letter's amplitude holds at least, and one frame of FakeAligner."""

_LETTERS = string.ascii_lowercase
_VOCABULARY = """
the plan for this week was not ready but we can move the review to monday and ask about cost before anyone
else does so please send notes today because nobody knows what changed since then
"""
_LETTER: Seconds = 0.06  # spoken time of each


@dataclass(frozen=True, slots=True)
class SyntheticMeeting:
    """A meeting whose truth is known: `transcript` holds every word with its time and speaker."""

    transcript: Transcript

    @property
    def diarization(self) -> Diarization:
        """Who speaks when, pauses under half a second filled."""
        return Diarization(self.transcript.turns, self.transcript.exclusive)

    @property
    def speech(self) -> tuple[Span, ...]:
        """When anybody speaks: a span for each turn, as a speech detector finds it."""
        return union(turn.span for turn in self.transcript.turns)

    def audio(self) -> Audio:
        """The meeting as samples, as `synthetic_audio` makes them."""
        return synthetic_audio(self.transcript)


def synthetic_meeting(
    speakers: int = 3, turns: int = 8, seed: int = 0, language: str = "en", name: str = "meeting.wav"
) -> SyntheticMeeting:
    """A meeting in which `speakers` people take turns without overlap; the same for the same arguments."""
    draw = random.Random(seed)
    segments: list[Segment] = []
    time = 0.5
    for number in range(turns):
        speaker = f"SPEAKER_{number % speakers if number < speakers else draw.randrange(speakers):02d}"
        words, time = _sentence(draw, speaker, time)
        segments.append(Segment(tuple(words)))
        time += draw.uniform(0.6, 1.5)
    spoken = [Turn(segment.start, segment.end, segment.speaker or "") for segment in segments]
    merged = merge_turns(spoken, max_gap=0.5)
    meta = Meta(language, time, RecordingFile(name, "sha256:" + "0" * 64), turns=merged, exclusive=merged)
    return SyntheticMeeting(Transcript(tuple(segments), meta))


def synthetic_audio(transcript: Transcript) -> Audio:
    """Samples in which each letter of a word has an amplitude of its own; between words there is silence."""
    import numpy as np

    samples = np.zeros(round(transcript.duration * SAMPLE_RATE), dtype=np.float32)
    for word in transcript.words:
        letters = [letter for letter in word.text.lower() if letter in _LETTERS]
        for letter, span in zip(letters, spread(letters, word.span), strict=True):
            samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)] = _amplitude(letter)
    source = transcript.recording or RecordingFile("synthetic.wav")
    return Audio(samples, source.name, source.hash or "sha256:" + "0" * 64)


def fake_recognizer(meeting: SyntheticMeeting, words: Sequence[Word] | None = None) -> EngineRecognizer:
    """A Recognizer that hears what is said in the meeting, or these words; their times are spread over a chunk."""
    words = meeting.transcript.words if words is None else words
    engine = ScriptedEngine(meeting.audio(), words, language=meeting.transcript.language)
    return EngineRecognizer(engine, AsrSettings(), DecodingPlan())


@dataclass(frozen=True, slots=True)
class ScriptedError:
    """What a ScriptedEngine hears wrong: `text` in the place of the words in clips that lie mostly on `span`.

    It is heard at temperatures below `until` only, and if `aided` only along with a prompt or a vocabulary.
    """

    span: Span
    text: str
    until: float = float("inf")
    aided: bool = False
    log_probability: float = -0.4
    no_speech_probability: float = 0.1


@dataclass(slots=True)
class ScriptedEngine:
    """An Engine that hears `words` in clips of `audio`, but for its `slips`, and counts how it is called.

    A clip is found in the recording by its samples. With more clips than `memory` at once it runs out of memory.
    `spoken` says which languages it detects in a stretch of time.
    """

    audio: Audio
    words: Sequence[Word] = ()
    slips: Sequence[ScriptedError] = ()
    language: str = "en"
    memory: int | None = None
    word_times: bool = False
    spoken: Callable[[Span], Mapping[str, float]] | None = None
    calls: list[tuple[tuple[Span, ...], DecodingOptions]] = field(default_factory=list)
    notices: tuple[Notice, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Its own, and a few more if it can tell them apart."""
        return (self.language,) if self.spoken is None else ("cy", "de", "en", "fr")

    @property
    def made_by(self) -> Mapping[str, JSON]:
        """For provenance."""
        return {"engine": "scripted", "version": "0", "model": "script", "device": "cpu", "compute_type": "none"}

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """What `spoken` says of each clip."""
        self._use_memory(len(clips))
        spoken = self.spoken or (lambda span: {self.language: 1.0})
        return [dict.fromkeys(self.languages, 0.0) | dict(spoken(self._span(clip))) for clip in clips]

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        """What the script says of each clip."""
        self._use_memory(len(clips))
        spans = tuple(self._span(clip) for clip in clips)
        self.calls.append((spans, decoding))
        return [self._heard(span, decoding) for span in spans]

    def _use_memory(self, clips: int) -> None:
        if self.memory is not None and clips > self.memory:
            raise RuntimeError("CUDA failed with error out of memory")

    def _heard(self, span: Span, decoding: DecodingOptions) -> DecodingResult:
        aided = bool(decoding.prompt or decoding.vocabulary)
        for slip in self.slips:
            wrong = decoding.temperature < slip.until and (aided or not slip.aided)
            if wrong and slip.span.overlap(span) > span.duration / 2:
                return DecodingResult(slip.text, (), slip.log_probability, slip.no_speech_probability)
        words = [word for word in self.words if span.overlap(word.span) > 0]
        return DecodingResult(join_words(word.text for word in words), self._timed(words, span), -0.2, 0.01)

    def _timed(self, words: Sequence[Word], span: Span) -> tuple[Word, ...]:
        """The words as an engine that measures times hears them, none if it does not."""
        if not self.word_times:
            return ()
        timed = []
        for word in words:
            for at in cut([word.span], within=span):
                timed.append(Word(word.text, at.start - span.start, at.end - span.start, "engine", probability=0.9))
        return tuple(timed)

    def _span(self, clip: npt.NDArray[np.float32]) -> Span:
        """Where the clip is in the recording, as it is there or louder."""
        import numpy as np

        start = _find(clip.tobytes(), self.audio.samples[:].tobytes(), clip.itemsize)
        if start < 0:
            start = _find(np.signbit(clip).tobytes(), np.signbit(self.audio.samples[:]).tobytes(), 1)
        if start < 0:
            raise ValueError("the clip is not from the engine's recording")
        return Span(start / SAMPLE_RATE, (start + len(clip)) / SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class FakeAligner:
    """An Aligner that hears the letters in `synthetic_audio`."""

    language: str = "en"
    model: str = "fake"
    blank: int = 0
    stride: int = STRIDE

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The column of each letter."""
        return {"|": 1} | {letter: column for column, letter in enumerate(_LETTERS, start=2)}

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """The log probabilities `(frames, columns)` of each clip `(samples,)`: nearly sure of one column."""
        import numpy as np

        columns = len(_LETTERS) + 2
        heard = []
        for clip in clips:
            frames = clip[: len(clip) // STRIDE * STRIDE].reshape(-1, STRIDE)
            column = np.round(np.median(frames, axis=1) / _amplitude("a")).astype(int)
            column = np.where(column > 0, column + 1, self.blank)
            log_probs = np.full((len(frames), columns), np.log(0.1 / (columns - 1)), dtype=np.float32)
            log_probs[np.arange(len(frames)), column] = np.log(0.9)
            heard.append(log_probs)
        return heard


@dataclass(frozen=True, slots=True)
class FakeDiarizer:
    """A Diarizer that knows who speaks when."""

    meeting: SyntheticMeeting

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        """The turns of the meeting, with a voiceprint `(4,)` for each speaker."""
        import numpy as np

        progress(1.0)
        found = self.meeting.diarization
        prints = {speaker: np.eye(4, dtype=np.float32)[number % 4] for number, speaker in enumerate(found.speakers)}
        return replace(found, voiceprints=prints, embedder="fake-4")

    def voiceprints(self, audio: Audio, groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        """A voiceprint `(groups, 4)`: that of whoever says most of each group."""
        import numpy as np

        turns, speakers = self.meeting.diarization.turns, self.meeting.diarization.speakers
        said = [
            [sum(overlap(span, [t.span for t in turns if t.speaker == who]) for span in spans) for who in speakers]
            for spans in groups
        ]
        return np.eye(4, dtype=np.float32)[[int(np.argmax(shares)) % 4 for shares in said]]


def _find(wanted: bytes, among: bytes, size: int) -> int:
    """The index of the first item from which on `wanted` stands in `among`, items being `size` bytes; -1 if none."""
    start = among.find(wanted)
    while start % size and start >= 0:
        start = among.find(wanted, start + 1)
    return start // size


def _sentence(draw: random.Random, speaker: str, start: Seconds) -> tuple[list[Word], Seconds]:
    """A sentence of a speaker from `start` on, and when it ends."""
    texts = [draw.choice(_VOCABULARY.split()) for _ in range(draw.randint(3, 9))]
    texts[0] = texts[0].capitalize()
    texts[-1] += "."
    words = []
    for text in texts:
        end = start + _LETTER * len(text.rstrip("."))
        words.append(Word(text, start, end, "aligned", 1.0, speaker=speaker, speaker_score=1.0, speaker_source="turn"))
        start = end + draw.uniform(0.05, 0.15)
    return words, words[-1].end


def _amplitude(letter: str) -> float:
    """The amplitude of a letter in synthetic audio; powers of two, so that it is exact in float32."""
    return (_LETTERS.index(letter) + 1) / 32
