"""Evidence and edits to what is shown: the one place where corrections are applied, always to a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Span, Turn, cut, union
from meetscribe.transcript.edits.values import Assign, Edit, Merge, names_by_label
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Word


def edited(transcript: Transcript) -> Transcript:
    """The transcript as its edits leave it, with no edits in it: its speakers are the names to show.

    Who is one with another has the other's words and turns; where words were given to a speaker, segments are cut
    and the speech there is that speaker's (`speaker_source` "edit"). A name that shows nothing is passed over.
    """
    return _replayed(transcript, _naming(transcript.meta.edits))


def apply_edits_to_labels(transcript: Transcript) -> Transcript:
    """The same, but with speakers under their labels instead of their names."""
    return _replayed(transcript, lambda label: label)


def names_by_word(transcript: Transcript) -> list[str | None]:
    """For each word of the evidence, in order, the name of who said it after the edits."""
    shown, edits = _naming(transcript.meta.edits), transcript.meta.edits
    return [None if label is None else shown(label) for label in _labels(transcript.words, edits)]


def _naming(edits: Iterable[Edit]) -> Callable[[str], str]:
    """What gives a label's name after the edits, the label if it has none."""
    names = names_by_label(edits)
    return lambda label: names[label] if one_line(names.get(label, "")) else label


def _labels(words: Sequence[Word], edits: Iterable[Edit]) -> list[str | None]:
    """For each word the label of its speaker after the edits."""
    labels = [word.speaker for word in words]
    for edit in edits:
        if isinstance(edit, Merge):
            labels = [None if label is None else edit.heir(label) for label in labels]
        elif isinstance(edit, Assign):
            labels = [edit.speaker if edit.covers(word) else label for word, label in zip(words, labels, strict=True)]
    return labels


def _replayed(transcript: Transcript, shown: Callable[[str], str]) -> Transcript:
    """The transcript after its edits, with what is `shown` for a label in its place."""
    edits, meta = transcript.meta.edits, transcript.meta
    if not edits:
        return transcript
    words = transcript.words
    given = [edit for edit in edits if isinstance(edit, Assign)]
    labels = iter(_labels(words, edits))
    segments: list[Segment] = []
    for segment in transcript.segments:
        own = [_said_by(word, next(labels), shown, given) for word in segment.words]
        corrected = any(edit.covers(word) for edit in given for word in own)
        segments.extend(_cut(own) if corrected else [Segment(tuple(own))])
    turns, exclusive = (
        tuple(replace(turn, speaker=shown(turn.speaker)) for turn in _turns(before, words, edits))
        for before in (meta.turns, meta.exclusive)
    )
    return Transcript(tuple(segments), replace(meta, turns=turns, exclusive=exclusive, edits=()))


def _said_by(word: Word, label: str | None, shown: Callable[[str], str], given: Sequence[Assign]) -> Word:
    """The word with its speaker; one that was given to it has no score, and says why."""
    speaker = None if label is None else shown(label)
    if any(edit.covers(word) for edit in given):
        return replace(word, speaker=speaker, speaker_score=None, speaker_source="edit")
    return word if speaker == word.speaker else replace(word, speaker=speaker)


def _cut(words: Iterable[Word]) -> Iterator[Segment]:
    """The words as segments of one speaker each."""
    return (Segment(tuple(run)) for _, run in groupby(words, key=lambda word: word.speaker))


def _turns(turns: tuple[Turn, ...], words: Sequence[Word], edits: Iterable[Edit]) -> tuple[Turn, ...]:
    """The turns after the edits, under labels; where there are none, none are made."""
    for edit in edits if turns else ():
        if isinstance(edit, Merge):
            turns = tuple(replace(turn, speaker=edit.heir(turn.speaker)) for turn in turns)
        elif isinstance(edit, Assign):
            turns = _given(turns, words, edit)
    return turns


def _given(turns: Iterable[Turn], words: Iterable[Word], edit: Assign) -> tuple[Turn, ...]:
    """The turns, with all speech between the times of the edit, and the words there, its speaker's."""
    within = Span(edit.start, edit.end)
    own: list[Span] = [word.span for word in words if edit.covers(word)]
    if not own:
        return tuple(turns)
    own = list(cut(own, within))
    rest: list[Turn] = []
    for turn in turns:
        own.extend(cut([turn.span], within))
        outside = _outside(turn, within)
        if turn.speaker == edit.speaker:
            own.extend(piece.span for piece in outside)
        else:
            rest.extend(outside)
    return tuple(sorted([*rest, *(Turn(span.start, span.end, edit.speaker) for span in union(own))]))


def _outside(turn: Turn, within: Span) -> list[Turn]:
    """What of the turn lies before and after the span."""
    if turn.span.overlap(within) == 0:
        return [turn]
    pieces = [(turn.start, within.start), (within.end, turn.end)]
    return [replace(turn, start=start, end=end) for start, end in pieces if start < end]
