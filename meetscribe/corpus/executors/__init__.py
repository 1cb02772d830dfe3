"""Executors run the tasks of a batch; the batch decides which tasks, in which order, and how many at once.

To add an executor:

1. write a class with the methods of `Executor` in a module here, and run each task with a `TaskRunner`, which
   creates the worker, times the task and turns errors into end events;
2. add it to `EXECUTORS` in `tests/corpus/executors/test_contract.py`, which states what a batch relies on;
3. pass it in `BatchOptions.executor`.
"""

from __future__ import annotations

from meetscribe.corpus.executors.processes import ProcessExecutor
from meetscribe.corpus.executors.protocol import Executor, Worker, WorkerFactory
from meetscribe.corpus.executors.runner import TaskRunner

__all__ = ["Executor", "ProcessExecutor", "TaskRunner", "Worker", "WorkerFactory"]
