"""Decode chunks: the first attempt in batches, then quality control of each chunk, then words with times."""

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

_LONGEST: Seconds = 30.0  # longest clip that an engine accepts
_NORMAL_PEAK = 0.5  # peak to which a quiet chunk is amplified before it is decoded again


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A chunk to decode: its span in the recording, its samples `(samples,)`, and its language.

    `foreign` marks a language other than that of the transcript. `speech_activity` holds the spans of speech in and
    around the chunk, None if speech activity was not detected.
    """

    span: Span
    samples: npt.NDArray[np.float32]
    language: str
    foreign: bool = False
    speech_activity: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The words of a chunk, the findings about it, and the number of further decodings (`retries`)."""

    span: Span
    words: tuple[Word, ...]
    findings: tuple[Finding, ...] = ()
    retries: int = 0


@dataclass(frozen=True, slots=True)
class ChunkDecoder:
    """An engine with the settings of a run; several threads may use it."""

    engine: Engine
    settings: AsrSettings
    batches: BatchRunner

    def decode(self, batch: Sequence[AudioChunk]) -> list[ChunkResult]:
        """Return the result of each chunk of a batch."""
        firsts = self._decode_batch(batch)
        if not self.settings.quality:
            return [ChunkResult(chunk.span, _words(first, chunk)) for chunk, first in zip(batch, firsts, strict=True)]
        return [self._controlled(chunk, first) for chunk, first in zip(batch, firsts, strict=True)]

    def _decode_batch(self, batch: Sequence[AudioChunk]) -> list[DecodingResult]:
        """Decode each chunk once, grouped by language."""
        results: dict[int, DecodingResult] = {}
        for language in dict.fromkeys(chunk.language for chunk in batch):
            indices = [index for index, chunk in enumerate(batch) if chunk.language == language]
            decode = partial(self.engine.decode, options=self._options(language))
            decoded = self.batches.run(decode, [batch[index].samples for index in indices])
            results |= zip(indices, decoded, strict=True)
        return [results[index] for index in range(len(batch))]

    def _controlled(self, chunk: AudioChunk, first: DecodingResult) -> ChunkResult:
        """Return the result of a chunk after quality control, given its first decoding."""
        options = self._options(chunk.language)
        clip = _clip_facts(chunk, options)
        samples = chunk.samples * (_NORMAL_PEAK / clip.peak) if clip.quiet else chunk.samples

        def decode_again(options: DecodingOptions) -> DecodingResult:
            # Another seed for each chunk, but the same one in each run.
            seed = self.settings.seed + round(chunk.span.start * 1000)
            decode = partial(self.engine.decode, options=replace(options, seed=seed))
            return self.batches.run(decode, [samples])[0]

        fallback = decode_with_fallback(first, clip, decode_again, options, self.settings)
        result, removed, doubts = filter_hallucinations(fallback, clip, self.settings)
        words = _words(result, chunk)
        findings = _findings(chunk.span, words, removed, doubts, fallback)
        return ChunkResult(chunk.span, words, findings, len(fallback.attempts) - 1)

    def _options(self, language: str) -> DecodingOptions:
        """Return the options of the first decoding of chunks in a language."""
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
    """Return the chunks; those longer than `longest` are cut into equal parts.

    >>> split_long_chunks([Span(0, 10), Span(10, 50)])
    [Span(start=0, end=10), Span(start=10, end=30.0), Span(start=30.0, end=50)]
    """
    return [part for chunk in chunks for part in chunk.equal_parts(longest)]


def activity_near(span: Span, speech_activity: Sequence[Span], margin: Seconds = SPEECH_MARGIN) -> tuple[Span, ...]:
    """Return the speech activity in a span and up to `margin` around it.

    The spans of `speech_activity` must be disjoint and in order.
    """
    wide = Span(span.start - margin, span.end + margin)
    first = max(0, bisect_left(speech_activity, wide.start, key=lambda active: active.start) - 1)
    last = bisect_left(speech_activity, wide.end, key=lambda active: active.start)
    return cut(speech_activity[first:last], within=wide)


def _clip_facts(chunk: AudioChunk, options: DecodingOptions) -> ClipFacts:
    """Return the facts about a chunk before decoding, with times from its start."""
    start = chunk.span.start
    activity = chunk.speech_activity
    shifted = None if activity is None else tuple(Span(a.start - start, a.end - start) for a in activity)
    peak = max(chunk.samples.max(initial=0.0), -chunk.samples.min(initial=0.0))
    return ClipFacts(chunk.span.duration, shifted, options.prompt or "", options.vocabulary, float(peak))


def _words(result: DecodingResult, chunk: AudioChunk) -> tuple[Word, ...]:
    """Return the words of a result with times in the recording."""
    activity = cut(chunk.speech_activity or (), within=chunk.span)
    return words_in_chunk(result, chunk.span, activity, chunk.language if chunk.foreign else None)


def _findings(
    span: Span,
    words: Sequence[Word],
    removed: Sequence[RemovedText],
    doubts: Sequence[Doubt],
    fallback: FallbackResult,
) -> tuple[Finding, ...]:
    """Return the findings about a chunk, removed words first."""
    findings = [_removed(span, each) for each in removed]
    if text := discarded_text(fallback):
        reasons = "; ".join(map(str, fallback.attempts[0].doubts))
        findings.append(
            Finding("removed", span.start, span.end, f"not confirmed by a second decoding: {reasons}", text)
        )
    if doubts:
        text = " ".join(word.text for word in words)
        start, end = (words[0].start, words[-1].end) if words else (span.start, span.end)
        findings.append(Finding("suspect", start, end, "; ".join(map(str, doubts)), text))
    return tuple(findings)


def _removed(span: Span, removed: RemovedText) -> Finding:
    """Return a finding about removed text, with times in the recording."""
    start = min(span.start + removed.span.start, span.end)
    end = min(span.start + removed.span.end, span.end)
    return Finding("removed", start, max(start, end), removed.reason, removed.text)
