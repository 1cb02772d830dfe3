"""Process many recordings: find them, run workers, and record each result in a manifest.

`run_batch` takes tasks (`make_tasks`), `BatchOptions` with an executor (`corpus.executors`), and a `Manifest`.
`corpus.transcription` defines the worker, which runs the pipeline for one recording at a time.
"""

from __future__ import annotations

from meetscribe.corpus.batch import BatchOptions, Summary, run_batch
from meetscribe.corpus.delivery import Delivery, DeliveryResult
from meetscribe.corpus.events import Event, Task
from meetscribe.corpus.executors import Executor, ProcessExecutor
from meetscribe.corpus.inputs import find_recordings, make_tasks, may_name_several, shard
from meetscribe.corpus.manifest import Entry, Manifest
from meetscribe.corpus.remote import Location, RemoteFile, location_of
from meetscribe.corpus.watching import Snapshot, unchanged

__all__ = [
    "BatchOptions",
    "DeliveryResult",
    "Delivery",
    "Entry",
    "Event",
    "Executor",
    "Location",
    "Manifest",
    "ProcessExecutor",
    "RemoteFile",
    "Snapshot",
    "Summary",
    "Task",
    "find_recordings",
    "may_name_several",
    "location_of",
    "make_tasks",
    "run_batch",
    "shard",
    "unchanged",
]
