"""Recognise the speech in the chunks of a recording: language detection, decoding, quality control, transcript."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from meetscribe.asr.batching import BatchRunner
from meetscribe.asr.decoding import AudioChunk, ChunkDecoder, ChunkResult, activity_near, split_long_chunks
from meetscribe.asr.journal import DecodingJournal, EntryLog
from meetscribe.asr.language_detection import (
    DetectedLanguage,
    chunk_languages,
    contradiction,
    detection_chunks,
    mean_probabilities,
    most_likely,
)
from meetscribe.asr.loading import load_engine, supported_settings
from meetscribe.asr.one_script import unify_script
from meetscribe.asr.protocol import Engine
from meetscribe.asr.quality.summary import summary
from meetscribe.errors import Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.text.languages import UNKNOWN
from meetscribe.timeline import Span, overlap, union
from meetscribe.transcript import JSON, AsrRecord, Meta, Provenance, RecordingFile, Segment, Transcript

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.audio import Audio
    from meetscribe.runtime.devices import Device

T = TypeVar("T")

_MIN_PROBABILITY = 0.5  # language probability below which a notice asks for --language
_MIN_CHUNKS = 8  # chunks from which a language that was set is checked: then the check takes little of the time
_MIN_SPEECH = 0.01  # seconds of speech assumed in each chunk, so that the sum of the weights is not zero


class Recognizer(Protocol):
    """A loaded engine with language detection and quality control."""

    def transcribe(
        self,
        audio: Audio,
        chunks: Sequence[Span],
        progress: Progress,
        speech_activity: Sequence[Span] | None = None,
        log: EntryLog | None = None,
    ) -> Transcript:
        """Return a transcript with one segment for each chunk that contains words, in the order of the chunks.

        `speech_activity` comes from another detector than the chunks; None if unknown. Results are appended to `log`
        batch by batch; chunks with results in the log are not decoded again.
        """
        ...

    def with_settings(self, settings: AsrSettings) -> Recognizer:
        """Return a recognizer with the same model and other decoding settings."""
        ...


def load_recognizer(settings: AsrSettings, device: Device, plan: DecodingPlan) -> Recognizer:
    """Load the engine of `settings` with its model; raises SettingsError and WeightsError as `load_engine` does."""
    return EngineRecognizer(load_engine(settings, device, plan), supported_settings(settings), plan)


@dataclass(frozen=True, slots=True)
class EngineRecognizer:
    """The Recognizer for every engine; its result does not depend on the batch size or the number of workers."""

    engine: Engine
    settings: AsrSettings
    plan: DecodingPlan

    def transcribe(
        self,
        audio: Audio,
        chunks: Sequence[Span],
        progress: Progress = ignore_progress,
        speech_activity: Sequence[Span] | None = None,
        log: EntryLog | None = None,
    ) -> Transcript:
        """Return a transcript as described for `Recognizer`; its findings list doubtful and removed text.

        Without `speech_activity`, no words are removed as lying in silence. A chunk longer than 30 s is cut into
        parts, each with a separate segment. Raises MeetscribeError if the device has too little memory for one chunk.
        """
        parts, active = split_long_chunks(chunks), None if speech_activity is None else union(speech_activity)
        batches = BatchRunner(self.plan.batch_size)
        journal = DecodingJournal(log, parts)
        detected, languages = journal.languages() or journal.add_languages(
            *self._detect_languages(audio, parts, active, batches)
        )
        doubts = self._doubts(audio, parts, batches)
        results = journal.results()
        remaining = list(zip(parts, languages, strict=True))[len(results) :]

        def done(batch: list[ChunkResult]) -> None:
            journal.add_results(len(results), batch)
            results.extend(batch)
            progress(len(results) / len(parts))

        decoder = ChunkDecoder(self.engine, self.settings, batches)
        tasks = self._batched(self._chunks(audio, remaining, detected.language, active), len(remaining))
        batches.map_in_order(decoder.decode, tasks, self.plan.workers, done)
        progress(1.0)
        return self._transcript(audio, results, detected, (*doubts, *batches.notices))

    def with_settings(self, settings: AsrSettings) -> EngineRecognizer:
        """Return a recognizer that uses the same model with other settings of decoding."""
        return replace(self, settings=supported_settings(settings))

    def _chunks(
        self, audio: Audio, parts: Iterable[tuple[Span, str]], language: str, speech_activity: Sequence[Span] | None
    ) -> Iterator[AudioChunk]:
        """Yield the chunks to decode, given their spans and languages, and the language of the recording."""
        for part, part_language in parts:
            yield AudioChunk(
                part,
                audio.slice(part),
                part_language,
                foreign=part_language != language and self.settings.task != "translate",
                speech_activity=None if speech_activity is None else activity_near(part, speech_activity),
            )

    def _batched(self, items: Iterable[T], count: int) -> Iterator[list[T]]:
        """Yield the `count` items in batches, small enough to occupy every worker; items are read lazily."""
        items, size = iter(items), min(self.plan.batch_size, math.ceil(count / self.plan.workers))
        while batch := list(islice(items, size)):
            yield batch

    def _detect_languages(
        self, audio: Audio, chunks: Sequence[Span], speech_activity: Sequence[Span] | None, batches: BatchRunner
    ) -> tuple[DetectedLanguage, list[str]]:
        """Return the language of the recording, and that of each chunk.

        The language is UNKNOWN if it is not set and there are no chunks.
        """
        settings, supported = self.settings, self.engine.languages
        if settings.language is not None or len(supported) == 1 or not chunks:
            language = settings.language or (supported[0] if len(supported) == 1 and chunks else UNKNOWN)
            return DetectedLanguage(language), [language] * len(chunks)
        used = chunks if settings.multilingual else detection_chunks(chunks)
        clips = (audio.slice(chunk) for chunk in used)
        detected: list[dict[str, float]] = []
        batches.map_in_order(
            lambda batch: batches.run(self.engine.detect, batch),
            self._batched(clips, len(used)),
            self.plan.workers,
            detected.extend,
        )
        speech = [_speech_duration(chunk, speech_activity) for chunk in used]
        mean = mean_probabilities(detected, speech)
        language = most_likely(mean)
        per_chunk = chunk_languages(detected, speech) if settings.multilingual else [language] * len(chunks)
        return DetectedLanguage(language, min(1.0, mean[language]), len(used)), per_chunk

    def _doubts(self, audio: Audio, chunks: Sequence[Span], batches: BatchRunner) -> tuple[Notice, ...]:
        """Return a notice if a language was set, but the longest chunk of a recording is in another one.

        Recordings of fewer than `_MIN_CHUNKS` chunks are not checked.
        """
        language = self.settings.language
        if language is None or len(self.engine.languages) == 1 or len(chunks) < _MIN_CHUNKS:
            return ()
        (longest,) = detection_chunks(chunks, 1)
        (probabilities,) = batches.run(self.engine.detect, [audio.slice(longest)])
        other = contradiction(language, probabilities)
        if other is None:
            return ()
        text = f"the language was set to {language}, but the recording is probably in {other} (see --language)"
        return (Notice("asr.language-differs", text, {"language": language, "detected": other}),)

    def _transcript(
        self, audio: Audio, results: Sequence[ChunkResult], detected: DetectedLanguage, notices: tuple[Notice, ...]
    ) -> Transcript:
        """Return the results as a transcript, with the language of the text: English for a translation."""
        findings = tuple(finding for result in results for finding in result.findings)
        meta = Meta(
            language="en" if self.settings.task == "translate" else detected.language,
            duration=audio.duration,
            recording=RecordingFile(audio.name, audio.hash),
            title=audio.title,
            recorded_at=audio.recorded_at,
            notices=(*audio.notices, *self.engine.notices, *notices, *_uncertain(detected), *summary(findings)),
            provenance=Provenance(asr=self._record(results, detected)),
            findings=findings,
        )
        segments = tuple(Segment(result.words) for result in results if result.words)
        return unify_script(Transcript(segments, meta), self.settings.script)

    def _record(self, results: Sequence[ChunkResult], detected: DetectedLanguage) -> AsrRecord:
        """Return the record of the engine with the language, the settings and the numbers of chunks and decodings."""
        settings = self.settings
        record = replace(
            self.engine.record,
            language=detected.language,
            language_probability=detected.probability,
            language_chunks=detected.chunks,
            task=settings.task,
            workers=self.plan.workers,
            batch_size=self.plan.batch_size,
            beam_size=settings.beam_size,
            prompt=settings.prompt,
            vocabulary=settings.vocabulary,
            chunks=len(results),
            decoded_again=sum(result.retries > 0 for result in results),
            decodings=sum(1 + result.retries for result in results),
        )
        # In the JSON output, an unknown value of these two is null, not omitted.
        return record.explicit("language_probability", "prompt")


def _speech_duration(chunk: Span, speech_activity: Sequence[Span] | None) -> float:
    """Return the duration of speech in a chunk, or of the whole chunk if speech activity is unknown."""
    if speech_activity is None:
        return chunk.duration
    return max(_MIN_SPEECH, overlap(chunk, activity_near(chunk, speech_activity)))


def _uncertain(detected: DetectedLanguage) -> tuple[Notice, ...]:
    """Return a notice if the detected language is uncertain."""
    if detected.probability is None or detected.probability >= _MIN_PROBABILITY:
        return ()
    text = (
        f"the detected language {detected.language} is uncertain, with a probability of {detected.probability:.2f} "
        f"(set it with --language)"
    )
    data: dict[str, JSON] = {"language": detected.language, "probability": detected.probability}
    return (Notice("asr.language-uncertain", text, data),)
