"""Whether the right speaker got the time: DER, JER, purity and coverage; words are not looked at here.

All are read off one table, made by one sweep over the recording: for how many milliseconds these speak,
by the reference, while those do, by the hypothesis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from meetscribe.evaluation.times import DiarizationErrorRate, JaccardErrorRate, SpeakerCountError, TimeShare
from meetscribe.timeline import Seconds, Span, Turn, merge_turns, union
from meetscribe.transcript.label_matching import match_labels

_Together: TypeAlias = Counter[tuple[frozenset[str], frozenset[str]]]
_REFERENCE, _HYPOTHESIS, _CLOSED = "reference", "hypothesis", "closed"


def der(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> DiarizationErrorRate:
    """The diarization error rate, speakers matched one to one so that most time is right (NIST RT).

    Nothing is scored within `collar` seconds on each side of where a speaker of the reference starts or
    stops (as in md-eval; the `collar` of pyannote.metrics is the width of both sides), where two of the
    reference speak if `skip_overlap`, and outside `within`, by default everything. Turns of one speaker
    that touch or overlap count as one. Raises ValueError for a negative collar.

    >>> print(der([Turn(0, 6, "A"), Turn(5, 10, "B")], [Turn(0, 5, "1"), Turn(5, 9, "2")]))
    18.2 % (2.0 miss 0.0 false alarm 0.0 confusion; of 11.0 s)
    """
    together = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    match = match_labels(_pairwise(together))
    miss = false_alarm = confusion = total = 0
    for (speaking, found), time in together.items():
        right = sum(match.get(speaker) in found for speaker in speaking)
        miss += time * max(0, len(speaking) - len(found))
        false_alarm += time * max(0, len(found) - len(speaking))
        confusion += time * (min(len(speaking), len(found)) - right)
        total += time * len(speaking)
    return DiarizationErrorRate(miss, false_alarm, confusion, total)


def jer(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> JaccardErrorRate:
    """The Jaccard error rate, speakers matched one to one so that it is least (Ryant et al., DIHARD II).

    What is scored is as in `der`. pyannote.metrics matches by shared time, which can give more.
    """
    together = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared = _pairwise(together)
    spoken, found = _spoken(together, hypothesis=False), _spoken(together, hypothesis=True)
    either = {(one, other): spoken[one] + found[other] - shared[one, other] for one in spoken for other in found}
    match = match_labels({pair: shared[pair] / time for pair, time in either.items()})
    return JaccardErrorRate(
        tuple(
            (shared[one, match[one]], either[one, match[one]]) if one in match else (0, time)
            for one, time in spoken.items()
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
    """Of the time of the hypothesis's speakers, that in which the one of the reference speaks whom each has most of.

    Two that are taken for one make it less, one taken for two does not: `coverage` tells that. What is scored is as
    in `der`.
    """
    together = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared, found = _pairwise(together), _spoken(together, hypothesis=True)
    most: Counter[str] = Counter()
    for (_, speaker), time in shared.items():
        most[speaker] = max(most[speaker], time)
    return TimeShare(most.total(), found.total())


def coverage(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    *,
    collar: Seconds = 0.0,
    skip_overlap: bool = False,
    within: Span | Iterable[Span] | None = None,
) -> TimeShare:
    """Of the time of the reference's speakers, that in which the one of the hypothesis speaks who has most of each.

    What is scored is as in `der`.
    """
    together = _tabulate(tuple(reference), tuple(hypothesis), collar, skip_overlap, _regions(within))
    shared, spoken = _pairwise(together), _spoken(together, hypothesis=False)
    most: Counter[str] = Counter()
    for (speaker, _), time in shared.items():
        most[speaker] = max(most[speaker], time)
    return TimeShare(most.total(), spoken.total())


def speaker_count_error(reference: Collection[str], hypothesis: Collection[str]) -> SpeakerCountError:
    """How many speakers too many or too few were found in a recording, of the names of those there are."""
    extra = len(set(hypothesis)) - len(set(reference))
    return SpeakerCountError(max(0, extra), max(0, -extra), int(extra != 0), 1)


def _regions(within: Span | Iterable[Span] | None) -> tuple[Span, ...] | None:
    """What is to be scored, in order of time; None for everything."""
    return None if within is None else union((within,) if isinstance(within, Span) else within)


@lru_cache(maxsize=2)
def _tabulate(
    reference: tuple[Turn, ...],
    hypothesis: tuple[Turn, ...],
    collar: Seconds,
    skip_overlap: bool,
    within: tuple[Span, ...] | None,
) -> _Together:
    """The scored milliseconds by who speaks and who is found to, where anybody does.

    The last ones are kept: DER, JER, purity and coverage are read off the same.
    """
    speaking: set[str] = set()
    found: set[str] = set()
    closed = 0 if within is None else 1
    together: _Together = Counter()
    before = 0
    for time, layer, label, step in sorted(_steps(reference, hypothesis, collar, within)):
        if not closed and (speaking or found) and not (skip_overlap and len(speaking) > 1):
            together[frozenset(speaking), frozenset(found)] += time - before
        before = time
        if layer == _CLOSED:
            closed += step
        else:
            speakers = speaking if layer == _REFERENCE else found
            (speakers.add if step > 0 else speakers.remove)(label)
    return +together


def _steps(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    collar: Seconds,
    within: tuple[Span, ...] | None,
) -> Iterator[tuple[int, str, str, int]]:
    """When (in ms) which layer goes one up or down: who speaks, who is found to, what closes the scoring."""
    if collar < 0:
        raise ValueError(f"a collar must not be negative: {collar}")
    margin = _milliseconds(collar)
    for layer, turns in ((_REFERENCE, reference), (_HYPOTHESIS, hypothesis)):
        for turn in merge_turns(turns, max_gap=0.0):
            edges = _milliseconds(turn.start), _milliseconds(turn.end)
            yield edges[0], layer, turn.speaker, 1
            yield edges[1], layer, turn.speaker, -1
            if layer == _REFERENCE and margin:
                for edge in edges:
                    yield edge - margin, _CLOSED, "", 1
                    yield edge + margin, _CLOSED, "", -1
    for span in within or ():
        yield _milliseconds(span.start), _CLOSED, "", -1
        yield _milliseconds(span.end), _CLOSED, "", 1


def _pairwise(together: _Together) -> Counter[tuple[str, str]]:
    """The milliseconds during which a speaker of the reference and one of the hypothesis both speak."""
    shared: Counter[tuple[str, str]] = Counter()
    for (speaking, found), time in together.items():
        shared.update({(speaker, other): time for speaker in speaking for other in found})
    return shared


def _spoken(together: _Together, *, hypothesis: bool) -> Counter[str]:
    """The milliseconds during which each speaker of the reference, or of the hypothesis, speaks."""
    spoken: Counter[str] = Counter()
    for both, time in together.items():
        spoken.update(dict.fromkeys(both[hypothesis], time))
    return spoken


def _milliseconds(time: Seconds) -> int:
    return round(time * 1000)
