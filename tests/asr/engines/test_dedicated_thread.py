"""All jobs run in one dedicated thread."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from meetscribe.asr.engines.dedicated_thread import DedicatedThread


def test_every_job_runs_in_the_same_thread() -> None:
    """Jobs of several threads run in one other thread."""
    dedicated = DedicatedThread(at_exit=int)
    with ThreadPoolExecutor(4) as pool:
        threads = set(pool.map(lambda _: dedicated.run(get_ident), range(20)))
    assert len(threads) == 1
    assert get_ident() not in threads


def test_a_job_may_run_another() -> None:
    """A job that runs a job does not wait for itself."""
    dedicated = DedicatedThread(at_exit=int)
    assert dedicated.run(lambda: dedicated.run(lambda: 7)) == 7


def test_errors_are_raised_in_the_calling_thread() -> None:
    """An error does not end the dedicated thread."""
    dedicated = DedicatedThread(at_exit=int)
    with pytest.raises(ZeroDivisionError):
        dedicated.run(lambda: 1 // 0)
    assert dedicated.run(lambda: 1) == 1


def test_at_exit_runs_in_the_thread() -> None:
    """It runs when the process ends, after all jobs."""
    code = (
        "from threading import get_ident\n"
        "from meetscribe.asr.engines.dedicated_thread import DedicatedThread\n"
        "dedicated = DedicatedThread(lambda: print(get_ident() == thread))\n"
        "thread = dedicated.run(get_ident)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True\n"
