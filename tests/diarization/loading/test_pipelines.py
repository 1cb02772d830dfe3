"""The pipeline must be named before it is loaded."""

from __future__ import annotations

import pytest

from meetscribe.diarization import DiarizationSettings, load_diarizer
from meetscribe.errors import SettingsError
from meetscribe.runtime.devices import Device


@pytest.mark.parametrize("settings", [DiarizationSettings(), DiarizationSettings(embedder="x")])
def test_an_unresolved_pipeline_is_refused(settings: DiarizationSettings) -> None:
    """The error lists the pipelines."""
    with pytest.raises(SettingsError, match=r"diarization\.pipeline must name") as error:
        load_diarizer(settings, Device("cpu"))
    assert "bundled" in error.value.remedy
