"""Where a run's files go, and whether they may; how a format is written is in formats.

A file that is already there is replaced only if meetscribe wrote it and nobody has changed it since: its
bytes must be those that the transcript beside it, in native JSON, has in that format, now or before some of its
edits. Everything else needs --overwrite. The edits go on into the transcript that takes its place.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from meetscribe import formats
from meetscribe.errors import InputError, Notice, OutputError, SettingsError, os_reason
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.carrying import carry_edits


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


def corrected(transcript: Transcript, files: Mapping[str, Path]) -> Transcript:
    """The transcript with the edits of the one beside the files, as far as they still apply.

    Notices name those that do not, and if that one is to be replaced, it is first set aside.
    """
    native = native_beside(files)
    before = _read(native)
    if before is None or not before.meta.edits:
        return transcript
    if _hash(before) == _hash(transcript):
        after = carry_edits(before, transcript)
    else:
        text = f"the corrections in {native} are of another recording, and do not apply"
        after = transcript.with_notices(Notice("edits.other-recording", text, {"path": str(native)}))
    if after.meta.notices != transcript.meta.notices and "json" in files:
        aside = _set_aside(native)
        text = f"the transcript with all corrections is now {aside}"
        after = after.with_notices(Notice("edits.set-aside", text, {"path": str(aside)}))
    return after


def native_beside(files: Mapping[str, Path]) -> Path:
    """Where the native JSON is, or would be, of a transcript with these files, at least one, by format."""
    name, file = next(iter(files.items()))
    return files.get("json", file.with_name(f"{file.name.removesuffix(formats.FORMATS[name].suffixes[0])}.json"))


def is_ours(file: Path, name: str, transcript: Transcript | None) -> bool:
    """Whether the file is what the transcript is in that format, or was before some of its edits."""
    if transcript is None or not file.is_file():
        return False
    edits = transcript.meta.edits
    states = (transcript.with_meta(edits=edits[:count]) for count in range(len(edits), -1, -1))
    try:
        data = read_file(file, TRANSCRIPT_BYTES)
        return any(data == formats.write(state, name) for state in states)
    except (OSError, SettingsError):  # it cannot be read, or the format lacks its extra
        return False


def _hash(transcript: Transcript) -> str | None:
    return transcript.source.hash if transcript.source else None


def _set_aside(file: Path) -> Path:
    """Give the file a name that no other has, and return it; raises OutputError."""
    number = 1
    while (aside := file.with_name(f"{file.stem}.before-{number}{file.suffix}")).exists():
        number += 1
    try:
        return file.rename(aside)
    except OSError as error:
        raise OutputError(f"{file} cannot be set aside: {os_reason(error)}", "Move it away.") from error


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
        raise OutputError(f"{folder} cannot be written in: {os_reason(error)}", remedy) from error


def _protect(files: Mapping[str, Path], native: Path) -> None:
    """Raise OutputError if a file is there that is not as meetscribe wrote it."""
    there = {name: file for name, file in files.items() if file.exists()}
    if not there:
        return
    transcript = _read(native)
    foreign = [str(file) for name, file in there.items() if not is_ours(file, name, transcript)]
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
