"""Fine-tuning: training data from corrected transcripts, and the training of a model on it.

`data/` makes clips with their texts from recordings and transcripts; `loop/` trains, `model/` loads and saves weights,
`comparison/` scores the result beside its base. README.md shows the way from a correction to a better model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names
from meetscribe.training.settings import TrainingSettings
from meetscribe.training.tasks import TrainingTask

if TYPE_CHECKING:
    from meetscribe.training.data.preparation import prepare
    from meetscribe.training.planning import Plan
    from meetscribe.training.results import TrainingResult
    from meetscribe.training.running import plan, train

__all__ = ["Plan", "TrainingResult", "TrainingSettings", "TrainingTask", "plan", "prepare", "train"]

__getattr__ = lazy_names(
    __name__,
    {
        "Plan": "planning",
        "TrainingResult": "results",
        "plan": "running",
        "prepare": "data.preparation",
        "train": "running",
    },
)
