"""Language detection: the language of a recording from a few chunks, or the language of each chunk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meetscribe.timeline import Seconds, Span

# The following numbers were chosen by hand.
_MOST_CHUNKS = 8
_FULL_WEIGHT: Seconds = 5.0  # duration of speech from which a detection has full weight
_FLOOR = 1e-3  # detectors do not distinguish lower probabilities from zero
_MIN_MEAN = 0.02  # least mean probability over the recording for a language to be considered
_CONTRADICTION = 0.95  # probability of another language from which a language that was set is doubted
_SWITCH = 0.2  # probability that the next chunk is in another language


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """The language of a recording, its probability, and the number of chunks used for detection.

    The probability is None if the language was set instead of detected.
    """

    language: str
    probability: float | None = None
    chunks: int = 0


def detection_chunks(chunks: Sequence[Span], most: int = _MOST_CHUNKS) -> list[Span]:
    """Return at most `most` of the chunks, in order: the longest of each of `most` runs of equally many chunks."""
    edges = [len(chunks) * part // most for part in range(most + 1)]
    runs = [chunks[first:last] for first, last in zip(edges, edges[1:], strict=False)]
    return [max(run, key=lambda chunk: chunk.duration) for run in runs if run]


def mean_probabilities(detected: Sequence[Mapping[str, float]], speech: Sequence[Seconds]) -> dict[str, float]:
    """Return the mean probability of each language over clips, weighted by the duration of their speech."""
    total = math.fsum(speech) or 1.0
    mean: dict[str, float] = {}
    for probabilities, seconds in zip(detected, speech, strict=True):
        for language, probability in probabilities.items():
            mean[language] = mean.get(language, 0.0) + probability * seconds / total
    return mean


def most_likely(probabilities: Mapping[str, float]) -> str:
    """Return the language with the highest probability; ties are broken by the code."""
    return min(probabilities, key=lambda language: (-probabilities[language], language))


def contradiction(language: str, probabilities: Mapping[str, float]) -> str | None:
    """Return the language that is almost certain instead of the one that was set, None if there is none."""
    likely = most_likely(probabilities)
    return likely if likely != language and probabilities[likely] >= _CONTRADICTION else None


def chunk_languages(detected: Sequence[Mapping[str, float]], speech: Sequence[Seconds]) -> list[str]:
    """Return the most likely sequence of languages of the chunks, with a cost for each change (Viterbi, 1967).

    Languages with a low mean probability are ignored. A chunk with little speech has little weight, so that a
    short "hm" takes the language of its neighbours.
    """
    if not detected:
        return []
    mean = mean_probabilities(detected, speech)
    known = sorted(language for language in mean if mean[language] >= _MIN_MEAN) or [most_likely(mean)]
    # Scores for the language before the first chunk, from the mean over the recording. A change from it to the first
    # chunk has a cost too.
    scores = {language: math.log(max(mean[language], _FLOOR)) for language in known}
    trail: list[dict[str, str]] = []
    for probabilities, seconds in zip(detected, speech, strict=True):
        weight = min(1.0, seconds / _FULL_WEIGHT)
        leader = most_likely(scores)
        predecessors = {language: _predecessor(language, leader, scores) for language in known}
        scores = {
            language: scores[before]
            + math.log(1 - _SWITCH if before == language else _SWITCH)
            + weight * math.log(max(probabilities.get(language, 0.0), _FLOOR))
            for language, before in predecessors.items()
        }
        trail.append(predecessors)
    return _backtrack(trail, most_likely(scores))


def _predecessor(language: str, leader: str, scores: Mapping[str, float]) -> str:
    """Return the best language of the preceding chunk: the same language, or `leader`, the one with the best score.

    The cost of a change does not depend on the languages, so no other language can be better.
    """
    stays = scores[language] + math.log(1 - _SWITCH) >= scores[leader] + math.log(_SWITCH)
    return language if stays else leader


def _backtrack(trail: Sequence[Mapping[str, str]], last: str) -> list[str]:
    """Return the languages of all chunks, given the predecessors and the language of the last chunk."""
    languages = [last]
    for predecessors in reversed(trail[1:]):  # trail[0] is the language before the first chunk
        languages.append(predecessors[languages[-1]])
    return languages[::-1]
