"""The settings of profiles: off by default, and nothing is remembered without a consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetscribe.errors import SettingsError
from meetscribe.profiles.settings import ProfilesSettings, parse_duration
from meetscribe.settings import Settings


def test_off_by_default() -> None:
    """Nobody is compared and nothing is kept unless asked for."""
    assert Settings().profiles == ProfilesSettings(enabled=False, identify=False, remember=None, consent=None)
    assert not Settings().profiles.compares


def test_remembering_needs_a_consent() -> None:
    """A time to keep voiceprints is refused without the statement of a consent, which is not copied anywhere."""
    for consent in (None, " "):
        with pytest.raises(SettingsError, match="consent"):
            ProfilesSettings(remember="7d", consent=consent)
    settings = Settings(profiles=ProfilesSettings(remember="7d", consent="all agreed"))
    assert settings.non_defaults() == {"profiles": {"remember": "7d"}} and "agreed" not in repr(settings)


def test_times() -> None:
    """Hours, days and weeks up to 90 days are times to keep voiceprints; other texts are not."""
    assert [parse_duration(text) for text in ("12h", "7 d", "2w")] == [timedelta(hours=12), timedelta(7), timedelta(14)]
    for text in ("", "7", "0d", "-1d", "1y", "91d", "9999w"):
        with pytest.raises(SettingsError):
            parse_duration(text)


def test_identifying_compares() -> None:
    """Either setting compares the speakers with the persons."""
    assert ProfilesSettings(enabled=True).compares and ProfilesSettings(identify=True).compares
