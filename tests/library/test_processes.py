"""Several processes with one library, and processes that are killed; `tests.benchmarks.library` is the long form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library_load import add_and_search, kill_while_adding
from tests.support.postgres import postgres_server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the location of an empty library in each database."""
    if request.param == "sqlite":
        yield str(tmp_path / "library.db")
        return
    with postgres_server(durable=True) as server:
        yield server.new_database()


def test_processes_add_and_search_at_once(location: str) -> None:
    """Nothing is lost, and every search succeeds while others write."""
    load = add_and_search(location, processes=3, seconds=1.0)
    assert load.problems == ()
    assert load.added > 3


def test_a_killed_process_leaves_whole_meetings(location: str) -> None:
    """What was reported as added is there, and no meeting is there in part."""
    load = kill_while_adding(location, kills=3)
    assert load.problems == ()
    assert load.added >= 3
