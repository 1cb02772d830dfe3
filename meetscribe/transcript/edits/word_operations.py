"""Replace, delete and insert words, and split and join segments, at given times; each appends at most one edit.

See the methods of `Transcript`. All raise SettingsError if the time or passage is ambiguous or matches nothing, except
that `insert_words` makes a new segment where there is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from meetscribe.errors import SettingsError
from meetscribe.text.joining import join_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.operations import speaker_label
from meetscribe.transcript.edits.selection import segments_at, segments_to_join, select_word, select_words
from meetscribe.transcript.edits.values import Insert
from meetscribe.transcript.edits.word_edits import (
    deletion,
    editable_words,
    insertion,
    replacement,
    segment_join,
    segment_split,
    with_edits,
)
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Word


def replace_words(
    transcript: Transcript, start: Seconds, end: Seconds, text: str, speaker: str | None = None
) -> Transcript:
    """Replace the words of a passage, see `Transcript.replace`."""
    line = _visible(text)
    identified, labelled = editable_words(transcript)
    return _replaced(identified, select_words(identified, labelled, start, end, speaker), line)


def replace_word(
    transcript: Transcript, time: Seconds, text: str, speaker: str | None = None, *, within: Seconds = 0.001
) -> Transcript:
    """Replace the word spoken between `time` and `within` seconds later; of several, the one spelt most like `text`.

    Punctuation before and after the word stays, unless the text has punctuation there, or differs from the word only
    in punctuation.
    """
    line = _visible(text)
    identified, labelled = editable_words(transcript)
    word = select_word(identified, labelled, time, line, speaker, within)
    return _replaced(identified, [word], _with_punctuation(word.text, line))


def delete_words(transcript: Transcript, start: Seconds, end: Seconds, speaker: str | None = None) -> Transcript:
    """Delete the words of a passage, see `Transcript.delete`."""
    identified, labelled = editable_words(transcript)
    words = select_words(identified, labelled, start, end, speaker, several=True)
    return with_edits(identified, [deletion(words)])


def insert_words(transcript: Transcript, time: Seconds, text: str, speaker: str | None = None) -> Transcript:
    """Insert words at a time, see `Transcript.insert`."""
    line = _visible(text)
    if not 0 <= time <= transcript.duration:
        raise SettingsError(f"{time} is outside the recording", f"It lasts {clock(transcript.duration)}.")
    identified, labelled = editable_words(transcript)
    label = None if speaker is None else speaker_label(identified, speaker)
    existing = speaker if label in labelled.speakers else None
    # A new speaker has no segment yet.
    hosts = segments_at(identified, labelled, time, existing) if label is None or existing else []
    if hosts:
        edit = _inserted_within(labelled.segments[hosts[-1]], time, line, label)
    else:
        edit = _inserted_between(labelled, time, line, label)
    return with_edits(identified, [edit])


def split_segment(transcript: Transcript, time: Seconds, speaker: str | None = None) -> Transcript:
    """Split the segment at a time, see `Transcript.split`."""
    identified, labelled = editable_words(transcript)
    hosts = segments_at(identified, labelled, time, speaker)
    words = labelled.segments[hosts[-1]].words if hosts else ()
    following = next((word for word in words[1:] if word.middle >= time), None)
    if following is None:
        problem = "the segment cannot be split" if words else "there is no segment"
        raise SettingsError(f"{problem} at {clock(time)}", "Give a time between two words of a segment.")
    return with_edits(identified, [segment_split(following)])


def join_segments(transcript: Transcript, start: Seconds, end: Seconds) -> Transcript:
    """Join the segments of a passage, see `Transcript.join`."""
    if not start < end:
        raise SettingsError(f"{clock(end)} is not after {clock(start)}", "Give the earlier time first.")
    identified, labelled = editable_words(transcript)
    segments = segments_to_join(labelled, start, end)
    return with_edits(identified, [segment_join([segment.words[0] for segment in segments[1:]])])


def _replaced(transcript: Transcript, words: Sequence[Word], text: str) -> Transcript:
    """Append the edit, unless it changes nothing."""
    if join_words(word.text for word in words) == text:
        return transcript
    return with_edits(transcript, [replacement(words, text)])


def _inserted_within(host: Segment, time: Seconds, text: str, label: str | None) -> Insert:
    """Return the insertion into a segment after the last word whose middle is not after the time."""
    index = next((i for i, word in enumerate(host.words) if word.middle > time), len(host.words))
    after = host.words[index - 1] if index else None
    before = host.words[index] if index < len(host.words) else None
    # The speaker of a segment is that of most of its words, so the speaker of this word may not be `label`.
    host_speaker = (after or host.words[0]).speaker
    start = time if after is None else max(time, after.end)
    end = host.end if before is None else before.start
    return insertion(
        text,
        Span(start, max(start, end)),
        after=after,
        before=before,
        speaker=host_speaker if label is None else label,
        new_segment=label not in (None, host_speaker),
    )


def _inserted_between(labelled: Transcript, time: Seconds, text: str, label: str | None) -> Insert:
    """Return the insertion as a new segment; without a label, it takes the speaker of both neighbours."""
    index = next((i for i, segment in enumerate(labelled.segments) if segment.start > time), len(labelled.segments))
    previous = labelled.segments[index - 1] if index else None
    following = labelled.segments[index] if index < len(labelled.segments) else None
    if label is None and previous is not None and following is not None and previous.speaker == following.speaker:
        label = previous.speaker
    end = labelled.duration if following is None else following.start
    return insertion(
        text,
        Span(time, max(time, end)),
        after=None if previous is None else previous.words[-1],
        before=None if following is None else following.words[0],
        speaker=label,
        new_segment=True,
    )


def _with_punctuation(word: str, text: str) -> str:
    """Return the text with the punctuation of the word, unless it has punctuation there or equals the bare word.

    >>> _with_punctuation("Friday.", "Monday"), _with_punctuation("(so,", "Well:"), _with_punctuation("So,", "So")
    ('Monday.', '(Well:', 'So')
    """
    before, core, after = _parts(one_line(word))
    own_before, own_core, own_after = _parts(text)
    if not core or not own_core or core == own_core:
        return text
    return f"{own_before or before}{own_core}{own_after or after}"


def _parts(text: str) -> tuple[str, str, str]:
    """Return the punctuation before a text, the text without it, and the punctuation after it."""
    marks = "".join(character for character in set(text) if _is_punctuation(character))
    core = text.strip(marks) if marks else text
    start = text.index(core) if core else len(text)
    return text[:start], core, text[start + len(core) :]


def _is_punctuation(character: str) -> bool:
    """Return whether a character is punctuation around words, and not pronounced like "%"."""
    return unicodedata.category(character).startswith("P") and character not in "%‰&@#*/\\§_"


def _visible(text: str) -> str:
    """Return the text on one line; raises SettingsError if it has no visible character."""
    if line := one_line(text):
        return line
    raise SettingsError("the new text is empty", "To remove words, delete them.")
