"""Recognition with faster-whisper, which takes word times from the attention; recordings are recognition's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.asr.engines import ctranslate2_base
from meetscribe.runtime import telemetry

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


class FasterWhisper(ctranslate2_base.CTranslate2Whisper):
    """The engine "faster-whisper": word times, log-probabilities and how likely it is that nobody speaks."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model; raises SettingsError for what it cannot do, WeightsError if it cannot be loaded."""
        telemetry.switch_off()
        placement = ctranslate2_base.place(settings, device)
        import faster_whisper

        model = ctranslate2_base.load(faster_whisper.WhisperModel, settings, placement, plan)
        super().__init__(model, settings, placement)
