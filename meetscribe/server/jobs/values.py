"""The values of a job: options, state, progress and failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias, get_args

from meetscribe.errors import JSON, InputError
from meetscribe.timeline import Seconds

State: TypeAlias = Literal["live", "uploading", "queued", "running", "done", "incomplete", "failed", "cancelled"]
"""The state of a job: "live" while it is recorded, "incomplete" if it has a transcript but a stage failed."""

ENDED: tuple[State, ...] = ("done", "incomplete", "failed", "cancelled")
STATES: tuple[str, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class JobOptions:
    """The settings of a transcription that a client may choose.

    `language` is a code, None to detect it. `speakers` is the number of speakers, None to estimate it. `model` is one
    of the models that the operator allows, None for the model of the settings. `task` is "transcribe" or "translate".
    Raises InputError for other types, an unknown task or a number of speakers outside 1 to 100.
    """

    language: str | None = None
    speakers: int | None = None
    model: str | None = None
    task: str = "transcribe"
    prompt: str | None = None
    diarize: bool = True

    def __post_init__(self) -> None:
        for name in ("language", "model", "prompt"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, str) or len(value) > 2000):
                raise InputError(f"{name} must be a text of at most 2000 characters")
        if self.speakers is not None and (type(self.speakers) is not int or not 1 <= self.speakers <= 100):
            raise InputError("speakers must be an integer from 1 to 100")
        if self.task not in ("transcribe", "translate"):
            raise InputError("task must be transcribe or translate")
        if type(self.diarize) is not bool:
            raise InputError("diarize must be true or false")

    @classmethod
    def of(cls, members: object) -> JobOptions:
        """Return the options in a JSON object; raises InputError for unknown members and invalid values."""
        if not isinstance(members, Mapping):
            raise InputError("options must be an object")
        known = {each.name for each in fields(cls)}
        unknown = sorted(str(name) for name in members if name not in known)
        if unknown:
            raise InputError(f"unknown options: {', '.join(unknown)}", f"Known: {', '.join(sorted(known))}.")
        return cls(**members)

    def overrides(self) -> dict[str, object]:
        """Return the settings that the options change, by key such as "asr.language"."""
        chosen: dict[str, object] = {
            "asr.language": self.language,
            "asr.model": self.model,
            "asr.prompt": self.prompt,
            "diarization.speakers": self.speakers,
        }
        if self.task == "translate":
            chosen["asr.task"] = self.task
        if not self.diarize:
            chosen["diarization.enabled"] = False
        return {key: value for key, value in chosen.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a running job: its stage, the completed share (0 to 1), and the remaining seconds, if known."""

    stage: str = ""
    share: float = 0.0
    remaining: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of a job: a code, a message, a remedy."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A recording to transcribe; times are seconds since the epoch.

    `name` is the client's file name, which is never used as a path. `path` is a recording in the operator's folders,
    None for an upload or a live session; `size` is the size of the recording in bytes, 0 for a live session. `tries`
    counts the attempts, except those interrupted by a regular end of the server. A `hidden` job serves a request of the
    OpenAI API and is not listed. `revision` is that of the transcript after its last correction here, if any.
    """

    id: str
    name: str
    state: State
    options: JobOptions = field(default_factory=JobOptions)
    path: str | None = None
    size: int = 0
    created: float = 0.0
    began: float | None = None
    ended: float | None = None
    duration: Seconds | None = None
    failure: Failure | None = None
    notices: tuple[str, ...] = ()
    tries: int = 0
    hidden: bool = False
    revision: str | None = None

    def to_json(self, progress: Progress | None = None) -> dict[str, JSON]:
        """Return the job as a JSON object, without the path of its file.

        Its member `progress` is null unless the job is running.
        """
        options: dict[str, Any] = {each.name: getattr(self.options, each.name) for each in fields(JobOptions)}
        error: JSON = None
        if self.failure is not None:
            error = {"code": self.failure.code, "message": self.failure.message, "remedy": self.failure.remedy}
        running: JSON = None
        if progress is not None:
            running = {"stage": progress.stage, "share": progress.share, "left": progress.remaining}
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "options": options,
            "size": self.size,
            "created": self.created,
            "began": self.began,
            "ended": self.ended,
            "duration": self.duration,
            "error": error,
            "notices": list(self.notices),
            "revision": self.revision,
            "progress": running,
        }
