"""Values exchanged by a batch and its workers: tasks and events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from meetscribe.corpus.remote.files import Location, as_path
from meetscribe.errors import Notice
from meetscribe.timeline import Seconds

Status: TypeAlias = Literal["done", "incomplete", "failed"]
"""The status of a recording.

- "done": it is complete;
- "incomplete": it is transcribed, but a later stage failed, or some files of a single run could not be written;
- "failed": it has no transcript, or a file of a batch could not be written.
"""

Failure: TypeAlias = Literal[
    "input",
    "no-speech",
    "output",
    "settings",
    "weights",
    "disk-full",
    "out-of-memory",
    "not-visible",
    "unreachable",
    "worker-died",
    "node-lost",
    "other",
]
"""Classes of failures, by cause. "not-visible": a file is not on both this machine and the worker's; "unreachable": a
remote store such as s3:// does not respond; "node-lost": the worker was lost before the recording began, did not
load its models, or its node was preempted."""

RETRIED: frozenset[Failure] = frozenset({"disk-full", "out-of-memory", "not-visible", "unreachable", "worker-died"})
"""Failures after which a recording is processed again, because a later attempt or another machine may succeed.

A batch limits these attempts (`BatchOptions.tries`). "node-lost" is not included: it is repeated without a limit.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """A recording to process, and the stem of its output files, which the name template completes.

    `length` is estimated from the size of the file (`inputs.estimated_length`), 0 if unknown; the longest tasks are
    processed first, unless `BatchOptions.jobs` is 1. `copy` is the worker's temporary copy of a remote recording.
    """

    recording: Location
    stem: PurePath
    length: Seconds = 0.0
    copy: Path | None = None

    @property
    def path(self) -> Path:
        """The local file of the recording: its temporary copy, if the recording is remote."""
        return self.copy or as_path(self.recording)


@dataclass(frozen=True, slots=True)
class Event:
    """A step of one recording, by `kind`.

    - "skip": the recording is not processed: according to the manifest, it is already done or, with
      `BatchOptions.only_failed`, it is neither failed nor incomplete;
    - "begin": a worker starts;
    - "stage": progress `done`, from 0 to 1, of `stage`;
    - "notice": `notice` is a warning about the recording;
    - "retry": the attempt failed with `error`, and the recording will be processed again;
    - "end": `status` is the result, or None if interrupted; `outputs` are the paths of the files, `hash` is the
      content hash and `seconds` the time taken; a failed or incomplete recording has an `error` and an exit `code`, a
      failed one also a class, `failure`.

    `duration` is the length of the recording, if known. An executor with several machines or devices sets `host` and
    `device` when a recording begins and ends.
    """

    kind: Literal["begin", "stage", "notice", "retry", "end", "skip"]
    recording: Location
    stage: str = ""
    done: float = 0.0
    duration: Seconds | None = None
    status: Status | None = None
    outputs: tuple[str, ...] = ()
    hash: str | None = None
    seconds: Seconds = 0.0
    error: str | None = None
    code: int = 0
    notice: Notice | None = None
    failure: Failure | None = None
    host: str = ""
    device: str = ""


OnEvent: TypeAlias = Callable[[Event], None]
"""Receives events in the order in which they occur."""
