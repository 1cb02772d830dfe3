"""Where the models run: the processor or a graphics card; with how many threads is an engine's matter."""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, cast

from meetscribe.errors import SettingsError, nearest

Kind: TypeAlias = Literal["cpu", "cuda", "mps"]

T = TypeVar("T")
R = TypeVar("R")

_NAMES = ("auto", "cpu", "cuda", "mps")

# How many compiled operations torch's oneDNN keeps: those of one network for windows of one length, and no more, since
# each holds memory, and every length of a clip is another one.
_KEPT = {"LRU_CACHE_CAPACITY": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32"}


@dataclass(frozen=True, slots=True)
class Device:
    """A processor or a graphics card; `str()` gives torch's name for it, such as "cuda:0"."""

    kind: Kind
    index: int = 0

    def __str__(self) -> str:
        return f"cuda:{self.index}" if self.kind == "cuda" else self.kind


def resolve_device(name: str = "auto") -> Device:
    """The device called "cpu", "cuda", "cuda:1" or "mps"; "auto" is the first CUDA card, else the processor.

    Raises SettingsError if the name is unknown or this machine has no such device.
    """
    _bound_memory()
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


def is_failure(error: BaseException, device: Device) -> bool:
    """Whether an error, or one behind it, is that of a graphics card and not of what was computed there."""
    if device.kind == "cpu":
        return False
    signs = ("cuda", "cudnn", "cublas", "nvrtc") if device.kind == "cuda" else ("mps", "metal")
    cause = error.__cause__
    return any(sign in str(error).lower() for sign in signs) or (cause is not None and is_failure(cause, device))


def make_room() -> None:
    """Give back the memory of models that are not used any more, on the graphics card too."""
    gc.collect()
    give_back()


def give_back() -> None:
    """Give memory that nobody holds back to the system, for other processes and for the graphics card's other users."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps what is free between what is not
        if trim is not None:
            trim(0)
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def limit_threads(threads: int) -> None:
    """Let torch use so many threads of the processor; 0 leaves the choice to it."""
    if threads:
        import torch

        torch.set_num_threads(threads)


@contextmanager
def threads_kept() -> Iterator[int]:
    """Yield how many threads torch computes on, and see to it that afterwards it is as many.

    Other libraries in the process change it with their own: CTranslate2 sets OpenMP's number where it loads a model.
    """
    import torch

    threads = torch.get_num_threads()
    try:
        yield threads
    finally:
        torch.set_num_threads(threads)


@contextmanager
def single_threaded() -> Iterator[int]:
    """Yield how many threads torch may use, while it computes on one in each thread that asks it to.

    Several batches of a small network at once, each on a thread of its own, are done sooner than one after the
    other on all threads, which mostly wait for each other.
    """
    import torch

    with threads_kept() as threads:
        torch.set_num_threads(1)
        yield threads


def in_order(work: Callable[[T], R], tasks: Iterable[T], threads: int) -> Iterator[R]:
    """Yield what `work` makes of each task, in their order; so many threads are at it, and few tasks are drawn ahead.

    Once one fails, or nobody wants more, no further task is begun.
    """
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(work, task))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _bound_memory() -> None:
    """Let torch forget operations that are done, if nobody has said otherwise; it asks when it first computes."""
    for variable, capacity in _KEPT.items():
        os.environ.setdefault(variable, capacity)


def _cuda_count() -> int:
    """How many CUDA cards torch can use."""
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _require_cuda(index: int) -> None:
    """Raise SettingsError unless there is a CUDA card with this index."""
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
    """Raise SettingsError unless torch can use the graphics card of an Apple machine."""
    import torch

    if not torch.backends.mps.is_available():
        raise SettingsError("no Apple graphics card (mps) can be used on this machine", "Use --device cpu (or auto).")
