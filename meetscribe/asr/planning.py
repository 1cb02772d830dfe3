"""The decoding plan: workers, threads and batch size for a machine, with the reasons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.asr.settings import AsrSettings
from meetscribe.text.counting import counted

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

_MOST_THREADS = 8  # per worker; more give no speed-up (SYSTRAN/faster-whisper #33)
_MOST_WORKERS = 4  # each keeps a batch in memory
_MEMORY_SHARE = 0.6  # share of the free memory to use; the rest is for other stages and programs
# Memory of one clip in a batch, relative to the size of the model file: measured with base and small at beam size 5
# on a CPU, and derived from faster-whisper's table for large-v2 in float16 on a GPU.
_CLIP_PER_MODEL_BYTE = {"cpu": 0.5, "cuda": 0.08}
_SMALLEST_CLIP = 50_000_000  # bytes; the least memory assumed for a clip
_LARGEST_BATCH = {"cpu": 8, "cuda": 24}  # larger batches are not faster; chosen by hand
_MANY_CORES = 8  # with fewer cores, the largest batch is `_BATCH_FEW_CORES`
_BATCH_FEW_CORES = 4


@dataclass(frozen=True, slots=True)
class Machine:
    """The resources for decoding: usable CPU cores, and the free memory of the device in bytes.

    `kind` is "cpu" or "cuda"; `memory` is None if the system does not report it.
    """

    kind: str
    cores: int
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class DecodingPlan:
    """Decode `workers` batches of up to `batch_size` clips in parallel, each on `threads` CPU threads.

    All workers share one model. `reasons` gives a sentence for each choice.
    """

    workers: int = 1
    threads: int = 1
    batch_size: int = 4
    reasons: tuple[str, ...] = ()


def make_plan(settings: AsrSettings, machine: Machine, threads: int = 0, model_bytes: int = 0) -> DecodingPlan:
    """Return the plan that fits the machine; values in the settings, and `threads` unless it is 0, are kept.

    `model_bytes` is the size of the model's files, 0 if it is unknown.
    """
    workers, why_workers = _workers(settings, machine, threads)
    threads, why_threads = _threads(machine, threads, workers)
    batch_size, why_batch = _batch_size(settings, machine, workers, model_bytes)
    return DecodingPlan(workers, threads, batch_size, (why_workers, why_threads, why_batch))


def inspect_machine(device: Device) -> Machine:
    """Return the resources of this process for models on `device`."""
    kind = "cuda" if device.kind == "cuda" else "cpu"
    memory = _graphics_memory(device.index) if kind == "cuda" else _free_memory()
    return Machine(kind, _cores(), memory)


def model_size(path: Path) -> int:
    """Return the size of the model at `path`, a file or a directory, in bytes; 0 if there is none."""
    files = path.iterdir() if path.is_dir() else [path] if path.is_file() else []
    return sum(file.stat().st_size for file in files if file.is_file())


def _workers(settings: AsrSettings, machine: Machine, threads: int) -> tuple[int, str]:
    """Return the number of batches decoded in parallel, and the reason."""
    if settings.workers:
        return settings.workers, f"{_batches(settings.workers)}: set by asr.workers"
    if machine.kind == "cuda":
        return 1, f"{_batches(1)}: it occupies the GPU"
    cores = counted(machine.cores, "CPU core")
    if threads:
        workers = min(max(1, machine.cores // threads), _MOST_WORKERS)
        return workers, f"{_batches(workers)}: {cores}, {threads} for each"
    workers = min(machine.cores, _MOST_WORKERS)
    return workers, f"{_batches(workers)}: {cores}, and batches scale better than threads"


def _threads(machine: Machine, threads: int, workers: int) -> tuple[int, str]:
    """Return the number of CPU threads per worker, and the reason."""
    if threads:
        return threads, f"{counted(threads, 'thread')} per batch: set by run.threads"
    threads = min(max(1, machine.cores // workers), _MOST_THREADS)
    cores = counted(machine.cores, "CPU core")
    return (
        threads,
        f"{counted(threads, 'thread')} per batch: {cores} for {_batches(workers)}, at most {_MOST_THREADS} each",
    )


def _batch_size(settings: AsrSettings, machine: Machine, workers: int, model_bytes: int) -> tuple[int, str]:
    """Return the number of clips per batch, and the reason."""
    if settings.batch_size:
        return settings.batch_size, f"batches of {settings.batch_size}: set by asr.batch_size"
    largest = _LARGEST_BATCH[machine.kind]
    if machine.kind == "cpu" and machine.cores < _MANY_CORES:
        largest = _BATCH_FEW_CORES
    if machine.memory is None:
        return largest, f"batches of {largest}: the free memory is unknown"
    clip = max(_SMALLEST_CLIP, round(model_bytes * _CLIP_PER_MODEL_BYTE[machine.kind]))
    available = max(0, round(machine.memory * _MEMORY_SHARE) - model_bytes)
    size = max(1, min(largest, available // (clip * workers)))
    free = f"{machine.memory / 1e9:.1f} GB are free"
    if size < largest:
        return size, f"batches of {size}: {free}, each clip needs about {clip / 1e6:.0f} MB besides the model"
    return size, f"batches of {size}: larger ones are not faster, and {free}"


def _batches(count: int) -> str:
    return "1 batch at a time" if count == 1 else f"{count} batches in parallel"


def _cores() -> int:
    """Return the number of CPU cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")  # the limit of a container; rounded up below
    return max(1, min(cores, -(-int(quota) // int(period)))) if quota.isdigit() and period.isdigit() else cores


def _free_memory() -> int | None:
    """Return the memory that this process can still allocate, in bytes; None if the system does not report it."""
    return min(_free_memories(), default=None)


def _free_memories() -> Iterator[int]:
    """Yield the free memory of the machine and of the container in bytes, if the system reports them."""
    for line in _read("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024
    limit, used = _read("/sys/fs/cgroup/memory.max"), _read("/sys/fs/cgroup/memory.current")
    if limit.isdigit() and used.isdigit():
        yield max(0, int(limit) - int(used))


def _graphics_memory(index: int) -> int:
    """Return the free memory of a CUDA device, in bytes."""
    import torch

    free, _ = torch.cuda.mem_get_info(index)
    return int(free)


def _read(path: str) -> str:
    """Return the content of a system file, "" if it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
