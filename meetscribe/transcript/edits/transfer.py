"""Edits carried from one transcript of a recording to a later one, in which labels and words may be others.

Who is meant is known by when they speak, never by the label's text: labels of two runs are matched one to one so that
most speech is shared. Words are meant by their time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from meetscribe.errors import Notice
from meetscribe.timeline import Seconds, Turn, merge_turns
from meetscribe.transcript.edits.operations import describe_edit
from meetscribe.transcript.edits.values import Assign, Edit, Merge, Rename, merged_label
from meetscribe.transcript.label_matching import match_labels
from meetscribe.transcript.values import Transcript

LEAST_SHARED = 0.5
"""A match counts if this share of the speech of the one who says less is shared."""


def transfer_edits(before: Transcript, after: Transcript) -> Transcript:
    """`after` with the edits of `before` that still apply, and a notice for each that does not.

    Edits that `after` has already are kept behind them. A name stays with who speaks when its owner did, a merger with
    those who are still several, an assignment with its times.
    """
    labels = _same_speakers(before, after)
    made_up = {edit.speaker for edit in before.meta.edits if isinstance(edit, Assign)} - set(labels)
    free = made_up - set(_speech(before)) - set(_speech(after))
    kept: list[Edit] = []
    for edit in before.meta.edits:
        carried, lost = _carried(edit, labels | {label: label for label in free}, after)
        if carried is not None:
            kept.append(carried)
        if lost:
            how = "does not apply any more" if carried is None else "applies only in part"
            text = f"a correction {how}: {describe_edit(edit)} ({lost})"
            after = after.with_notices(Notice("edits.not-applied", text, {"edit": describe_edit(edit), "reason": lost}))
    return after.with_meta(edits=(*kept, *after.meta.edits))


def _carried(edit: Edit, labels: Mapping[str, str], after: Transcript) -> tuple[Edit | None, str]:
    """What is left of the edit under the labels of now, and why some of it is lost, empty if nothing is."""
    if isinstance(edit, Rename):
        names = {labels[label]: name for label, name in edit.names.items() if label in labels}
        return (Rename(names, edit.made) if names else None), _gone(edit.names, labels)
    if isinstance(edit, Merge):
        several = tuple(dict.fromkeys(labels[label] for label in edit.speakers if label in labels))
        return (Merge(several, edit.made) if len(several) > 1 else None), _gone(edit.speakers, labels)
    if lost := _gone([edit.speaker], labels):
        return None, lost
    if not any(edit.covers(word) for word in after.words):
        return None, "no word is said then"
    return Assign(edit.start, edit.end, labels[edit.speaker], edit.made), ""


def _gone(speakers: Iterable[str], labels: Mapping[str, str]) -> str:
    """Who of the speakers is not among those of now, as a reason; empty if they all are."""
    gone = [label for label in speakers if label not in labels]
    return f"nobody speaks mainly when {' or '.join(gone)} did" if gone else ""


def _same_speakers(before: Transcript, after: Transcript) -> dict[str, str]:
    """For each label of the one transcript the label of the other that is the same person, where there is one.

    Who was merged with others may be the same person as one of those they became.
    """
    then, now = _speech(before), _speech(after)
    shared = _shared(then, now)
    matched = match_labels(shared)
    sure = {
        old: new
        for old, new in matched.items()
        if shared[old, new] >= LEAST_SHARED * min(_total(then[old]), _total(now[new]))
    }
    by_heir: dict[str, set[str]] = defaultdict(set)
    for old, new in sure.items():
        by_heir[merged_label(before.meta.edits, old)].add(new)
    for old in set(then) - set(sure):
        most = max(now, key=lambda new: shared.get((old, new), 0.0), default="")
        if shared.get((old, most)) and most in by_heir[merged_label(before.meta.edits, old)]:
            sure[old] = most
    return sure


def _speech(transcript: Transcript) -> dict[str, list[Turn]]:
    """The turns of each label of the evidence, in order and apart; where there are none, its words."""
    words = (Turn(word.start, word.end, word.speaker) for word in transcript.words if word.speaker is not None)
    found: dict[str, list[Turn]] = {}
    for turn in merge_turns(transcript.turns or words, max_gap=0.0):
        found.setdefault(turn.speaker, []).append(turn)
    return found


def _total(turns: Iterable[Turn]) -> Seconds:
    return sum(turn.duration for turn in turns)


def _shared(then: Mapping[str, list[Turn]], now: Mapping[str, list[Turn]]) -> dict[tuple[str, str], Seconds]:
    """Seconds in which both speak, for each pair of labels that has any."""
    shared: dict[tuple[str, str], Seconds] = {}
    for old, olds in then.items():
        for new, news in now.items():
            if seconds := _overlap(olds, news):
                shared[old, new] = seconds
    return shared


def _overlap(some: list[Turn], others: list[Turn]) -> Seconds:
    """Seconds that two lists of turns share, each in order of time and without overlap of its own."""
    seconds, i, j = 0.0, 0, 0
    while i < len(some) and j < len(others):
        seconds += some[i].span.overlap(others[j].span)
        if some[i].end <= others[j].end:
            i += 1
        else:
            j += 1
    return seconds
