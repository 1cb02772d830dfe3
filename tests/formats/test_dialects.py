"""Dialects of the formats, as programs in common use write them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.formats import read
from meetscribe.timeline import Turn
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


def turns_of_text(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the speaker and text of each segment."""
    return [(segment.speaker, segment.text) for segment in transcript.segments]


def starts(transcript: Transcript) -> list[tuple[str, float, str]]:
    """Return the words with their starts and timing sources."""
    return [(word.text, word.start, word.timing) for word in transcript.words]


def srt(*texts: str) -> str:
    """Return SubRip with a cue of one second per text."""
    return "\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{text}\n"
        for number, text in enumerate(texts, start=1)
    )


def test_rolling_captions_are_read_once() -> None:
    """YouTube's automatic captions repeat lines as they roll; every word is read once, at its time."""
    transcript = read(ROLLING.encode(), "-")
    assert turns_of_text(transcript) == [
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


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from("one two, three! [x] four 7".split()), min_size=1, max_size=5), min_size=4))
def test_any_rolling_captions_are_read_once(lines: list[list[str]]) -> None:
    """In rolling captions no word is lost or repeated, except a line equal to the one before."""
    said = [line for place, line in enumerate(lines) if place == 0 or line != lines[place - 1]]
    if len(said) < 4:
        return
    shown = [" ".join(line) for line in said]
    cues = [shown[0]]
    for before, after in pairwise(shown):
        cues += [before, f"{before}\n{after}"]
    transcript = read(srt(*cues).encode(), "-")
    assert [word.text for word in transcript.words] == [word for line in said for word in line]


def test_rolling_captions_as_subrip() -> None:
    """Rolling captions converted to SubRip by downloaders are read once, too."""
    text = srt("one two", "one two", "one two\nthree four", "three four", "three four\nfive")
    assert [text for _, text in turns_of_text(read(text.encode(), "-"))] == ["one two", "three four", "five"]


def test_repeated_answers_are_kept() -> None:
    """Repeated answers are not mistaken for rolling captions."""
    text = srt("No.", "No.", "No.\nReally.", "Yes.", "Yes.", "Fine.", "Well.", "So.")
    assert [text for _, text in turns_of_text(read(text.encode(), "-"))] == [
        "No.",
        "No.",
        "No. Really.",
        "Yes.",
        "Yes.",
        "Fine.",
        "Well.",
        "So.",
    ]


