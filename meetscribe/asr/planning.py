"""How many workers, threads and clips at once a machine is given, and why; pure but for asking the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """`workers` batches of up to `batch_size` clips are decoded at once, each on `threads` of the processor.

    One model serves all workers. `reasons` says why, a sentence for each choice.
    """

    workers: int = 1
    threads: int = 1
    batch_size: int = 4
    reasons: tuple[str, ...] = ()
