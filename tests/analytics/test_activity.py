"""Interval metrics: equal to counting frames of 10 ms, and to pyannote's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, groupby

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.detection import DetectionErrorRate

from meetscribe.analytics import AnalyticsSettings, meeting_of, stats
from meetscribe.analytics.activity import (
    overlap_time,
    overlap_time_by_speaker,
    overlaps,
    pauses,
    regions,
    speech_of,
    time_within,
)
from meetscribe.timeline import Span, Turn, total

FRAMES = 600
Frames = npt.NDArray[np.bool_]


@st.composite
def random_turns(draw: st.DrawFn) -> list[Turn]:
    """Return turns of up to four speakers on a grid of 10 ms, which may overlap, touch or be empty."""
    edges = st.integers(0, FRAMES)
    found = []
    for _ in range(draw(st.integers(0, 14))):
        start, end = sorted((draw(edges), draw(edges)))
        found.append(Turn(start / 100, min(end, start + 150) / 100, draw(st.sampled_from("ABCD"))))
    return found


def frames_of(turns: Sequence[Turn]) -> dict[str, Frames]:
    """Return for each speaker the frames with speech."""
    heard = {turn.speaker: np.zeros(FRAMES, dtype=bool) for turn in turns}
    for turn in turns:
        heard[turn.speaker][round(turn.start * 100) : round(turn.end * 100)] = True
    return heard


@settings(max_examples=80, deadline=None)
@given(random_turns())
def test_times_are_those_of_counted_frames(turns: list[Turn]) -> None:
    """Talk time, overlap and overlap per speaker are the numbers of frames."""
    heard, speech = frames_of(turns), speech_of(turns)
    found = regions(speech)
    together = np.sum([*heard.values(), np.zeros(FRAMES, dtype=bool)], axis=0)

    assert {one: round(total(spans) * 100) for one, spans in speech.items()} == {
        one: int(own.sum()) for one, own in heard.items()
    }
    assert round(math.fsum(one.duration for one in found) * 100) == int((together >= 1).sum())
    assert round(overlap_time(found) * 100) == int((together >= 2).sum())
    shared = {one: int((own & (together >= 2)).sum()) for one, own in heard.items()}
    assert {one: round(time * 100) for one, time in overlap_time_by_speaker(found).items()} == {
        one: count for one, count in shared.items() if count
    }


@settings(max_examples=80, deadline=None)
@given(random_turns())
def test_overlaps_of_pairs_are_runs_of_shared_frames(turns: list[Turn]) -> None:
    """The overlaps of two speakers are the longest runs of frames with both."""
    heard = frames_of(turns)
    expected = []
    for one, other in combinations(heard, 2):
        place = 0
        for both, run in groupby(heard[one] & heard[other]):
            length = len(list(run))
            if both:
                expected.append((place, place + length, *sorted((one, other))))
            place += length
    found = [
        (round(one.start * 100), round(one.end * 100), *sorted((one.speaker, one.other)))
        for one in overlaps(speech_of(turns))
    ]
    assert sorted(found) == sorted(expected)


@settings(max_examples=50, deadline=None)
@given(random_turns(), st.integers(10, 250))
def test_pauses_and_windows_are_those_of_counted_frames(turns: list[Turn], length: int) -> None:
    """Long pauses are runs of silent frames between speech; windows divide the frames."""
    heard = frames_of(turns)
    anybody = np.any([*heard.values(), np.zeros(FRAMES, dtype=bool)], axis=0)
    runs = [(active, len(list(run))) for active, run in groupby(anybody)]
    inner = runs[1:] if runs and not runs[0][0] else runs
    inner = inner[:-1] if inner and not inner[-1][0] else inner
    silent = [count for active, count in inner if not active and count > length]
    assert [round(pause.duration * 100) for pause in pauses(speech_of(turns), length / 100)] == silent

    rows = stats(meeting_of(turns), settings=AnalyticsSettings(window=length / 100)).rows("timeline")
    for row in rows:
        first = round(row.start * 100)
        assert round(row.talk_time_s * 100) == int(heard[row.speaker][first : first + length].sum())
        within = time_within(speech_of(turns)[row.speaker], Span(row.start, row.end))
        assert within == pytest.approx(row.talk_time_s, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(random_turns())
def test_overlap_and_coverage_are_pyannotes(turns: list[Turn]) -> None:
    """pyannote.core's overlap, its chart of talk times and pyannote.metrics' missed speech agree."""
    annotation = Annotation()
    for number, turn in enumerate(turns):
        if turn.duration > 0:
            annotation[Segment(turn.start, turn.end), number] = turn.speaker
    speech = speech_of(turns)
    merged = annotation.support()

    assert overlap_time(regions(speech)) == pytest.approx(merged.get_overlap().duration(), abs=1e-6)
    times = {label: merged.label_duration(label) for label in merged.labels()}
    assert {one: total(spans) for one, spans in speech.items() if spans} == pytest.approx(times)
    if times:
        row = stats(turns).meetings[0]
        silence = Annotation()
        extent = merged.get_timeline().extent()
        missed = DetectionErrorRate()(merged, silence, uem=Timeline([extent]), detailed=True)["miss"]
        assert row.speech_s == pytest.approx(missed, abs=2e-3)
