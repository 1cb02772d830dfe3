from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe import formats
from meetscribe.errors import OutputError
from meetscribe.publishing.destinations import (
    is_own_output,
    native_file,
    output_files,
    prepare_outputs,
    require_new,
    write_files,
)
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript

TRANSCRIPT = synthetic_meeting(seed=3).transcript


def outputs(folder: Path, *names: str, overwrite: bool = False) -> dict[str, Path]:
    return prepare_outputs(Path("in/team.sync.wav"), folder, names, overwrite)


def test_files_are_named_after_the_recording() -> None:
    """Only the last suffix of the recording is replaced; the native JSON comes first."""
    files = output_files(Path("in/team.sync.wav"), Path("out"), ["srt", "json"])
    assert list(files.items()) == [("json", Path("out/team.sync.json")), ("srt", Path("out/team.sync.srt"))]


def test_own_files_may_be_replaced(tmp_path: Path) -> None:
    """Files that meetscribe wrote may be replaced, also before the latest corrections; edited files may not."""
    files = outputs(tmp_path / "a" / "b", "json", "txt")
    assert write_files(TRANSCRIPT, files) == (list(files.values()), [])
    TRANSCRIPT.rename({"SPEAKER_00": "Anna"}).save(files["json"])
    assert outputs(tmp_path / "a" / "b", "json", "txt") == files
    files["txt"].write_text("my notes")
    with pytest.raises(OutputError, match=r"team.sync.txt was not written by meetscribe, or was edited since"):
        outputs(tmp_path / "a" / "b", "json", "txt")
    assert outputs(tmp_path / "a" / "b", "json", "txt", overwrite=True) == files


def test_an_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file is not a folder"):
        outputs(tmp_path / "file", "json")
    with pytest.raises(OutputError, match="is not writable: Not a directory"):
        outputs(tmp_path / "file" / "below", "json")


def test_the_other_files_are_written_if_one_fails(tmp_path: Path) -> None:
    (tmp_path / "a.srt").mkdir()
    files = {"srt": tmp_path / "a.srt", "txt": tmp_path / "a.txt"}
    written, (error,) = write_files(TRANSCRIPT, files)
    assert written == [tmp_path / "a.txt"]
    assert "a.srt" in error.message


def test_require_new_names_the_existing_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.touch()
    with pytest.raises(OutputError, match="one already exists"):
        require_new([one, two], overwrite=False)
    two.touch()
    with pytest.raises(OutputError, match=r"one, .*two already exist\b"):
        require_new([one, two], overwrite=False)
    require_new([one, two], overwrite=True)


def test_the_native_file_of_an_output() -> None:
    assert native_file({"json": Path("a/x.json"), "srt": Path("a/x.srt")}) == Path("a/x.json")
    assert native_file({"qda": Path("a/x.1.qda.txt")}) == Path("a/x.1.json")


def test_an_own_output_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.vtt"
    assert not is_own_output(file, "vtt", TRANSCRIPT)
    formats.save(TRANSCRIPT, file, "vtt")
    renamed: Transcript = TRANSCRIPT.rename({"SPEAKER_00": "Anna"})
    assert is_own_output(file, "vtt", renamed)
    assert not is_own_output(file, "srt", renamed)
    assert not is_own_output(file, "vtt", None)
