"""Checks that the inference libraries compute correctly on each device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import torch

from meetscribe.doctor.inference import run_ctranslate2, run_torch
from meetscribe.doctor.results import CheckResult, State
from meetscribe.errors import first_line
from meetscribe.runtime.devices import Device

Inference: TypeAlias = Callable[[Device], str]
"""Computes something on a device and describes it; raises the library's error if that fails."""

LIBRARIES: Mapping[str, Inference] = {"torch": run_torch, "CTranslate2": run_ctranslate2}

_NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")


def check_devices(libraries: Mapping[str, Inference] = LIBRARIES) -> Iterator[CheckResult]:
    """Check each library on each device, because some devices are listed but fail at the first operation.

    Also report an NVIDIA GPU that torch does not list.
    """
    devices = _devices()
    if len(devices) == 1 and _NVIDIA_DRIVER.exists():  # only the CPU, although there is a driver
        yield CheckResult(
            "GPU",
            "worse",
            "there is one, but this build of torch cannot use it",
            "python -m pip install --force-reinstall torch torchaudio, in a build for the CUDA version of the driver",
        )
    for device in devices:
        for name, compute in libraries.items():
            if name == "CTranslate2" and device.kind == "mps":
                continue
            subject = f"{name} on {device}"
            try:
                yield CheckResult(subject, "fine", compute(device))
            except (RuntimeError, ValueError, ImportError, OSError) as error:
                state: State = "broken" if device.kind == "cpu" else "worse"
                yield CheckResult(subject, state, first_line(error), _remedy(name, device))


def _devices() -> list[Device]:
    """Return the CPU and all GPUs that torch lists."""
    devices = [Device("cpu"), *(Device("cuda", index) for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        devices.append(Device("mps"))
    return devices


def _remedy(library: str, device: Device) -> str:
    """Return the command that fixes a library on a device."""
    if device.kind == "cpu":
        package = "torch" if library == "torch" else "ctranslate2"
        return f"python -m pip install --force-reinstall {package}"
    if library == "CTranslate2":
        return "python -m pip install nvidia-cublas-cu12 nvidia-cudnn-cu12, or use --device cpu"
    return "python -m pip install --force-reinstall torch torchaudio, or use --device cpu"