def test_names_of_conference_systems() -> None:
    """If each cue names its speaker, as in Zoom's files, names may have any spelling."""
    said = [
        ("anna berg", "good: fine."),
        ("ipad von Ben | ACME (Berlin)", "hi"),
        ("anna berg", "so"),
        ("c@x.org", "3:1"),
        ("ipad von Ben | ACME (Berlin)", "ok."),
        ("c@x.org", "bye"),
    ]
    cues = (f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n{who}: {text}\n" for n, (who, text) in enumerate(said, 1))
    assert turns_of_text(read(("WEBVTT\n\n" + "\n".join(cues)).encode(), "-")) == said


def zoom(*texts: str) -> bytes:
    """Return WebVTT as Zoom saves it."""
    cues = (f"{n}\r\n00:00:{n:02}.000 --> 00:00:{n:02}.900\r\n{text}\r\n" for n, text in enumerate(texts, 1))
    return ("WEBVTT\r\n\r\n" + "\r\n".join(cues)).encode()


def test_zoom_with_an_unnamed_cue() -> None:
    """Of a file that names the speaker of each cue, a cue without a name has no speaker, which is reported."""
    said = [
        ("mira okafor", "welcome back everyone."),
        ("jonas lind (he/him)", "thanks, the audit is done."),
        (None, "and the budget too."),
        ("mira okafor", "great, next item."),
        ("jonas lind (he/him)", "the hiring plan."),
        ("mira okafor", "at 10:30 meeting: two rooms."),
    ]
    transcript = read(zoom(*(f"{who}: {text}" if who else text for who, text in said)), "m.vtt")
    assert turns_of_text(transcript) == said
    (notice,) = transcript.meta.notices
    assert notice.text == "m.vtt: 1 of 6 cues lack a speaker's name; words without one have no speaker"


@pytest.mark.parametrize(("more", "guest"), [([], ("carol (sales)", "hi")), (["So."], (None, "carol (sales): hi"))])
def test_zoom_with_a_guest(more: list[str], guest: tuple[str | None, str]) -> None:
    """A guest who speaks once has a name if every cue has one; otherwise the words belong to nobody."""
    said = ["mira: a", "jonas | ACME: b", "mira: c", "jonas | ACME: d", "carol (sales): hi", "mira: e", *more]
    assert turns_of_text(read(zoom(*said), "m.vtt"))[4] == guest


def test_names_at_changes() -> None:
    """Names in capitals in some of the cues hold, in SubRip as in WebVTT converted from it."""
    texts = ["ANNA: One.", "two.", "three.", "BEN: Four.", "five."]
    expected = ["ANNA"] * 3 + ["BEN"] * 2
    assert [speaker for speaker, _ in turns_of_text(read(srt(*texts).encode(), "-"))] == expected
    assert [speaker for speaker, _ in turns_of_text(read(zoom(*texts), "-"))] == expected


@pytest.mark.parametrize(
    ("texts", "speakers"),
    [
        (["<v Anna>a", "b", "<v Ben>c"], ["Anna", None, "Ben"]),
        (["<v Anna>a", "<v Anna>b", "c", "d", "e"], ["Anna", "Anna", None, None, None]),
        (["<v Anna>a</v>", "b", "c", "<v Ben>d</v>"], ["Anna", None, None, "Ben"]),
        (["<v Anna>a", "b", "c", "<v Ben>d"], ["Anna", "Anna", "Anna", "Ben"]),
    ],
)
def test_cues_without_a_voice(texts: list[str], speakers: list[str | None]) -> None:
    """A cue without a voice belongs to nobody, unless the file names voices where they change only."""
    transcript = read(zoom(*texts), "m.vtt")
    assert [segment.speaker for segment in transcript.segments] == speakers
    uncertain = None in speakers and "</v>" not in "".join(texts)
    assert [notice.code for notice in transcript.meta.notices] == ["formats.unnamed-cues"] * uncertain


def test_text_below_a_blank_line() -> None:
    """Text below a blank line in a WebVTT cue is kept and reported; a lost identifier is no text."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nFirst.\n\nSecond line.\n\n7f/1-0\n\n00:03.000 --> 00:04.000\nGood.\n"
    transcript = read(text.encode(), "m.vtt")
    assert turns_of_text(transcript) == [(None, "First. Second line."), (None, "Good.")]
    (notice,) = transcript.meta.notices
    assert notice.text.startswith("m.vtt, line 6: text below a blank line")


def test_teams() -> None:
    """Teams writes voices with commas, odd cue identifiers, a language in notes, and blank voices."""
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
    assert turns_of_text(transcript) == [("Berg, Anna", "Good morning."), (None, "Hm.")]
    assert transcript.language == "en-us"


def test_webvtt_features() -> None:
    """Regions, styles, notes between cues, settings, classes, ruby and hours beyond a hundred are handled."""
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
    assert turns_of_text(transcript) == [(None, "Hi there 漢 Hallo"), (None, "late")]
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
def test_subrip_variants(text: str) -> None:
    """SubRip without numbers or blank lines, with tags, or with other numbers of digits is read alike."""
    transcript = read(text.encode(), "-")
    assert turns_of_text(transcript) == [(None, "Hello"), (None, "you")]
    assert [one.start for one in transcript.segments] == [1.0, 2.0]


def test_sounds_are_not_speakers() -> None:
    """Text in brackets is a speaker if it looks like a name, otherwise a sound."""
    text = srt("[SPEAKER_01]: One.", "[Music]", "[door opens] Two.", "[Anna Berg] Three.", "[speaker 0]\nFour.")
    assert turns_of_text(read(text.encode(), "-")) == [
        ("SPEAKER_01", "One."),
        ("SPEAKER_01", "[Music]"),
        ("SPEAKER_01", "[door opens] Two."),
        ("Anna Berg", "Three."),
        ("speaker 0", "Four."),
    ]


def test_chevrons_change_the_speaker() -> None:
    """`>>` marks another speaker, who is known only if a name follows."""
    text = srt(">> ANNA: One.", "Two.", ">> Three.", "Four.")
    assert turns_of_text(read(text.encode(), "-")) == [
        ("ANNA", "One."),
        ("ANNA", "Two."),
        (None, "Three."),
        (None, "Four."),
    ]


def test_names_in_capitals_divide_a_cue() -> None:
    """Subtitles for the hard of hearing have a line and a name per speaker."""
    text = srt("ANNA: Hello.\nBEN: Hi.", "MAN 1: Hey.")
    assert turns_of_text(read(text.encode(), "-")) == [("ANNA", "Hello."), ("BEN", "Hi."), ("MAN 1", "Hey.")]


def of_json(value: object) -> Transcript:
    return read(json.dumps(value).encode(), "-")


def test_whisper_cpp() -> None:
    """whisper.cpp's tokens are joined into words, its special tokens are skipped, and its channels are speakers."""
    times = {"offsets": {"from": 0, "to": 2000}, "timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"}}
    tokens = [
        {"text": "[_BEG_]", "offsets": {"from": 2000, "to": 2000}, "p": 1.0},
        {"text": " Hel", "offsets": {"from": 2000, "to": 2500}, "p": 0.9},
        {"text": "lo", "offsets": {"from": 2500, "to": 3000}, "p": 0.5},
        {"text": " you", "offsets": {"from": 3000, "to": 3500}, "p": 0.75},
        {"text": ".", "offsets": {"from": 3500, "to": 3750}, "p": 0.8},
        {"text": "[_TT_200]", "offsets": {"from": 4000, "to": 4000}, "p": 0.1},
    ]
    rows = [
        {**times, "text": " Good day.", "speaker": "1"},
        {"offsets": {"from": 2000, "to": 4000}, "text": " Hello you.", "tokens": tokens, "speaker": "?"},
        {"offsets": {"from": 4000, "to": 5000}, "text": " Grüße.", "tokens": [{**tokens[1], "text": " Gr\ufffd"}]},
    ]
    transcript = of_json({"systeminfo": "", "result": {"language": "en"}, "transcription": rows})
    assert turns_of_text(transcript) == [("SPEAKER_01", "Good day."), (None, "Hello you."), (None, "Grüße.")]
    assert [(word.text, word.start, word.end, word.probability) for word in transcript.segments[1].words] == [
        ("Hello", 2.0, 3.0, 0.5),
        ("you.", 3.0, 3.75, 0.75),
    ]
    assert [word.timing for word in transcript.words] == ["interpolated"] * 2 + ["engine"] * 2 + ["interpolated"]
    assert transcript.language == "en"


