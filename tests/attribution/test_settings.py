"""Settings of attribution that contradict each other are refused, and former names still work."""

from __future__ import annotations

import pytest

from meetscribe.attribution import AttributionSettings
from meetscribe.errors import SettingsError
from meetscribe.settings import load_settings


@pytest.mark.parametrize(
    "wrong", [{"method": "majority"}, {"max_gap": -1.0}, {"pause": float("nan")}, {"max_segment": 0.0}]
)
def test_invalid_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        AttributionSettings(**wrong)  # type: ignore[arg-type]


def test_former_names_are_accepted_with_a_notice() -> None:
    """`voice`, `voice_sound` and `voice_margin` are the former names of the settings of the voiceprint check."""
    notices: list[str] = []
    former = {"attribution.voice": "true", "attribution.voice_sound": "2", "attribution.voice_margin": "0.3"}
    settings = load_settings(overrides=former, notify=notices.append).attribution
    assert (settings.voiceprints, settings.voiceprint_seconds, settings.voiceprint_margin) == (True, 2.0, 0.3)
    assert len(notices) == 3
    assert "attribution.voiceprints" in notices[0]


def test_merged_settings_are_accepted_under_their_former_names() -> None:
    """`reach` is now limited by `edge`, and text without punctuation has the cost of the end of a sentence."""
    notices: list[str] = []
    former = {"attribution.reach": "0.4", "attribution.unpunctuated_change": "0.3"}
    settings = load_settings(overrides=former, notify=notices.append).attribution
    assert (settings.edge, settings.sentence_change) == (0.4, 0.3)
    assert len(notices) == 2
