from __future__ import annotations

from types import SimpleNamespace

import pytest

from meetscribe.errors import SettingsError
from meetscribe.pipeline.cache_keys import CacheDependencies
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings


def test_an_unknown_engine_has_no_key() -> None:
    """Without a row in the table of engines, the packages of an engine are unknown, so nothing may be cached."""
    unknown = Settings()
    object.__setattr__(unknown, "asr", SimpleNamespace(engine="wisper", language=None))  # Settings refuses the name
    with pytest.raises(SettingsError, match="unknown asr.engine 'wisper'"):
        CacheDependencies(unknown, Device("cpu")).transcription()
