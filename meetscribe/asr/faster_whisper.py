"""Transcription with faster-whisper's batched pipeline, which takes word times from the attention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from meetscribe import telemetry
from meetscribe.asr import ctranslate
from meetscribe.timeline import Span
from meetscribe.transcript import Segment, Transcript, Word
from meetscribe.transcript.splitting import split_words, spread

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.audio import Audio
    from meetscribe.devices import Device
    from meetscribe.progress import Progress


class FasterWhisper:
    """The engine "faster-whisper": chunks in batches, with word times; not for two threads at once."""

    def __init__(self, settings: AsrSettings, device: Device, threads: int = 0) -> None:
        """Load the model; raises SettingsError for what it cannot do, WeightsError if it cannot be loaded."""
        telemetry.switch_off()
        self._settings = settings
        self._placement = ctranslate.place(settings, device, threads)
        import faster_whisper

        with ctranslate.model_errors(settings.model):
            self._model: Any = faster_whisper.WhisperModel(
                settings.model,
                device=self._placement.device,
                device_index=self._placement.index,
                compute_type=self._placement.compute_type,
                cpu_threads=self._placement.threads,
            )
        ctranslate.check_model(self._model, settings)
        self._pipeline: Any = faster_whisper.BatchedInferencePipeline(self._model)

    def transcribe(self, audio: Audio, chunks: Sequence[Span], progress: Progress) -> Transcript:
        """What is said in `chunks`, as `Recognizer` promises; word times are the engine's."""
        report = ctranslate.rising(progress)
        made = ctranslate.made_by(self._settings, self._placement, self._model)
        segments: list[Segment] = []
        if chunks:
            language, probability = ctranslate.spoken_language(self._model, self._settings, audio, chunks)
            made |= {"language": language, "language_probability": probability}
            size = self._placement.batch_size
            # A batch for each call: one call for all would hold the spectrogram of the whole recording.
            for first in range(0, len(chunks), size):
                segments += self._batch(audio, chunks[first : first + size], language)
                report((first + size) / len(chunks))
        report(1.0)
        return ctranslate.to_transcript(segments, audio, self._settings, made, self._placement.warnings)

    def _batch(self, audio: Audio, chunks: Sequence[Span], language: str) -> list[Segment]:
        """The segments of as many chunks as the model takes at once."""
        found, _ = self._pipeline.transcribe(
            audio.samples,
            language=language,
            task=self._settings.task,
            beam_size=self._settings.beam_size,
            initial_prompt=self._settings.prompt,
            hotwords=ctranslate.hotwords(self._settings),
            batch_size=len(chunks),
            clip_timestamps=[{"start": chunk.start, "end": chunk.end} for chunk in chunks],
            word_timestamps=True,
            vad_filter=False,
            without_timestamps=True,
        )
        words: dict[Span, list[Word]] = {chunk: [] for chunk in chunks}
        for segment in found:
            # Only `seek`, the chunk's start in hundredths of a second, tells which chunk a segment is from.
            chunk = min(chunks, key=lambda chunk: abs(chunk.start - segment.seek / 100))
            words[chunk] += _words(segment, chunk)
        return [Segment(tuple(_in_order(found_words, chunk))) for chunk, found_words in words.items() if found_words]


def _words(segment: Any, chunk: Span) -> list[Word]:
    """The words of one of the engine's segments; if it has only a text, that is spread over the chunk."""
    parts = [part for part in segment.words or () if part.word.strip()]
    if not parts:
        texts = split_words(segment.text)
        return [
            Word(text, at.start, at.end, "interpolated") for text, at in zip(texts, spread(texts, chunk), strict=True)
        ]
    words: list[Word] = []
    for group in _groups(parts):
        texts = split_words("".join(part.word for part in group))
        start, end = group[0].start, max(part.end for part in group)
        score = sum(part.probability for part in group) / len(group)
        for text, at in zip(texts, spread(texts, Span(start, max(start, end))), strict=True):
            words.append(Word(text, at.start, at.end, "engine", min(max(score, 0.0), 1.0)))
    return words


def _groups(parts: Iterable[Any]) -> list[list[Any]]:
    """The engine's words, those put together that are one word when written, such as "well" and "-known"."""
    groups: list[list[Any]] = []
    for part in parts:
        before = "".join(other.word for other in groups[-1]) if groups else ""
        if groups and len(split_words(before + part.word)) == len(split_words(before)):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _in_order(words: Iterable[Word], chunk: Span) -> list[Word]:
    """The words within the chunk, none starting before the one before it ends."""
    ordered: list[Word] = []
    start = chunk.start
    for word in words:
        start = min(max(word.start, start), chunk.end)
        end = min(max(word.end, start), chunk.end)
        ordered.append(Word(word.text, start, end, word.timing, word.score))
        start = end
    return ordered
