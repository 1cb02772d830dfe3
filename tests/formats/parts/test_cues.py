"""SubRip and WebVTT, each parsed by a small strict reader of its own rules."""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.formats import write
from meetscribe.formats.parts.cues import STYLES, Preset, find_style, make_cues
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Meta, Segment, Transcript, Word

STAMP = r"(\d{2,}):([0-5]\d):([0-5]\d)[,.](\d{3})"
ARROW = re.compile("-*[>→]")
"""An arrow, however it is spelled and wherever a line breaks it."""


class Cue(NamedTuple):
    start_ms: int
    end_ms: int
    lines: list[str]


def milliseconds(stamp: str) -> int:
    """Return the milliseconds of a timestamp; fails if it is invalid."""
    match = re.fullmatch(STAMP, stamp)
    assert match, stamp
    hours, minutes, seconds, rest = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def cue(lines: list[str], point: str) -> Cue:
    """Return the cue of its lines, the first with the times; `-->` may appear nowhere else."""
    start, end = lines[0].split(" --> ")
    assert start[-4] == end[-4] == point
    assert not any("-->" in line or not line.strip() for line in lines[1:])
    return Cue(milliseconds(start), milliseconds(end), lines[1:])


def parse_srt(text: str) -> list[Cue]:
    """Return the cues of a SubRip file, which are numbered from 1 and separated by blank lines."""
    blocks = text.rstrip("\n").split("\n\n") if text else []
    assert not text or text.endswith("\n")
    numbered = [block.split("\n") for block in blocks]
    assert [lines[0] for lines in numbered] == [str(number) for number in range(1, len(blocks) + 1)]
    return [cue(lines[1:], ",") for lines in numbered]


def parse_vtt(text: str) -> list[Cue]:
    """Return the cues of a WebVTT file after its header and its notes: language, then title and date if known."""
    header, language, *blocks = text.rstrip("\n").split("\n\n")
    assert header == "WEBVTT"
    assert re.fullmatch(r"NOTE language: [\w-]+", language)
    for name in ("title", "date"):
        if blocks and blocks[0].startswith(f"NOTE {name}: "):
            note = blocks.pop(0)
            assert "-->" not in note and "\n" not in note
    return [cue(block.split("\n"), ".") for block in blocks]


def check(cues: list[Cue]) -> None:
    """Check that starts do not decrease, and that each cue lasts 1 ms to 7 s and has one or two lines."""
    assert [one.start_ms for one in cues] == sorted(one.start_ms for one in cues)
    for one in cues:
        assert 1 <= one.end_ms - one.start_ms <= 7000
        assert 1 <= len(one.lines) <= 2


