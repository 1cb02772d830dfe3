"""Forgetting deletes all voiceprints of a person, and finds the files that hold the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.meetings.forgetting import forget, forget_voiceprints
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.values import Source
from meetscribe.testing import synthetic_meeting
from tests.support.voiceprints import profile, voiceprint


def test_a_person_is_forgotten(tmp_path: Path, data: Path) -> None:
    """The profile is deleted; files in the folders given, and beside the meeting enrolled from, are listed."""
    (tmp_path / "meetings").mkdir()
    (tmp_path / "exports").mkdir()
    (tmp_path / "meetings" / "monday.txt").write_text("Anna: Hello.")
    (tmp_path / "exports" / "monday.srt").write_text("1\nAnna: Hello.")
    source = Source(str(tmp_path / "meetings" / "monday.json"), "SPEAKER_00")
    store = ProfileStore()
    store.add(profile("Anna", voiceprint(1.0, source=source)))
    found = forget("anna", [tmp_path / "exports"], store)
    assert found.profile.name == "Anna" and {file.name for file in found.files} == {"monday.txt", "monday.srt"}
    assert store.all() == () and not list(data.rglob("*.json"))
    with pytest.raises(SettingsError, match="no profile"):
        forget("anna", [], store)


def test_a_meeting_is_recognised_by_its_recording(tmp_path: Path) -> None:
    """What was learnt from a recording is forgotten by any transcript of it, wherever it lies."""
    talk = synthetic_meeting().transcript
    file = tmp_path / "moved.json"
    talk.save(file)
    assert talk.recording is not None
    hash = talk.recording.hash
    sources = [Source("gone/monday.json", "SPEAKER_00", hash), Source("a.wav", None, "sha256:ff")]
    store = ProfileStore()
    store.add(profile("Anna", *(voiceprint(1.0, source=source) for source in sources)))
    assert [each.source.file for each in forget_voiceprints("Anna", file, store).voiceprints] == ["a.wav"]
    with pytest.raises(SettingsError, match="no voiceprint from"):
        forget_voiceprints("Anna", file, store)
