"""The log has a line per event, and forgets what a killed run did after its last saved state."""

from __future__ import annotations

from pathlib import Path

from meetscribe.training.progress.events import Evaluation, Stage, Update
from meetscribe.training.progress.log import LOG, RunLog, read_curves, read_log


def update(step: int) -> Update:
    """Return an update."""
    return Update(step, 4, 1, 10.0 - step, 1e-3, 1.0, 5.0, 1)


def test_events_become_lines_and_curves(tmp_path: Path) -> None:
    """Updates and evaluations are logged, stages are not."""
    log = RunLog(tmp_path, None)
    for event in (
        Evaluation(0, 2.0, 0.5, True),
        update(1),
        update(2),
        Evaluation(2, 1.0, None, False),
        Stage("x", 1.0),
    ):
        log(event)
    log.close()
    assert [entry["event"] for entry in read_log(tmp_path)] == ["evaluation", "update", "update", "evaluation"]
    curves = read_curves(tmp_path)
    assert curves.train == ((1, 9.0), (2, 8.0))
    assert curves.dev == ((0, 2.0), (2, 1.0))
    assert curves.errors == ((0, 0.5),)


def test_resumed_log_continues_at_the_state(tmp_path: Path) -> None:
    """Events after the saved state, and half a line, are removed, so that none is there twice."""
    log = RunLog(tmp_path, None)
    for event in (Evaluation(0, 2.0, 0.5, True), update(1), update(2), update(3)):
        log(event)
    log.close()
    with (tmp_path / LOG).open("ab") as file:
        file.write(b'{"event": "upd')
    resumed = RunLog(tmp_path, 2)
    resumed(update(3))
    resumed.close()
    assert [entry["step"] for entry in read_log(tmp_path)] == [0, 1, 2, 3]
    RunLog(tmp_path, None).close()
    assert not list(read_log(tmp_path)), "a new run starts a new log"
