"""Batches: the order of the examples, spectrograms with masks (SpecAugment), and padded labels.

Random choices depend only on the seed, the epoch and the example, so that a run can resume at any update, and several
processes can share a batch.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from meetscribe.training.data import Example, read_clip
from meetscribe.training.loop.labels import IGNORED, Labels
from meetscribe.training.model.base import WhisperBase

_TIME_MASKS, _LONGEST_TIME_MASK = 2, 50  # frames of 10 ms
_BAND_MASKS, _WIDEST_BAND_MASK = 2, 10  # mel bands


@dataclass(frozen=True, slots=True)
class Batch:
    """`features` (examples, bands, frames), `inputs` and `targets` (examples, tokens)."""

    features: Tensor
    inputs: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(self.features.to(device), self.inputs.to(device), self.targets.to(device))


SpectrogramChange = Callable[[Tensor, Example], Tensor]
"""Returns the changed spectrogram `(bands, frames)` of an example."""


def epoch_order(count: int, seed: int, epoch: int) -> list[int]:
    """Return the indices of `count` examples in the order of an epoch."""
    return random.Random(f"{seed}/{epoch}").sample(range(count), count)


def make_batch(
    folder: Path,
    examples: Sequence[Example],
    labels: Sequence[Labels],
    base: WhisperBase,
    augment: SpectrogramChange | None = None,
) -> Batch:
    """Return the batch of examples in a data set; raises InputError if a clip is missing or was changed."""
    features = base.features([read_clip(folder, example) for example in examples])
    return Batch(augmented(features, examples, augment), *pad(labels, base.model.config.eos_token_id))


def augmented(features: Tensor, examples: Sequence[Example], augment: SpectrogramChange | None) -> Tensor:
    """Return the spectrograms `(examples, bands, frames)`, each changed by `augment`."""
    if augment is None:
        return features
    return torch.stack([augment(row, example) for row, example in zip(features, examples, strict=True)])


def pad(labels: Sequence[Labels], end: int) -> tuple[Tensor, Tensor]:
    """Return inputs and targets `(examples, tokens)`, padded with end-of-text and with `IGNORED`, respectively.

    Whisper has no padding token: masking by token instead of by length would keep the model from learning end-of-text.
    """
    longest = max(len(each.inputs) for each in labels)
    inputs = torch.full((len(labels), longest), end)
    targets = torch.full((len(labels), longest), IGNORED)
    for row, each in enumerate(labels):
        inputs[row, : len(each.inputs)] = torch.tensor(each.inputs)
        targets[row, : len(each.targets)] = torch.tensor(each.targets)
    return inputs, targets


def masks(seed: int, epoch: int) -> SpectrogramChange:
    """Return SpecAugment (Park et al., 2019) for an epoch, within the duration of each clip, without time warping."""

    def augment(features: Tensor, example: Example) -> Tensor:
        rng = random.Random(f"{seed}/{epoch}/{example.id}")
        masked, frames = features.clone(), max(int(example.seconds * 100), 1)
        for _ in range(_TIME_MASKS):
            width = min(rng.randint(0, _LONGEST_TIME_MASK), frames // 10)  # at most a tenth of a short clip
            start = rng.randint(0, frames - width)
            masked[:, start : start + width] = features.min()
        for _ in range(_BAND_MASKS):
            width = rng.randint(0, _WIDEST_BAND_MASK)
            start = rng.randint(0, len(features) - width)
            masked[start : start + width] = features.min()
        return masked

    return augment
