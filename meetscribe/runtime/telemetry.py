"""Usage reports of other packages, switched off."""

from __future__ import annotations

import os
import sys

_SWITCHES = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0"}


def switch_off() -> None:
    """Stop the usage reports of pyannote.audio, huggingface_hub and Ray; call it before they are imported.

    pyannote.audio 4 reports the duration of every recording by default, whatever the environment says. The values are
    the same at each call, so that it does not matter which thread calls it first.
    """
    for name, value in _SWITCHES.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:  # it read the variable when it was imported
        constants.__dict__["HF_HUB_DISABLE_TELEMETRY"] = True
