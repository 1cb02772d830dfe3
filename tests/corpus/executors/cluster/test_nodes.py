"""When a node is excluded."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.corpus.executors.cluster.nodes import MAX_FAILURES, NodeHealth
from meetscribe.errors import Notice


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def health(notices: list[Notice]) -> NodeHealth:
    return NodeHealth(notices.append, {"a": "alpha"})


def test_three_failed_starts_in_a_row_exclude_a_node(health: NodeHealth, notices: list[Notice]) -> None:
    for _ in range(2):
        health.start_failed("a", "no model")
        health.start_failed("a", "no model")
        health.started("a")
    assert not health.excluded
    for _ in range(3):
        health.start_failed("a", "no model")
    assert health.excluded == {"a": "no model"}
    assert [notice.text for notice in notices] == ["no more workers are started on alpha: no model"]


def test_a_node_on_which_every_recording_fails_is_excluded(health: NodeHealth) -> None:
    """But not for one recording that fails again and again, and not the last node."""
    for _ in range(9):
        health.failed("a", Path("same.wav"), "died", is_last=False)
    for number in range(MAX_FAILURES - 2):
        health.failed("a", Path(f"{number}.wav"), "died", is_last=False)
    assert not health.excluded
    health.failed("a", Path("x.wav"), "died", is_last=True)
    assert not health.excluded
    health.failed("a", Path("y.wav"), "died", is_last=False)
    assert health.excluded == {"a": "died"}


def test_a_recording_that_fails_elsewhere_too_is_to_blame_itself(health: NodeHealth) -> None:
    for number in range(2 * MAX_FAILURES):
        health.failed("a", Path(f"{number}.wav"), "died", is_last=False)
        health.failed("b", Path(f"{number}.wav"), "died", is_last=False)
    assert not health.excluded
    assert health.failed_on(Path("0.wav")) == {"a", "b"}


def test_a_success_clears_the_failures(health: NodeHealth) -> None:
    for number in range(3 * MAX_FAILURES):
        health.failed("a", Path(f"{number}.wav"), "died", is_last=False)
        health.succeeded("a", Path("good.wav"))
    assert not health.excluded
