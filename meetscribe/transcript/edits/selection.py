"""Selection of words, segments and speakers by a time or a passage; ambiguous references are refused."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from meetscribe.errors import SettingsError
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.description import quoted
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.operations import find_speaker
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Word

_DISPLAYED_PRECISION = 0.1  # seconds, see `clock`

MIN_LEAD = 0.1
"""The minimum lead in spelling similarity (0 to 1) of the chosen word over the next one."""


def passage_start(transcript: Transcript, time: Seconds, precision: Seconds) -> Seconds:
    """Return the start of a passage that contains the word displayed at `time`, the displayed start of the passage.

    Times are displayed rounded to tenths, so the displayed start of a short word may be after its middle; then that
    middle is returned, otherwise `time`. The first word of a segment takes precedence over others. A time given more
    precisely than to a tenth is returned unchanged.
    """
    if precision < _DISPLAYED_PRECISION / 2:
        return time
    segments = transcript.edited().segments
    firsts = [segment.words[0] for segment in segments if segment.words]
    for words in (firsts, [word for segment in segments for word in segment.words]):
        middles = [word.middle for word in words if word.middle < time and clock(word.start) == clock(time)]
        if middles:
            return math.floor(min(middles) * 1000) / 1000  # edits round times to 1 ms
    return time


def select_words(
    transcript: Transcript,
    labelled: Transcript,
    start: Seconds,
    end: Seconds,
    speaker: str | None,
    *,
    several: bool = False,
) -> list[Word]:
    """Return the edited words, of `speaker` if given, whose middle lies in the half-open span from `start` to `end`.

    `labelled` is the transcript with its edits applied and labels as speakers. Raises SettingsError if there are no
    such words, or if several known speakers talk there and none is given; with `several`, only if they overlap.
    """
    if not start < end:
        raise SettingsError(f"{clock(end)} is not after {clock(start)}", "Give the earlier time first.")
    words = [word for word in labelled.words if start <= word.middle < end]
    if not words:
        remedy = _nearest(labelled, start, end, " A passage must include its middle.")
        raise SettingsError(f"there is no word between {clock(start)} and {clock(end)}", remedy)
    if speaker is not None:
        return _words_of(transcript, words, speaker)
    if len({word.speaker for word in words} - {None}) > 1 and not (several and not _overlapping(words)):
        raise SettingsError(
            f"several speakers talk between {clock(start)} and {clock(end)}: {_by_speaker(transcript, words)}",
            "Choose one of them (--speaker, or speaker= in Python), or give a shorter passage.",
        )
    return words


def select_word(
    transcript: Transcript, labelled: Transcript, time: Seconds, text: str, speaker: str | None, within: Seconds = 0.001
) -> Word:
    """Return the word spoken between `time` and `within` seconds later; of several, the one spelt most like `text`.

    Raises SettingsError if there is none, or if no word is clearly more similar than the others.
    """
    end = time + within
    words = [word for word in labelled.words if (word.start < end and word.end > time) or time <= word.start < end]
    if speaker is not None and words:
        words = _words_of(transcript, words, speaker)
    if not words:
        raise SettingsError(f"there is no word at {clock(time)}", _nearest(labelled, time, end))
    ranked = sorted(words, key=lambda word: _similarity(word.text, text), reverse=True)
    if len(ranked) > 1 and _similarity(ranked[0].text, text) <= _similarity(ranked[1].text, text) + MIN_LEAD:
        listed = ", ".join(f"{quoted(word.text)} {clock(word.start)}-{clock(word.end)}" for word in words)
        raise SettingsError(
            f"several words are spoken at {clock(time)}: {listed}",
            "Give a more precise time, the start and end of the word, or the speaker.",
        )
    return ranked[0]


def segments_at(transcript: Transcript, labelled: Transcript, time: Seconds, speaker: str | None) -> list[int]:
    """Return the positions of the segments of one speaker whose span includes a time.

    Raises SettingsError if several speakers talk then and `speaker` is None.
    """
    label = None if speaker is None else find_speaker(transcript, speaker)
    found = [
        number
        for number, segment in enumerate(labelled.segments)
        if segment.start <= time < segment.end and (label is None or segment.speaker == label)
    ]
    talking = [labelled.segments[number] for number in found]
    if len({segment.speaker for segment in talking}) > 1:
        words = [word for segment in talking for word in segment.words]
        raise SettingsError(
            f"several speakers talk at {clock(time)}: {_by_speaker(transcript, words)}",
            "Choose one of them (--speaker, or speaker= in Python).",
        )
    return found


def segments_to_join(labelled: Transcript, start: Seconds, end: Seconds) -> list[Segment]:
    """Return the neighbouring segments of one speaker with words between two times.

    Raises SettingsError if there are fewer than two, or if they are of several speakers.
    """
    found = [
        number
        for number, segment in enumerate(labelled.segments)
        if any(start <= word.middle < end for word in segment.words)
    ]
    if len(found) < 2:
        raise SettingsError(
            f"there are no two segments between {clock(start)} and {clock(end)}",
            "Give times that include words of both segments.",
        )
    segments = [labelled.segments[number] for number in range(found[0], found[-1] + 1)]
    if len({segment.speaker for segment in segments}) > 1:
        raise SettingsError(
            f"the segments between {clock(start)} and {clock(end)} belong to several speakers",
            "Assign their words to one speaker first (speakers assign), or give a shorter passage.",
        )
    return segments


def _words_of(transcript: Transcript, words: Iterable[Word], speaker: str) -> list[Word]:
    """Return the words of a speaker, given by name or label; raises SettingsError if there are none."""
    label, found = find_speaker(transcript, speaker), list(words)
    spoken = [word for word in found if word.speaker == label]
    if not spoken:
        raise SettingsError(f"{speaker} does not speak there: {_by_speaker(transcript, found)}", "Check the time.")
    return spoken


def _overlapping(words: Sequence[Word]) -> bool:
    """Return whether words of different speakers overlap in time."""
    ends: dict[str | None, Seconds] = {}  # the latest end so far, by speaker
    for word in sorted(words, key=lambda word: word.start):
        if any(end > word.start for speaker, end in ends.items() if speaker != word.speaker):
            return True
        ends[word.speaker] = max(word.end, ends.get(word.speaker, word.end))
    return False


def _similarity(word: str, text: str) -> float:
    return Levenshtein.normalized_similarity(word.casefold(), text.casefold())


def _by_speaker(transcript: Transcript, words: Iterable[Word]) -> str:
    """Return the words of each speaker, for a message; the words are edited, with labels as speakers."""
    names = names_by_label(transcript.meta.edits)
    by_label: dict[str | None, list[str]] = {}
    for word in words:
        by_label.setdefault(word.speaker, []).append(word.text)
    return ", ".join(
        f"{'unknown' if label is None else names.get(label, label)} {quoted(join_words(texts))}"
        for label, texts in by_label.items()
    )


def _nearest(labelled: Transcript, start: Seconds, end: Seconds, rule: str = "") -> str:
    """Return a remedy that names the nearest word, and the rule."""
    if not labelled.words:
        return "The transcript has no words; insert them."
    near = min(labelled.words, key=lambda word: max(word.start - end, start - word.end))
    return f"The nearest word is {quoted(near.text)} at {clock(near.start)}.{rule}"
