"""The total memory required by jobs and live sessions."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.asr.planning import inspect_machine
from meetscribe.errors import SettingsError
from meetscribe.models.memory import needed_memory
from meetscribe.models.resolution import locate_models
from meetscribe.runtime.devices import Device, resolve_device
from meetscribe.server.settings import ServerSettings
from meetscribe.settings import Settings
from meetscribe.text.counting import counted

_SERVER_BYTES = 200_000_000  # bytes of the server without models


def check_memory(server: ServerSettings, settings: Settings) -> str:
    """Return a sentence with the required and the free memory.

    Raises SettingsError if too little memory is free, or for settings that `locate_models` refuses.
    """
    device = resolve_device(settings.run.device)
    local = replace(settings, run=replace(settings.run, offline=True))
    _, models = locate_models(local, device)
    # Metal uses the memory of the machine, like the CPU.
    process = needed_memory(models, "cpu" if device.kind == "mps" else device.kind)
    return memory_plan(server, process, inspect_machine(device).memory, device)


def memory_plan(server: ServerSettings, process: int, free: int | None, device: Device) -> str:
    """Return a sentence with the required and the free memory.

    `process` is the memory of each process with models, `free` the free memory, if known; both are in bytes.

    Raises SettingsError if too little memory is free.
    """
    live = process if server.max_live else 0
    needed = _SERVER_BYTES + server.jobs * process + live
    jobs = counted(server.jobs, "job")
    verb = "need" if live or server.jobs > 1 else "needs"
    text = f"{jobs} at a time{' and live sessions' if live else ''} {verb} about {needed / 1e9:.1f} GB on {device}"
    if free is None:
        return text
    text = f"{text}; {free / 1e9:.1f} GB are free"
    if needed > free:
        fitting = (free - _SERVER_BYTES) // process  # processes with models, jobs and live sessions together
        if fitting > (1 if live else 0):
            remedy = f"--jobs {fitting - 1 if live else fitting}"
        elif fitting == 1:
            remedy = "server.max_live = 0" if server.jobs == 1 else "server.max_live = 0 and --jobs 1"
        else:
            remedy = "a smaller --model"
        raise SettingsError(text, f"Use {remedy}, or free memory.")
    return text
