"""Whether the right speaker got the time: DER and JER; words are not looked at here.

Both are read off one table, made by one sweep over the recording: for how many milliseconds these speak,
by the reference, while those do, by the hypothesis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from meetscribe.evaluation.matching import match_labels
from meetscribe.evaluation.rates import DiarizationErrorRate, JaccardErrorRate
from meetscribe.timeline import Seconds, Span, Turn, merge_turns, union

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
    together = _tabulate(reference, hypothesis, collar, skip_overlap, within)
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
    together = _tabulate(reference, hypothesis, collar, skip_overlap, within)
    shared = _pairwise(together)
    spoken: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for (speaking, heard), time in together.items():
        spoken.update(dict.fromkeys(speaking, time))
        found.update(dict.fromkeys(heard, time))
    either = {(one, other): spoken[one] + found[other] - shared[one, other] for one in spoken for other in found}
    match = match_labels({pair: shared[pair] / time for pair, time in either.items()})
    return JaccardErrorRate(
        tuple(
            (shared[one, match[one]], either[one, match[one]]) if one in match else (0, time)
            for one, time in spoken.items()
        )
    )


def speaker_count_error(reference: Iterable[Turn], hypothesis: Iterable[Turn]) -> int:
    """How many speakers too many were found; negative for too few."""
    return len({turn.speaker for turn in hypothesis}) - len({turn.speaker for turn in reference})


def _tabulate(
    reference: Sequence[Turn],
    hypothesis: Sequence[Turn],
    collar: Seconds,
    skip_overlap: bool,
    within: Span | Iterable[Span] | None,
) -> _Together:
    """The scored milliseconds by who speaks and who is found to, where anybody does."""
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
    within: Span | Iterable[Span] | None,
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
    for span in union((within,) if isinstance(within, Span) else within or ()):
        yield _milliseconds(span.start), _CLOSED, "", -1
        yield _milliseconds(span.end), _CLOSED, "", 1


def _pairwise(together: _Together) -> Counter[tuple[str, str]]:
    """The milliseconds during which a speaker of the reference and one of the hypothesis both speak."""
    shared: Counter[tuple[str, str]] = Counter()
    for (speaking, found), time in together.items():
        shared.update({(speaker, other): time for speaker in speaking for other in found})
    return shared


def _milliseconds(time: Seconds) -> int:
    return round(time * 1000)
