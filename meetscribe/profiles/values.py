"""Known persons, their consent and their voiceprints."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from meetscribe.text.dates import parse_date
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds

Vector: TypeAlias = npt.NDArray[np.float32]

Channel: TypeAlias = Literal["wideband", "narrowband"]
"""The kind of channel of a recorded voice: with or without energy above 6 kHz, which telephones and low-bit-rate codecs
remove.
"""

CHANNELS: tuple[str, ...] = get_args(Channel)

MAX_PER_CHANNEL = 5
"""The maximum number of voiceprints per person, embedding space and channel; the oldest is dropped first."""

PREPROCESSING = "mean-of-pieces/1"
"""The version of the preprocessing by `dense_speech` and `extraction`. Change it with their code."""

_DIGEST = re.compile(r"(.+)-([0-9a-f]{16,64})")


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """How a voiceprint was computed; two voiceprints can be compared only if all three parts are equal.

    `embedder` identifies the network, `revision` its weights (None if the embedder does not state them), and
    `preprocessing` the selection of speech.
    """

    embedder: str
    revision: str | None
    preprocessing: str = PREPROCESSING

    @classmethod
    def of(cls, embedder: str) -> EmbeddingSpace:
        """Return the space of an embedder's identifier, which may end in the digest of the weights.

        >>> EmbeddingSpace.of("CAM++-192-0123456789abcdef").revision
        '0123456789abcdef'
        """
        match = _DIGEST.fullmatch(embedder)
        return cls(match[1], match[2]) if match else cls(embedder, None)

    @property
    def identifier(self) -> str:
        """The identifier of the embedder, as taken by `of`."""
        return self.embedder if self.revision is None else f"{self.embedder}-{self.revision}"


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent to be recognised by voice: its scope, the declaring person, and the date in ISO 8601.

    Raises ValueError for an empty text, and for a date that is not in ISO 8601.
    """

    person: str
    scope: str
    declared_by: str
    date: str

    def __post_init__(self) -> None:
        for name in ("person", "scope", "declared_by"):
            object.__setattr__(self, name, _line(getattr(self, name), name))
        parse_date(self.date)


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of a voiceprint: the given file, the label of the speaker in it, and the recording's hash."""

    file: str
    speaker: str | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Voiceprint:
    """A unit vector `(dim,)` of a voice, from `seconds` of speech; `made` is a date and time in ISO 8601, UTC.

    A vector of another length is scaled to length 1. Raises ValueError for a zero or infinite vector, an unknown
    channel, and an invalid date.
    """

    vector: Vector
    space: EmbeddingSpace
    channel: Channel
    seconds: Seconds
    made: str
    source: Source

    def __post_init__(self) -> None:
        norm = float(np.linalg.norm(self.vector))
        if self.vector.ndim != 1 or not np.isfinite(norm) or norm == 0:
            raise ValueError("a voiceprint must be a finite vector other than zero")
        object.__setattr__(self, "vector", (self.vector / norm).astype(np.float32))
        if self.channel not in CHANNELS:
            raise ValueError(f"a channel must be one of {', '.join(CHANNELS)}, not {self.channel!r}")
        parse_date(self.made)


@dataclass(frozen=True, slots=True)
class Profile:
    """A known person with a consent and voiceprints, oldest first; `id` names the file.

    Raises ValueError for an empty name, and for an id other than 16 hexadecimal digits.
    """

    name: str
    consent: Consent
    voiceprints: tuple[Voiceprint, ...] = ()
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _line(self.name, "name"))
        if not re.fullmatch("[0-9a-f]{16}", self.id):
            raise ValueError(f"an id must be 16 hexadecimal digits, not {self.id!r}")

    def within(self, space: EmbeddingSpace) -> tuple[Voiceprint, ...]:
        """Return the voiceprints in an embedding space."""
        return tuple(each for each in self.voiceprints if each.space == space)

    def without_recording(self, recording: str | None) -> Profile:
        """Return the profile without the voiceprints from a recording (given by hash), unchanged for None."""
        kept = (each for each in self.voiceprints if recording is None or each.source.recording != recording)
        return replace(self, voiceprints=tuple(kept))

    def with_voiceprint(self, voiceprint: Voiceprint) -> Profile:
        """Return the profile with a voiceprint added.

        It replaces one of the same space, recording and speaker. With more than `MAX_PER_CHANNEL` in its space and
        channel, the oldest is dropped.
        """
        kept = [each for each in self.voiceprints if not _same_source(each, voiceprint)]
        alike = [each for each in kept if (each.space, each.channel) == (voiceprint.space, voiceprint.channel)]
        dropped = alike[: max(0, len(alike) - MAX_PER_CHANNEL + 1)]
        return replace(self, voiceprints=(*(each for each in kept if each not in dropped), voiceprint))


def _same_source(one: Voiceprint, other: Voiceprint) -> bool:
    """Return whether two comparable voiceprints are of the same speaker in the same recording."""
    same = (one.space, one.source.speaker, one.source.recording)
    return one.source.recording is not None and same == (other.space, other.source.speaker, other.source.recording)


def same_name(one: str, other: str) -> bool:
    """Return whether two names are equal, ignoring case and the amount of white space."""
    return one_line(one).casefold() == one_line(other).casefold()


def _line(text: str, name: str) -> str:
    """Return the text on one line; raises ValueError if it is empty or invisible."""
    if line := one_line(encodable(text)):
        return line
    raise ValueError(f"{name} must not be empty")
