"""Import of corrected copies of a transcript, in any readable format, as edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from meetscribe import formats
from meetscribe.errors import InputError, MeetscribeError, os_reason
from meetscribe.formats.converting import detect_format, find_format
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.options import Option, choices_of, options_of
from meetscribe.formats.protocol import Format
from meetscribe.publishing.exported_states import missing_corrections
from meetscribe.publishing.new_speakers import lines_of_copy, with_new_speakers
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Edit, Transcript
from meetscribe.transcript.comparison.importing import Difference, Times, import_corrections
from meetscribe.transcript.edits.word_edits import with_edits
from meetscribe.transcript.word_ids import with_word_ids


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
    return import_data(transcript, read_copy(file), str(file), format, times=times, encoding=encoding)


def read_copy(file: Path) -> bytes:
    """Return the bytes of a copy; raises InputError."""
    try:
        return read_file(file, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error


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
    found = compare_copy(transcript, data, name, format, times=times, encoding=encoding)
    return found.edits, found.differences


@dataclass(frozen=True, slots=True)
class CopyCorrections:
    """The corrections made in a copy: the edits, the differences that they remove, and the new title and date.

    `missing` are the numbers of the corrections that the copy lacks, as if it was exported before them; they are kept.
    `title` and `date` are None if they are unchanged. `unread_date` means that the copy has no readable date in place
    of that of the transcript. `unnamed` are the inserted paragraphs of a Word document that have neither a time nor a
    name, `untimed` the lines without a time that were read as words of a new speaker.
    """

    edits: tuple[Edit, ...]
    differences: tuple[Difference, ...]
    missing: tuple[int, ...] = ()
    title: str | None = None
    date: str | None = None
    unread_date: bool = False
    unnamed: tuple[str, ...] = ()
    untimed: tuple[str, ...] = ()

    def apply(self, transcript: Transcript) -> Transcript:
        """Return the transcript with the corrections."""
        changed = {"title": self.title, "recorded_at": self.date}
        return with_edits(with_word_ids(transcript), self.edits).with_meta(
            **{name: value for name, value in changed.items() if value is not None}
        )


def compare_copy(
    transcript: Transcript,
    data: bytes,
    name: str,
    format: str | None = None,
    *,
    times: Times = "original",
    encoding: str | None = None,
) -> CopyCorrections:
    """Return the corrections made in a copy since it was exported; see `import_data`.

    If the copy lacks corrections of the transcript, it is compared with the transcript without them.
    """
    row = find_format(format) if format else detect_format(Document(data, name, encoding))
    copy = formats.read(data, name, row.name, encoding)
    base, lines = with_word_ids(transcript), lines_of_copy(data, name, row, encoding)
    shown, untimed = with_new_speakers(copy.edited(), base, lines)
    numbered = list(enumerate(transcript.meta.edits, start=1))
    try:
        edits, differences = _compared(base, shown, row, times, Path(name).name)
        missing = missing_corrections(base, shown, differences) if differences else ()
        if missing:
            base = base.with_meta(edits=[edit for number, edit in numbered if number not in missing])
            edits, differences = _compared(base, shown, row, times, Path(name).name)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", error.remedy) from error
    return CopyCorrections(
        edits,
        differences,
        missing,
        *_description(base, copy, row),
        _inserted(lines, differences) if row.name == "docx" else (),
        untimed,
    )


def _compared(
    base: Transcript, copy: Transcript, row: Format, times: Times, source: str
) -> tuple[tuple[Edit, ...], tuple[Difference, ...]]:
    return import_corrections(base, copy, times, written=written_variants(base, row), source=source)


def _description(transcript: Transcript, copy: Transcript, row: Format) -> tuple[str | None, str | None, bool]:
    """Return the new title, the new date, and whether the copy has lost its date.

    A title or date that the copy does not have is unchanged, as are the titles that are shown in place of none, and a
    date that only lacks the time of day.
    """
    if copy.meta.title is None and copy.meta.recorded_at is None:
        return None, None, False
    written = next(written_variants(transcript, row), transcript)
    recording = transcript.recording
    known = {written.meta.title, transcript.meta.title, recording and PurePath(recording.name).stem, "Meeting"}
    title = copy.meta.title if copy.meta.title not in known else None
    before, date = written.meta.recorded_at or "", copy.meta.recorded_at
    lost = bool(before) and date is None and row.name == "docx" and copy.meta.title is not None
    return title, date if date and not before.startswith(date) else None, lost


def _inserted(lines: Iterable[str], differences: Iterable[Difference]) -> tuple[str, ...]:
    """Return the lines that were inserted as a whole, without a time and a name."""
    inserted = {" ".join(one.after.split()) for one in differences if one.kind == "insert"}
    return tuple(line for line in lines if line in inserted)


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
