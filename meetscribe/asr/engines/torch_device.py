"""Where the engines on torch run a Whisper, and in which precision; how they decode is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetscribe.errors import Notice, SettingsError, nearest

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a model runs; `device` is torch's name of it, `notices` says what could not be as asked."""

    device: str
    compute_type: str
    notices: tuple[Notice, ...] = ()


def place(settings: AsrSettings, device: Device, kinds: Mapping[str, Sequence[str]], engine: str) -> Placement:
    """Where the model is to run, given what the engine can compute in on each kind of device, best first.

    On a device that it cannot use, it runs on the processor. Raises SettingsError for a compute type that it
    does not know there.
    """
    usable = device.kind in kinds
    where = str(device) if usable else "cpu"
    possible = kinds[device.kind if usable else "cpu"]
    compute_type = possible[0] if settings.compute_type == "auto" else settings.compute_type
    if compute_type not in possible:
        hint = nearest(compute_type, sorted(possible))
        raise SettingsError(f"{engine} cannot compute in {compute_type} on {where}: {hint}")
    text = f"transcribed on the processor: {engine} cannot use {device}"
    note = Notice("asr.device", text, {"device": str(device), "engine": engine})
    return Placement(where, compute_type, () if usable else (note,))
