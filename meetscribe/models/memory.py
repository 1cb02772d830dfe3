"""The memory required by the models of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from meetscribe.asr.planning import model_size

if TYPE_CHECKING:
    from meetscribe.weights import LocatedModel

_WORKING_FACTOR = 1.5  # memory of a computing model as a multiple of the size of its files
_LIBRARY_BYTES = 1_500_000_000  # bytes of the libraries in a process on the processor


def needed_memory(models: Mapping[str, LocatedModel], kind: str) -> int:
    """Return the memory, in bytes, that a process needs for its models on a kind of device ("cpu", "cuda").

    `models` are the models by use, as `locate_models` returns them. Only the speech recogniser ("asr") is large enough
    to count: with the size in its specification, or else of its files on this machine, or else 0.
    """
    found = models.get("asr")  # an engine may have no weights
    known = 0 if found is None else (found.spec.size_mb or 0) * 1_000_000
    size = known or (model_size(found.path) if found is not None and found.path is not None else 0)
    return round(size * _WORKING_FACTOR) + (_LIBRARY_BYTES if kind == "cpu" else 0)
