"""Title, date and participants of a meeting are carried by the formats that can hold them."""

from __future__ import annotations

import pytest

from meetscribe.formats import read, write
from meetscribe.formats.parts.meeting import meeting_title, read_date
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import RecordingFile, Transcript

DATE = "2026-11-27T10:00:00+01:00"


def meeting() -> Transcript:
    """Return a meeting with all facts."""
    return synthetic_meeting().transcript.with_meta(
        title="Weekly --> <sync>", recorded_at=DATE, participants=("Anna", "Zoë")
    )


@pytest.mark.parametrize("name", ["json", "parquet", "jsonl", "vtt", "md", "docx"])
def test_dates_are_read_back(name: str) -> None:
    """The date comes back from every format that is read and holds it."""
    assert read(write(meeting(), name), "-").meta.recorded_at == DATE


@pytest.mark.parametrize(
    ("name", "title"),
    [("json", "Weekly --> <sync>"), ("jsonl", "Weekly --> <sync>"), ("vtt", "Weekly -> <sync>")]
    + [(name, "Weekly --> <sync>") for name in ("md", "docx")],
)
def test_titles_are_read_back(name: str, title: str) -> None:
    """The title comes back; a WebVTT comment cannot hold an arrow."""
    assert read(write(meeting(), name), "-").meta.title == title


@pytest.mark.parametrize("title", ["acme.io", "plan.v2", "Release 2.0", "Q3"])
@pytest.mark.parametrize("name", ["md", "docx"])
def test_a_title_with_a_dot_is_read_back(name: str, title: str) -> None:
    """Only a name that a recording would have is no title."""
    assert read(write(meeting().with_meta(title=title), name), "-").meta.title == title


@pytest.mark.parametrize("recording", ["standup.flac", "Team call.MP3", "talk.ogg"])
def test_the_name_of_the_recording_is_no_title(recording: str) -> None:
    untitled = meeting().with_meta(title=None, recording=RecordingFile(recording))
    assert read(write(untitled, "md"), "-").meta.title is None


def test_a_comment_holds_no_arrow_of_any_length() -> None:
    """An arrow of any length in the title becomes the shortest one, which starts no cue."""
    written = write(meeting().with_meta(title="a ---> b -----> c"), "vtt").decode()
    assert "NOTE title: a -> b -> c\n" in written


def test_participants_are_read_back() -> None:
    """Participants come back from native JSON and from the front matter of Markdown."""
    for name in ("json", "md"):
        assert read(write(meeting(), name), "-").meta.participants == ("Anna", "Zoë")


@pytest.mark.parametrize("name", ["md", "html", "ttml", "docx"])
def test_pages_show_title_and_date(name: str) -> None:
    """Pages and documents are titled with the meeting, not with the file."""
    if name == "docx":
        docx = pytest.importorskip("docx")
        import io

        document = docx.Document(io.BytesIO(write(meeting(), name)))
        text = "\n".join(each.text for each in document.paragraphs)
        assert document.core_properties.title == "Weekly --> <sync>"
    else:
        text = write(meeting(), name).decode()
        assert "Weekly" in text
    assert DATE in text


def test_the_title_falls_back_to_the_recording() -> None:
    """Without a title the recording names the page, without either it is a transcript."""
    plain = synthetic_meeting().transcript
    assert plain.recording and meeting_title(plain) == plain.recording.name
    assert meeting_title(plain.with_meta(recording=None)) == "Transcript"


@pytest.mark.parametrize(("value", "date"), [(DATE, DATE), ("2026", None), (2026, None), (None, None)])
def test_only_iso_dates_are_read(value: object, date: str | None) -> None:
    """Anything else in a file is not a date."""
    assert read_date(value) == date
