"""Training data: clips of recordings with their texts, divided into the splits train, dev and test.

A data set is a folder: `clips/` holds the sound, `manifest.jsonl` a line per clip, `dataset.json` the summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names
from meetscribe.training.data.values import SPLITS, Example, Split, TimedText

if TYPE_CHECKING:
    from meetscribe.training.data.clip_files import read_clip
    from meetscribe.training.data.manifest import load_examples

__all__ = ["SPLITS", "Example", "Split", "TimedText", "load_examples", "read_clip"]

__getattr__ = lazy_names(__name__, {"load_examples": "manifest", "read_clip": "clip_files"})
