"""Cues that show a text once per word become one cue, with the times of the words."""

from __future__ import annotations

import pytest

from meetscribe.formats import read, write
from meetscribe.formats.parts.highlighted_cues import merge_highlighted
from meetscribe.formats.parts.parsed_cues import ParsedCue
from meetscribe.transcript import Meta, Segment, Transcript, Word

WHISPERX = """\
1
00:00:00,000 --> 00:00:00,200
[SPEAKER_00]: Hello my friend.

2
00:00:00,200 --> 00:00:00,500
[SPEAKER_00]: <u>Hello</u> my friend.

3
00:00:00,500 --> 00:00:00,700
[SPEAKER_00]: Hello <u>my</u> friend.

4
00:00:00,700 --> 00:00:00,900
[SPEAKER_00]: Hello my friend.

5
00:00:00,900 --> 00:00:01,400
[SPEAKER_00]: Hello my <u>friend.</u>

6
00:00:02,000 --> 00:00:02,300
[SPEAKER_01]: <u>Yes.</u>

7
00:00:02,500 --> 00:00:02,800
[SPEAKER_01]: <u>Yes.</u>

8
00:00:03,000 --> 00:00:03,200
[SPEAKER_00]: <u>In</u> 2027.
"""
"""The layout of whisperX's --highlight_words: a cue between two words has no mark; "2027." has no time."""


@pytest.mark.parametrize("suffix", ["srt", "vtt"])
def test_highlighted_words_of_whisperx(suffix: str) -> None:
    """Each sentence is read once, its words have the times of their cues, and repeated sentences are kept."""
    text = WHISPERX if suffix == "srt" else "WEBVTT\n\n" + WHISPERX.replace(",", ".")
    transcript = read(text.encode(), f"a.{suffix}")
    assert [(one.speaker, one.text) for one in transcript.segments] == [
        ("SPEAKER_00", "Hello my friend."),
        ("SPEAKER_01", "Yes."),
        ("SPEAKER_01", "Yes."),
        ("SPEAKER_00", "In 2027."),
    ]
    assert [(word.start, word.end, word.timing) for word in transcript.words] == [
        (0.2, 0.5, "engine"),
        (0.5, 0.7, "engine"),
        (0.9, 1.4, "engine"),
        (2.0, 2.3, "engine"),
        (2.5, 2.8, "engine"),
        (3.0, 3.2, "engine"),
        (3.2, 3.2, "interpolated"),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_highlighted_words_are_read_back(language: str) -> None:
    """SubRip written with `highlight` has the same words, speakers and times as without edits of the layout."""
    texts = ["(Well,", "well", "well).", "Good", "bye."] if language == "en" else list("我们好我好")
    speakers = ["Anna", "Anna", "Anna", "Ben", "Ben"]
    words = [
        Word(text, float(place), place + 1.0, speaker=speaker)
        for place, (text, speaker) in enumerate(zip(texts, speakers, strict=True))
    ]
    before = Transcript((Segment(tuple(words[:3])), Segment(tuple(words[3:]))), Meta(language, 5.0))
    after = read(write(before, "srt", highlight=True, names="always"), "a.srt")
    assert [(word.text, word.speaker, word.start) for word in after.words] == [
        (word.text, word.speaker, word.start) for word in words
    ]


def test_underlined_emphasis_is_no_highlighting() -> None:
    """In a file in which no text is repeated with another word underlined, equal cues stay."""
    cues = [
        ParsedCue(0.0, 1.0, ("Read <u>this</u> now.",)),
        ParsedCue(1.0, 2.0, ("Stop.",)),
        ParsedCue(2.0, 3.0, ("Stop.",)),
        ParsedCue(3.0, 4.0, ("<u>Stop.</u>",)),
    ]
    merged = merge_highlighted(cues)
    assert [(cue.start, cue.lines, cue.starts) for cue in merged] == [
        (0.0, ("Read this now.",), ()),
        (1.0, ("Stop.",), ()),
        (2.0, ("Stop.",), ()),
        (3.0, ("Stop.",), ()),
    ]


def test_texts_of_two_lines_are_one() -> None:
    """The mark may be on either line, and the lines are kept for names and dialogues."""
    merged = merge_highlighted(
        [ParsedCue(0.0, 1.0, ("<u>One</u> two", "three")), ParsedCue(1.0, 3.0, ("One two", "<u>three</u>"))]
    )
    assert merged == [ParsedCue(0.0, 3.0, ("One two", "three"), (0.0, None, 1.0), (1.0, None, 3.0))]
