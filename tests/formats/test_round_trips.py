"""A written file reads back as the original, except for what the table of formats says is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from meetscribe.formats import FORMATS, Document, detect_format, read, write
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Turn, merge_turns
from meetscribe.transcript import Char, Meta, RecordingFile, Rename, Segment, Transcript, Word
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

View: TypeAlias = Callable[[Transcript], object]

READ = [name for name, row in FORMATS.items() if row.reads]
BOTH = [name for name in READ if FORMATS[name].writes]

NAMES = {
    "A": "Anna Berg",
    "B": "=cmd|'/C'!A0",
    "C": "Dr: Who",
    "D": "anna",
    "E": "我们",
    "F": "SPEAKER_01",
    "G": "</v><b>",
    "H": '"Ö, Z"; x',
    "I": "von [Ä]",
}
TEXTS = (
    "-->",
    "a-->b",
    "<b>bold</b>",
    "<v",
    "Eve>",
    "&amp;",
    "&",
    "=1+1",
    "-5",
    "- no",
    "'=",
    '"quoted"',
    "it's",
    "Note:",
    "[x]",
    "我们",
    "สวัสดี",
    "שלום",
    "🎉",
    "{\\an8}",
    "\\N",
    "*a*",
    "_a_",
    "`x`",
    "line\nbreak",
    "tab\there",
    "a,b;c",
    ";;",
    "Yes.",
    "No?",
    ".",
    "abcdefghijklmnopqrstuvwxyz" * 3 + "0123456789",  # longer than two lines, which differ
    "#",
    "12",
    "1",
)


@st.composite
def conversations(draw: st.DrawFn) -> Transcript:
    """Draw utterances in sequence, with overlaps, unknown and odd names, mixed segments and odd texts.

    The first speaker is known: with unknown speakers only, some formats take text for a name.
    """
    segments: list[Segment] = []
    time = draw(st.integers(0, 50_000_000))
    for number in range(draw(st.integers(1, 6))):
        speaker = draw(st.sampled_from([*NAMES, None])) if number else "A"
        words = []
        for text in draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6)):
            lasts = draw(st.integers(1, 900))
            words.append(Word(text, time / 1000, (time + lasts) / 1000, speaker=speaker, probability=0.5))
            time += lasts + draw(st.sampled_from([0, 0, 80, 1500]))
        if draw(st.booleans()):
            words.append(Word("mixed", time / 1000, (time + 100) / 1000, speaker="F"))
        segments.append(Segment(tuple(words)))
        time += draw(st.sampled_from([0, 200, -300, 4000]))
        time = max(time, 0)
    source = draw(st.none() | st.just(RecordingFile("my meeting.wav")))
    return Transcript(
        tuple(segments), Meta(draw(st.sampled_from(["en", "de"])), time / 1000 + 9, source, edits=(Rename(NAMES),))
    )


def letters(text: str) -> str:
    """Return the text without white space."""
    return "".join(one_line(text).split())


def name_in(transcript: Transcript, label: str | None) -> str | None:
    return shown_name(transcript, label) or None


def timed_utterances(transcript: Transcript) -> list[tuple[float, float, str | None, str]]:
    """Return the utterances in order of time."""
    rows = [
        (one.start, one.end, speaker_name(transcript, one) or None, letters(one.text)) for one in utterances(transcript)
    ]
    return sorted(rows, key=lambda row: (row[0], row[1], row[3]))


def words(transcript: Transcript) -> list[tuple[float, float, str | None, str]]:
    """Return the words with times and names, in order."""
    return [(word.start, word.end, name_in(transcript, word.speaker), letters(word.text)) for word in transcript.words]


def by_speaker(transcript: Transcript) -> dict[str | None, str]:
    """Return all letters of each speaker, in order of the utterances' starts."""
    return letters_of(transcript, sorted(utterances(transcript), key=lambda one: one.start))


