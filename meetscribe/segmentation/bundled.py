"""The segmentation model that comes with whisperx: no download, no account, no token.

It is pyannote.audio's PyanNet of 2021 (MIT): windows of 5 s at 16 kHz, frames of 16.9 ms, three local
speakers who may talk at once (multi-label, not powerset), 1.47 million parameters, 17.7 MB.
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
"""The file as whisperx has shipped it since 3.2; another file is another model, untested here."""


def bundled_checkpoint() -> Path:
    """Where the model lies in the installed whisperx, which is not imported.

    Raises WeightsError if whisperx is not installed or does not ship the model any more.
    """
    spec = importlib.util.find_spec("whisperx")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "assets" / "pytorch_model.bin"
        if path.is_file():
            return path
    raise WeightsError(
        "the segmentation model that comes with whisperx was not found",
        "Install it: pip install 'whisperx>=3.8'. Or set diarization.pipeline to another pipeline.",
    )


def load_bundled() -> Model:
    """The bundled segmentation model, on the CPU and in evaluation mode.

    Its file is read only if its hash is the known one, and even then without running code from it.
    Raises WeightsError if the file is missing or another.
    """
    return load_checkpoint(bundled_checkpoint(), sha256=SHA256)
