from __future__ import annotations

from pathlib import Path

import pytest

import meetscribe
from meetscribe.errors import InputError
from meetscribe.minutes import dumps
from meetscribe.report.sources import find_sound, minutes_beside, read_minutes, recording_link
from meetscribe.transcript import RecordingFile
from tests.report.meetings import meeting


def test_minutes_are_found_beside_the_transcript(tmp_path: Path) -> None:
    """The minutes of a.b.json are a.b.minutes.json."""
    file = tmp_path / "a.b.json"
    assert minutes_beside(file) is None
    minutes = meetscribe.minutes(meeting())
    (tmp_path / "a.b.minutes.json").write_text(dumps(minutes), encoding="utf-8")
    found = minutes_beside(file)
    assert found == tmp_path / "a.b.minutes.json"
    assert read_minutes(found) == minutes


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00", b"[]", b"{"])
def test_minutes_that_cannot_be_read(tmp_path: Path, data: bytes | None) -> None:
    file = tmp_path / "minutes.json"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(InputError, match="minutes.json"):
        read_minutes(file)


@pytest.mark.parametrize("name", ["minutes.docx", "Minutes.MD", "minutes.html"])
def test_minutes_in_a_format_that_is_only_written(tmp_path: Path, name: str) -> None:
    """The error says which format is read, and how to get it."""
    with pytest.raises(InputError, match="only from JSON") as raised:
        read_minutes(tmp_path / name)
    assert "-o NAME.minutes.json" in str(raised.value.remedy)


def test_the_recording_is_found_beside_the_transcript_or_given(tmp_path: Path) -> None:
    transcript = meeting().with_meta(recording=RecordingFile("elsewhere/talk.wav"))
    (tmp_path / "talk.wav").write_bytes(b"sound")
    (tmp_path / "pages").mkdir()
    found = find_sound(transcript, "link", tmp_path / "pages", meeting=tmp_path / "talk.json")
    assert found is not None
    assert found.url == "../talk.wav"
    assert find_sound(transcript, "link", tmp_path, audio=tmp_path / "talk.wav") is not None
    assert find_sound(transcript, "none", tmp_path) is None
    with pytest.raises(InputError, match="was not found"):
        find_sound(transcript, "link", tmp_path)
    with pytest.raises(InputError, match="not a recording that can be read"):
        find_sound(transcript, "embed", tmp_path, audio=tmp_path / "talk.wav")


@pytest.mark.parametrize(
    ("file", "url"), [("m.md", "my%20talk.wav"), ("sub/m.html", "../my%20talk.wav"), ("m.csv", None)]
)
def test_the_link_from_minutes_to_the_recording(tmp_path: Path, file: str, url: str | None) -> None:
    """It is relative to the folder of the minutes; formats without links have none."""
    transcript = meeting().with_meta(recording=RecordingFile(str(tmp_path / "my talk.wav")))
    assert recording_link(tmp_path / file, transcript, tmp_path / "talk.json") is None
    (tmp_path / "my talk.wav").write_bytes(b"sound")
    assert recording_link(tmp_path / file, transcript, tmp_path / "talk.json") == url
