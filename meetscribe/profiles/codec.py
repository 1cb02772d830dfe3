"""Profiles and voiceprints as JSON, in the schema "meetscribe-profiles/1"."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np

from meetscribe.errors import JSON, InputError
from meetscribe.profiles.values import Consent, EmbeddingSpace, Profile, Source, Voiceprint

SCHEMA = "meetscribe-profiles/1"
"""The value of the member "schema"."""

T = TypeVar("T")


def dumps(members: Mapping[str, JSON]) -> bytes:
    """Return a document in the schema, as bytes."""
    return (json.dumps({"schema": SCHEMA, **members}, ensure_ascii=False, indent=1) + "\n").encode()


def loads(data: bytes, name: str, read: Callable[[Any], T]) -> T:
    """Return `read(members)` for the members of a document, which `name` names in errors.

    Raises InputError if it has another schema or is damaged.
    """
    try:
        members = json.loads(data)
        schema = members["schema"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{name} is not a file of profiles", "Give a file from meetscribe profiles export.") from error
    if schema != SCHEMA:
        raise InputError(f"{name} has the schema {schema!r}, not {SCHEMA!r}", "A newer meetscribe may have written it.")
    try:
        return read(members)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise InputError(f"{name} is damaged: {error!r}", "Restore it from a copy, or delete it.") from error


def profile_to_json(profile: Profile) -> dict[str, JSON]:
    """Return a profile as JSON members."""
    return {
        "id": profile.id,
        "name": profile.name,
        "consent": asdict(profile.consent),
        "voiceprints": [voiceprint_to_json(each) for each in profile.voiceprints],
    }


def profile_from_json(members: Any) -> Profile:
    """Read a profile; raises KeyError, TypeError or ValueError for missing members or invalid values."""
    voiceprints = tuple(map(voiceprint_from_json, members["voiceprints"]))
    return Profile(_text(members["name"]), consent_from_json(members["consent"]), voiceprints, _text(members["id"]))


def consent_from_json(members: Any) -> Consent:
    """Read a consent record; raises KeyError, TypeError or ValueError."""
    return Consent(*(_text(members[name]) for name in ("person", "scope", "declared_by", "date")))


def voiceprint_to_json(voiceprint: Voiceprint) -> dict[str, JSON]:
    """Return a voiceprint as JSON members; the vector is little-endian float32 in base64."""
    return {
        **asdict(voiceprint.space),
        "channel": voiceprint.channel,
        "seconds": voiceprint.seconds,
        "made": voiceprint.made,
        "source": asdict(voiceprint.source),
        "vector": base64.b64encode(voiceprint.vector.astype("<f4").tobytes()).decode("ascii"),
    }


def voiceprint_from_json(members: Any) -> Voiceprint:
    """Read a voiceprint; raises KeyError, TypeError or ValueError."""
    source = members["source"]
    return Voiceprint(
        np.frombuffer(base64.b64decode(members["vector"], validate=True), "<f4").astype(np.float32),
        EmbeddingSpace(_text(members["embedder"]), _optional(members["revision"]), _text(members["preprocessing"])),
        members["channel"],
        float(members["seconds"]),
        _text(members["made"]),
        Source(_text(source["file"]), _optional(source["speaker"]), _optional(source["recording"])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)
