"""Topic segmentation by lexical cohesion: a topic begins where the vocabulary changes (TextTiling, Hearst 1997)."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from statistics import fmean, pstdev

from meetscribe.analytics.lexical.keywords import log_odds
from meetscribe.analytics.lexical.terms import Term
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word
from meetscribe.transcript.notes import Topic

STEP = 10
"""The number of terms per step; the similarity of the blocks before and after is computed at each step."""

BLOCK = 8
"""The number of steps in a block on each side (as in Hearst 1997, where it is 6 to 10, with steps of 20 words)."""


def topics_of(
    terms: Sequence[Term], words: Sequence[Word], starts: Sequence[Seconds], min_topic: Seconds, top: int
) -> tuple[Topic, ...]:
    """Return the topics in order, none without terms.

    `terms` and `words` are in order of time. The similarity of adjacent blocks of terms is their cosine. Topics end at
    valleys whose depth exceeds the mean of all depths by half their standard deviation, selected from the deepest on
    and moved to the nearest of `starts`, the starts of utterances. No topic is shorter than `min_topic`. A topic has at
    most `top` terms, those with the greatest log-odds against the other topics, or the most frequent ones if there are
    none or there is only one topic.
    """
    if not terms:
        return ()
    scores = _similarities(terms)
    end = max(word.end for word in words)
    edges = [min(words[0].start, terms[0].start), *_edges(terms, scores, sorted(starts), min_topic, end), end]
    begins = [term.start for term in terms]
    cuts = [0, *(_index(begins, edge) for edge in edges[1:-1]), len(terms)]
    groups = [Counter(term.text for term in terms[first:last]) for first, last in pairwise(cuts)]
    keywords = log_odds(dict(enumerate(groups)), top)
    spans = list(pairwise(edges))
    found = []
    for index, (start, stop) in enumerate(spans):
        distinct = tuple(keyword.term for keyword in keywords[index])
        frequent = tuple(term for term, _ in groups[index].most_common(top))
        found.append(Topic(start, stop, distinct if len(spans) > 1 and distinct else frequent))
    return _with_word_ids(found, words)


def _similarities(terms: Sequence[Term]) -> list[float]:
    """Return the smoothed cosine of the blocks of terms before and after each step except the last.

    The score with index i is that after i + 1 steps.
    """
    texts, size = [term.text for term in terms], BLOCK * STEP
    scores = []
    for place in range(STEP, len(texts), STEP):
        scores.append(_cosine(Counter(texts[max(0, place - size) : place]), Counter(texts[place : place + size])))
    return _smoothed(scores)


def _edges(
    terms: Sequence[Term], scores: Sequence[float], starts: Sequence[Seconds], min_topic: Seconds, end: Seconds
) -> list[Seconds]:
    """Return the times at which topics change, in order."""
    depths = _depths(scores)
    if len(depths) < 3:
        return []
    limit = fmean(depths) + pstdev(depths) / 2
    chosen = [terms[0].start, end]
    for index in sorted(range(len(depths)), key=lambda index: (-depths[index], index)):
        if depths[index] <= limit:
            break
        time = _nearest(starts, terms[(index + 1) * STEP].start)
        place = bisect_left(chosen, time)
        if 0 < place < len(chosen) and min(time - chosen[place - 1], chosen[place] - time) >= min_topic:
            chosen.insert(place, time)
    return chosen[1:-1]


def _depths(scores: Sequence[float]) -> list[float]:
    """Return the depth of each valley, summed over the peaks on both sides, and 0 for other positions."""
    left = list(accumulate(pairwise(scores), _climb, initial=scores[0])) if scores else []
    backward = list(reversed(scores))
    right = list(accumulate(pairwise(backward), _climb, initial=backward[0]))[::-1] if scores else []
    valleys = (
        (index == 0 or scores[index - 1] >= score) and (index + 1 == len(scores) or scores[index + 1] >= score)
        for index, score in enumerate(scores)
    )
    return [
        (before - score) + (after - score) if valley else 0.0
        for before, after, score, valley in zip(left, right, scores, valleys, strict=True)
    ]


def _climb(peak: float, pair: tuple[float, float]) -> float:
    """Return the height of the nearest previous peak, which is kept while the scores fall."""
    before, now = pair
    return peak if now <= before else now


def _smoothed(scores: Sequence[float]) -> list[float]:
    """Return the mean of each score and its neighbours."""
    return [fmean(scores[max(0, index - 1) : index + 2]) for index in range(len(scores))]


def _cosine(left: Counter[str], right: Counter[str]) -> float:
    """Return the cosine of two vectors of counts."""
    shared = sum(count * right[term] for term, count in left.items() if term in right)
    size = math.sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return shared / size if size else 0.0


def _nearest(starts: Sequence[Seconds], time: Seconds) -> Seconds:
    """Return the start nearest to a time, or the time itself without any start."""
    place = bisect_left(starts, time)
    return min(starts[max(0, place - 1) : place + 1], key=lambda start: abs(start - time), default=time)


def _index(begins: Sequence[Seconds], time: Seconds) -> int:
    return bisect_left(begins, time)


def _with_word_ids(topics: Sequence[Topic], words: Sequence[Word]) -> tuple[Topic, ...]:
    """Return the topics with the ids of their first and last words."""
    begins = [word.start for word in words]
    found = []
    for topic in topics:
        first = _index(begins, topic.start)
        last = len(words) - 1 if topic is topics[-1] else max(first, _index(begins, topic.end) - 1)
        found.append(replace(topic, first_word=words[first].id, last_word=words[last].id))
    return tuple(found)
