"""Executors run the tasks of a batch.

The batch selects the tasks, their order, and how many run at once; with `BatchOptions.jobs` None, it submits all tasks,
and the executor decides the order and the number.

To add an executor:

1. write a class with the methods of `Executor` in a module here, and run each task with a `TaskRunner`, which
   creates the worker, times the task and turns errors into end events;
2. add it to `EXECUTORS` in `tests/corpus/executors/test_contract.py`, which states the requirements of a batch;
3. pass it in `BatchOptions.executor`.
"""

from __future__ import annotations

from meetscribe.corpus.executors.processes import ProcessExecutor
from meetscribe.corpus.executors.protocol import Executor, Worker, WorkerFactory
from meetscribe.corpus.executors.runner import TaskRunner

__all__ = ["Executor", "ProcessExecutor", "TaskRunner", "Worker", "WorkerFactory"]
