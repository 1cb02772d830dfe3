"""Refine recorded runs in a thread, in the pauses between sessions: `suspended` stops it while one is recorded."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from meetscribe.errors import MeetscribeError
from meetscribe.runtime.background import BackgroundThread
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.live.running.run import LiveRun
    from meetscribe.transcript import Transcript

_POLL: Seconds = 0.2


class Refinements:
    """Refines runs one after the other, and closes each.

    `report` is called in the thread with a run and its final transcript, or the error that ended its refinement.
    """

    def __init__(self, report: Callable[[LiveRun, Transcript | MeetscribeError], object]) -> None:
        self._report = report
        self._runs: queue.Queue[LiveRun | None] = queue.Queue()
        self._free = threading.Event()
        self._free.set()
        self._cancelled = threading.Event()
        self._open = 0
        self._lock = threading.Lock()
        self._thread = BackgroundThread(self._work, "live-refinement", self._give_up)
        self._thread.start()

    @property
    def open(self) -> int:
        """The number of runs that are not refined yet."""
        return self._open

    def add(self, run: LiveRun) -> None:
        """Refine a run that has finished; a run without a recording is only closed."""
        self._count(1)
        self._runs.put(run)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Pause refinement within the context, so that the machine is free for a session."""
        self._free.clear()
        try:
            yield
        finally:
            self._free.set()

    def finish(self) -> None:
        """Wait until all runs are refined; KeyboardInterrupt cancels the remaining ones."""
        self._runs.put(None)
        try:
            while self._thread.is_alive():
                self._thread.join(_POLL)
        except KeyboardInterrupt:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Keep the live transcripts of the runs that are not refined, and wait for the thread."""
        self._give_up()
        self._thread.join()

    def _give_up(self) -> None:
        """End the refinement at its next report of progress; the runs that are left keep their live transcripts."""
        self._cancelled.set()
        self._free.set()
        self._runs.put(None)

    def _work(self) -> None:
        while (run := self._runs.get()) is not None:
            try:
                if run.refines and not self._cancelled.is_set():
                    self._report(run, run.refine(self._progress))
            except MeetscribeError as error:
                self._report(run, error)
            except KeyboardInterrupt:  # raised by _progress after `cancel`
                pass
            finally:
                run.close()
                self._count(-1)

    def _progress(self, stage: str, done: float) -> None:
        """Wait while a session is recorded; end the refinement after `cancel`."""
        self._free.wait()
        if self._cancelled.is_set():
            raise KeyboardInterrupt

    def _count(self, change: int) -> None:
        with self._lock:
            self._open += change