def test_transformers() -> None:
    """Chunks of Transformers' pipeline are segments or words, with speakers if present."""
    chunks: list[dict[str, object]] = [
        {"timestamp": [0.0, 1.5], "text": " Good day."},
        {"timestamp": [1.5, None], "text": " And so on."},
    ]
    transcript = of_json({"text": "", "chunks": chunks})
    assert [(one.text, one.start, one.end) for one in transcript.segments] == [
        ("Good day.", 0.0, 1.5),
        ("And so on.", 1.5, 1.5),
    ]
    words = [{"timestamp": [n / 2, n / 2 + 0.25], "text": f" {text}"} for n, text in enumerate("Yes. I am.".split())]
    transcript = of_json({"text": "", "chunks": words})
    assert turns_of_text(transcript) == [(None, "Yes."), (None, "I am.")]
    assert {word.timing for word in transcript.words} == {"engine"}
    speakers = [{**chunk, "speaker": f"SPEAKER_0{n}"} for n, chunk in enumerate(chunks)]
    transcript = of_json({"speakers": speakers, "chunks": chunks, "text": ""})
    assert turns_of_text(transcript) == [("SPEAKER_00", "Good day."), ("SPEAKER_01", "And so on.")]


def test_bare_segments() -> None:
    """A bare list of segments, as saved from faster-whisper, is read as Whisper's JSON."""
    rows = [{"id": 1, "start": 0.5, "end": 1.0, "text": " Hi.", "words": None, "temperature": 0}]
    assert turns_of_text(of_json(rows)) == [(None, "Hi.")]


def test_numbers_as_text() -> None:
    """Times in quotes are read as numbers: OpenAI's older durations, SegLST, podcasts."""
    verbose = {"task": "transcribe", "language": "english", "duration": "2.50", "text": "", "segments": []}
    assert of_json({**verbose, "words": [{"word": "Hi", "start": 0, "end": 1}]}).duration == 2.5
    seglst = {"session_id": "s", "speaker": 3, "start_time": "1.5", "end_time": "2.5", "words": "hi"}
    assert [(one.speaker, one.start) for one in of_json([seglst]).segments] == [("SPEAKER_03", 1.5)]
    podcast = {"version": "1.0.0", "segments": [{"startTime": "1.5", "endTime": "2", "body": "hi"}]}
    assert of_json(podcast).duration == 2.0
    with pytest.raises(InputError, match=r"\[0\]\.start_time: expected a number"):
        of_json([{**seglst, "start_time": "soon"}])
    with pytest.raises(InputError, match=r"\[0\]\.start_time: missing"):
        of_json([{"session_id": "s", "speaker": "A", "words": "hi"}])


def test_deepgram_with_channels_and_speakers() -> None:
    """Speaker 0 of one channel differs from speaker 0 of another, and text without words is kept."""
    word = {"word": "hi", "punctuated_word": "Hi.", "start": 0, "end": 1, "confidence": 0.9, "speaker": 0}
    channels = [{"alternatives": [{"words": [word]}]}, {"alternatives": [{"words": [{**word, "start": 0.5}]}]}]
    document = {"metadata": {"duration": 4.0}, "results": {"channels": channels}}
    assert turns_of_text(of_json(document)) == [("CHANNEL_0_SPEAKER_00", "Hi."), ("CHANNEL_1_SPEAKER_00", "Hi.")]
    utterances = [
        {"start": 0, "end": 1, "channel": 0, "transcript": "Hi.", "words": [word]},
        {"start": 1, "end": 2, "channel": 1, "transcript": "No words here.", "words": []},
    ]
    document = {"metadata": {"duration": 4.0}, "results": {"channels": channels, "utterances": utterances}}
    assert turns_of_text(of_json(document)) == [("CHANNEL_0_SPEAKER_00", "Hi."), ("CHANNEL_1", "No words here.")]
    plain = {"metadata": {"duration": 4.0}, "results": {"channels": [{"alternatives": [{"transcript": "all of it"}]}]}}
    assert [(one.text, one.end) for one in of_json(plain).segments] == [("all of it", 4.0)]


def test_assemblyai_as_its_sdk_saves_it() -> None:
    """The SDK's answer without the job is read too; channels are speakers; a failed job gives its reason."""
    word = {"text": "Hi.", "start": 250, "end": 650, "confidence": 0.97}
    utterance = {"speaker": "A", "text": "Hi.", "start": 250, "end": 650}
    assert turns_of_text(of_json({"status": "completed", "text": "Hi.", "utterances": [utterance]})) == [("A", "Hi.")]
    assert turns_of_text(of_json({"text": "Hi.", "words": [{**word, "channel": "2", "speaker": None}]})) == [
        ("CHANNEL_2", "Hi.")
    ]
    failed = {"language_code": "en", "audio_duration": 3, "status": "error", "error": "no sound", "words": None}
    with pytest.raises(InputError, match="the job failed: no sound"):
        of_json(failed)


def test_pyannote() -> None:
    """pyannote.audio's own JSON has turns too; identified names replace the labels everywhere."""
    turn = {"start": 0.0, "end": 2.0, "speaker": "SPEAKER_00"}
    transcript = of_json({"diarization": [turn], "exclusive_diarization": [turn]})
    assert transcript.turns == transcript.exclusive == (Turn(0.0, 2.0, "SPEAKER_00"),)
    named = {**turn, "speaker": "Anna", "diarizationSpeaker": "SPEAKER_00", "match": "Anna", "confidence": {"Anna": 90}}
    words = [{"text": "Hi.", "start": 0.0, "end": 0.5, "speaker": "SPEAKER_00"}]
    output = {"diarization": [turn], "identification": [named], "exclusiveDiarization": [turn], "voiceprints": []}
    transcript = of_json({"jobId": "x", "output": {**output, "wordLevelTranscription": words}})
    assert turns_of_text(transcript) == [("Anna", "Hi.")]
    assert transcript.turns == transcript.exclusive == (Turn(0.0, 2.0, "Anna"),)
    with pytest.raises(InputError, match="the job has no output"):
        of_json({"jobId": "x", "status": "failed", "output": {"error": "bad"}})


