"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from meetscribe.testing import synthetic_meeting
from tests.support.fake_models import FakeModels


@pytest.fixture(scope="module", autouse=True)
def few_objects_to_collect() -> None:
    """Exclude what is loaded so far, such as torch, from the garbage collection that follows the release of models."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def fakes(tmp_path: Path) -> FakeModels:
    """A meeting, its recording and the models that know it."""
    recording = tmp_path / "meeting.wav"
    recording.write_bytes(b"anything")
    return FakeModels(synthetic_meeting(seed=5), recording)
