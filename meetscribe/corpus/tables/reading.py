"""Reading a corpus: whole tables, or meeting by meeting in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.dataset

from meetscribe.corpus.tables.files.layout import MANIFEST, TableFile, table_files
from meetscribe.corpus.tables.files.manifest import read_manifest
from meetscribe.corpus.tables.files.parquet import first_meeting, grouped_rows, replaced_names
from meetscribe.corpus.tables.files.schema import SCHEMAS
from meetscribe.errors import InputError, SettingsError, nearest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class MeetingRows:
    """The rows of one meeting: `row` is its row in the table `meetings`, `tables` its rows in other tables."""

    meeting: str
    collection: str
    row: Mapping[str, Any]
    tables: Mapping[str, pyarrow.Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk. Raises InputError if the folder is not a corpus of this version."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root))
        if not (self.root / MANIFEST).is_file():
            raise InputError(f"{self.root} is not a corpus", f"Create one: meetscribe corpus build {self.root} FOLDER")
        read_manifest(self.root)

    def files(self, table: str, collections: Collection[str] = ()) -> list[TableFile]:
        """Return the files of a table, without replaced ones; raises SettingsError for an unknown table."""
        if table not in SCHEMAS:
            raise SettingsError(f"there is no table {table!r}", nearest(table, SCHEMAS))
        return current_files(self.root, table, collections)

    def dataset(self, table: str, collections: Collection[str] = ()) -> pyarrow.dataset.Dataset:
        """Return a table as an Arrow dataset with the column `collection`; raises the errors of `files`."""
        paths = [str(file.path(self.root)) for file in self.files(table, collections)]
        schema = SCHEMAS[table].append(pyarrow.field("collection", pyarrow.string()))
        partitioning = pyarrow.dataset.partitioning(pyarrow.schema([schema.field("collection")]), flavor="hive")
        if not paths:
            return pyarrow.dataset.dataset(schema.empty_table())
        return pyarrow.dataset.dataset(
            paths, schema=schema, format="parquet", partitioning=partitioning, partition_base_dir=str(self.root / table)
        )

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table, or some of its columns, as a DataFrame in memory."""
        found = self.dataset(table).to_table(columns=None if columns is None else list(columns))
        frame: pd.DataFrame = found.to_pandas()
        return frame

    def meetings(
        self, tables: Mapping[str, Sequence[str] | None] | Iterable[str] = (), collections: Collection[str] = ()
    ) -> Iterator[MeetingRows]:
        """Yield every meeting with its rows in `tables`, ordered by collection and meeting, one at a time in memory.

        `tables` may map each name to the columns to read. Raises InputError for a damaged file.
        """
        wanted = tables if isinstance(tables, Mapping) else dict.fromkeys(tables)
        names = dict.fromkeys(file.collection for file in self.files("meetings", collections))
        for collection in names:
            yield from self._collection(collection, wanted)

    def _collection(self, collection: str, wanted: Mapping[str, Sequence[str] | None]) -> Iterator[MeetingRows]:
        """Yield the meetings of a collection; all files are sorted by meeting."""
        details = {name: _Cursor(self._merged(name, collection, columns)) for name, columns in wanted.items()}
        for meeting, row in self._merged("meetings", collection, None):
            found = {}
            for name, cursor in details.items():
                rows = cursor.rows_of(meeting)
                found[name] = SCHEMAS[name].empty_table() if rows is None else rows
            yield MeetingRows(meeting, collection, row.to_pylist()[0], found)

    def _merged(
        self, table: str, collection: str, columns: Sequence[str] | None
    ) -> Iterator[tuple[str, pyarrow.Table]]:
        return merged(self.root, self.files(table, (collection,)), columns)


def current_files(root: Path, table: str, collections: Collection[str] = ()) -> list[TableFile]:
    """Return the files of a table, without files that a part replaces but that still exist."""
    files = table_files(root, table, collections)
    replaced = {
        (file.collection, name) for file in files if file.meeting is None for name in replaced_names(file.path(root))
    }
    return [file for file in files if (file.collection, file.name) not in replaced]


def merged(
    root: Path, files: Iterable[TableFile], columns: Sequence[str] | None = None
) -> Iterator[tuple[str, pyarrow.Table]]:
    """Merge files that are sorted by meeting; yield each meeting with its rows, sorted by meeting.

    A file is opened only when its first meeting is due, so few files are open at a time.
    """
    waiting = sorted(((file.meeting or first_meeting(file.path(root)), file) for file in files), reverse=True)
    opened: list[tuple[str, int, pyarrow.Table, Iterator[tuple[str, pyarrow.Table]]]] = []
    number = 0
    while waiting or opened:
        while waiting and (not opened or waiting[-1][0] <= opened[0][0]):
            rows = grouped_rows(waiting.pop()[1].path(root), columns)
            number += 1
            _push(opened, number, rows)
        if opened:
            meeting, file_number, table, rows = heapq.heappop(opened)
            yield meeting, table
            _push(opened, file_number, rows)


def _push(
    opened: list[tuple[str, int, pyarrow.Table, Iterator[tuple[str, pyarrow.Table]]]],
    number: int,
    rows: Iterator[tuple[str, pyarrow.Table]],
) -> None:
    """Add the next meeting of a file to the heap, if there is one; `number` breaks ties, as tables have no order."""
    following = next(rows, None)
    if following is not None:
        heapq.heappush(opened, (following[0], number, following[1], rows))


class _Cursor:
    """The rows of a table by meeting, read once in ascending order."""

    def __init__(self, rows: Iterator[tuple[str, pyarrow.Table]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def rows_of(self, meeting: str) -> pyarrow.Table | None:
        """Return the rows of a meeting, None if it has none."""
        while self._next is not None and self._next[0] < meeting:
            self._next = next(self._rows, None)
        return self._next[1] if self._next is not None and self._next[0] == meeting else None
