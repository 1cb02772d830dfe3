"""Exports of a transcript: the file for each format, and writing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from meetscribe.errors import OutputError, SettingsError, os_reason
from meetscribe.formats import FORMATS, write
from meetscribe.formats.converting import format_by_suffix
from meetscribe.formats.parts.options import FormatOptions
from meetscribe.publishing.destinations import require_new, require_replaceable, write_output
from meetscribe.transcript import RecordingFile, Transcript

_NAME_RECORDING = ("rttm", "ctm", "stm", "seglst", "uem")
"""The formats whose lines name the recording."""


def export_files(transcript: str, output: str, format_names: Sequence[str]) -> dict[str, Path]:
    """Return the file for each format: `output` itself, or files in that folder named after `transcript`.

    `transcript` is the path of a file, or "-" for standard input. For several formats, an `output` without the suffix
    of a format is a folder, even if it does not exist. Raises SettingsError if several formats are to be written to one
    file.
    """
    if not is_folder_path(output) and (len(format_names) == 1 or format_by_suffix(output) is not None):
        if len(format_names) > 1:
            raise SettingsError(
                f"{len(format_names)} formats cannot be written to one file, {output}", "Give a folder."
            )
        return {format_names[0]: Path(output)}
    file_name = "transcript" if transcript == "-" else Path(transcript).name
    row = format_by_suffix(file_name)
    suffix = next((each for each in (row.suffixes if row else ()) if file_name.lower().endswith(each.lower())), "")
    stem = file_name[: len(file_name) - len(suffix)] if suffix else Path(file_name).stem
    return {name: Path(output) / f"{stem}{FORMATS[name].suffixes[0]}" for name in format_names}


def is_folder_path(output: str) -> bool:
    """Return whether a path is an existing folder or ends with a separator."""
    return output.endswith(("/", "\\")) or Path(output).is_dir()


def with_recording_name(transcript: Transcript, format_name: str, file: Path) -> Transcript:
    """Return the transcript in `file` for a format; one that names an unknown recording names it after the file."""
    if transcript.recording or format_name not in _NAME_RECORDING or str(file) == "-":
        return transcript
    return transcript.with_meta(recording=RecordingFile(file.name))


def write_exports(
    transcript: Transcript,
    files: Mapping[str, Path],
    options: FormatOptions,
    overwrite: bool,
    source: Path | None = None,
) -> None:
    """Write the transcript in every format, creating folders as needed.

    `options` holds the options by format; `source` is the file of the transcript. Without `overwrite`, an existing
    native JSON is never replaced, and other files only if they have the content that meetscribe wrote. Raises
    OutputError: before any file is written if one of them may not be replaced, and later if a folder or file cannot be
    written.
    """
    named = {name: with_recording_name(transcript, name, source) if source else transcript for name in files}
    contents = {file: write(named[name], name, **options.get(name, {})) for name, file in files.items()}
    require_new([file for name, file in files.items() if name == "json"], overwrite)
    require_replaceable(list(files.values()), overwrite)
    for file, data in contents.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{file.parent}: {os_reason(error)}", "Choose another folder with -o.") from error
        write_output(file, data, "export", None if file == files.get("json") else source)
