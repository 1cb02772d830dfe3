"""Reading: whole tables in four libraries, and meeting by meeting."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.corpus import tables
from meetscribe.corpus.tables import Corpus, build_corpus, compact, find_sources
from meetscribe.corpus.tables.files.layout import TableFile
from meetscribe.corpus.tables.files.parquet import make_folder, write_part
from meetscribe.corpus.tables.files.schema import SCHEMAS
from meetscribe.corpus.tables.reading import merged
from meetscribe.errors import InputError, SettingsError
from tests.support.corpora import content, save_transcripts, small_corpus
from tests.support.readmes import table

README = (Path(tables.__file__).parent / "README.md").read_text(encoding="utf-8")
LOADS = {library: code.strip("`") for library, code in table(README, "library")}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Return a corpus with two collections, one of them a number, of parts and of single files."""
    folder = tmp_path_factory.mktemp("corpus")
    corpus = small_corpus(folder, 3)
    compact(corpus.root)
    build_corpus(corpus.root, find_sources([save_transcripts(folder / "2026", range(3, 5))]))
    return corpus


@pytest.mark.parametrize("library", [library for library in LOADS if library != "datasets"])
def test_one_line_loads_a_table(mixed: Corpus, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line in the README gives all words with their collection, in parts and in files of one meeting."""
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    monkeypatch.chdir(mixed.root.parent)
    names: dict[str, Any] = {}
    exec(f"import {library}\nimport pyarrow.dataset\nfound = {LOADS[library]}", names)
    found = names["found"]
    if library == "pyarrow":
        found = found.to_table().to_pandas()
    elif library == "duckdb":
        found = found.df()
    elif library == "polars":
        found = found.to_pandas()
    assert sorted(found["id"]) == sorted(row["id"] for row in content(mixed.root)["words"])
    assert set(map(str, found["collection"])) == {"2026", "talks"}


def test_all_libraries_of_the_issue_are_listed() -> None:
    """The four that are tested, and datasets."""
    assert set(LOADS) == {"pandas", "polars", "duckdb", "pyarrow", "datasets"}


def test_meetings_come_one_by_one_with_their_rows(mixed: Corpus) -> None:
    """Sorted by collection and meeting; the rows are those of the whole tables."""
    whole = content(mixed.root)
    found = list(mixed.meetings(("turns", "words")))
    assert [(rows.collection, rows.meeting) for rows in found] == sorted(
        (row["collection"], row["meeting"]) for row in whole["meetings"]
    )
    for rows in found:
        own = [row["id"] for row in whole["words"] if row["meeting"] == rows.meeting]
        assert sorted(rows.tables["words"]["id"].to_pylist()) == own
        assert rows.tables["turns"].num_rows == rows.row["turns"]
    columns = next(mixed.meetings({"words": ["text"]})).tables["words"].column_names
    assert columns == ["meeting", "text"]


def test_frames_and_names(mixed: Corpus) -> None:
    """A table is a DataFrame; another name and a folder that is no corpus are errors."""
    assert list(mixed.frame("words", ["text", "collection"])) == ["text", "collection"]
    with pytest.raises(SettingsError, match="wordz"):
        mixed.frame("wordz")
    with pytest.raises(InputError, match="corpus build"):
        Corpus(mixed.root / "words")


def test_an_empty_corpus_is_read(tmp_path: Path) -> None:
    """Tables without rows have their columns."""
    with tables.CorpusWriter(tmp_path / "corpus", create=True):
        pass
    corpus = Corpus(tmp_path / "corpus")
    assert list(corpus.meetings(tables.TABLES[1:])) == []
    assert "collection" in corpus.frame("words")
    assert json.loads((corpus.root / "manifest.json").read_text())["rows"]["words"] == 0


def word_rows(meeting: str) -> pyarrow.Table:
    """Return two rows of a meeting, of which only the meeting is known."""
    schema = SCHEMAS["words"]
    rows = {name: [meeting, meeting] if name == "meeting" else [None, None] for name in schema.names}
    return pyarrow.table(rows, schema=schema)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sets(st.integers(0, 30), min_size=1, max_size=5), max_size=6))
def test_files_are_merged_in_order(tmp_path_factory: pytest.TempPathFactory, groups: list[set[int]]) -> None:
    """Meetings of several sorted parts come sorted."""
    root = tmp_path_factory.mktemp("merge")
    files = []
    for number, group in enumerate(groups):
        file = TableFile("words", "talks", f"part-{number}")
        make_folder(file.path(root).parent)
        write_part(file.path(root), "words", [word_rows(f"{meeting:016x}") for meeting in sorted(group)], [])
        files.append(file)
    found = [meeting for meeting, _ in merged(root, files)]
    assert found == sorted(f"{meeting:016x}" for group in groups for meeting in group)
