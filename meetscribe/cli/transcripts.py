"""Read the input transcript of a command and write its output: files, stdin and stdout."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from meetscribe import formats
from meetscribe.cli.display import messages
from meetscribe.cli.options import STDIN, STDOUT
from meetscribe.errors import InputError, os_reason
from meetscribe.formats.files import require_format
from meetscribe.formats.parts.options import FormatOptions
from meetscribe.publishing import destinations
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.operations import name_speakers

_BINARY = ("docx", "parquet")


def read_transcript(file: str, source: str | None = None, encoding: str | None = None) -> Transcript:
    """Return the transcript in a file, or on stdin for "-".

    The format `source` and the text `encoding` are detected from the content if they are None. Raises InputError.
    """
    if file == STDIN:
        return formats.read(read_stdin(), "stdin", source, encoding)
    return formats.load(file, source, encoding)


def print_reading_notices(transcript: Transcript) -> None:
    """Print the warnings about the file that a transcript was read from."""
    for notice in transcript.meta.notices:
        if notice.code.startswith("formats."):
            messages.warning(notice.text)


def read_stdin() -> bytes:
    """Return all of stdin; raises InputError if it is larger than the limit for transcripts."""
    try:
        return read_file(sys.stdin.buffer, TRANSCRIPT_BYTES)
    except OSError as error:
        raise InputError(f"stdin cannot be read: {os_reason(error)}", "Give the name of a file.") from error


def require_new(output: Path, overwrite: bool) -> None:
    """Raise OutputError if `output` is an existing file that must not be replaced."""
    if str(output) != STDOUT:
        destinations.require_new([output], overwrite)


def check_output(output: Path, overwrite: bool, name: str | None = None) -> str | None:
    """Check before any work that `write_transcript` can write to `output`, in the format `name` or of the suffix.

    Returns the name of this format, None for the default of stdout. Raises OutputError for an existing file that must
    not be replaced, SettingsError for an unknown format.
    """
    require_new(output, overwrite)
    if name is None and str(output) == STDOUT:
        return None
    row = formats.find_format(name) if name is not None else require_format(output)
    formats.parse_names(row.name)  # raises SettingsError if the format cannot be written here
    return row.name


def write_transcript(
    transcript: Transcript, output: Path, stdout_format: str = "json", name: str | None = None
) -> None:
    """Write a transcript and print its warnings and the name of the file.

    The format is `name`, by default the format of the suffix, or `stdout_format` on stdout.
    """
    if str(output) == STDOUT:
        click.echo(formats.write(transcript, name or stdout_format), nl=False)
    else:
        formats.save(transcript, output, name)
    for notice in transcript.meta.notices:
        messages.warning(notice.text)
    if str(output) != STDOUT:
        messages.info(f"wrote {output}")


def check_printable(names: Sequence[str]) -> None:
    """Raise UsageError for several formats on stdout, and for a binary format on a terminal."""
    if len(names) > 1:
        raise click.UsageError("Only one format can be written to stdout. Choose one with -f, or a folder with -o.")
    if names[0] in _BINARY and sys.stdout.isatty():
        raise click.UsageError(f"{names[0]} is a binary format. Choose a file or folder with -o.")


def print_format(transcript: Transcript, name: str, options: FormatOptions) -> None:
    """Write the transcript to stdout in a format."""
    click.echo(formats.write(transcript, name, **options.get(name, {})), nl=False)


def apply_meeting_options(transcript: Transcript, given: Mapping[str, Any]) -> Transcript:
    """Return the transcript with the values of --title and --date, if they are given."""
    values = {"title": given["title"], "recorded_at": given["date"]}
    return transcript.with_meta(**{name: value for name, value in values.items() if value is not None})


def apply_names(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """Return the transcript with the names of --names; print a warning for each that cannot be applied."""
    named = name_speakers(transcript, names)
    for notice in named.meta.notices:
        if notice not in transcript.meta.notices:
            messages.warning(notice.text)
    return named
