"""The settings of a live session follow from those of the batch pipeline, and are checked."""

from __future__ import annotations

import pytest

from meetscribe import load_settings
from meetscribe.errors import SettingsError
from meetscribe.live.settings import LiveSettings, live_settings
from meetscribe.settings import Settings
from tests.support.readmes import SAMPLES


def test_windows_are_no_longer_than_chunks() -> None:
    """The weights of the samples were trained on chunks of up to 8 s, cut at pauses of a quarter of a second."""
    found = live_settings(load_settings(SAMPLES / "offline.toml"))
    assert (found.max_window, found.trim, found.min_silence) == (8.0, 0.6 * 8.0, 0.25)
    assert live_settings(Settings()).max_window == 28.0
    assert live_settings(Settings(), step=0.5).step == 0.5


@pytest.mark.parametrize(
    "wrong", [{"step": 0.0}, {"threshold": 1.0}, {"trim": 28.0}, {"max_window": 31.0}, {"preroll": -1.0}]
)
def test_values_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        LiveSettings(**wrong)  # type: ignore[arg-type]