def test_ctm_of_evaluations() -> None:
    """CTM may have comments, alternatives, types and speakers of words, and no confidence."""
    assert turns_of_text(
        read(b";; made by x\nm A 0.5 0.2 good 0.9\nm A 0.7 0.2 day NA\nm B 2.0 0.2 hi 0.9\n", "-")
    ) == [
        ("A", "good day"),
        ("B", "hi"),
    ]
    rows = b"m 1 * * <ALT_BEGIN>\nm 1 0.7 0.2 day\nm 1 * * <ALT>\nm 1 0.7 0.2 days\nm 1 * * <ALT_END>\nm 1 1 0.2 so\n"
    assert turns_of_text(read(rows, "-")) == [(None, "day so")]
    assert turns_of_text(read(b"m 1 0.7 0.2 day 0.9 lex A\n", "-")) == [("A", "day")]
    mixed = b"m 1 0.7 0.2 day 0.9 lex Anna\nm 1 2.0 0.2 so 0.9 lex NA\n"
    assert turns_of_text(read(mixed, "-")) == [("Anna", "day"), (None, "so")]
    assert turns_of_text(read(b"m 1 0.5 0.2 good 0.9 lex anna\nm 1 0.7 0.2 day 0.9 lex ben\n", "-")) == [
        ("anna", "good"),
        ("ben", "day"),
    ]


def test_stm_and_rttm_of_evaluations() -> None:
    """Regions excluded from scoring are not speech, and a file may start with any type of line."""
    stm = b"m 1 A 1.0 2.0 <o,f0,male> hi\nm 1 excluded_region 2 3 <o> ignore_time_segment_in_scoring\n"
    assert turns_of_text(read(stm, "-")) == [("A", "hi")]
    rttm = b"NON-LEX m 1 0.6 0.2 <NA> laugh A <NA>\nSPEAKER\tm\t1\t0.5\t1\t<NA>\t<NA>\tA\t<NA>\t<NA>\n"
    assert read(rttm, "-").turns == (Turn(0.5, 1.5, "A"),)


SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
2
<exists>
3
"IntervalTier"
"words"
0
2
2
0
1
"hi"
1
2
"you"
"IntervalTier"
"phones"
0
2
1
0
2
"HH"
"TextTier"
"points"
0
2
1
0.5
"x"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_textgrid_of_one_speaker(encoding: str) -> None:
    """The short form is read in any of Praat's encodings; tiers named words and phones are not speakers."""
    assert turns_of_text(read(SHORT.encode(encoding), "-")) == [(None, "hi you")]
    older = SHORT.replace('"ooTextFile"\nObject class = ', '"ooTextFile short"\n')
    assert turns_of_text(read(older.encode(encoding), "-")) == [(None, "hi you")]
    assert turns_of_text(read(SHORT.replace('"words"', '"Anna ""A"""').encode(encoding), "-"))[0] == ('Anna "A"', "hi")


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01T00:00:00+01:00" FORMAT="2.8" VERSION="2.8">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="3000"/></TIME_ORDER>
<TIER LINGUISTIC_TYPE_REF="t" TIER_ID="A" PARTICIPANT="Anna">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>one two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="tr" TIER_ID="A-de" PARENT_REF="A" PARTICIPANT="Anna">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>eins zwei</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="w" TIER_ID="A-w" PARENT_REF="A" PARTICIPANT="Anna">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
<ANNOTATION_VALUE>one</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
</ANNOTATION_DOCUMENT>"""


def test_elan() -> None:
    """Slots without a time lie between their neighbours; a dependent tier holds words, or is skipped."""
    transcript = read(EAF.encode(), "a.eaf")
    assert turns_of_text(transcript) == [("Anna", "one two")]
    assert [notice.text for notice in transcript.meta.notices] == [
        "a.eaf: tiers that are not transcriptions were not read: A-de"
    ]
    assert [(word.text, word.start, word.end) for word in transcript.words] == [("one", 1.0, 2.0), ("two", 2.0, 3.0)]


def elan(*tiers: tuple[str, str, str, list[str]]) -> bytes:
    """Return ELAN's XML of tiers: their attributes, the kind of annotation, its attributes, and the texts."""
    rows = []
    for attributes, kind, own, texts in tiers:
        rows.append(f"<TIER {attributes}>")
        for place, text in enumerate(texts, start=1):
            value = f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></{kind}></ANNOTATION>"
            rows.append(f"<ANNOTATION><{kind} {own.replace('#', str(place))}>{value}")
        rows.append("</TIER>")
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{place}" TIME_VALUE="{place}000"/>' for place in range(1, 4))
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{''.join(rows)}</ANNOTATION_DOCUMENT>".encode()


def below(name: str, parent: str, texts: list[str], refer: str = "") -> tuple[str, str, str, list[str]]:
    """Return a tier of ELAN whose annotations refer to those of another."""
    letter = name[0]
    own = f'ANNOTATION_ID="{letter}#" ANNOTATION_REF="{refer or parent[0] + "#"}"'
    return (
        f'TIER_ID="{name}" PARENT_REF="{parent}" PARTICIPANT="MO" LINGUISTIC_TYPE_REF="x"',
        "REF_ANNOTATION",
        own,
        texts,
    )


def outermost(texts: list[str]) -> tuple[str, str, str, list[str]]:
    """Return a tier of ELAN with times."""
    own = 'ANNOTATION_ID="r#" TIME_SLOT_REF1="t#" TIME_SLOT_REF2="t3"'
    return 'TIER_ID="ref@MO" PARTICIPANT="MO" LINGUISTIC_TYPE_REF="ref"', "ALIGNABLE_ANNOTATION", own, texts


