"""Compaction: joining many small files of a table into few large ones, called parts.

A part holds the rows of whole files, sorted by meeting, and the names of these files in its metadata. It takes effect
when it is renamed to its final name. Readers then ignore the files that it replaces, which are removed next, or by the
next writer after a crash. Compaction is idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus.tables.files.layout import TableFile, new_part
from meetscribe.corpus.tables.files.parquet import open_rows, write_part
from meetscribe.corpus.tables.files.schema import TABLES
from meetscribe.corpus.tables.reading import current_files, merged
from meetscribe.corpus.tables.writing import CorpusWriter
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.storage.files import folder_lock

MAX_ROWS = 2_000_000
"""The maximum number of rows of a part, unless a single meeting has more."""


@dataclass(frozen=True, slots=True)
class Compaction:
    """The number of files before and after a compaction."""

    before: int
    after: int


def compact(root: Path | str, max_rows: int = MAX_ROWS, progress: Progress = ignore_progress) -> Compaction:
    """Join the files of each table and collection into parts of at most `max_rows` rows.

    Other writers wait meanwhile. Raises InputError for a damaged file, and OutputError.
    """
    with CorpusWriter(root) as writer:
        before = _files(writer.root)
        with folder_lock(writer.root):
            groups = [group for group in _groups(writer.root, max_rows) if len(group) > 1]
            for number, group in enumerate(groups):
                progress(number / len(groups))
                _join(writer.root, group)
    progress(1.0)
    return Compaction(len(before), len(_files(writer.root)))


def _files(root: Path) -> list[TableFile]:
    return [file for table in TABLES for file in current_files(root, table)]


def _groups(root: Path, max_rows: int) -> Iterator[list[TableFile]]:
    """Yield the files to join into each part."""
    by_folder: dict[tuple[str, str], list[TableFile]] = {}
    for file in _files(root):
        by_folder.setdefault((file.table, file.collection), []).append(file)
    for files in by_folder.values():
        yield from first_fit(files, lambda file: _rows(root, file), max_rows)


def first_fit(files: Iterable[TableFile], size: Callable[[TableFile], int], limit: int) -> list[list[TableFile]]:
    """Return the files in groups of at most `limit` rows: each file joins the first group with enough room (first fit).

    No two groups fit into one, so compacting the resulting parts again changes nothing.
    """
    groups: list[list[TableFile]] = []
    free: list[int] = []
    for file in files:
        rows = size(file)
        place = next((number for number, room in enumerate(free) if rows <= room), None)
        if place is None:
            groups.append([file])
            free.append(limit - rows)
        else:
            groups[place].append(file)
            free[place] -= rows
    return groups


def _rows(root: Path, file: TableFile) -> int:
    with open_rows(file.path(root)) as opened:
        count: int = opened.metadata.num_rows
    return count


def _join(root: Path, group: list[TableFile]) -> None:
    """Write a part with the rows of the files, and remove the files."""
    part = new_part(group[0].table, group[0].collection)
    rows = (table for _, table in merged(root, group))
    write_part(part.path(root), part.table, rows, [file.name for file in group])
    for file in group:
        file.path(root).unlink()
