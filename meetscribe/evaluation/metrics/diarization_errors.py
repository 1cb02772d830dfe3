"""Errors of speaker turns: DER, JER, purity, coverage, and the number of speakers.

All use the same table, computed in one sweep over the recording: the duration of each combination of simultaneous
reference speakers and simultaneous hypothesis speakers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from meetscribe.evaluation.metrics.time_rates import (
    DiarizationErrorRate,
    JaccardErrorRate,
    SpeakerCountError,
    TimeShare,
)
from meetscribe.timeline import Seconds, Span, Turn, merge_turns, union
from meetscribe.transcript.label_matching import match_labels

_Durations: TypeAlias = Counter[tuple[frozenset[str], frozenset[str]]]
"""Milliseconds by the sets of simultaneous speakers of the reference and of the hypothesis."""

_REFERENCE, _HYPOTHESIS, _UNSCORED = "reference", "hypothesis", "unscored"


def der(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> DiarizationErrorRate:
    """Return the diarization error rate, with speakers matched one to one for the most correct time (NIST RT-09).

    The following is not scored: `collar` seconds on each side of a boundary of a reference turn (as in md-eval; the
    `collar` of pyannote.metrics is the sum of both sides), overlapping speech of the reference if `skip_overlap`, and
    time outside the `within` spans, if given. Turns of one speaker that touch or overlap are merged. The rate is None
    if the reference has no speaker time to score; `transcript.turns.turns_of` returns the turns of a transcript,
    derived from its words if it has none. Raises ValueError for a negative collar.

    >>> print(der([Turn(0, 6, "A"), Turn(5, 10, "B")], [Turn(0, 5, "1"), Turn(5, 9, "2")]))
    18.2 % (2.0 miss 0.0 false alarm 0.0 confusion; of 11.0 s)
    """
    durations = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    match = match_labels(_shared_time(durations))
    miss = false_alarm = confusion = total = 0
    for (speakers, found), time in durations.items():
        correct = sum(match.get(speaker) in found for speaker in speakers)
        miss += time * max(0, len(speakers) - len(found))
        false_alarm += time * max(0, len(found) - len(speakers))
        confusion += time * (min(len(speakers), len(found)) - correct)
        total += time * len(speakers)
    return DiarizationErrorRate(miss, false_alarm, confusion, total)


def jer(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> JaccardErrorRate:
    """Return the smallest Jaccard error rate over all one-to-one matches of speakers (Ryant et al., DIHARD II 2019).

    The options are the same as for `der`. pyannote.metrics matches by shared time, which can give a larger rate.
    """
    durations = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared = _shared_time(durations)
    expected, found = _speaker_time(durations, hypothesis=False), _speaker_time(durations, hypothesis=True)
    unions = {
        (speaker, other): expected[speaker] + found[other] - shared[speaker, other]
        for speaker in expected
        for other in found
    }
    match = match_labels({pair: shared[pair] / time for pair, time in unions.items()})
    return JaccardErrorRate(
        tuple(
            (shared[speaker, match[speaker]], unions[speaker, match[speaker]]) if speaker in match else (0, time)
            for speaker, time in expected.items()
        )
    )


def purity(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> TimeShare:
    """Return the share of the hypothesis speakers' time that overlaps their best-matching reference speaker.

    It falls if two speakers are merged into one, but not if one is split into two; for `coverage`, it is the reverse.
    The options are the same as for `der`.
    """
    durations = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared, found = _shared_time(durations), _speaker_time(durations, hypothesis=True)
    longest: Counter[str] = Counter()
    for (_, speaker), time in shared.items():
        longest[speaker] = max(longest[speaker], time)
    return TimeShare(longest.total(), found.total())


def coverage(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> TimeShare:
    """Return the share of the reference speakers' time that overlaps their best-matching hypothesis speaker.

    The options are the same as for `der`.
    """
    durations = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared, expected = _shared_time(durations), _speaker_time(durations, hypothesis=False)
    longest: Counter[str] = Counter()
    for (speaker, _), time in shared.items():
        longest[speaker] = max(longest[speaker], time)
    return TimeShare(longest.total(), expected.total())


def speaker_count_error(reference: Collection[str], hypothesis: Collection[str]) -> SpeakerCountError:
    """Return the difference in the number of distinct speakers of a recording."""
    extra = len(set(hypothesis)) - len(set(reference))
    return SpeakerCountError(max(0, extra), max(0, -extra), int(extra != 0), 1)


def _regions(within: Span | Iterable[Span] | None) -> tuple[Span, ...] | None:
    """Return the scored regions, disjoint and in order of time; None for everything."""
    return None if within is None else union((within,) if isinstance(within, Span) else within)


@lru_cache(maxsize=2)
def _tabulate(
    reference: tuple[Turn, ...],
    hypothesis: tuple[Turn, ...],
    collar: Seconds,
    skip_overlap: bool,
    within: tuple[Span, ...] | None,
) -> _Durations:
    """Return the scored milliseconds of each combination of speakers, except silence on both sides.

    The last tables are cached, because DER, JER, purity and coverage use the same table.
    """
    active: dict[str, set[str]] = {_REFERENCE: set(), _HYPOTHESIS: set()}
    speakers, found = active[_REFERENCE], active[_HYPOTHESIS]
    suspended = 0 if within is None else 1  # how many collars cover this time, plus 1 outside `within`
    durations: _Durations = Counter()
    before = 0
    for time, side, label, step in sorted(_steps(reference, hypothesis, collar, within)):
        if not suspended and (speakers or found) and not (skip_overlap and len(speakers) > 1):
            durations[frozenset(speakers), frozenset(found)] += time - before
        before = time
        if side == _UNSCORED:
            suspended += step
        else:
            (active[side].add if step > 0 else active[side].remove)(label)
    return +durations  # without zeros


def _steps(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    collar: Seconds,
    within: tuple[Span, ...] | None,
) -> Iterator[tuple[int, str, str, int]]:
    """Yield (milliseconds, side, speaker, step): +1 where a speaker starts or scoring stops, -1 where that ends."""
    if collar < 0:
        raise ValueError(f"a collar must not be negative: {collar}")
    margin = _milliseconds(collar)
    for side, turns in ((_REFERENCE, reference), (_HYPOTHESIS, hypothesis)):
        for turn in merge_turns(turns, max_gap=0.0):
            edges = _milliseconds(turn.start), _milliseconds(turn.end)
            yield edges[0], side, turn.speaker, 1
            yield edges[1], side, turn.speaker, -1
            if side == _REFERENCE and margin:
                for edge in edges:
                    yield edge - margin, _UNSCORED, "", 1
                    yield edge + margin, _UNSCORED, "", -1
    for span in within or ():
        yield _milliseconds(span.start), _UNSCORED, "", -1
        yield _milliseconds(span.end), _UNSCORED, "", 1


def _shared_time(durations: _Durations) -> Counter[tuple[str, str]]:
    """Return the milliseconds in which a reference speaker and a hypothesis speaker both speak."""
    shared: Counter[tuple[str, str]] = Counter()
    for (speakers, found), time in durations.items():
        shared.update({(speaker, other): time for speaker in speakers for other in found})
    return shared


def _speaker_time(durations: _Durations, *, hypothesis: bool) -> Counter[str]:
    """Return the milliseconds of each speaker of the reference, or of the hypothesis."""
    times: Counter[str] = Counter()
    for sides, time in durations.items():
        times.update(dict.fromkeys(sides[hypothesis], time))  # False selects the reference, True the hypothesis
    return times


def _milliseconds(time: Seconds) -> int:
    return round(time * 1000)
