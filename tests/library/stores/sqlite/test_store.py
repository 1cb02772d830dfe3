"""The SQLite file: its mode, its versions, its defects, and several processes."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from meetscribe.errors import OutputError
from meetscribe.library import open_library
from meetscribe.library.stores import sql_store
from meetscribe.library.stores.sqlite import store as sqlite
from meetscribe.library.stores.sqlite.schema import MIGRATIONS
from meetscribe.library.stores.sqlite.store import SqliteStore
from meetscribe.library.values import Filter
from tests.support.meetings import save_meetings


def fill(file: Path) -> None:
    """Write a library with four meetings."""
    with open_library(file) as library:
        assert [result.outcome for result in library.add(save_meetings(file.parent))] == ["added"] * 4


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    """The database, its log and its shared memory have mode 0600, whatever the umask, and a new folder 0700."""
    before = os.umask(0)
    try:
        file = tmp_path / "new" / "library.db"
        store = SqliteStore(file)
        store.set_access("x", "restricted")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
        assert modes == {"library.db": 0o600, "library.db-wal": 0o600, "library.db-shm": 0o600}
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        store.close()
    finally:
        os.umask(before)


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    """A file of a later schema is not touched."""
    file = tmp_path / "library.db"
    fill(file)
    with sqlite3.connect(file) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    database.close()
    with pytest.raises(OutputError, match="newer version"):
        SqliteStore(file)


def test_each_version_is_migrated_to_the_present_one(tmp_path: Path) -> None:
    """A file that has only the first steps gets the others; the result is that of a new file."""
    new = SqliteStore(tmp_path / "new.db")
    new.close()
    for done in range(len(MIGRATIONS)):
        file = tmp_path / f"{done}.db"
        with sqlite3.connect(file) as database:
            for step in MIGRATIONS[:done]:
                database.executescript(step)
            database.execute(f"PRAGMA user_version = {done}")
        database.close()
        SqliteStore(file).close()
        assert _schema(file) == _schema(tmp_path / "new.db")


def _schema(file: Path) -> list[str]:
    """Return the statements that make the tables of a file."""
    database = sqlite3.connect(file)
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    database.close()
    return [row[0] for row in rows]


def test_an_index_of_another_analysis_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the words are analysed differently, a file that is opened is brought up to date from its passages."""
    file = tmp_path / "library.db"
    fill(file)
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM terms")
    database.close()
    with open_library(file) as library:
        assert not library.search("budget").hits
    monkeypatch.setattr(sql_store, "VERSION", "another")
    with open_library(file) as library:
        assert len(library.search("budget").hits) == 3


def test_defects_are_found_and_repaired(tmp_path: Path) -> None:
    """A damaged index is noticed, and `reindex` makes it again."""
    file = tmp_path / "library.db"
    fill(file)
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM terms_content WHERE id % 2 = 0")
    database.close()
    with open_library(file) as library:
        assert library.store.check()
        assert list(library.reindex()) == []
        assert library.store.check() == []
        assert len(library.search("budget").hits) == 3


@pytest.mark.parametrize(
    "content", [b"not a database, but a text of some length" * 30, b"SQLite format 3\0" + bytes(99)]
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is an error that says what to do, and stays as it is."""
    file = tmp_path / "library.db"
    file.write_bytes(content)
    with pytest.raises(OutputError, match=r"library\.db") as raised:
        SqliteStore(file)
    assert "--library" in str(raised.value) or "Move the file away" in str(raised.value)
    assert file.read_bytes() == content


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    """The error names the place."""
    with pytest.raises(OutputError, match=str(tmp_path)):
        SqliteStore(tmp_path)


def test_readers_go_on_while_another_process_writes(tmp_path: Path) -> None:
    """A reader sees the state before; a second writer gives up after its time with an error that says why."""
    file = tmp_path / "library.db"
    fill(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore(file, busy_seconds=0.05)
    assert len(store.meetings(Filter())) == 4
    with pytest.raises(OutputError, match="in use by another process"):
        store.remove("x")
    other.execute("ROLLBACK")
    assert store.remove(store.meetings(Filter())[0].id)
    other.close()
    store.close()


def test_a_network_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice names the kind; the file has no log beside it, which several machines could not share."""
    monkeypatch.setattr(sqlite, "network_file_system", lambda folder: "nfs4")
    store = SqliteStore(tmp_path / "library.db")
    store.set_access("x", "restricted")
    assert [(notice.code, notice.data["kind"]) for notice in store.notices] == [("library.network-folder", "nfs4")]
    assert [path.name for path in tmp_path.iterdir()] == ["library.db"]
    store.close()
