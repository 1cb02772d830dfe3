"""Thresholds belong to an embedder: to its weights and to the way in which voiceprints are made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.errors import WeightsError
from meetscribe.profiles.calibration import BESIDE_WEIGHTS, Thresholds, find_calibration, from_json, to_json
from meetscribe.profiles.values import EmbeddingSpace
from tests.support.voiceprints import CALIBRATION, LIMITS, NARROW, SPACE

CAMPPLUS = EmbeddingSpace.of("CAM++-192-92f29b94e6948786")


def test_the_weights_of_the_catalogue_are_calibrated() -> None:
    """CAM++ has thresholds for both channels; a narrow one needs no less than a wide one."""
    found = find_calibration(CAMPPLUS)
    assert found is not None and found.measured
    wide, narrow = found.channels["wideband"], found.channels["narrowband"]
    assert 0 < wide.suggested < wide.named < 1 and narrow.named >= wide.named


def test_other_weights_or_preprocessing_have_no_thresholds() -> None:
    """Neither an unknown embedder nor another preprocessing gets thresholds by accident."""
    assert find_calibration(SPACE) is None
    assert find_calibration(replace(CAMPPLUS, revision="0" * 16)) is None
    assert find_calibration(replace(CAMPPLUS, preprocessing="other/1")) is None


def test_the_narrower_channel_decides() -> None:
    """The thresholds of the narrow channel apply if either voiceprint is of it."""
    assert CALIBRATION.of("wideband", "wideband") is LIMITS
    assert CALIBRATION.of("wideband", "narrowband") is CALIBRATION.of("narrowband", "wideband") is NARROW


def test_a_calibration_beside_the_weights(tmp_path: Path) -> None:
    """The file in a folder of weights, or beside a file of weights, is read."""
    file = tmp_path / BESIDE_WEIGHTS
    file.write_text(json.dumps({"clustering_threshold": 0.7, "profiles": to_json(CALIBRATION)}))
    (tmp_path / "weights.bin").write_bytes(b"")
    assert find_calibration(SPACE, tmp_path) == find_calibration(SPACE, tmp_path / "weights.bin") == CALIBRATION
    file.write_text(json.dumps({"clustering_threshold": 0.7}))
    assert find_calibration(SPACE, tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [
        {"channels": {}},
        {"agreement": "high"},
        {"agreement": True},
        {"channels": {"wideband": {"named": 2}}},
        {"preprocessing": None},
    ],
)
def test_a_damaged_calibration_is_an_error(tmp_path: Path, change: dict[str, Any]) -> None:
    """A member that is missing or of another type is reported with the file."""
    members: dict[str, Any] = {**to_json(CALIBRATION), **change}
    members = {name: value for name, value in members.items() if value is not None}
    (tmp_path / BESIDE_WEIGHTS).write_text(json.dumps({"profiles": members}))
    with pytest.raises(WeightsError, match=BESIDE_WEIGHTS):
        find_calibration(SPACE, tmp_path)


def test_thresholds_are_in_order() -> None:
    """A suggestion must not need more than a name, and margins are not negative."""
    for values in ((0.5, 0.1, 0.6, 0.1), (0.9, -0.1, 0.5, 0.0), (1.1, 0.1, 0.5, 0.1)):
        with pytest.raises(ValueError, match="suggested"):
            Thresholds(*values)
    assert from_json(to_json(CALIBRATION)) == CALIBRATION
