"""Files as other programs write them, read as transcripts; what they do not say is stated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import Document, guess, read
from meetscribe.transcript import Transcript


def told(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Who says what, segment after segment."""
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def timed(transcript: Transcript) -> list[tuple[str, float, float, str]]:
    """The words with their times, and how those are known."""
    return [(word.text, word.start, word.end, word.timing) for word in transcript.words]


def of_json(value: Any, name: str = "-") -> Transcript:
    return read(json.dumps(value).encode(), name)


WHISPER = {
    "text": " So be it. No.",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 1.0,
            "end": 2.0,
            "text": " So be it.",
            "tokens": [1],
            "avg_logprob": -0.2,
            "words": [
                {"word": " So", "start": 1.0, "end": 1.2, "probability": 0.9},
                {"word": " be", "start": 1.2, "end": 1.5, "probability": 1.0000001},
                {"word": " it.", "start": 1.5, "end": 1.4, "probability": 0.5},
            ],
        },
        {"id": 1, "seek": 0, "start": 3.0, "end": 4.0, "text": " No.", "tokens": [2]},
    ],
    "language": "en",
}


def test_whisper() -> None:
    """Whisper's words keep times and probabilities; a segment without words shares out its time."""
    transcript = of_json(WHISPER)
    assert guess(Document(json.dumps(WHISPER).encode())).name == "whisper"
    assert timed(transcript) == [
        ("So", 1.0, 1.2, "engine"),
        ("be", 1.2, 1.5, "engine"),
        ("it.", 1.5, 1.5, "engine"),
        ("No.", 3.0, 4.0, "interpolated"),
    ]
    assert [word.probability for word in transcript.words] == [0.9, 1.0, 0.5, None]
    assert (transcript.language, transcript.duration) == ("en", 4.0)


WHISPERX = {
    "segments": [
        {
            "start": 0.5,
            "end": 4.0,
            "text": " It cost 5 € then.",
            "words": [
                {"word": "It", "start": 0.5, "end": 1.0, "score": 0.8, "speaker": "SPEAKER_01"},
                {"word": "cost", "start": 1.0, "end": 2.0, "score": 0.7, "speaker": "SPEAKER_01"},
                {"word": "5"},
                {"word": "€"},
                {"word": "then.", "start": 3.0, "end": 4.0, "score": float("nan"), "speaker": "SPEAKER_00"},
            ],
            "speaker": "SPEAKER_01",
        }
    ],
    "word_segments": [],
    "language": "de",
}


def test_whisperx() -> None:
    """Of whisperX's words those without times lie between their neighbours, and have their segment's speaker."""
    transcript = of_json(WHISPERX)
    assert guess(Document(json.dumps(WHISPERX).encode())).name == "whisperx"
    assert timed(transcript) == [
        ("It", 0.5, 1.0, "aligned"),
        ("cost", 1.0, 2.0, "aligned"),
        ("5", 2.0, 2.5, "interpolated"),
        ("€", 2.5, 3.0, "interpolated"),
        ("then.", 3.0, 4.0, "engine"),
    ]
    assert [word.speaker for word in transcript.words] == ["SPEAKER_01"] * 4 + ["SPEAKER_00"]
    assert transcript.language == "de"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"segments": [{"start": "0", "end": 1, "text": "a"}]}, r"segments\[0\]\.start: expected a number"),
        ({"segments": [{"start": -5, "end": 1, "text": "a"}]}, r"segments\[0\]\.start: a time must not be negative"),
        ({"segments": {}}, "segments: expected a list"),
        ({"segments": [{"start": 0, "end": 1, "text": 7}]}, r"segments\[0\]\.text: expected text"),
    ],
)
def test_wrong_json_is_named(wrong: dict[str, Any], message: str) -> None:
    """A value that cannot be is refused with its place."""
    with pytest.raises(InputError, match=message):
        of_json(wrong)


SRT = """\
1
00:00:01,000 --> 00:00:03,000
Anna Berg: Good <i>morning</i>,
everybody.

2
00:00:03,500 --> 00:00:04,000
three points: the budget

3
00:00:04,000 --> 00:00:05,000 X1:40 Y1:20
[SPEAKER_01]: {\\an8}Fine.

4
00:00:05,000 --> 00:00:06,000
?: Hm.

5
00:00:06,000 --> 00:00:08,000
- Ja.
- Neinja.
"""


@pytest.mark.parametrize("text", [SRT, SRT.replace("\n", "\r\n"), "\ufeff" + SRT])
def test_srt(text: str) -> None:
    """SubRip names speakers by colon or bracket until the next; marks are dropped; dashes are two speakers."""
    transcript = read(text.encode(), "-")
    assert told(transcript) == [
        ("Anna Berg", "Good morning, everybody."),
        ("Anna Berg", "three points: the budget"),
        ("SPEAKER_01", "Fine."),
        (None, "Hm."),
        (None, "Ja."),
        (None, "Neinja."),
    ]
    assert [(segment.start, segment.end) for segment in transcript.segments][-2:] == [(6.0, 6.5), (6.5, 8.0)]
    assert {word.timing for word in transcript.words} == {"interpolated"}
    assert transcript.language == "und"


