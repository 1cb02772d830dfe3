"""Remove rows from files, and clean up after an interrupted writer."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from meetscribe.corpus.tables.files.layout import TableFile, leftovers, new_part, table_files
from meetscribe.corpus.tables.files.parquet import grouped_rows, meetings_in, write_part
from meetscribe.corpus.tables.files.schema import DETAILS, TABLES
from meetscribe.corpus.tables.reading import current_files


def recover(root: Path) -> None:
    """Clean up after an interrupted writer: remove replaced files, unfinished files and unfinished meetings."""
    for path in leftovers(root):
        path.unlink(missing_ok=True)
    for table in TABLES:
        current = set(current_files(root, table))
        for file in table_files(root, table):
            if file not in current:
                file.path(root).unlink(missing_ok=True)
    # A meeting is unfinished if it has rows in other tables and none in `meetings`, which is written last.
    singles = {(file.collection, file.name) for file in table_files(root, "meetings")}
    orphans = [
        file
        for table in DETAILS
        for file in table_files(root, table)
        if file.meeting is not None and (file.collection, file.name) not in singles
    ]
    parts = [file for file in table_files(root, "meetings") if file.meeting is None] if orphans else []
    known = {(part.collection, meeting) for part in parts for meeting in meetings_in(part.path(root))}
    for file in orphans:
        if (file.collection, file.name) not in known:
            file.path(root).unlink(missing_ok=True)


def remove_rows(root: Path, file: TableFile, meetings: Collection[str]) -> None:
    """Replace a part by a part without the rows of the meetings."""
    kept = (table for meeting, table in grouped_rows(file.path(root)) if meeting not in meetings)
    part = new_part(file.table, file.collection)
    if not write_part(part.path(root), file.table, kept, [file.name]):
        part.path(root).unlink()
    file.path(root).unlink()
