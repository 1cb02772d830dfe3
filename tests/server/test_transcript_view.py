"""The stored view of a transcript is that of its file, whoever writes the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("starlette")

from meetscribe.server.transcript_view import read_view, transcript_view, write_view
from meetscribe.testing import synthetic_meeting


def test_a_view_is_stored_once_per_version_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "transcript.json"
    transcript = synthetic_meeting(turns=4).transcript
    transcript.save(file, "json")
    written = write_view(file, transcript)
    assert json.loads(written) == json.loads(json.dumps(transcript_view(transcript)))
    (stored,) = tmp_path.glob("view-*.json")
    assert stored.stat().st_mode & 0o777 == 0o600
    stored.write_bytes(b"{}")
    assert read_view(file) == b"{}"  # read, not computed

    renamed = transcript.rename({transcript.speakers[0]: "Anna"})
    renamed.save(file, "json", force=True)
    assert "Anna" in json.loads(read_view(file))["speakers"]
    assert len([*tmp_path.glob("view-*.json")]) == 1
