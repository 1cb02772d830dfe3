"""Perturb reference words and turns with the typical errors of recognizers, aligners and diarizers.

The constants describe the errors only. They are independent of the settings of the code that is measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import Word

EDGE_ERROR: tuple[Seconds, Seconds] = (0.1, 0.5)
"""Range of the error of each boundary of a turn, early or late."""

STRETCH: tuple[Seconds, Seconds] = (0.3, 2.0)
STRETCHED = 1 / 8
"""Range of the delay of a word's end, and the share of words affected; a word ends before the next one starts."""

UNTIMED = 1 / 20
"""Share of words without times, such as digits and signs that an aligner does not know."""

BACKCHANNEL_EVERY: Seconds = 20.0
BACKCHANNELS = (("Mm-hmm.",), ("Yeah.",), ("Okay,",), ("yeah",), ("Right,", "right."), ("I", "see."))
SYLLABLE: Seconds = 0.3


@dataclass(frozen=True, slots=True)
class Observation:
    """Words of a recognizer with their true speakers, the indices of untimed words, and the turns of a diarizer."""

    words: tuple[Word, ...]
    turns: tuple[Turn, ...]
    untimed: frozenset[int] = frozenset()

    @property
    def diarization(self) -> Diarization:
        """Return the turns as a diarization, without exclusive turns."""
        return Diarization(self.turns, ())


Perturbation = Callable[[Observation, random.Random], Observation]


def edges(observed: Observation, rng: random.Random) -> Observation:
    """Shift both boundaries of every turn by 0.1–0.5 s."""

    def off(time: Seconds) -> Seconds:
        return max(0.0, time + rng.choice((-1, 1)) * rng.uniform(*EDGE_ERROR))

    moved = [(off(turn.start), off(turn.end), turn.speaker) for turn in observed.turns]
    return replace(observed, turns=tuple(Turn(min(a, b), max(a, b), speaker) for a, b, speaker in moved))


def ends(observed: Observation, rng: random.Random) -> Observation:
    """Delay one word end in eight by 0.3–2 s, at most to the start of the next word."""
    words = list(observed.words)
    for i, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if rng.random() < STRETCHED:
            end = min(word.end + rng.uniform(*STRETCH), after.start)
            words[i] = replace(word, end=max(word.end, end))
    return replace(observed, words=tuple(words))


def backchannels(observed: Observation, rng: random.Random) -> Observation:
    """Insert one or two words of another speaker into a turn every 20 s; the words they overlap are lost."""
    speakers = sorted({turn.speaker for turn in observed.turns})
    words, turns = list(observed.words), list(observed.turns)
    long = [turn for turn in turns if turn.duration > 3.0]
    rng.shuffle(long)
    for turn in long[: round(max(turn.end for turn in turns) / BACKCHANNEL_EVERY)]:
        inside = [
            word for word in words if word.speaker == turn.speaker and turn.start + 0.5 < word.start < turn.end - 1.5
        ]
        others = [name for name in speakers if name != turn.speaker]
        if not inside or not others:
            continue
        time, speaker, texts = rng.choice(inside).start, rng.choice(others), rng.choice(BACKCHANNELS)
        inserted = [
            Word(text, time + i * SYLLABLE, time + (i + 1) * SYLLABLE, speaker=speaker) for i, text in enumerate(texts)
        ]
        first, last = inserted[0].span, inserted[-1].span
        words = [word for word in words if word.span.overlap(first) + word.span.overlap(last) == 0]
        words.extend(inserted)
        turns.append(Turn(time, last.end, speaker))
    words.sort(key=lambda word: word.start)
    return replace(observed, words=tuple(words), turns=tuple(turns))


def times(observed: Observation, rng: random.Random) -> Observation:
    """Replace the times of one word in twenty by times interpolated between its neighbours."""
    words = list(observed.words)
    untimed = sorted(rng.sample(range(len(words)), round(UNTIMED * len(words))))
    for i in untimed:
        start = words[i - 1].end if i else 0.0
        end = next((word.start for j, word in enumerate(words[i + 1 :], i + 1) if j not in untimed), start)
        words[i] = replace(words[i], start=start, end=max(start, end), timing="interpolated")
    return replace(observed, words=tuple(words), untimed=frozenset(untimed))


def everything(observed: Observation, rng: random.Random) -> Observation:
    """Apply all perturbations."""
    for perturb in (backchannels, edges, ends, times):
        observed = perturb(observed, rng)
    return observed


def unperturbed(observed: Observation, rng: random.Random) -> Observation:
    """Return the observation unchanged."""
    return observed


PERTURBATIONS: tuple[Perturbation, ...] = (unperturbed, edges, ends, backchannels, times, everything)
