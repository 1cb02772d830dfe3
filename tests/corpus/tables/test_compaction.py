"""Compaction: the same rows in few files, once and for all."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.corpus.tables import TABLES, build_corpus, compact, find_sources, verify
from meetscribe.corpus.tables.compaction import first_fit
from meetscribe.corpus.tables.files.layout import TableFile
from meetscribe.corpus.tables.files.parquet import open_rows
from tests.support.corpora import content, save_transcripts, small_corpus


def test_compaction_changes_no_row(tmp_path: Path) -> None:
    """One file per table and collection is left, with the same rows; repeating it changes nothing."""
    corpus = small_corpus(tmp_path, 6)
    before = content(corpus.root)
    done = compact(corpus.root)
    assert (done.before, done.after) == (24, 4)
    assert content(corpus.root) == before
    files = {path: path.read_bytes() for path in corpus.root.rglob("*") if path.is_file()}
    assert compact(corpus.root).before == 4
    assert {path: path.read_bytes() for path in corpus.root.rglob("*") if path.is_file()} == files
    assert verify(corpus.root) == ()


def test_new_meetings_join_the_parts(tmp_path: Path) -> None:
    """A later compaction joins old parts and new files, sorted by meeting."""
    corpus = small_corpus(tmp_path, 4)
    compact(corpus.root)
    save_transcripts(tmp_path / "talks", range(4, 9))
    build_corpus(corpus.root, find_sources([tmp_path / "talks"]))
    before = content(corpus.root)
    assert compact(corpus.root).after == 4
    assert content(corpus.root) == before
    ids = [rows.meeting for rows in corpus.meetings()]
    assert ids == sorted(row["meeting"] for row in before["meetings"])


def test_parts_have_a_limit(tmp_path: Path) -> None:
    """A part has at most that many rows; a meeting is never divided."""
    corpus = small_corpus(tmp_path, 6)
    before = content(corpus.root)
    compact(corpus.root, max_rows=60)
    assert content(corpus.root) == before
    files = corpus.files("words")
    rows = [open_rows(file.path(corpus.root)).metadata.num_rows for file in files]
    assert 1 < len(files) < 6
    assert max(rows) <= 60
    assert compact(corpus.root, max_rows=60).before == sum(len(corpus.files(table)) for table in TABLES)


@given(st.lists(st.integers(0, 12)))
def test_first_fit_groups_cannot_be_joined(sizes: list[int]) -> None:
    """Every file is in one group, no group is larger than the limit unless one file is, no two fit together."""
    files = {TableFile("words", "a", f"{number:016x}"): size for number, size in enumerate(sizes)}
    groups = first_fit(files, files.__getitem__, 10)
    totals = [sum(files[file] for file in group) for group in groups]
    assert sorted(file for group in groups for file in group) == sorted(files)
    assert all(total <= 10 or len(group) == 1 for total, group in zip(totals, groups, strict=True))
    assert all(one + other > 10 for place, one in enumerate(totals) for other in totals[:place])
