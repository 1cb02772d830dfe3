"""The training loop: Whisper's cross-entropy over the next token (Radford et al., 2022), with AdamW.

The gradient of an update is that of the mean loss over all tokens of its batch, regardless of micro-batches and
processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from meetscribe.errors import MeetscribeError
from meetscribe.timeline import Seconds
from meetscribe.training.data import Example, read_clip
from meetscribe.training.loop import states
from meetscribe.training.loop.batches import augmented, epoch_order, masks, pad
from meetscribe.training.loop.evaluation import LabelledExamples, score_dev, token_loss
from meetscribe.training.loop.frozen_encoder import FrozenEncoder
from meetscribe.training.loop.interpolation import SHARES, Interpolation
from meetscribe.training.loop.memory import peak_memory
from meetscribe.training.loop.processes import Processes
from meetscribe.training.loop.schedule import count_steps, learning_rate, steps_per_epoch
from meetscribe.training.model.base import WhisperBase
from meetscribe.training.model.lora import trainable
from meetscribe.training.progress.events import (
    Evaluation,
    Interpolated,
    Report,
    Resumed,
    Stopped,
    Update,
    ignore_events,
)
from meetscribe.training.settings import TrainingSettings

_BETAS, _EPSILON = (0.9, 0.98), 1e-6  # of AdamW, as in the paper


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A loaded base whose trainable weights require gradients, and its splits.

    `wrapper` is peft's wrapper of the model, None without LoRA.
    """

    base: WhisperBase
    wrapper: Any
    train: LabelledExamples
    dev: LabelledExamples
    test: LabelledExamples


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of training: its position, the seconds in this process, and the peak memory in bytes.

    `share` is the share of the change of the weights that was kept.
    """

    position: states.Position
    seconds: Seconds
    memory: int
    share: float = 1.0


class Trainer:
    """Trains the weights of a model that require gradients.

    `folder` contains the state of the run; `identity` distinguishes it from other runs. A run with the same identity
    continues from the saved state, and on a CPU ends with the same weights as one without interruption.
    """

    def __init__(
        self,
        prepared: PreparedRun,
        settings: TrainingSettings,
        folder: Path,
        identity: str,
        *,
        processes: Processes | None = None,
        report: Report = ignore_events,
    ) -> None:
        base, train, dev = prepared.base, prepared.train, prepared.dev
        self.base, self.train, self.dev, self.settings, self.folder = base, train, dev, settings, folder
        self.processes, self.report = processes or Processes(), report
        self.weights = trainable(base.model)
        self.steps = count_steps(len(train), settings)
        self._identity = identity
        self._optimizer = torch.optim.AdamW(
            self.weights.values(), lr=settings.peak_rate, betas=_BETAS, eps=_EPSILON, weight_decay=settings.weight_decay
        )
        self._micro_batch = settings.micro_batch or (8 if base.device.type == "cuda" else 2)
        self._per_epoch = steps_per_epoch(len(train), settings)
        self._every = settings.evaluate_every or self._per_epoch
        if settings.checkpointing:
            base.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        self._frozen = FrozenEncoder(base)
        self._model = self.processes.wrap(base.model, base.device)
        self._started = self._saved = time.monotonic()
        self.is_resumed = (folder / states.STATE).is_file()
        self.position = states.load_state(folder, identity, self.weights, self._optimizer)

    def run(self) -> Outcome:
        """Train to the end, or until dev stops improving; afterwards the model has the best weights.

        KeyboardInterrupt saves the state of the last complete update, unless it comes while the weights are changed;
        other exceptions leave the state that was saved last. Raises MeetscribeError if the gradient is no longer a
        number.
        """
        start = time.monotonic()
        position, first = self.position, self.position.step
        if self.is_resumed:
            self.report(Resumed(first, self.steps))
        if not self.is_resumed or position.is_due(self._every, self.steps):
            position = self._evaluate(position)
        self._started = self._saved = time.monotonic()
        while position.step < self.steps and not self._is_exhausted(position):
            position = self._advance(position, first)
        if position.step < self.steps:
            self.report(Stopped(position.step, position.best_step))
        share = 1.0
        if len(self.dev):
            self.processes.wait()  # for the first process, which writes the best weights
            states.load_best(self.folder, self.weights)
            share = self._interpolate(position)
        return Outcome(position, time.monotonic() - start, peak_memory(self.base.device), share)

    def measure(self) -> tuple[Seconds, Seconds, Seconds]:
        """Return the seconds of an update, of an evaluation on dev, and of encoding all clips once if that is stored.

        They are estimated from a trial with the longest examples; the weights do not change.
        """
        longest = sorted(range(len(self.train)), key=lambda index: -len(self.train.labels[index].inputs))
        trial = longest[: self._micro_batch]
        first, update = (self._time_gradient(trial) for _ in range(2))  # only the first one encodes, if that is stored
        own = min(self.settings.batch_size, len(self.train)) / self.processes.count
        clips = LabelledExamples(self.dev.folder, self.dev.examples[:1], self.dev.labels[:1])
        start = time.monotonic()
        if len(clips):
            score_dev(self.base, clips, Processes(), 1)
        evaluation = (time.monotonic() - start) * len(self.dev) / self.processes.count
        return update * own, evaluation, max(first - update, 0.0) * len(self.train) / self.processes.count

    def _time_gradient(self, trial: Sequence[int]) -> Seconds:
        """Return the seconds per example that the gradient of some examples takes."""
        start = time.monotonic()
        self._gradient(0, trial)
        self._optimizer.zero_grad(set_to_none=True)
        return (time.monotonic() - start) / len(trial)

    def _is_exhausted(self, position: states.Position) -> bool:
        """Return whether dev has not improved in the last `patience` evaluations."""
        return 0 < self.settings.patience <= position.misses

    def _advance(self, position: states.Position, first: int) -> states.Position:
        """Update the weights once; evaluate and save the state when due. This process began after update `first`."""
        is_complete = True
        try:
            batch = self._batch_indices(position.step)
            loss = self._gradient(position.step, batch)
            is_complete = False
            norm, rate = self._update(position.step)
            position = replace(position, step=position.step + 1)
            is_complete = True
            self.report(self._event(position, first, loss, norm, rate))
            if position.is_due(self._every, self.steps):
                return self._evaluate(position)
            if time.monotonic() - self._saved >= 60 * self.settings.save_minutes:
                self._save(position)
            return position
        except KeyboardInterrupt:
            if is_complete:
                self._save(position)
            raise

    def _batch_indices(self, step: int) -> list[int]:
        """Return the indices of the examples of an update."""
        epoch, place = divmod(step, self._per_epoch)
        order = epoch_order(len(self.train), self.settings.seed, epoch)
        size = self.settings.batch_size
        return order[place * size : (place + 1) * size]

    def _gradient(self, step: int, indices: Sequence[int]) -> float:
        """Compute the gradient of the mean loss over the tokens of a batch, and return this loss."""
        self._optimizer.zero_grad(set_to_none=True)
        tokens = sum(self.train.labels[index].learnt for index in indices)
        own = self.processes.part(indices)
        # Gradients are averaged over the processes, hence the factor `count`; each process must take part, even with
        # no examples of its own.
        share = self.processes.count / tokens if own else 0.0
        parts = _divided(own or indices[:1], self._micro_batch)
        total = 0.0
        self.base.model.train()
        with _seeded(self.settings.seed, step, self.processes.index, self.base.device):
            for number, part in enumerate(parts, start=1):
                with self.processes.unsynchronized(self._model, last=number == len(parts)):
                    loss = self._loss(part, step // self._per_epoch) * share
                    loss.backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())
        self.base.model.eval()
        return sum(self.processes.gather(total)) / self.processes.count

    def _loss(self, indices: Sequence[int], epoch: int) -> Tensor:
        """Return the sum of the losses of all learnt tokens of some examples."""
        device = self.base.device
        inputs, targets = pad([self.train.labels[each] for each in indices], self.base.model.config.eos_token_id)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            given = self._audio_arguments([self.train.examples[each] for each in indices], epoch)
            logits = self._model(**given, decoder_input_ids=inputs.to(device), use_cache=False).logits
        return token_loss(logits, targets.to(device))

    def _audio_arguments(self, examples: Sequence[Example], epoch: int) -> dict[str, Any]:
        """Return the audio arguments of the model: spectrograms, or the encoder's output if the encoder is frozen."""
        folder, augment = self.train.folder, masks(self.settings.seed, epoch) if self.settings.spec_augment else None
        if self.settings.freeze_encoder:
            return {"encoder_outputs": self._frozen.encode(folder, examples, augment)}
        features = self.base.features([read_clip(folder, example) for example in examples])
        return {"input_features": augmented(features, examples, augment).to(self.base.device)}

    def _update(self, step: int) -> tuple[float, float]:
        """Change the weights, and return the norm of the gradient and the learning rate.

        Raises MeetscribeError, before the change, if the gradient is not a number.
        """
        norm = float(torch.nn.utils.clip_grad_norm_(list(self.weights.values()), self.settings.clip))
        if not math.isfinite(norm):
            raise MeetscribeError(
                f"training diverged: the gradient of update {step + 1} is not a number",
                "Lower the learning rate (--learning-rate), or check the clips of the data set.",
            )
        rate = learning_rate(step, self.steps, self.settings)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.step()
        return norm, rate

    def _event(self, position: states.Position, first: int, loss: float, norm: float, rate: float) -> Update:
        """Return the event of an update; the time left is estimated from the updates after `first`."""
        per_step = (time.monotonic() - self._started) / (position.step - first)
        epoch = (position.step - 1) // self._per_epoch + 1
        left = per_step * (self.steps - position.step)
        memory = peak_memory(self.base.device)
        return Update(position.step, self.steps, epoch, loss, rate, norm, left, memory)

    def _evaluate(self, position: states.Position) -> states.Position:
        """Score dev, keep the weights if they are the best so far, and save the state."""
        if not len(self.dev):
            self._save(position)
            return position
        score = score_dev(self.base, self.dev, self.processes, self._micro_batch)
        found = position.after(score.errors.rate, score.loss)
        is_best = found.best_step == position.step
        if is_best and self.processes.is_first:
            states.save_best(self.folder, self.weights)
        self.report(Evaluation(position.step, score.loss, score.errors.rate, is_best))
        self._save(found)
        return found

    def _interpolate(self, position: states.Position) -> float:
        """Set the weights to the smallest share of their change that keeps the gain on dev, and return the share."""
        if not self.settings.interpolate or not position.best_rate < position.first_rate:
            return 1.0
        line = Interpolation(self.base, self.weights)
        for share in SHARES:
            line.move(share)
            score = score_dev(self.base, self.dev, self.processes, self._micro_batch)
            is_chosen = position.keeps_gain(score.errors.rate)
            self.report(Interpolated(position.step, share, score.loss, score.errors.rate, is_chosen))
            if is_chosen:
                return share
        line.move(1.0)
        return 1.0

    def _save(self, position: states.Position) -> None:
        """Save the state, in the first process."""
        if self.processes.is_first:
            states.save_state(self.folder, self._identity, position, self.weights, self._optimizer)
        self._saved = time.monotonic()


def _divided(indices: Sequence[int], size: int) -> list[Sequence[int]]:
    """Return the indices in parts of at most `size`."""
    return [indices[start : start + size] for start in range(0, len(indices), size)]


@contextmanager
def _seeded(seed: int, step: int, process: int, device: torch.device) -> Iterator[None]:
    """Seed torch with these numbers within the context, so that a resumed run draws the same dropout."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed((seed * 1_000_003 + step) * 1009 + process)
        yield
