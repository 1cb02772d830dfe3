"""Files as other programs write them, read as transcripts; missing information is explicit."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import FORMATS, Document, detect_format, read, write
from meetscribe.formats.converting import format_by_suffix
from meetscribe.timeline import Turn
from meetscribe.transcript import Transcript
from tests.formats.goldens import meeting, path_of


def turns_of_text(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the speaker and text of each segment."""
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def timed_words(transcript: Transcript) -> list[tuple[str, float, float, str]]:
    """Return the words with their times and timing sources."""
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
    """Whisper's words keep times and probabilities; a segment without words divides its time."""
    transcript = of_json(WHISPER)
    assert detect_format(Document(json.dumps(WHISPER).encode())).name == "whisper"
    assert timed_words(transcript) == [
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
    """whisperX's words without times lie between their neighbours and have their segment's speaker."""
    transcript = of_json(WHISPERX)
    assert detect_format(Document(json.dumps(WHISPERX).encode())).name == "whisperx"
    assert timed_words(transcript) == [
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
        ({"segments": [{"start": "soon", "end": 1, "text": "a"}]}, r"segments\[0\]\.start: expected a number"),
        ({"segments": [{"start": -5, "end": 1, "text": "a"}]}, r"segments\[0\]\.start: a time must not be negative"),
        ({"segments": {}}, "segments: expected a list"),
        ({"segments": [{"start": 0, "end": 1, "text": 7}]}, r"segments\[0\]\.text: expected text"),
    ],
)
def test_invalid_json_is_refused(wrong: dict[str, Any], message: str) -> None:
    """An invalid value is refused with its place."""
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
    """Names in SubRip hold until the next name; tags are dropped; dashes separate two speakers."""
    transcript = read(text.encode(), "-")
    assert turns_of_text(transcript) == [
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
    """A file in UTF-16 with a byte order mark is read."""
    assert turns_of_text(read(SRT.encode("utf-16"), "a.srt"))[0] == ("Anna Berg", "Good morning, everybody.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n00:00:03,000 --> 00:00:02,000\nNo.\n", r"^m\.srt, line 2: the cue ends before it starts"),
        ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:xx --> 00:00:02,000\nB\n", r"^m\.srt, line 6: invalid times"),
    ],
)
def test_invalid_cues_are_reported(text: str, message: str) -> None:
    """The words of an invalid cue are kept, and a notice names its line."""
    transcript = read(text.encode(), "m.srt")
    assert transcript.text == "".join(line for line in text.splitlines(keepends=True) if line[0].isalpha()).strip()
    (notice,) = transcript.meta.notices
    assert re.match(message, notice.text)


def test_text_is_not_srt() -> None:
    """Text without cues is refused with its line."""
    with pytest.raises(InputError, match=r"^m\.srt, line 1: expected the times"):
        read(b"hello\n", "m.srt")


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
    """WebVTT voices, several in a cue, character references, language and timestamps within cues are read."""
    transcript = read(VTT.encode(), "-")
    assert turns_of_text(transcript) == [
        ("Anna & Co", "Guten Morgen <b>"),
        ("Ben", "zwei"),
        (None, "niemand"),
        ("Cem", "eins zwei drei"),
    ]
    assert timed_words(transcript)[-3:] == [
        ("eins", 4.0, 5.0, "interpolated"),
        ("zwei", 5.0, 5.5, "engine"),
        ("drei", 5.5, 6.0, "engine"),
    ]
    assert transcript.language == "de"


