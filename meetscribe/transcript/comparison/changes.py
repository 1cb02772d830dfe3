"""Changes of text between a transcript and a copy, by the positions of the changed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from meetscribe.transcript.comparison.refinement import Pair
from meetscribe.transcript.comparison.tokens import Token, comparable, name_key, text_of
from meetscribe.transcript.words import Segment


@dataclass(slots=True)
class Cell:
    """Positions of words of the transcript, and positions of the corresponding tokens of the copy."""

    words: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TextChange:
    """Positions of words of the transcript, and the tokens that replace them in the copy.

    Without words, the tokens are an insertion: it follows the word at `after`, or precedes the word at `before`. If
    `apart`, the insertion is in a segment of the copy that contains neither.
    """

    words: tuple[int, ...]
    tokens: tuple[Token, ...]
    after: int | None = None
    before: int | None = None
    apart: bool = False


def cells_of(pairs: Iterable[Pair], owners: Sequence[tuple[int, ...]], same: Sequence[bool]) -> list[Cell]:
    """Return the cells of an alignment in the order of the copy.

    `pairs` are the positions of tokens in the written transcript and in the copy, `owners` the source words of each
    written token; `same` says whether each pair is equal. Tokens of one word share a cell.
    """
    cells: list[Cell] = []
    by_word: dict[int, Cell] = {}
    for (written, token), equal in zip(pairs, same, strict=True):
        if written is None:
            cells.append(Cell(changed=True))
        elif not owners[written]:
            continue
        elif (known := next((by_word[word] for word in owners[written] if word in by_word), None)) is not None:
            _absorb(cells, known)
            cells.append(known)
        else:
            cells.append(Cell())
        cell = cells[-1]
        if written is not None:
            cell.words.extend(word for word in owners[written] if word not in cell.words)
            by_word |= dict.fromkeys(owners[written], cell)
        if token is not None:
            cell.tokens.append(token)
        cell.changed = cell.changed or not equal
    return cells


def _absorb(cells: list[Cell], known: Cell) -> None:
    """Remove a known cell from the list; the caller appends it again.

    If all cells after it are insertions, they are merged into it.
    """
    index = next(index for index in range(len(cells) - 1, -1, -1) if cells[index] is known)
    inner = cells[index + 1 :]
    del cells[index]
    if inner and all(not cell.words for cell in inner):
        del cells[index:]
        known.tokens.extend(token for cell in inner for token in cell.tokens)
        known.changed = True


def text_changes(cells: Sequence[Cell], segments: Sequence[Segment], copy: Sequence[Token]) -> Iterator[TextChange]:
    """Yield the changes in the order of the copy; adjacent changes within an utterance are joined."""
    words = [(number, word) for number, segment in enumerate(segments) for word in segment.words]
    utterances = [(number, word.speaker) for number, word in words]
    runs: list[list[int]] = []
    for index, cell in enumerate(cells):
        if not cell.changed:
            continue
        if runs and runs[-1][-1] == index - 1 and _continues([cells[one] for one in runs[-1]], cell, utterances, copy):
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        own = sorted(word for index in run for word in cells[index].words)
        tokens = [copy[token] for index in run for token in cells[index].tokens]
        if not own:
            yield from _insertions(cells, run, copy)
        elif comparable(text_of(tokens)) != comparable(Segment(tuple(words[word][1] for word in own)).text):
            yield TextChange(tuple(own), tuple(tokens))


def _continues(
    run: Sequence[Cell], cell: Cell, utterances: Sequence[tuple[int, str | None]], copy: Sequence[Token]
) -> bool:
    """Return whether a changed cell continues the previous change."""
    last = next((one.words[-1] for one in reversed(run) if one.words), None)
    if last is not None and cell.words:
        return cell.words[0] == last + 1 and utterances[last] == utterances[cell.words[0]]
    if not cell.tokens:
        return True
    before = next((one.tokens[-1] for one in reversed(run) if one.tokens), None)
    if before is None and last is not None:  # after deleted words
        return _takes_place(cell.tokens[0], utterances[last][1], copy)
    return before is None or copy[before].segment == copy[cell.tokens[0]].segment


def _takes_place(token: int, speaker: str | None, copy: Sequence[Token]) -> bool:
    """Return whether an inserted token replaces the deleted words before it, which belong to `speaker`."""
    if token and copy[token - 1].segment == copy[token].segment:
        return True
    name = copy[token].speaker
    return None in (name, speaker) or name_key(name) == name_key(speaker)


def _insertions(cells: Sequence[Cell], run: Sequence[int], copy: Sequence[Token]) -> Iterator[TextChange]:
    """Yield the insertions of a run of cells without words, one for each segment of the copy."""
    after = next((cells[index].words[-1] for index in range(run[0] - 1, -1, -1) if cells[index].words), None)
    before = next((cell.words[0] for cell in cells[run[-1] + 1 :] if cell.words), None)
    tokens = [token for index in run for token in cells[index].tokens]
    for segment, part in groupby(tokens, key=lambda token: copy[token].segment):
        own = list(part)
        first, last = own[0], own[-1]
        follows = after is not None and first > 0 and copy[first - 1].segment == segment
        precedes = before is not None and last + 1 < len(copy) and copy[last + 1].segment == segment
        texts = tuple(copy[token] for token in own)
        if follows or not precedes:
            yield TextChange((), texts, after, before, apart=not follows)
        else:
            yield TextChange((), texts, None, before)
