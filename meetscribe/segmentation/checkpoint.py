"""Models of pyannote.audio, loaded from checkpoints without running code from them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.errors import WeightsError, os_reason
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    from pyannote.audio import Model


def load_checkpoint(path: Path, sha256: str | None = None) -> Model:
    """Return the model in a pyannote.audio checkpoint, on the CPU and in evaluation mode.

    Raises WeightsError if the file cannot be read, its hash is not `sha256`, it contains more than weights, or it is
    not a model of pyannote.audio.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"the model {path} cannot be read: {os_reason(error)}", "Check the path.") from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsError(f"{path} is not the expected file: its SHA-256 differs", "Install it again.")
    telemetry.switch_off()
    with silence.loading():
        # Importing pyannote.audio takes seconds and prints warnings; usage reports must be switched off before.
        from meetscribe.segmentation.unpickling import build_model, read_parts

        return build_model(read_parts(content, path), path)
