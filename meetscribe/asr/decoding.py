"""What becomes of chunks on their way through an engine: heard, judged, decoded again, placed; which chunks there
are, and in which language each is, is decided in recognition.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import SPEECH_MARGIN, ClipFacts, Doubt
from meetscribe.asr.quality.hallucinations import RemovedText, filter_hallucinations
from meetscribe.asr.quality.temperature_fallback import FallbackResult, decode_with_fallback, discarded_text
from meetscribe.asr.word_times import words_in_chunk
from meetscribe.timeline import Seconds, Span, cut
from meetscribe.transcript import Finding, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.batching import BatchRunner
    from meetscribe.asr.protocol import Engine
    from meetscribe.asr.settings import AsrSettings

_LONGEST: Seconds = 30.0  # what an engine hears at once
_LOUD = 0.5  # the largest sample of a quiet chunk that is decoded again


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A chunk with its samples `(samples,)`, its language, and the voices in it and around it.

    `foreign` says that the language is not the transcript's; `speech_activity` is None if they were not looked for.
    """

    span: Span
    samples: npt.NDArray[np.float32]
    language: str
    foreign: bool = False
    speech_activity: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The words of a chunk, what was noticed about it, and how often it was decoded again."""

    span: Span
    words: tuple[Word, ...]
    findings: tuple[Finding, ...] = ()
    again: int = 0


@dataclass(frozen=True, slots=True)
class ChunkDecoder:
    """An engine with the settings of a run; for several threads."""

    engine: Engine
    settings: AsrSettings
    batches: BatchRunner

    def hear(self, batch: Sequence[AudioChunk]) -> list[ChunkResult]:
        """What becomes of each chunk of a batch."""
        firsts = self._decode(batch)
        if not self.settings.quality:
            return [ChunkResult(chunk.span, _words(first, chunk)) for chunk, first in zip(batch, firsts, strict=True)]
        return [self._settled(chunk, first) for chunk, first in zip(batch, firsts, strict=True)]

    def _decode(self, batch: Sequence[AudioChunk]) -> list[DecodingResult]:
        """What is heard at first, chunks of one language together."""
        heard: dict[int, DecodingResult] = {}
        for language in dict.fromkeys(chunk.language for chunk in batch):
            own = [index for index, chunk in enumerate(batch) if chunk.language == language]
            decode = partial(self.engine.decode, decoding=self._decoding(language))
            found = self.batches.call(decode, [batch[index].samples for index in own])
            heard |= zip(own, found, strict=True)
        return [heard[index] for index in range(len(batch))]

    def _settled(self, chunk: AudioChunk, first: DecodingResult) -> ChunkResult:
        """What becomes of a chunk in which this was heard at first."""
        asked = self._decoding(chunk.language)
        clip = _clip(chunk, asked)
        louder = chunk.samples * (_LOUD / clip.peak) if clip.quiet else chunk.samples

        def decode(decoding: DecodingOptions) -> DecodingResult:
            seed = self.settings.seed + round(chunk.span.start * 1000)
            seeded = partial(self.engine.decode, decoding=replace(decoding, seed=seed))
            return self.batches.call(seeded, [louder])[0]

        verdict = decode_with_fallback(first, clip, decode, asked, self.settings)
        heard, removed, reasons = filter_hallucinations(verdict, clip, self.settings)
        words = _words(heard, chunk)
        findings = _findings(chunk.span, words, removed, reasons, verdict)
        return ChunkResult(chunk.span, words, findings, len(verdict.attempts) - 1)

    def _decoding(self, language: str) -> DecodingOptions:
        """How chunks in a language are decoded at first."""
        settings = self.settings
        return DecodingOptions(
            language,
            task=settings.task,
            beam_size=settings.beam_size,
            temperature=settings.temperatures[0],
            seed=settings.seed,
            prompt=settings.prompt,
            vocabulary=settings.vocabulary,
            numerals=settings.numerals,
        )


def split_long_chunks(chunks: Iterable[Span], longest: Seconds = _LONGEST) -> list[Span]:
    """The chunks, each that is longer than an engine can hear cut into equal parts.

    >>> split_long_chunks([Span(0, 10), Span(10, 50)])
    [Span(start=0, end=10), Span(start=10, end=30.0), Span(start=30.0, end=50)]
    """
    return [part for chunk in chunks for part in chunk.equal_parts(longest)]


def activity_near(span: Span, speech_activity: Sequence[Span], reach: Seconds = SPEECH_MARGIN) -> tuple[Span, ...]:
    """The parts of the voices, which are in order and disjoint, that lie in a span or up to `reach` around it."""
    wide = Span(span.start - reach, span.end + reach)
    first = max(0, bisect_left(speech_activity, wide.start, key=lambda voice: voice.start) - 1)
    last = bisect_left(speech_activity, wide.end, key=lambda voice: voice.start)
    return cut(speech_activity[first:last], within=wide)


def _clip(chunk: AudioChunk, asked: DecodingOptions) -> ClipFacts:
    """What is known of a chunk before it is heard, in seconds from its start."""
    start = chunk.span.start
    speech_activity = (
        None
        if chunk.speech_activity is None
        else tuple(Span(v.start - start, v.end - start) for v in chunk.speech_activity)
    )
    hints = " ".join([asked.prompt or "", *asked.vocabulary]).strip()
    peak = max(chunk.samples.max(initial=0.0), -chunk.samples.min(initial=0.0))
    return ClipFacts(chunk.span.duration, speech_activity, hints, float(peak))


def _words(heard: DecodingResult, chunk: AudioChunk) -> tuple[Word, ...]:
    """What is heard as words of the recording."""
    speech_activity = cut(chunk.speech_activity or (), within=chunk.span)
    return words_in_chunk(heard, chunk.span, speech_activity, chunk.language if chunk.foreign else None)


def _findings(
    span: Span, words: Sequence[Word], removed: Sequence[RemovedText], reasons: Sequence[Doubt], verdict: FallbackResult
) -> tuple[Finding, ...]:
    """What is noticed about a chunk, its removed words first."""
    findings = [_removed(span, each) for each in removed]
    if text := discarded_text(verdict):
        why = "; ".join(map(str, verdict.attempts[0].reasons))
        findings.append(Finding("removed", span.start, span.end, f"not heard again: {why}", text))
    if reasons:
        text = " ".join(word.text for word in words)
        start, end = (words[0].start, words[-1].end) if words else (span.start, span.end)
        findings.append(Finding("suspect", start, end, "; ".join(map(str, reasons)), text))
    return tuple(findings)


def _removed(span: Span, removed: RemovedText) -> Finding:
    """A line about removed text, its times those of the recording."""
    start = min(span.start + removed.span.start, span.end)
    end = min(span.start + removed.span.end, span.end)
    return Finding("removed", start, max(start, end), removed.reason, removed.text)
