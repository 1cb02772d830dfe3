"""Lines without a time in a corrected copy, which begin with a name that the file does not have."""

from __future__ import annotations

import pytest

from meetscribe.formats import read
from meetscribe.publishing.corrected_copies import compare_copy
from meetscribe.publishing.new_speakers import with_new_speakers
from meetscribe.transcript import Transcript
from meetscribe.transcript.word_ids import with_word_ids

TEXT = "[0:00:01.0] Anna: The plan: we start.\n[0:00:05.0] Ben: Yes.\n[0:00:09.0] Anna: So be it.\n"


def turns(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(segment.speaker, segment.text) for segment in transcript.edited().segments]


@pytest.mark.parametrize(
    ("line", "spoken", "untimed"),
    [
        ("Dora: Sounds good.", [("Ben", "Yes."), ("Dora", "Sounds good.")], True),
        ("Anna: Sounds good.", [("Ben", "Yes."), ("Anna", "Sounds good.")], False),
        ("sounds good: really", [("Ben", "Yes. sounds good: really")], False),
        ("Dora:", [("Ben", "Yes. Dora:")], False),
    ],
)
def test_a_line_without_a_time(line: str, spoken: list[tuple[str | None, str]], untimed: bool) -> None:
    """A new name before a text makes a new speaker; other lines continue the speaker before."""
    transcript = with_word_ids(read(TEXT.encode(), "a.txt"))
    data = TEXT.replace("Yes.\n", f"Yes.\n{line}\n").encode()
    found = compare_copy(transcript, data, "b.txt")
    assert turns(found.apply(transcript))[1:-1] == spoken
    assert found.untimed == ((line,) if untimed else ())


def test_text_of_the_transcript_is_not_a_name() -> None:
    """A line is not divided if its name is spoken in the transcript, or if it is above the first time."""
    transcript = read(TEXT.replace("The plan:", "The Plan:").encode(), "a.txt")
    for lines in (["[0:00:01.0] Anna: So", "Plan: we start."], ["Dora: be it."]):
        assert with_new_speakers(transcript, transcript, lines) == (transcript, ())
