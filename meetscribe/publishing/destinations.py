"""Output files: their paths, the protection of edited files, and writing.

An existing file is replaced only if meetscribe wrote its content: it equals an export of the native JSON beside it,
with all of its corrections or without the last ones, or its digest was stored when it was written. Any other file
requires `overwrite`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from meetscribe import formats
from meetscribe.errors import InputError, OutputError, SettingsError, os_reason
from meetscribe.formats.parts.options import FormatOptions
from meetscribe.publishing.written_files import record_written, was_written
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Transcript

EARLIER_STATES = 50
"""The maximum number of correction states to compare a file with; each comparison exports the whole transcript."""


def output_files(recording: Path, folder: Path, format_names: Sequence[str]) -> dict[str, Path]:
    """Return the output file for each format, named after the recording; the native JSON comes first."""
    ordered = sorted(format_names, key=lambda name: name != "json")
    return {name: folder / f"{recording.stem}{formats.FORMATS[name].suffixes[0]}" for name in ordered}


def prepare_outputs(recording: Path, folder: Path, format_names: Sequence[str], overwrite: bool) -> dict[str, Path]:
    """Create the folder if needed, check that its files may be replaced, and return `output_files`.

    Raises OutputError if the folder is not writable or, without `overwrite`, if a file exists that meetscribe did not
    write.
    """
    prepare_folder(folder)
    files = output_files(recording, folder, format_names)
    if not overwrite:
        _require_own(files, folder / f"{recording.stem}.json")
    return files


def require_new(files: Sequence[Path], overwrite: bool) -> None:
    """Raise OutputError if a file exists and `overwrite` is false."""
    existing = [str(file) for file in files if file.exists()]
    if existing and not overwrite:
        verb = "exists" if len(existing) == 1 else "exist"
        raise OutputError(
            f"{', '.join(existing)} already {verb}", "Choose another destination with -o, or use --overwrite."
        )


def require_replaceable(files: Sequence[Path], overwrite: bool) -> None:
    """Raise OutputError if a file exists that meetscribe did not write, or that was edited since then.

    Only digests of written files are compared, so the files need not be transcripts.
    """
    _refuse([str(file) for file in files if not overwrite and file.exists() and not was_written(file)])


def prepare_folder(folder: Path) -> None:
    """Create the folder; raises OutputError if no file can be written in it."""
    remedy = "Choose another folder with -o."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise OutputError(f"{folder} is not a folder", remedy) from error
    except OSError as error:
        raise OutputError(f"{folder} is not writable: {os_reason(error)}", remedy) from error


def write_files(
    transcript: Transcript, files: Mapping[str, Path], options: FormatOptions | None = None
) -> tuple[list[Path], list[OutputError]]:
    """Write the transcript in every format; return the written files, and the errors of the other files."""
    written: list[Path] = []
    failed: list[OutputError] = []
    for name, file in files.items():
        try:
            write_output(file, formats.write(transcript, name, **(options or {}).get(name, {})))
            written.append(file)
        except OutputError as error:
            failed.append(error)
    return written, failed


def write_output(file: Path, data: bytes, command: str = "", source: Path | None = None) -> None:
    """Write a file and record that meetscribe wrote it, with the command and the transcript `source`.

    Raises OutputError.
    """
    formats.write_file(file, data)
    record_written(data, command, source, file)


def native_file(files: Mapping[str, Path]) -> Path:
    """Return the path of the native JSON that belongs to these output files, whether or not it exists."""
    name, file = next(iter(files.items()))
    return files.get("json", file.with_name(f"{file.name.removesuffix(formats.FORMATS[name].suffixes[0])}.json"))


def read_native(file: Path) -> Transcript | None:
    """Return the transcript in a file, None if there is no readable file."""
    try:
        return formats.load(file)
    except InputError:
        return None


def is_own_output(file: Path, format_name: str, transcript: Transcript | None) -> bool:
    """Return whether a file is an export of the transcript, with all of its corrections or without the last ones.

    The last `EARLIER_STATES` states of the corrections are compared, and the state without corrections. False without a
    transcript, and if the file or the format cannot be used.
    """
    if transcript is None or not file.is_file():
        return False
    edits = transcript.meta.edits
    counts = [*range(len(edits), max(0, len(edits) - EARLIER_STATES), -1), 0]
    states = (transcript.with_meta(edits=edits[:count]) for count in counts)
    try:
        data = read_file(file, TRANSCRIPT_BYTES)
        return any(data == formats.write(state, format_name) for state in states)
    except (OSError, SettingsError):  # unreadable, or a package that the format needs is missing
        return False


def _require_own(files: Mapping[str, Path], native: Path) -> None:
    """Raise OutputError if a file exists whose content meetscribe did not write."""
    existing = {name: file for name, file in files.items() if file.exists()}
    if not existing:
        return
    transcript = read_native(native)
    foreign = [
        str(file)
        for name, file in existing.items()
        if not is_own_output(file, name, transcript) and not was_written(file)
    ]
    _refuse(foreign)


def _refuse(foreign: Sequence[str]) -> None:
    """Raise OutputError if there are any files that must not be replaced."""
    if foreign:
        verb, them = ("was", "it") if len(foreign) == 1 else ("were", "them")
        raise OutputError(
            f"{', '.join(foreign)} {verb} not written by meetscribe, or {verb} edited since",
            f"Choose another destination with -o, or use --overwrite to replace {them}.",
        )
