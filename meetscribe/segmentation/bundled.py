"""The segmentation model in whisperx, which needs no download, account or token.

It is pyannote.audio's PyanNet of 2021 (MIT): windows of 5 s at 16 kHz, frames of 16.9 ms, three local speakers who may
overlap (multi-label, not powerset), 1.47 million parameters, 17.7 MB.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.errors import WeightsError
from meetscribe.segmentation.checkpoint import load_checkpoint

if TYPE_CHECKING:
    from pyannote.audio import Model

SHA256 = "0b5b3216d60a2d32fc086b47ea8c67589aaeb26b7e07fcbe620d6d0b83e209ea"
"""The hash of the file in whisperx since 3.2; any other file would be an untested model."""


def bundled_checkpoint() -> Path:
    """Return the path of the model in the installed whisperx, without importing whisperx.

    Raises WeightsError if whisperx is not installed or does not contain the model.
    """
    spec = importlib.util.find_spec("whisperx")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "assets" / "pytorch_model.bin"
        if path.is_file():
            return path
    raise WeightsError(
        "the segmentation model of whisperx was not found",
        "Install it: pip install 'whisperx>=3.8'. Or set diarization.pipeline to another pipeline.",
    )


def load_bundled() -> Model:
    """Return the bundled segmentation model, on the CPU and in evaluation mode.

    Raises WeightsError if the file is missing or has another hash.
    """
    return load_checkpoint(bundled_checkpoint(), sha256=SHA256)
