"""Errors of speaker turns, equal to those of pyannote.metrics and simpleder."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable
from typing import Any

import pytest
import simpleder  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import (
    DiarizationErrorRate,
    JaccardErrorRate,
    SpeakerCountError,
    TimeShare,
    coverage,
    der,
    jer,
    purity,
    speaker_count_error,
)
from meetscribe.timeline import Span, Turn, union

Turns = list[Turn]

LENGTH = 40


@st.composite
def a_turn(draw: st.DrawFn, speakers: str) -> Turn:
    start = draw(st.integers(0, LENGTH - 1))
    end = draw(st.integers(start, LENGTH))
    return Turn(start / 8, end / 8, draw(st.sampled_from(speakers)))


def some_turns(speakers: str) -> st.SearchStrategy[Turns]:
    return st.lists(a_turn(speakers), max_size=8)


quick = settings(max_examples=40, deadline=None)  # scipy is imported on first use

references, hypotheses = some_turns("ABC"), some_turns("XYZ")
collars = st.sampled_from([0.0, 0.1, 0.25])
regions = st.lists(
    st.lists(st.integers(0, LENGTH), min_size=2, max_size=2, unique=True).map(
        lambda edges: Span(min(edges) / 8, max(edges) / 8)
    ),
    min_size=1,
    max_size=2,
)


def slow_der(reference: Turns, hypothesis: Turns) -> DiarizationErrorRate:
    """Return the DER counted in steps of an eighth of a second, with the best of all mappings of speakers."""
    times = [(step / 8 + 1 / 16) for step in range(LENGTH)]
    steps = [(speakers_at(time, reference), speakers_at(time, hypothesis)) for time in times]

    def correct(order: Iterable[str]) -> int:
        match = dict(zip("ABC", order, strict=True))
        return sum(match[speaker] in found for speakers, found in steps for speaker in speakers)

    best = max(correct(order) for order in itertools.permutations("XYZ"))
    return DiarizationErrorRate(
        miss_ms=125 * sum(max(0, len(speakers) - len(found)) for speakers, found in steps),
        false_alarm_ms=125 * sum(max(0, len(found) - len(speakers)) for speakers, found in steps),
        confusion_ms=125 * (sum(min(len(speakers), len(found)) for speakers, found in steps) - best),
        total_ms=125 * sum(len(speakers) for speakers, _ in steps),
    )


def speakers_at(time: float, turns: Turns) -> set[str]:
    return {turn.speaker for turn in turns if turn.start <= time < turn.end}


def annotation(turns: Turns) -> Any:
    """Return the turns as an annotation; merged, because pyannote counts overlapping turns of one speaker twice."""
    core = pytest.importorskip("pyannote.core")
    annotation = core.Annotation()
    for index, turn in enumerate(turns):
        annotation[core.Segment(turn.start, turn.end), index] = turn.speaker
    return annotation.support()


@quick
@given(references)
def test_the_reference_with_other_speaker_names_has_no_errors(reference: Turns) -> None:
    hypothesis = [Turn(turn.start, turn.end, turn.speaker.lower()) for turn in reversed(reference)]
    rate = der(reference, hypothesis)
    assert (rate.miss_ms, rate.false_alarm_ms, rate.confusion_ms) == (0, 0, 0)
    assert jer(reference, hypothesis).rate in (0, None)


@quick
@given(references, hypotheses)
def test_times_equal_those_counted_step_by_step(reference: Turns, hypothesis: Turns) -> None:
    assert der(reference, hypothesis) == slow_der(reference, hypothesis)


@quick
@given(references, hypotheses, collars, st.booleans())
def test_speaker_names_and_the_order_of_turns_do_not_matter(
    reference: Turns, hypothesis: Turns, collar: float, skip_overlap: bool
) -> None:
    other = dict(zip("XYZ", "CAB", strict=True))
    named = [Turn(turn.start, turn.end, other[turn.speaker]) for turn in reversed(hypothesis)]
    expected = der(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    assert der(reference[::-1], named, collar=collar, skip_overlap=skip_overlap) == expected


@quick
@given(references, hypotheses, collars)
def test_adjacent_and_overlapping_turns_of_one_speaker_are_merged(
    reference: Turns, hypothesis: Turns, collar: float
) -> None:
    def halves(turns: Turns) -> Turns:
        middle = [(turn.start + turn.end) / 2 for turn in turns]
        return [
            part
            for at, turn in zip(middle, turns, strict=True)
            for part in (Turn(turn.start, at, turn.speaker), Turn(at, turn.end, turn.speaker), turn)
        ]

    assert der(halves(reference), halves(hypothesis), collar=collar) == der(reference, hypothesis, collar=collar)


@quick
@given(references, hypotheses)
def test_misses_become_false_alarms_when_the_sides_are_swapped(reference: Turns, hypothesis: Turns) -> None:
    rate, swapped = der(reference, hypothesis), der(hypothesis, reference)
    assert (rate.miss_ms, rate.confusion_ms) == (swapped.false_alarm_ms, swapped.confusion_ms)


@quick
@given(references, hypotheses, collars, st.booleans(), st.none() | regions)
def test_the_components_equal_those_of_pyannote_metrics(
    reference: Turns, hypothesis: Turns, collar: float, skip_overlap: bool, within: list[Span] | None
) -> None:
    metrics = pytest.importorskip("pyannote.metrics.diarization", reason="pyannote.metrics is not installed")
    core = pytest.importorskip("pyannote.core")
    uem = within and core.Timeline([core.Segment(span.start, span.end) for span in union(within)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric = metrics.DiarizationErrorRate(collar=2 * collar, skip_overlap=skip_overlap)
        theirs = metric(annotation(reference), annotation(hypothesis), uem=uem, detailed=True)
    ours = der(reference, hypothesis, collar=collar, skip_overlap=skip_overlap, within=within)
    assert ours.miss == pytest.approx(theirs["missed detection"], abs=1e-4)
    assert ours.false_alarm == pytest.approx(theirs["false alarm"], abs=1e-4)
    assert ours.confusion == pytest.approx(theirs["confusion"], abs=1e-4)
    assert ours.total == pytest.approx(theirs["total"], abs=1e-4)


def triples(turns: Turns) -> list[tuple[str, float, float]]:
    return [(turn.speaker, turn.start, turn.end) for turn in turns]


@quick
@given(references.filter(bool), hypotheses.filter(bool), collars, st.booleans())
def test_the_components_equal_those_of_simpleder(
    reference: Turns, hypothesis: Turns, collar: float, skip_overlap: bool
) -> None:
    theirs = simpleder.DER(
        triples(reference), triples(hypothesis), collar=collar, skip_overlap=skip_overlap, detailed=True
    )
    ours = der(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    assert ours.miss == pytest.approx(theirs["miss"], abs=1e-4)
    assert ours.false_alarm == pytest.approx(theirs["false_alarm"], abs=1e-4)
    assert ours.confusion == pytest.approx(theirs["confusion"], abs=1e-4)
    assert ours.total == pytest.approx(theirs["ref_length"], abs=1e-4)


@quick
@given(references.filter(bool), hypotheses.filter(bool), collars, st.booleans())
def test_the_jaccard_error_equals_that_of_simpleder(
    reference: Turns, hypothesis: Turns, collar: float, skip_overlap: bool
) -> None:
    theirs = simpleder.JER(triples(reference), triples(hypothesis), collar=collar, skip_overlap=skip_overlap)
    ours = jer(reference, hypothesis, collar=collar, skip_overlap=skip_overlap)
    assert (ours.rate or 0.0) == pytest.approx(theirs, abs=1e-4)


@quick
@given(references, hypotheses, st.integers(0, LENGTH))
def test_two_halves_of_a_recording_add_up_to_the_whole(reference: Turns, hypothesis: Turns, middle: int) -> None:
    whole = der(reference, hypothesis)
    halves = [
        der(reference, hypothesis, within=Span(start / 8, end / 8)) for start, end in ((0, middle), (middle, LENGTH))
    ]
    both = sum(halves, DiarizationErrorRate.zero())
    assert (both.total_ms, both.miss_ms) == (whole.total_ms, whole.miss_ms)
    assert both.confusion_ms <= whole.confusion_ms  # speakers are matched separately in each half


def test_the_collar_is_the_width_on_each_side_of_a_boundary() -> None:
    late = [Turn(1.2, 5, "1")]
    assert der([Turn(1, 5, "A")], late).miss_ms == 200
    assert der([Turn(1, 5, "A")], late, collar=0.2) == DiarizationErrorRate(0, 0, 0, 3600)
    assert der([Turn(1, 5, "A")], late, collar=0.1) == DiarizationErrorRate(100, 0, 0, 3800)


def test_only_boundaries_of_the_reference_have_a_collar() -> None:
    assert der([Turn(0, 9, "A")], [Turn(0, 4, "1"), Turn(5, 9, "1")], collar=0.25).miss_ms == 1000


def test_only_overlapping_speech_of_the_reference_can_be_skipped() -> None:
    reference = [Turn(0, 4, "A"), Turn(3, 6, "B")]
    hypothesis = [Turn(0, 4, "1"), Turn(2, 6, "2")]
    assert der(reference, hypothesis) == DiarizationErrorRate(0, 1000, 0, 7000)
    assert der(reference, hypothesis, skip_overlap=True) == DiarizationErrorRate(0, 1000, 0, 5000)


def test_without_regions_nothing_is_scored() -> None:
    assert der([Turn(0, 4, "A")], [Turn(0, 4, "1")], within=[]) == DiarizationErrorRate.zero()


def test_a_negative_collar_is_rejected() -> None:
    with pytest.raises(ValueError, match="collar"):
        der([], [], collar=-0.25)


def test_all_speakers_have_the_same_weight_in_the_jaccard_error() -> None:
    reference = [Turn(0, 98, "A"), Turn(98, 100, "B")]
    assert jer(reference, [Turn(0, 98, "1"), Turn(98, 99, "2")]) == JaccardErrorRate(((98_000, 98_000), (1000, 2000)))
    assert jer(reference, [Turn(0, 100, "1")]).rate == pytest.approx((0.02 + 1) / 2)


def test_the_jaccard_error_is_the_smallest_over_all_matches() -> None:
    reference = [Turn(0, 4, "A"), Turn(4, 10, "B")]
    hypothesis = [Turn(0, 10, "1"), Turn(5, 6, "2")]
    assert jer(reference, hypothesis).rate == pytest.approx((1 + 0.4) / 2)


def test_surplus_and_missing_speakers_do_not_cancel() -> None:
    assert speaker_count_error(["A", "A"], ["X", "Y"]) == SpeakerCountError(1, 0, 1, 1)
    assert speaker_count_error(["X", "Y"], []) == SpeakerCountError(0, 2, 1, 1)
    both = speaker_count_error("A", "XY") + speaker_count_error("AB", "X") + speaker_count_error("AB", "YX")
    assert both == SpeakerCountError(1, 1, 2, 3)
    assert both.rate == pytest.approx(2 / 3)
    assert str(both) == "1 too many 1 too few; 1/3 recordings right"


@quick
@given(references)
def test_the_reference_has_full_purity_and_coverage(reference: Turns) -> None:
    assert purity(reference, reference).rate in (1, None)
    assert coverage(reference, reference).rate in (1, None)


@quick
@given(references, hypotheses)
def test_purity_becomes_coverage_when_the_sides_are_swapped(reference: Turns, hypothesis: Turns) -> None:
    assert purity(reference, hypothesis) == coverage(hypothesis, reference)


def test_merged_speakers_reduce_purity_and_split_speakers_reduce_coverage() -> None:
    two, one = [Turn(0, 6, "A"), Turn(6, 10, "B")], [Turn(0, 10, "1")]
    assert (purity(two, one), coverage(two, one)) == (TimeShare(6000, 10_000), TimeShare(10_000, 10_000))
    assert (purity(one, two), coverage(one, two)) == (TimeShare(10_000, 10_000), TimeShare(6000, 10_000))


@quick
@given(references, hypotheses)
def test_purity_and_coverage_equal_those_of_pyannote_metrics(reference: Turns, hypothesis: Turns) -> None:
    metrics = pytest.importorskip("pyannote.metrics.diarization", reason="pyannote.metrics is not installed")
    sides = annotation(reference), annotation(hypothesis)
    for ours, theirs in (
        (purity(reference, hypothesis), metrics.DiarizationPurity()(*sides, detailed=True)),
        (coverage(reference, hypothesis), metrics.DiarizationCoverage()(*sides, detailed=True)),
    ):
        correct, total = (next(theirs[key] for key in theirs if word in key) for word in ("correct", "total"))
        assert ours.part_ms / 1000 == pytest.approx(correct, abs=1e-4)
        assert ours.whole_ms / 1000 == pytest.approx(total, abs=1e-4)
