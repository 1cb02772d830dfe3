"""Process-wide settings, applied once at the start."""

from __future__ import annotations

import os

from meetscribe.runtime import telemetry

_ONEDNN_CACHE = {"LRU_CACHE_CAPACITY": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32"}
"""The capacities of the caches of compiled operations in torch's oneDNN: enough for one network and one clip length.

Each cached operation uses memory, and clips of another length need other operations.
"""


def prepare_process() -> None:
    """Disable usage reports and limit torch's caches; must be called before torch is imported.

    Entry points (the command line, a worker, a server) call it first. A run calls it again for programs that use
    meetscribe as a library. Existing environment variables are kept, except those of the usage reports.
    """
    telemetry.switch_off()
    for name, value in _ONEDNN_CACHE.items():
        os.environ.setdefault(name, value)
