"""Meetings of any length, made of the words of AMI."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from meetscribe.library import Record, SourceFile
from meetscribe.library.sources import record_of
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.real.places import Places

AMI = Places.default().data / "ami"
CHANGED = 6  # every sixth word is replaced
NEW = 0.1  # share of the replacements that are new words


@dataclass(frozen=True)
class Source:
    """A meeting of AMI: its passages, and its length in seconds."""

    record: Record
    duration: float


def sources() -> list[Source]:
    """Return the meetings of AMI."""
    found = []
    for file in sorted(AMI.glob("*.words.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        words = [Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows]
        segments: list[list[Word]] = []
        for word in words:
            last = segments[-1][-1] if segments else None
            is_same = last is not None and last.speaker == word.speaker and word.start - last.end < 1.0
            if is_same:
                segments[-1].append(word)
            else:
                segments.append([word])
        duration = max(word.end for word in words)
        transcript = Transcript(tuple(Segment(tuple(each)) for each in segments), Meta("en", duration))
        found.append(Source(record_of(transcript, SourceFile(str(file), f"sha256:{file.name}", 1, 1)), duration))
    return found


def meetings(hours: float, seed: int = 1) -> Iterator[tuple[Record, float]]:
    """Yield changed repetitions of the meetings, and the hours so far."""
    drawn, originals = random.Random(seed), sources()
    vocabulary = sorted({word for source in originals for p in source.record.passages for word in p.text.split()})
    seconds, number = 0.0, 0
    while seconds < hours * 3600:
        source = originals[number % len(originals)]
        passages = tuple(replace(p, text=_changed(p.text, vocabulary, drawn)) for p in source.record.passages)
        day = f"{2020 + number % 7}-{1 + number // 7 % 12:02}-{1 + number % 28:02}"
        meeting = replace(source.record.meeting, id=f"{number:012x}", title=f"Meeting {number}", recorded_at=day)
        seconds += source.duration
        number += 1
        yield Record(meeting, passages), seconds / 3600


def _changed(text: str, vocabulary: list[str], drawn: random.Random) -> str:
    """Return a text in which some words are replaced."""
    words = text.split()
    for place in range(len(words)):
        if drawn.randrange(CHANGED) == 0:
            is_new = drawn.random() < NEW
            words[place] = f"{drawn.choice(vocabulary)}{drawn.randrange(10**4)}" if is_new else drawn.choice(vocabulary)
    return " ".join(words)