def width(text: str) -> int:
    """Return the columns of the text on a screen."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def letters(text: str) -> str:
    """Return the text without white space."""
    return "".join(text.split())


def make_transcript(*said: tuple[str | None, float, float, str]) -> Transcript:
    """Return a transcript of segments (speaker, start, end, text) whose words divide the time evenly."""
    segments = []
    for speaker, start, end, text in said:
        words = text.split()
        step = (end - start) / len(words)
        segments.append(
            Segment(
                tuple(
                    Word(word, start + step * i, start + step * (i + 1), speaker=speaker)
                    for i, word in enumerate(words)
                )
            )
        )
    return Transcript(tuple(segments), Meta("en", 100))


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_srt_is_valid(transcript: Transcript) -> None:
    """SubRip of any transcript is valid, and no line is wider than 42 columns."""
    cues = parse_srt(write(transcript, "srt").decode())
    check(cues)
    assert all(width(line) <= 42 for one in cues for line in one.lines)


PAYLOAD = re.compile(r"(?:<v ([^<>\n]+)>)?([^<>]*)(?:</v>)?")


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_vtt_is_valid(transcript: Transcript) -> None:
    """WebVTT of any transcript is valid: at most one voice span per cue, and references for & < > only."""
    shown = {one_line(name) for name in transcript.edited().speakers}
    cues = parse_vtt(write(transcript, "vtt").decode())
    check(cues)
    for one in cues:
        match = PAYLOAD.fullmatch("\n".join(one.lines))
        assert match
        assert not re.search(r"&(?!amp;|lt;|gt;)", match[0])
        assert (match[1] is None) == (not match[0].endswith("</v>"))
        assert match[1] is None or (match[1].strip() and html.unescape(match[1]) in shown)


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_subtitles_hold_every_word_once(transcript: Transcript) -> None:
    """With a single speaker, the cues hold each word once and in order, arrows excepted."""
    words = [Word(word.text, word.start, word.end) for word in transcript.words]
    single = Transcript((Segment(tuple(words)),) if words else (), Meta("en", 1))
    spoken = letters(ARROW.sub("→", letters("".join(one_line(word.text) for word in words))))
    for cues in (
        parse_srt(write(single, "srt").decode()),
        [one._replace(lines=[html.unescape("\n".join(one.lines))]) for one in parse_vtt(write(single, "vtt").decode())],
    ):
        shown = ARROW.sub("→", letters("".join(line for one in cues for line in one.lines)))
        assert shown == spoken


voices = st.lists(
    st.tuples(st.sampled_from(["Anna", "Ben", None]), st.integers(0, 30), st.integers(1, 20), st.integers(1, 40)),
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(voices)
def test_srt_assigns_words_to_their_speakers(said: list[tuple[str | None, int, int, int]]) -> None:
    """A reader of SubRip who carries names forward assigns every word to its speaker."""
    marks = {"Anna": "an", "Ben": "be", None: "un"}
    transcript = make_transcript(
        *((who, start, start + length, f"{marks[who]} " * count) for who, start, length, count in said)
    )
    someone = any(who for who, *_ in said)
    current: str | None = "nobody yet" if someone else None
    previous = None
    for one in parse_srt(write(transcript, "srt").decode()):
        text = " ".join(one.lines)
        named = re.match(r"(Anna|Ben|\?): ", text)
        if named:
            current = None if named[1] == "?" else named[1]
            text = text[named.end() :]
            assert current != previous or previous is None
        assert set(text.split()) == {marks[current]}
        previous = current


def test_names_at_changes() -> None:
    """A name is written at a speaker's first cue, and again only after another speaker."""
    cues = parse_srt(
        write(
            make_transcript(("A", 0, 1, "one"), ("A", 1, 2, "two"), ("B", 2, 3, "three"), ("A", 3, 4, "four")), "srt"
        ).decode()
    )
    assert [one.lines for one in cues] == [["A: one"], ["two"], ["B: three"], ["A: four"]]


def test_no_names_without_speakers() -> None:
    """Without speakers there are no names, not even question marks."""
    cues = parse_srt(write(make_transcript((None, 0, 1, "one")), "srt").decode())
    assert [one.lines for one in cues] == [["one"]]
    assert "<v" not in write(make_transcript((None, 0, 1, "one")), "vtt").decode()


def test_cues_end_at_sentences() -> None:
    """A long segment is divided after a sentence or a clause rather than within one."""
    text = (
        "This is the first sentence of the talk. Here is another one, which goes on for quite a while, "
        "before it comes to its very end, as sentences do. And a last one."
    )
    cues = parse_srt(write(make_transcript((None, 0, 14, text)), "srt").decode())
    assert len(cues) >= 2
    assert [one.lines[-1][-1] for one in cues if one.lines[-1][-1] not in ".,"] == []
    assert " ".join(cues[0].lines).endswith("the talk.")


def test_no_word_is_left_alone() -> None:
    """If one word does not fit, the next cue gets at least three."""
    cues = parse_srt(write(make_transcript((None, 0, 6, "longish " * 11)), "srt").decode())
    assert [len(" ".join(one.lines).split()) for one in cues] == [8, 3]


def test_cues_end_at_pauses() -> None:
    """Without punctuation, cues are divided at pauses."""
    starts = [0.5 * i + (0.4 if i >= 8 else 0) for i in range(16)]
    words = tuple(Word("word", start, start + 0.5) for start in starts)
    cues = parse_srt(write(Transcript((Segment(words),), Meta("en", 9)), "srt").decode())
    assert [(one.start_ms, one.end_ms) for one in cues] == [(0, 4000), (4400, 8400)]


