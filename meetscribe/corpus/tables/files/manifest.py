"""`manifest.json`, with the version and the counts of a corpus, and the hashes of its files."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.corpus.tables.files.layout import CHECKSUMS, MANIFEST, TableFile
from meetscribe.corpus.tables.files.schema import DETAILS, VERSION
from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.runtime.packages import versions
from meetscribe.storage.files import TRANSCRIPT_BYTES, file_digest, read_file, replace_file


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of meetings by status, and the number of rows by table."""

    meetings: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, meetings: Iterable[Mapping[str, Any]]) -> Counts:
        """Return the counts for the rows of the table `meetings`."""
        by_status: Counter[str] = Counter()
        rows: Counter[str] = Counter(dict.fromkeys(("meetings", *DETAILS), 0))
        for row in meetings:
            by_status[row["status"]] += 1
            rows["meetings"] += 1
            rows.update({table: row[table] or 0 for table in DETAILS})
        return cls(dict(sorted(by_status.items())), dict(rows))


def read_manifest(root: Path) -> Counts:
    """Return the counts in the manifest; raises InputError if it is damaged or has a different version."""
    path = root / MANIFEST
    try:
        content = json.loads(read_file(path, TRANSCRIPT_BYTES))
        schema, counts = content["schema"], Counts(content["meetings"], content["rows"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} is damaged: {error}", "Restore it, or build the corpus again in a new folder."
        ) from error
    if schema != VERSION:
        raise InputError(f"{path}: the version is {schema!r}, not {VERSION!r}", "Build the corpus again.")
    return counts


def write_manifest(root: Path, counts: Counts) -> None:
    """Write the manifest; raises OutputError."""
    own_version = versions().get("meetscribe")
    content = {"schema": VERSION, "meetscribe": own_version, "partitioned_by": "collection"}
    _replace(root / MANIFEST, json.dumps({**content, **asdict(counts)}, indent=1).encode() + b"\n")


def repair_command(root: Path) -> str:
    """Return the command that writes the manifest and the hashes of the files again."""
    return shlex.join(["meetscribe", "corpus", "compact", str(root)])


def read_checksums(root: Path) -> dict[str, str]:
    """Return the hash of each file by its path from the root, empty without CHECKSUMS; raises InputError."""
    path = root / CHECKSUMS
    try:
        lines = read_file(path, TRANSCRIPT_BYTES).decode().splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}", f"Delete it, and write it again: {repair_command(root)}") from error
    pairs = (line.partition("  ") for line in lines)
    return {name: f"sha256:{digest}" for digest, _, name in pairs if name}


def write_checksums(root: Path, files: Iterable[TableFile], known: Mapping[str, str]) -> None:
    """Write the hashes of the files, taken from `known` or computed; raises OutputError.

    Files newer than the list are hashed again, unless their hash is in `known`.
    """
    listed = read_checksums(root)
    since = (root / CHECKSUMS).stat().st_mtime_ns if (root / CHECKSUMS).exists() else 0
    lines = []
    for file in files:
        name, path = file.relative, file.path(root)
        digest = known.get(name)
        if digest is None and path.stat().st_mtime_ns < since:
            digest = listed.get(name)
        lines.append(f"{(digest or table_digest(path)).rpartition(':')[2]}  {name}\n")
    _replace(root / CHECKSUMS, "".join(lines).encode())


def table_digest(path: Path) -> str:
    """Return "sha256:" and the digest of a file of the corpus; raises InputError."""
    try:
        return file_digest(path)
    except OSError as error:
        raise InputError(f"{path}: {os_reason(error)}", "Check its permissions.") from error


def _replace(path: Path, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as error:
        raise OutputError(f"{path}: {os_reason(error)}", "Free space, then run the command again.") from error
