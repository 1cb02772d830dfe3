"""Extraction of voiceprints: pieces of each speaker's speech are embedded, compared and averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import Audio
from meetscribe.profiles.channel import channel_of
from meetscribe.profiles.dense_speech import MIN_SPEECH
from meetscribe.profiles.values import EmbeddingSpace, Source, Vector, Voiceprint
from meetscribe.timeline import Seconds, Span, total
from meetscribe.transcript.edits.word_edits import now

EmbedSpans: TypeAlias = Callable[[Sequence[Sequence[Span]]], npt.NDArray[np.float32]]
"""A function that returns the embeddings `(groups, dim)` of groups of spans, NaN for groups that are too short."""

PIECE: Seconds = 5.0
"""The approximate length of a piece, which gets one embedding."""

Refusal: TypeAlias = Literal["too-little-speech", "disagreement", "no-voiceprint"]
"""The reasons to refuse a voiceprint: less than the minimum of speech, pieces of different voices, or no embedding."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The voiceprint of a speaker, or the refusal; `seconds` is the length of the speech.

    `agreement` is the lowest cosine similarity of a piece to the mean of the others, None for fewer than two pieces.
    """

    voiceprint: Voiceprint | None
    refusal: Refusal | None
    seconds: Seconds
    agreement: float | None = None


@dataclass(frozen=True, slots=True)
class Extractor:
    """Extracts voiceprints from a recording.

    A voiceprint is refused if its agreement is below `required_agreement`, or its speech shorter than `min_speech`.
    `file` is the path of the recording or transcript as given by the user.
    """

    audio: Audio
    embed: EmbedSpans
    space: EmbeddingSpace
    required_agreement: float
    file: str
    min_speech: Seconds = MIN_SPEECH

    def extract(self, speech: Mapping[str, Sequence[Span]]) -> dict[str, Extraction]:
        """Return the voiceprint of each speaker by label from speech without overlap; calls the embedder once."""
        groups = {label: pieces(spans) for label, spans in speech.items() if total(spans) >= self.min_speech}
        labelled = [(label, piece) for label, label_pieces in groups.items() for piece in label_pieces]
        vectors = self.embed([piece for _, piece in labelled]) if labelled else np.zeros((0, 1), np.float32)
        extractions = {}
        for label, spans in speech.items():
            of_label = [vector for (each, _), vector in zip(labelled, vectors, strict=True) if each == label]
            extractions[label] = self._extraction(label, spans, np.array(of_label))
        return extractions

    def _extraction(self, label: str, spans: Sequence[Span], vectors: npt.NDArray[np.float32]) -> Extraction:
        """Return the mean of the embeddings `(pieces, dim)` of a speaker's pieces as a voiceprint, or the refusal."""
        seconds = round(total(spans), 3)
        if not len(vectors):
            return Extraction(None, "too-little-speech", seconds)
        units = unit_vectors(vectors)
        if not len(units):
            return Extraction(None, "no-voiceprint", seconds)
        agreement = min_agreement(units)
        if agreement is not None and agreement < self.required_agreement:
            return Extraction(None, "disagreement", seconds, agreement)
        source = Source(self.file, label or None, self.audio.hash)
        channel = channel_of(self.audio, spans)
        voiceprint = Voiceprint(mean_vector(units), self.space, channel, seconds, now(), source)
        return Extraction(voiceprint, None, seconds, agreement)


def pieces(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans in groups of about `PIECE` seconds; long spans are divided, short spans grouped."""
    groups: list[list[Span]] = [[]]
    for part in _parts(spans):
        # With the part, the group would be farther from PIECE than without it.
        if total(groups[-1]) >= PIECE - part.duration / 2 and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    if len(groups) > 1 and total(groups[-1]) < PIECE / 2:
        last = groups.pop()
        groups[-1] += last
    return [group for group in groups if group]


def _parts(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans in parts of at most `PIECE` seconds."""
    for span in spans:
        yield from span.equal_parts(PIECE)


def unit_vectors(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the finite vectors `(n, dim)` other than zero, each of length 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    usable = np.isfinite(norms[:, 0]) & (norms[:, 0] > 0)
    units: npt.NDArray[np.float32] = (vectors[usable] / norms[usable]).astype(np.float32)
    return units


def mean_vector(units: npt.NDArray[np.float32]) -> Vector:
    """Return the mean direction `(dim,)` of unit vectors `(n, dim)`."""
    mean = units.mean(axis=0)
    unit: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def min_agreement(units: npt.NDArray[np.float32]) -> float | None:
    """Return the minimum cosine similarity of a unit vector to the mean of the others, None for fewer than two."""
    if len(units) < 2:
        return None
    others = units.sum(axis=0) - units
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-9)
    return float((units * others).sum(axis=1).min())
