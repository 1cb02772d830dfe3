"""The real voices of the benchmark, each as speech alone, in two halves without a common speaker.

To tune on: the readers of LibriSpeech that `real.making.voices` tunes on, the AMI excerpts dev00 and trn05, a speech,
and the readers of German, Spanish, Italian and Portuguese. Held out: the other readers of LibriSpeech, the AMI excerpts
trn00 and trn06, both speakers of the call in pyannote.audio, and the readers of English, French, Korean and Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Seconds, Span, intersection, overlapping, union
from tests.benchmarks.real.making.voices import active_spans, find_utterances, level
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Part, Recording, find_recordings

Samples = npt.NDArray[np.float32]

SHORTEST: Seconds = 3.0
_SHORTEST_PIECE: Seconds = 0.5
_TUNED_LANGUAGES = ("de", "es", "it", "pt")


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A person's speech: the pieces in which it was recorded, joined in `samples` `(frames,)`.

    Voices of the same `kin` may be one person, and are never compared.
    """

    name: str
    part: Part
    pieces: tuple[Samples, ...]

    @property
    def kin(self) -> str:
        """The name without its number."""
        return self.name.partition("#")[0]

    @property
    def samples(self) -> Samples:
        """All speech, one piece after the other."""
        return np.concatenate(self.pieces)

    @property
    def duration(self) -> Seconds:
        """The length of all pieces."""
        return sum(map(len, self.pieces)) / SAMPLE_RATE


def find_voices(places: Places) -> list[Voice]:
    """Return the voices with at least `SHORTEST` seconds of speech in the recordings that are present."""
    found: dict[tuple[str, Part], list[Samples]] = {}
    for name, part, samples in (*_readers(places), *_others(places)):
        found.setdefault((name, part), []).append(samples)
    voices = [Voice(name, part, tuple(pieces)) for (name, part), pieces in found.items()]
    return [voice for voice in voices if voice.duration >= SHORTEST]


def _readers(places: Places) -> Iterator[tuple[str, Part, Samples]]:
    """Yield the speech of LibriSpeech's readers."""
    for part in get_args(Part):
        for utterance in find_utterances(places, part):
            if utterance.speaker.isdecimal():
                yield utterance.speaker, part, utterance.samples


def _others(places: Places) -> Iterator[tuple[str, Part, Samples]]:
    """Yield the speech of meetings and a call, of the readers in other languages, and of a speech."""
    for recording in find_recordings(places):
        if recording.set in ("ami", "call"):
            yield from _alone(recording)
        elif recording.set == "languages":
            part: Part = "tune" if recording.language in _TUNED_LANGUAGES else "held out"
            name = f"reader-{recording.language}#{recording.name[-1]}"  # both may be the same reader
            yield name, part, _speech(load_audio(recording.path).samples[:])
        elif recording.name == "jfk":
            yield "jfk", "tune", _speech(load_audio(recording.path).samples[:])


def _alone(recording: Recording) -> Iterator[tuple[str, Part, Samples]]:
    """Yield the speech of each speaker of a recording while the others are silent."""
    audio = load_audio(recording.path)
    tracks: dict[str, list[Span]] = {}
    for turn in recording.turns:
        tracks.setdefault(turn.speaker, []).append(turn.span)
    alone = _complement(overlapping(tracks.values()), audio.duration)
    for speaker, spans in tracks.items():
        for span in intersection(union(spans), alone):
            if span.duration >= _SHORTEST_PIECE:
                yield f"{recording.name}-{speaker}", recording.part, level(audio.slice(span))


def _complement(spans: tuple[Span, ...], duration: Seconds) -> tuple[Span, ...]:
    """Return the time outside spans that are in order."""
    edges = [0.0, *(edge for span in spans for edge in (span.start, span.end)), duration]
    return tuple(Span(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1])


def _speech(samples: Samples) -> Samples:
    """Return the speech of a recording of one speaker, without the pauses."""
    parts = [samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)] for span in active_spans(samples)]
    return level(np.concatenate(parts))
