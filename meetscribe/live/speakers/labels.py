"""Keep the labels of speakers after a new clustering."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count

from meetscribe.timeline import Turn, merge_turns, shared_time, total
from meetscribe.transcript.label_matching import match_labels

LEAST_SHARED = 0.5
"""The least shared speech for a cluster to keep a label, as a share of the shorter of the two."""


def keep_labels(
    found: Iterable[Turn], shown: Iterable[Turn], used: Collection[str], name: Callable[[int], str]
) -> dict[str, str]:
    """Return the label to display for each speaker of `found`, a new clustering.

    Clusters keep the labels of `shown` by the one-to-one assignment with the most shared time. Every other cluster gets
    the first label of `name(0)`, `name(1)`, … that is neither shown nor in `used`: a dropped label is not given to
    another person.
    """
    clusters, labels = _spans(found), _spans(shown)
    shared = {
        (cluster, label): seconds
        for cluster, own in clusters.items()
        for label, other in labels.items()
        if (seconds := shared_time(own, other)) >= LEAST_SHARED * min(_length(own), _length(other)) and seconds
    }
    kept = match_labels(shared)
    free = (label for number in count() if (label := name(number)) not in labels and label not in used)
    return {cluster: kept.get(cluster) or next(free) for cluster in clusters}


def relabelled(turns: Iterable[Turn], labels: dict[str, str]) -> tuple[Turn, ...]:
    """Return the turns with other labels."""
    return tuple(Turn(turn.start, turn.end, labels[turn.speaker]) for turn in turns)


def _spans(turns: Iterable[Turn]) -> dict[str, list[Turn]]:
    """Return the turns of each label in order and without overlap, by first appearance."""
    spans: dict[str, list[Turn]] = {}
    for turn in merge_turns(turns, max_gap=0.0):
        spans.setdefault(turn.speaker, []).append(turn)
    return spans


def _length(turns: Sequence[Turn]) -> float:
    return total(turn.span for turn in turns)
