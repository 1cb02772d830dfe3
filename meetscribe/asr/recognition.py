"""What is said in the chunks of a recording, by any engine, and how far it can be trusted.

Engines are in engines; what becomes of a single chunk is in passages, how a language is found in spoken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from meetscribe.asr.batching import BatchRunner
from meetscribe.asr.decoding import AudioChunk, ChunkDecoder, ChunkResult, activity_near, split_long_chunks
from meetscribe.asr.journal import DecodingJournal, Journal
from meetscribe.asr.language_detection import (
    DetectedLanguage,
    chunk_languages,
    detection_chunks,
    mean_probabilities,
    most_likely,
)
from meetscribe.asr.protocol import Engine, load_engine
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

_DOUBTED_LANGUAGE = 0.5


class Recognizer(Protocol):
    """A loaded engine with the control of what it hears."""

    def transcribe(
        self,
        audio: Audio,
        chunks: Sequence[Span],
        progress: Progress,
        speech_activity: Sequence[Span] | None = None,
        journal: Journal | None = None,
    ) -> Transcript:
        """What is said in `chunks`, a segment for each in which something is, in their order.

        `speech_activity` says where anybody is heard, by another ear than the one that made the chunks; None if nobody
        listened for that. Into `journal` goes what is heard as soon as it is, and what is there already is not
        listened to again.
        """
        ...

    def with_language(self, language: str) -> Recognizer:
        """The same model, told which language is spoken."""
        ...


def load_recognizer(settings: AsrSettings, device: Device, plan: DecodingPlan) -> Recognizer:
    """The engine of `settings` with its model loaded; raises SettingsError and WeightsError as `load_engine` does."""
    return EngineRecognizer(load_engine(settings, device, plan), settings, plan)


@dataclass(frozen=True, slots=True)
class EngineRecognizer:
    """A Recognizer of any engine; what it hears does not depend on the batch size or the number of workers."""

    engine: Engine
    settings: AsrSettings
    plan: DecodingPlan

    def transcribe(
        self,
        audio: Audio,
        chunks: Sequence[Span],
        progress: Progress = ignore_progress,
        speech_activity: Sequence[Span] | None = None,
        journal: Journal | None = None,
    ) -> Transcript:
        """What is said in `chunks`, as `Recognizer` promises; `findings` has what was doubted and removed.

        Without `speech_activity` it is not known where nobody speaks, and nothing is removed for that. A chunk longer
        than 30 s is heard in parts, a segment for each. Raises MeetscribeError if the device has too little
        memory for one chunk.
        """
        pieces, heard = split_long_chunks(chunks), None if speech_activity is None else union(speech_activity)
        batches = BatchRunner(self.plan.batch_size)
        diary = DecodingJournal(journal, pieces)
        spoken, languages = diary.languages() or diary.write_languages(*self._languages(audio, pieces, heard, batches))
        outcomes = diary.outcomes()
        passages = (
            AudioChunk(
                piece,
                audio.slice(piece),
                language,
                foreign=language != spoken.language and self.settings.task != "translate",
                speech_activity=None if heard is None else activity_near(piece, heard),
            )
            for piece, language in list(zip(pieces, languages, strict=True))[len(outcomes) :]
        )

        def done(results: list[ChunkResult]) -> None:
            diary.write_outcomes(len(outcomes), results)
            outcomes.extend(results)
            progress(len(outcomes) / len(pieces))

        listener = ChunkDecoder(self.engine, self.settings, batches)
        batches.map_in_order(
            listener.hear, self._batched(passages, len(pieces) - len(outcomes)), self.plan.workers, done
        )
        progress(1.0)
        return self._transcript(audio, outcomes, spoken, batches.notices)

    def with_language(self, language: str) -> EngineRecognizer:
        """The same model, told which language is spoken."""
        return replace(self, settings=replace(self.settings, language=language))

    def _batched(self, items: Iterable[T], count: int) -> Iterator[list[T]]:
        """The `count` items in batches, of which every worker has one; none is drawn before its batch is wanted."""
        items, size = iter(items), min(self.plan.batch_size, math.ceil(count / self.plan.workers))
        while batch := list(islice(items, size)):
            yield batch

    def _languages(
        self, audio: Audio, pieces: Sequence[Span], speech_activity: Sequence[Span] | None, batches: BatchRunner
    ) -> tuple[DetectedLanguage, list[str]]:
        """The language of the recording, and that of each piece."""
        settings, known = self.settings, self.engine.languages
        if settings.language is not None or len(known) == 1 or not pieces:
            language = settings.language or (known[0] if len(known) == 1 and pieces else UNKNOWN)
            return DetectedLanguage(language), [language] * len(pieces)
        asked = pieces if settings.multilingual else detection_chunks(pieces)
        clips = (audio.slice(piece) for piece in asked)
        found: list[dict[str, float]] = []
        batches.map_in_order(
            lambda batch: batches.call(self.engine.detect, batch),
            self._batched(clips, len(asked)),
            self.plan.workers,
            found.extend,
        )
        speech = [_speech(piece, speech_activity) for piece in asked]
        mean = mean_probabilities(found, speech)
        language = most_likely(mean)
        each = chunk_languages(found, speech) if settings.multilingual else [language] * len(pieces)
        return DetectedLanguage(language, min(1.0, mean[language]), len(asked)), each

    def _transcript(
        self, audio: Audio, outcomes: Sequence[ChunkResult], spoken: DetectedLanguage, notices: tuple[Notice, ...]
    ) -> Transcript:
        """The outcomes put together; the language is that of the text, so English for a translation."""
        findings = tuple(finding for outcome in outcomes for finding in outcome.findings)
        meta = Meta(
            language="en" if self.settings.task == "translate" else spoken.language,
            duration=audio.duration,
            recording=RecordingFile(audio.name, audio.hash),
            title=audio.title,
            recorded_at=audio.recorded_at,
            notices=(*audio.notices, *self.engine.notices, *notices, *_doubts(spoken), *summary(findings)),
            provenance=Provenance(asr=AsrRecord.from_json(self._made_by(outcomes, spoken))),
            findings=findings,
        )
        return Transcript(tuple(Segment(outcome.words) for outcome in outcomes if outcome.words), meta)

    def _made_by(self, outcomes: Sequence[ChunkResult], spoken: DetectedLanguage) -> dict[str, JSON]:
        """How a transcript was made."""
        settings = self.settings
        return {
            **self.engine.made_by,
            "language": spoken.language,
            "language_probability": spoken.probability,
            "language_chunks": spoken.chunks,
            "task": settings.task,
            "workers": self.plan.workers,
            "batch_size": self.plan.batch_size,
            "beam_size": self.engine.made_by.get("beam_size", settings.beam_size),  # not every engine searches
            "prompt": settings.prompt,
            "vocabulary": list(settings.vocabulary),
            "chunks": len(outcomes),
            "decoded_again": sum(outcome.again > 0 for outcome in outcomes),
            "decodings": sum(1 + outcome.again for outcome in outcomes),
        }


def _speech(piece: Span, speech_activity: Sequence[Span] | None) -> float:
    """How long anybody speaks in a piece, as far as that is known; never quite nothing, for all must not be."""
    if speech_activity is None:
        return piece.duration
    return max(0.01, overlap(piece, activity_near(piece, speech_activity)))


def _doubts(spoken: DetectedLanguage) -> tuple[Notice, ...]:
    """A notice if the language is not certain."""
    if spoken.probability is None or spoken.probability >= _DOUBTED_LANGUAGE:
        return ()
    text = (
        f"the language is perhaps not {spoken.language}: its probability is {spoken.probability:.2f} "
        f"(say it with --language)"
    )
    data: dict[str, JSON] = {"language": spoken.language, "probability": spoken.probability}
    return (Notice("asr.language-uncertain", text, data),)
