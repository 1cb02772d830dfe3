"""Thresholds for the similarity of voiceprints, measured for one embedder and valid only for it.

`python -m tests.benchmarks.profiles` tunes them on one half of the voices and evaluates them on the other. The
thresholds of CAM++ are in `calibrations.json`; those of other embedders are read from a file beside the weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from meetscribe.errors import JSON, WeightsError
from meetscribe.profiles.values import CHANNELS, Channel, EmbeddingSpace
from meetscribe.storage.files import SETTINGS_BYTES, read_file

BESIDE_WEIGHTS = "meetscribe.json"
"""The file beside the weights of an embedder; its member "profiles" holds a calibration."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The minimum cosine similarity to a person, and the minimum margin to the next person, for each band.

    The bands are "named" and "suggested"; the margin is that of `matching`.
    """

    named: float
    named_margin: float
    suggested: float
    suggested_margin: float

    def __post_init__(self) -> None:
        if not -1 <= self.suggested <= self.named <= 1 or min(self.named_margin, self.suggested_margin) < 0:
            raise ValueError(f"-1 <= suggested <= named <= 1 and margins of at least 0 are needed, not {asdict(self)}")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds of an embedding space by kind of channel, and the minimum agreement of the pieces of one voice.

    They are valid only for voiceprints with this `preprocessing` (`values.PREPROCESSING`). `measured` describes the
    measurement, for `meetscribe profiles why`.
    """

    preprocessing: str
    channels: Mapping[Channel, Thresholds]
    agreement: float
    measured: str

    def of(self, *channels: Channel) -> Thresholds:
        """Return the thresholds for voiceprints from these channels: those of the narrowest."""
        return self.channels["narrowband" if "narrowband" in channels else "wideband"]


def find_calibration(space: EmbeddingSpace, weights: Path | None = None) -> Calibration | None:
    """Return the calibration of an embedding space, None if there is none.

    `weights` is the embedder's file, beside which a calibration may be stored, or its folder. Raises WeightsError if
    the calibration is damaged.
    """
    calibration = _beside(weights) or _built_in().get(space.identifier)
    return calibration if calibration and calibration.preprocessing == space.preprocessing else None


def to_json(calibration: Calibration) -> dict[str, JSON]:
    """Return a calibration as JSON members, as stored in a file."""
    return {
        "preprocessing": calibration.preprocessing,
        "agreement": calibration.agreement,
        "channels": {channel: asdict(thresholds) for channel, thresholds in calibration.channels.items()},
        "measured": calibration.measured,
    }


def from_json(members: Any) -> Calibration:
    """Read a calibration; raises ValueError, KeyError or TypeError for missing members or invalid values."""
    channels = {channel: Thresholds(**_numbers(members["channels"][channel])) for channel in CHANNELS}
    return Calibration(
        str(members["preprocessing"]),
        channels,  # type: ignore[arg-type]  # the keys are CHANNELS
        _number(members["agreement"]),
        str(members.get("measured", "")),
    )


def _numbers(members: Any) -> dict[str, float]:
    return {each.name: _number(members[each.name]) for each in fields(Thresholds)}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


def _built_in() -> dict[str, Calibration]:
    """Return the calibrations in the package by embedder identifier."""
    text = files("meetscribe.profiles").joinpath("calibrations.json").read_text(encoding="utf-8")
    return {identifier: from_json(members) for identifier, members in json.loads(text).items()}


def _beside(weights: Path | None) -> Calibration | None:
    """Return the calibration in the file in or beside the weights, None if there is none; raises WeightsError."""
    if weights is None:
        return None
    file = (weights if weights.is_dir() else weights.parent) / BESIDE_WEIGHTS
    if not file.is_file():
        return None
    try:
        members = json.loads(read_file(file, SETTINGS_BYTES)).get("profiles")
        return None if members is None else from_json(members)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{file} holds no valid calibration: {error!r}", 'Correct or remove "profiles".') from error
