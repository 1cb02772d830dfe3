"""Worker processes: crashes, and what only processes can do."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from meetscribe.corpus import ProcessExecutor
from tests.corpus.executors.test_contract import Rig

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")


def test_a_crash_is_reported_and_the_process_replaced(tmp_path: Path) -> None:
    """A signal fails the task of its process, none if the process was idle; the next task gets a new process.

    SIGTERM is ignored, because batch systems send it to all processes.
    """
    rig = Rig(ProcessExecutor, tmp_path)
    with rig.executor:
        end = rig.run("crash.wav")
        assert (end.status, end.error) == ("failed", "its worker process died: signal 11 (SIGSEGV)")
        assert 0 < end.seconds < 60
        assert rig.run("a.wav").status == "done"
        process = int(rig.log[2].split()[-1])
        os.kill(process, signal.SIGTERM)
        assert rig.run("d.wav").status == "done"
        os.kill(process, signal.SIGKILL)
        ends = [rig.run("b.wav"), rig.run("c.wav")]  # the death is noticed by now, or with the task
    assert ends[-1].status == "done"
    created = [line for line in rig.log if line.startswith("created")]
    assert len(set(created)) == 3 and f"created in {os.getpid()}" not in created
