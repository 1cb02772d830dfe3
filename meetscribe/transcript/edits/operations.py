"""Rename, merge and assign speakers, and undo; each operation only changes the list of edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meetscribe.errors import Notice, SettingsError
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Turn, total
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.application import apply_edits_to_labels
from meetscribe.transcript.edits.labels import merged_label, names_by_label
from meetscribe.transcript.edits.revision import revision
from meetscribe.transcript.edits.values import Assign, Edit, Merge, Rename
from meetscribe.transcript.edits.word_edits import now, with_edits
from meetscribe.transcript.turns import turns_of_all_speakers
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Word

FIRST_WORDS = 8
"""The number of first words shown for each speaker."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker after all edits.

    `seconds` is the talk time: the union of the speaker's turns, as in the statistics; `words` is the number of words,
    `first` the first words.
    """

    label: str
    name: str
    seconds: Seconds
    words: int
    first: str


_NO_SPEAKERS = (
    "there are no speakers in the transcript. To name one, run: meetscribe speakers assign FILE START-END NAME"
)


def list_speakers(transcript: Transcript) -> tuple[Speaker, ...]:
    """Return the speakers in order of their first word, then the speakers without words.

    A speaker has no words if it has only turns, or if all its words were deleted or assigned to others.
    """
    labelled, names = apply_edits_to_labels(transcript), names_by_label(transcript.meta.edits)
    lost = (merged_label(transcript.meta.edits, label) for label in transcript.speakers)
    labels = dict.fromkeys([*labelled.speakers, *(turn.speaker for turn in labelled.turns), *lost])
    turns = turns_of_all_speakers(labelled)
    return tuple(_speaker(label, one_line(names.get(label, "")) or label, labelled.words, turns) for label in labels)


def find_speaker(transcript: Transcript, speaker: str) -> str:
    """Return the label of a speaker given by name or label; case is ignored if only one speaker matches.

    Raises SettingsError if none or several match.
    """
    return _find(_names(transcript), transcript.meta.edits, speaker)


def speaker_label(transcript: Transcript, speaker: str) -> str:
    """Return the label of a speaker given by name or label, or the name as the label of a new speaker.

    Raises SettingsError if several speakers match, or if the name has no visible character.
    """
    known, edits = _names(transcript), transcript.meta.edits
    return _find(known, edits, speaker) if _matching_labels(known, edits, speaker) else _name(speaker)


def name_conflicts(transcript: Transcript, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names that several speakers would share after this renaming, with the labels of these speakers.

    A speaker who already has the name comes first. Raises SettingsError for an unknown speaker.
    """
    return _conflicts(_names(transcript), _wanted(transcript, names))


def rename(
    transcript: Transcript, names: Mapping[str, str], *, merge: bool = False, source: str | None = None
) -> Transcript:
    """Rename speakers, see `Transcript.rename`; `source` is the source of the names, None for a person."""
    before, wanted = _names(transcript), _wanted(transcript, names)
    same_name = _conflicts(before, wanted)
    if same_name and not merge:
        name, (first, *others) = next(iter(same_name.items()))
        raise SettingsError(
            f"{', '.join(others)} would have the same name as {first}: {name}",
            "If they are one person, merge them (--merge, or merge=True in Python). Otherwise choose another name.",
        )
    joined = {label for labels in same_name.values() for label in labels[1:]}
    new = {label: name for label, name in wanted.items() if label not in joined and before[label] != name}
    edits: list[Edit] = [Rename(new, now(), source)] if new else []
    return with_edits(transcript, [*edits, *(Merge(labels, now()) for labels in same_name.values())])


def merge(transcript: Transcript, first: str, *others: str) -> Transcript:
    """Merge other speakers into the first; speakers already merged are ignored."""
    labels = tuple(dict.fromkeys(find_speaker(transcript, speaker) for speaker in (first, *others)))
    return with_edits(transcript, [Merge(labels, now())]) if len(labels) > 1 else transcript


def assign(transcript: Transcript, start: Seconds, end: Seconds, speaker: str) -> Transcript:
    """Assign words between two times to a speaker, see `Transcript.assign`."""
    label = speaker_label(transcript, speaker)
    if not start < end:
        raise SettingsError(f"{clock(end)} is not after {clock(start)}", "Give the earlier time first.")
    edit = Assign(start, end, label, now())
    if not any(edit.covers(word) for word in apply_edits_to_labels(transcript).words):
        raise SettingsError(
            f"there is no word between {clock(start)} and {clock(end)}",
            f"The recording lasts {clock(transcript.duration)}. The middle of a word must lie in the passage.",
        )
    return with_edits(transcript, [edit])


def undo(transcript: Transcript, step: int | None = None) -> Transcript:
    """Remove one edit, see `Transcript.undo`."""
    meta = transcript.meta
    if not meta.edits:
        raise SettingsError("there is no correction to undo", "The log is empty.")
    number = len(meta.edits) if step is None else step
    if not 0 < number <= len(meta.edits):
        raise SettingsError(f"there is no correction {number}", f"Give a number from 1 to {len(meta.edits)}.")
    edits = (*meta.edits[: number - 1], *meta.edits[number:])
    return transcript.with_meta(edits=edits, history=(*meta.history, revision(meta.edits)))


