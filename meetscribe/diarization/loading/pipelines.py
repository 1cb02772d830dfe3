"""Load diarization pipelines; their packages are imported when the first one is loaded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    from meetscribe.diarization.diarizer import Diarizer
    from meetscribe.runtime.devices import Device

PIPELINES: dict[str, str] = {
    "bundled": "meetscribe.diarization.loading.bundled:load",
    "community-1": "meetscribe.diarization.loading.pretrained:load",
}
"""The function that loads each pipeline: it takes settings, device and `offline`, and returns a Diarizer.

Directories and ids on the Hugging Face hub are loaded by the function of "community-1".
"""


def load_diarizer(settings: DiarizationSettings, device: Device, offline: bool = False) -> Diarizer:
    """Return the diarizer with the pipeline of the settings, on the device; if `offline`, nothing is downloaded.

    `settings.pipeline`, and `settings.embedder` for the bundled pipeline, must not be "auto". The names
    "segmentation-3.0" and "campplus" must have been replaced by paths, as `models.resolution` does. Raises WeightsError
    if a model is missing, SettingsError for a setting that the pipeline does not support.
    """
    if settings.pipeline == "auto":
        raise SettingsError(
            "diarization.pipeline must name a pipeline here",
            f"Give a directory, a hub id, or one of: {', '.join(PIPELINES)}.",
        )
    module, function = PIPELINES.get(settings.pipeline, PIPELINES["community-1"]).split(":")
    telemetry.switch_off()
    with silence.loading():  # importing pyannote.audio takes seconds and prints warnings
        load = getattr(import_module(module), function)
    diarizer: Diarizer = load(settings, device, offline)
    return diarizer