def test_unclosed_voices_hold() -> None:
    """An unclosed voice is the speaker of the following cues, as podcasts write it."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>One\n\n00:02.000 --> 00:03.000\ntwo.\n"
    assert turns_of_text(read(text.encode(), "-")) == [("Anna", "One"), ("Anna", "two.")]


def test_vtt_without_voices() -> None:
    """Without voices, names before colons are the speakers, as conference systems write it."""
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnna Berg: One &amp; only\n"
    assert turns_of_text(read(text.encode(), "-")) == [("Anna Berg", "One & only")]


def test_repeated_lines_of_voices_are_kept() -> None:
    """In a file with voice spans, a cue that starts with the line before it is no rolling caption."""
    lines = ["<v Anna>no\nno</v>", "<v Anna>no\nno</v>", "<v Anna>no\nyes</v>"]
    cues = [f"00:0{index}.000 --> 00:0{index + 1}.000\n{text}\n" for index, text in enumerate(lines)]
    transcript = read("\n".join(["WEBVTT\n", *cues]).encode(), "-")
    assert turns_of_text(transcript) == [("Anna", "no no"), ("Anna", "no no"), ("Anna", "no yes")]


@pytest.mark.parametrize(("channel", "speaker"), [(1, "CHANNEL_1"), ([1, 2], "CHANNEL_1"), ([], None), (None, None)])
def test_deepgram_channels(channel: object, speaker: str | None) -> None:
    """An utterance's channel is a number, or a list that starts with it; a channel that is not text is refused."""
    utterance = {"start": 0.0, "end": 1.0, "transcript": "Hi.", "channel": channel}
    channels: list[object] = [{"alternatives": []}, {"alternatives": []}]
    assert turns_of_text(of_json({"results": {"channels": channels, "utterances": [utterance]}})) == [(speaker, "Hi.")]
    with pytest.raises(InputError, match=r"results\.utterances\[0\]\.channel"):
        of_json({"results": {"channels": channels, "utterances": [{**utterance, "channel": "\ud800"}]}})


def test_txt() -> None:
    """Plain text is read by its times, each line until the next; a line without a time continues the one before."""
    transcript = read(b"[0:00:01.5] Anna: Good morning.\n[0:00:02.5] Hm.\nWell.\n[1:00] Ben: Ten\n", "-")
    assert turns_of_text(transcript) == [("Anna", "Good morning."), (None, "Hm. Well."), ("Ben", "Ten")]
    assert [(segment.start, segment.end) for segment in transcript.segments] == [(1.5, 2.5), (2.5, 60.0), (60.0, 60.21)]
    with pytest.raises(InputError, match=r"^a\.txt, line 2: no time"):
        read(b"\nhello\n", "a.txt")


def test_console_output_of_whisper() -> None:
    """Whisper's console output has ends, too."""
    transcript = read(b"[00:01.000 --> 00:03.500]  Good morning.\n[01:00:00.000 --> 01:00:01.000]  Hm.\n", "-")
    assert [(one.start, one.end, one.text) for one in transcript.segments] == [
        (1.0, 3.5, "Good morning."),
        (3600.0, 3601.0, "Hm."),
    ]


def test_rttm() -> None:
    """RTTM gives a transcript with turns and without words."""
    transcript = read(b"SPEAKER m 1 0.5 1.5 <NA> <NA> Anna <NA> <NA>\n", "-")
    assert (transcript.segments, len(transcript.turns), transcript.duration) == ((), 1, 2.0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{}", "unknown format"),
        (b"Hello there.", "unknown format"),
        (b'{"segments": [', "unknown format"),
    ],
)
def test_unknown_files_are_refused(data: bytes, message: str) -> None:
    """A file of an unknown format is refused with the formats that are read."""
    with pytest.raises(InputError, match=message) as caught:
        read(data, "-")
    assert "whisperx" in caught.value.remedy


def test_a_recording_is_refused_with_the_command_that_transcribes_it() -> None:
    with pytest.raises(InputError, match="binary file") as caught:
        read(b"\x00\x01\xff", "talk.mp3")
    assert "meetscribe run talk.mp3" in caught.value.remedy


def test_content_precedes_the_suffix() -> None:
    """A file with another suffix is read by its content; a given format is not overruled."""
    assert turns_of_text(read(VTT.encode(), "m.srt")) == turns_of_text(read(VTT.encode(), "m.vtt"))
    with pytest.raises(InputError):
        read(VTT.encode(), "m.vtt", "srt")
    with pytest.raises(SettingsError, match="did you mean 'vtt'"):
        read(SRT.encode(), "m.srt", "vtx")


