"""Reading and writing the Parquet files of a corpus: zstd, atomic writes, owner-only permissions."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow
import pyarrow.compute
from pyarrow import parquet

from meetscribe.corpus.tables.files.schema import MEETING, SCHEMAS
from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.storage.files import PART, replace_file, sha256_digest

ROW_GROUP = 65_536
"""Rows per row group, the unit of decoding."""

BATCH = 8_192
"""Rows per batch when reading."""

_REPLACES = b"meetscribe.replaces"  # metadata of a part: the names of the files that it replaces

_REMEDY = "Check the file: meetscribe corpus verify."


def make_folder(path: Path) -> None:
    """Create a folder and its missing parents with mode 0700; raises OutputError."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    try:
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: {os_reason(error)}", "Choose another folder.") from error


def make_private(path: Path) -> None:
    """Give a folder mode 0700; raises OutputError."""
    try:
        path.chmod(0o700)
    except OSError as error:
        raise OutputError(f"{path}: {os_reason(error)}", "Choose another folder.") from error


def write_rows(path: Path, table: pyarrow.Table) -> str:
    """Write a table to a file and return the hash of the file; raises OutputError."""
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    make_folder(path.parent)
    try:
        replace_file(path, out.getvalue())
    except OSError as error:
        raise OutputError(f"{path}: {os_reason(error)}", "Free space, then run the command again.") from error
    return sha256_digest(out)


def write_part(path: Path, table: str, rows: Iterable[pyarrow.Table], replaces: Sequence[str]) -> int:
    """Write rows to a part, which replaces the files with these names, and return the number of rows.

    The file appears complete or not at all. Raises OutputError.
    """
    schema = SCHEMAS[table].with_metadata({_REPLACES: json.dumps(list(replaces)).encode()})
    hidden = path.with_name(f".{path.name}{PART}")  # PART is the suffix of unfinished files, not of parts
    count = 0
    try:
        handle = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for block in _blocks(rows):
                    writer.write_table(block.cast(schema), row_group_size=ROW_GROUP)
                    count += block.num_rows
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(path)
    except OSError as error:
        hidden.unlink(missing_ok=True)
        raise OutputError(f"{path}: {os_reason(error)}", "Free space, then run the command again.") from error
    return count


def _blocks(rows: Iterable[pyarrow.Table]) -> Iterator[pyarrow.Table]:
    """Yield the tables, joined until they reach the size of a row group."""
    waiting: list[pyarrow.Table] = []
    for table in rows:
        waiting.append(table)
        if sum(each.num_rows for each in waiting) >= ROW_GROUP:
            yield pyarrow.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pyarrow.concat_tables(waiting)


def open_rows(path: Path) -> parquet.ParquetFile:
    """Open a Parquet file; raises InputError if it is damaged or missing."""
    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{path}: {error}", _REMEDY) from error


def replaced_names(path: Path) -> list[str]:
    """Return the names of the files that a part replaces; raises InputError."""
    with open_rows(path) as file:
        metadata = file.schema_arrow.metadata or {}
    names: list[str] = json.loads(metadata.get(_REPLACES, b"[]"))
    return names


def first_meeting(path: Path) -> str:
    """Return the first meeting of a file with at least one row; raises InputError."""
    with open_rows(path) as file:
        batch = next(file.iter_batches(1, columns=[MEETING]))
    first: str = batch.column(0)[0].as_py()
    return first


def meetings_in(path: Path) -> set[str]:
    """Return the meetings with rows in a file; raises InputError."""
    with open_rows(path) as file:
        column = file.read([MEETING]).column(0)
    return set(pyarrow.compute.unique(column).to_pylist())


def grouped_rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[tuple[str, pyarrow.Table]]:
    """Yield each meeting of a file with its rows, in file order; raises InputError."""
    wanted = None if columns is None else list(dict.fromkeys([MEETING, *columns]))
    current, parts = "", list[pyarrow.RecordBatch]()
    with open_rows(path) as file:
        try:
            for batch in file.iter_batches(BATCH, columns=wanted):
                for meeting, run in _runs(batch):
                    if parts and meeting != current:
                        yield current, pyarrow.Table.from_batches(parts)
                        parts = []
                    current = meeting
                    parts.append(run)
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError(f"{path}: {error}", _REMEDY) from error
    if parts:
        yield current, pyarrow.Table.from_batches(parts)


def _runs(batch: pyarrow.RecordBatch) -> Iterator[tuple[str, pyarrow.RecordBatch]]:
    """Yield the runs of consecutive rows of one meeting in a batch."""
    if batch.num_rows:
        runs = pyarrow.compute.run_end_encode(batch.column(MEETING))
        start = 0
        for end, meeting in zip(runs.run_ends.to_pylist(), runs.values.to_pylist(), strict=True):
            yield meeting, batch.slice(start, end - start)
            start = end
