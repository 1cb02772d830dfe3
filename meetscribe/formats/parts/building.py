"""Build transcripts from the contents of files: text with a span, or words, some of them without times.

Missing information is made explicit: words without times are "interpolated", an unstated language is "und", and a
missing duration is the end of the last word or turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from meetscribe.text import languages
from meetscribe.text.splitting import split_words, spread
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.word_runs import MIN_SINGLE_WORDS, segments_of_words, split_at_pauses, split_into_sentences

_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")

WORD_PAUSE: Seconds = 1.0
"""Longer gaps divide segments in CTM and Transformers' chunks. For lists of words, see `transcript.turns.WORD_GAP`."""


@dataclass(frozen=True, slots=True)
class ParsedWord:
    """A word as read from a file; values missing in the file are None.

    `score` is the score of an alignment, `probability` that of the recogniser.
    """

    text: str
    start: Seconds | None = None
    end: Seconds | None = None
    speaker: str | None = None
    score: float | None = None
    probability: float | None = None


def assemble(
    segments: Iterable[Segment | None],
    language: str | None = None,
    duration: Seconds | None = None,
    recording: str | None = None,
    turns: Iterable[Turn] = (),
) -> Transcript:
    """Build a transcript from segments; None stands for an empty segment and is omitted."""
    spoken = tuple(segment for segment in segments if segment is not None)
    all_turns = tuple(turns)
    last = max([0.0, *(segment.end for segment in spoken), *(turn.end for turn in all_turns)])
    meta = Meta(
        language=language or languages.UNKNOWN,
        duration=last if duration is None else duration,
        recording=RecordingFile(recording) if recording else None,
        turns=all_turns,
    )
    return Transcript(spoken, meta)


def segment_from_text(text: str, start: Seconds, end: Seconds, speaker: str | None = None) -> Segment | None:
    """Split text into words and divide the time among them; None if it has no words.

    >>> [(word.text, word.start, word.timing) for word in segment_from_text("So be it.", 1.0, 2.0).words]
    [('So', 1.0, 'interpolated'), ('be', 1.333, 'interpolated'), ('it.', 1.667, 'interpolated')]
    """
    texts = split_words(text)
    spans = spread(texts, Span(start, max(start, end)))
    words = tuple(
        Word(word, span.start, span.end, timing="interpolated", speaker=speaker)
        for word, span in zip(texts, spans, strict=True)
    )
    return Segment(words) if words else None


def segment_from_starts(
    texts: Sequence[str], starts: Sequence[Seconds | None], span: Span, speaker: str | None = None
) -> Segment | None:
    """Build a segment of words, some with known starts; the starts of the others are interpolated. None without words.

    Each word lasts until the next one, the last until the end of `span`.

    >>> [(w.text, w.start) for w in segment_from_starts(["a", "b", "c"], [None, 2.0, None], Span(1.0, 4.0)).words]
    [('a', 1.0), ('b', 2.0), ('c', 3.0)]
    """
    known = [index for index, start in enumerate(starts) if start is not None]
    words: list[Word] = []
    for first, stop in pairwise([0, *(index for index in known if index), len(texts)]):
        begin, limit = (starts[index] if index < len(texts) else span.end for index in (first, stop))
        begin = max(span.start if begin is None else begin, words[-1].end if words else span.start)
        spans = spread(texts[first:stop], Span(begin, max(begin, limit if limit is not None else span.end)))
        words += [
            Word(
                texts[index],
                part.start,
                part.end,
                "interpolated" if starts[index] is None else "engine",
                speaker=speaker,
            )
            for index, part in enumerate(spans, start=first)
        ]
    return Segment(tuple(words)) if words else None


def segment_from_words(parsed: Iterable[ParsedWord], start: Seconds, end: Seconds) -> Segment | None:
    """Build a segment of words; words without a start divide the time between their neighbours.

    `start` and `end`, in seconds, take the place of a missing neighbour. A word with a start but no end has duration 0.
    None without words.
    """
    kept = [replace(word, text=text) for word in parsed if (text := word.text.strip())]
    words: list[Word] = []
    for known, run in groupby(kept, key=lambda word: word.start is not None):
        if known:
            words.extend(map(_timed, run))
            continue
        missing = list(run)
        after = kept[len(words) + len(missing) :]
        begin = words[-1].end if words else start
        limit = after[0].start if after and after[0].start is not None else end
        spans = spread([word.text for word in missing], Span(begin, max(begin, limit)))
        words.extend(_word(word, span, known=False) for word, span in zip(missing, spans, strict=True))
    return Segment(tuple(words)) if words else None