VERBOSE: dict[str, Any] = {
    "task": "transcribe",
    "language": "german",
    "duration": 5.5,
    "text": "Guten Morgen. Ja, gut.",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Guten Morgen.", "tokens": [1]},
        {"id": 1, "seek": 0, "start": 2.0, "end": 5.0, "text": " Ja, gut.", "tokens": [2]},
    ],
    "words": [
        {"word": "Guten", "start": 0.25, "end": 0.5},
        {"word": "Morgen", "start": 0.5, "end": 1.5},
        {"word": "Ja", "start": 2.5, "end": 3.0},
        {"word": "gut", "start": 4.0, "end": 4.5},
    ],
}


def test_verbose_json() -> None:
    """The times of verbose_json's bare words are assigned to the text's words, which have punctuation."""
    transcript = of_json(VERBOSE)
    assert timed_words(transcript) == [
        ("Guten", 0.25, 0.5, "engine"),
        ("Morgen.", 0.5, 1.5, "engine"),
        ("Ja,", 2.5, 3.0, "engine"),
        ("gut.", 4.0, 4.5, "engine"),
    ]
    assert [segment.text for segment in transcript.segments] == ["Guten Morgen.", "Ja, gut."]
    assert (transcript.language, transcript.duration) == ("de", 5.5)


def test_verbose_json_whose_words_differ() -> None:
    """Words that differ from the text are used as they are, in the segment in which they start."""
    words = [{"word": "Gute", "start": 0.25, "end": 0.5}, {"word": "Ja", "start": 2.5, "end": 3.0}]
    transcript = of_json({**VERBOSE, "words": words})
    assert [[word.text for word in segment.words] for segment in transcript.segments] == [["Gute"], ["Ja"]]


def test_verbose_json_without_words_or_segments() -> None:
    """Without words, segments divide their time; without segments, the words form one."""
    assert {word.timing for word in of_json({**VERBOSE, "words": None}).words} == {"interpolated"}
    assert len(of_json({**VERBOSE, "segments": None}).segments) == 1


def test_diarized_json() -> None:
    """OpenAI's diarized_json has speakers and segments; ? is an unknown speaker."""
    row = {"type": "transcript.text.segment", "id": "seg_001", "start": 0.0, "end": 2.0, "text": "Hi there."}
    rows = [{**row, "speaker": "agent"}, {**row, "start": 2.0, "end": 3.0, "speaker": "?"}]
    transcript = of_json({"task": "transcribe", "duration": 4.0, "text": "", "segments": rows, "usage": {}})
    assert turns_of_text(transcript) == [("agent", "Hi there."), (None, "Hi there.")]
    assert transcript.duration == 4.0


def deepgram_word(text: str, start: float, **more: Any) -> dict[str, Any]:
    return {
        "word": text.lower(),
        "punctuated_word": text,
        "start": start,
        "end": start + 0.5,
        "confidence": 0.9,
        **more,
    }


def test_deepgram() -> None:
    """Deepgram's words have punctuation, confidence and numbered speakers, and divide at speakers and sentences."""
    words = [
        deepgram_word("Hello", 0.0, speaker=0),
        deepgram_word("there.", 0.5, speaker=0),
        deepgram_word("You", 1.0, speaker=0),
        deepgram_word("Me?", 2.0, speaker=1),
    ]
    alternative = {"transcript": "", "confidence": 0.9, "words": words}
    channels = [{"alternatives": [alternative], "detected_language": "en"}]
    document: dict[str, Any] = {"metadata": {"duration": 3.5, "channels": 1}, "results": {"channels": channels}}
    transcript = of_json(document)
    assert turns_of_text(transcript) == [("SPEAKER_00", "Hello there."), ("SPEAKER_00", "You"), ("SPEAKER_01", "Me?")]
    assert (transcript.language, transcript.duration) == ("en", 3.5)
    assert {word.probability for word in transcript.words} == {0.9}
    document["results"]["utterances"] = [{"start": 0, "end": 3, "channel": 0, "words": words[3:]}]
    assert turns_of_text(of_json(document)) == [("SPEAKER_01", "Me?")]


