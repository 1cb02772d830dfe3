from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.audio.tags import read_tags
from meetscribe.transcript import Meta
from tests.support.recordings import KINDS, tone, write


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-27",
        "2026-11-27T10:00:00.000000Z",
        "2026-11-27T10:00:00.123Z",
        "2026-11-27 10:00:00",
        "2026-11-27T10:00:00+01:00",
    ],
)
def test_iso_dates_are_kept_as_given(date: str) -> None:
    """A date in ISO 8601 is returned unchanged, and a transcript may have it."""
    assert read_tags({"creation_time": date}) == (None, date)
    assert Meta("en", 1, recorded_at=date).recorded_at == date


@pytest.mark.parametrize(
    "date", ["", "2026", "27.11.2026", "yesterday", "2026-13-01", "1904-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"]
)
def test_other_dates_are_unknown(date: str) -> None:
    """Years alone, other notations and the epoch of a container whose clock was not set are not dates."""
    assert read_tags({"date": date}) == (None, None)


def test_the_first_usable_tag_counts() -> None:
    """Names of tags are read in any case; a mapping without a usable value is passed over; a title is one line."""
    container, stream = {"Title": " \n", "DATE": "2026"}, {"title": "Weekly\nmeeting", "date": "2026-11-27"}
    assert read_tags(container, stream) == ("Weekly meeting", "2026-11-27")


@pytest.mark.parametrize(
    ("suffix", "tag", "date"),
    [
        ("m4a", "creation_time", "2026-11-27T10:00:00.000000Z"),
        ("mkv", "creation_time", "2026-11-27T10:00:00.000000Z"),
        ("flac", "date", "2026-11-27"),
        ("mp3", "date", "2026-11-27"),
        ("opus", "date", "2026-11-27"),
        ("wav", "date", "2026-11-27"),
    ],
)
def test_tags_of_every_container_are_read(tmp_path: Path, suffix: str, tag: str, date: str) -> None:
    """Title and date of a recording are those that its container holds."""
    codec, rate = KINDS[suffix]
    path = write(tmp_path / f"a.{suffix}", tone(rate, 1, 0.2), codec, rate, tags={"title": "Weekly", tag: date})
    audio = load_audio(path)
    assert (audio.title, audio.recorded_at) == ("Weekly", date)


def test_a_recording_without_tags_has_no_date(tmp_path: Path) -> None:
    """Without tags title and date are unknown; the time of the file is not used."""
    audio = load_audio(write(tmp_path / "a.wav", tone(16_000, 1, 0.2)))
    assert (audio.title, audio.recorded_at) == (None, None)
