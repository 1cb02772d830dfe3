"""Statistics as files: JSON, and CSV or Parquet with one table per file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, TypeAlias

from meetscribe.analytics.metrics import measured_errors
from meetscribe.analytics.statistics import Statistics
from meetscribe.errors import OutputError, SettingsError, os_reason
from meetscribe.formats.parts.delimited import escape_formula
from meetscribe.publishing.destinations import require_replaceable, write_output

TableFormat: TypeAlias = Literal["csv", "parquet"]


def statistics_json(statistics: Statistics, tables: Sequence[str]) -> str:
    """Return the tables as one JSON object, with the settings and the measured errors; unknown values are null."""
    document: dict[str, Any] = {"by": statistics.by, "settings": asdict(statistics.settings)}
    document |= {table: [asdict(row) for row in statistics.rows(table)] for table in tables}
    document["trust"] = measured_errors()
    return json.dumps(document, ensure_ascii=False, indent=1)


def table_file(statistics: Statistics, table: str, format: TableFormat) -> bytes:
    """Return a table as CSV in UTF-8, or as Parquet; raises SettingsError if Parquet lacks its package.

    In CSV, unknown values are empty, and text that a spreadsheet would evaluate as a formula is prefixed by an
    apostrophe.
    """
    frame = statistics.frame(table)
    if format == "csv":
        for name, dtype in frame.dtypes.items():
            if str(dtype) == "string":
                frame[name] = frame[name].map(escape_formula, na_action="ignore").astype("string")
        return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8", "replace")
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SettingsError("Parquet needs pyarrow", "Install it: pip install pyarrow") from error
    out = io.BytesIO()
    frame.to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


def write_tables(
    statistics: Statistics, tables: Sequence[str], folder: Path, format: TableFormat, overwrite: bool
) -> list[Path]:
    """Write a file per table to a folder, which is created if needed, and return the paths.

    Raises OutputError if a file cannot be written or, without `overwrite`, was not written by meetscribe.
    """
    files = {table: folder / f"{table}.{format}" for table in tables}
    require_replaceable(list(files.values()), overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {os_reason(error)}", "Choose another folder.") from error
    for table, file in files.items():
        write_output(file, table_file(statistics, table, format))
    return list(files.values())