def test_deepgram_of_channels() -> None:
    """Of several channels without speakers, each is a speaker; segments are in order of time."""
    channels = [
        {"alternatives": [{"words": [deepgram_word("One.", 0.0), deepgram_word("Three.", 4.0)]}]},
        {"alternatives": [{"words": [deepgram_word("Two.", 2.0)]}]},
    ]
    transcript = of_json({"metadata": {}, "results": {"channels": channels}})
    assert turns_of_text(transcript) == [("CHANNEL_0", "One."), ("CHANNEL_1", "Two."), ("CHANNEL_0", "Three.")]


def test_assemblyai() -> None:
    """AssemblyAI's times are milliseconds; utterances precede words, whose speakers may be unknown."""
    words = [
        {"text": "Smoke", "start": 250, "end": 650, "confidence": 0.97, "speaker": "A"},
        {"text": "it.", "start": 730, "end": 1022, "confidence": 0.99, "speaker": None},
    ]
    utterance = {"text": "Smoke it.", "start": 250, "end": 1022, "speaker": "A", "words": words[:1]}
    document = {
        "id": "x",
        "language_code": "en_us",
        "audio_duration": 2,
        "text": "",
        "words": words,
        "utterances": None,
    }
    transcript = of_json(document)
    assert turns_of_text(transcript) == [("A", "Smoke"), (None, "it.")]
    assert timed_words(transcript)[0] == ("Smoke", 0.25, 0.65, "engine")
    assert (transcript.language, transcript.duration) == ("en-us", 2.0)
    assert turns_of_text(of_json({**document, "utterances": [utterance]})) == [("A", "Smoke")]
    assert turns_of_text(of_json({**document, "utterances": [{**utterance, "words": None}]})) == [("A", "Smoke it.")]


def test_words_in_seconds_are_not_assemblyai() -> None:
    """Whatever other members name the language or the duration."""
    words = [{"text": "Hi", "start": 0.25, "end": 0.5}, {"text": "there.", "start": 0.5, "end": 1.25}]
    transcript = of_json({"language_code": "en", "audio_duration": 2.0, "words": words})
    assert timed_words(transcript)[-1] == ("there.", 0.5, 1.25, "engine")


WORD_ROWS = [
    {"start": 0, "end": 0.5, "speaker": "A", "word": "Hi"},
    {"start": 0.5, "end": 1.25, "speaker": "A", "word": "there."},
    {"start": 0.75, "end": 1.5, "speaker": "B", "word": "Yes."},
]


def with_member(name: str) -> list[dict[str, Any]]:
    """Return `WORD_ROWS` with that name for the member `word`."""
    return [{name if key == "word" else key: value for key, value in row.items()} for row in WORD_ROWS]


@pytest.mark.parametrize("name", ["word", "text"])
@pytest.mark.parametrize(
    "others", [{}, {"uri": "x", "source": "AMI"}, {"duration": 2.0}, {"confidence": 0.9}, {"text": "Hi there. Yes."}]
)
def test_lists_of_words(name: str, others: dict[str, Any]) -> None:
    """Plain words in seconds keep their times and speakers, whatever else the file states."""
    rows = [{**row, **others} for row in with_member(name)] if "confidence" in others else with_member(name)
    transcript = of_json({**others, "words": rows}, "a.json")
    assert turns_of_text(transcript) == [("A", "Hi there."), ("B", "Yes.")]
    assert timed_words(transcript)[1:] == [("there.", 0.5, 1.25, "engine"), ("Yes.", 0.75, 1.5, "engine")]


def test_lists_of_words_alone() -> None:
    """A list without an object around it is read too; texts of one word are words from twelve on."""
    assert turns_of_text(of_json(WORD_ROWS)) == [("A", "Hi there."), ("B", "Yes.")]
    many = [
        {**row, "start": row["start"] + 2 * n, "end": row["end"] + 2 * n}
        for n in range(4)
        for row in with_member("text")
    ]
    lines = "\n".join(map(json.dumps, many)).encode()
    for transcript in (of_json(many), read(lines, "a.jsonl")):
        assert turns_of_text(transcript) == [("A", "Hi there."), ("B", "Yes.")] * 4
        assert {word.timing for word in transcript.words} == {"engine"}


