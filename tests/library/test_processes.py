"""Several processes with one library, and processes that are killed; `tests.benchmarks.library` is the long form."""

from __future__ import annotations

from pathlib import Path

from tests.support.library_load import add_and_search, kill_while_adding, location_in


def test_processes_add_and_search_at_once(tmp_path: Path) -> None:
    """Nothing is lost, and every search succeeds while others write."""
    load = add_and_search(location_in(tmp_path), processes=3, seconds=1.0)
    assert load.problems == ()
    assert load.added > 3


def test_a_killed_process_leaves_whole_meetings(tmp_path: Path) -> None:
    """What was reported as added is there, and no meeting is there in part."""
    load = kill_while_adding(location_in(tmp_path), kills=3)
    assert load.problems == ()
    assert load.added >= 3