@pytest.mark.parametrize(
    ("tiers", "said", "skipped"),
    [
        (
            (outermost(["MO_1", "MO_2"]), below("tx@MO", "ref@MO", ["the goats", "we closed"])),
            "the goats we closed",
            [],
        ),
        (
            (outermost(["1", "2"]), below("ft@MO", "ref@MO", ["goats", "close"]), below("tx@MO", "ref@MO", ["a", "b"])),
            "a b",
            ["ft@MO"],
        ),
        ((outermost(["", ""]), below("abc", "ref@MO", ["a", "b"])), "a b", []),
        ((outermost(["so", "it is"]), below("tx@MO", "ref@MO", ["a", "b"])), "so it is", ["tx@MO"]),
        ((outermost(["so 1", "it 2"]), below("ge", "ref@MO", ["a", "b"])), "so 1 it 2", ["ge"]),
        ((outermost(["1"]), below("tx", "ref@MO", ["a", "b"], refer="r1")), "a b", []),
        ((outermost(["1"]), below("tx", "ref@MO", ["a b"]), below("w", "tx", ["a", "b"], refer="t1")), "a b", []),
        ((outermost(["1"]), below("tx", "ref@MO", ["a"], refer="lost")), "1", ["tx"]),
    ],
)
def test_elan_reference_tiers(
    tiers: tuple[tuple[str, str, str, list[str]], ...], said: str, skipped: list[str]
) -> None:
    """Where a tier holds ids of references, the text is on a tier below, which has its times; others are reported."""
    transcript = read(elan(*tiers), "a.eaf")
    assert " ".join(word.text for word in transcript.words) == said
    assert {word.speaker for word in transcript.words} == {"MO"}
    assert (transcript.words[0].start, transcript.words[-1].end) == (1.0, 3.0)
    assert {word.timing for word in transcript.words} == {"interpolated"}
    assert [notice.data.get("tiers") for notice in transcript.meta.notices] == ([skipped] if skipped else [])