def test_two_lines_are_balanced() -> None:
    """Text on two lines is wrapped to lines of similar width."""
    cues = parse_srt(
        write(make_transcript((None, 0, 3, "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj")), "srt").decode()
    )
    assert [one.lines for one in cues] == [["aaaa bbbb cccc dddd eeee", "ffff gggg hhhh iiii jjjj"]]


def test_lines_do_not_end_with_an_article() -> None:
    """A line breaks before a short word rather than after it, if the widths stay similar."""
    cues = parse_srt(
        write(make_transcript((None, 0, 3, "Who can simplify the release in twelve hours?")), "srt").decode()
    )
    assert [one.lines for one in cues] == [["Who can simplify", "the release in twelve hours?"]]


def test_times_follow_the_words() -> None:
    """A cue starts with its first word and ends with its last, except for the gap before the next."""
    cues = parse_srt(write(make_transcript((None, 10, 20, "one two three four five")), "srt").decode())
    assert [(one.start_ms, one.end_ms) for one in cues] == [(10_000, 13_917), (14_000, 20_000)]
    assert [one.lines for one in cues] == [["one two"], ["three four five"]]


def test_times_follow_the_words_of_any_script() -> None:
    """Words of scripts without spaces have their own times too."""
    starts = [0.1 * i + (9 if i >= 30 else 0) for i in range(40)]
    words = [Word("字", start, start + 0.1) for start in starts]
    cues = parse_srt(write(Transcript((Segment(tuple(words)),), Meta("zh", 20)), "srt").decode())
    assert [(one.start_ms, one.end_ms) for one in cues] == [(0, 3000), (12_000, 13_000)]


def test_segments_in_any_order() -> None:
    """Segments out of order are shown in order of time."""
    cues = parse_srt(write(make_transcript(("A", 5, 6, "two"), ("A", 1, 2, "one")), "srt").decode())
    assert [(one.start_ms, one.lines) for one in cues] == [(1000, ["A: one"]), (5000, ["two"])]


def test_words_keep_their_order_around_an_interruption() -> None:
    """A word of another speaker within a sentence has a cue between the others; a cue ends where the next begins."""
    texts = [("A", "Right,"), ("A", "let"), ("B", "us"), ("A", "move"), ("A", "on"), ("A", "then.")]
    words = tuple(Word(text, 0.1 * i, 0.1 * (i + 1), speaker=who) for i, (who, text) in enumerate(texts))
    cues = parse_srt(write(Transcript((Segment(words),), Meta("en", 1)), "srt").decode())
    assert [(one.start_ms, one.lines) for one in cues] == [
        (0, ["A: Right, let"]),
        (200, ["B: us"]),
        (300, ["A: move on then."]),
    ]
    assert all(one.end_ms <= following.start_ms for one, following in pairwise(cues))


def test_words_that_overlap_do_not_divide_a_sentence() -> None:
    """What another speaker says at the same time has a cue of its own, which stays on the screen with the other."""
    transcript = make_transcript(("A", 0, 0.4, "Right, let"), ("B", 0.35, 0.45, "Yes."), ("A", 0.5, 2, "us move on."))
    cues = parse_srt(write(transcript, "srt").decode())
    assert [one.lines for one in cues] == [["A: Right, let us move on."], ["B: Yes."]]
    assert cues[1].end_ms > 450


def test_long_words_are_divided() -> None:
    """A word longer than a cue, as in a text without spaces, is shown in parts that divide its time."""
    long = Transcript((Segment((Word("字" * 63, 0, 12),)),), Meta("zh", 12))
    cues = parse_srt(write(long, "srt").decode())
    assert [one.lines for one in cues] == [["字" * 21], ["字" * 21], ["字" * 21]]
    assert [(one.start_ms, one.end_ms) for one in cues] == [(0, 3917), (4000, 7917), (8000, 12_000)]


def test_punctuation_stays_with_its_word() -> None:
    """Punctuation on its own joins the word before it and never starts a line."""
    words = tuple(Word(text, i, i + 0.5) for i, text in enumerate(["a" * 41, ",", "b" * 30, "。"]))
    cues = parse_srt(write(Transcript((Segment(words),), Meta("en", 5)), "srt").decode())
    assert [one.lines for one in cues] == [["a" * 41 + ",", "b" * 30 + "。"]]


