"""Parquet (needs pyarrow): the frame of words, with the transcript's metadata."""

from __future__ import annotations

import io

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript
from meetscribe.transcript.frame.arrow import from_arrow, to_arrow


def matches(document: Document) -> bool:
    """Return whether the file starts as Parquet does."""
    return document.data.startswith(b"PAR1")


def read(document: Document) -> Transcript:
    """Read a table of words, with or without our metadata.

    Raises InputError naming the invalid column or row.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(document.data))
        table.validate(full=True)  # offsets and texts are not checked on reading
        table.schema.names  # noqa: B018  access fails for a name that is not UTF-8
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{document.name}: {error}", "The file is damaged: write it again.") from error
    return from_arrow(table)


def write(transcript: Transcript) -> bytes:
    """Write the words as a table, compressed with zstd."""
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(to_arrow(transcript), out, compression="zstd")
    return out.getvalue()