def ttml(body: str, head: str = "", attributes: str = "") -> bytes:
    """Return TTML with namespaces."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en" '
        'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
        f'xmlns:tts="http://www.w3.org/ns/ttml#styling" {attributes}><head>{head}</head><body>{body}</body></tt>'
    ).encode()


def test_ttml() -> None:
    """Times are clocks, frames, ticks and offsets, relative to the elements around; ruby and layout are not text."""
    body = (
        '<div begin="10s"><p begin="00:00:01:12" end="00:00:03:00"><span>Hello<br/>there.</span></p>\n'
        '<p begin="4s" dur="1500ms">By <span tts:ruby="container"><span tts:ruby="base">漢</span>'
        '<span tts:ruby="text">kan</span></span>e.</p></div><p begin="20t" end="30t">Ticks.</p>'
    )
    transcript = read(ttml(body, attributes='ttp:frameRate="25" ttp:tickRate="1"'), "-")
    assert [(one.start, one.end, one.text) for one in transcript.segments] == [
        (11.48, 13.0, "Hello there."),
        (14.0, 15.5, "By 漢 e."),
        (20.0, 30.0, "Ticks."),
    ]
    assert transcript.language == "en"


def test_ttml_speakers() -> None:
    """Agents are speakers; text without an agent, or of an unnamed one, belongs to nobody."""
    agent = '<ttm:agent xml:id="ID" type="person">NAME</ttm:agent>'
    head = agent.replace("ID", "a").replace("NAME", '<ttm:name type="full">Anna Berg</ttm:name>')
    head += agent.replace("ID", "b").replace("NAME", "")
    body = (
        '<p begin="1s" end="2s" ttm:agent="a">Ben: hi.</p><p begin="2s" end="3s">So.</p>'
        '<p begin="3s" end="5s"><span ttm:agent="a">Yes.</span> <span ttm:agent="b">No.</span></p>'
    )
    assert turns_of_text(read(ttml(body, head), "-")) == [
        ("Anna Berg", "Ben: hi."),
        (None, "So."),
        ("Anna Berg", "Yes."),
        (None, "No."),
    ]
    assert turns_of_text(read(ttml('<p begin="1s" end="2s">ANNA: Hi.</p>'), "-")) == [("ANNA", "Hi.")]


def test_ttml_words_and_bad_times() -> None:
    """Spans with times are the starts of words; the words of a paragraph without times are kept and reported."""
    body = (
        '<p><span begin="1s" end="1.5s">Good</span> <span begin="1.5s" end="3s">day all.</span></p>'
        '<p begin="soon">Hm.</p><p begin="5s" end="4s">So.</p>'
    )
    transcript = read(ttml(body), "a.ttml")
    assert starts(transcript) == [
        ("Good", 1.0, "engine"),
        ("day", 1.5, "engine"),
        ("all.", 2.25, "interpolated"),
        ("Hm.", 3.0, "interpolated"),
        ("So.", 5.0, "interpolated"),
    ]
    assert [notice.text for notice in transcript.meta.notices] == [
        "a.ttml, paragraph 2: no valid times; it was placed after the previous one",
        "a.ttml, paragraph 3: it ends before it starts; its end was set to its start",
    ]


JSON3 = {
    "wireMagic": "pb3",
    "events": [
        {"tStartMs": 0, "dDurationMs": 8000, "id": 1},
        {"tStartMs": 160, "dDurationMs": 5000, "segs": [{"utf8": "hello"}, {"utf8": " and", "tOffsetMs": 320}]},
        {"tStartMs": 2390, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 2400, "dDurationMs": 3000, "segs": [{"utf8": "we"}, {"utf8": " bake", "tOffsetMs": 300}]},
    ],
}
SRV3 = (
    '<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">\n<head><ws id="0"/></head><body>\n<w t="0" id="1"/>'
    '<p t="160" d="5000" w="1"><s ac="0">hello</s><s t="320"> and</s></p>\n<p t="2390" d="10" a="1">\n</p>'
    '<p t="2400" d="3000"><s>we</s><s t="300"> bake</s></p></body></timedtext>'
)


@pytest.mark.parametrize("data", [json.dumps(JSON3), SRV3], ids=["json3", "srv3"])
def test_automatic_captions_of_youtube(data: str) -> None:
    """Automatic captions have starts of words, and end where the next ones start."""
    transcript = read(data.encode(), "-")
    assert starts(transcript) == [
        ("hello", 0.16, "engine"),
        ("and", 0.48, "engine"),
        ("we", 2.4, "engine"),
        ("bake", 2.7, "engine"),
    ]
    assert [segment.end for segment in transcript.segments] == [2.4, 5.4]


@pytest.mark.parametrize(
    "data",
    [
        "0:00:01.500,0:00:02.000\nAnna: It's[br]me\n\n0:00:03.000,0:00:04.000\nso\n",
        '<transcript><text start="1.5" dur="0.5">Anna: It&amp;#39;s\nme</text><text start="3" dur="1">so</text>'
        "</transcript>",
        '<timedtext><text t="1500" d="500">Anna: It\'s me</text><text t="3000" d="1000">so</text></timedtext>',
        '<timedtext format="3"><body><p t="1500" d="500">Anna: It\'s\nme</p><p t="3000" d="1000">so</p></body>'
        "</timedtext>",
        json.dumps(
            {
                "wireMagic": "pb3",
                "events": [
                    {"tStartMs": 1500, "dDurationMs": 500, "segs": [{"utf8": "Anna: It's\nme"}]},
                    {"tStartMs": 3000, "dDurationMs": 1000, "segs": [{"utf8": "so"}]},
                ],
            }
        ),
    ],
    ids=["sbv", "srv1", "srv2", "srv3", "json3"],
)
def test_subtitles_of_youtube(data: str) -> None:
    """Subtitles by people have names before the text, as SubRip does, and no starts of words."""
    transcript = read(data.encode(), "-")
    assert [(one.speaker, one.start, one.end, one.text) for one in transcript.segments] == [
        ("Anna", 1.5, 2.0, "It's me"),
        ("Anna", 3.0, 4.0, "so"),
    ]
    assert {word.timing for word in transcript.words} == {"interpolated"}


def aws_item(text: str, start: float | None = None, **more: object) -> dict[str, object]:
    """Return an item of AWS Transcribe."""
    best = {"confidence": "0.9", "content": text}
    if start is None:
        return {"type": "punctuation", "alternatives": [best]}
    times = {"start_time": str(start), "end_time": str(start + 0.5)}
    return {"type": "pronunciation", "alternatives": [best], **times, **more}


def test_aws() -> None:
    """AWS Transcribe's items have speakers of their own, or in a list apart, or channels; a failed job is refused."""
    items = [aws_item("Good", 0.5), aws_item("day", 1.0), aws_item("."), aws_item("Hi", 2.0), aws_item("!")]
    apart = [{"start_time": str(start), "speaker_label": "spk_0"} for start in (0.5, 1.0)]
    results: dict[str, object] = {"transcripts": [], "items": items, "language_code": "en-US"}
    transcript = of_json({"results": {**results, "speaker_labels": {"segments": [{"items": apart}]}}})
    assert turns_of_text(transcript) == [("spk_0", "Good day."), (None, "Hi!")]
    assert (transcript.language, transcript.words[0].probability, transcript.words[1].end) == ("en-US", 0.9, 1.5)
    own = [aws_item("Hi", 0.5, speaker_label="spk_1")]
    assert turns_of_text(of_json({"results": {**results, "items": own}})) == [("spk_1", "Hi")]
    channels = [{"channel_label": "ch_1", "items": items[3:]}, {"channel_label": "ch_0", "items": items[:3]}]
    transcript = of_json({"results": {**results, "channel_labels": {"channels": channels}}})
    assert turns_of_text(transcript) == [("CHANNEL_0", "Good day."), ("CHANNEL_1", "Hi!")]
    with pytest.raises(InputError, match="the job failed"):
        of_json({"results": results, "status": "FAILED"})
    apart[0]["start_time"] = []  # type: ignore[assignment]
    with pytest.raises(InputError, match=r"items\[0\].start_time: expected a number"):
        of_json({"results": {**results, "speaker_labels": {"segments": [{"items": apart}]}}})


def test_rev_ai() -> None:
    """Rev AI's punctuation belongs to the word before it; speakers have numbers or names."""
    elements = [
        {"type": "text", "value": "Hi", "ts": 0.25, "end_ts": 0.5, "confidence": 1.0},
        *({"type": "punct", "value": value} for value in (",", " ")),
        {"type": "text", "value": "Sam", "ts": 0.6, "end_ts": 0.9, "confidence": 0.9},
        *({"type": "punct", "value": value} for value in (".", " ", "–", " ")),
        {"type": "unknown", "value": "<laugh>"},
    ]
    document = {"monologues": [{"speaker": 0, "elements": elements}, {"speaker": 1, "elements": elements[:1]}]}
    transcript = of_json({**document, "speakers": [{"id": 1, "name": "Ben"}]})
    assert turns_of_text(transcript) == [("SPEAKER_00", "Hi, Sam."), ("SPEAKER_00", "– <laugh>"), ("Ben", "Hi")]
    assert starts(transcript)[1] == ("Sam.", 0.6, "engine")


