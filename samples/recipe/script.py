"""What is said in a made meeting: lines with their speaker, how they meet the line before, and what was planted."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from language import BACKCHANNELS, Grammar, held_out, words

SECONDS_PER_WORD = 0.42  # of the synthesisers on average, with their pauses
Kind = Literal["turn", "backchannel", "interruption"]


@dataclass(frozen=True, slots=True)
class Planted:
    """Something a reader of the minutes should find: a decision, an action (with owner and due date) or a question."""

    kind: Literal["decision", "action", "question"]
    what: str
    owner: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of one speaker, `pause` seconds after the line before; backchannels and interruptions overlap it."""

    speaker: str
    text: str
    pause: float
    kind: Kind = "turn"
    planted: Planted | None = None


@dataclass(slots=True)
class Script:
    """Draws a meeting of named speakers; every sentence of four words or more is of the held-out half."""

    speakers: list[str]
    rng: random.Random
    overlap: float = 0.07  # share of speech that overlaps, roughly
    lines: list[Line] = field(default_factory=list)
    seconds: float = 0.0

    def write(self, minutes: float) -> list[Line]:
        """Lines for about `minutes` of meeting."""
        while self.seconds < minutes * 60:
            self._topic()
        return self.lines

    def interview(self, minutes: float) -> list[Line]:
        """Lines for about `minutes` of questions by the first speaker and answers of the second."""
        grammar = Grammar(self.rng)
        asker, guest = self.speakers
        while self.seconds < minutes * 60:
            self._say(asker, kept(grammar.question), self._gap())
            for number in range(self.rng.randint(2, 4)):
                self._say(guest, kept(grammar.statement), self._gap() if number == 0 else self.rng.uniform(0.2, 0.8))
        return self.lines

    def _say(self, speaker: str, text: str, pause: float, kind: Kind = "turn", planted: Planted | None = None) -> None:
        self.lines.append(Line(speaker, text, pause, kind, planted))
        if kind == "turn":
            self.seconds += pause + SECONDS_PER_WORD * len(words(text))

    def _gap(self) -> float:
        """The pause before a new speaker: mostly short, now and then up to twenty seconds of silence."""
        kind = self.rng.random()
        if kind < 0.03:
            return self.rng.uniform(6.0, 20.0)
        if kind < 0.10:
            return self.rng.uniform(2.0, 6.0)
        return self.rng.uniform(0.1, 0.5) if kind < 0.65 else self.rng.uniform(0.5, 1.5)

    def _topic(self) -> None:
        """One topic: announced, talked about, and ended by what is planted."""
        grammar, speakers = Grammar(self.rng), self.speakers
        chair = speakers[0]
        self._say(chair, grammar.announcement(), self._gap())
        current = chair
        for _ in range(self.rng.randint(3, 6)):
            current = self.rng.choice([name for name in speakers if name != current])
            self._turn(current, grammar)
        for planted, text in self._planted(grammar):
            current = chair if planted.kind != "action" else self.rng.choice(speakers)
            self._say(current, text, self._gap(), planted=planted)

    def _turn(self, speaker: str, grammar: Grammar) -> None:
        """One to four sentences of a speaker, with the others' backchannels and interruptions."""
        others = [name for name in self.speakers if name != speaker]
        interrupts = self.rng.random() < 3.0 * self.overlap and self.lines and self.lines[-1].speaker != speaker
        pause = -self.rng.uniform(0.3, 0.9) if interrupts else self._gap()
        for number in range(self.rng.choice([1, 1, 2, 2, 3, 4])):
            make = grammar.question if self.rng.random() < 0.2 else grammar.statement
            first = number == 0
            kind: Kind = "interruption" if first and interrupts else "turn"
            self._say(speaker, kept(make), pause if first else self.rng.uniform(0.15, 0.9), kind)
            if self.rng.random() < 8.0 * self.overlap:
                self._say(self.rng.choice(others), self.rng.choice(BACKCHANNELS), 0.0, "backchannel")

    def _planted(self, grammar: Grammar) -> list[tuple[Planted, str]]:
        """The (planted, sentence) pairs that end a topic."""
        found: list[tuple[Planted, str]] = []
        if self.rng.random() < 0.7:
            text, what = kept_with(grammar.decision)
            found.append((Planted("decision", what), text))
        if self.rng.random() < 0.8:
            owner = self.rng.choice(self.speakers)
            text, task, due = kept_with(lambda: grammar.action(owner.capitalize()))
            found.append((Planted("action", task, owner, due), text))
        if self.rng.random() < 0.5:
            text, asked = kept_with(grammar.open_question)
            found.append((Planted("question", asked), text))
        return found


def kept(make: Callable[[], str]) -> str:
    """A held-out sentence from a maker of sentences."""
    return kept_with(lambda: (make(),))[0]


def kept_with(make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """The first result whose sentence is held out."""
    while not held_out((made := make())[0]):
        pass
    return made
