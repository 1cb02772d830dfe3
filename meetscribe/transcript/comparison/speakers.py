"""Comparison of speakers between a transcript and a copy: renamed speakers, and words of a different speaker."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from meetscribe.timeline import Turn
from meetscribe.transcript.comparison.tokens import name_key
from meetscribe.transcript.words import Word


@dataclass(frozen=True, slots=True)
class SpeakerChanges:
    """`names` are the new names of speakers by label; `assigned` the new labels of other words, by position.

    `labels` holds the label of each name in the copy; a missing name belongs to a new speaker.
    """

    names: Mapping[str, str]
    assigned: Mapping[int, str]
    labels: Mapping[str, str]

    def label_of(self, name: str) -> str:
        """Return the label of a name in the copy: the name itself for a new speaker."""
        return self.labels.get(name, name)


@dataclass(frozen=True, slots=True)
class _WordSpeaker:
    """The speaker of a word: its label, displayed name, name in the written file, and name in the copy."""

    label: str | None
    shown: str | None
    written: str | None
    copied: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the copy has the written name, the label, or the displayed name, possibly shortened."""
        if self.copied in (self.written, self.label):
            return True
        key, shown = name_key(self.copied), name_key(self.shown)
        return key == shown or (key.endswith("…") and shown.startswith(key[:-1]))


def compare_speakers(
    labelled: Sequence[Word], shown: Sequence[Word], names: Mapping[int, tuple[str | None, str | None]]
) -> SpeakerChanges:
    """Return the changes of speakers.

    `labelled` and `shown` are the words of the transcript with labels and with names. `names` maps each word found in
    the copy, by position, to its speaker in the written file and in the copy. A word without a name in the copy keeps
    its speaker. A speaker is renamed if no word keeps the old name, at least half of the words have the new name, and
    no other speaker keeps or gets it.
    """
    words = {
        index: _WordSpeaker(labelled[index].speaker, shown[index].speaker, written, copied)
        for index, (written, copied) in names.items()
        if copied is not None
    }
    existing = _labels_by_name(labelled, shown, words.values())
    renamed = _renamed(words.values(), existing)
    labels = existing | {name: label for label, name in renamed.items()}
    assigned = {
        index: label
        for index, word in words.items()
        if not word.is_unchanged
        if (label := labels.get(word.copied, word.copied)) != word.label
    }
    return SpeakerChanges(renamed, assigned, labels)


def names_from_turns(
    words: Sequence[Word], written: Sequence[Turn], copied: Sequence[Turn]
) -> Iterator[tuple[int, tuple[str | None, str | None]]]:
    """Yield the `names` for `compare_speakers` from the turns at the middle of each word.

    Words whose speaker still talks at that time in the copy, or cannot be determined, are left out.
    """
    for index, word in enumerate(words):
        time = word.middle
        before, after = _talking(written, time), _talking(copied, time)
        old = next((name for name in before if name_key(name) == name_key(word.speaker)), None)
        if word.speaker is None or old in after:
            continue
        new = [name for name in after if name not in before]
        if len(new) == 1:
            yield index, (old, new[0])


def _talking(turns: Iterable[Turn], time: float) -> list[str]:
    return list(dict.fromkeys(turn.speaker for turn in turns if turn.start <= time < turn.end))


def _labels_by_name(labelled: Sequence[Word], shown: Sequence[Word], words: Iterable[_WordSpeaker]) -> dict[str, str]:
    """Return the label of each written or displayed name."""
    labels: dict[str, str] = {}
    for labelled_word, named_word in zip(labelled, shown, strict=True):
        if labelled_word.speaker is not None and named_word.speaker is not None:
            labels.setdefault(labelled_word.speaker, labelled_word.speaker)
            labels[named_word.speaker] = labelled_word.speaker
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        if word.written is not None and word.label is not None:
            votes[word.written][word.label] += 1
    return labels | {name: count.most_common(1)[0][0] for name, count in votes.items()}


def _renamed(words: Iterable[_WordSpeaker], existing: Mapping[str, str]) -> dict[str, str]:
    """Return the new names of the speakers that the copy names consistently."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    kept: Counter[str] = Counter()
    for word in words:
        if word.label is not None:
            votes[word.label][word.copied] += 1
            kept[word.label] += word.is_unchanged
    wanted: dict[str, str] = {}
    for label, count in sorted(votes.items(), key=lambda item: -item[1].total()):
        name, most = count.most_common(1)[0]
        if not kept[label] and 2 * most >= count.total() and name not in wanted.values():
            wanted[label] = name
    # A speaker cannot take the name of another who keeps it. Each dropped renaming keeps one more name.
    while taken := [label for label, name in wanted.items() if name in existing and existing[name] not in wanted]:
        for label in taken:
            del wanted[label]
    return wanted
