"""Lossless serialisation of stage results as JSON, which cannot run code."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from meetscribe.errors import Notice
from meetscribe.results.analysis_codec import read_analysis, write_analysis
from meetscribe.timeline import DetectedSpeech, Diarization, Span, Turn
from meetscribe.transcript import Transcript

if TYPE_CHECKING:
    from meetscribe.diarization.speakers import Analysis

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """A pair of functions: `read` restores the value given to `write`.

    `read` raises ValueError, TypeError, KeyError or InputError for other texts.
    """

    write: Callable[[T], str]
    read: Callable[[str], T]


def _pairs(spans: Sequence[Span]) -> list[tuple[float, float]]:
    return [(span.start, span.end) for span in spans]


def _spans(pairs: Sequence[Sequence[float]]) -> tuple[Span, ...]:
    return tuple(Span(float(start), float(end)) for start, end in pairs)


def _write_speech(speech: DetectedSpeech) -> str:
    return json.dumps({"padded": _pairs(speech.padded), "activity": _pairs(speech.activity)})


def _read_speech(text: str) -> DetectedSpeech:
    found = json.loads(text)
    return DetectedSpeech(_spans(found["padded"]), _spans(found["activity"]))


def _write_diarization(diarization: Diarization) -> str:
    """Write everything except the voiceprints."""
    return json.dumps(
        {
            "turns": _turns(diarization.turns),
            "exclusive": _turns(diarization.exclusive),
            "embedder": diarization.embedder,
            "notices": [asdict(notice) for notice in diarization.notices],
        }
    )


def _read_diarization(text: str) -> Diarization:
    found = json.loads(text)
    turns, exclusive = (tuple(Turn(*turn) for turn in found[name]) for name in ("turns", "exclusive"))
    notices = tuple(Notice(**notice) for notice in found["notices"])
    return Diarization(turns, exclusive, embedder=found["embedder"], notices=notices)


def _turns(turns: Sequence[Turn]) -> list[tuple[float, float, str]]:
    return [(turn.start, turn.end, turn.speaker) for turn in turns]


SPANS: Codec[tuple[Span, ...]] = Codec(lambda spans: json.dumps(_pairs(spans)), lambda text: _spans(json.loads(text)))
SPEECH: Codec[DetectedSpeech] = Codec(_write_speech, _read_speech)
TRANSCRIPT: Codec[Transcript] = Codec(Transcript.to_json, Transcript.from_json)
DIARIZATION: Codec[Diarization] = Codec(_write_diarization, _read_diarization)
ANALYSIS: Codec[Analysis] = Codec(write_analysis, read_analysis)
