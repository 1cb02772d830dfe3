"""`meetscribe cache`: usage, pruning and clearing of stored results."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.results import SPANS, Store, cache_key, stages_folder
from meetscribe.results.pruning import Usage, usage
from meetscribe.timeline import Span


@pytest.fixture
def folder(place: Path) -> Path:
    """A cache with results of two recordings, one of which was last used 20 days ago."""
    folder = stages_folder()
    for recording in ("aa", "bb"):
        Store(folder).save(cache_key(recording * 32, "speech", {}), SPANS, (Span(0, 1),))
    (old,) = folder.glob("bb/*/*")
    os.utime(old, (time.time() - 20 * 86_400,) * 2)
    return folder


def test_usage_and_clearing(folder: Path, call: Callable[..., Result]) -> None:
    """info prints the usage; prune and clear print what they removed; an invalid amount is refused."""
    info = call("cache", "info")
    assert info.exit_code == 0 and f"folder      {folder}" in info.output and "recordings  2" in info.output
    assert call("cache", "prune", "--unused", "15d").output.startswith("removed 1 files")
    assert [call("cache", "prune").exit_code, call("cache", "prune", "--size", "much").exit_code] == [2, 2]
    assert call("cache", "prune", "--size", "0").output.startswith("removed 1 files")
    Store(folder).save(cache_key("aa" * 32, "speech", {}), SPANS, ())
    assert call("cache", "clear").output.startswith("removed 1 files")
    assert usage(folder) == Usage()
