from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import OutputError, SettingsError
from meetscribe.publishing.exports import export_files, is_folder_path, write_exports
from meetscribe.testing import synthetic_meeting

TRANSCRIPT = synthetic_meeting(seed=3).transcript


@pytest.mark.parametrize(
    ("transcript", "output", "names", "files"),
    [
        ("in/a.json", "b.vtt", ["vtt"], {"vtt": "b.vtt"}),
        ("in/a.json", "b", ["vtt"], {"vtt": "b"}),
        ("in/a.words.jsonl", "out/", ["vtt", "txt"], {"vtt": "out/a.words.vtt", "txt": "out/a.words.txt"}),
        ("in/a.b.seglst.json", "out/", ["txt"], {"txt": "out/a.b.txt"}),
        ("-", "out/", ["txt"], {"txt": "out/transcript.txt"}),
        ("a.json", "out", ["vtt", "txt"], {"vtt": "out/a.vtt", "txt": "out/a.txt"}),
    ],
)
def test_files_of_exports(transcript: str, output: str, names: list[str], files: dict[str, str]) -> None:
    """One format is written to the output itself, unless it is a folder; several are named after the transcript."""
    assert export_files(transcript, output, names) == {name: Path(file) for name, file in files.items()}


def test_several_formats_do_not_fit_one_file() -> None:
    with pytest.raises(SettingsError, match="2 formats cannot be written to one file, b.vtt"):
        export_files("a.json", "b.vtt", ["vtt", "txt"])


def test_folders_are_recognised(tmp_path: Path) -> None:
    assert is_folder_path(str(tmp_path)) and is_folder_path("out/")
    assert not is_folder_path("out")


def test_either_all_files_are_written_or_none(tmp_path: Path) -> None:
    """A file that was edited prevents all exports; folders are created."""
    files = {"txt": tmp_path / "out" / "a.txt", "srt": tmp_path / "out" / "a.srt"}
    write_exports(TRANSCRIPT, {"srt": files["srt"]}, {"srt": {"preset": "bbc"}}, overwrite=False)
    before = files["srt"].read_bytes() + b"edited"
    files["srt"].write_bytes(before)
    with pytest.raises(OutputError, match=r"a\.srt was not written by meetscribe, or was edited since"):
        write_exports(TRANSCRIPT, files, {}, overwrite=False)
    assert not files["txt"].exists()
    write_exports(TRANSCRIPT, files, {}, overwrite=True)
    assert files["txt"].exists() and files["srt"].read_bytes() != before
    write_exports(TRANSCRIPT, files, {"srt": {"preset": "bbc"}}, overwrite=False)


def test_a_native_json_is_not_replaced_by_an_export(tmp_path: Path) -> None:
    """It may have more than the transcript that is exported, so even one that meetscribe wrote is kept."""
    files = {"json": tmp_path / "a.json"}
    write_exports(TRANSCRIPT, files, {}, overwrite=False)
    with pytest.raises(OutputError, match="already exists"):
        write_exports(TRANSCRIPT, files, {}, overwrite=False)


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Choose another folder"):
        write_exports(TRANSCRIPT, {"txt": tmp_path / "file" / "out" / "a.txt"}, {}, overwrite=False)
