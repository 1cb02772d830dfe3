"""Remote recordings and outputs, with addresses such as s3://bucket/talks/a.mp3, read and written by fsspec.

`files` defines the values and imports nothing else; `stores` lists, reads and writes; `copies` fetches a recording to a
temporary folder, and `staging` collects the outputs of a recording in one. To add a kind of address, add its
protocol to `files._ADDRESS`, a row to `stores.STORES`, the name of the modification time in its listings to
`stores._with_state`, and its package to the extra `remote` in pyproject.toml.
"""

from __future__ import annotations

from meetscribe.corpus.remote.files import Location, RemoteFile, location_of

__all__ = ["Location", "RemoteFile", "location_of"]
