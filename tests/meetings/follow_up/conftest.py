"""A library of meetings that follow each other by a week, given by their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from meetscribe.library import Library, open_library
from tests.support.meetings import meeting

Lines: TypeAlias = "list[tuple[str | None, str]]"
MakeLibrary: TypeAlias = "Callable[..., Library]"


@pytest.fixture
def make_library(tmp_path: Path) -> Iterator[MakeLibrary]:
    """Return a function that makes a library from the lines of its meetings."""
    with ExitStack() as stack:

        def make(*meetings: Lines, language: str = "en", dated: bool = True) -> Library:
            for number, lines in enumerate(meetings):
                day = (date(2026, 9, 7) + timedelta(weeks=number)).isoformat() if dated else None
                title = f"Week {number + 1}"
                meeting(lines, language, title=title, recorded_at=day).save(tmp_path / f"week{number + 1}.json")
            library = stack.enter_context(open_library(tmp_path / "library.db"))
            assert [result.outcome for result in library.add(sorted(tmp_path.glob("week*.json")))]
            return library

        yield make
