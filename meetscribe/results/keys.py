"""Under what a stage's result is kept: the recording, and a digest of all that the result depends on; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from meetscribe.transcript import JSON


@dataclass(frozen=True, slots=True)
class Key:
    """The result of a stage for a recording, named by hexadecimal digests."""

    recording: str
    stage: str
    digest: str


def key_of(recording: str, stage: str, depends: Mapping[str, JSON]) -> Key:
    """The key of a stage's result for the recording with this hash ("sha256:…").

    `depends` is all that the result depends on besides the recording's bytes.
    """
    return Key(recording.removeprefix("sha256:"), stage, digest_of(depends))


def digest_of(value: JSON | Mapping[str, JSON]) -> str:
    """The SHA-256 of a JSON value, in hexadecimal digits; the order of an object's members does not count."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def source_of(*rooms: str) -> str:
    """A digest of the code of these rooms: the version of a stage, which nobody can forget to raise."""
    digest = hashlib.sha256()
    for room in sorted(rooms):
        place = files("meetscribe") / room
        modules = [file for file in place.iterdir() if file.name.endswith(".py")]
        for module in sorted(modules, key=lambda file: file.name):
            digest.update(f"{room}/{module.name}\0".encode() + module.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
