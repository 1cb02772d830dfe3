"""Changes of text between a transcript and a copy, by the positions of the changed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from meetscribe.transcript.comparison.refinement import Pair
from meetscribe.transcript.comparison.tokens import Token, comparable, name_key, text_of
from meetscribe.transcript.words import Segment


@dataclass(slots=True)
class AlignedGroup:
    """Positions of words of the transcript, and positions of the corresponding tokens of the copy.

    Without words, the tokens were inserted; without tokens, the words were deleted.
    """

    words: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TextChange:
    """Positions of words of the transcript, and the tokens that replace them in the copy.

    Without words, the tokens are an insertion: it follows the word at `after`, or if that is None, it precedes the word
    at `before`. If `separate`, its segment of the copy contains neither of these words.
    """

    words: tuple[int, ...]
    tokens: tuple[Token, ...]
    after: int | None = None
    before: int | None = None
    separate: bool = False


def aligned_groups(
    pairs: Iterable[Pair], owners: Sequence[tuple[int, ...]], same: Sequence[bool]
) -> list[AlignedGroup]:
    """Return the groups of an alignment in the order of the copy.

    `pairs` are the positions of tokens in the written transcript and in the copy, `owners` the source words of each
    written token; `same` says whether each pair is equal. Tokens of one word share a group. A written token
    without source words, such as a speaker's name read as text (`alignment.trace`), is left out with its token of the
    copy, even if that was changed.
    """
    groups: list[AlignedGroup] = []
    by_word: dict[int, AlignedGroup] = {}
    for (written, token), equal in zip(pairs, same, strict=True):
        if written is None:
            groups.append(AlignedGroup(changed=True))
        elif not owners[written]:
            continue
        elif (known := next((by_word[word] for word in owners[written] if word in by_word), None)) is not None:
            _detach(groups, known)
            groups.append(known)
        else:
            groups.append(AlignedGroup())
        group = groups[-1]
        if written is not None:
            group.words.extend(word for word in owners[written] if word not in group.words)
            by_word |= dict.fromkeys(owners[written], group)
        if token is not None:
            group.tokens.append(token)
        group.changed = group.changed or not equal
    return groups


def _detach(groups: list[AlignedGroup], known: AlignedGroup) -> None:
    """Remove a known group from the list; the caller appends it again.

    If all groups after it are insertions, they are merged into it.
    """
    index = next(index for index in range(len(groups) - 1, -1, -1) if groups[index] is known)
    inner = groups[index + 1 :]
    del groups[index]
    if inner and all(not group.words for group in inner):
        del groups[index:]
        known.tokens.extend(token for group in inner for token in group.tokens)
        known.changed = True


def text_changes(
    groups: Sequence[AlignedGroup], segments: Sequence[Segment], copy: Sequence[Token]
) -> Iterator[TextChange]:
    """Yield the changes in the order of the copy; adjacent changes within an utterance are joined."""
    words = [(number, word) for number, segment in enumerate(segments) for word in segment.words]
    utterances = [(number, word.speaker) for number, word in words]
    runs: list[list[int]] = []
    for index, group in enumerate(groups):
        if not group.changed:
            continue
        if (
            runs
            and runs[-1][-1] == index - 1
            and _continues([groups[one] for one in runs[-1]], group, utterances, copy)
        ):
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        positions = sorted(word for index in run for word in groups[index].words)
        tokens = [copy[token] for index in run for token in groups[index].tokens]
        if not positions:
            yield from _insertions(groups, run, copy)
        elif comparable(text_of(tokens)) != comparable(Segment(tuple(words[word][1] for word in positions)).text):
            yield TextChange(tuple(positions), tuple(tokens))


def _continues(
    run: Sequence[AlignedGroup],
    group: AlignedGroup,
    utterances: Sequence[tuple[int, str | None]],
    copy: Sequence[Token],
) -> bool:
    """Return whether a changed group continues the previous change, whose groups are in `run`.

    If both have words, these must be adjacent and in one utterance. Otherwise, the tokens must be in the segment of the
    tokens of the run or, if it has none, replace its deleted words.
    """
    last = next((one.words[-1] for one in reversed(run) if one.words), None)
    if last is not None and group.words:
        return group.words[0] == last + 1 and utterances[last] == utterances[group.words[0]]
    if not group.tokens:  # deleted words after an insertion
        return True
    before = next((one.tokens[-1] for one in reversed(run) if one.tokens), None)
    if before is None and last is not None:  # after deleted words
        return _replaces_words(group.tokens[0], utterances[last][1], copy)
    return before is None or copy[before].segment == copy[group.tokens[0]].segment


def _replaces_words(token: int, speaker: str | None, copy: Sequence[Token]) -> bool:
    """Return whether an inserted token replaces the deleted words before it, which belong to `speaker`."""
    if token and copy[token - 1].segment == copy[token].segment:
        return True
    name = copy[token].speaker
    return None in (name, speaker) or name_key(name) == name_key(speaker)


def _insertions(groups: Sequence[AlignedGroup], run: Sequence[int], copy: Sequence[Token]) -> Iterator[TextChange]:
    """Yield the insertions of a run of groups without words, one for each segment of the copy."""
    after = next((groups[index].words[-1] for index in range(run[0] - 1, -1, -1) if groups[index].words), None)
    before = next((group.words[0] for group in groups[run[-1] + 1 :] if group.words), None)
    tokens = [token for index in run for token in groups[index].tokens]
    for segment, part in groupby(tokens, key=lambda token: copy[token].segment):
        inserted = list(part)
        first, last = inserted[0], inserted[-1]
        follows = after is not None and first > 0 and copy[first - 1].segment == segment
        precedes = before is not None and last + 1 < len(copy) and copy[last + 1].segment == segment
        texts = tuple(copy[token] for token in inserted)
        if follows or not precedes:
            yield TextChange((), texts, after, before, separate=not follows)
        else:
            yield TextChange((), texts, None, before)