def segments_from_single_words(segments: Iterable[Segment], pause: Seconds = WORD_PAUSE) -> Iterator[Segment]:
    """Join segments of one word each into sentences of one speaker, divided at gaps longer than `pause`.

    The times of a segment are those of its word, so the words are no longer "interpolated".
    """
    words = [replace(word, timing="engine") for segment in segments for word in segment.words]
    for sentence in split_into_sentences(words):
        yield from split_at_pauses(sentence.words, pause)


def segments_from_word_list(parsed: Iterable[ParsedWord]) -> list[Segment]:
    """Build segments from the words of all speakers, see `segments_of_words`.

    Words without times divide the time between the neighbouring words of their speaker.
    """
    words: list[Word] = []
    for _, run in groupby(sorted(parsed, key=lambda word: word.speaker or ""), key=lambda word: word.speaker):
        spoken = segment_from_words(run, 0.0, 0.0)
        words.extend(spoken.words if spoken else ())
    return segments_of_words(words)


def with_single_words_joined(segments: Iterable[Segment | None]) -> list[Segment]:
    """Return the segments; if there are at least 12, all with a text of one word, return sentences of these words.

    The times of a segment are those of its word, so the words are no longer "interpolated".
    """
    spoken = [segment for segment in segments if segment is not None]
    single = (len(segment.words) == 1 and segment.words[0].timing == "interpolated" for segment in spoken)
    if len(spoken) < MIN_SINGLE_WORDS or not all(single):
        return spoken
    return segments_of_words(replace(word, timing="engine") for segment in spoken for word in segment.words)


def read_speaker(node: Node) -> str | None:
    """Return the speaker of a JSON value, on one line; None for null and for empty text.

    A number becomes the usual label of diarizers: 3 is SPEAKER_03, 12 is SPEAKER_12.
    """
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return f"SPEAKER_{node.value:02d}"
    return one_line(node.optional_text() or "") or None


def read_channel(node: Node) -> str | None:
    """Return the name of a channel from the number or text of a JSON value, CHANNEL_n; None for null."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return f"CHANNEL_{node.value}"
    name = one_line(node.optional_text() or "")
    return f"CHANNEL_{name}" if name else None


def read_time(node: Node, unit: Seconds = 1.0) -> Seconds | None:
    """Return the seconds of a JSON number, or of a number in a string; None for null.

    `unit` is the unit of the number in seconds, such as 0.001 for milliseconds. Times down to -0.1 s become 0. Raises
    InputError for earlier times and for other values.
    """
    if isinstance(node.value, str):
        try:
            node = Node(float(node.value), node.key, node.parent)
        except ValueError:
            node.fail("expected a number")
    value = node.optional_number()
    if value is None:
        return None
    if value * unit < -0.1:
        node.fail(f"a time must not be negative: {value}")
    return max(0.0, value * unit)


def read_clock(node: Node) -> Seconds | None:
    """Return the seconds of a JSON value: a number, or text such as "1.5" or "00:00:01,500"; None for null."""
    if isinstance(node.value, str) and (clock := _CLOCK.fullmatch(node.value.strip())):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    return read_time(node)


def read_probability(node: Node) -> float | None:
    """Return the number of a JSON value, limited to 0 to 1; None for null."""
    value = node.optional_number()
    return None if value is None else min(1.0, max(0.0, value))


def _timed(word: ParsedWord) -> Word:
    """Return the word with its times; the duration is 0 if the end is missing or, as in Whisper, before the start."""
    start = word.start or 0.0
    return _word(word, Span(start, max(start, word.end if word.end is not None else start)), known=True)


def _word(word: ParsedWord, span: Span, known: bool) -> Word:
    timing = "interpolated" if not known else "engine" if word.score is None else "aligned"
    return Word(
        text=word.text,
        start=span.start,
        end=span.end,
        timing=timing,  # type: ignore[arg-type]  # one of the three
        score=word.score,
        speaker=word.speaker,
        probability=word.probability,
    )
