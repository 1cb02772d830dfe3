"""The state of a transcript that a copy was exported from: corrections made later are not in the copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from meetscribe.publishing.destinations import EARLIER_STATES
from meetscribe.timeline import Seconds
from meetscribe.transcript import Edit, Merge, Rename, Transcript
from meetscribe.transcript.comparison.importing import Difference
from meetscribe.transcript.comparison.tokens import comparable, name_key

_NEAR: Seconds = 1.0  # a difference this close to a correction may undo it; chosen by hand


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The words of a transcript, as often as they occur: their texts, and their names and texts."""

    texts: Counter[str]
    named: Counter[tuple[str, str]]
    has_names: bool


def missing_corrections(transcript: Transcript, copy: Transcript, differences: Sequence[Difference]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the corrections that a copy lacks, as if it had been exported before them.

    A correction is missing if fewer words of the copy and the transcript differ without it. Corrections made in the
    same second are taken together. Only the latest `EARLIER_STATES` that may cause one of the `differences` are tried.
    """
    edits, missing = transcript.meta.edits, set[int]()
    spoken = _spoken(copy)
    fewest = _distance(transcript, spoken)
    for step in islice(_steps(edits, differences), EARLIER_STATES if spoken.texts else 0):
        kept = [edit for number, edit in enumerate(edits, start=1) if number not in missing | step]
        distance = _distance(transcript.with_meta(edits=kept), spoken)
        if distance < fewest:
            fewest, missing = distance, missing | step
    return tuple(sorted(missing))


def _steps(edits: Sequence[Edit], differences: Sequence[Difference]) -> Iterator[set[int]]:
    """Yield the numbers of the corrections of each second that may cause a difference, the latest first."""
    numbered = list(enumerate(edits, start=1))[::-1]
    for _, group in groupby(numbered, key=lambda pair: pair[1].made or pair[0]):
        step = dict(group)
        if any(_may_cause(edit, difference) for edit in step.values() for difference in differences):
            yield set(step)


def _may_cause(edit: Edit, difference: Difference) -> bool:
    if isinstance(edit, Rename | Merge):
        return difference.kind in ("rename", "assign")
    return difference.start - _NEAR <= edit.end and edit.start <= difference.end + _NEAR


def _distance(state: Transcript, spoken: _Spoken) -> int:
    """Return how many words, and words with their speakers, only one of the two has, regardless of their order."""
    own = _spoken(state.edited())
    texts = (own.texts - spoken.texts).total() + (spoken.texts - own.texts).total()
    return texts + ((own.named - spoken.named).total() + (spoken.named - own.named).total()) * spoken.has_names


def _spoken(transcript: Transcript) -> _Spoken:
    """Return the words of an edited transcript."""
    words = [(name_key(word.speaker), comparable(part)) for word in transcript.words for part in word.text.split()]
    return _Spoken(Counter(text for _, text in words), Counter(words), bool(transcript.speakers))
