"""Parquet (extra `parquet`): the frame of words, with what is known of the transcript in its metadata."""

from __future__ import annotations

import io

from meetscribe.errors import InputError
from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript
from meetscribe.transcript.arrow import from_arrow, to_arrow


def matches(document: Document) -> bool:
    """Whether the file starts as Parquet does."""
    return document.data.startswith(b"PAR1")


def read(document: Document) -> Transcript:
    """The transcript, as it was written; a table of words without our metadata is read as well.

    Raises InputError naming the column or the row that is wrong.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(document.data))
        table.validate(full=True)  # offsets and texts, which are believed when they are read
        table.schema.names  # noqa: B018  a name that is no UTF-8 is found when it is read
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{document.name}: {error}", "The file was damaged; make it again.") from error
    return from_arrow(table)


def write(transcript: Transcript) -> bytes:
    """The words as a table compressed with zstd."""
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(to_arrow(transcript), out, compression="zstd")
    return out.getvalue()
