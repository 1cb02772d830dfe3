"""Which errors are bugs, and how errors are worded."""

from __future__ import annotations

import pytest

from meetscribe.errors import WeightsError
from meetscribe.pipeline.outcomes import is_programming_error, reason

BUGS = [ValueError("no"), KeyError("no"), NotImplementedError(), RecursionError("maximum recursion depth exceeded")]
FORESEEN = [
    WeightsError("no model", "Fetch it."),
    MemoryError(),
    OSError("disk full"),
    RuntimeError("CUDA out of memory"),
    NotImplementedError("The operator 'aten::unfold' is not currently implemented for the MPS device."),
    NotImplementedError("Could not run 'torchvision::nms' with arguments from the 'CUDA' backend."),
]


@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_bugs_are_told_from_other_errors(error: Exception) -> None:
    assert is_programming_error(error)


@pytest.mark.parametrize("error", FORESEEN, ids=repr)
def test_missing_models_memory_and_operators_are_no_bugs(error: Exception) -> None:
    assert not is_programming_error(error)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (WeightsError("no model\nat all", "Fetch it."), "no model\nat all"),
        (RuntimeError("CUDA out of memory\nmore"), "CUDA out of memory"),
        (MemoryError(), "MemoryError"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (AssertionError(), "AssertionError"),
    ],
    ids=repr,
)
def test_the_reason_is_the_first_line_with_the_class_of_a_bug(error: Exception, text: str) -> None:
    assert reason(error) == text
