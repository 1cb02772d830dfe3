"""The device and the compute type that an engine uses."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import Notice
from meetscribe.runtime.devices import Device


@dataclass(frozen=True, slots=True)
class Placement:
    """The device (its name in the library, and its index) and the compute type; notices report deviations."""

    device: str
    compute_type: str
    index: int = 0
    notices: tuple[Notice, ...] = ()


def unsupported_device(device: Device, library: str) -> Notice:
    """Return the notice that speech recognition used the CPU because the library cannot use the device."""
    text = f"speech recognition ran on the CPU, because {library} cannot use {device}"
    return Notice("asr.device", text, {"device": str(device), "engine": library})
