"""Apply the edits of a transcript, always to a copy: the words as recognised stay unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Span, Turn, cut, union
from meetscribe.transcript.edits.values import Assign, Edit, Merge, names_by_label
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Word


def apply_edits(transcript: Transcript) -> Transcript:
    """Return the transcript with its edits applied and `meta.edits` empty; speakers are the names to show.

    A merged speaker's words and turns are the other's. Where words were assigned to a speaker, segments are divided,
    turns follow, and the words have the `speaker_source` "edit". Invisible names are ignored.
    """
    return _applied(transcript, _naming(transcript.meta.edits))


def apply_edits_to_labels(transcript: Transcript) -> Transcript:
    """Return the transcript with its edits applied, except that speakers keep their labels."""
    return _applied(transcript, lambda label: label)


def names_by_word(transcript: Transcript) -> list[str | None]:
    """Return for each word as recognised, in order, the name of its speaker after the edits."""
    shown, edits = _naming(transcript.meta.edits), transcript.meta.edits
    return [None if label is None else shown(label) for label in _labels(transcript.words, edits)]


def _naming(edits: Iterable[Edit]) -> Callable[[str], str]:
    """Return a function from a label to its name after the edits, or to the label if it has none."""
    names = names_by_label(edits)
    return lambda label: names[label] if one_line(names.get(label, "")) else label


def _labels(words: Sequence[Word], edits: Iterable[Edit]) -> list[str | None]:
    """Return for each word the label of its speaker after the edits."""
    labels = [word.speaker for word in words]
    for edit in edits:
        if isinstance(edit, Merge):
            labels = [None if label is None else edit.merged(label) for label in labels]
        elif isinstance(edit, Assign):
            labels = [edit.speaker if edit.covers(word) else label for word, label in zip(words, labels, strict=True)]
    return labels


def _applied(transcript: Transcript, shown: Callable[[str], str]) -> Transcript:
    """Return the transcript after its edits, with `shown` applied to the labels."""
    edits, meta = transcript.meta.edits, transcript.meta
    if not edits:
        return transcript
    words = transcript.words
    assignments = [edit for edit in edits if isinstance(edit, Assign)]
    labels = iter(_labels(words, edits))
    segments: list[Segment] = []
    for segment in transcript.segments:
        own = [_with_speaker(word, next(labels), shown, assignments) for word in segment.words]
        corrected = any(edit.covers(word) for edit in assignments for word in own)
        segments.extend(_by_speaker(own) if corrected else [Segment(tuple(own))])
    turns, exclusive = (
        tuple(replace(turn, speaker=shown(turn.speaker)) for turn in _turns(before, words, edits))
        for before in (meta.turns, meta.exclusive)
    )
    return Transcript(tuple(segments), replace(meta, turns=turns, exclusive=exclusive, edits=()))


def _with_speaker(word: Word, label: str | None, shown: Callable[[str], str], assignments: Sequence[Assign]) -> Word:
    """Return the word with its speaker after the edits; an assigned speaker has no score and the source "edit"."""
    speaker = None if label is None else shown(label)
    if any(edit.covers(word) for edit in assignments):
        return replace(word, speaker=speaker, speaker_score=None, speaker_source="edit")
    return word if speaker == word.speaker else replace(word, speaker=speaker)


def _by_speaker(words: Iterable[Word]) -> Iterator[Segment]:
    """Divide the words into segments of one speaker each."""
    return (Segment(tuple(run)) for _, run in groupby(words, key=lambda word: word.speaker))


def _turns(turns: tuple[Turn, ...], words: Sequence[Word], edits: Iterable[Edit]) -> tuple[Turn, ...]:
    """Return the turns after the edits, under labels; without turns, none are created."""
    for edit in edits if turns else ():
        if isinstance(edit, Merge):
            turns = tuple(replace(turn, speaker=edit.merged(turn.speaker)) for turn in turns)
        elif isinstance(edit, Assign):
            turns = _assigned(turns, words, edit)
    return turns


def _assigned(turns: Iterable[Turn], words: Iterable[Word], edit: Assign) -> tuple[Turn, ...]:
    """Return the turns with all speech in the span of the edit, and the words there, assigned to its speaker."""
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
    """Return the parts of the turn before and after the span."""
    if turn.span.overlap(within) == 0:
        return [turn]
    pieces = [(turn.start, within.start), (within.end, turn.end)]
    return [replace(turn, start=start, end=end) for start, end in pieces if start < end]
