"""Process-wide settings, applied once at the start."""

from __future__ import annotations

import os

from meetscribe.runtime import telemetry

_ONEDNN_CACHE = {"LRU_CACHE_CAPACITY": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32"}
"""The number of compiled operations that oneDNN caches: those of one network for clips of one length. Each uses memory,
and each clip length needs another one."""


def prepare_process() -> None:
    """Disable usage reports and limit torch's caches; must be called before torch is imported.

    Entry points (the command line, a worker, a server) call it first. A run calls it again for programs that use
    meetscribe as a library. Existing environment variables are kept, except those of the usage reports.
    """
    telemetry.switch_off()
    for name, value in _ONEDNN_CACHE.items():
        os.environ.setdefault(name, value)
