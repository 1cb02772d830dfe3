"""Series of meetings with planted actions and decisions whose fate is known."""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from meetscribe.meetings import ItemStatus
from meetscribe.timeline import Span
from meetscribe.transcript import RecordingFile, Transcript
from tests.support.meetings import meeting

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MEETINGS = 5
"""The meetings of a series, a week apart."""

FATES = ("done", "done", "pending", "unmentioned", "decoy", "late")
"""What becomes of the actions of a series."""

DECISIONS = 3
"""The decisions of a series."""

HALVES = ("tuning", "held_out")

Line = tuple[str | None, str]


@dataclass
class Planted:
    """A planted item: the meeting and the lines that state it, its status, and the lines that mention it later.

    `span` is the time of the lines that state it.
    """

    kind: str
    meeting: int
    lines: list[Line]
    status: ItemStatus
    fate: str
    owner: str | None = None
    later: list[tuple[int, Line]] = field(default_factory=list)
    span: Span = Span(0.0, 0.0)


@dataclass(frozen=True)
class Series:
    """A series of meetings with its planted items."""

    name: str
    language: str
    transcripts: tuple[Transcript, ...]
    planted: tuple[Planted, ...]


def series(half: str) -> list[Series]:
    """Return the ten series of a half, "tuning" or "held_out": seven in English, three in German."""
    return [Maker(half, "de" if number >= 7 else "en", number).make() for number in range(10)]


class Maker:
    """Makes one series; the same arguments give the same series."""

    def __init__(self, half: str, language: str, number: int) -> None:
        """Read the phrases, and choose who attends: in each third series, one person is at the first meetings only."""
        file = Path(__file__).with_suffix(".toml")
        self.phrases: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))[half][language]
        self.rng = random.Random(f"{half} {language} {number}")
        self.name, self.language = f"{half}-{language}-{number}", language
        self.people: list[str] = self.phrases["people"]
        self.stays = {name: MEETINGS for name in self.people}
        if number % 3 == 0:
            self.stays[self.people[-1]] = 2

    def make(self) -> Series:
        """Return the series."""
        tasks = self.rng.sample(self.phrases["tasks"], len(FATES))
        planted = [self._action(task, fate) for task, fate in zip(tasks, FATES, strict=True)]
        decisions = self.rng.sample(self.phrases["decisions"], DECISIONS)
        ends = ["changed", *self.rng.sample(["changed", "kept", "related", "unmentioned"], DECISIONS - 1)]
        planted += [self._decision(phrases, end) for phrases, end in zip(decisions, ends, strict=True)]
        transcripts = tuple(self._transcript(number, planted) for number in range(MEETINGS))
        return Series(self.name, self.language, transcripts, tuple(planted))

    def _action(self, task: Mapping[str, str], fate: str) -> Planted:
        """Plant a task, and what is said of it later."""
        at = MEETINGS - 1 if fate == "late" else self.rng.randrange(2 if fate == "pending" else 3)
        owner, other = self.rng.sample([name for name in self.people if self.stays[name] > at], 2)
        kinds = self.phrases["promise"] + self.phrases["request"]
        planted = Planted("action", at, self._lines(self.rng.choice(kinds), task, owner, other), "open", fate, owner)
        if fate == "done":
            end = self.rng.randrange(at + 1, MEETINGS)
            planted.later += [(end, line) for line in self._report(task, owner, end)]
            planted.status = "done"
        elif fate == "pending":
            for number in range(at + 1, MEETINGS - 1):
                phrase = self.rng.choice(self.phrases["pending"])
                planted.later += [
                    (number, line) for line in self._lines(phrase, task, owner, self._other(owner, number))
                ]
        else:
            if fate == "decoy":
                planted.later.append((at + 1, (self._other(owner, at + 1), task["decoy"])))
            planted.status = "stale" if min(self.stays[owner], MEETINGS) - at - 1 >= 2 else "open"
        return planted

    def _report(self, task: Mapping[str, str], owner: str, number: int) -> list[Line]:
        """Return the lines that report a task as done: by its owner, if present, else by another person."""
        keys = ["done_by_owner", "done_by_owner", "done_in_reply", "done_by_other"]
        key = self.rng.choice(keys) if self.stays[owner] > number else "done_by_other"
        speaker = self._other(owner, number)
        lines = self._lines(self.rng.choice(self.phrases[key]), task, owner, speaker)
        return [(speaker, lines[0][1])] if key == "done_by_other" else lines

    def _decision(self, phrases: Mapping[str, str], fate: str) -> Planted:
        """Plant a decision, and what is decided later."""
        at, speaker = self.rng.randrange(2), self.rng.choice(self.people)
        planted = Planted("decision", at, [(speaker, phrases["made"])], "open", fate)
        if fate != "unmentioned":
            number = self.rng.randrange(at + 1, MEETINGS)
            planted.later.append((number, (self._other(None, number), phrases[fate])))
        planted.status = "contradicted" if fate == "changed" else "open"
        return planted

    def _other(self, owner: str | None, number: int) -> str:
        """Return a person who attends a meeting and is not the owner."""
        return self.rng.choice([name for name in self.people if name != owner and self.stays[name] > number])

    def _lines(self, phrase: str, task: Mapping[str, str], owner: str, other: str) -> list[Line]:
        """Return a phrase as lines: a single one is the owner's, of two the first is another person's."""
        filled = phrase.format(owner=owner, Thing=task["thing"][0].upper() + task["thing"][1:], **task)
        first, _, second = filled.partition(" / ")
        return [(other, first), (owner, second)] if second else [(owner, first)]

    def _transcript(self, number: int, planted: list[Planted]) -> Transcript:
        """Return a meeting with its planted lines among others, in random order."""
        groups = [one.lines for one in planted if one.meeting == number]
        groups += [[line for at, line in one.later if at == number] for one in planted]
        present = [name for name in self.people if self.stays[name] > number]
        fillers = self.rng.sample(self.phrases["filler"], 2 * len(present))
        groups += [[(present[index % len(present)], text)] for index, text in enumerate(fillers)]
        self.rng.shuffle(groups)
        day = date(2026, 9, 7) + timedelta(weeks=number)
        title = f"{self.name} {number + 1}"
        lines = [line for group in groups for line in group]
        digest = hashlib.sha256(title.encode()).hexdigest()
        where = RecordingFile(f"{title}.wav", f"sha256:{digest}")
        transcript = meeting(lines, self.language, title=title, recorded_at=day.isoformat(), recording=where)
        for one in planted:
            if one.meeting == number:
                own = [
                    seg
                    for seg, line in zip(transcript.segments, lines, strict=True)
                    if any(line is each for each in one.lines)
                ]
                one.span = Span(own[0].start, own[-1].end)
        return transcript
