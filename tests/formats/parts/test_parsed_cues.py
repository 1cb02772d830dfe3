from __future__ import annotations

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.parsed_cues import ParsedCue, divide_cue, merge_rolling, parse_cues, segments_from_cues


def parse(text: str, document: Document | None = None) -> list[ParsedCue]:
    return parse_cues(enumerate(text.split("\n"), start=1), document or Document(b"", "a.srt"))


def test_cues_need_no_blank_lines() -> None:
    """Blank lines within a cue are skipped and missing ones between cues do not matter."""
    text = "1\n00:01,000 --> 00:02,000\none\n\nmore\n2\n00:00:02.5 --> 00:03,000\ntwo"
    assert parse(text) == [ParsedCue(1.0, 2.0, ("one", "more")), ParsedCue(2.5, 3.0, ("two",))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello\nthere\n00:01,000 --> 00:02,000\none", r"a\.srt, line 1: expected the times of a cue, found 'hello'"),
        ("hello", r"a\.srt, line 1: expected the times of a cue, found 'hello'"),
        ("1\n0:x --> 00:01,000\none", r"a\.srt, line 2: expected the times of a cue, found '0:x"),
    ],
)
def test_texts_without_cues_are_refused(text: str, message: str) -> None:
    """Text before the first cue is refused with its line, and so is a file without any valid times."""
    with pytest.raises(InputError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("bad", "span", "problem"),
    [
        ("00:02,000 --> 00:01,999", (2.0, 2.0), "the cue ends before it starts; its end was set to its start"),
        ("0:x --> 00:01,000", (1.0, 3.0), "invalid times: '0:x --> 00:01,000'; the cue was placed between its"),
        ("00:02 --> 00:02,500", (1.0, 3.0), "invalid times"),
    ],
)
def test_a_cue_with_invalid_times_is_kept(bad: str, span: tuple[float, float], problem: str) -> None:
    """The words of a cue with impossible times are kept, and the notice names the line."""
    document = Document(b"", "a.srt")
    text = f"1\n00:00,500 --> 00:01,000\none\n\n2\n{bad}\ntwo\n\n3\n00:03,000 --> 00:04,000\nthree\n"
    assert [(cue.start, cue.end, cue.lines) for cue in parse(text, document)] == [
        (0.5, 1.0, ("one",)),
        (*span, ("two",)),
        (3.0, 4.0, ("three",)),
    ]
    (notice,) = document.notices
    assert (notice.code, notice.data) == ("formats.cue-times", {"line": 6})
    assert notice.text.startswith(f"a.srt, line 6: {problem}")


def test_arrows_in_the_text() -> None:
    """A line of text may hold an arrow, and times of day around it."""
    text = "1\n00:01,000 --> 00:02,000\nThe flow goes A --> B\n\n2\n00:03,000 --> 00:04,000\n9:30 --> 10:30 is free\n"
    assert [cue.lines for cue in parse(text)] == [("The flow goes A --> B",), ("9:30 --> 10:30 is free",)]


def test_rolling_lines_are_read_once() -> None:
    """Lines that reappear above the next are removed; repeated cues that do not roll are kept."""
    rolling = [
        ParsedCue(0, 1, ("a",)),
        ParsedCue(1, 2, ("a", "b")),
        ParsedCue(2, 3, ("b", "c")),
        ParsedCue(3, 4, ("c", "d")),
    ]
    assert [cue.lines for cue in merge_rolling(rolling)] == [("a",), ("b",), ("c",), ("d",)]
    repeated = [ParsedCue(place, place + 1, ("Yes.",)) for place in range(4)]
    assert merge_rolling(repeated) == repeated
    dialogue = [
        ParsedCue(0, 1, ("- Yes.", "- No.")),
        ParsedCue(1, 2, ("- No.", "- Yes.")),
        ParsedCue(2, 3, ("- Yes.", "- Why?")),
    ]
    assert merge_rolling(dialogue) == dialogue


def test_dialogues_divide_the_time() -> None:
    """Two lines with dashes are two segments, timed in proportion to their letters."""
    segments = [one for one in segments_from_cues([ParsedCue(0.0, 4.0, ("- Ben: abc", "- d"))], Document(b"")) if one]
    assert [(one.speaker, one.start, one.end, one.text) for one in segments] == [
        ("Ben", 0.0, 3.0, "abc"),
        (None, 3.0, 4.0, "d"),
    ]


def test_a_cue_without_names_is_counted_once() -> None:
    """A dialogue in which a line or both lines have no name counts as one cue."""
    document = Document(b"", "a.srt")
    cues = [ParsedCue(0, 1, ("- Yes.", "- No.")), ParsedCue(1, 2, ("- anna: So.", "- ben: No."))]
    cues += [ParsedCue(2, 3, ("- anna: Yes.", "- ben: No.")), ParsedCue(3, 4, ("- anna: Why?", "- ben: So."))]
    segments_from_cues(cues, document)
    (notice,) = document.notices
    assert (notice.code, notice.data) == ("formats.unnamed-cues", {"cues": 1, "of": 4})
    assert notice.text.startswith("a.srt: 1 of 4 cues lack a speaker's name")


def test_words_keep_the_times_of_the_cue() -> None:
    """A cue with timestamps gives its words their starts."""
    (segment,) = divide_cue(ParsedCue(0.0, 2.0, ("a b",), (None, 1.5)), [("A", "a b")])
    assert segment is not None
    assert [(word.text, word.start, word.timing) for word in segment.words] == [
        ("a", 0.0, "interpolated"),
        ("b", 1.5, "engine"),
    ]