def in_tiers(transcript: Transcript) -> dict[str | None, str]:
    """Return the same; of two utterances with the same start, the shorter comes first."""
    return letters_of(transcript, sorted(utterances(transcript), key=lambda one: (one.start, one.end)))


def letters_of(transcript: Transcript, spoken: list[Segment]) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    for one in spoken:
        name = speaker_name(transcript, one) or None
        found[name] = found.get(name, "") + letters(one.text)
    return found


def paragraph_view(transcript: Transcript) -> list[tuple[float, str | None, str]]:
    """Return the paragraphs: start in tenths, name, letters."""
    return [
        (int(one.start * 10 + 0.5) / 10, speaker_name(transcript, one) or None, letters(one.text))
        for one in paragraphs(transcript)
    ]


def segment_view(transcript: Transcript) -> list[tuple[float, str | None, str]]:
    """Return the segments: start in tenths, name, letters."""
    return [
        (int(one.start * 10 + 0.5) / 10, name_in(transcript, one.speaker), letters(one.text))
        for one in transcript.segments
    ]


def utterance_view(transcript: Transcript) -> list[tuple[float, str | None, str]]:
    """Return the utterances: start in tenths, name, letters."""
    return [
        (int(one.start * 10 + 0.5) / 10, speaker_name(transcript, one) or None, letters(one.text))
        for one in utterances(transcript)
    ]


def with_texts(view: View, change: Callable[[str], str]) -> View:
    """Return a view whose texts pass through a change."""

    def changed(value: object) -> object:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, list | tuple):
            return [changed(inner) for inner in value]
        return {changed(k): changed(v) for k, v in value.items()} if isinstance(value, dict) else value

    return lambda transcript: changed(view(transcript))


def arrows(text: str) -> str:
    """Return the text without the brackets and arrows that SubRip replaces."""
    return re.sub("[-<>{}‹›→]", "", text)


def underscored(text: str) -> str:
    return text.replace(" ", "").replace("_", "").lstrip(";")


def in_any_order(view: Callable[[Transcript], list[tuple[float, float, str | None, str]]]) -> View:
    return lambda transcript: sorted(view(transcript), key=str)


VIEWS: dict[str, View] = {
    "json": lambda transcript: transcript,
    "parquet": lambda transcript: transcript,
    "jsonl": words,
    "whisper": words,
    "whisperx": words,
    "verbose_json": words,
    "ctm": with_texts(in_any_order(words), underscored),
    "csv": timed_utterances,
    "tsv": timed_utterances,
    "stm": with_texts(timed_utterances, lambda text: re.sub("^[<‹]", "", text)),
    "seglst": timed_utterances,
    "diarized_json": timed_utterances,
    "podcast": timed_utterances,
    "audacity": timed_utterances,
    "srt": with_texts(by_speaker, arrows),
    "vtt": by_speaker,
    "ass": by_speaker,
    "ttml": timed_utterances,
    "textgrid": in_tiers,
    "eaf": in_tiers,
    "md": paragraph_view,
    "docx": paragraph_view,
    "txt": utterance_view,
    "rttm": lambda transcript: sorted(transcript.turns),
    "uem": lambda transcript: transcript.duration,
}
"""The view of a transcript that each format carries."""

AGAIN: dict[str, View] = {"md": segment_view, "docx": segment_view}
"""Views of the transcripts read, where a segment read was several segments written."""

LANGUAGE = {"json", "parquet", "jsonl", "whisper", "whisperx", "verbose_json", "vtt", "md"}


def test_every_readable_format_has_its_view() -> None:
    """Every format that is written and read has a view."""
    assert set(VIEWS) == set(BOTH)


