from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.report import audio_source
from meetscribe.report.audio_source import audio_url


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """A folder with a recording and a text file of the same name."""
    (tmp_path / "a b.txt").touch()
    (tmp_path / "a b.flac").write_bytes(b"sound")
    return tmp_path


def test_small_recordings_are_embedded(audio: Path) -> None:
    """The recording is given as a file, or as a folder in which it is found by name."""
    expected = "data:audio/flac;base64,c291bmQ="
    assert audio_url(audio / "a b.flac", "x", audio, single=True) == expected
    assert audio_url(audio, "a b", audio, single=False) == expected
    assert audio_url(None, "a b", audio, single=True) is None


def test_large_recordings_are_linked(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link is relative to the folder of the page."""
    monkeypatch.setattr(audio_source, "MAX_EMBEDDED_BYTES", 4)
    (audio / "pages").mkdir()
    assert audio_url(audio, "a b", audio / "pages", single=True) == "../a%20b.flac"


def test_a_missing_recording_is_an_error(audio: Path) -> None:
    for path, name, single in ((audio, "c", True), (audio / "a b.flac", "a b", False)):
        with pytest.raises(InputError, match=f"no recording called {name}"):
            audio_url(path, name, audio, single=single)
