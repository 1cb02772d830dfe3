"""A change lasts from the first thread that enters to the last that leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from meetscribe.runtime.shared_change import SharedChange


def test_the_change_is_made_and_undone_once() -> None:
    """Users may overlap in any order; later users make the change again."""
    steps: list[str] = []

    @contextmanager
    def change() -> Iterator[None]:
        steps.append("made")
        yield
        steps.append("undone")

    shared = SharedChange(change)
    for _ in range(2):
        shared.__enter__()
        shared.__enter__()
        shared.__exit__()
        assert steps[-1] == "made"
        shared.__exit__()
    assert steps == ["made", "undone"] * 2


def test_a_change_that_fails_can_be_tried_again() -> None:
    """The error reaches the user, and the next user makes the change."""
    fails = [True, False]

    @contextmanager
    def change() -> Iterator[None]:
        if fails.pop(0):
            raise OSError("not now")
        yield

    shared = SharedChange(change)
    with pytest.raises(OSError, match="not now"), shared:
        pass
    with shared:
        assert not fails
