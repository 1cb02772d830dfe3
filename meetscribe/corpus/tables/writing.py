"""Adding meetings to a corpus and removing them.

A meeting is written as a file in `meetings` and in each other table in which it has rows; `compaction` joins the files
of many meetings into parts. The row in `meetings` is written last and removed last, so the same command completes an
interrupted operation: a meeting that was being added has no row there, and its other rows are removed when the corpus
is next opened for writing (`recovery`); one that was being removed still has its row there. Each operation holds a lock
on the folder, so several processes may write to a corpus.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeAlias

import pyarrow

from meetscribe.corpus.tables.files.layout import MANIFEST, TableFile
from meetscribe.corpus.tables.files.manifest import Counts, write_checksums, write_manifest
from meetscribe.corpus.tables.files.parquet import make_folder, make_private, meetings_in, open_rows, write_rows
from meetscribe.corpus.tables.files.schema import DETAILS, TABLES
from meetscribe.corpus.tables.identity import duplicate_id, meeting_id
from meetscribe.corpus.tables.reading import Corpus, current_files
from meetscribe.corpus.tables.recovery import recover, remove_rows
from meetscribe.corpus.tables.rows import detail_tables, meeting_table, transcript_columns
from meetscribe.corpus.tables.sources import Source
from meetscribe.errors import InputError
from meetscribe.storage.files import folder_lock
from meetscribe.transcript import Transcript

Outcome: TypeAlias = Literal["added", "updated", "unchanged", "duplicate", "failed"]
"""The outcome of adding a recording.

