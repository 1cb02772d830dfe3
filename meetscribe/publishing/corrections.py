"""Corrections of saved transcripts: editing the native JSON, and transferring corrections to a new run."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from meetscribe import formats
from meetscribe.errors import InputError, Notice, OutputError, os_reason
from meetscribe.formats.json import matches
from meetscribe.formats.parts.document import Document
from meetscribe.profiles.suggestions import without_settled_suggestions
from meetscribe.publishing.destinations import is_own_output, native_file, read_native
from meetscribe.publishing.written_files import was_written, writer_of, written_from
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.transfer import transfer_edits
from meetscribe.transcript.word_id_transfer import transfer_word_ids


def carry_corrections(
    transcript: Transcript, files: Mapping[str, Path], earlier: Transcript | None = None
) -> Transcript:
    """Return the transcript with the word ids and the applicable corrections of the previous native JSON.

    `files` are the output files by format, beside which the native JSON is. If both transcripts are of the same
    recording, a missing title or date is taken from the previous one. A notice reports each correction that no longer
    applies; the previous file is then renamed, so that nothing is lost. It is also renamed, with a notice, if it holds
    the transcript of another recording. Without a previous file, the corrections come from `earlier`. Names suggested
    for speakers who then have a name are dropped.
    """
    saved = read_native(native_file(files))
    before = saved or earlier
    if before is None:
        return transcript
    return without_settled_suggestions(_carried(transcript, files, before, saved))


def _carried(
    transcript: Transcript, files: Mapping[str, Path], before: Transcript, saved: Transcript | None
) -> Transcript:
    """Return the transcript with the corrections of `before`; `saved` is the transcript in the native JSON, if any."""
    if _hash(before) == _hash(transcript):
        transcript = transfer_word_ids(before, transcript)
        title, date = transcript.meta.title or before.meta.title, transcript.meta.recorded_at or before.meta.recorded_at
        transcript = transcript.with_meta(title=title, recorded_at=date)
    if not before.meta.edits:
        return (
            transcript if saved is None or "json" not in files else _keep_other(transcript, native_file(files), saved)
        )
    if _hash(before) == _hash(transcript):
        after = transfer_edits(before, transcript)
    else:
        native = str(native_file(files))
        source = "the earlier corrections" if saved is None else f"the corrections in {native}"
        text = f"{source} belong to another recording and were not applied"
        after = transcript.with_notices(Notice("edits.other-recording", text, {"path": native}))
    if after.meta.notices != transcript.meta.notices and saved is not None and "json" in files:
        backup = _move_to_backup(native_file(files))
        text = f"the transcript with all corrections was renamed to {backup}"
        after = after.with_notices(Notice("edits.set-aside", text, {"path": str(backup)}))
    return after


def _keep_other(transcript: Transcript, native: Path, saved: Transcript) -> Transcript:
    """Rename the native JSON if it holds the transcript `saved` of another recording, and add a notice.

    Recordings are compared by their hashes, if both are known.
    """
    if None in (_hash(saved), _hash(transcript)) or _hash(saved) == _hash(transcript):
        return transcript
    backup = _move_to_backup(native)
    source = saved.recording.path if saved.recording else ""
    text = f"the transcript of another recording with this name, {source}, was renamed to {backup}"
    return transcript.with_notices(Notice("outputs.other-recording", text, {"path": str(backup), "recording": source}))


def load_editable(file: Path) -> Transcript:
    """Return the transcript in a native JSON file; raises InputError for other formats, which hold no corrections."""
    transcript = formats.load(file)
    document = Document(read_file(file, TRANSCRIPT_BYTES), str(file))
    if not matches(document):
        native = file.with_suffix(".json")
        native = file.with_suffix(".meetscribe.json") if native.exists() else native
        create = shlex.join(["meetscribe", "export", str(file), "-f", "json", "-o", str(native)])
        raise InputError(
            f"{file}: the format {formats.detect_format(document).name} cannot hold corrections",
            f"Use the .json file that meetscribe wrote, or create one: {create}",
        )
    return transcript


def stale_exports(native: Path, before: Transcript, documents: Mapping[str, Sequence[Path]]) -> dict[str, Path]:
    """Return the files beside a native JSON, by format, that were exported before a correction.

    These are exports of the transcript `before` the correction, and other files with the content that meetscribe wrote.
    Files in `documents`, the result of `stale_documents`, are left out.
    """
    others = {file for files in documents.values() for file in files}
    return {
        name: file
        for name, file in _siblings(native).items()
        if file not in others and (is_own_output(file, name, before) or was_written(file))
    }


_DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "minutes": (".minutes.json", ".minutes.md", ".minutes.html", ".minutes.docx", ".minutes.csv", ".minutes.ics"),
    "podcast": (
        *(".vtt", ".srt", ".podcast.json", ".html"),
        *(".chapters.json", ".psc.xml", ".notes.md", ".rss.xml"),
    ),
    "feed": (),
    "report": (".report.html", ".report.docx", ".report.md", ".report.json"),
}
"""The suffixes of the documents that each command writes for a transcript, in the order in which to update them.

