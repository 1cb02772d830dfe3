"""Deactivation of other packages' usage reports."""

from __future__ import annotations

import os
import sys

_SWITCHES = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0"}


def switch_off() -> None:
    """Disable the usage reports of pyannote.audio, huggingface_hub and Ray; must be called before they are imported.

    pyannote.audio 4 reports the duration of every recording by default, regardless of the environment. The values are
    the same at each call, so any thread may call it first.
    """
    for name, value in _SWITCHES.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:  # it read the variable on import
        constants.__dict__["HF_HUB_DISABLE_TELEMETRY"] = True
