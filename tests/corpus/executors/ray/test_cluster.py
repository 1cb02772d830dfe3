"""The classes of the errors with which Ray reports the death of a worker; the rest is in the contract of executors."""

from __future__ import annotations

from typing import Any

import pytest

from meetscribe.corpus.executors.ray.cluster import _describe
from meetscribe.corpus.executors.ray.connection import import_ray


@pytest.fixture(scope="module")
def ray() -> Any:
    pytest.importorskip("ray", reason="the package ray is not installed")
    return import_ray()


@pytest.mark.parametrize(
    ("text", "reason", "failure"),
    [
        ("The actor died: its node has died.", "its worker process died with its node", "worker-died"),
        ("Worker exit type: SYSTEM_ERROR", "its worker process died", "worker-died"),
        ("killed due to the node running low on memory: OUT_OF_MEMORY", "memory of its node was full", "out-of-memory"),
    ],
)
def test_deaths_are_classified(ray: Any, text: str, reason: str, failure: str) -> None:
    found = _describe(ray.exceptions.RayActorError(None, text), ray)
    assert reason in found[0] and found[1] == failure


def test_a_worker_that_is_killed_for_memory(ray: Any) -> None:
    assert _describe(ray.exceptions.OutOfMemoryError("Task was killed"), ray)[1] == "out-of-memory"


def test_a_drained_node_is_no_failure_of_a_recording(ray: Any) -> None:
    """Ray says that the actor was preempted."""
    error = ray.exceptions.RayActorError(None, "its node has died", preempted=True)
    assert _describe(error, ray) == ("its node was preempted", "node-lost")
