"""Settings of the whole process, made once at its start."""

from __future__ import annotations

import os

from meetscribe.runtime import telemetry

_ONEDNN_CACHE = {"LRU_CACHE_CAPACITY": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32"}
"""How many compiled operations oneDNN keeps: those of one network for clips of one length. Each holds memory, and each
length of a clip makes another one."""


def prepare_process() -> None:
    """Switch off usage reports and bound torch's caches; call it before torch is imported.

    Entry points (the command line, a worker, a server) call it first. A run calls it again for programs that use
    meetscribe as a library; a variable that is set already is left alone, except those of the usage reports.
    """
    telemetry.switch_off()
    for name, value in _ONEDNN_CACHE.items():
        os.environ.setdefault(name, value)