The episodes of a feed, whose command is `podcast --feed`, have those of `podcast`.
"""

_EPISODE = (".psc.xml", ".notes.md", ".rss.xml")
"""The suffixes used only for episodes: chapters as XML, show notes, and tags for the RSS feed."""

_FEED_FOLDERS = 3  # folders above an episode that may hold the copy of its feed


def stale_documents(native: Path) -> dict[str, tuple[Path, ...]]:
    """Return the minutes, reports, episode files and feed copies near a native JSON, by the command that updates them.

    After a correction, all of them count as stale: their content is not compared. Their names begin with the name of
    the transcript, or the commands wrote them from this transcript; then they may also be in a folder beside it, and
    exports are found as well. Files edited since they were written are left out. If there is a file with a suffix in
    `_EPISODE`, captions and chapters belong to the episode too.
    """
    known = [native.with_name(native.stem + suffix) for suffixes in _DOCUMENTS.values() for suffix in suffixes]
    found: dict[str, list[Path]] = {command: [] for command in _DOCUMENTS}
    is_episode = any(was_written(native.with_name(native.stem + suffix)) for suffix in _EPISODE)
    for file in dict.fromkeys([*known, *_siblings(native).values()]):
        if command := _update_command(native, file, is_episode):
            found[command].append(file)
    listed = {*_siblings(native).values(), *(file for files in found.values() for file in files)}
    for file, command in written_from(native).items():
        if file not in listed:
            found.setdefault(command, []).append(file)
    if found["feed"] and (copy := feed_copy(native)):
        found["feed"].append(copy)
    return {command: tuple(files) for command, files in found.items() if files}


def feed_copy(native: Path) -> Path | None:
    """Return the copy of a feed that was written for the episode of a native JSON: beside it, or in a folder above."""
    for folder in (native.parent, *list(native.parent.parents)[:_FEED_FOLDERS]):
        for file in sorted(folder.glob("*.xml")):
            if not file.name.endswith(_EPISODE) and writer_of(file) == "feed":
                return file
    return None


def edited_chapters(native: Path) -> Path | None:
    """Return the chapter file beside a native JSON if it was edited after it was written."""
    file = native.with_name(f"{native.stem}.chapters.json")
    return file if file.is_file() and not was_written(file) else None


def _siblings(native: Path) -> dict[str, Path]:
    """Return the paths of the exports of a native JSON in the same folder, by format, whether or not they exist."""
    rows = formats.FORMATS.items()
    return {name: native.with_suffix(row.suffixes[0]) for name, row in rows if row.writes and name != "json"}


def _update_command(native: Path, file: Path, is_episode: bool) -> str | None:
    """Return the command of `_DOCUMENTS` that updates a file; None for exports and edited files."""
    writer = writer_of(file) if file.is_file() else None
    if writer is None or writer in _DOCUMENTS:
        return writer
    suffix = file.name.removeprefix(native.stem)
    by_suffix = next((command for command, suffixes in _DOCUMENTS.items() if suffix in suffixes), None)
    return None if by_suffix == "podcast" and not is_episode else by_suffix


def _hash(transcript: Transcript) -> str | None:
    return transcript.recording.hash if transcript.recording else None


def _move_to_backup(file: Path) -> Path:
    """Rename a file to an unused name and return its new path; raises OutputError."""
    number = 1
    while (backup := file.with_name(f"{file.stem}.before-{number}{file.suffix}")).exists():
        number += 1
    try:
        return file.rename(backup)
    except OSError as error:
        raise OutputError(f"{file} cannot be renamed: {os_reason(error)}", "Move it elsewhere.") from error
