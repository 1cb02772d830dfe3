"""Apply the edits of a transcript; the transcript itself keeps the recognised words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from meetscribe.text.whitespace import one_line
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.replay.replay import Replay
from meetscribe.transcript.edits.values import Edit
from meetscribe.transcript.values import Transcript


def apply_edits(transcript: Transcript) -> Transcript:
    """Return the transcript with its edits applied and `meta.edits` empty; speakers are the displayed names.

    The words and turns of a merged speaker belong to the first one. Words assigned to a speaker get the
    `speaker_source` "edit"; segments are divided and turns changed accordingly. Names without a visible
    character are ignored, as are edits whose words do not exist, see `unapplied_edits`.
    """
    return _applied(transcript, _naming(transcript.meta.edits))


def apply_edits_to_labels(transcript: Transcript) -> Transcript:
    """Return the transcript with its edits applied, except that speakers keep their labels."""
    return _applied(transcript, lambda label: label)


def names_by_word(transcript: Transcript) -> list[str | None]:
    """Return the name of the speaker of each recognised word after the edits, in order."""
    name_of = _naming(transcript.meta.edits)
    labels = [node.label for node in _replayed(transcript).recognised]
    return [None if label is None else name_of(label.text) for label in labels]


def unapplied_edits(transcript: Transcript) -> tuple[int, ...]:
    """Return the numbers, from 1, of the edits that have no effect because their words do not exist."""
    replay = Replay(transcript)
    return tuple(number for number, edit in enumerate(transcript.meta.edits, start=1) if not replay.apply(edit))


def _naming(edits: Iterable[Edit]) -> Callable[[str], str]:
    """Return a function from a label to its name after the edits, or to the label if it has none."""
    names = names_by_label(edits)
    return lambda label: names[label] if one_line(names.get(label, "")) else label


def _replayed(transcript: Transcript) -> Replay:
    """Return the replay after all edits."""
    replay = Replay(transcript)
    for edit in transcript.meta.edits:
        replay.apply(edit)
    return replay


def _applied(transcript: Transcript, name_of: Callable[[str], str]) -> Transcript:
    """Return the transcript after its edits, with `name_of` applied to the labels."""
    return _replayed(transcript).transcript(transcript, name_of) if transcript.meta.edits else transcript
