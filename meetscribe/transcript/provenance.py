"""The provenance of a transcript: engines, models, versions and settings, as typed records.

A record reads any JSON object. Unknown members, and members of an unexpected type, are kept in `extra`, so that files
of other versions keep them when they are saved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from meetscribe.text.json_values import JSON, as_json

R = TypeVar("R", bound="Record")


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: JSON) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: JSON) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(value: JSON) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    texts = tuple(item for item in value if isinstance(item, str))
    return texts if len(texts) == len(value) else None


def _names(value: JSON) -> dict[str, JSON] | None:
    return value if isinstance(value, dict) and all(isinstance(name, str) for name in value.values()) else None


def _object(value: JSON) -> dict[str, JSON] | None:
    return value if isinstance(value, dict) else None


def _member(read: Callable[[JSON], object]) -> Any:
    """Return a field that is None if not recorded; `read` returns None for JSON of the wrong type."""
    return field(default=None, metadata={"read": read})


def _mapping(read: Callable[[JSON], object]) -> Any:
    """Return a field as `_member` does, for a mapping, which is excluded from the hash."""
    return field(default=None, hash=False, metadata={"read": read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The base of all records; a member that is None was not recorded.

    `extra` holds the unknown members. It also holds the value of a known member that was null or of an unexpected type
    in the file; the member is then None, and the value in `extra` is written.
    """

    extra: Mapping[str, JSON] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        extra = dict(self.extra)
        for each in fields(self):
            value = getattr(self, each.name)
            if "read" not in each.metadata or value is None:
                continue
            extra.pop(each.name, None)
            if not isinstance(value, Record):
                plain = as_json(value)
                object.__setattr__(self, each.name, tuple(plain) if isinstance(plain, list) else plain)
        object.__setattr__(self, "extra", as_json(extra))

    @classmethod
    def from_json(cls: type[R], members: Mapping[str, JSON]) -> R:
        """Read an object; raises ValueError for values that JSON cannot hold."""
        extra = _object(as_json(members)) or {}
        values: dict[str, object] = {}
        for each in fields(cls):
            if each.name in extra and "read" in each.metadata:
                value = each.metadata["read"](extra[each.name])
                if value is not None:
                    values[each.name] = value
        return cls(**values, extra={name: value for name, value in extra.items() if name not in values})

    def to_json(self) -> dict[str, JSON]:
        """Return the recorded members, known ones first and in the order of the fields."""
        members: dict[str, JSON] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if "read" in each.metadata and (value is not None or each.name in self.extra):
                members[each.name] = value.to_json() if isinstance(value, Record) else as_json(value)
        return {**members, **self.extra}

    def explicit(self: R, *names: str) -> R:
        """Return the record with these members written as null, not omitted, if they are unknown."""
        return replace(self, extra={**dict.fromkeys(names), **self.extra})


@dataclass(frozen=True, slots=True, kw_only=True)
class AsrRecord(Record):
    """The record of speech recognition.

    `language` is the spoken language, even if `task` is "translate"; `language_chunks` is the number of chunks from
    which it was detected. `chunks` is the number of recognised chunks, `decoded_again` the number of those with more
    than one decoding, and `decodings` the number of all decodings.
    """

    engine: str | None = _member(_text)
    model: str | None = _member(_text)
    version: str | None = _member(_text)
    device: str | None = _member(_text)
    compute_type: str | None = _member(_text)
    language: str | None = _member(_text)
    language_probability: float | None = _member(_number)
    language_chunks: int | None = _member(_count)
    task: str | None = _member(_text)
    workers: int | None = _member(_count)
    batch_size: int | None = _member(_count)
    beam_size: int | None = _member(_count)
    prompt: str | None = _member(_text)
    vocabulary: tuple[str, ...] | None = _member(_texts)
    chunks: int | None = _member(_count)
    decoded_again: int | None = _member(_count)
    decodings: int | None = _member(_count)

    @property
    def revision(self) -> str | None:
        """The revision of a hub model, taken from its name "owner/name@revision"; None without one."""
        return (self.model or "").partition("@")[2] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentRecord(Record):
    """The record of forced alignment: the aligner of each language, and the padding of each segment in seconds."""

    models: Mapping[str, str] | None = _mapping(_names)
    pad: float | None = _member(_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiarizationRecord(Record):
    """The record of diarization.

    `embedder` is the name of the embedding model, `voiceprints` the id of the embedder that computed the voiceprints.
    With one microphone per speaker, `pipeline` is "channels". If several speakers share a microphone, `within` is the
    record of its diarization; if there are several such microphones, that of the first.
    """

    pipeline: str | None = _member(_text)
    embedder: str | None = _member(_text)
    voiceprints: str | None = _member(_text)
    version: str | None = _member(_text)
    within: DiarizationRecord | None = _member(lambda value: _record(DiarizationRecord, value))


def _record(kind: type[R], value: JSON) -> R | None:
    return kind.from_json(value) if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Record):
    """The version of meetscribe, the settings that are not defaults, and records of three stages, if they ran.

    These are recognition, alignment and diarization.
    """

    meetscribe: str | None = _member(_text)
    settings: Mapping[str, JSON] | None = _mapping(_object)
    asr: AsrRecord | None = _member(lambda value: _record(AsrRecord, value))
    alignment: AlignmentRecord | None = _member(lambda value: _record(AlignmentRecord, value))
    diarization: DiarizationRecord | None = _member(lambda value: _record(DiarizationRecord, value))
