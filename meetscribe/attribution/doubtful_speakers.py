"""Findings for words that are mostly outside the turns of their speaker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from meetscribe.text.joining import join_words
from meetscribe.transcript import Finding, Word

MIN_SCORE = 0.1
"""A word with a lower speaker score is doubtful; chosen by hand."""

_REASONS = {
    "smoothed": "assigned by the surrounding words, against the turns",
    "nearest": "in no turn; assigned by the nearest turn",
    "turn": "mostly outside the turns of its speaker",
    "voice": "assigned by the voiceprint, against the turns",
}
"""The reason why the speaker of a word is doubtful, by speaker source."""


def with_doubtful_speakers(findings: Iterable[Finding], words: Sequence[Word]) -> tuple[Finding, ...]:
    """Return the findings in order of time, with the findings of kind "speaker" replaced by those for `words`.

    A finding covers consecutive words of one speaker that are doubtful for the same reason. A speaker from a channel, a
    hint or an edit is never doubtful.
    """
    kept = [finding for finding in findings if finding.kind != "speaker"]
    runs = [(reason, list(run)) for (_, reason), run in groupby(words, key=lambda word: (word.speaker, _reason(word)))]
    doubtful = [_finding(run, reason) for reason, run in runs if reason]
    return tuple(sorted([*kept, *doubtful], key=lambda finding: finding.start))


def _reason(word: Word) -> str | None:
    """Return why the speaker of a word is doubtful, None if it is not."""
    if word.speaker_score is None or word.speaker_score >= MIN_SCORE:
        return None
    return _REASONS.get(word.speaker_source or "")


def _finding(words: Sequence[Word], reason: str) -> Finding:
    """Return the finding of words that are doubtful for the same reason."""
    start, end = min(word.start for word in words), max(word.end for word in words)
    return Finding("speaker", start, end, reason, join_words(word.text for word in words))
