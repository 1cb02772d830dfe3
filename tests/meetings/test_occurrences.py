"""Files with a name are found in every format, whole words only."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.formats import FORMATS, save
from meetscribe.meetings.occurrences import files_with_name
from meetscribe.testing import synthetic_meeting

TALK = synthetic_meeting(speakers=2).transcript
FORMATS_WITH_NAMES = ("json", "txt", "srt", "vtt", "md", "csv", "html", "rttm", "docx", "parquet")


@pytest.mark.parametrize("name", ["Anna", "Ünal Öz", "A & B", "Zoë"])
def test_every_format(tmp_path: Path, name: str) -> None:
    """A name is found in each format that holds it, however the format escapes it."""
    named = TALK.rename({TALK.speakers[0]: name})
    files = set()
    for format in FORMATS_WITH_NAMES:
        if format == "rttm" and " " in name:
            continue  # which has no spaces in names
        files.add(tmp_path / f"{format}{FORMATS[format].suffixes[0]}")
        save(named, tmp_path / f"{format}{FORMATS[format].suffixes[0]}", format)
    assert set(files_with_name(name, [tmp_path])) == files


def test_only_the_whole_name(tmp_path: Path) -> None:
    """Longer words, other files and unreadable ones are not listed; each file once."""
    (tmp_path / "x").mkdir()
    (tmp_path / "a.txt").write_text("Annabel and Hanna")
    (tmp_path / "b.txt").write_text("so said ANNA.")
    (tmp_path / "c.bin").write_text("Anna")
    (tmp_path / "d.docx").write_text("Anna")
    assert list(files_with_name("Anna", [tmp_path, tmp_path / "x" / ".."])) == [tmp_path / "b.txt"]
