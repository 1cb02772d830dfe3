"""The devices for models: the CPU, a CUDA GPU, or the GPU of an Apple machine."""

from __future__ import annotations

import ctypes
import gc
import re
import sys
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from meetscribe.errors import SettingsError, nearest
from meetscribe.runtime.process import prepare_process

Kind: TypeAlias = Literal["cpu", "cuda", "mps"]

_NAMES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Device:
    """The CPU or a GPU; `str()` returns torch's name for it, such as "cuda:0"."""

    kind: Kind
    index: int = 0

    def __str__(self) -> str:
        return f"cuda:{self.index}" if self.kind == "cuda" else self.kind


def resolve_device(name: str = "auto") -> Device:
    """Return the device named "cpu", "cuda", "cuda:1" or "mps"; "auto" is the first CUDA GPU, or the CPU.

    Raises SettingsError if the name is unknown or this machine has no such device.
    """
    prepare_process()
    match = re.fullmatch(r"(auto|cpu|mps|cuda)(?::(\d+))?", name)
    if match is None or (match[2] is not None and match[1] != "cuda"):
        raise SettingsError(f"unknown device {name!r}: {nearest(name, _NAMES)}", "Use auto, cpu, cuda, cuda:1 or mps.")
    kind = match[1]
    if kind == "cpu":
        return Device("cpu")
    if kind == "auto":
        return Device("cuda") if _cuda_count() else Device("cpu")
    if kind == "mps":
        _require_mps()
    else:
        _require_cuda(int(match[2] or 0))
    return Device(cast(Kind, kind), int(match[2] or 0))


def is_device_failure(error: BaseException, device: Device) -> bool:
    """Return whether an error, or one in its chain of causes, comes from the GPU `device`; False for the CPU."""
    if device.kind == "cpu":
        return False
    signs = ("cuda", "cudnn", "cublas", "nvrtc") if device.kind == "cuda" else ("mps", "metal")
    cause = error.__cause__
    return any(sign in str(error).lower() for sign in signs) or (cause is not None and is_device_failure(cause, device))


def release_unused_models() -> None:
    """Collect models without references, and return their memory to the system and the GPU."""
    gc.collect()
    release_free_memory()


def release_free_memory() -> None:
    """Return this process's unused memory to the system and the GPU."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps free pages between used ones
        if trim is not None:
            trim(0)
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _cuda_count() -> int:
    """Return the number of CUDA GPUs that torch can use."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _require_cuda(index: int) -> None:
    """Raise SettingsError unless there is a CUDA GPU with this index."""
    count = _cuda_count()
    if count == 0:
        raise SettingsError(
            "no CUDA device can be used on this machine",
            "Use --device cpu (or auto), or install an NVIDIA driver and a CUDA build of torch.",
        )
    if index >= count:
        raise SettingsError(
            f"there is no CUDA device {index} on this machine",
            f"Use cuda:0 to cuda:{count - 1}." if count > 1 else "Use cuda:0.",
        )


def _require_mps() -> None:
    """Raise SettingsError unless torch can use the GPU of an Apple machine."""
    import torch

    if not torch.backends.mps.is_available():
        raise SettingsError("no Apple GPU (mps) can be used on this machine", "Use --device cpu (or auto).")