def test_long_names_are_cut() -> None:
    """A name wider than a line is shortened in SubRip and complete in WebVTT."""
    transcript = make_transcript(("A", 0, 1, "one")).with_meta(edits={"A": "X" * 60})
    assert parse_srt(write(transcript, "srt").decode())[0].lines == ["X" * 40 + "…:", "one"]
    assert f"<v {'X' * 60}>" in write(transcript, "vtt").decode()


@pytest.mark.parametrize(
    ("text", "srt", "vtt"),
    [
        ("a-->b", "a→b", "a--&gt;b"),
        ("--->", "→", "---&gt;"),
        ("<i>&amp;", "‹i›&amp;", "&lt;i&gt;&amp;amp;"),
    ],
)
def test_escapes(text: str, srt: str, vtt: str) -> None:
    """Arrows cannot end a cue, and markup in the text is shown as text."""
    assert parse_srt(write(make_transcript((None, 0, 1, text)), "srt").decode())[0].lines == [srt]
    assert parse_vtt(write(make_transcript((None, 0, 1, text)), "vtt").decode())[0].lines == [vtt]


def test_voices_are_escaped() -> None:
    """A name cannot close its tag or break its line."""
    transcript = make_transcript(("A", 0, 1, "one")).with_meta(edits={"A": "Ann>a\n& <Co>"})
    assert parse_vtt(write(transcript, "vtt").decode())[0].lines == ["<v Ann&gt;a &amp; &lt;Co&gt;>one</v>"]


def test_hours() -> None:
    """Times beyond 24 and 100 hours neither wrap nor lose digits."""
    cues = parse_srt(write(make_transcript((None, 360_000.5, 360_001, "late")), "srt").decode())
    assert (cues[0].start_ms, cues[0].end_ms) == (360_000_500, 360_001_333)


WORDS = ("a", "word,", "longish", "End.", "我们", "Donaudampfschifffahrt", "-5", "x" * 50)


@st.composite
def conversations(draw: st.DrawFn) -> Transcript:
    """Draw several speakers, each in order of time, overlapping each other, in several scripts."""
    segments = []
    clocks = {"Anna": 0, "Ben the Elder": 0, None: 0}
    for _ in range(draw(st.integers(1, 8))):
        who = draw(st.sampled_from(list(clocks)))
        time = clocks[who] + draw(st.integers(0, 3000))
        words = []
        for _ in range(draw(st.integers(1, 30))):
            text = draw(st.sampled_from(WORDS))
            lasts = draw(st.integers(0, 900))
            words.append(Word(text, time / 1000, (time + lasts) / 1000, speaker=who))
            time += lasts + draw(st.sampled_from([0, 0, 40, 900, 8000]))
        clocks[who] = time
        segments.append(Segment(tuple(words)))
    return Transcript(tuple(segments), Meta("en", 100))


@settings(deadline=None, max_examples=10)
@given(conversations(), st.sampled_from(list(STYLES)), st.sampled_from(["never", "changes", "always"]), st.booleans())
def test_cues_keep_their_limits(transcript: Transcript, preset: str, names: str, dialogue: bool) -> None:
    """No cue exceeds the limits of its style or is too short to be noticed, and starts do not decrease."""
    style = find_style(preset)
    cues = make_cues(transcript, style, names, dialogue)
    assert [cue.start_ms for cue in cues] == sorted(cue.start_ms for cue in cues)
    for cue in cues:
        texts = [text for part in cue.parts for text in part.texts()]
        assert 1 <= len(texts) <= style.lines
        assert all(width(text) <= style.width for text in texts)
        assert 1 <= cue.end_ms - cue.start_ms <= style.max_ms


@settings(deadline=None, max_examples=10)
@given(conversations(), st.sampled_from(list(STYLES)), st.booleans())
def test_cues_have_one_speaker_and_every_word_once(transcript: Transcript, preset: str, dialogue: bool) -> None:
    """Each speaker's cues hold its words once and in order; two speakers share a cue only as a dialogue."""
    cues = make_cues(transcript, find_style(preset), dialogue=dialogue)
    shown: dict[str | None, str] = {}
    for one in cues:
        assert len({part.name for part in one.parts}) == len(one.parts) <= (2 if dialogue else 1)
        for part in one.parts:
            texts = [unit.text for line in part.lines for unit in line]
            shown[part.name] = shown.get(part.name, "") + letters("".join(texts))
    spoken: dict[str | None, str] = {}
    for segment in sorted(transcript.segments, key=lambda segment: segment.start):
        spoken[segment.speaker] = spoken.get(segment.speaker, "") + letters(segment.text)
    assert shown == spoken


