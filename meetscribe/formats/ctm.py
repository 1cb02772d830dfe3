"""CTM, a word to the line with its time (NIST sclite): the speaker stands in the field of the channel."""

from __future__ import annotations

from itertools import groupby

from meetscribe.formats.building import Heard, assemble, cut_at_pauses, segment_of_words
from meetscribe.formats.document import Document
from meetscribe.formats.fields import is_number, number_of, rows_of
from meetscribe.formats.speech import as_field, field_names, recording_field
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript, Word

PAUSE: Seconds = 1.0
"""Words further apart are read as two segments."""

_CHANNELS = ("1", "A", "0", "<NA>")
_LINE = "a line is: file channel start duration word [confidence]"


def claims(document: Document) -> bool:
    """Whether the file's first lines are words with times."""
    rows = [row for _, row in rows_of(document.head)][:20]
    return bool(rows) and all(len(row) in (5, 6, 7) and all(map(is_number, row[2:4] + row[5:6])) for row in rows)


def read(document: Document) -> Transcript:
    """The transcript of the words; a speaker's words are a segment until a pause of a second.

    What stands in the field of the channel is the speaker, unless it is 1 or A on every line. Raises InputError
    naming the line.
    """
    heard: list[tuple[str, Heard]] = []
    for number, row in rows_of(document.text):
        place = f"{document.name}, line {number}"
        start, duration = number_of(row, 2, place, _LINE), number_of(row, 3, place, _LINE)
        score = min(1.0, max(0.0, number_of(row, 5, place, _LINE))) if len(row) > 5 else None
        word = Heard(row[4] if len(row) > 4 else "", start, start + max(0.0, duration), probability=score)
        heard.append((row[1], word))
    channels = {channel for channel, _ in heard}
    plain = len(channels) == 1 and channels <= set(_CHANNELS)
    segments: list[Segment] = []
    for channel, run in groupby(sorted(heard, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        speaker = None if plain or channel == "unknown" else channel
        words = [Heard(w.text, w.start, w.end, speaker, None, w.probability) for _, w in run]
        segment = segment_of_words(sorted(words, key=lambda word: word.start or 0.0), 0.0, 0.0)
        segments.extend(cut_at_pauses(segment.words, PAUSE) if segment else ())
    ordered: list[Segment] = sorted(segments, key=lambda segment: segment.start)
    return assemble(ordered)


def write(transcript: Transcript) -> str:
    """A line per word, with its probability where it is known; each speaker is a channel of its name.

    White space in names and words becomes an underscore. Sorted by channel and time, as sclite asks.
    """
    file, fields = recording_field(transcript), field_names(transcript)
    words = transcript.words
    rows = sorted((fields[word.speaker], word.start, index) for index, word in enumerate(words))
    return "".join(f"{file} {channel} {_word(words[index])}\n" for channel, _, index in rows)


def _word(word: Word) -> str:
    score = "" if word.probability is None else f" {word.probability:.4f}"
    return f"{word.start:.3f} {word.duration:.3f} {as_field(word.text, '-')}{score}"
