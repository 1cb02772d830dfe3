"""Score the model on dev during training: loss per token and word errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from meetscribe.evaluation import ErrorRate, wer
from meetscribe.evaluation.normalization import normalize_characters
from meetscribe.training.data import Example
from meetscribe.training.loop.batches import make_batch
from meetscribe.training.loop.decoding import decode_greedily
from meetscribe.training.loop.labels import IGNORED, Labels
from meetscribe.training.loop.processes import Processes
from meetscribe.training.model.base import WhisperBase


@dataclass(frozen=True, slots=True)
class DevScore:
    """The loss per token in nats, and the errors of the decoded words (characters in scripts without spaces)."""

    loss: float
    errors: ErrorRate


@dataclass(frozen=True, slots=True)
class LabelledExamples:
    """Examples of a data set in `folder` with their labels, in the same order."""

    folder: Path
    examples: tuple[Example, ...]
    labels: tuple[Labels, ...]

    def __len__(self) -> int:
        return len(self.examples)


def token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the summed cross-entropy of all targets except IGNORED, in nats, computed in float32."""
    return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")


def score_dev(base: WhisperBase, dev: LabelledExamples, processes: Processes, micro_batch: int) -> DevScore:
    """Return the scores of the model; each process scores a part of the clips."""
    own = processes.part(range(len(dev)))
    loss, errors = 0.0, ErrorRate.zero()
    with torch.inference_mode(), torch.autocast(base.device.type, torch.bfloat16, enabled=base.device.type == "cuda"):
        for start in range(0, len(own), micro_batch):
            part_loss, part_errors = _score(base, dev, own[start : start + micro_batch])
            loss, errors = loss + part_loss, errors + part_errors
    parts = processes.gather((loss, errors))
    tokens = sum(labels.learnt for labels in dev.labels)
    total = sum((part[1] for part in parts), ErrorRate.zero())
    return DevScore(sum(part[0] for part in parts) / tokens, total)


def _score(base: WhisperBase, dev: LabelledExamples, indices: Sequence[int]) -> tuple[float, ErrorRate]:
    """Return the summed loss and the errors of some clips."""
    examples = [dev.examples[index] for index in indices]
    batch = make_batch(dev.folder, examples, [dev.labels[index] for index in indices], base).to(base.device)
    encoded = base.model.get_encoder()(batch.features)
    logits = base.model(encoder_outputs=encoded, decoder_input_ids=batch.inputs, use_cache=False).logits
    texts = decode_greedily(base, encoded, [example.language for example in examples])
    pairs = zip(examples, texts, strict=True)
    errors = [wer(normalize_characters(example.text), normalize_characters(text)) for example, text in pairs]
    return float(token_loss(logits, batch.targets)), sum(errors, ErrorRate.zero())
