"""Find and remove the data stored about a meeting besides its recording and transcript."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from meetscribe.errors import InputError
from meetscribe.library import Library
from meetscribe.library import Meeting as LibraryMeeting
from meetscribe.profiles.unnamed import UnnamedStore
from meetscribe.report.sources import minutes_files
from meetscribe.results import recording_folder
from meetscribe.storage.files import is_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.recording_location import locate_recording

Place: TypeAlias = Literal["cache", "library", "minutes", "voiceprints", "corpus", "server", "files"]
"""A place of stored data: stage results, the entry in the library, minutes beside the transcript, voiceprints of
unnamed speakers, Parquet tables, jobs of a server, or the transcript and the recording themselves."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Data stored about a meeting: its place, its path or name (`what`), and the function that removes it."""

    place: Place
    what: str
    remove: Callable[[], object]


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """A meeting to forget: its transcript, the hash of the recording, and its entry in the library, if any."""

    file: Path
    recording: str | None
    entry: LibraryMeeting | None = None

    @classmethod
    def find(cls, text: str, library: Library) -> KnownMeeting:
        """Return the library's meeting with this id, path or title, or the meeting of a transcript file.

        Raises InputError if there is none.
        """
        try:
            entry = library.meeting(text)
        except InputError:
            if not is_file(text):
                raise
            recording = Transcript.load(Path(text)).recording
            return cls(Path(text), recording.hash if recording else None)
        return cls(Path(entry.source.path), entry.recording, entry)


def find_traces(
    meeting: KnownMeeting, library: Library, corpora: Sequence[Path] = (), *, files: bool = False
) -> list[Trace]:
    """Return the data stored about a meeting; with `files`, also the recording and the transcript, at the end.

    The jobs of a server are not included; the command `forget meeting` adds them. `corpora` are folders of corpora.

    Raises InputError for a folder that is not a corpus, SettingsError if a corpus is given and pyarrow is missing.
    """
    found = [*_results(meeting), *_voiceprints(meeting), *_minutes(meeting)]
    for folder in corpora:
        found += _rows(meeting, folder)
    if meeting.entry is not None:
        entry = meeting.entry
        found.append(Trace("library", f"{entry.id} {entry.title}", lambda: library.remove(entry)))
    return [*found, *(_files(meeting) if files else ())]


def _results(meeting: KnownMeeting) -> Iterator[Trace]:
    """Yield the folder of the stage results of the recording."""
    digest = (meeting.recording or "").removeprefix("sha256:")
    folder = recording_folder(digest)
    if digest.isalnum() and folder.is_dir():  # an empty digest would give the folder of several recordings
        yield Trace("cache", str(folder), lambda: shutil.rmtree(folder))


def _voiceprints(meeting: KnownMeeting) -> Iterator[Trace]:
    """Yield the voiceprints of the unnamed speakers."""
    store = UnnamedStore()
    hash = meeting.recording
    kept = store.find(hash)
    for label in kept.voiceprints if kept and hash else ():
        yield Trace("voiceprints", label, lambda hash=str(hash), label=label: store.drop(hash, label))  # type: ignore[misc]


def _minutes(meeting: KnownMeeting) -> Iterator[Trace]:
    """Yield the minutes beside the transcript, in all formats."""
    for file in minutes_files(meeting.file):
        yield Trace("minutes", str(file), partial(file.unlink, missing_ok=True))


def _rows(meeting: KnownMeeting, folder: Path) -> Iterator[Trace]:
    """Yield the rows of the meeting in a corpus."""
    from meetscribe.corpus.tables import Corpus, CorpusWriter  # imports pyarrow

    ids = Corpus(folder).frame("meetings", ["meeting"])["meeting"]
    id = (meeting.recording or "").removeprefix("sha256:")[:16]  # the id of a meeting in a corpus
    if id and id in set(ids):

        def remove() -> None:
            with CorpusWriter(folder) as writer:
                writer.remove([id])

        yield Trace("corpus", f"{folder}: {id}", remove)


def _files(meeting: KnownMeeting) -> Iterator[Trace]:
    """Yield the recording, if found, and the transcript."""
    if not is_file(meeting.file):
        return
    try:
        recording = locate_recording(Transcript.load(meeting.file), meeting.file)
        yield Trace("files", str(recording), lambda: recording.unlink(missing_ok=True))
    except InputError:
        pass  # the recording was not found
    yield Trace("files", str(meeting.file), lambda: meeting.file.unlink(missing_ok=True))
