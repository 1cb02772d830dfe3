"""Import of corrected copies of a transcript, in any readable format, as edits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from meetscribe import formats
from meetscribe.errors import InputError, MeetscribeError, os_reason
from meetscribe.formats.converting import detect_format, find_format
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.options import Option, choices_of, options_of
from meetscribe.formats.protocol import Format
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Edit, Transcript
from meetscribe.transcript.comparison.importing import Difference, Times, import_corrections


def import_copy(
    transcript: Transcript,
    file: Path,
    format: str | None = None,
    *,
    times: Times = "original",
    encoding: str | None = None,
) -> tuple[tuple[Edit, ...], tuple[Difference, ...]]:
    """Return the edits that make the transcript equal to a corrected copy in a file, and the differences.

    `format` and `encoding` are detected by default. With `times` "edited", words take the times of the copy. Raises
    InputError if the file cannot be read, or if most of its words differ.
    """
    try:
        data = read_file(file, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error
    return import_data(transcript, data, str(file), format, times=times, encoding=encoding)


def import_data(
    transcript: Transcript,
    data: bytes,
    name: str,
    format: str | None = None,
    *,
    times: Times = "original",
    encoding: str | None = None,
) -> tuple[tuple[Edit, ...], tuple[Difference, ...]]:
    """Import a copy from the bytes of a file, see `import_copy`; the file name in `name` is the source of the edits."""
    row = find_format(format) if format else detect_format(Document(data, name, encoding))
    copy = formats.read(data, name, row.name, encoding)
    try:
        return import_corrections(
            transcript, copy.edited(), times, written=written_variants(transcript, row), source=Path(name).name
        )
    except InputError as error:
        raise InputError(f"{name}: {error.message}", error.remedy) from error


def written_variants(transcript: Transcript, row: Format) -> Iterator[Transcript]:
    """Yield the transcript converted to the format and back, with default options, then with one option changed."""
    if not row.writes or row.keeps_edits:
        return
    for options in option_variants(row):
        try:
            yield formats.read(formats.write(transcript, row.name, **options), f"copy{row.suffixes[0]}", row.name)
        except MeetscribeError:  # the file cannot be read, such as a document without times
            continue


def option_variants(row: Format) -> Iterator[dict[str, Option]]:
    """Yield options of a format: none, then each non-default value of each Boolean option and each choice."""
    yield {}
    choices = choices_of(row)
    for name, default in options_of(row).items():
        values: tuple[Option, ...] = (not default,) if isinstance(default, bool) else choices.get(name, ())
        yield from ({name: value} for value in values if value != default)
