"""Add transcripts to a store, and track their files when they change or move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.library.sources import Read, is_same_file, read_source, record_of, stat_source
from meetscribe.library.stores.protocol import Store
from meetscribe.library.values import FileResult, Filter, Meeting, SourceFile
from meetscribe.runtime.progress import Progress


class SourceFiles:
    """Reads new and changed files of a library's meetings, and finds moved ones.

    The meetings are read from the store once. If another process changes them in the meantime, a file is read one more
    time than necessary.
    """

    def __init__(self, store: Store, read: Read) -> None:
        self._store = store
        self._read = read
        self._by_id = {meeting.id: meeting for meeting in store.meetings(Filter(hidden=True))}

    def add(self, files: Iterable[Path], *, replace_other: bool, lenient: bool) -> Iterator[FileResult]:
        """Add files one by one, as `Library.add` describes with `replace`."""
        for file in files:
            path = file.expanduser().absolute()
            try:
                yield self._add(path, replace_other)
            except InputError as error:
                yield FileResult(str(path), "skipped" if lenient else "failed", reason=error.message)

    def refresh(self) -> Iterator[FileResult]:
        """Read the files that changed since they were read, and mark the meetings whose files are missing."""
        for meeting in list(self._by_id.values()):
            unchanged = is_same_file(meeting.source)  # None if the file is missing
            if unchanged is None and meeting.available:
                yield FileResult(meeting.source.path, "missing", self._update(replace(meeting, available=False)))
            elif unchanged is not None and not (unchanged and meeting.available):
                results = self.add([Path(meeting.source.path)], replace_other=True, lenient=False)
                yield from (result for result in results if result.outcome != "unchanged")

    def find_moved(self, folders: Iterable[Path] = ()) -> Iterator[FileResult]:
        """Find missing files by their content, in the folders of all known files and in `folders`."""
        missing = [meeting for meeting in self._by_id.values() if not meeting.available]
        sizes = {meeting.source.size for meeting in missing}
        known = {meeting.source.path for meeting in self._by_id.values()}
        to_search = {*(Path(path).parent for path in known), *(folder.absolute() for folder in folders)}
        for path in (path for folder in sorted(to_search) for path in _files(folder)) if missing else ():
            if str(path) not in known and stat_source(path).size in sizes:
                source = stat_source(path, content=True)
                if (meeting := self._missing_with(source)) is not None:
                    yield self._move(meeting, source)

    def reread(self, progress: Progress) -> Iterator[FileResult]:
        """Read the file of every meeting again; a meeting whose file cannot be read stays unchanged."""
        meetings = list(self._by_id.values())
        for done, meeting in enumerate(meetings):
            progress(done / len(meetings))
            try:
                source, transcript = read_source(Path(meeting.source.path), self._read)
                self._store.put(record_of(transcript, source, meeting.id))
                yield FileResult(source.path, "updated", meeting)
            except InputError as error:
                yield FileResult(meeting.source.path, "failed", meeting, error.message)
        progress(1.0)

    def _add(self, path: Path, replace_other: bool) -> FileResult:
        """Add one file; raises InputError."""
        before = self._with_path(path)
        source = stat_source(path, content=True)
        if before and before.source.content == source.content:
            meeting = replace(before, source=source, available=True)
            return FileResult(str(path), "unchanged", meeting if meeting == before else self._update(meeting))
        if before is None and (missing := self._missing_with(source)) is not None:
            return self._move(missing, source)
        source, transcript = read_source(path, self._read)
        if not transcript.words:
            raise InputError(f"{path} has no words")
        record = record_of(transcript, source)
        if before and None in (before.recording, record.meeting.recording):
            # Without a recording, the id depends on the content of the file: keep the known one.
            record = record_of(transcript, source, before.id)
        other = self._by_id.get(record.meeting.id)
        other_exists = other is not None and other is not before and is_same_file(other.source) is not None
        if other and other_exists and not replace_other:
            return FileResult(str(path), "duplicate", other, f"the library has this recording from {other.source.path}")
        if before and before.id != record.meeting.id:  # the file now belongs to another recording
            self._store.remove(before.id)
            del self._by_id[before.id]
        self._store.put(record)
        self._by_id[record.meeting.id] = record.meeting
        return FileResult(str(path), "updated" if other or before else "added", record.meeting)

    def _with_path(self, path: Path) -> Meeting | None:
        """Return the meeting with this transcript file, None if there is none."""
        return next((meeting for meeting in self._by_id.values() if meeting.source.path == str(path)), None)

    def _missing_with(self, source: SourceFile) -> Meeting | None:
        """Return a meeting with this content whose file does not exist, None if there is none."""
        same = (meeting for meeting in self._by_id.values() if meeting.source.content == source.content)
        # `is_same_file` is None for a missing file.
        return next((meeting for meeting in same if is_same_file(meeting.source) is None), None)

    def _move(self, meeting: Meeting, source: SourceFile) -> FileResult:
        """Store the new path of a file."""
        return FileResult(source.path, "moved", self._update(replace(meeting, source=source, available=True)))

    def _update(self, meeting: Meeting) -> Meeting:
        """Store the file of a meeting, and return the meeting."""
        self._store.update_source(meeting)
        self._by_id[meeting.id] = meeting
        return meeting


def _files(folder: Path) -> Iterator[Path]:
    """Yield the visible files in a folder, sorted; none if it cannot be read."""
    try:
        yield from (path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and path.is_file())
    except OSError:
        return