def test_fireflies() -> None:
    """Fireflies' sentences are in the service's answer, in a file of it, or alone as its page exports them."""
    sentence = {"index": 0, "speaker_name": "Anna", "speaker_id": 0, "text": "Hi.", "start_time": 1.5, "end_time": 2.0}
    for document in ({"data": {"transcript": {"title": "Sync", "sentences": [sentence]}}}, {"sentences": [sentence]}):
        transcript = of_json(document)
        assert [(one.speaker, one.start, one.end) for one in transcript.segments] == [("Anna", 1.5, 2.0)]
        assert transcript.meta.title == ("Sync" if "data" in document else None)
    row = {"sentence": "Hi.", "startTime": "01:01", "endTime": "01:02", "speaker_name": None, "speaker_id": 3}
    assert [(one.speaker, one.start) for one in of_json([row]).segments] == [("SPEAKER_03", 61.0)]


def test_dote() -> None:
    """DOTE's lines have clock times and speakers, who may be missing."""
    line = {"startTime": "00:00:01,500", "endTime": "00:00:02.000", "speakerDesignation": "Anna", "text": "Hi."}
    transcript = of_json({"lines": [line, {**line, "speakerDesignation": ""}]})
    assert [(one.speaker, one.start, one.end) for one in transcript.segments] == [("Anna", 1.5, 2.0), (None, 1.5, 2.0)]


def test_table_variants() -> None:
    """Tables may have other titles, and whisper.cpp's whole numbers are milliseconds."""
    text = '"Speaker Name","Start Time","End Time","Transcript"\r\n"Anna","0:00:01.5","0:00:02","Hi"\r\n'
    transcript = read(text.encode(), "-")
    assert [(one.speaker, one.start, one.end, one.text) for one in transcript.segments] == [("Anna", 1.5, 2.0, "Hi")]
    assert read(b'start,end,text\n0,2000," Hello there."\n2000,4000," Hi."\n', "-").duration == 4.0
    assert read(b"start,end,text\n0,2,Hello there.\n2,4,Hi.\n", "-").duration == 4.0


def test_substation_alpha() -> None:
    """Comments and drawings are not text, overrides are skipped, and the older version is read."""
    head = "[Script Info]\nScriptType: v4.00+\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
    text = (
        f"{head}Comment: 0,0:00:00.00,0:00:01.00,D,,hidden\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,D,Anna,{\\an8\\i1}Hello,{\\i0}\\Nyou, there\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,D,,{\\p1}m 0 0 l 100 0{\\p0}\n"
        "Dialogue: 0,0:0x:03.00,0:00:04.00,D,Ben,Ben: Hi.\n"
    )
    transcript = read(text.encode(), "a.ass")
    assert turns_of_text(transcript) == [("Anna", "Hello, you, there"), ("Ben", "Hi.")]
    assert [str(notice) for notice in transcript.meta.notices] == [
        "a.ass, line 8: invalid times; the line was placed after the previous one"
    ]


@pytest.mark.parametrize(
    ("data", "message", "remedy"),
    [
        (b"", "the file is empty", "whisperx"),
        (b"RIFF\x00\x00\x00\x00WAVE", "not a transcript, but a binary file", "meetscribe run a.data"),
        (b'{"chapters_": []}', "JSON in an unknown format, with the members chapters_", "whisperx"),
        (b'{"recognizedPhrases": []}', "JSON of Azure Speech, which is not read", "vtt"),
        (b"m 1 2 3 4 0.5\n", "may be any of ctm, stm", "--from ctm"),
    ],
)
def test_unknown_files_are_described(data: bytes, message: str, remedy: str) -> None:
    """An unreadable file is described, with the candidates and how to choose."""
    with pytest.raises(InputError, match=message) as caught:
        read(data, "a.data")
    assert remedy in (caught.value.remedy or "")


