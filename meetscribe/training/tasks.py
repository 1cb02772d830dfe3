"""The task of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from meetscribe.training.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """A base and its training data: `data` is the folder of a data set, `base` a directory or the name of a model.

    `regression` is a folder of recordings with references, or a data set, on which the result must not become worse.
    `persons` are listed in the model card. `threads` is the number of CPU threads, 0 for torch's default.
    """

    data: Path
    base: str
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    regression: Path | None = None
    persons: tuple[str, ...] = ()
    device: str = "auto"
    threads: int = 0
    offline: bool = False
