"""Where a run's files go, and whether they may; how a format is written is in formats.

A file that is already there is replaced only if meetscribe wrote it and nobody has changed it since: its
bytes must be those that the transcript beside it, in native JSON, has in that format, and no names must have
been given to speakers in it. Everything else needs --overwrite.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from meetscribe import formats
from meetscribe.errors import InputError, OutputError
from meetscribe.transcript import Transcript


def targets(recording: Path, folder: Path, names: Sequence[str], overwrite: bool) -> dict[str, Path]:
    """The files as `files` names them.

    The folder is made if need be. Raises OutputError if it cannot be written in, or if a file is there that
    must not be replaced.
    """
    _prepare(folder)
    there = files(recording, folder, names)
    if not overwrite:
        _protect(there, folder / f"{recording.stem}.json")
    return there


def files(recording: Path, folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """The file for each format, named after the recording; the native JSON, if it is wanted, comes first."""
    ordered = sorted(names, key=lambda name: name != "json")
    return {name: folder / f"{recording.stem}{formats.FORMATS[name].suffixes[0]}" for name in ordered}


def write_all(transcript: Transcript, files: Mapping[str, Path]) -> tuple[list[Path], list[OutputError]]:
    """The files that were written, and why the others were not."""
    written: list[Path] = []
    failed: list[OutputError] = []
    for name, file in files.items():
        try:
            formats.save(transcript, file, name)
            written.append(file)
        except OutputError as error:
            failed.append(error)
    return written, failed


def _prepare(folder: Path) -> None:
    """Make the folder, and raise OutputError if no file can be written in it."""
    remedy = "Choose another folder with -o."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise OutputError(f"{folder} is not a folder", remedy) from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written in: {error.strerror or error}", remedy) from error


def _protect(files: Mapping[str, Path], native: Path) -> None:
    """Raise OutputError if a file is there that is not as meetscribe wrote it."""
    there = {name: file for name, file in files.items() if file.exists()}
    if not there:
        return
    transcript = _read(native)
    foreign = [str(file) for name, file in there.items() if not _unchanged(file, name, transcript)]
    if foreign:
        raise OutputError(
            f"{', '.join(foreign)} would be replaced, but is not as meetscribe wrote it",
            "Choose another folder with -o, or replace it with --overwrite.",
        )


def _read(native: Path) -> Transcript | None:
    """The transcript in a file, if there is one."""
    try:
        return formats.load(native)
    except InputError:
        return None


def _unchanged(file: Path, name: str, transcript: Transcript | None) -> bool:
    """Whether the file is what the transcript is in that format."""
    if transcript is None or transcript.meta.edits or not file.is_file():
        return False
    try:
        return file.read_bytes() == formats.write(transcript, name)
    except OSError:
        return False