@pytest.mark.parametrize("key", ["turns", "segments"])
@pytest.mark.parametrize("others", [{}, {"duration": 2.0}, {"task": "transcribe", "duration": 2.0}])
def test_lists_of_words_with_turns(key: str, others: dict[str, Any]) -> None:
    """Spans without text are turns, and do not hide the words."""
    transcript = of_json({**others, "words": WORD_ROWS, key: [{"start": 0, "end": 1.25, "speaker": "A"}]})
    assert [word.text for word in transcript.words] == ["Hi", "there.", "Yes."]
    assert transcript.turns == (() if "task" in others else (Turn(0.0, 1.25, "A"),))


def test_lists_of_words_of_unknown_layout() -> None:
    """Words with other members, and the words of a known service, are refused rather than read as silence."""
    with pytest.raises(InputError, match="JSON in an unknown format, with the members duration, words"):
        of_json({"duration": 2.0, "words": [{"token": "Hi", "start": 0}]}, "a.json")
    with pytest.raises(InputError, match="JSON in an unknown format, with the members segments"):
        of_json({"segments": [{"start": 0, "end": 1, "speaker": "A"}]}, "a.json")
    word = {"text": "Hi", "start": 0, "end": 0.5, "type": "word", "speaker_id": "speaker_0"}
    with pytest.raises(InputError, match="JSON of ElevenLabs, which is not read"):
        of_json({"language_code": "en", "language_probability": 1, "text": "Hi", "words": [word]}, "a.json")
    with pytest.raises(InputError, match=r"words\[1\]\.start: missing"):
        of_json({"words": [WORD_ROWS[0], {"word": "x"}]})


def test_pyannoteai() -> None:
    """pyannoteAI's job has turns, words with speakers, and names from speaker identification."""
    turns = [{"start": 0.0, "end": 2.0, "speaker": "SPEAKER_00"}]
    words = [
        {"text": "Good", "start": 0.0, "end": 0.5, "speaker": "SPEAKER_00"},
        {"text": "day.", "start": 0.5, "end": 1.0, "speaker": "SPEAKER_00"},
        {"text": "Yes", "start": 1.0, "end": 2.0, "speaker": "SPEAKER_01"},
    ]
    output: dict[str, Any] = {"diarization": turns, "exclusiveDiarization": turns, "wordLevelTranscription": words}
    transcript = of_json({"jobId": "x", "status": "succeeded", "output": output})
    assert turns_of_text(transcript) == [("SPEAKER_00", "Good day."), ("SPEAKER_01", "Yes")]
    assert transcript.turns == transcript.exclusive == (Turn(0.0, 2.0, "SPEAKER_00"),)
    text = [{"text": "Good day.", "start": 0.0, "end": 1.0, "speaker": "SPEAKER_00"}]
    named = [{"start": 0.0, "end": 2.0, "speaker": "Anna"}]
    transcript = of_json({"diarization": turns, "turnLevelTranscription": text, "identification": named})
    assert turns_of_text(transcript) == [("SPEAKER_00", "Good day.")]
    assert transcript.turns == (Turn(0.0, 2.0, "Anna"),)


def test_known_file_names() -> None:
    """A file named chapters.json is one of chapters, which cannot be read as a transcript."""
    assert format_by_suffix("out/chapters.json") is FORMATS["chapters"]
    assert format_by_suffix("out/my-chapters.json") is FORMATS["json"]


def test_podcast() -> None:
    """The podcast namespace's segments may lack ends and speakers, and may be single words."""
    rows = [{"speaker": "Luke", "startTime": 1, "body": "No way."}, {"startTime": 3, "endTime": 4, "body": "Well."}]
    transcript = of_json({"version": "1.0.0", "segments": rows})
    assert turns_of_text(transcript) == [("Luke", "No way."), (None, "Well.")]
    assert transcript.segments[0].end == 3.0
    single = [
        {"speaker": "Vader", "startTime": place / 2, "endTime": place / 2 + 0.25, "body": body}
        for place, body in enumerate("No. I am your father. Search your feelings, you know it. Join me.".split())
    ]
    luke = {"speaker": "Luke", "startTime": 9, "endTime": 9.5, "body": "Nooooo"}
    transcript = of_json({"version": "1.0.0", "segments": [*single, luke]})
    assert turns_of_text(transcript)[1:3] == [
        ("Vader", "I am your father."),
        ("Vader", "Search your feelings, you know it."),
    ]
    assert turns_of_text(transcript)[-1] == ("Luke", "Nooooo")
    assert {word.timing for word in transcript.words} == {"engine"}


