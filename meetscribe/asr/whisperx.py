"""Transcription with whisperX, told where to listen instead of detecting it; its aligner is not used here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class WhisperX:
    """The engine "whisperx": chunks in batches, without word times; not for two threads at once."""

    def __init__(self, settings: AsrSettings, device: Device, threads: int = 0) -> None:
        """Load the model; raises SettingsError for what it cannot do, WeightsError if it cannot be loaded."""
        telemetry.switch_off()
        self._settings = settings
        self._placement = ctranslate.place(settings, device, threads)
        with telemetry.quiet():
            import whisperx.asr

            with ctranslate.model_errors(settings.model):
                self._pipeline: Any = whisperx.asr.load_model(
                    settings.model,
                    self._placement.device,
                    device_index=self._placement.index,
                    compute_type=self._placement.compute_type,
                    asr_options={
                        "beam_size": settings.beam_size,
                        "initial_prompt": settings.prompt,
                        "hotwords": ctranslate.hotwords(settings),
                    },
                    vad_model=_given_chunks(),
                    threads=self._placement.threads,
                )
        ctranslate.check_model(self._pipeline.model, settings)

    def transcribe(self, audio: Audio, chunks: Sequence[Span], progress: Progress) -> Transcript:
        """What is said in `chunks`, as `Recognizer` promises; word times are interpolated within a chunk."""
        report = ctranslate.rising(progress)
        made = ctranslate.made_by(self._settings, self._placement, self._pipeline.model)
        segments: list[Segment] = []
        if chunks:
            language, probability = ctranslate.spoken_language(self._pipeline.model, self._settings, audio, chunks)
            made |= {"language": language, "language_probability": probability}
            self._pipeline.vad_model.chunks = chunks
            # Language and task are said each time: left to the pipeline, a translation is lost.
            result = self._pipeline.transcribe(
                audio.samples,
                batch_size=self._placement.batch_size,
                language=language,
                task=self._settings.task,
                progress_callback=lambda percent: report(percent / 100),
            )
            segments = _segments(result["segments"], chunks)
        report(1.0)
        return ctranslate.to_transcript(segments, audio, self._settings, made, self._placement.warnings)


def _segments(found: Sequence[Mapping[str, Any]], chunks: Sequence[Span]) -> list[Segment]:
    """A segment for each chunk with text, its words spread over the chunk."""
    segments = []
    for result, chunk in zip(found, chunks, strict=True):
        texts = split_words(result["text"])
        if texts:
            words = zip(texts, spread(texts, chunk), strict=True)
            segments.append(Segment(tuple(Word(text, at.start, at.end, "interpolated") for text, at in words)))
    return segments


def _given_chunks() -> Any:
    """A speech detector for whisperX that finds what it was told: the spans in its attribute `chunks`."""
    from whisperx.vads.vad import Vad

    class GivenChunks(Vad):  # type: ignore[misc]  # whisperx has no types
        """Where to listen, decided before."""

        chunks: Sequence[Span] = ()

        def __init__(self) -> None:
            super().__init__(vad_onset=0.5)

        @staticmethod
        def preprocess_audio(audio: Any) -> Any:
            """The samples as they are."""
            return audio

        def __call__(self, audio: Mapping[str, Any]) -> Sequence[Span]:
            return self.chunks

        @staticmethod
        def merge_chunks(segments: Sequence[Span], *args: Any, **options: Any) -> list[dict[str, Any]]:
            """The chunks as whisperX writes them; they are not merged again."""
            return [{"start": span.start, "end": span.end, "segments": [(span.start, span.end)]} for span in segments]

    return GivenChunks()
