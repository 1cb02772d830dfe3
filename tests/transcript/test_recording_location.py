from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.transcript import Meta, RecordingFile, Transcript
from meetscribe.transcript.recording_location import locate_recording

SOUND = b"RIFF"
HASH = f"sha256:{hashlib.sha256(SOUND).hexdigest()}"


def of(path: Path | str, hash: str | None = HASH) -> Transcript:
    """Return an empty transcript of a recording."""
    return Transcript((), Meta("en", 1, RecordingFile(str(path), hash)))


def put(path: Path, content: bytes = SOUND) -> Path:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_given_path_comes_first(tmp_path: Path) -> None:
    """An explicit path is taken, whatever its content; one that is not there is refused."""
    given, _ = put(tmp_path / "other.wav", b"x"), put(tmp_path / "m.wav")
    assert locate_recording(of(tmp_path / "m.wav"), audio=given) == given
    with pytest.raises(InputError, match="is not a file"):
        locate_recording(of(tmp_path / "m.wav"), audio=tmp_path / "none.wav")


def test_beside_the_transcript_before_the_path_as_given(tmp_path: Path) -> None:
    """A recording that moved along with its transcript is found there."""
    old, beside = put(tmp_path / "old/m.wav"), put(tmp_path / "new/m.wav")
    assert locate_recording(of(old), tmp_path / "new/m.json") == beside
    beside.unlink()
    assert locate_recording(of(old), tmp_path / "new/m.json") == old


def test_a_renamed_recording_is_found_by_its_hash(tmp_path: Path) -> None:
    """Another recording under the old name does not count; one with the hash and the suffix does."""
    put(tmp_path / "m.wav", b"another")
    put(tmp_path / "copy.mp3")
    renamed = put(tmp_path / "renamed.WAV")
    assert locate_recording(of("elsewhere/m.wav"), tmp_path / "m.json") == renamed
    renamed.unlink()
    with pytest.raises(InputError, match=r"m\.wav was not found"):
        locate_recording(of("elsewhere/m.wav"), tmp_path / "m.json")


def test_without_a_hash_the_name_counts(tmp_path: Path) -> None:
    """A transcript of an unknown hash belongs to the file of its name, never to any other."""
    path = put(tmp_path / "m.wav", b"anything")
    assert locate_recording(of("m.wav", None), tmp_path / "m.json") == path
    with pytest.raises(InputError, match="was not found"):
        locate_recording(of("n.wav", None), tmp_path / "m.json")


def test_a_transcript_without_recording_names_the_remedy() -> None:
    """Without any name the path has to be given."""
    with pytest.raises(InputError, match="does not name its recording") as caught:
        locate_recording(Transcript((), Meta("en", 1)))
    assert "--audio" in caught.value.remedy