def test_tables() -> None:
    """Tables with semicolons, decimal commas, clock times and other titles are read; TSV may be in milliseconds."""
    text = "id;Start;End;Speaker;Text\n1;0,5;1,5;Anna;Hi there.\n2;00:00:02,000;0:03;;Hm.\n"
    transcript = read(text.encode(), "-")
    assert turns_of_text(transcript) == [("Anna", "Hi there."), (None, "Hm.")]
    assert [(one.start, one.end) for one in transcript.segments] == [(0.5, 1.5), (2.0, 3.0)]
    whisper = read(b"start\tend\ttext\n500\t1500\tHi there.\n", "-")
    assert [(one.start, one.end) for one in whisper.segments] == [(0.5, 1.5)]
    with pytest.raises(InputError, match=r"^a\.csv, line 3: end must be a time, not 'x'"):
        read(b"start,end,text\n0,1,a\n0,x,b\n", "a.csv")
    with pytest.raises(InputError, match="line 1: missing column text"):
        read(b"start,end\n0,1\n", "a.csv")


def test_words_in_tables() -> None:
    """Tables of words keep each word's times."""
    transcript = of_json(WHISPERX)
    for name in ("csv", "tsv"):
        again = read(write(transcript, name, level="word"), "-")
        assert [row[:3] for row in timed_words(again)] == [row[:3] for row in timed_words(transcript)]
        assert [len(segment.words) for segment in again.segments] == [5]
    assert write(transcript, "csv", excel=True).startswith(b"\xef\xbb\xbfstart,")
    assert len(read(write(transcript, "csv", excel=True), "-").words) == 5


def test_words_in_tables_of_other_programs() -> None:
    """A column `word` holds the words of a speaker; of a column `text`, twelve rows or more of one word do."""
    rows = [f"{row['start']},{row['end']},{row['speaker']},{row['word']}\n" for row in WORD_ROWS]
    transcript = read(("start,end,speaker,word\n" + "".join(rows)).encode(), "a.csv")
    assert turns_of_text(transcript) == [("A", "Hi there."), ("B", "Yes.")]
    assert timed_words(transcript)[-1] == ("Yes.", 0.75, 1.5, "engine")
    for count, timing in ((1, "interpolated"), (4, "engine")):
        transcript = read(("start,end,speaker,text\n" + "".join(rows * count)).encode(), "a.csv")
        assert {word.timing for word in transcript.words} == {timing}


def test_tables_with_texts_and_words() -> None:
    """The words are in the column `word`, unless it numbers those in `text`."""
    numbered = "text,word,start,end,speaker\nHi,0,0,0.5,A\nthere.,1,0.5,1,A\n"
    assert turns_of_text(read(numbered.encode(), "a.csv")) == [("A", "Hi there.")]
    both = "text,word,start,end,speaker\nHi 2.,Hi,0,0.5,A\nHi 2.,2.,0.5,1,A\n"
    transcript = read(both.encode(), "a.csv")
    assert turns_of_text(transcript) == [("A", "Hi 2.")]
    assert timed_words(transcript)[0] == ("Hi", 0.0, 0.5, "engine")


def test_jsonl() -> None:
    """JSON Lines are read with our words, whisperX's or none; an error names its line."""
    lines = [
        {"start": 0, "end": 1, "speaker": 1, "text": "Hi there."},
        {"start": 1, "end": 2, "text": "You.", "words": [{"word": "You.", "start": 1, "end": 2}], "language": "de"},
    ]
    transcript = read("\n".join(map(json.dumps, lines)).encode(), "-")
    assert turns_of_text(transcript) == [("SPEAKER_01", "Hi there."), (None, "You.")]
    assert transcript.language == "de"
    with pytest.raises(InputError, match=r"^a\.jsonl, line 2: not a JSON object"):
        read(b'{"start": 0, "end": 1, "text": "a"}\n[1]\n', "a.jsonl")
    with pytest.raises(InputError, match=r"^a\.jsonl, line 1: words\[0\]: timing must be one of"):
        read(b'{"start": 0, "words": [{"text": "a", "start": 0, "end": 1, "timing": "x"}]}', "a.jsonl")


