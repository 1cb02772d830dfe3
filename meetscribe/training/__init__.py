"""Fine-tuning: training data from corrected transcripts, and the training of a model on it.

`data/` makes clips with their texts from recordings and transcripts. README.md shows the way from a correction to a
better model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.training.data.preparation import prepare

__all__ = ["prepare"]

__getattr__ = lazy_names(__name__, {"prepare": "data.preparation"})
