"""Which speaker says each word, by the turns under it; where segments end is in cutting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.attribution.coverage import Coverage, millis, shared
from meetscribe.attribution.sentences import ends_sentence
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.transcript import SpeakerSource, Word

KEPT = ("channel", "hint", "edit")
"""Sources of a speaker that know more than a turn does."""

SNAP_WITHIN = 0.8
"""Seconds that the words moved to a sentence end may span; beyond, the turn is believed."""

NOBODY = -1


def assign(words: Sequence[Word], diarization: Diarization, settings: AttributionSettings) -> tuple[Word, ...]:
    """The words in the same order, each with the speaker who covers most of it.

    A tie goes to the speaker whose stretch of speech there is longest, then to who speaks first in the
    recording. A word that nobody covers takes the speaker with the nearest edge ("nearest", score 0) within
    `settings.max_gap`, else None. `speaker_score` is the share of the word that its speaker covers. The word
    counts as overlap if at least two speakers talk at the same time during at least half of it. A word
    without duration is looked at as one of a millisecond.
    """
    import numpy as np

    if not words:
        return ()
    starts = millis([word.start for word in words])
    ends = np.maximum(millis([word.end for word in words]), starts + 1)
    simultaneous = shared(list(_by_speaker(diarization.turns).values())).overlap(starts, ends)
    overlapped = 2 * simultaneous >= ends - starts
    coverages = _by_speaker(diarization.exclusive) or _by_speaker(diarization.turns)
    if not coverages:
        return tuple(_labelled(word, None, 0.0, False) for word in words)
    speakers = list(coverages)
    overlap, gap, longest = np.stack([cover.evidence(starts, ends) for cover in coverages.values()], axis=1)
    best = np.lexsort((-longest, gap, -overlap), axis=0)[0]
    index = np.arange(len(words))
    out_of_reach = gap[best, index] > round(settings.max_gap * 1000)
    labels = snapped(words, np.where(out_of_reach, NOBODY, best).tolist(), settings.snap_words)
    score = overlap[labels, index] / (ends - starts)
    return tuple(
        _labelled(word, None if label == NOBODY else speakers[label], float(share), bool(flag))
        for word, label, share, flag in zip(words, labels, score, overlapped, strict=True)
    )


def snapped(words: Sequence[Word], labels: Sequence[int], most: int) -> list[int]:
    """The labels, with changes of speaker moved by up to `most` words onto a sentence end.

    Only words of one run move, within 0.8 s, and never all of a run, so that a back-channel survives.
    """
    moved = list(labels)

    def one_run(first: int, last: int) -> bool:
        return first >= 0 and last < len(labels) and len(set(labels[first : last + 1])) == 1

    def close(first: int, last: int) -> bool:
        return words[last].end - words[first].start <= SNAP_WITHIN

    for i in range(1, len(labels)):
        before, after = labels[i - 1], labels[i]
        if before == after or NOBODY in (before, after) or ends_sentence(words[i - 1].text):
            continue
        for k in range(1, most + 1):
            if one_run(i - k - 1, i - 1) and close(i - k, i - 1) and ends_sentence(words[i - k - 1].text):
                moved[i - k : i] = [after] * k
                break
            if one_run(i, i + k) and close(i, i + k - 1) and ends_sentence(words[i + k - 1].text):
                moved[i : i + k] = [before] * k
                break
    return moved


def _by_speaker(turns: Sequence[Turn]) -> dict[str, Coverage]:
    """The time that each speaker covers, by first appearance; turns without duration cover nothing."""
    spans: dict[str, list[Span]] = {}
    for turn in sorted(turns):
        if turn.duration > 0:
            spans.setdefault(turn.speaker, []).append(turn.span)
    return {speaker: Coverage.of(own) for speaker, own in spans.items()}


def _labelled(word: Word, speaker: str | None, share: float, overlap: bool) -> Word:
    """The word with its speaker, unless a source that knows more has named one before."""
    if word.speaker is not None and word.speaker_source in KEPT:
        return replace(word, overlap=overlap)
    if speaker is None:
        return replace(word, speaker=None, speaker_score=None, speaker_source=None, overlap=overlap)
    source: SpeakerSource = "turn" if share > 0 else "nearest"
    return replace(word, speaker=speaker, speaker_score=share, speaker_source=source, overlap=overlap)