def test_research() -> None:
    """STM with labels and CTM with one channel are read; an error names its line."""
    stm = b';; CATEGORY "0" ""\nm 1 Anna_Berg 0.5 1.5 <o,f0,male> good morning\nm 1 B 1.5 2 yes\n'
    assert turns_of_text(read(stm, "-")) == [("Anna_Berg", "good morning"), ("B", "yes")]
    ctm = b"m 1 0.5 0.5 good 0.9\nm 1 1.0 0.5 morning\nm 1 4.0 0.5 yes 0.8\n"
    assert turns_of_text(read(ctm, "-")) == [(None, "good morning"), (None, "yes")]
    assert [word.probability for word in read(ctm, "-").words] == [0.9, None, 0.8]
    with pytest.raises(InputError, match=r"^a\.stm, line 1: field 4 must be a number"):
        read(b"m 1 A zero 1 words", "a.stm")
    seglst = [{"session_id": "m", "speaker": "A B", "start_time": "1.50", "end_time": 2, "words": "good day"}]
    assert turns_of_text(of_json(seglst)) == [("A B", "good day")]
    with pytest.raises(InputError, match="several sessions: m, n"):
        of_json([*seglst, {**seglst[0], "session_id": "n"}])


def test_textgrid_of_an_aligner() -> None:
    """Tiers of words only, as aligners write them, are divided at pauses; phones are skipped."""
    tier = '        class = "IntervalTier"\n        name = "{}"\n        xmin = 0\n        xmax = 3\n'
    words = tier.format("anna - words") + '        intervals: size = 4\n0 0.5 "good" 0.5 1 "day" 1 2 "" 2 3 "yes"\n'
    phones = tier.format("anna - phones") + '        intervals: size = 1\n0 3 "AH"\n'
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 3\ntiers? <exists>\nsize = 2\n'
    transcript = read((head + words + phones).encode(), "-")
    assert turns_of_text(transcript) == [("anna", "good day"), ("anna", "yes")]
    assert timed_words(transcript)[0] == ("good", 0.0, 0.5, "engine")
    for broken in (head + words, head, head + words + phones.replace("0 3", "0 x")):
        with pytest.raises(InputError):
            read(broken.encode(), "a.TextGrid")


def test_hostile_files_are_refused() -> None:
    """Broken XML, expanding entities and deeply nested JSON raise InputError."""
    entities = "".join(f'<!ENTITY e{n + 1} "' + f"&e{n};" * 50 + '">' for n in range(8))
    head = "<!DOCTYPE a [<!ENTITY e0 '" + "x" * 1000 + f"'>{entities}]>"
    bomb = f"{head}<ANNOTATION_DOCUMENT>&e8;</ANNOTATION_DOCUMENT>"
    for text in ("<ANNOTATION_DOCUMENT", "<ANNOTATION_DOCUMENT><a></ANNOTATION_DOCUMENT>", bomb, "[" * 100_000):
        with pytest.raises(InputError):
            read(text.encode(), "a.eaf")


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if row.reads and row.writes])
def test_damage_never_escapes(name: str) -> None:
    """A file with bytes replaced either reads or ends in InputError, in every format."""
    whole = path_of("meeting", name).read_bytes() if FORMATS[name].package is None else write(meeting(), name)

    @settings(deadline=None, max_examples=10)
    @given(start=st.integers(0, len(whole)), removed=st.integers(0, 40), inserted=st.binary(max_size=4))
    def check(start: int, removed: int, inserted: bytes) -> None:
        damaged = whole[:start] + inserted + whole[start + removed :]
        try:
            assert isinstance(read(damaged, f"a{FORMATS[name].suffixes[0]}", name), Transcript)
        except InputError:
            return

    check()
