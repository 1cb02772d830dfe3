"""Synthetic meetings as transcripts, and the scores of minutes against the items that were planted in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.minutes.citations import WordIndex
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.notes import Item, ItemKind, Minutes
from meetscribe.transcript.word_ids import with_word_ids

FOLDER = Path(__file__).with_name("meetings")

KINDS: Mapping[str, ItemKind] = {"decisions": "decision", "actions": "action", "questions": "question"}
"""The kinds of items that are scored, by their key in a meeting."""

AUTHORS: Mapping[str, tuple[str, ...]] = {
    "author a": ("written",),
    "author b": ("further", "practice"),
    "author c": ("fresh/c",),
    "author d": ("fresh/d",),
    "author e": ("fresh/e",),
    "author f": ("fresh/f",),
    "author g": ("fresh/g",),
    "author h": ("fresh/h",),
    "author j": ("fresh/j",),
    "author k": ("fresh/k",),
    "script": ("made",),
}
"""The folders of the meetings of each author."""

Meeting = Mapping[str, Any]


def meetings(folder: str | Path) -> dict[str, Meeting]:
    """Return the meetings of a folder, a path or the name of one beside this module, by name in alphabetical order."""
    files = sorted((FOLDER / folder).glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def as_transcript(meeting: Meeting) -> Transcript:
    """Return a meeting as a transcript, a segment per utterance, with the times of its words spread evenly."""
    segments, turns = [], []
    for utterance in meeting["utterances"]:
        segments.append(Segment(tuple(spread(utterance))))
        turns.append(Turn(utterance["start"], utterance["end"], utterance["speaker"]))
    end = max(utterance["end"] for utterance in meeting["utterances"])
    meta = Meta(
        meeting["language"], end, turns=tuple(turns), title=meeting["title"], recorded_at=meeting["date"],
        participants=tuple(meeting["speakers"]),
    )  # fmt: skip
    return with_word_ids(Transcript(tuple(segments), meta))


def spread(utterance: Mapping[str, Any]) -> Iterator[Word]:
    """Yield the words of an utterance, of equal length."""
    texts = utterance["text"].split()
    length = (utterance["end"] - utterance["start"]) / len(texts)
    for place, text in enumerate(texts):
        start = utterance["start"] + place * length
        yield Word(text, start, start + length, speaker=utterance["speaker"])


def evidence(transcript: Transcript, meeting: Meeting) -> dict[str | None, str]:
    """Return the id of the utterance that each word belongs to."""
    pairs = zip(transcript.segments, meeting["utterances"], strict=True)
    return {word.id: utterance["id"] for segment, utterance in pairs for word in segment.words}


@dataclass
class Score:
    """Counts of one kind of items; they add."""

    found: int = 0
    expected: int = 0
    matched: int = 0
    owners: int = 0
    dues: int = 0
    statuses: int = 0
    citations: int = 0
    standing: int = 0
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another meeting."""
        for name in ("found", "expected", "matched", "owners", "dues", "statuses", "citations", "standing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses
        self.false += other.false

    @property
    def precision(self) -> float:
        """The share of the items found that were planted."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the planted items that were found."""
        return self.matched / self.expected if self.expected else 1.0


def score(minutes: Minutes, transcript: Transcript, meeting: Meeting) -> dict[str, Score]:
    """Return the score of each kind of items.

    An item matches an expected one if it cites an utterance of its evidence; each is matched at most once, those with
    the most in common first. Owner, due date and status are compared for matched actions.
    """
    names, index = evidence(transcript, meeting), WordIndex.of(transcript)
    scores = {}
    for key, kind in KINDS.items():
        items, planted = minutes.of_kind(kind), meeting["expected"][key]
        pairs = match([cited(item, names, index) for item in items], [set(one["evidence"]) for one in planted])
        own = Score(len(items), len(planted), len(pairs))
        for item, expected in ((items[left], planted[right]) for left, right in pairs.items()):
            if kind == "action":
                own.owners += owner(item, index, transcript) == owners_of(expected)
                own.dues += (item.due.day if item.due else None) == expected["due"]
                own.statuses += item.status == expected["status"]
        own.citations = sum(len(item.citations) for item in items)
        own.standing = sum(index.state(one) == "valid" for item in items for one in item.citations)
        own.misses = [describe(one) for place, one in enumerate(planted) if place not in pairs.values()]
        own.false = [item.text for place, item in enumerate(items) if place not in pairs]
        scores[key] = own
    return scores


def match(found: Sequence[set[str]], planted: Sequence[set[str]]) -> dict[int, int]:
    """Return the planted item of each item found: the pairs with the most utterances in common first."""
    pairs = [(len(a & b), -left, -right) for left, a in enumerate(found) for right, b in enumerate(planted) if a & b]
    matched: dict[int, int] = {}
    for _, left, right in sorted(pairs, reverse=True):
        if -left not in matched and -right not in matched.values():
            matched[-left] = -right
    return matched


def cited(item: Item, names: Mapping[str | None, str], index: WordIndex) -> set[str]:
    """Return the utterances that an item cites."""
    return {names[word.id] for citation in item.citations for word in index.own_words(citation)}


def owner(item: Item, index: WordIndex, transcript: Transcript) -> frozenset[str]:
    """Return the names of the owners of an item."""
    return frozenset({"everyone"} if item.everyone else {index.name(one, transcript) for one in item.owners})


def owners_of(expected: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the owners of an expected action."""
    return frozenset(filter(None, (expected["owner"] or "").split(", ")))


def describe(expected: Mapping[str, Any]) -> str:
    """Return the text of an expected item, with its evidence."""
    return f"{expected.get('task') or expected['text']} {expected['evidence']}"


def total(scores: Iterable[Mapping[str, Score]]) -> dict[str, Score]:
    """Return the sums of scores."""
    sums = {key: Score() for key in KINDS}
    for one in scores:
        for key, own in one.items():
            sums[key].add(own)
    return sums
