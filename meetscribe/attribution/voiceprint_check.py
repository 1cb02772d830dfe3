"""The second opinion on doubtful runs of words: whose voice is it? What makes voiceprints is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.attribution.speech_time import Coverage
from meetscribe.timeline import Seconds, Span, total, union

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.attribution.speech_time import Millis

    Prints: TypeAlias = npt.NDArray[np.float32]
    Labels: TypeAlias = npt.NDArray[np.intp]
    Flags: TypeAlias = npt.NDArray[np.bool_]

Voices: TypeAlias = Callable[[Sequence[Sequence[Span]]], "Prints"]
"""A voiceprint `(groups, dim)` of what is heard in each group of spans, NaN where that is too little."""

KNOWN_BY: Seconds = 30.0
"""So much of what a speaker says alone, the longest stretches of it, is enough to know the voice."""

LONGEST_WORD: Seconds = 1.0
"""What a word lasts beyond this is the pause after it."""


def listen_again(
    labels: Labels,
    doubted: Flags,
    coverages: Sequence[Coverage],
    times: tuple[Millis, Millis],
    settings: AttributionSettings,
    voices: Voices,
) -> Labels:
    """The speaker of each word `(words,)`, changed where the voice of a doubted run is clearly that of another.

    A run is of one speaker, without a pause; who talks within `settings.max_gap` of it can have said it. Voices
    are known by what is said alone, never by voiceprints of the diarization, which are not kept.
    `times` are the starts and ends of the words.
    """
    import numpy as np

    runs = [run for run in _runs(labels, doubted, times, settings) if _sound(run, times) >= settings.voice_sound]
    near = [_near(run, coverages, times, settings.max_gap) for run in runs]
    contested = [(run, who) for run, who in zip(runs, near, strict=True) if len(who) > 1]
    if not contested:
        return labels
    prints = voices([*alone(coverages), *(_spans(run, times) for run, _ in contested)])
    prints = prints / np.maximum(np.linalg.norm(prints, axis=1, keepdims=True), 1e-9)
    speakers, heard = prints[: len(coverages)], prints[len(coverages) :]
    changed = labels.copy()
    for (run, who), own in zip(contested, heard, strict=True):
        likeness = speakers[who] @ own
        second, best = np.argsort(likeness)[-2:]
        if np.isfinite(likeness).all() and likeness[best] - likeness[second] >= settings.voice_margin:
            changed[run] = who[best]
    return changed


def alone(coverages: Sequence[Coverage]) -> list[list[Span]]:
    """For each speaker the longest stretches in which nobody else talks, up to KNOWN_BY seconds in all."""
    edges = sorted(
        (time, speaker)
        for speaker, cover in enumerate(coverages)
        for time in (*cover.starts.tolist(), *cover.ends.tolist())
    )
    stretches: list[list[Span]] = [[] for _ in coverages]
    talking: set[int] = set()
    for (begin, speaker), (end, _) in pairwise(edges):
        talking ^= {speaker}
        if len(talking) == 1 and begin < end:
            stretches[next(iter(talking))].append(Span(begin / 1000, end / 1000))
    return [_longest(own) for own in stretches]


def _longest(spans: Sequence[Span]) -> list[Span]:
    """The longest of the spans, the last of them cut, so that they are KNOWN_BY seconds together."""
    chosen: list[Span] = []
    left = KNOWN_BY
    for span in sorted(spans, key=lambda span: (-span.duration, span)):
        if left > 0:
            chosen.append(Span(span.start, min(span.end, span.start + left)))
            left -= span.duration
    return chosen


def _runs(labels: Labels, doubted: Flags, times: tuple[Millis, Millis], settings: AttributionSettings) -> list[Labels]:
    """The indices of the words of each run: doubted one after the other, of one speaker, without a pause."""
    import numpy as np

    starts, ends = times
    paused = starts[1:] - ends[:-1] >= round(settings.breath * 1000)
    cuts = np.flatnonzero(paused | (labels[1:] != labels[:-1]) | (doubted[1:] != doubted[:-1])) + 1
    return [run for run in np.split(np.arange(len(labels)), cuts) if doubted[run[0]]]


def _spans(run: Labels, times: tuple[Millis, Millis]) -> tuple[Span, ...]:
    """When the words of a run are heard."""
    starts, ends = (each[run] / 1000 for each in times)
    return union(map(Span, starts.tolist(), ends.clip(max=starts + LONGEST_WORD).tolist()))


def _sound(run: Labels, times: tuple[Millis, Millis]) -> Seconds:
    """For how many seconds the words of a run are heard."""
    return total(_spans(run, times))


def _near(run: Labels, coverages: Sequence[Coverage], times: tuple[Millis, Millis], reach: Seconds) -> list[int]:
    """Who talks during a run, or within `reach` of it."""
    starts, ends = (each[run] for each in times)
    gaps = [cover.distance(starts, ends).min() for cover in coverages]
    return [speaker for speaker, gap in enumerate(gaps) if gap <= reach * 1000]
