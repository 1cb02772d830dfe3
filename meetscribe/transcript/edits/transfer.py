"""Transfer the edits of a transcript to a later transcript of the same recording.

Labels of two runs are matched by the time in which both speak, not by their text, because a new run may number speakers
differently. The words of an assignment are matched by their times, those of other edits by alignment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from meetscribe.errors import Notice
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Turn, merge_turns, shared_time
from meetscribe.transcript.edits.description import describe_edit
from meetscribe.transcript.edits.labels import merged_label, names_by_label
from meetscribe.transcript.edits.replay.replay import Replay
from meetscribe.transcript.edits.values import (
    WORD_EDITS,
    Assign,
    Edit,
    Insert,
    Merge,
    Rename,
)
from meetscribe.transcript.edits.word_edit_transfer import NOT_RECOGNISED, WordEditTransfer
from meetscribe.transcript.label_matching import match_labels
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import with_word_ids

MIN_SHARED = 0.5
"""The minimum shared speech of a match, as a fraction of the speech of the speaker who speaks less."""


def transfer_edits(before: Transcript, after: Transcript) -> Transcript:
    """Return `after` with the edits of `before` that still apply, at least in part, and a notice for each loss.

    An edit of words whose result was recognised is dropped without a notice. The edits of `after` are kept and come
    last. Automatic names of `before` are dropped, because they are results of
    that run; automatic names of `after` yield to names and merges by a person. A name goes to the speaker who speaks at
    the same times, a merge to the speakers that are still separate; an assignment keeps its times, and an edit of words
    goes to the same words.
    """
    if any(isinstance(edit, WORD_EDITS) for edit in before.meta.edits):
        after = with_word_ids(after)
    labels = _matched_labels(before, after)
    given = (edit.speaker for edit in before.meta.edits if isinstance(edit, Assign | Insert))
    added = {speaker for speaker in given if speaker is not None} - set(labels)
    # A speaker that only edits created keeps its label, unless the new run uses it.
    free = added - set(_speech(before)) - set(_speech(after))
    labels |= {label: label for label in free}
    words, replay = WordEditTransfer(before, after), Replay(after)
    transferred: list[Edit] = []
    for edit in before.meta.edits:
        if isinstance(edit, Rename) and edit.is_automatic:
            continue
        found, lost = _transferred(edit, labels, words)
        if found is not None and not replay.apply(found):
            found, lost = None, "there is no word at that time" if isinstance(edit, Assign) else NOT_RECOGNISED
        if found is not None:
            transferred.append(found)
        if lost:
            how = "no longer applies" if found is None else "applies only in part"
            text = f"a correction {how}: {describe_edit(edit)} ({lost})"
            after = after.with_notices(Notice("edits.not-applied", text, {"edit": describe_edit(edit), "reason": lost}))
    kept = [edit for edit in after.meta.edits if not _is_superseded(edit, transferred)]
    return after.with_meta(edits=(*transferred, *kept))


def _is_superseded(edit: Edit, transferred: Iterable[Edit]) -> bool:
    """Return whether an edit automatically names a speaker named or merged by a person, or uses a given name."""
    if not isinstance(edit, Rename) or not edit.is_automatic:
        return False
    names = names_by_label(transferred)
    taken = {one_line(name).casefold() for name in names.values()}
    return any(
        label in names or one_line(name).casefold() in taken or merged_label(transferred, label) != label
        for label, name in edit.names.items()
    )


def _transferred(edit: Edit, labels: Mapping[str, str], words: WordEditTransfer) -> tuple[Edit | None, str]:
    """Return the part of the edit that applies, with the new labels, and the reason for a lost part, if any."""
    if isinstance(edit, Rename):
        names = {labels[label]: name for label, name in edit.names.items() if label in labels}
        return (replace(edit, names=names) if names else None), _unmatched(edit.names, labels)
    if isinstance(edit, Merge):
        several = tuple(dict.fromkeys(labels[label] for label in edit.speakers if label in labels))
        return (Merge(several, edit.made) if len(several) > 1 else None), _unmatched(edit.speakers, labels)
    if isinstance(edit, Assign):
        if lost := _unmatched([edit.speaker], labels):
            return None, lost
        return Assign(edit.start, edit.end, labels[edit.speaker], edit.made), ""
    return words.transferred(edit, labels)


def _unmatched(speakers: Iterable[str], labels: Mapping[str, str]) -> str:
    """Return the reason why an edit is lost: a speaker without a match. Empty if all speakers have a match."""
    gone = [label for label in speakers if label not in labels]
    return f"no speaker matches {' or '.join(gone)}" if gone else ""


def _matched_labels(before: Transcript, after: Transcript) -> dict[str, str]:
    """Return the label in `after` of each label in `before` that has a match.

    A merged speaker may also match the new label of a speaker with whom it was merged.
    """
    earlier, later = _speech(before), _speech(after)
    shared = _shared(earlier, later)
    matched = match_labels(shared)
    labels = {
        old: new
        for old, new in matched.items()
        if shared[old, new] >= MIN_SHARED * min(_total(earlier[old]), _total(later[new]))
    }
    by_merged: dict[str, set[str]] = defaultdict(set)
    for old, new in labels.items():
        by_merged[merged_label(before.meta.edits, old)].add(new)
    for old in set(earlier) - set(labels):
        most = max(later, key=lambda new: shared.get((old, new), 0.0), default="")
        if shared.get((old, most)) and most in by_merged[merged_label(before.meta.edits, old)]:
            labels[old] = most
    return labels


def _speech(transcript: Transcript) -> dict[str, list[Turn]]:
    """Return the turns of each original label, in order and without overlap; without turns, its words."""
    words = (Turn(word.start, word.end, word.speaker) for word in transcript.words if word.speaker is not None)
    found: dict[str, list[Turn]] = {}
    for turn in merge_turns(transcript.turns or words, max_gap=0.0):
        found.setdefault(turn.speaker, []).append(turn)
    return found


def _total(turns: Iterable[Turn]) -> Seconds:
    return sum(turn.duration for turn in turns)


def _shared(earlier: Mapping[str, list[Turn]], later: Mapping[str, list[Turn]]) -> dict[tuple[str, str], Seconds]:
    """Return the seconds in which both labels speak, for each pair that has any."""
    shared: dict[tuple[str, str], Seconds] = {}
    for old, old_turns in earlier.items():
        for new, new_turns in later.items():
            if seconds := shared_time(old_turns, new_turns):
                shared[old, new] = seconds
    return shared
