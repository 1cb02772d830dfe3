"""True words and turns, made wrong in the ways in which recognizers, aligners and diarizers are wrong.

The constants are the disturbance's own: they say what goes wrong, and know nothing of what mends it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import Word

EDGE_ERROR: tuple[Seconds, Seconds] = (0.1, 0.5)
"""Each edge of a turn is off by so much, early or late."""

STRETCH: tuple[Seconds, Seconds] = (0.3, 2.0)
STRETCHED = 1 / 8
"""So much later, and of so many of the words, the end is found, as far as the pause after it goes."""

UNTIMED = 1 / 20
"""So many words have no times: digits and signs that an aligner does not know."""

BACKCHANNEL_EVERY: Seconds = 20.0
BACKCHANNELS = (("Mm-hmm.",), ("Yeah.",), ("Okay,",), ("yeah",), ("Right,", "right."), ("I", "see."))
SYLLABLE: Seconds = 0.3


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of a recognizer, with their true speakers, which of them have no times, and who a diarizer found."""

    words: tuple[Word, ...]
    turns: tuple[Turn, ...]
    untimed: frozenset[int] = frozenset()

    @property
    def diarization(self) -> Diarization:
        """The turns as a diarizer gives them."""
        return Diarization(self.turns, ())


Disturbance = Callable[[Heard, random.Random], Heard]


def edges(heard: Heard, chance: random.Random) -> Heard:
    """Every turn begins and ends 0.1–0.5 s too early or too late."""

    def off(time: Seconds) -> Seconds:
        return max(0.0, time + chance.choice((-1, 1)) * chance.uniform(*EDGE_ERROR))

    moved = [(off(turn.start), off(turn.end), turn.speaker) for turn in heard.turns]
    return replace(heard, turns=tuple(Turn(min(a, b), max(a, b), speaker) for a, b, speaker in moved))


def ends(heard: Heard, chance: random.Random) -> Heard:
    """One word end in eight lies 0.3–2 s too late, or where the next word starts."""
    words = list(heard.words)
    for i, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if chance.random() < STRETCHED:
            end = min(word.end + chance.uniform(*STRETCH), after.start)
            words[i] = replace(word, end=max(word.end, end))
    return replace(heard, words=tuple(words))


def backchannels(heard: Heard, chance: random.Random) -> Heard:
    """Every 20 s another speaker says one or two words inside a turn; what was said there meanwhile is lost."""
    speakers = sorted({turn.speaker for turn in heard.turns})
    words, turns = list(heard.words), list(heard.turns)
    long = [turn for turn in turns if turn.duration > 3.0]
    chance.shuffle(long)
    for turn in long[: round(max(turn.end for turn in turns) / BACKCHANNEL_EVERY)]:
        inside = [
            word for word in words if word.speaker == turn.speaker and turn.start + 0.5 < word.start < turn.end - 1.5
        ]
        others = [name for name in speakers if name != turn.speaker]
        if not inside or not others:
            continue
        time, speaker, said = chance.choice(inside).start, chance.choice(others), chance.choice(BACKCHANNELS)
        spoken = [
            Word(text, time + i * SYLLABLE, time + (i + 1) * SYLLABLE, speaker=speaker) for i, text in enumerate(said)
        ]
        end = spoken[-1].end
        words = [word for word in words if word.span.overlap(spoken[0].span) + word.span.overlap(spoken[-1].span) == 0]
        words.extend(spoken)
        turns.append(Turn(time, end, speaker))
    words.sort(key=lambda word: word.start)
    return replace(heard, words=tuple(words), turns=tuple(turns))


def times(heard: Heard, chance: random.Random) -> Heard:
    """One word in twenty has no times, but a guess between its neighbours."""
    words = list(heard.words)
    untimed = sorted(chance.sample(range(len(words)), round(UNTIMED * len(words))))
    for i in untimed:
        start = words[i - 1].end if i else 0.0
        end = next((word.start for j, word in enumerate(words[i + 1 :], i + 1) if j not in untimed), start)
        words[i] = replace(words[i], start=start, end=max(start, end), timing="interpolated")
    return replace(heard, words=tuple(words), untimed=frozenset(untimed))


def everything(heard: Heard, chance: random.Random) -> Heard:
    """All of these at once."""
    for disturb in (backchannels, edges, ends, times):
        heard = disturb(heard, chance)
    return heard


def undisturbed(heard: Heard, chance: random.Random) -> Heard:
    """As it is."""
    return heard


DISTURBANCES: tuple[Disturbance, ...] = (undisturbed, edges, ends, backchannels, times, everything)