@settings(deadline=None, max_examples=10)
@given(conversations(), st.sampled_from(list(STYLES)))
def test_cues_leave_gaps_and_time_to_read(transcript: Transcript, preset: str) -> None:
    """A speaker's cues do not overlap and leave the gap; a cue is too fast to read only without room to extend it."""
    style = find_style(preset)
    cues = make_cues(transcript, style)
    for number, one in enumerate(cues):
        own = next((later for later in cues[number + 1 :] if later.name == one.name), None)
        lasts = one.end_ms - one.start_ms
        if own is not None and own.start_ms - one.start_ms >= 2 * style.gap_ms:
            assert own.start_ms - one.end_ms >= style.gap_ms
        following = cues[number + 1] if number + 1 < len(cues) else None
        free = following is None or following.start_ms - one.end_ms > style.gap_ms
        if free and lasts < style.max_ms:
            assert lasts >= style.min_ms
            characters = sum(len(text) for text in one.parts[0].texts())
            assert not style.characters_per_second or characters * 1000 <= lasts * style.characters_per_second


def test_short_answers_become_a_dialogue() -> None:
    """On request, two short cues of different speakers become one, with a dash and a line each."""
    transcript = make_transcript(
        ("Anna", 0, 0.5, "Ready?"), ("Ben", 0.6, 1.0, "Yes."), ("Anna", 1.2, 4, "Then let us go.")
    )
    cues = parse_srt(write(transcript, "srt", dialogue=True).decode())
    assert [one.lines for one in cues] == [["- Anna: Ready?", "- Ben: Yes."], ["Anna: Then let us go."]]
    vtt = write(transcript, "vtt", dialogue=True).decode()
    assert "- <v Anna>Ready?</v>\n- <v Ben>Yes.</v>" in vtt


def test_highlighting() -> None:
    """Highlighting writes word starts in WebVTT and word durations in ASS, and underlines words in SubRip."""
    transcript = make_transcript(("Anna", 1, 4, "one two three"))
    assert "<v Anna>one <00:00:02.000>two <00:00:03.000>three</v>" in write(transcript, "vtt", highlight=True).decode()
    assert r"{\k100}one{\k100} two{\k100} three" in write(transcript, "ass", highlight=True).decode()
    cues = parse_srt(write(transcript, "srt", highlight=True).decode())
    assert [(one.start_ms, one.lines) for one in cues] == [
        (1000, ["Anna: <u>one</u> two three"]),
        (2000, ["Anna: one <u>two</u> three"]),
        (3000, ["Anna: one two <u>three</u>"]),
    ]


def test_colors_of_speakers() -> None:
    """On request, a STYLE block gives each speaker a colour, with the name escaped for CSS."""
    transcript = make_transcript(("A", 0, 1, "one")).with_meta(edits={"A": 'x"]) {} -->'})
    text = write(transcript, "vtt", colors=True).decode()
    assert text.split("\n\n")[1].splitlines() == [
        "STYLE",
        r'::cue(v[voice="x\22 \5d \29 \20 \7b \7d \20 \2d \2d \3e "]) { color: #99e6cc }',
    ]


def test_presets_are_the_styles() -> None:
    """Every offered preset has a style, and every style is offered."""
    assert get_args(Preset) == tuple(STYLES)


@pytest.mark.parametrize("name", ["srt", "vtt", "ass"])
def test_unknown_styles_are_refused(name: str) -> None:
    """An unknown preset, or a width too small for words, is a usage error."""
    with pytest.raises(SettingsError, match="did you mean 'netflix'"):
        write(make_transcript(("A", 0, 1, "one")), name, preset="netflx")
    with pytest.raises(SettingsError, match="5 columns"):
        write(make_transcript(("A", 0, 1, "one")), name, width=5)
