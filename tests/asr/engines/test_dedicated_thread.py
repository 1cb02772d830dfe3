"""What a library wants done in one thread is done in one."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from meetscribe.asr.engines.dedicated_thread import DedicatedThread


def test_every_job_is_done_in_the_same_thread() -> None:
    """Whoever asks gets the answer from one thread, which is nobody else's."""
    own = DedicatedThread(at_exit=int)
    with ThreadPoolExecutor(4) as pool:
        threads = set(pool.map(lambda _: own.run(get_ident), range(20)))
    assert len(threads) == 1
    assert get_ident() not in threads


def test_a_job_may_give_another() -> None:
    """A job that asks for a job is not kept waiting for itself."""
    own = DedicatedThread(at_exit=int)
    assert own.run(lambda: own.run(lambda: 7)) == 7


def test_errors_are_raised_where_the_job_was_given() -> None:
    """An error does not end the thread."""
    own = DedicatedThread(at_exit=int)
    with pytest.raises(ZeroDivisionError):
        own.run(lambda: 1 // 0)
    assert own.run(lambda: 1) == 1


def test_the_end_of_the_process_is_told_to_the_thread() -> None:
    """What is to be done at the end is done in the thread, after all jobs."""
    code = (
        "from threading import get_ident\n"
        "from meetscribe.asr.engines.dedicated_thread import DedicatedThread\n"
        "own = DedicatedThread(lambda: print(get_ident() == thread))\n"
        "thread = own.run(get_ident)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True\n"
