from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.formats import read, write
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Meta, Rename, Segment, Transcript, Word
from meetscribe.transcript.utterances import utterances

TALK = Transcript(
    (
        Segment((Word("Good", 62.35, 62.5, speaker="A"), Word("day.", 62.5, 63, speaker="A"))),
        Segment((Word("{text}", 64, 65),)),
        Segment((Word("*So*.", 65, 66, speaker="B"), Word("No.", 66, 67, speaker="A"))),
    ),
    Meta("en", 70, edits=(Rename({"A": "Anna\nBerg", "B": "{speaker}"}),)),
)


def text(template: str, format: str = "txt") -> str:
    return write(TALK, format, template=template).decode()


def test_a_template_lays_out_each_utterance() -> None:
    """Fields are filled in once, a line per utterance; braces in the text stay."""
    assert text("{number}. {start} {speaker}: {text}").splitlines() == [
        "1. 0:01:02.4 Anna Berg: Good day.",
        "2. 0:01:04.0 ?: {text}",
        "3. 0:01:05.0 {speaker}: *So*.",
        "4. 0:01:06.0 Anna Berg: No.",
    ]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{start:srt} --> {end:srt}", "00:01:02,350 --> 00:01:03,000"),
        ("{start:vtt}", "00:01:02.350"),
        ("{start:short}", "0:01:02"),
        ("{start:s}/{start:ms}/{duration:ms}", "62.350/62350/650"),
        (r"{speaker}\t{text}", "Anna Berg\tGood day."),
        ("{{{speaker}}}", "{Anna Berg}"),
        ("as it is", "as it is"),
    ],
)
def test_times_and_escapes(template: str, line: str) -> None:
    """Times have the requested style, and tabs, line breaks and literal braces can be written."""
    assert text(template).splitlines()[0] == line
    assert text(r"{speaker}:\n{text}\n").startswith("Anna Berg:\nGood day.\n\n?:\n")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{speker}", "did you mean 'speaker'"),
        ("{start:srtt}", "did you mean 'srt'"),
        ("{text:>10}", "has no style"),
        ("{text.__class__}", "no field"),
        ("{text[0]}", "no field"),
        ("{0}", "no field"),
        ("{}", "no field"),
        ("{text!r}", "no field"),
        ("{text", "invalid template"),
        ("text}", "invalid template"),
    ],
)
@pytest.mark.parametrize("format", ["txt", "md"])
def test_invalid_templates_are_refused(format: str, template: str, message: str) -> None:
    """Templates have named fields only; anything else is a usage error, so a template cannot reach into the program."""
    with pytest.raises(SettingsError, match=message):
        text(template, format)


def test_markdown_is_escaped() -> None:
    """In Markdown the template's markup counts; markup in names and texts is escaped."""
    assert text("**{speaker}** ({start:short})", "md").split("---\n")[2] == (
        "\n**Anna Berg** (0:01:02)\n\n**?** (0:01:04)\n\n**{speaker}** (0:01:05)\n\n**Anna Berg** (0:01:06)\n"
    )
    assert r"\*So\*." in text("{text}", "md")


def test_paragraphs_of_text() -> None:
    """On request, a line holds a paragraph of a speaker."""
    words = tuple(Segment((Word(f"{n}.", n, n + 0.5, speaker="A"),)) for n in range(3))
    transcript = Transcript(words, Meta("en", 3))
    assert write(transcript, "txt", paragraphs=True) == b"[0:00:00.0] A: 0. 1. 2.\n"
    assert write(transcript, "txt", paragraphs=True, template="{start:s}-{end:s} {text}") == b"0.000-2.500 0. 1. 2.\n"


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_any_transcript_has_a_line_for_each_utterance(transcript: Transcript) -> None:
    """The lines of a template stay single lines and hold every word of any transcript."""
    spoken = list(utterances(transcript.edited()))
    lines = write(transcript, "txt", template="{start:ms}\t{text}").decode().split("\n")
    assert lines == [*(f"{round(one.start * 1000)}\t{one_line(one.text)}" for one in spoken), ""]


def test_known_layouts_are_read() -> None:
    """Lines in a layout that other programs also write are read."""
    again = read(text("{speaker} ({start:short}): {text}").encode(), "-")
    assert [(one.speaker, one.start) for one in again.segments][:1] == [("Anna Berg", 62.0)]
