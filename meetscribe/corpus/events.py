"""The values that a batch and its workers exchange: tasks and events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from meetscribe.errors import Notice
from meetscribe.timeline import Seconds

Status: TypeAlias = Literal["done", "incomplete", "failed"]
"""Complete; a stage or a file is missing; there is no transcript."""


@dataclass(frozen=True, slots=True)
class Task:
    """A recording to process, and the stem of its output files, which the name template completes."""

    recording: Path
    stem: PurePath


@dataclass(frozen=True, slots=True)
class Event:
    """A step of one recording, by `kind`.

    - "skip": the manifest says that it is done;
    - "begin": a worker starts;
    - "stage": `stage` has completed the share `done`;
    - "notice": `notice` is a warning about it;
    - "end": `status` is the result, or None if it was interrupted; `outputs` are the paths of the files, `hash` is
      the content hash and `seconds` the time taken; a failure has an `error` and an exit `code`.

    `duration` is the length of the recording, if known.
    """

    kind: Literal["begin", "stage", "notice", "end", "skip"]
    recording: Path
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


OnEvent: TypeAlias = Callable[[Event], None]
"""Receives events in the order in which they occur."""
