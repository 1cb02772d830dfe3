from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from meetscribe.errors import SettingsError
from meetscribe.pipeline.cache_keys import CacheDependencies
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings


def test_an_unknown_engine_has_no_key() -> None:
    """Without a row in the table of engines, the packages of an engine are unknown, so nothing may be cached."""
    settings = Settings()
    unknown = replace(settings, asr=SimpleNamespace(engine="wisper", language=None))  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="unknown asr.engine 'wisper'"):
        CacheDependencies(unknown, Device("cpu")).transcription()
