"""The output of a frozen encoder, computed once per clip if there is no augmentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from meetscribe.training.data import Example, read_clip
from meetscribe.training.loop.batches import SpectrogramChange, augmented
from meetscribe.training.model.base import WhisperBase

MOST_BYTES = 1_000_000_000
"""The memory for stored outputs in bytes; further clips are encoded in each epoch."""


class FrozenEncoder:
    """Encodes clips without gradients, and stores the outputs up to a memory limit."""

    def __init__(self, base: WhisperBase, most_bytes: int = MOST_BYTES) -> None:
        self._base = base
        self._stored: dict[str, Tensor] = {}
        self._room = most_bytes

    def encode(self, folder: Path, examples: Sequence[Example], augment: SpectrogramChange | None = None) -> Any:
        """Return the encoder's output for clips as a BaseModelOutput; augmented clips are not stored."""
        from transformers.modeling_outputs import BaseModelOutput

        missing = [each for each in examples if augment is not None or each.id not in self._stored]
        found = dict(self._stored)
        if missing:
            features = self._base.features([read_clip(folder, each) for each in missing])
            features = augmented(features, missing, augment).to(self._base.device)
            with torch.no_grad():
                rows = self._base.model.get_encoder()(features).last_hidden_state
            found |= {each.id: row for each, row in zip(missing, rows, strict=True)}
        if augment is None:
            self._store({each.id: found[each.id] for each in missing})
        output: Any = BaseModelOutput
        return output(last_hidden_state=torch.stack([found[each.id] for each in examples]))

    def _store(self, rows: dict[str, Tensor]) -> None:
        """Keep outputs while there is room."""
        for name, row in rows.items():
            size = row.numel() * row.element_size()
            if size <= self._room:
                self._stored[name] = row.clone()
                self._room -= size
