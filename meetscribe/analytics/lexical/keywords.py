"""Keywords: the terms that distinguish a speaker or a window from the rest of the meeting."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from meetscribe.analytics.lexical.terms import Term
from meetscribe.timeline import Seconds

G = TypeVar("G")

PRIOR = 100.0
"""The weight of the prior, as a number of terms, chosen by hand: a larger value requires more occurrences."""

MIN_COUNT = 2
"""The minimum number of occurrences of a keyword in its group."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A term of a group (a speaker, window or topic), its count in the group, and the z-score of its log-odds ratio.

    The ratio compares the group with the rest of the meeting.
    """

    term: str
    count: int
    z_score: float


@dataclass(frozen=True, slots=True)
class SpokenKeyword:
    """A keyword with its speaker, and the times of its first and last mention."""

    speaker: str
    keyword: Keyword
    first: Seconds
    last: Seconds


@dataclass(frozen=True, slots=True)
class WindowKeyword:
    """A keyword of a window, with the index of the window and the keyword's most frequent speaker in it."""

    window: int
    keyword: Keyword
    speaker: str


def log_odds(groups: Mapping[G, Counter[str]], top: int) -> dict[G, tuple[Keyword, ...]]:
    """Return at most `top` keywords of each group, the most characteristic first.

    The score is the log-odds ratio of a group against all others with an informative Dirichlet prior (the counts of the
    whole meeting scaled to `PRIOR` terms), divided by its standard deviation (Monroe, Colaresi and Quinn 2008, equation
    22). Terms that are not more frequent than elsewhere, or rarer than `MIN_COUNT`, are omitted.
    """
    total: Counter[str] = Counter()
    for counts in groups.values():
        total.update(counts)
    size = total.total()
    found: dict[G, tuple[Keyword, ...]] = {}
    for group, counts in groups.items():
        group_size = counts.total()
        scored = [
            Keyword(term, count, round(score, 3))
            for term, count in counts.items()
            if count >= MIN_COUNT and (score := _z_score(count, group_size, total[term], size)) > 0
        ]
        found[group] = tuple(sorted(scored, key=lambda keyword: (-keyword.z_score, keyword.term))[:top])
    return found


def keywords_of(terms: Iterable[Term], top: int) -> tuple[SpokenKeyword, ...]:
    """Return the keywords of each speaker against the other speakers, none with fewer than two speakers."""
    groups: dict[str, Counter[str]] = {}
    times: dict[tuple[str, str], tuple[Seconds, Seconds]] = {}
    for term in terms:
        groups.setdefault(term.speaker, Counter())[term.text] += 1
        first, _ = times.get((term.speaker, term.text), (term.start, term.start))
        times[term.speaker, term.text] = (first, term.start)
    if len(groups) < 2:
        return ()
    found = log_odds(groups, top)
    return tuple(
        SpokenKeyword(speaker, keyword, *times[speaker, keyword.term])
        for speaker, keywords in found.items()
        for keyword in keywords
    )


def window_keywords_of(terms: Iterable[Term], window: Seconds, top: int) -> tuple[WindowKeyword, ...]:
    """Return the keywords of each window against the other windows, none if fewer than two windows have terms.

    `window` is the length of each window in seconds; a term belongs to the window in which it begins.
    """
    counts = Counter((int(term.start // window), term.text, term.speaker) for term in terms)
    groups: dict[int, Counter[str]] = {}
    speakers: dict[tuple[int, str], tuple[int, str]] = {}
    for (index, text, speaker), count in counts.items():
        groups.setdefault(index, Counter())[text] += count
        most, _ = speakers.get((index, text), (0, ""))
        if count > most:
            speakers[index, text] = (count, speaker)
    if len(groups) < 2:
        return ()
    return tuple(
        WindowKeyword(index, keyword, speakers[index, keyword.term][1])
        for index, keywords in sorted(log_odds(groups, top).items())
        for keyword in keywords
    )


def _z_score(count: int, group_size: int, total: int, size: int) -> float:
    """Return the z-score of a term with `count` of `group_size` terms in the group, and `total` of `size` in all."""
    prior = PRIOR * total / size
    rest, rest_size = total - count, size - group_size
    difference = _logit(count + prior, group_size + PRIOR) - _logit(rest + prior, rest_size + PRIOR)
    return difference / math.sqrt(1 / (count + prior) + 1 / (rest + prior))


def _logit(part: float, whole: float) -> float:
    """Return the logarithm of the odds of a part, 0 if it is the whole."""
    return math.log(part / (whole - part)) if whole > part else 0.0
