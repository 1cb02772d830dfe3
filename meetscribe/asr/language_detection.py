"""Which language is spoken: in a recording, and in each chunk of one in which several are; pure but for asking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meetscribe.timeline import Seconds, Span

_CLIPS = 8  # listened to at most, spread over the recording
_SURE: Seconds = 5.0  # of speech, before detection counts in full
_LEAST = 1e-3  # probability that a detector is trusted to tell from none
_SPOKEN = 0.02  # share of the recording from which a language is taken to be spoken in it
_SWITCH = 0.2  # probability that the next chunk is in another language


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """The language of a recording, how probable it is, and in how many chunks it was listened for."""

    language: str
    probability: float | None = None
    chunks: int = 0


def detection_chunks(chunks: Sequence[Span], most: int = _CLIPS) -> list[Span]:
    """At most `most` of the chunks, in order, spread over them: of each stretch the longest."""
    edges = [len(chunks) * part // most for part in range(most + 1)]
    stretches = [chunks[first:last] for first, last in zip(edges, edges[1:], strict=False)]
    return [max(stretch, key=lambda chunk: chunk.duration) for stretch in stretches if stretch]


def mean_probabilities(found: Sequence[Mapping[str, float]], speech: Sequence[Seconds]) -> dict[str, float]:
    """The mean probability of each language over clips, each counting as much as there is speech in it."""
    whole = math.fsum(speech) or 1.0
    mean: dict[str, float] = {}
    for probabilities, seconds in zip(found, speech, strict=True):
        for language, probability in probabilities.items():
            mean[language] = mean.get(language, 0.0) + probability * seconds / whole
    return mean


def most_likely(probabilities: Mapping[str, float]) -> str:
    """The language with the highest probability; of equals the first by its code."""
    return min(probabilities, key=lambda language: (-probabilities[language], language))


def chunk_languages(found: Sequence[Mapping[str, float]], speech: Sequence[Seconds]) -> list[str]:
    """The language of each chunk: the likeliest sequence, in which a language goes on rather than changes.

    Only languages take part that are spoken in the recording as a whole, and a chunk with little speech
    weighs little, so that a short "hm" is in the language around it (Viterbi 1967, with a cost of a switch).
    """
    if not found:
        return []
    mean = mean_probabilities(found, speech)
    known = sorted(language for language, share in mean.items() if share >= _SPOKEN) or [most_likely(mean)]
    best = {language: math.log(max(mean[language], _LEAST)) for language in known}
    trail: list[dict[str, str]] = []
    for probabilities, seconds in zip(found, speech, strict=True):
        weight = min(1.0, seconds / _SURE)
        leader = most_likely(best)
        before = {language: _before(language, leader, best) for language in known}
        best = {
            language: best[origin]
            + math.log(1 - _SWITCH if origin == language else _SWITCH)
            + weight * math.log(max(probabilities.get(language, 0.0), _LEAST))
            for language, origin in before.items()
        }
        trail.append(before)
    return _followed(trail, most_likely(best))


def _before(language: str, leader: str, best: Mapping[str, float]) -> str:
    """The best language of the chunk before one in `language`: the same, or the likeliest of all."""
    stays = best[language] + math.log(1 - _SWITCH) >= best[leader] + math.log(_SWITCH)
    return language if stays else leader


def _followed(trail: Sequence[Mapping[str, str]], last: str) -> list[str]:
    """The languages of the chunks, read back from the last one."""
    languages = [last]
    for before in reversed(trail[1:]):
        languages.append(before[languages[-1]])
    return languages[::-1]
