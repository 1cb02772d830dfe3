"""The peak memory of this process or its GPU."""

from __future__ import annotations

import sys

import torch

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]


def peak_memory(device: torch.device) -> int:
    """Return the peak memory so far of the GPU or of this process, in bytes; 0 if unknown (Windows)."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
