"""A transcript's words put where they are heard, segment by segment; networks and paths are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from meetscribe.alignment.ctc import viterbi
from meetscribe.alignment.interpolation import fill
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.alignment.tokens import extend, spell
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import JSON, Segment, Transcript

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LONGEST: Seconds = 120.0  # a network's memory grows with the square of this


class Aligner(Protocol):
    """A loaded network that hears letters."""

    @property
    def language(self) -> str:
        """The language whose letters it hears."""
        ...

    @property
    def model(self) -> str:
        """Its name, for those who read the transcript."""
        ...

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The column of each letter, in lower case; "|" stands for the space between words."""
        ...

    @property
    def blank(self) -> int:
        """The column for no letter."""
        ...

    @property
    def stride(self) -> int:
        """Samples from one frame to the next."""
        ...

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """The log probabilities `(frames, columns)` of each clip `(samples,)`."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a word was heard, and how well, 0 to 1."""

    span: Span
    score: float


def align(
    transcript: Transcript,
    audio: Audio,
    aligner: Aligner | None,
    settings: AlignmentSettings,
    progress: Progress = ignore_progress,
) -> Transcript:
    """The transcript with the time of each word found in the sound, and a score of how well it was heard.

    Words without a letter in them lie between their neighbours, with timing "interpolated". A segment that
    does not fit its sound keeps its times, and so does everything where there is no aligner for the language
    (None) or the words are a translation; `meta.warnings` says so once.
    """
    translated = _is_translation(transcript)
    if aligner is None or translated:
        progress(1.0)
        why = "the words are a translation" if translated else f"no aligner is known for {transcript.language}"
        return _warn(transcript, f"words were not aligned, their times are estimates: {why}")
    spans = [
        _clip(transcript.segments, position, audio.duration, settings.pad)
        for position in range(len(transcript.segments))
    ]
    waiting = sorted(range(len(spans)), key=lambda position: spans[position].duration)
    segments = list(transcript.segments)
    missed = 0
    for first in range(0, len(waiting), settings.batch_size):
        batch = waiting[first : first + settings.batch_size]
        results = _align_batch([(segments[position], spans[position]) for position in batch], audio, aligner)
        for position, segment in zip(batch, results, strict=True):
            segments[position] = segment or segments[position]
            missed += segment is None
        progress(min(1.0, (first + len(batch)) / len(waiting)))
    progress(1.0)
    made: dict[str, JSON] = {"model": aligner.model, "language": aligner.language, "pad": settings.pad}
    aligned = transcript.with_segments(segments).with_meta(made_by={**transcript.meta.made_by, "alignment": made})
    if missed:
        aligned = _warn(
            aligned,
            f"{missed} of {len(segments)} segments could not be aligned, their word times are estimates",
        )
    return aligned


def _is_translation(transcript: Transcript) -> bool:
    """Whether the words are not those that were spoken."""
    asr = transcript.meta.made_by.get("asr")
    return isinstance(asr, Mapping) and asr.get("task") == "translate"


def _warn(transcript: Transcript, warning: str) -> Transcript:
    """The transcript with one warning more."""
    return transcript.with_meta(warnings=(*transcript.meta.warnings, warning))


def _clip(segments: Sequence[Segment], position: int, duration: Seconds, pad: Seconds) -> Span:
    """Where a segment's words may lie: around it, at most halfway to its neighbours, on whole samples."""
    span = segments[position].span
    before = span.gap(segments[position - 1].span) / 2 if position else pad
    after = span.gap(segments[position + 1].span) / 2 if position + 1 < len(segments) else pad
    start = min(max(0.0, span.start - min(pad, before)), duration)
    end = min(max(start, span.end + min(pad, after)), duration)
    return Span(round(start * SAMPLE_RATE) / SAMPLE_RATE, round(end * SAMPLE_RATE) / SAMPLE_RATE)


def _align_batch(batch: Sequence[tuple[Segment, Span]], audio: Audio, aligner: Aligner) -> list[Segment | None]:
    """Each segment with its words' times in its clip; None for those that do not fit."""
    aligned: list[Segment | None] = [None] * len(batch)
    heard = [index for index, (_, clip) in enumerate(batch) if 0 < clip.duration <= _LONGEST]
    if not heard:
        return aligned
    emissions = aligner.emissions([audio.slice(batch[index][1]) for index in heard])
    for index, log_probs in zip(heard, emissions, strict=True):
        segment, clip = batch[index]
        found = _locate([word.text for word in segment.words], clip, log_probs, aligner)
        if any(found):
            aligned[index] = _timed(segment, found)
    return aligned


def _locate(
    texts: Sequence[str], clip: Span, log_probs: npt.NDArray[np.float32], aligner: Aligner
) -> list[_Found | None]:
    """Where each word is heard in the clip; None for a word without letters, or all if they do not fit."""
    spelling = spell(texts, aligner.dictionary, log_probs.shape[1], aligner.blank)
    columns = extend(log_probs, aligner.dictionary, aligner.blank)
    places = viterbi(columns, spelling.tokens, aligner.blank, spelling.gaps)
    tokens: list[list[tuple[int, int, float]]] = [[] for _ in texts]
    for owner, place in zip(spelling.owners, places, strict=False):  # no places at all if they do not fit
        tokens[owner].append(place)
    second = SAMPLE_RATE / aligner.stride  # frames
    return [
        _Found(
            Span(
                min(clip.start + word[0][0] / second, clip.end),
                min(clip.start + word[-1][1] / second, clip.end),
            ),
            sum(score for _, _, score in word) / len(word),
        )
        if word
        else None
        for word in tokens
    ]


def _timed(segment: Segment, found: Sequence[_Found | None]) -> Segment:
    """The segment with its words where they were found, the others between them."""
    known = [place.span for place in found if place is not None]
    within = Span(min(segment.start, known[0].start), max(segment.end, known[-1].end))
    spans = fill([place.span if place else None for place in found], [word.text for word in segment.words], within)
    words = []
    for word, span, place in zip(segment.words, spans, found, strict=True):
        if place is None:
            words.append(replace(word, start=span.start, end=span.end, timing="interpolated", score=None))
        else:
            words.append(replace(word, start=span.start, end=span.end, timing="aligned", score=place.score))
    return Segment(tuple(words))