def test_foreign_json_with_the_suffix_json() -> None:
    """JSON of another program is named as such, also with the suffix of native JSON."""
    with pytest.raises(InputError, match=r"^a\.json: JSON in an unknown format, with the members bar, foo\n"):
        read(b'{"foo": [{"a": 1}], "bar": 2}', "a.json")


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:03] Anna Berg: Good day.\n\n[00:00:07] Ben: Hi.\n[1:00:12] Anna Berg: Well.\n",
        "Anna Berg  0:03  \nGood day.\n\nBen  0:07  \nHi.\n\nAnna Berg  1:00:12\nWell.\n\nTranscribed by https://otter.ai\n",
        "Anna Berg (00:03):\nGood\nday.\n\nBen (00:07):\nHi.\n\nAnna Berg (01:00:12):\nWell.\n",
        "00:00:03 Anna Berg: Good day.\n00:00:07 Ben: Hi.\n01:00:12 Anna Berg: Well.\n",
        "**Anna Berg:** [00:00:03] Good day.\n\n**Ben:** [00:00:07] Hi.\n\n**Anna Berg:** [01:00:12] Well.\n",
        "#00:00:03-0# Anna Berg: Good day.\n\n#00:00:07-0# Ben: Hi.\n\n#01:00:12-0# Anna Berg: Well.\n",
        "0:03\nAnna Berg: Good day.\n0:07\nBen: Hi.\n1:00:12\nAnna Berg: Well.\n",
        "[00:03.000 --> 00:07.000]  [Anna Berg]: Good day.\n[00:07.000 --> 60:12.000]  [Ben]: Hi.\n"
        "[01:00:12.000 --> 01:00:13.000]  [Anna Berg]: Well.\n",
        "[00:00:03.00] - Anna Berg\nGood day.\n\n[00:00:07.10] - Ben\nHi.\n\n[01:00:12.00] - Anna Berg\nWell.\n",
        "0:0:3.0 --> 0:0:5.430\nAnna Berg\nGood day.\n\n0:0:7.100 --> 0:0:8.200\nBen\nHi.\n\n"
        "1:0:12.0 --> 1:0:13.0\nAnna Berg\nWell.\n",
        "00:00:03 Anna Berg\nGood day.\n00:00:07 Ben\nHi.\n01:00:12 Anna Berg\nWell.\n",
        "[Anna Berg] 14:03:18\nGood day.\n\n[Ben] 14:03:22\nHi.\n\n[Anna Berg] 15:03:27\nWell.\n",
        "Anna Berg\n0 minutes 3 seconds0:03\nAnna Berg 0 minutes 3 seconds\nGood day.\nBen\n0 minutes 7 seconds0:07\n"
        "Ben 0 minutes 7 seconds\nHi.\nAnna Berg\n1 hour 0 minutes 12 seconds1:00:12\n"
        "Anna Berg 1 hour 0 minutes 12 seconds\nWell.\n",
    ],
    ids=[
        *("Descript", "Otter", "Rev", "Zoom", "Markdown", "f4", "times alone", "whisperX's terminal"),
        *("Happy Scribe", "Teams", "Word", "Zoom's saved captions", "Teams' page"),
    ],
)
def test_plain_text_variants(text: str) -> None:
    """Times may stand before the name, after it or above the text, in brackets or not."""
    transcript = read(text.encode(), "a.txt")
    clock = 3.0 if transcript.meta.notices else 0.0  # times of day count from the first
    assert [(one.speaker, int(one.start + clock), one.text) for one in transcript.segments] == [
        ("Anna Berg", 3, "Good day."),
        ("Ben", 7, "Hi."),
        ("Anna Berg", 3612, "Well."),
    ]


def test_headers_are_reported() -> None:
    """Text before the first time is not speech; Otter's header has the title and the date."""
    header = "Weekly sync\nTue, Mar 04, 2025 9:02AM • 31:22\n\nSUMMARY KEYWORDS\naudit\n\nSPEAKERS\nAnna, Ben\n\n"
    transcript = read(f"{header}Anna  00:00\nGood day.\n\nBen  00:06\nHi.\n".encode(), "a.txt")
    assert turns_of_text(transcript) == [("Anna", "Good day."), ("Ben", "Hi.")]
    assert (transcript.meta.title, transcript.meta.recorded_at) == ("Weekly sync", "2025-03-04T09:02")
    (notice,) = transcript.meta.notices
    assert (notice.code, notice.data) == ("formats.skipped-text", {"line": 1, "lines": 6})


def test_messages_of_whisper() -> None:
    """Whisper's console output starts with the language, and a colon in its text does not end a name."""
    head = "Detecting language using up to the first 30 seconds. Use `--language` to specify the language\n"
    text = f"{head}Detected language: German\n[00:00.000 --> 00:03.500]  Note: hi.\n[00:03.500 --> 00:06.000]  So.\n"
    transcript = read(text.encode(), "-")
    assert turns_of_text(transcript) == [(None, "Note: hi."), (None, "So.")]
    assert (transcript.language, transcript.meta.notices) == ("de", ())


def test_times_of_day_over_midnight() -> None:
    """Times of day continue after midnight, and the notice names the first."""
    transcript = read(b"[Anna] 23:59:50\nOne.\n[Ben] 00:00:10\nTwo.\n", "a.txt")
    assert [segment.start for segment in transcript.segments] == [0.0, 20.0]
    assert transcript.meta.notices[0].text.endswith("counted from the first, 23:59:50.0")


def test_names_in_any_spelling_before_texts() -> None:
    """In a text, a name in any spelling is one if it is repeated; a single clause before a colon is text."""
    text = b"[0:03] anna: good\n[0:07] three points: the budget\n[0:09] anna: well\n"
    assert turns_of_text(read(text, "a.txt")) == [
        ("anna", "good"),
        (None, "three points: the budget"),
        ("anna", "well"),
    ]


def test_text_below_times() -> None:
    """Text copied from YouTube has no names; several speakers may follow one time."""
    assert turns_of_text(read(b"0:03\ngood day\nall\n0:07\nhi: there\n", "a.txt")) == [
        (None, "good day all"),
        (None, "hi: there"),
    ]
    transcript = read(b"00:00:00\n \nAnna: One two.\nBen: Three.\n00:00:09\nAnna: Four.\n", "a.txt")
    assert [(one.speaker, one.start, one.text) for one in transcript.segments] == [
        ("Anna", 0.0, "One two."),
        ("Ben", 4.909, "Three."),
        ("Anna", 9.0, "Four."),
    ]


@pytest.mark.parametrize("text", ["See you at 10:30\nor later.\n", "Anna: Good day.\nBen: Hi.\n", "12:30 lunch\n"])
def test_texts_without_times_are_refused(text: str) -> None:
    """Prose with a time of day, and dialogues without times, are refused."""
    with pytest.raises(InputError, match="no time before the text"):
        read(text.encode(), "a.txt")
    with pytest.raises(InputError, match="text in an unknown format"):
        read(text.encode(), "-")


def test_notes_are_refused() -> None:
    """Markdown without timed paragraphs is refused rather than read as empty."""
    with pytest.raises(InputError, match=r"notes\.md: no paragraph starts with a time"):
        read(b"# Notes\n\nbuy milk\n", "notes.md")
