"""Two transcripts side by side: each word of one with the word of the other that it stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import Levenshtein

from meetscribe.evaluation.spoken import Spoken, texts
from meetscribe.timeline import Seconds
from meetscribe.transcript.label_matching import match_labels

Kind: TypeAlias = Literal["correct", "substituted", "deleted", "inserted"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is said at a place and what is found there, as it is written; empty where nothing is.

    `speaker` and `found_speaker` are names, None where there is no word; `wrong_speaker` says that the words stand for
    each other, but their speakers do not.
    """

    kind: Kind
    start: Seconds
    said: str
    found: str
    speaker: str | None
    found_speaker: str | None
    wrong_speaker: bool = False


def align_words(reference: Sequence[Spoken], hypothesis: Sequence[Spoken]) -> tuple[list[Cell], dict[str, str]]:
    """The cells in order, by the alignment that `wer` and `wder` count; and who of the hypothesis is whom.

    What is written as one word and compared as several ("all-hands") is one cell, as it is written.
    """
    steps = list(_steps(reference, hypothesis))
    shared = Counter((one.speaker, other.speaker) for one, other in steps if one and other)
    match = {found: speaker for speaker, found in match_labels(shared).items()}
    return [_cell(group, match) for group in _grouped(steps)], match


_Step: TypeAlias = tuple[Spoken | None, Spoken | None]


def _steps(reference: Sequence[Spoken], hypothesis: Sequence[Spoken]) -> Iterator[_Step]:
    """Each word with what it stands for, in the order of both."""
    for edit in Levenshtein.opcodes(texts(reference), texts(hypothesis)):
        spoken = [*reference[edit.src_start : edit.src_end]]
        found = [*hypothesis[edit.dest_start : edit.dest_end]]
        if edit.tag in ("equal", "replace"):
            yield from zip(spoken, found, strict=True)
        else:
            yield from ((word, None) for word in spoken)
            yield from ((None, word) for word in found)


def _grouped(steps: Iterable[_Step]) -> Iterator[list[_Step]]:
    """The steps, those together that are of one written word."""
    group: list[_Step] = []
    for step in steps:
        if group and not any(_same(one, other) for one, other in zip(group[-1], step, strict=True)):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _same(one: Spoken | None, other: Spoken | None) -> bool:
    """Whether two are of the same written word."""
    return one is not None and other is not None and one.word is not None and one.word is other.word


def _cell(group: Sequence[_Step], match: Mapping[str, str]) -> Cell:
    """The cell of steps that belong together: right if all of them are."""
    spoken = [one for one, _ in group if one]
    found = [other for _, other in group if other]
    if all(one and other and one.text == other.text for one, other in group):
        kind: Kind = "correct"
    else:
        kind = "substituted" if spoken and found else "deleted" if spoken else "inserted"
    first = (spoken or found)[0]
    speaker = spoken[0].speaker if spoken else None
    heard = found[0].speaker if found else None
    return Cell(
        kind,
        first.start,
        _written(spoken),
        _written(found),
        speaker,
        heard,
        wrong_speaker=any(one and other and match.get(other.speaker) != one.speaker for one, other in group),
    )


def _written(words: Iterable[Spoken]) -> str:
    """The words as the transcript has them, each once."""
    shown: list[str] = []
    before = None
    for word in words:
        if word.word is None or word.word is not before:
            shown.append(word.text if word.word is None else word.word.text)
        before = word.word
    return " ".join(shown)
