"""Loading of aligners; the required packages are imported with the first aligner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.alignment.models import default_aligner
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    from meetscribe.alignment.wav2vec2 import Wav2Vec2
    from meetscribe.runtime.devices import Device


def load_aligner(model: str, language: str, device: Device) -> Wav2Vec2 | None:
    """Return the aligner `model` for a language, on `device`.

    `model` is a directory, an id on the Hugging Face hub, the name of a torchaudio bundle, or its file. "auto" selects
    the aligner in `ALIGNERS`, and returns None if there is none. Raises WeightsError if the model cannot be loaded.
    """
    if model == "auto":
        default = default_aligner(language)
        if default is None:
            return None
        model = default.model
    telemetry.switch_off()
    with silence.loading():
        # Importing torch and Transformers takes seconds, which a run with cached results does not need.
        from meetscribe.alignment.wav2vec2 import load

        return load(model, language, str(device))
