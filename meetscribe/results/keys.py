"""Cache keys: the recording, the stage, and a digest of everything else that the result depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from meetscribe.transcript import JSON


@dataclass(frozen=True, slots=True)
class CacheKey:
    """The key of one result: the recording's content hash, the stage's name and a digest, both in hexadecimal."""

    recording: str
    stage: str
    digest: str


def cache_key(recording: str, stage: str, dependencies: Mapping[str, JSON]) -> CacheKey:
    """Return the key of a stage's result for the recording with this content hash ("sha256:…").

    `dependencies` is everything that the result depends on besides the content of the recording.
    """
    return CacheKey(recording.removeprefix("sha256:"), stage, json_digest(dependencies))


def json_digest(value: JSON | Mapping[str, JSON]) -> str:
    """Return the SHA-256 of a JSON value in hexadecimal; the order of an object's members does not matter."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def source_of(*rooms: str) -> str:
    """Return a digest of the code of these rooms, which serves as the version of a stage."""
    digest = hashlib.sha256()
    for room in sorted(rooms):
        place = files("meetscribe") / room
        modules = [file for file in place.iterdir() if file.name.endswith(".py")]
        for module in sorted(modules, key=lambda file: file.name):
            digest.update(f"{room}/{module.name}\0".encode() + module.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