- "added", "updated", "unchanged": its rows are new, replaced, or the same as before;
- "duplicate": new, but the same content exists from another source;
- "failed": it has no readable transcript.
"""

_KNOWN = ("meeting", "status", "recording", "transcript", "revision", "duplicate_of", "recording_hash", *DETAILS)
"""The columns of `meetings` that a writer keeps in memory."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """The result of adding a recording: the outcome, its meeting, and the error if its transcript is unreadable."""

    source: Source
    outcome: Outcome
    meeting: str
    error: InputError | None = None


class CorpusWriter:
    """A corpus opened for adding and removing; a context manager that writes the manifest at the end."""

    def __init__(self, root: Path | str, create: bool = False) -> None:
        """Open a corpus, and clean up after an interrupted writer.

        With `create`, an empty or missing folder becomes a corpus. Raises InputError if the folder is not a corpus.
        """
        self.root = Path(root)
        if create and not (self.root / MANIFEST).exists():
            _create(self.root)
        self.corpus = Corpus(self.root)
        self._digests: dict[str, str] = {}
        self._meetings: dict[str, dict[str, Any]] = {}
        with folder_lock(self.root):
            recover(self.root)
            self._load()

    def __enter__(self) -> CorpusWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.checkpoint()

    def add(self, source: Source) -> AddResult:
        """Add a recording, or replace its rows if they have changed; raises OutputError."""
        with folder_lock(self.root):
            self._refresh()
            return self._add(source)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove meetings and their duplicates, given by id, path of the recording or path of the transcript.

        Returns the ids. Raises InputError, before any meeting is removed, for a name that is not in the corpus.
        """
        with folder_lock(self.root):
            self._refresh()
            found = [meeting for name in names for meeting in self._find(name)]
            copies = [key for key, row in self._meetings.items() if row["duplicate_of"] in found]
            removed = list(dict.fromkeys([*found, *copies]))
            self._remove(removed)
            return removed

    def checkpoint(self) -> None:
        """Write the manifest and the hashes of the files; raises OutputError."""
        with folder_lock(self.root):
            self._refresh()
            files = [file for table in TABLES for file in current_files(self.root, table)]
            write_checksums(self.root, files, self._digests)
            write_manifest(self.root, Counts.of(self._meetings.values()))
            self._state = _state(self.root)

    def _load(self) -> None:
        """Read the `_KNOWN` columns of each meeting."""
        self._state = _state(self.root)
        self._meetings = {}
        for file in current_files(self.root, "meetings"):  # a dataset would keep the metadata of all files in memory
            with open_rows(file.path(self.root)) as opened:
                rows = opened.read(list(_KNOWN)).to_pylist()
            self._meetings |= {row["meeting"]: row | {"collection": file.collection} for row in rows}
        self._by_path = {path: key for key, row in self._meetings.items() for path in _paths(row)}

    def _refresh(self) -> None:
        """Read the meetings again if another writer has written the manifest since the last `_load` or `checkpoint`."""
        if _state(self.root) != self._state:
            self._load()

    def _add(self, source: Source) -> AddResult:
        try:
            data = source.data()
            revision = source.revision(data)
            known = self._known(source)
            if known is not None and known["revision"] == revision and self._has_original(known):
                return AddResult(source, "failed" if known["status"] == "failed" else "unchanged", known["meeting"])
            transcript = source.load(data) if source.load is not None else None
        except InputError as error:
            failed = replace(source, status="failed", error=error.message, code=error.exit_code, load=None)
            return AddResult(source, "failed", self._write(failed, failed.revision(b""), None)[1], error)
        outcome, meeting = self._write(source, revision, transcript)
        return AddResult(source, outcome, meeting)

    def _write(self, source: Source, revision: str, transcript: Transcript | None) -> tuple[Outcome, str]:
        """Write the rows of a recording, replacing its earlier rows."""
        before = self._known(source)
        meeting, original = self._identity(source, transcript)
        if before is not None and (before["meeting"], before["collection"]) != (meeting, source.collection):
            self._remove([before["meeting"]])
        elif before is not None and not self._is_single(before):
            self._remove([meeting])
        columns = _columns(source, transcript) | {
            "meeting": meeting,
            "status": "duplicate" if original else source.status,
            "revision": revision,
            "duplicate_of": original,
        }
        details = detail_tables(meeting, transcript) if transcript and not original else {}
        self._store(source.collection, columns, details)
        if original:
            return "duplicate", meeting
        if transcript is None:
            return "failed", meeting
        return ("added" if before is None else "updated"), meeting

    def _store(self, collection: str, columns: dict[str, Any], details: Mapping[str, pyarrow.Table]) -> None:
        """Write the files of a meeting, with the table `meetings` last."""
        meeting = columns["meeting"]
        for table in DETAILS:
            columns[table] = details[table].num_rows if table in details else 0
            file = TableFile(table, collection, meeting)
            if columns[table]:
                self._digests[file.relative] = write_rows(file.path(self.root), details[table])
            else:
                file.path(self.root).unlink(missing_ok=True)
        file = TableFile("meetings", collection, meeting)
        self._digests[file.relative] = write_rows(file.path(self.root), meeting_table(columns))
        known = {name: columns.get(name) for name in _KNOWN} | {"collection": collection}
        self._meetings[meeting] = known
        self._by_path |= dict.fromkeys(_paths(known), meeting)

    def _remove(self, meetings: Collection[str]) -> None:
        """Remove the rows of meetings, with the table `meetings` last."""
        removed = frozenset(meetings)
        for table in (*DETAILS, "meetings"):
            for file in current_files(self.root, table):
                if file.meeting in removed:
                    file.path(self.root).unlink(missing_ok=True)
                elif file.meeting is None and not removed.isdisjoint(meetings_in(file.path(self.root))):
                    remove_rows(self.root, file, removed)
        for meeting in removed:
            row = self._meetings.pop(meeting, None)
            for path in _paths(row) if row else ():
                self._by_path.pop(path, None)

    def _known(self, source: Source) -> dict[str, Any] | None:
        """Return the `_KNOWN` columns of a source that was added before, None if it is new."""
        for path in filter(None, (source.transcript, source.recording)):
            if path in self._by_path:
                return self._meetings[self._by_path[path]]
        return None

    def _identity(self, source: Source, transcript: Transcript | None) -> tuple[str, str | None]:
        """Return the id for a recording, and the existing meeting with the same content from another source."""
        meeting = meeting_id(source, transcript)
        existing = self._meetings.get(meeting)
        if existing is None or existing["status"] == "failed" or self._known(source) is existing:
            return meeting, None
        return duplicate_id(meeting, source), meeting

    def _has_original(self, row: Mapping[str, Any]) -> bool:
        """Return whether a meeting is not a duplicate, or its original is in the corpus."""
        return row["duplicate_of"] is None or row["duplicate_of"] in self._meetings

    def _is_single(self, row: Mapping[str, Any]) -> bool:
        """Return whether a meeting has its own files, instead of rows in parts."""
        return TableFile("meetings", row["collection"], row["meeting"]).path(self.root).exists()

    def _find(self, name: str) -> list[str]:
        """Return the meetings with this id, or this path of the recording or transcript; raises InputError."""
        if name in self._meetings:
            return [name]
        paths = {name, str(Path(name).absolute())}
        found = [key for key, row in self._meetings.items() if not paths.isdisjoint(_paths(row))]
        if not found:
            raise InputError(
                f"{name} is not in {self.root}", "Give the id of a meeting, or the path of a recording or transcript."
            )
        if len({self._meetings[key]["duplicate_of"] or key for key in found}) > 1:
            raise InputError(f"{name} names several meetings: {', '.join(found)}", "Give the id of one of them.")
        return found


def _columns(source: Source, transcript: Transcript | None) -> dict[str, Any]:
    """Return the columns of a meeting that come from its source and its transcript."""
    known = transcript_columns(transcript) if transcript else {}
    path = transcript.recording.path if transcript and transcript.recording else None
    return known | {
        "recording": source.recording or path,
        "recording_hash": known.get("recording_hash") or source.hash,
        "transcript": source.transcript,
        "error": source.error,
        "code": source.code,
    }


def _paths(row: Mapping[str, Any]) -> list[str]:
    """Return the paths that identify a meeting."""
    return [path for path in (row["transcript"], row["recording"]) if path]


def _state(root: Path) -> tuple[int, int]:
    """Return the modification time and the inode of the manifest, which change whenever it is written."""
    found = (root / MANIFEST).stat()
    return found.st_mtime_ns, found.st_ino


def _create(root: Path) -> None:
    """Create an empty corpus; raises OutputError, or InputError if the folder has other files."""
    make_folder(root)
    if any(root.iterdir()):
        raise InputError(f"{root} is not empty, and not a corpus", "Choose a new folder.")
    make_private(root)
    write_manifest(root, Counts.of(()))
