from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.publishing.speaker_names import read_speaker_names


def test_names_are_read(tmp_path: Path) -> None:
    file = tmp_path / "names.toml"
    file.write_text('SPEAKER_00 = "Anna"\n"Ben B." = "Ben Berg"\n')
    assert read_speaker_names(file) == {"SPEAKER_00": "Anna", "Ben B.": "Ben Berg"}
    assert read_speaker_names(None) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A = 1\n", "A has no name"),
        ('A = " "\n', "A has no name"),
        ('A = "Anna"\nB = "anna"\n', "A and B have the same name, anna"),
        ("Anna", "is not TOML"),
    ],
)
def test_other_files_are_errors(tmp_path: Path, text: str, message: str) -> None:
    """Each error says how to write the file, or how to merge two speakers."""
    (tmp_path / "names.toml").write_text(text)
    with pytest.raises(SettingsError, match=message) as error:
        read_speaker_names(tmp_path / "names.toml")
    assert error.value.remedy
