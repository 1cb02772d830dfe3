"""Published weights for tests on real speech, which are skipped where the weights are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL = Path(os.environ.get("MEETSCRIBE_REAL", Path.home() / ".cache" / "meetscribe-real"))
"""A folder of models, as written by `meetscribe weights pull campplus segmentation-3.0 --to FOLDER`."""


def real_weights(name: str) -> Path:
    """Return the folder of a model in `$MEETSCRIBE_REAL`; skip the test if it is not there."""
    if not (REAL / name).is_dir():
        pytest.skip(f"no folder {REAL / name}: meetscribe weights pull {name} --to {REAL}")
    return REAL / name
