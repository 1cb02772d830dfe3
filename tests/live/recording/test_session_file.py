"""The file session.json."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.errors import InputError, OutputError
from meetscribe.live.recording.session_file import SessionFile, read_session_file, write_session_file
from meetscribe.storage.files import hold_folder

SESSION = SessionFile(
    "2026-11-27T10:00:00+01:00", "Microphone ⟨é⟩", 2, language="en", title="Monday", channel_speakers=("me", "them")
)


def test_a_session_file_reads_back_equal(tmp_path: Path) -> None:
    """While a process holds the folder, the state is the one that was written."""
    handle = hold_folder(tmp_path)
    assert handle is not None
    try:
        write_session_file(tmp_path, SESSION)
        assert read_session_file(tmp_path) == SESSION
        assert (tmp_path / "session.json").stat().st_mode & 0o777 == 0o600
    finally:
        os.close(handle)


@pytest.mark.parametrize(
    ("written", "read"),
    [("recording", "interrupted"), ("refining", "interrupted"), ("final", "final"), ("live-final", "live-final")],
)
def test_a_session_whose_process_ended_is_interrupted(tmp_path: Path, written: str, read: str) -> None:
    write_session_file(tmp_path, replace(SESSION, state=written))  # type: ignore[arg-type]
    assert read_session_file(tmp_path).state == read


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "meetscribe-session/1"}', "\udcff"])
def test_a_damaged_session_file_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match="cannot be read"):
        read_session_file(tmp_path)


def test_what_is_no_session_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the folder of a live session"):
        read_session_file(tmp_path)
    with pytest.raises(OutputError, match="not writable"):
        write_session_file(tmp_path / "missing", SESSION)
    for wrong in ({"channels": 9}, {"state": "asleep"}, {"channel_speakers": ("me",)}):
        with pytest.raises(ValueError, match="channels|state"):
            replace(SESSION, **wrong)  # type: ignore[arg-type]
