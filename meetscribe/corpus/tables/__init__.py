"""The transcripts of many recordings as four Parquet tables: meetings, segments, turns and words.

`build_corpus` adds the results of `find_sources` to a corpus folder, `Corpus` reads it, `compact` joins its small
files, `verify` checks it, and `corpus_statistics` sums up its meetings. Importing this room without pyarrow raises
SettingsError.
"""

from __future__ import annotations

from meetscribe.corpus.tables.building import BuildResult, adding_callback, build_corpus
from meetscribe.corpus.tables.compaction import Compaction, compact
from meetscribe.corpus.tables.files.manifest import Counts, read_manifest
from meetscribe.corpus.tables.files.schema import SCHEMAS, TABLES, VERSION
from meetscribe.corpus.tables.meeting import meeting_from_rows
from meetscribe.corpus.tables.reading import Corpus, MeetingRows
from meetscribe.corpus.tables.sources import Source, entry_source, find_sources
from meetscribe.corpus.tables.statistics import (
    CorpusStatistics,
    Selection,
    Totals,
    corpus_statistics,
    meetings_with_statistics,
)
from meetscribe.corpus.tables.verification import Problem, verify
from meetscribe.corpus.tables.writing import AddResult, CorpusWriter

__all__ = [
    "SCHEMAS",
    "TABLES",
    "VERSION",
    "AddResult",
    "BuildResult",
    "Compaction",
    "Corpus",
    "CorpusStatistics",
    "CorpusWriter",
    "Counts",
    "MeetingRows",
    "Problem",
    "Selection",
    "Source",
    "Totals",
    "build_corpus",
    "compact",
    "corpus_statistics",
    "entry_source",
    "find_sources",
    "meeting_from_rows",
    "meetings_with_statistics",
    "read_manifest",
    "adding_callback",
    "verify",
]
