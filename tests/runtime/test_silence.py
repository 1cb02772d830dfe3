"""Other packages are silent in the thread that asks for it, and nowhere else."""

from __future__ import annotations

import logging
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from meetscribe.runtime.silence import loading, silenced, without_warnings
from meetscribe.runtime.threads import parallel_map


def test_prints_warnings_and_log_lines_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints are collected, warnings and log lines below errors are dropped, exceptions pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with silenced() as printed:
            print("use manually assigned vad_model")
            warnings.warn("torchcodec is not installed", UserWarning, stacklevel=1)
            logging.getLogger("whisperx.asr").warning("no language specified")
    assert printed.getvalue() == "use manually assigned vad_model\n"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no language" not in captured.err
    with pytest.raises(ValueError, match="broken"), silenced():
        raise ValueError("broken")


def test_log_levels_are_restored() -> None:
    """What a package logs later depends on its user again."""
    logger = logging.getLogger("lightning")
    before = logger.level
    with silenced():
        assert logger.level == logging.ERROR
    assert logger.level == before


def test_other_threads_print_and_warn_as_usual(capsys: pytest.CaptureFixture[str]) -> None:
    """A thread that prints and warns while another one is silenced reaches stdout and the warning filters."""
    with ThreadPoolExecutor(1) as pool, silenced() as printed, pytest.warns(UserWarning, match="from another thread"):
        pool.submit(print, "from another thread").result()
        pool.submit(warnings.warn, "from another thread").result()
        print("from the silenced thread")
        with silenced() as inner:
            print("nested")
    assert (printed.getvalue(), inner.getvalue()) == ("from the silenced thread\n", "nested\n")
    assert capsys.readouterr().out == "from another thread\n"


def test_overlapping_threads_leave_the_process_as_it_was() -> None:
    """The first to enter leaves first, which a plain save and restore would not survive."""
    entered = [threading.Event(), threading.Event()]
    before = (sys.stdout, list(warnings.filters), logging.getLogger("pyannote").level)

    def first() -> None:
        with silenced():
            entered[0].set()
            assert entered[1].wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert entered[0].wait(10)
    with silenced() as printed:
        entered[1].set()
        thread.join()
        print("still silenced")
    assert printed.getvalue() == "still silenced\n"
    assert (sys.stdout, list(warnings.filters), logging.getLogger("pyannote").level) == before


def test_workers_of_a_parallel_map_are_silenced_too(recwarn: pytest.WarningsRecorder) -> None:
    """They work in the context of the thread that gives them tasks."""
    with without_warnings():
        list(parallel_map(lambda number: warnings.warn(f"warning {number}", stacklevel=1), range(4), 2))
    assert not list(recwarn)


def test_one_thread_loads_at_a_time() -> None:
    """Loading is serialised, and may be nested."""
    inside, most = 0, 0

    def load(number: int) -> None:
        nonlocal inside, most
        with loading(), loading():
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(8)))
    assert most == 1
