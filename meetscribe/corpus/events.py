"""The values that a batch and its workers exchange: tasks and events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from meetscribe.corpus.remote.files import Location, as_path
from meetscribe.errors import Notice
from meetscribe.timeline import Seconds

Status: TypeAlias = Literal["done", "incomplete", "failed"]
"""Complete; a stage or a file is missing; there is no transcript."""

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
"""Classes of failures, by their cause. "not-visible" is a file that this machine and a worker do not both see;
"unreachable" is a store of files, at an address such as s3://, that does not answer; "node-lost" is a worker that was
taken away before the recording began, or on purpose."""

RETRIED: frozenset[Failure] = frozenset({"disk-full", "out-of-memory", "not-visible", "unreachable", "worker-died"})
"""Failures after which a recording is processed again: another worker, or another machine, may succeed."""


@dataclass(frozen=True, slots=True)
class Task:
    """A recording to process, and the stem of its output files, which the name template completes.

    `length` is an estimate from the size of the file (`inputs.estimated_length`), by which the longest are processed
    first; 0 if it is unknown. `copy` is the temporary copy of a recording at an address while a worker has one.
    """

    recording: Location
    stem: PurePath
    length: Seconds = 0.0
    copy: Path | None = None

    @property
    def path(self) -> Path:
        """The local file of the recording: its copy, if it is at an address."""
        return self.copy or as_path(self.recording)


@dataclass(frozen=True, slots=True)
class Event:
    """A step of one recording, by `kind`.

    - "skip": the manifest says that it is done;
    - "begin": a worker starts;
    - "stage": `stage` has completed the share `done`;
    - "notice": `notice` is a warning about it;
    - "retry": its worker died, or its machine failed, and it will be processed again; `error` says how;
    - "end": `status` is the result, or None if it was interrupted; `outputs` are the paths of the files, `hash` is
      the content hash and `seconds` the time taken; a failure has an `error`, an exit `code` and its class, `failure`.

    `duration` is the length of the recording, if known. An executor with several machines or devices says where a
    recording begins and ends: `host` and `device`.
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
