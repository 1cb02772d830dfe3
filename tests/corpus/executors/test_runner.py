"""Tasks on one worker; its errors are covered by the contract."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from meetscribe.corpus import Event, Task
from meetscribe.corpus.executors import TaskRunner
from tests.support.fake_workers import FakeFactory


def test_a_defect_is_logged_with_its_traceback(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The traceback of an unexpected error is in the log; an error with a remedy has none."""
    runner = TaskRunner(FakeFactory(tmp_path))
    events: list[Event] = []
    with caplog.at_level(logging.ERROR):
        runner.run(Task(Path("bad.wav"), Path("bad")), None, events.append)
        assert not caplog.records
        runner.run(Task(Path("defect.wav"), Path("defect")), None, events.append)
    (record,) = caplog.records
    assert record.getMessage() == "defect.wav: unexpected error" and record.exc_info
    runner.close()
    runner.close()
    assert (tmp_path / "log").read_text().count("released") == 1
