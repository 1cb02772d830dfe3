"""Libraries with the meetings of `tests.support.meetings`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe.library import Library, open_library
from tests.support.meetings import save_meetings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with four meetings."""
    save_meetings(tmp_path)
    return tmp_path


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    """Yield a library with the four meetings."""
    with open_library(folder / "library.db") as library:
        assert [result.outcome for result in library.add(sorted(folder.glob("*.json")))] == ["added"] * 4
        yield library
