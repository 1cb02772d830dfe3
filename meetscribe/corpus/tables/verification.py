"""Verification that a corpus is complete and unchanged since it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus.tables.files.layout import CHECKSUMS, MANIFEST, TableFile, leftovers, table_files
from meetscribe.corpus.tables.files.manifest import read_checksums, read_manifest, repair_command, table_digest
from meetscribe.corpus.tables.files.parquet import grouped_rows, open_rows
from meetscribe.corpus.tables.files.schema import DETAILS, SCHEMAS, TABLES
from meetscribe.corpus.tables.reading import Corpus, MeetingRows, current_files
from meetscribe.errors import InputError
from meetscribe.runtime.progress import Progress, ignore_progress

ADD = "meetscribe corpus add CORPUS SOURCE..."
REBUILD = "meetscribe corpus build NEW_FOLDER SOURCE..."


@dataclass(frozen=True, slots=True)
class Problem:
    """A defect of a corpus: a code, the file or meeting, a text, and the command that repairs it."""

    code: str
    place: str
    text: str
    remedy: str


def verify(root: Path | str, progress: Progress = ignore_progress) -> tuple[Problem, ...]:
    """Return the defects of a corpus: counts, hashes, orphans, duplicates, and leftovers of a crash.

    The codes of damaged, missing, changed, unlisted, replaced and leftover files begin with "file-". "schema" is a file
    with other columns; "count" and "rows" are numbers of rows that differ from the manifest or from the table of
    meetings; "orphan" are rows without a meeting; "twice" is a meeting with two rows; "duplicate-of" is a missing
    original of a duplicate. Raises InputError if the folder is not a corpus.
    """
    return tuple(_Verification(Corpus(Path(root)), progress).problems())


class _Verification:
    """The checks of a corpus, in the order of `problems`; `_contents` counts the rows for those that follow."""

    def __init__(self, corpus: Corpus, progress: Progress) -> None:
        self._corpus, self._root, self._progress = corpus, corpus.root, progress
        self._repair = repair_command(self._root)
        self._files = [file for table in TABLES for file in table_files(self._root, table)]
        current = {file for table in TABLES for file in self._readable_current(table)}
        self._replaced = [file for file in self._files if file not in current]
        self._damaged: set[TableFile] = set()
        self._rows: dict[str, dict[str, Counter[str]]] = {}

    def _readable_current(self, table: str) -> list[TableFile]:
        try:
            return current_files(self._root, table)
        except InputError:  # reported as a damaged file
            return table_files(self._root, table)

    def problems(self) -> Iterator[Problem]:
        yield from self._leftovers()
        yield from self._checksums()
        yield from self._contents()
        yield from self._counts()
        yield from self._meetings()

    def _leftovers(self) -> Iterator[Problem]:
        for path in leftovers(self._root):
            place = path.relative_to(self._root).as_posix()
            yield Problem("file-leftover", place, "left by an interrupted writer", self._repair)
        for file in self._replaced:
            text = "a part contains its rows, so other programs read them twice"
            yield Problem("file-replaced", file.relative, text, self._repair)

    def _checksums(self) -> Iterator[Problem]:
        """Compare the files with the list of hashes."""
        listed = read_checksums(self._root)
        present = {file.relative: file for file in self._files}
        for name in sorted(listed.keys() - present.keys()):
            yield Problem("file-missing", name, f"listed in {CHECKSUMS}, but missing", REBUILD)
        for number, (name, file) in enumerate(sorted(present.items())):
            self._progress(0.5 * number / len(present))
            if name not in listed:
                if file not in self._replaced:
                    text = f"not in {CHECKSUMS}: its writer was interrupted"
                    yield Problem("file-unlisted", name, text, self._repair)
            elif table_digest(file.path(self._root)) != listed[name]:
                yield Problem("file-changed", name, f"its hash differs from {CHECKSUMS}", REBUILD)

    def _contents(self) -> Iterator[Problem]:
        """Read every file and count the rows of each meeting."""
        for number, file in enumerate(self._files):
            self._progress(0.5 + 0.5 * number / len(self._files))
            if file in self._replaced:
                continue
            try:
                yield from self._read(file)
            except InputError as error:
                self._damaged.add(file)
                yield Problem("file-damaged", file.relative, error.message, REBUILD)
        self._progress(1.0)

    def _read(self, file: TableFile) -> Iterator[Problem]:
        with open_rows(file.path(self._root)) as opened:
            if not opened.schema_arrow.remove_metadata().equals(SCHEMAS[file.table]):
                yield Problem("schema", file.relative, "its columns differ from this version", REBUILD)
                return
        counts = self._rows.setdefault(file.table, {}).setdefault(file.collection, Counter())
        for meeting, rows in grouped_rows(file.path(self._root), ["meeting"]):
            counts[meeting] += rows.num_rows

    def _counts(self) -> Iterator[Problem]:
        """Compare the numbers of rows with the manifest."""
        expected: Mapping[str, int] = read_manifest(self._root).rows
        for table in TABLES:
            found = sum(sum(counts.values()) for counts in self._rows.get(table, {}).values())
            if found != expected.get(table):
                text = f"{table}: {found} rows, but {expected.get(table)} in {MANIFEST}"
                yield Problem("count", MANIFEST, text, self._repair)

    def _meetings(self) -> Iterator[Problem]:
        """Compare the rows of each meeting with the counts in the table of meetings."""
        if self._damaged:
            return
        known: set[tuple[str, str]] = set()
        ids: set[str] = set()
        originals: set[str] = set()
        for rows in self._corpus.meetings():
            if rows.meeting in ids:
                yield Problem("twice", rows.meeting, "it has two rows in meetings", REBUILD)
            ids.add(rows.meeting)
            known.add((rows.collection, rows.meeting))
            originals |= {rows.row["duplicate_of"]} - {None}
            yield from self._details(rows)
        for table in DETAILS:
            for collection, counts in self._rows.get(table, {}).items():
                for meeting in sorted(meeting for meeting in counts if (collection, meeting) not in known):
                    yield Problem("orphan", meeting, f"rows in {table}, but none in meetings", self._repair)
        for meeting in sorted(originals - ids):
            yield Problem("duplicate-of", meeting, "it is missing, but a meeting is a duplicate of it", ADD)

    def _details(self, rows: MeetingRows) -> Iterator[Problem]:
        """Compare the number of rows of a meeting with its row in the table of meetings."""
        for table in DETAILS:
            found = self._rows.get(table, {}).get(rows.collection, Counter())[rows.meeting]
            if found != rows.row[table]:
                yield Problem(
                    "rows", rows.meeting, f"{table}: {found} rows, but meetings has {rows.row[table]}", REBUILD
                )
