"""Run tasks on a worker; used by all executors."""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager
from dataclasses import replace

from meetscribe.corpus.events import Event, OnEvent, Task
from meetscribe.corpus.executors.failures import failure_class
from meetscribe.corpus.executors.protocol import Worker, WorkerFactory
from meetscribe.errors import MeetscribeError, first_line

logger = logging.getLogger("meetscribe.corpus")


class TaskRunner:
    """Runs tasks on a worker, which is created for the first task, and again after an unexpected error."""

    def __init__(self, factory: WorkerFactory) -> None:
        self._factory = factory
        self._context: AbstractContextManager[Worker] | None = None
        self._worker: Worker | None = None

    def run(self, task: Task, upcoming: Task | None, emit: OnEvent) -> Event:
        """Process a task and return its "end" event, also if it failed or was interrupted."""
        started = time.monotonic()
        try:
            end = self._ready()(task, upcoming, emit)
        except KeyboardInterrupt:
            end = Event("end", task.recording)
        except MeetscribeError as error:
            end = _failure(task, error, str(error), error.exit_code)
        except (RuntimeError, MemoryError, OSError) as error:
            end = _failure(task, error)
        except Exception as error:  # the boundary of a batch: a bug fails only this recording
            logger.exception("%s: unexpected error", task.recording)
            end = _failure(task, error)
            self.close()
        return replace(end, seconds=time.monotonic() - started)

    def start(self) -> None:
        """Create the worker now; raises the errors of its factory."""
        self._ready()

    def close(self) -> None:
        """Release the worker and its models."""
        context, self._context, self._worker = self._context, None, None
        if context is not None:
            context.__exit__(None, None, None)

    def _ready(self) -> Worker:
        """Return the worker, created if necessary."""
        if self._worker is None:
            self._context = self._factory()
            self._worker = self._context.__enter__()
        return self._worker


def _failure(task: Task, error: Exception, text: str | None = None, code: int = 1) -> Event:
    """Return the end of a task that raised an error; without `text`, the first line of the error describes it."""
    text = text or f"{type(error).__name__}: {first_line(error, 'no reason given')}"
    return Event("end", task.recording, status="failed", error=text, code=code, failure=failure_class(error))
