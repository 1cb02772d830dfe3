"""Parquet (extra `parquet`): the frame of words, with what is known of the transcript in its metadata."""

from __future__ import annotations

import io
from typing import Any

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats.document import Document
from meetscribe.transcript import Transcript
from meetscribe.transcript.arrow import from_arrow, to_arrow


def claims(document: Document) -> bool:
    """Whether the file starts as Parquet does."""
    return document.data.startswith(b"PAR1")


def read(document: Document) -> Transcript:
    """The transcript, as it was written; a table of words without our metadata is read as well.

    Raises InputError naming the column or the row that is wrong, SettingsError if pyarrow is not installed.
    """
    parquet, errors = _library()
    try:
        table = parquet.read_table(io.BytesIO(document.data))
    except errors as error:
        raise InputError(f"{document.name}: {error}", "The file was damaged; make it again.") from error
    return from_arrow(table)


def write(transcript: Transcript) -> bytes:
    """The words as a table compressed with zstd; raises SettingsError if pyarrow is not installed."""
    parquet, _ = _library()
    out = io.BytesIO()
    parquet.write_table(to_arrow(transcript), out, compression="zstd")
    return out.getvalue()


def _library() -> tuple[Any, tuple[type[Exception], ...]]:
    """pyarrow's module for Parquet and what it raises for a file that is none."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise SettingsError("parquet needs pyarrow", "Install it: pip install 'meetscribe[parquet]'") from error
    return parquet, (pyarrow.ArrowException, OSError)
