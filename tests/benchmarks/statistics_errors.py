"""The errors of statistics from the turns of a diarizer, and the verdict on each metric that follows from them.

The truth has the words and speakers of the manual annotations and the reference turns. The estimate has one stream of
the same words, as a recognizer would write them, attributed to the turns of a diarizer. Speakers are matched by shared
time. Rows of events (turns, overlaps, gaps, interruptions) are matched if the speakers are the same and they begin
within half a second; a row without a match is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from meetscribe.analytics import Statistics, stats
from meetscribe.analytics.metrics import (
    EVENT_METRICS,
    MEETING_METRICS,
    SPEAKER_METRICS,
    TRANSITION_METRICS,
    WINDOW_METRICS,
    Metric,
)
from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.formats.recording_files import load_regions
from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Diarization, shared_time
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.label_matching import match_labels
from tests.benchmarks import ami

RULE = "longest"
TOLERABLE = {"share": 0.05, "0 to 1": 0.1, "offset": 0.2, "relative": 0.2}
"""Tolerable errors: of shares and indices absolute, of offsets and short times in seconds, of all else relative."""

OFFLINE = ("vbx", "vbx-overlap")
"""The diarizers that decide; the first one finds no overlapping speech."""

ENOUGH = 0.8
"""A metric is trusted if this share of the cases has a tolerable error, whichever meeting is left out."""

NEAR = 0.5
"""Events of the same speakers are the same event if they begin within this time, in seconds."""

_OFFSETS = ("response_latency_s", "floor_transfer_s", "floor_transfer_p10_s", "floor_transfer_p90_s", "median_offset_s")
_STARTS = {"turns": "start", "overlaps": "start", "gaps": "next_start", "interruptions": "start"}
_NAMES = ("speaker", "other", "next_speaker", "interrupted")

Group: TypeAlias = tuple[str, str]
"""A table and a metric."""


@dataclass(frozen=True, slots=True)
class Case:
    """One value of a metric in a meeting: the truth, and the estimate from a diarizer; None if it has no such row."""

    meeting: str
    group: Group
    kind: str
    diarizer: str
    truth: float | None
    estimate: float | None

    @property
    def error(self) -> float | None:
        """The error; relative to at least 1, so that it is finite for a truth of 0; None without a match."""
        if self.truth is None or self.estimate is None:
            return None
        difference = abs(self.estimate - self.truth)
        return difference if self.kind != "relative" else difference / max(abs(self.truth), 1.0)

    @property
    def is_tolerable(self) -> bool:
        """Whether the error is tolerable."""
        return self.error is not None and self.error <= TOLERABLE[self.kind]


def cases_of(folder: Path) -> Iterator[Case]:
    """Yield all cases of all meetings and diarizers; values that are unknown in truth or estimate are left out."""
    for name in (name for names in ami.series(folder) for name in names):
        truth, estimates = truth_and_estimates(folder, name)
        for diarizer, estimate in estimates.items():
            for table, metric, true, found in _pairs(truth, estimate):
                kind = _kind(table, metric)
                yield Case(name, (table, metric.name), kind, diarizer, true, found)


def truth_and_estimates(folder: Path, name: str) -> tuple[Statistics, dict[str, Statistics]]:
    """Return the statistics from the reference of a meeting, and those from each diarizer."""
    words = ami.read_words(folder / f"{name}.words.jsonl")
    duration = max(span.end for span in (load_regions(folder / "ami.uem") or {})[name])
    reference = read_rttm((folder / f"{name}.ref.rttm").read_bytes())
    truth = stats(Transcript(_segments(words), Meta("en", duration, turns=reference)), names=[name])
    stream = ami.as_recognised(ami.one_stream(words, RULE, name), name)
    recognised = Transcript(_segments([Word(word.text, word.start, word.end) for word in stream]), Meta("en", duration))
    estimates = {}
    for diarizer in ami.DIARIZERS:
        turns = read_rttm((folder / f"{name}.{diarizer}.rttm").read_bytes())
        found = attribute(recognised, Diarization(turns, ()), AttributionSettings())
        estimates[diarizer] = stats(found.with_meta(turns=turns, exclusive=()), names=[name])
    return truth, estimates


def matched_speakers(truth: Statistics, estimate: Statistics) -> dict[str, str]:
    """Return the estimated speaker of each true one, by shared time."""
    true, found = truth.analyses[0].speech, estimate.analyses[0].speech
    return match_labels({(a, b): shared_time(one, other) for a, one in true.items() for b, other in found.items()})


def by_group(cases: Sequence[Case]) -> dict[Group, list[Case]]:
    """Return the cases of each table and metric."""
    groups: dict[Group, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    return groups


def offline(cases: Sequence[Case]) -> list[Case]:
    """Return the cases of the diarizers that decide."""
    return [case for case in cases if case.diarizer in OFFLINE]


def within(cases: Sequence[Case]) -> float:
    """Return the share of cases with a tolerable error."""
    return sum(case.is_tolerable for case in cases) / len(cases)


def is_trusted(cases: Sequence[Case]) -> bool:
    """Return whether enough of the cases are tolerable, whichever of the meetings is left out."""
    parts: dict[str, list[bool]] = {}
    for case in cases:
        parts.setdefault(case.meeting, []).append(case.is_tolerable)
    good, count = sum(map(sum, parts.values())), len(cases)
    least = [(good - sum(own)) / (count - len(own)) for own in parts.values() if len(own) < count]
    return min([good / count, *least]) >= ENOUGH


def median_error(cases: Sequence[Case]) -> float | None:
    """Return the median of the errors of matched values; None without any."""
    errors = [case.error for case in cases if case.error is not None]
    return median(errors) if errors else None


def held_out(cases: Sequence[Case], part: Callable[[str], str]) -> list[tuple[bool, list[Case]]]:
    """Return for each part of the meetings the verdict from all other parts, and the cases of the part.

    `part` maps a meeting to its part: itself, or its series.
    """
    found = []
    for name in sorted({part(case.meeting) for case in cases}):
        rest = [case for case in cases if part(case.meeting) != name]
        if rest:
            found.append((is_trusted(rest), [case for case in cases if part(case.meeting) == name]))
    return found


def agreement(cases: Sequence[Case], part: Callable[[str], str]) -> tuple[int, int]:
    """Return in how many parts the verdict from the others is that of the part itself, and the number of parts."""
    tried = held_out(cases, part)
    return sum(verdict == is_trusted(own) for verdict, own in tried), len(tried)


def _segments(words: Sequence[Word]) -> tuple[Segment, ...]:
    """Return a segment per word, which is all that statistics of speakers need."""
    return tuple(Segment((word,)) for word in words)


def _kind(table: str, metric: Metric) -> str:
    """Return the kind of the tolerable error."""
    if metric.name in _OFFSETS or table in ("overlaps", "gaps", "interruptions"):
        return "offset"
    return metric.unit if metric.unit in TOLERABLE else "relative"


_Pair: TypeAlias = tuple[str, Metric, float | None, float | None]


def _pairs(truth: Statistics, estimate: Statistics) -> Iterator[_Pair]:
    """Yield table, metric, true value and estimated value."""
    names = {found: true for true, found in matched_speakers(truth, estimate).items()}
    yield from _values("meeting", MEETING_METRICS, truth.meetings[0], estimate.meetings[0])
    keyed: tuple[tuple[str, Mapping[str, Metric], tuple[str, ...]], ...] = (
        ("speakers", SPEAKER_METRICS, ("speaker",)),
        ("transitions", TRANSITION_METRICS, ("speaker", "next_speaker")),
        ("timeline", WINDOW_METRICS, ("speaker", "start")),
    )
    for table, metrics, keys in keyed:
        found = {_key(row, keys, names): row for row in estimate.rows(table)}
        for row in truth.rows(table):
            other = found.get(_key(row, keys, {}))
            if other is not None:
                yield from _values(table, metrics, row, other)
            elif table == "transitions" and {row.speaker, row.next_speaker} <= set(names.values()):
                yield table, metrics["count"], row.count, 0.0
    for table, metric in EVENT_METRICS.items():
        if table != "interruptions" or estimate.meetings[0].interruptions_by:
            for true, event in _events(table, truth, estimate, names):
                yield table, metric, getattr(true, metric.name, None), getattr(event, metric.name, None)


def _key(row: Any, keys: Sequence[str], names: Mapping[str, str]) -> tuple[Any, ...]:
    """Return the values that identify a row, with the true names of the speakers."""
    return tuple(names.get(getattr(row, key), getattr(row, key)) for key in keys)


def _values(table: str, metrics: Mapping[str, Metric], truth: Any, estimate: Any) -> Iterator[_Pair]:
    """Yield the metrics of two rows that both know."""
    for metric in metrics.values():
        true, found = getattr(truth, metric.name), getattr(estimate, metric.name)
        if true is not None and found is not None:
            yield table, metric, float(true), float(found)


def _events(table: str, truth: Statistics, estimate: Statistics, names: Mapping[str, str]) -> Iterator[tuple[Any, Any]]:
    """Yield the events of truth and estimate in pairs, each at most once; None where one of them has none."""
    start = _STARTS[table]
    left: dict[tuple[Any, ...], list[Any]] = {}
    for row in estimate.rows(table):
        left.setdefault(_key(row, [key for key in _NAMES if hasattr(row, key)], names), []).append(row)
    for row in truth.rows(table):
        own = left.get(_key(row, [key for key in _NAMES if hasattr(row, key)], {}), [])
        near = min(own, key=lambda other: abs(getattr(other, start) - getattr(row, start)), default=None)
        if near is None or abs(getattr(near, start) - getattr(row, start)) > NEAR:
            yield row, None
        else:
            own.remove(near)
            yield row, near
    yield from ((None, row) for own in left.values() for row in own)