@settings(deadline=None, max_examples=15)
@given(transcript=conversations())
def test_round_trip(transcript: Transcript) -> None:
    """A written file is recognised by its content, and read back it holds what its format carries."""
    for name in BOTH:
        note(f"format {name}")
        data = write(transcript, name)
        assert detect_format(Document(data)).name == name
        if name in ("rttm", "docx"):  # tested below, docx with simpler names
            continue
        again = read(data, "-", name)
        assert AGAIN.get(name, VIEWS[name])(again) == VIEWS[name](transcript)
        if name in LANGUAGE:
            assert again.language == transcript.language


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("srt", {"dialogue": True}),
        ("srt", {"names": "always", "preset": "short"}),
        ("vtt", {"dialogue": True, "colors": True}),
        ("vtt", {"highlight": True, "width": 20}),
        ("ass", {"highlight": True}),
    ],
)
@settings(deadline=None, max_examples=12)
@given(transcript=conversations())
def test_round_trip_of_styles(name: str, options: dict[str, object], transcript: Transcript) -> None:
    """In every style of subtitles, each word comes back under its speaker."""
    assert VIEWS[name](read(write(transcript, name, **options), "-")) == VIEWS[name](transcript)


@pytest.mark.parametrize("name", ["docx"])
@settings(deadline=None, max_examples=12)
@given(transcript=conversations())
def test_round_trip_of_plain_names(name: str, transcript: Transcript) -> None:
    """Formats that separate names by a colon only return plain names and texts without colons."""
    plain = {label: f"Speaker {label}" for label in NAMES}
    segments = [
        Segment(tuple(word for word in segment.words if word.text not in ("Note:", "[x]")))
        for segment in transcript.segments
        if any(word.text not in ("Note:", "[x]") for word in segment.words)
    ]
    simple = transcript.with_segments(segments).with_meta(edits=plain)
    if segments:
        again = read(write(simple, name), f"a{FORMATS[name].suffixes[0]}")
        assert AGAIN.get(name, VIEWS[name])(again) == VIEWS[name](simple)


@settings(deadline=None, max_examples=12)
@given(conversations())
def test_round_trip_of_turns(transcript: Transcript) -> None:
    """RTTM returns the turns derived from the words, with underscores for spaces in names."""
    again = read(write(transcript, "rttm"), "-")
    spoken = [
        Turn(word.start, word.end, shown_name(transcript, word.speaker)) for word in transcript.words if word.speaker
    ]
    expected = sorted((turn.start, turn.end, underscored(turn.speaker)) for turn in merge_turns(spoken, 0.5))
    assert sorted((turn.start, turn.end, underscored(turn.speaker)) for turn in again.turns) == expected


def test_whisperx_has_the_characters() -> None:
    """As whisperX does, the segment lists them with spaces, and with times where they are known."""
    timed = Word("No", 0, 1, chars=(Char("N", 0, 0.5, 0.9), Char("o", 0.5, 1)))
    written = write(Transcript((Segment((timed, Word("5", 1, 2))),), Meta("en", 2)), "whisperx")
    (segment,) = json.loads(written)["segments"]
    known = [{"char": "N", "start": 0.0, "end": 0.5, "score": 0.9}, {"char": "o", "start": 0.5, "end": 1.0}]
    assert segment["chars"] == [*known, {"char": " "}, {"char": "5"}]
    assert read(written, "a.whisperx.json").text == "No 5"


@settings(deadline=None, max_examples=10)
@given(transcript=st.from_type(Transcript))
def test_any_transcript_reads_back(transcript: Transcript) -> None:
    """What is written of any transcript is read without an error, and equal if its format loses nothing."""
    for name in BOTH:
        note(f"format {name}")
        again = read(write(transcript, name), f"a{FORMATS[name].suffixes[0]}")
        if FORMATS[name].loses == "nothing":
            assert again == transcript


@pytest.mark.parametrize("name", BOTH)
def test_empty_transcripts(name: str) -> None:
    """A transcript without segments reads back as one; the suffix tells its format."""
    again = read(write(Transcript((), Meta("en", 5)), name), f"a{FORMATS[name].suffixes[0]}")
    assert again.segments == ()


def test_losses_are_stated() -> None:
    """Every format except the lossless ones states what it loses."""
    assert [name for name, row in FORMATS.items() if row.loses == "nothing"] == ["json", "parquet"]
