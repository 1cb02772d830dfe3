"""The settings of fine-tuning."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from meetscribe.errors import SettingsError, nearest
from meetscribe.options import option

METHODS = ("lora", "full")
SCHEDULES = ("linear", "cosine")
LEARNING_RATES = {"lora": 1e-3, "full": 1e-5}
"""The default peak learning rate of each method."""

_NEUTRAL = ("micro_batch", "save_minutes", "checkpointing")
"""The settings that affect only time and memory."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The settings of the training loop. Raises SettingsError for a value out of range."""

    method: str = option("lora", "lora: train low-rank matrices; full: train all weights", choices=METHODS)
    epochs: int = option(5, "passes over the training examples")
    max_steps: int = option(0, "updates after which training ends; 0: after all epochs")
    batch_size: int = option(16, "examples per update")
    micro_batch: int = option(0, "examples computed at once; 0: 2 on a CPU, 8 on a GPU")
    learning_rate: float = option(0.0, "peak learning rate; 0: 1e-3 for lora, 1e-5 for full")
    warmup: float = option(0.1, "share of the updates in which the learning rate rises")
    schedule: str = option("linear", "decay of the learning rate after warm-up", choices=SCHEDULES)
    weight_decay: float = option(0.0, "weight decay of AdamW")
    clip: float = option(1.0, "largest norm of the gradient; larger gradients are scaled down")
    rank: int = option(16, "rank of the LoRA matrices")
    dropout: float = option(0.0, "dropout before the LoRA matrices")
    freeze_encoder: bool = option(False, "train the decoder only, in less time and memory")
    freeze_embeddings: bool = option(
        False, "full: keep the token embeddings, in less time and memory; rare words stay as they are"
    )
    spec_augment: bool = option(True, "mask parts of the spectrogram (SpecAugment)")
    checkpointing: bool = option(False, "recompute activations to save memory (gradient checkpointing)")
    evaluate_every: int = option(0, "updates between evaluations on dev; 0: once per epoch")
    patience: int = option(3, "evaluations without improvement after which training stops; 0: never")
    save_minutes: float = option(5.0, "minutes between saved states, from which an interrupted run resumes")
    interpolate: bool = option(
        True, "move the weights back towards the base while dev keeps 95 % of its gain (WiSE-FT)"
    )
    seed: int = option(0, "random seed for order, dropout and masks")

    def __post_init__(self) -> None:
        for name, known in (("method", METHODS), ("schedule", SCHEDULES)):
            if getattr(self, name) not in known:
                raise SettingsError(f"unknown training.{name} {getattr(self, name)!r}: {nearest('', known)}")
        for name in ("epochs", "batch_size", "rank"):
            if getattr(self, name) < 1:
                raise SettingsError(f"training.{name} must be at least 1, but is {getattr(self, name)}")
        for name in ("max_steps", "micro_batch", "learning_rate", "weight_decay", "evaluate_every", "patience"):
            if getattr(self, name) < 0:
                raise SettingsError(f"training.{name} must not be negative, but is {getattr(self, name)}")
        for name in ("warmup", "dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise SettingsError(f"training.{name} must be at least 0 and below 1, not {getattr(self, name)}")
        if self.clip <= 0:
            raise SettingsError(f"training.clip must be above 0, but is {self.clip}")

    @property
    def peak_rate(self) -> float:
        """The peak learning rate."""
        return self.learning_rate or LEARNING_RATES[self.method]

    @property
    def has_fixed_encoding(self) -> bool:
        """Whether the encoder's output of a clip is the same in each epoch, so that it can be stored."""
        return self.freeze_encoder and not self.spec_augment

    def deciding(self) -> dict[str, Any]:
        """Return the settings that the trained weights depend on, by name."""
        values = {name: value for name, value in asdict(self).items() if name not in _NEUTRAL}
        return values | {"learning_rate": self.peak_rate}
