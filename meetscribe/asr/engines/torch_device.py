"""The device and the compute type of engines that use torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from meetscribe.asr.engines.placement import Placement, unsupported_device
from meetscribe.errors import SettingsError, nearest

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


def place_on_torch(
    settings: AsrSettings, device: Device, compute_types: Mapping[str, Sequence[str]], engine: str
) -> Placement:
    """Return the placement of a model, given the compute types of the engine for each kind of device, best first.

    The CPU replaces a device that the engine cannot use. Raises SettingsError for a compute type that the engine does
    not support on the device.
    """
    usable = device.kind in compute_types
    name = str(device) if usable else "cpu"
    supported = compute_types[device.kind if usable else "cpu"]
    compute_type = supported[0] if settings.compute_type == "auto" else settings.compute_type
    if compute_type not in supported:
        hint = nearest(compute_type, sorted(supported))
        raise SettingsError(f"{engine} does not support the compute type {compute_type} on {name}: {hint}")
    return Placement(name, compute_type, notices=() if usable else (unsupported_device(device, engine),))
