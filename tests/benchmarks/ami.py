"""Read AMI meetings with the output of four diarizers, and simulate the single stream of words of a recognizer.

For each meeting of the AMI Corpus (CC BY 4.0), the folder holds every word with its times and speaker from the manual
annotations (`X.words.jsonl`), and the turns of the diarizers in diart's documentation (MIT; `X.DIARIZER.rttm`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import Word

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "ami"
"""Default folder of the meetings."""

DIARIZERS = ("vbx", "vbx-overlap", "online-5s", "online-0.5s")

PAUSE_IN_TURN = 0.5
"""Pauses shorter than this do not end a turn, as in the references of the samples."""

MARKS = ".,?!'\""

Priority = Callable[[Span, random.Random], float]

KEEP_RULES: dict[str, tuple[Priority, bool]] = {
    "longest": (lambda turn, rng: turn.duration, True),
    "first": (lambda turn, rng: -turn.start, True),
    "by duration": (lambda turn, rng: float(rng.random() ** (1 / max(turn.duration, 0.001))), True),
    "random turn": (lambda turn, rng: rng.random(), True),
    "random word": (lambda turn, rng: rng.random(), False),
}
"""Rules for which of two overlapping words is kept: the one of higher priority.

The flag says whether a priority belongs to a turn (True) or to each word.
"""


def series(folder: Path) -> list[list[str]]:
    """Return the meetings in `folder` by series, such as ES2004a and ES2004c, in alphabetical order."""
    names = sorted(path.name.removesuffix(".words.jsonl") for path in folder.glob("*.words.jsonl"))
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name[:-1], []).append(name)
    return list(groups.values())


def read_words(path: Path) -> list[Word]:
    """Return the reference words in order of their start, with their speakers."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    words = [Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows]
    return sorted(words, key=lambda word: (word.start, word.end))


def read_turns(path: Path) -> Diarization:
    """Return the turns of a diarizer, which may overlap, without exclusive turns."""
    return Diarization(read_rttm(path.read_bytes(), path.name), ())


def one_stream(words: Sequence[Word], rule: str, seed: str) -> list[Word]:
    """Keep one of any two words of different speakers that overlap by more than half of the shorter word.

    The remaining overlaps are truncated: no word ends after the next one starts, as in the output of an aligner.
    """
    priority, by_turn = KEEP_RULES[rule]
    rng = random.Random(f"{rule} {seed}")
    turns, index = _turns(words)
    of_turn = [priority(turn, rng) for turn in turns]
    ranks = [of_turn[i] if by_turn else priority(turns[i], rng) for i in index]
    conflicts = _conflicts(words)
    kept = [False] * len(words)
    for i in sorted(range(len(words)), key=lambda i: -ranks[i]):
        kept[i] = not any(kept[j] for j in conflicts[i])
    stream = [word for word, is_kept in zip(words, kept, strict=True) if is_kept]
    return [*(replace(a, end=max(a.start, min(a.end, b.start))) for a, b in zip(stream, stream[1:], strict=False))] + (
        stream[-1:]
    )


def stretched(words: Sequence[Word], seed: str, share: float) -> list[Word]:
    """Delay the end of a random `share` of the words by 0.3–2 s, at most to the start of the next word."""
    rng = random.Random(f"stretched {seed}")
    result = list(words)
    for i, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if rng.random() < share:
            end = min(word.end + rng.uniform(0.3, 2.0), after.start)
            result[i] = replace(word, end=max(word.end, end))
    return result


def as_recognised(words: Sequence[Word], seed: str) -> list[Word]:
    """Return the words as a recognizer and an aligner, which ignore speakers, would write them.

    A word is capitalized after the end of a sentence, or if AMI's annotators mostly capitalize it ("I" and names).
    Starts are off by about 25 ms, ends are up to 80 ms early.
    """
    rng = random.Random(f"recognised {seed}")
    names = _names(words)
    result: list[Word] = []
    ended = True
    for i, word in enumerate(words):
        capital = ended or word.text.strip(MARKS).lower() in names
        text = (word.text[0].upper() if capital else word.text[0].lower()) + word.text[1:]
        ended = text.endswith((".", "?", "!"))
        latest = words[i + 1].start if i + 1 < len(words) else word.end
        start = max(result[-1].start if result else 0.0, word.start + rng.choice((-1, 1)) * rng.expovariate(40))
        end = max(start + 0.02, min(word.end, latest) - rng.uniform(0, 0.08))
        result.append(replace(word, text=text, start=start, end=end))
    return result


def unpunctuated(words: Sequence[Word]) -> list[Word]:
    """Return the words in small letters and without punctuation, as many engines write them."""
    return [replace(word, text=word.text.strip(MARKS).lower() or word.text) for word in words]


def _names(words: Sequence[Word]) -> set[str]:
    """Return the words, in lower case, that are mostly capitalized inside a sentence."""
    counts: dict[str, int] = {}
    before: dict[str | None, str] = {}
    for word in words:
        if not before.get(word.speaker, ".").endswith((".", "?", "!")):
            name = word.text.strip(MARKS)
            counts[name.lower()] = counts.get(name.lower(), 0) + (1 if name[:1].isupper() else -1)
        before[word.speaker] = word.text
    return {name for name, count in counts.items() if count > 0}


def kinds(words: Sequence[Word]) -> list[str]:
    """Classify each word by its position in its speaker's turn: in a turn of 1–2 words, near an edge, or inside."""
    _, index = _turns(words)
    members: dict[int, list[int]] = {}
    for i, turn in enumerate(index):
        members.setdefault(turn, []).append(i)
    result = ["inside a turn"] * len(words)
    for own in members.values():
        for i in own if len(own) <= 2 else (*own[:2], *own[-2:]):
            result[i] = "turns of 1–2 words" if len(own) <= 2 else "2 words at turn edges"
    return result


def _turns(words: Sequence[Word]) -> tuple[list[Span], list[int]]:
    """Return the turns, and the index of the turn of each word."""
    turns: list[Span] = []
    latest: dict[str | None, int] = {}
    index = []
    for word in words:
        last = latest.get(word.speaker)
        if last is not None and word.start - turns[last].end < PAUSE_IN_TURN:
            turns[last] = Span(turns[last].start, max(turns[last].end, word.end))
        else:
            last = latest[word.speaker] = len(turns)
            turns.append(word.span)
        index.append(last)
    return turns, index


def _conflicts(words: Sequence[Word]) -> list[list[int]]:
    """Return for each word the indices of other speakers' words that overlap it by more than half of the shorter."""
    conflicts: list[list[int]] = [[] for _ in words]
    open_: list[int] = []
    for i, word in enumerate(words):
        open_ = [j for j in open_ if words[j].end > word.start]
        for j in open_:
            shorter = min(word.duration, words[j].duration)
            if words[j].speaker != word.speaker and word.span.overlap(words[j].span) > shorter / 2:
                conflicts[i].append(j)
                conflicts[j].append(i)
        open_.append(i)
    return conflicts
