from __future__ import annotations

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.parts.parsed_cues import (
    ParsedCue,
    divide_cue,
    is_name,
    merge_rolling,
    parse_cues,
    segments_from_cues,
    split_name,
)


def parse(text: str) -> list[ParsedCue]:
    return list(parse_cues(enumerate(text.split("\n"), start=1), "a.srt"))


def test_cues_need_no_blank_lines() -> None:
    """Blank lines within a cue are skipped and missing ones between cues do not matter."""
    text = "1\n00:01,000 --> 00:02,000\none\n\nmore\n2\n00:00:02.5 --> 00:03,000\ntwo"
    assert parse(text) == [ParsedCue(1.0, 2.0, ("one", "more")), ParsedCue(2.5, 3.0, ("two",))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello\nthere\n00:01,000 --> 00:02,000\none", r"a\.srt, line 1: expected the times of a cue, found 'hello'"),
        ("1\n00:02,000 --> 00:01,000\none", r"a\.srt, line 2: the cue ends before it starts"),
        ("1\n0:x --> 00:01,000\none", r"a\.srt, line 2: expected the times of a cue"),
    ],
)
def test_invalid_cues_are_refused(text: str, message: str) -> None:
    """Text before the first cue and impossible times are refused with their line."""
    with pytest.raises(InputError, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Anna: Yes.", "Anna", "Yes."),
        ("- Anna van der Berg: Yes.", "Anna van der Berg", "Yes."),
        ("[Anna] Yes.", "Anna", "Yes."),
        ("[Applause] Yes.", None, "[Applause] Yes."),
        (">> Yes.", "?", "Yes."),
        (">> Anna: Yes.", "Anna", "Yes."),
        ("It is 10:30 now.", None, "It is 10:30 now."),
        ("my point: no", None, "my point: no"),
    ],
)
def test_names_are_split_off(text: str, name: str | None, rest: str) -> None:
    """Names stand before colons or in brackets; sounds, times of day and clauses are text."""
    assert split_name(text) == (name, rest)


def test_names_look_like_names() -> None:
    """A name is short, without words in lower case except particles, or the sign of the unknown speaker."""
    assert all(map(is_name, ("Anna", "Ludwig van Beethoven", "Speaker 2", "speaker2", "?")))
    assert not any(map(is_name, ("the budget", "One Two Three Four Five", "von", "...")))


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


def test_dialogues_divide_the_time() -> None:
    """Two lines with dashes are two segments, timed in proportion to their letters."""
    segments = [one for one in segments_from_cues([ParsedCue(0.0, 4.0, ("- Ben: abc", "- d"))]) if one]
    assert [(one.speaker, one.start, one.end, one.text) for one in segments] == [
        ("Ben", 0.0, 3.0, "abc"),
        (None, 3.0, 4.0, "d"),
    ]


def test_words_keep_the_times_of_the_cue() -> None:
    """A cue with timestamps gives its words their starts."""
    (segment,) = divide_cue(ParsedCue(0.0, 2.0, ("a b",), (None, 1.5)), [("A", "a b")])
    assert segment is not None
    assert [(word.text, word.start, word.timing) for word in segment.words] == [
        ("a", 0.0, "interpolated"),
        ("b", 1.5, "engine"),
    ]