def undo_last(transcript: Transcript, steps: int = 1) -> Transcript:
    """Remove the last `steps` edits; raises SettingsError if there are fewer, or if `steps` is less than 1."""
    if not 0 < steps <= len(transcript.meta.edits):
        raise SettingsError(f"{steps} corrections cannot be undone", f"There are {len(transcript.meta.edits)}.")
    for _ in range(steps):
        transcript = undo(transcript)
    return transcript


def name_speakers(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """Apply the name hints of a run, without merging speakers; a notice reports each name that cannot be applied."""
    wanted: dict[str, str] = {}
    for speaker, name in names.items():
        try:
            label, given = find_speaker(transcript, speaker), _name(name)
        except SettingsError as error:
            text = f"not named {one_line(name)}: {error.message}, {error.remedy}"
            transcript = transcript.with_notices(Notice("names.not-given", text, {"name": one_line(name)}))
        else:
            if wanted.setdefault(label, given) != given:
                text = f"{label} was named {wanted[label]}, not {given}"
                transcript = transcript.with_notices(Notice("names.not-given", text, {"name": given}))
    while same_name := _conflicts(_names(transcript), wanted):
        name, (first, *others) = next(iter(same_name.items()))
        # `first` has or gets the name, so the others are not named. If none of the others was to be named, they and
        # `first` had the same name before, perhaps in another case: then `first` is not named.
        unnamed = [label for label in others if label in wanted]
        for label in unnamed or [first]:
            text = f"{label} was not named {name}: {first if unnamed else others[0]} has that name"
            transcript = transcript.with_notices(Notice("names.not-given", text, {"name": name}))
            del wanted[label]
    return rename(transcript, wanted, source="hint")


def _speaker(label: str, name: str, spoken: Iterable[Word], turns: Iterable[Turn]) -> Speaker:
    """Summarise a speaker, given the words and turns of all, in which speakers are labels."""
    words = [word.text for word in spoken if word.speaker == label]
    seconds = total(turn.span for turn in turns if turn.speaker == label)
    first = one_line(" ".join(words[:FIRST_WORDS])) + (" …" if len(words) > FIRST_WORDS else "")
    return Speaker(label, name, round(seconds, 3), len(words), first)


def _names(transcript: Transcript) -> dict[str, str]:
    """Return the name to display for each label after all edits."""
    return {speaker.label: speaker.name for speaker in list_speakers(transcript)}


def _find(names: Mapping[str, str], edits: Iterable[Edit], speaker: str) -> str:
    """Return the only matching label in `names`; raises SettingsError if none or several match."""
    found = _matching_labels(names, edits, speaker)
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsError(f"{speaker!r} fits several speakers: {', '.join(found)}", "Give the label of one of them.")
    known = ", ".join(label if name == label else f"{name} ({label})" for label, name in names.items())
    raise SettingsError(f"there is no speaker {speaker!r}", f"known speakers: {known}" if names else _NO_SPEAKERS)


def _matching_labels(names: Mapping[str, str], edits: Iterable[Edit], speaker: str) -> list[str]:
    """Return the matching labels: by exact name, else by exact label, else ignoring case, else by a merged label."""
    kinds = (
        [label for label, name in names.items() if name == speaker],
        [label for label in names if label == speaker],
        [label for label, name in names.items() if _folded(speaker) in (_folded(name), _folded(label))],
        [merged for merged in [merged_label(edits, speaker)] if merged in names],
    )
    return next((labels for labels in kinds if labels), [])


def _wanted(transcript: Transcript, names: Mapping[str, str]) -> dict[str, str]:
    """Return the name for each label, on one line; raises SettingsError for an unknown speaker or two names for one."""
    known = _names(transcript)
    wanted: dict[str, str] = {}
    for speaker, name in names.items():
        label = _find(known, transcript.meta.edits, speaker)
        if wanted.setdefault(label, _name(name)) != _name(name):
            raise SettingsError(f"{label} cannot be both {wanted[label]} and {name}", "Give one name.")
    return wanted


def _conflicts(names: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the wanted names that several labels would share, with these labels; the current holder comes first."""
    after = {**names, **wanted}
    clashing: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(wanted.values()):
        same_name = [label for label, other in after.items() if _folded(other) == _folded(name)]
        if len(same_name) > 1 and not any(_folded(name) == _folded(other) for other in clashing):
            clashing[name] = tuple(sorted(same_name, key=lambda label: _folded(names[label]) != _folded(name)))
    return clashing


def _name(text: str) -> str:
    """Return the text as a name on one line; raises SettingsError if it has no visible character."""
    if name := one_line(text):
        return name
    raise SettingsError("a name needs a visible character", "Without a name, the label is shown.")


def _folded(name: str) -> str:
    """Return a name for comparison, which ignores case and the amount of white space."""
    return one_line(name).casefold()
