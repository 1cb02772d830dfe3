"""Every reader of files has a limit, and a larger file is a clear error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from meetscribe.cli.application import application
from meetscribe.cli.flags import read_entries
from meetscribe.cli.transcripts import read_transcript
from meetscribe.corpus import Manifest, find_recordings
from meetscribe.errors import MeetscribeError
from meetscribe.formats.recording_files import find_transcripts
from meetscribe.publishing.speaker_names import read_speaker_names
from meetscribe.settings import load_settings
from meetscribe.storage import files
from meetscribe.storage.files import hold_folder, is_held, read_file, replacing_file

ENDLESS = Path("/dev/zero")

READERS: dict[str, Callable[[Path], object]] = {
    "settings": load_settings,
    "names": read_speaker_names,
    "vocabulary": lambda file: read_entries(file, "--vocabulary"),
    "list": lambda file: find_recordings([], file),
    "transcript": lambda file: read_transcript(str(file)),
    "truth": lambda file: find_transcripts(file, with_turns=True),
    "manifest": Manifest,
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits of all readers."""
    from meetscribe.cli import flags, transcripts
    from meetscribe.corpus import inputs, manifest
    from meetscribe.formats import files as formats
    from meetscribe.formats import recording_files
    from meetscribe.publishing import destinations
    from meetscribe.settings import toml_files

    for module in (flags, destinations, recording_files, transcripts, inputs, manifest, formats, toml_files):
        for limit in ("SETTINGS_BYTES", "LINES_BYTES", "TRANSCRIPT_BYTES"):
            if hasattr(module, limit):
                monkeypatch.setattr(module, limit, 1000)


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    """The limit is inclusive, for files and streams."""
    file = tmp_path / "a"
    file.write_bytes(b"x" * 10)
    assert read_file(file, 10) == b"x" * 10 == read_file(io.BytesIO(b"x" * 10), 10)
    for source in (file, io.BytesIO(b"x" * 10)):
        with pytest.raises(OSError, match="larger than 9e-06 MB"):
            read_file(source, 9)


@pytest.mark.parametrize("reader", READERS)
def test_a_larger_file_is_an_error(reader: str, tmp_path: Path) -> None:
    """Each reader reports the limit, with a remedy."""
    file = tmp_path / "large"
    file.write_text("# large " * 200 if reader == "manifest" else "# large\n" * 200)  # a manifest is read by lines
    with pytest.raises(MeetscribeError, match="is larger than 0.001 MB") as error:
        READERS[reader](file)
    assert error.value.remedy
    assert error.value.exit_code in (2, 3)


@pytest.mark.skipif(not ENDLESS.exists(), reason="this system has no such device")
@pytest.mark.parametrize("reader", READERS)
def test_an_endless_device_is_an_error(reader: str) -> None:
    """No reader hangs on a device that has no end."""
    with pytest.raises(MeetscribeError):
        READERS[reader](ENDLESS)


def test_a_pipe_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Input from a pipe that exceeds the limit has exit code 3."""
    done = CliRunner().invoke(application, ["export", "-", "-f", "txt"], input="a" * 1001)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "stdin cannot be read: it is larger than" in done.stderr


def test_limits_exceed_real_files() -> None:
    """There is room for a list of 100 000 recordings, 10 000 names, and 100 hours of words."""
    assert files.LINES_BYTES >= 100_000 * 100
    assert files.SETTINGS_BYTES >= 10_000 * 100
    assert files.TRANSCRIPT_BYTES >= 100 * 3600 * 3 * 250


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")
def test_a_folder_is_held_by_one_holder(tmp_path: Path) -> None:
    """The second holder gets None until the first one closes its handle."""
    assert not is_held(tmp_path)
    handle = hold_folder(tmp_path)
    assert handle is not None and is_held(tmp_path) and hold_folder(tmp_path) is None
    os.close(handle)
    assert not is_held(tmp_path)


def test_a_file_is_replaced_only_as_a_whole(tmp_path: Path) -> None:
    """An error while it is written leaves the old file, and no other one beside it; the new one is the owner's."""
    target = tmp_path / "a.mp3"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match="broken"), replacing_file(target) as file:
        file.write(b"new")
        raise ValueError("broken")
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]
    with replacing_file(target) as file:
        file.write(b"new")
    assert target.read_bytes() == b"new" and target.stat().st_mode & 0o777 == 0o600
