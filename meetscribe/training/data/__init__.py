"""Training data: clips of recordings with their texts, divided into the splits train, dev and test.

A data set is a folder: `clips/` contains the audio, `manifest.jsonl` a line per clip, `dataset.json` the summary.
`preparation.py` creates it: meetings -> passages (`clips/selection.py`) -> clips (`clips/cutting.py`) -> examples
(`labels.py`) -> files (`writing.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names
from meetscribe.training.data.settings import DataSettings, Sources
from meetscribe.training.data.values import SPLITS, Example, Split, TimedText

if TYPE_CHECKING:
    from meetscribe.training.data.clips.files import read_clip
    from meetscribe.training.data.manifest import load_examples
    from meetscribe.training.data.preparation import prepare, preview
    from meetscribe.training.data.summary import DataSummary, read_digest

__all__ = [
    "SPLITS",
    "DataSettings",
    "DataSummary",
    "Example",
    "Sources",
    "Split",
    "TimedText",
    "load_examples",
    "prepare",
    "preview",
    "read_clip",
    "read_digest",
]

__getattr__ = lazy_names(
    __name__,
    {
        "DataSummary": "summary",
        "load_examples": "manifest",
        "prepare": "preparation",
        "preview": "preparation",
        "read_clip": "clips.files",
        "read_digest": "summary",
    },
)
