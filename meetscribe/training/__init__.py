"""Fine-tuning: training data from corrected transcripts, and training of a model on it.

`data/` makes labelled clips from recordings and transcripts; `loop/` trains, `progress/` reports and logs, `model/`
loads and saves weights, `comparison/` scores the result against its base. README.md describes the steps from a
correction to a better model.
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
