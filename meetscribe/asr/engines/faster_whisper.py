"""The engine "faster-whisper", with word times from cross-attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.asr.engines import ctranslate2_base
from meetscribe.runtime import telemetry

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


class FasterWhisper(ctranslate2_base.CTranslate2Whisper):
    """Reports word times, log probabilities and no-speech probabilities."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model.

        Raises SettingsError for unsupported settings, WeightsError if the model cannot be loaded.
        """
        telemetry.switch_off()
        placement = ctranslate2_base.place_on_ctranslate2(settings, device)
        from faster_whisper import WhisperModel  # imports huggingface_hub, so after telemetry is off

        model = ctranslate2_base.load_model(WhisperModel, settings, placement, plan)
        super().__init__(model, settings, placement)
