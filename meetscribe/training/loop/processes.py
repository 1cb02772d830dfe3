"""The processes of one training run, started by torchrun: each computes a part of every batch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Processes:
    """The number of processes, and the index of this one."""

    index: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes the files."""
        return self.index == 0

    def part(self, items: Sequence[T]) -> Sequence[T]:
        """Return the items for this process."""
        return items[self.index :: self.count]

    def wrap(self, model: Any, device: torch.device) -> Any:
        """Return the model with gradients averaged over the processes."""
        if self.count == 1:
            return model
        return DistributedDataParallel(model, device_ids=[device.index] if device.type == "cuda" else None)

    def unsynchronized(self, model: Any, last: bool) -> AbstractContextManager[None]:
        """Return a context in which gradients are only accumulated, unless this is the `last` part of a batch."""
        if last or self.count == 1:
            return nullcontext()
        context: AbstractContextManager[None] = model.no_sync()
        return context

    def gather(self, value: T) -> list[T]:
        """Return the values of all processes."""
        if self.count == 1:
            return [value]
        values: list[Any] = [None] * self.count
        distributed.all_gather_object(values, value)
        return values

    def wait(self) -> None:
        """Wait until all processes reach this call."""
        if self.count > 1:
            distributed.barrier()


def is_distributed() -> bool:
    """Return whether torchrun started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def local_device() -> str:
    """Return the device of this process: the GPU with its local rank, or the CPU."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"


@contextmanager
def joined() -> Iterator[Processes]:
    """Join the process group of torchrun, if there is one."""
    if not is_distributed():
        yield Processes()
        return
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
