"""What programs make of the formats in real life: their dialects, as they are found in their users' files."""

from __future__ import annotations

import pytest

from meetscribe.formats import read
from meetscribe.transcript import Transcript

ROLLING = """\
WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
 
hello<00:00:00.480><c> and</c><00:00:00.719><c> welcome</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello and welcome
 

00:00:02.399 --> 00:00:04.470 align:start position:0%
hello and welcome
my<00:00:02.800><c> name</c>

00:00:04.470 --> 00:00:04.480 align:start position:0%
my name
 

00:00:04.480 --> 00:00:06.000 align:start position:0%
my name
[Music]

00:00:06.000 --> 00:00:08.000 align:start position:0%
[Music]
&gt;&gt; Thanks<00:00:06.500><c> a</c><00:00:06.700><c> lot.</c>
"""  # noqa: W293  # the lines of a space are YouTube's


def told(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Who says what, segment after segment."""
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def starts(transcript: Transcript) -> list[tuple[str, float, str]]:
    """The words, when they start, and how that is known."""
    return [(word.text, word.start, word.timing) for word in transcript.words]


def srt(*texts: str) -> str:
    """SubRip with a cue a second of those texts."""
    return "\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{text}\n"
        for number, text in enumerate(texts, start=1)
    )


def test_rolling_captions_are_read_once() -> None:
    """YouTube's own captions show each line twice or thrice and roll on: every word is read once, at its time."""
    transcript = read(ROLLING.encode(), "-")
    assert told(transcript) == [
        (None, "hello and welcome"),
        (None, "my name"),
        (None, "[Music]"),
        (None, "Thanks a lot."),
    ]
    assert starts(transcript)[:5] == [
        ("hello", 0.16, "interpolated"),
        ("and", 0.48, "engine"),
        ("welcome", 0.719, "engine"),
        ("my", 2.399, "interpolated"),
        ("name", 2.8, "engine"),
    ]
    assert (transcript.language, transcript.words[-1].end) == ("en", 8.0)


def test_rolling_captions_as_subrip() -> None:
    """The same captions, as downloaders turn them into SubRip."""
    text = srt("one two", "one two", "one two\nthree four", "three four", "three four\nfive")
    assert [text for _, text in told(read(text.encode(), "-"))] == ["one two", "three four", "five"]


def test_what_is_said_again_stays() -> None:
    """Answers that are given twice are no captions that roll."""
    text = srt("No.", "No.", "No.\nReally.", "Yes.", "Yes.", "Fine.", "Well.", "So.")
    assert [text for _, text in told(read(text.encode(), "-"))] == [
        "No.",
        "No.",
        "No. Really.",
        "Yes.",
        "Yes.",
        "Fine.",
        "Well.",
        "So.",
    ]


def test_conferences_name_who_speaks_in_each_cue() -> None:
    """Where each cue names its speaker, as Zoom's do, names may be spelled in any way."""
    said = [
        ("anna berg", "good: fine."),
        ("ipad von Ben | ACME (Berlin)", "hi"),
        ("anna berg", "so"),
        ("c@x.org", "3:1"),
        ("ipad von Ben | ACME (Berlin)", "ok."),
        ("c@x.org", "bye"),
    ]
    cues = (f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n{who}: {text}\n" for n, (who, text) in enumerate(said, 1))
    assert told(read(("WEBVTT\n\n" + "\n".join(cues)).encode(), "-")) == said


def test_teams() -> None:
    """Teams' voices have commas, its cues odd numbers, its notes a language, and nobody a blank voice."""
    text = """WEBVTT

NOTE duration:"00:31:22.9480000"

NOTE language:en-us

NOTE Confidence: 0.8898

62ffd4e1-4a2f-4b0e-a2a4-5c7a2d5e9e7f/13-0
00:00:03.970 --> 00:00:05.430
<v Berg, Anna>Good
morning.</v>

00:00:09.000 --> 00:00:10.000
<v >Hm.</v>
"""
    transcript = read(text.encode(), "-")
    assert told(transcript) == [("Berg, Anna", "Good morning."), (None, "Hm.")]
    assert transcript.language == "en-us"


def test_webvtt_with_all_that_it_may_have() -> None:
    """Regions, styles, notes between cues, settings, classes, ruby and hours beyond a hundred do not matter."""
    text = """WEBVTT Some title
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

REGION
id:fred
width:40%

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 region:fred line:0 position:20% size:60% align:start
<c.yellow.bg_blue>Hi <b>there</b></c> <ruby>漢<rt>kan</rt></ruby> <lang de>Hallo</lang>

NOTE between
two cues

101:00:01.000 --> 101:00:02.000
late
"""
    transcript = read(text.encode(), "-")
    assert told(transcript) == [(None, "Hi there 漢 Hallo"), (None, "late")]
    assert transcript.duration == 101 * 3600 + 2


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + srt("Hello", "<i>you</i>").replace("\n", "\r\n"),
        "00:00:01,000 --> 00:00:01,900\nHello\n\n00:00:02,000 --> 00:00:02,900\nyou\n",
        "00:00:01,000 --> 00:00:01,900\nHello\n00:00:02,000 --> 00:00:02,900\nyou\n",
        srt("Hello", "you").replace("\n\n", "\n"),
        srt("Hello", "you", "").replace("you", '<font color="#ff0000">you</font>'),
        "\n\n" + srt("Hello", "\nyou"),
        srt("Hello", "you").replace(",000", ",0").replace("00:00:", "0:00:"),
    ],
    ids=["Premiere", "no numbers", "no numbers or blanks", "no blanks", "empty cue", "more blanks", "short times"],
)
def test_subrip_as_it_is_found(text: str) -> None:
    """SubRip without numbers or blank lines, with marks, or with more or fewer digits is read alike."""
    transcript = read(text.encode(), "-")
    assert told(transcript) == [(None, "Hello"), (None, "you")]
    assert [one.start for one in transcript.segments] == [1.0, 2.0]


def test_sounds_are_nobody() -> None:
    """What stands in brackets is a speaker where it looks like one, else a sound."""
    text = srt("[SPEAKER_01]: One.", "[Music]", "[door opens] Two.", "[Anna Berg] Three.", "[speaker 0]\nFour.")
    assert told(read(text.encode(), "-")) == [
        ("SPEAKER_01", "One."),
        ("SPEAKER_01", "[Music]"),
        ("SPEAKER_01", "[door opens] Two."),
        ("Anna Berg", "Three."),
        ("speaker 0", "Four."),
    ]


def test_chevrons_are_somebody_else() -> None:
    """After `>>` another speaks, known only where a name follows."""
    text = srt(">> ANNA: One.", "Two.", ">> Three.", "Four.")
    assert told(read(text.encode(), "-")) == [("ANNA", "One."), ("ANNA", "Two."), (None, "Three."), (None, "Four.")]


def test_names_in_capitals_part_a_cue() -> None:
    """Subtitles for the hard of hearing have a line, and a name, for each speaker."""
    text = srt("ANNA: Hello.\nBEN: Hi.", "MAN 1: Hey.")
    assert told(read(text.encode(), "-")) == [("ANNA", "Hello."), ("BEN", "Hi."), ("MAN 1", "Hey.")]
