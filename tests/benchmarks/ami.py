"""Real meetings with four real diarizers, and the single stream of words a recognizer would make of them.

The folder holds, for each meeting of the AMI Corpus (CC BY 4.0), every word with its time and speaker from the manual
annotations, and the turns that the diarizers of diart's documentation found (MIT): `X.words.jsonl`, `X.DIARIZER.rttm`.
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

DIARIZERS = ("vbx", "vbx-overlap", "online-5s", "online-0.5s")

PAUSE_IN_TURN = 0.5
"""A speaker's turn goes on over pauses shorter than this, as in the truth of the samples."""

MARKS = ".,?!'\""

Priority = Callable[[Span, random.Random], float]

KEEPING: dict[str, tuple[Priority, bool]] = {
    "longest": (lambda turn, chance: turn.duration, True),
    "first": (lambda turn, chance: -turn.start, True),
    "by duration": (lambda turn, chance: float(chance.random() ** (1 / max(turn.duration, 0.001))), True),
    "random turn": (lambda turn, chance: chance.random(), True),
    "random word": (lambda turn, chance: chance.random(), False),
}
"""Which of two words spoken at once survives: of the higher priority, given to a turn (True) or to each word."""


def series(folder: Path) -> list[list[str]]:
    """The meetings in `folder` by series, such as ES2004a and ES2004c, in alphabetical order."""
    names = sorted(path.name.removesuffix(".words.jsonl") for path in folder.glob("*.words.jsonl"))
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name[:-1], []).append(name)
    return list(groups.values())


def read_words(path: Path) -> list[Word]:
    """The true words in order of their start, with their speakers."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    words = [Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows]
    return sorted(words, key=lambda word: (word.start, word.end))


def read_turns(path: Path) -> Diarization:
    """What a diarizer found; its turns may overlap, and there are no exclusive ones."""
    return Diarization(read_rttm(path.read_bytes(), path.name), ())


def one_stream(words: Sequence[Word], keeping: str, seed: str) -> list[Word]:
    """The words that survive if of two speakers' words that share more than half of the shorter only one does.

    What still overlaps is cut, so that no word ends after the next one starts: an aligner's words never do.
    """
    priority, by_turn = KEEPING[keeping]
    chance = random.Random(f"{keeping} {seed}")
    turns, index = _turns(words)
    of_turn = [priority(turn, chance) for turn in turns]
    ranks = [of_turn[i] if by_turn else priority(turns[i], chance) for i in index]
    rivals = _rivals(words)
    kept = [False] * len(words)
    for i in sorted(range(len(words)), key=lambda i: -ranks[i]):
        kept[i] = not any(kept[j] for j in rivals[i])
    stream = [word for word, survives in zip(words, kept, strict=True) if survives]
    return [*(replace(a, end=max(a.start, min(a.end, b.start))) for a, b in zip(stream, stream[1:], strict=False))] + (
        stream[-1:]
    )


def stretched(words: Sequence[Word], seed: str, share: float) -> list[Word]:
    """The words with a random `share` of their ends 0.3–2 s later, as far as the pause after them goes."""
    chance = random.Random(f"stretched {seed}")
    result = list(words)
    for i, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if chance.random() < share:
            end = min(word.end + chance.uniform(0.3, 2.0), after.start)
            result[i] = replace(word, end=max(word.end, end))
    return result


def as_recognised(words: Sequence[Word], seed: str) -> list[Word]:
    """The words as recogniser and aligner give one stream of them, who know nothing of speakers.

    Capitals follow full stops, but for "I" and names, which are known by what AMI's annotators did; a word begins
    about 25 ms off, and ends up to 80 ms early.
    """
    chance = random.Random(f"recognised {seed}")
    names = _names(words)
    result: list[Word] = []
    ended = True
    for i, word in enumerate(words):
        capital = ended or word.text.strip(MARKS).lower() in names
        text = (word.text[0].upper() if capital else word.text[0].lower()) + word.text[1:]
        ended = text.endswith((".", "?", "!"))
        latest = words[i + 1].start if i + 1 < len(words) else word.end
        start = max(result[-1].start if result else 0.0, word.start + chance.choice((-1, 1)) * chance.expovariate(40))
        end = max(start + 0.02, min(word.end, latest) - chance.uniform(0, 0.08))
        result.append(replace(word, text=text, start=start, end=end))
    return result


def _names(words: Sequence[Word]) -> set[str]:
    """The words, in small letters, that mostly have a capital within a speaker's sentence."""
    counts: dict[str, int] = {}
    before: dict[str | None, str] = {}
    for word in words:
        if not before.get(word.speaker, ".").endswith((".", "?", "!")):
            name = word.text.strip(MARKS)
            counts[name.lower()] = counts.get(name.lower(), 0) + (1 if name[:1].isupper() else -1)
        before[word.speaker] = word.text
    return {name for name, count in counts.items() if count > 0}


def kinds(words: Sequence[Word]) -> list[str]:
    """What each word is to its speaker's turn: of a turn of one or two words, near its edge, or inside."""
    _, index = _turns(words)
    places: dict[int, list[int]] = {}
    for i, turn in enumerate(index):
        places.setdefault(turn, []).append(i)
    result = ["inside a turn"] * len(words)
    for own in places.values():
        for i in own if len(own) <= 2 else (*own[:2], *own[-2:]):
            result[i] = "turns of 1–2 words" if len(own) <= 2 else "2 words at turn edges"
    return result


def _turns(words: Sequence[Word]) -> tuple[list[Span], list[int]]:
    """The turns, and of each word the index of its own."""
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


def _rivals(words: Sequence[Word]) -> list[list[int]]:
    """For each word the words of others that cannot be heard beside it."""
    rivals: list[list[int]] = [[] for _ in words]
    open_: list[int] = []
    for i, word in enumerate(words):
        open_ = [j for j in open_ if words[j].end > word.start]
        for j in open_:
            shorter = min(word.duration, words[j].duration)
            if words[j].speaker != word.speaker and word.span.overlap(words[j].span) > shorter / 2:
                rivals[i].append(j)
                rivals[j].append(i)
        open_.append(i)
    return rivals
