"""The files of a corpus: TABLE/collection=NAME/MEETING.parquet for one meeting, part-….parquet for many."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus.tables.files.schema import TABLES

MANIFEST = "manifest.json"
"""The file with the version of the layout and the counts."""

CHECKSUMS = "SHA256SUMS"
"""The file with the hash of every Parquet file, in the format of `sha256sum --check`."""

SUFFIX = ".parquet"
_PREFIX = "collection="
_PART = "part-"
_UNSAFE = re.compile(r"[^\w .-]")


@dataclass(frozen=True, slots=True, order=True)
class TableFile:
    """A Parquet file of a corpus; `name` is the file name without its suffix."""

    table: str
    collection: str
    name: str

    @property
    def meeting(self) -> str | None:
        """The meeting of a single-meeting file, None for a part."""
        return None if self.name.startswith(_PART) else self.name

    @property
    def relative(self) -> str:
        """The path from the root of the corpus, with slashes."""
        return f"{self.table}/{_PREFIX}{self.collection}/{self.name}{SUFFIX}"

    def path(self, root: Path) -> Path:
        """Return the path of the file."""
        return root / self.table / f"{_PREFIX}{self.collection}" / f"{self.name}{SUFFIX}"


def new_part(table: str, collection: str) -> TableFile:
    """Return a part, a file for many meetings, with a new random name."""
    return TableFile(table, collection, f"{_PART}{secrets.token_hex(8)}")


def collection_name(text: str) -> str:
    """Return a collection name that is safe as a folder name.

    >>> collection_name("board/2026"), collection_name("..")
    ('board_2026', 'recordings')
    """
    return _UNSAFE.sub("_", text).strip(" .") or "recordings"


def table_files(root: Path, table: str, collections: Collection[str] = ()) -> list[TableFile]:
    """Return the files of a table, sorted; only those of `collections`, if given."""
    found = []
    for collection, path in _folders(root, table):
        if not collections or collection in collections:
            names = (entry.name for entry in os.scandir(path))
            found += [
                TableFile(table, collection, name[: -len(SUFFIX)])
                for name in names
                if name.endswith(SUFFIX) and not name.startswith(".")
            ]
    return sorted(found)


def leftovers(root: Path) -> Iterator[Path]:
    """Yield the hidden files left in the tables by an interrupted writer."""
    for table in TABLES:
        for _, folder in _folders(root, table):
            yield from sorted(folder.glob(".*"))


def _folders(root: Path, table: str) -> Iterator[tuple[str, Path]]:
    """Yield the name and the folder of each collection of a table."""
    if (root / table).is_dir():
        for path in sorted((root / table).iterdir()):
            if path.is_dir() and path.name.startswith(_PREFIX):
                yield path.name[len(_PREFIX) :], path