def test_srt_in_utf_16() -> None:
    """A file in UTF-16 that says so is read as well."""
    assert told(read(SRT.encode("utf-16"), "a.srt"))[0] == ("Anna Berg", "Good morning, everybody.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n00:00:03,000 --> 00:00:02,000\nNo.\n", r"^m\.srt, line 1: the cue ends before it starts"),
        ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:xx --> 00:00:02,000\nB\n", r"^m\.srt, line 5: expected the"),
        ("hello\n", r"^m\.srt, line 1: expected the times"),
    ],
)
def test_wrong_srt_is_named(text: str, message: str) -> None:
    """A cue that cannot be is refused with its line."""
    with pytest.raises(InputError, match=message):
        read(text.encode(), "m.srt")


VTT = """\
WEBVTT - made by hand
Kind: captions
Language: de

STYLE
::cue { color: red }

NOTE a note
of two lines

7f/12-0
00:01.000 --> 00:03.000 align:start
<v.loud Anna &amp; Co>Guten <i>Morgen</i> &lt;b&gt;</v>
<v Ben>zwei</v>

00:03.000 --> 00:04.000
niemand

00:04.000 --> 00:06.000
<v Cem>eins <00:05.000>zwei <00:05.500><c>drei</c>
"""


def test_vtt() -> None:
    """WebVTT has its voices, several in a cue too, its references, its language and the times inside cues."""
    transcript = read(VTT.encode(), "-")
    assert told(transcript) == [
        ("Anna & Co", "Guten Morgen <b>"),
        ("Ben", "zwei"),
        (None, "niemand"),
        ("Cem", "eins zwei drei"),
    ]
    assert timed(transcript)[-3:] == [
        ("eins", 4.0, 5.0, "interpolated"),
        ("zwei", 5.0, 5.5, "engine"),
        ("drei", 5.5, 6.0, "engine"),
    ]
    assert transcript.language == "de"


def test_an_open_voice_holds() -> None:
    """A voice that is not closed is the speaker of the cues after it, as podcasts write it."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>One\n\n00:02.000 --> 00:03.000\ntwo.\n"
    assert told(read(text.encode(), "-")) == [("Anna", "One"), ("Anna", "two.")]


def test_vtt_without_voices() -> None:
    """Without voices, names before colons are the speakers, as conference systems write it."""
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnna Berg: One &amp; only\n"
    assert told(read(text.encode(), "-")) == [("Anna Berg", "One & only")]


def test_txt() -> None:
    """Plain text is read by its times, each line until the next; what has no time goes on with the line before."""
    transcript = read(b"[0:00:01.5] Anna: Good morning.\n[0:00:02.5] Hm.\nWell.\n[1:00] Ben: Ten\n", "-")
    assert told(transcript) == [("Anna", "Good morning."), (None, "Hm. Well."), ("Ben", "Ten")]
    assert [(segment.start, segment.end) for segment in transcript.segments] == [(1.5, 2.5), (2.5, 60.0), (60.0, 60.21)]
    with pytest.raises(InputError, match=r"^a\.txt, line 2: no time"):
        read(b"\nhello\n", "a.txt")


def test_rttm() -> None:
    """RTTM gives a transcript that knows its turns and no words."""
    transcript = read(b"SPEAKER m 1 0.5 1.5 <NA> <NA> Anna <NA> <NA>\n", "-")
    assert (transcript.segments, len(transcript.turns), transcript.duration) == ((), 1, 2.0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no format that is known"),
        (b"{}", "no format that is known"),
        (b"Hello there.", "no format that is known"),
        (b"\x00\x01\xff", "no format that is known"),
        (b'{"segments": [', "no format that is known"),
    ],
)
def test_unknown_files_are_refused(data: bytes, message: str) -> None:
    """What is of no known format is refused, naming those that are read."""
    with pytest.raises(InputError, match=message) as caught:
        read(data, "-")
    assert "whisperx" in caught.value.remedy


def test_content_goes_before_the_suffix() -> None:
    """A file with another suffix is read as what it is; a named format is not guessed."""
    assert told(read(VTT.encode(), "m.srt")) == told(read(VTT.encode(), "m.vtt"))
    with pytest.raises(InputError):
        read(VTT.encode(), "m.vtt", "srt")
    with pytest.raises(SettingsError, match="did you mean 'vtt'"):
        read(SRT.encode(), "m.srt", "vtx")
