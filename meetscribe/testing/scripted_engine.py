"""An engine that returns the words of a script, with scripted errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from meetscribe.asr import AsrSettings
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.recognition import EngineRecognizer
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import Notice
from meetscribe.testing.meetings import SyntheticMeeting
from meetscribe.timeline import Span, cut
from meetscribe.transcript import AsrRecord, Word, join_words


def fake_recognizer(meeting: SyntheticMeeting, words: Sequence[Word] | None = None) -> EngineRecognizer:
    """Return a Recognizer of the words of the meeting, or of `words`, with times spread over each chunk."""
    words = meeting.transcript.words if words is None else words
    engine = ScriptedEngine(meeting.audio(), words, language=meeting.transcript.language)
    return EngineRecognizer(engine, AsrSettings(), DecodingPlan())


@dataclass(frozen=True, slots=True)
class ScriptedError:
    """A wrong result of a ScriptedEngine: `text` replaces the words of clips that lie mostly in `span`.

    It occurs only at temperatures below `until`, and with `aided` only with a prompt or a vocabulary.
    """

    span: Span
    text: str
    until: float = float("inf")
    aided: bool = False
    log_probability: float = -0.4
    no_speech_probability: float = 0.1


@dataclass(slots=True)
class ScriptedEngine:
    """An Engine that returns `words` for clips of `audio`, except for `errors`, and records its calls.

    It locates a clip in the recording by its samples. A call with more than `memory` clips runs out of memory.
    `detected` returns the language probabilities of a span.
    """

    audio: Audio
    words: Sequence[Word] = ()
    errors: Sequence[ScriptedError] = ()
    language: str = "en"
    memory: int | None = None
    word_times: bool = False
    detected: Callable[[Span], Mapping[str, float]] | None = None
    calls: list[tuple[tuple[Span, ...], DecodingOptions]] = field(default_factory=list)
    notices: tuple[Notice, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The language, or Welsh, German, English and French if `detected` is given."""
        return (self.language,) if self.detected is None else ("cy", "de", "en", "fr")

    @property
    def record(self) -> AsrRecord:
        """The provenance."""
        return AsrRecord(engine="scripted", version="0", model="script", device="cpu", compute_type="none")

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """Return the result of `detected` for each clip."""
        self._use_memory(len(clips))
        detected = self.detected or (lambda span: {self.language: 1.0})
        return [dict.fromkeys(self.languages, 0.0) | dict(detected(self._span(clip))) for clip in clips]

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Return the scripted words or error of each clip."""
        self._use_memory(len(clips))
        spans = tuple(self._span(clip) for clip in clips)
        self.calls.append((spans, options))
        return [self._result(span, options) for span in spans]

    def _use_memory(self, clips: int) -> None:
        if self.memory is not None and clips > self.memory:
            raise RuntimeError("CUDA failed with error out of memory")

    def _result(self, span: Span, options: DecodingOptions) -> DecodingResult:
        aided = bool(options.prompt or options.vocabulary)
        for error in self.errors:
            occurs = options.temperature < error.until and (aided or not error.aided)
            if occurs and error.span.overlap(span) > span.duration / 2:
                return DecodingResult(error.text, (), error.log_probability, error.no_speech_probability)
        words = [word for word in self.words if span.overlap(word.span) > 0]
        return DecodingResult(join_words(word.text for word in words), self._timed(words, span), -0.2, 0.01)

    def _timed(self, words: Sequence[Word], span: Span) -> tuple[Word, ...]:
        """Return the words with times from the start of the clip, none without `word_times`."""
        if not self.word_times:
            return ()
        timed = []
        for word in words:
            for at in cut([word.span], within=span):
                timed.append(Word(word.text, at.start - span.start, at.end - span.start, "engine", probability=0.9))
        return tuple(timed)

    def _span(self, clip: npt.NDArray[np.float32]) -> Span:
        """Return the span of a clip in the recording, even if the clip was amplified."""
        start = _find(clip.tobytes(), self.audio.samples[:].tobytes(), clip.itemsize)
        if start < 0:
            start = _find(np.signbit(clip).tobytes(), np.signbit(self.audio.samples[:]).tobytes(), 1)
        if start < 0:
            raise ValueError("the clip is not from the engine's recording")
        return Span(start / SAMPLE_RATE, (start + len(clip)) / SAMPLE_RATE)


def _find(wanted: bytes, among: bytes, size: int) -> int:
    """Return the index of the first occurrence of `wanted` in items of `size` bytes, -1 if there is none."""
    start = among.find(wanted)
    while start % size and start >= 0:
        start = among.find(wanted, start + 1)
    return start // size
