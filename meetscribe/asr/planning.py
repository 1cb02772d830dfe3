"""How many workers, threads and clips at once a machine is given, and why; pure but for asking the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.asr.settings import AsrSettings

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

_MOST_THREADS = 8  # more do not help one worker (SYSTRAN/faster-whisper #33)
_MOST_WORKERS = 4  # each holds a batch
_SHARE = 0.6  # of the free memory, the rest is for the other stages and the machine's owner
# Memory of one clip in a batch, as a share of the model's file: measured with base and small at beam 5 on the
# processor, and read from faster-whisper's table for large-v2 in float16 on a graphics card.
_CLIP_SHARE = {"cpu": 0.5, "cuda": 0.08}
_SMALLEST_CLIP = 50_000_000  # bytes
_LARGEST_BATCH = {"cpu": 8, "cuda": 24}
_MANY_CORES = 8
_BATCH_FEW_CORES = 4


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to compute with: processor cores that may be used, and bytes of memory that are free, of the
    graphics card if the models run there; None where the system does not say.
    """

    kind: str
    cores: int
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class DecodingPlan:
    """`workers` batches of up to `batch_size` clips are decoded at once, each on `threads` of the processor.

    One model serves all workers. `reasons` says why, a sentence for each choice.
    """

    workers: int = 1
    threads: int = 1
    batch_size: int = 4
    reasons: tuple[str, ...] = ()


def make_plan(settings: AsrSettings, machine: Machine, threads: int = 0, model_bytes: int = 0) -> DecodingPlan:
    """What fits the machine; what the settings or `threads` (0: free to choose) say is kept as it is.

    `model_bytes` is the size of the model's files, 0 if it is not known.
    """
    workers, why_workers = _workers(settings, machine, threads)
    threads, why_threads = _threads(machine, threads, workers)
    batch_size, why_batch = _batch_size(settings, machine, workers, model_bytes)
    return DecodingPlan(workers, threads, batch_size, (why_workers, why_threads, why_batch))


def inspect_machine(device: Device) -> Machine:
    """The machine that this process runs on, for models on `device`."""
    kind = "cuda" if device.kind == "cuda" else "cpu"
    memory = _graphics_memory(device.index) if kind == "cuda" else _free_memory()
    return Machine(kind, _cores(), memory)


def model_size(path: Path) -> int:
    """The bytes of a model's files if `path` is a directory or a file, else 0."""
    files = path.iterdir() if path.is_dir() else [path] if path.is_file() else []
    return sum(file.stat().st_size for file in files if file.is_file())


def _workers(settings: AsrSettings, machine: Machine, threads: int) -> tuple[int, str]:
    """How many batches are decoded at once."""
    if settings.workers:
        return settings.workers, f"{_many(settings.workers, 'worker')}: asr.workers says so"
    if machine.kind == "cuda":
        return 1, "1 worker: a batch fills the graphics card"
    cores = _many(machine.cores, "processor core")
    if threads:
        workers = min(max(1, machine.cores // threads), _MOST_WORKERS)
        return workers, f"{_many(workers, 'worker')}: {cores}, {threads} for each"
    workers = min(machine.cores, _MOST_WORKERS)
    return workers, f"{_many(workers, 'worker')}: {cores}, and more workers do more than more threads"


def _threads(machine: Machine, threads: int, workers: int) -> tuple[int, str]:
    """Threads of the processor for each worker."""
    if threads:
        return threads, f"{_many(threads, 'thread')} each: run.threads says so"
    threads = min(max(1, machine.cores // workers), _MOST_THREADS)
    cores, shared = _many(machine.cores, "processor core"), _many(workers, "worker")
    return threads, f"{_many(threads, 'thread')} each: {cores} for {shared}, at most {_MOST_THREADS} help one"


def _batch_size(settings: AsrSettings, machine: Machine, workers: int, model_bytes: int) -> tuple[int, str]:
    """Clips decoded together by one worker."""
    if settings.batch_size:
        return settings.batch_size, f"batches of {settings.batch_size}: asr.batch_size says so"
    largest = _LARGEST_BATCH[machine.kind]
    if machine.kind == "cpu" and machine.cores < _MANY_CORES:
        largest = _BATCH_FEW_CORES
    if machine.memory is None:
        return largest, f"batches of {largest}: how much memory is free is not known"
    clip = max(_SMALLEST_CLIP, round(model_bytes * _CLIP_SHARE[machine.kind]))
    room = max(0, round(machine.memory * _SHARE) - model_bytes)
    size = max(1, min(largest, room // (clip * workers)))
    free = f"{machine.memory / 1e9:.1f} GB are free"
    if size < largest:
        return size, f"batches of {size}: {free}, a clip takes about {clip / 1e6:.0f} MB beside the model"
    return size, f"batches of {size}: larger ones gain nothing, and {free}"


def _many(count: int, thing: str) -> str:
    """So many things."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _cores() -> int:
    """How many processor cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _text("/sys/fs/cgroup/cpu.max").partition(" ")
    return max(1, min(cores, -(-int(quota) // int(period)))) if quota.isdigit() and period.isdigit() else cores


def _free_memory() -> int | None:
    """Bytes of memory that a process may still take; None where the system does not say."""
    known = list(_limits())
    return min(known) if known else None


def _limits() -> Iterator[int]:
    """What the machine and the container leave free, as far as they say."""
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024
    most, used = _text("/sys/fs/cgroup/memory.max"), _text("/sys/fs/cgroup/memory.current")
    if most.isdigit() and used.isdigit():
        yield max(0, int(most) - int(used))


def _graphics_memory(index: int) -> int:
    """Bytes that are free on a CUDA card."""
    import torch

    free, _ = torch.cuda.mem_get_info(index)
    return int(free)


def _text(path: str) -> str:
    """What a file of the system says, nothing if it is not there."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
