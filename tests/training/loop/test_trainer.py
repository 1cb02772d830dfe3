"""The loop computes the gradient of the mean loss per token, continues exactly, and keeps the best weights."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from meetscribe.errors import MeetscribeError
from meetscribe.training.loop.trainer import PreparedRun, Trainer
from meetscribe.training.progress.events import Evaluation, Resumed, Stopped, TrainingEvent, Update
from meetscribe.training.settings import TrainingSettings

Prepare = Callable[[TrainingSettings], PreparedRun]
Weights = dict[str, Tensor]

FULL = {"method": "full", "learning_rate": 1e-3, "batch_size": 2, "freeze_encoder": True, "patience": 0}
ROOT = Path(__file__).parents[3]


def gradients(prepared: Prepare, folder: Path, **changes: object) -> Weights:
    """Return the gradients of a batch of two examples."""
    settings = TrainingSettings(**{**FULL, **changes})  # type: ignore[arg-type]
    trainer = Trainer(prepared(settings), settings, folder, "")
    trainer._gradient(0, [0, 1])
    return {name: weight.grad for name, weight in trainer.weights.items() if weight.grad is not None}


def equal(one: Weights, other: Weights, tolerance: float = 0.0) -> bool:
    """Return whether all tensors are equal, up to a share of the largest value."""
    limit = tolerance * max(float(each.abs().max()) for each in one.values())
    return one.keys() == other.keys() and all(float((one[n] - other[n]).abs().max()) <= limit for n in one)


def test_gradient_does_not_depend_on_micro_batches(prepared: Prepare, tmp_path: Path) -> None:
    """Accumulation gives the gradient of the whole batch, although the parts have other numbers of tokens."""
    whole = gradients(prepared, tmp_path, micro_batch=2)
    parts = gradients(prepared, tmp_path, micro_batch=1)
    assert equal(whole, parts, 1e-4)


@pytest.mark.parametrize("method", ["lora", pytest.param("full", marks=pytest.mark.long)])
def test_checkpointing_does_not_change_the_gradient(prepared: Prepare, tmp_path: Path, method: str) -> None:
    """Activations that are computed twice give the same gradient, for LoRA too, which needs it to reach the inputs."""
    plain = gradients(prepared, tmp_path, micro_batch=2, method=method)
    twice = gradients(prepared, tmp_path, micro_batch=2, method=method, checkpointing=True)
    assert equal(plain, twice, 1e-4)
    assert any(float(gradient.abs().max()) > 0 for gradient in twice.values())


def test_frozen_encoder_has_no_gradient(prepared: Prepare, tmp_path: Path) -> None:
    """Without the encoder, only weights of the decoder are trained."""
    assert all(name.startswith("model.decoder.") for name in gradients(prepared, tmp_path, micro_batch=2))


def test_small_updates_are_not_lost(prepared: Prepare, tmp_path: Path) -> None:
    """Weights are float32, though the file is in half precision, in which an update of 1e-6 would vanish."""
    settings = TrainingSettings(**{**FULL, "learning_rate": 1e-6, "max_steps": 1, "warmup": 0.0})  # type: ignore[arg-type]
    trainer = Trainer(prepared(settings), settings, tmp_path, "")
    before = {name: weight.detach().clone() for name, weight in trainer.weights.items()}
    trainer._gradient(0, [0, 1])
    trainer._update(0)
    name = "model.decoder.layers.0.fc1.weight"
    assert trainer.weights[name].dtype == torch.float32
    assert not torch.equal(trainer.weights[name], before[name])
    assert float((trainer.weights[name].half() == before[name].half()).float().mean()) > 0.8


def test_divergence_is_an_error_before_the_weights_change(prepared: Prepare, tmp_path: Path) -> None:
    """A gradient that is not a number stops training and leaves the weights as they were."""
    settings = TrainingSettings(**FULL)  # type: ignore[arg-type]
    trainer = Trainer(prepared(settings), settings, tmp_path, "")
    trainer._gradient(0, [0])
    name = next(iter(trainer.weights))
    before, gradient = trainer.weights[name].detach().clone(), trainer.weights[name].grad
    assert gradient is not None
    gradient[0] = float("nan")
    with pytest.raises(MeetscribeError, match="diverged"):
        trainer._update(0)
    assert torch.equal(trainer.weights[name], before)


def run(
    prepared: Prepare, folder: Path, settings: TrainingSettings, stop_after: int = 0
) -> tuple[Weights, list[TrainingEvent]]:
    """Return the weights and the events of a run, interrupted after an update if `stop_after` is set."""
    folder.mkdir(exist_ok=True)
    events: list[TrainingEvent] = []

    def report(event: TrainingEvent) -> None:
        events.append(event)
        if isinstance(event, Update) and event.step == stop_after:
            raise KeyboardInterrupt

    trainer = Trainer(prepared(settings), settings, folder, "identity", report=report)
    trainer.run()
    return {name: weight.detach() for name, weight in trainer.weights.items()}, events


def test_interrupted_run_ends_like_an_undisturbed_one(prepared: Prepare, tmp_path: Path) -> None:
    """Ctrl-C within an epoch, with dropout, order and masks: the weights are equal to the bit in the end."""
    settings = TrainingSettings(epochs=1, batch_size=1, dropout=0.2, learning_rate=1e-2, rank=4, freeze_encoder=True)
    undisturbed, events = run(prepared, tmp_path / "a", settings)
    with pytest.raises(KeyboardInterrupt):
        run(prepared, tmp_path / "b", settings, stop_after=2)
    resumed, others = run(prepared, tmp_path / "b", settings)
    assert others[0] == Resumed(2, 4)
    assert [event.step for event in others if isinstance(event, Update)] == [3, 4]
    assert equal(undisturbed, resumed)
    losses = [[e.loss for e in each if isinstance(e, Update)] for each in (events, others)]
    assert losses[0][2:] == losses[1]
    assert [e.step for e in events if isinstance(e, Evaluation)] == [0, 4]


def test_evaluation_that_was_interrupted_is_made_after_resuming(prepared: Prepare, tmp_path: Path) -> None:
    settings = TrainingSettings(epochs=1, batch_size=1, learning_rate=1e-2, rank=4, freeze_encoder=True)
    with pytest.raises(KeyboardInterrupt):
        run(prepared, tmp_path, settings, stop_after=4)
    for expected in ([4], []):
        _, events = run(prepared, tmp_path, settings)
        assert events[0] == Resumed(4, 4)
        assert [event.step for event in events if isinstance(event, Evaluation)] == expected


def test_training_stops_early_and_returns_to_the_best_weights(prepared: Prepare, tmp_path: Path) -> None:
    """With a rate that ruins the model, dev does not improve, and the weights are those of the start."""
    settings = TrainingSettings(
        **{**FULL, "learning_rate": 0.1, "patience": 1, "evaluate_every": 1, "epochs": 3, "warmup": 0.0}  # type: ignore[arg-type]
    )
    found = prepared(settings)
    before = {name: weight.detach().clone() for name, weight in found.base.model.named_parameters()}
    events: list[TrainingEvent] = []
    trainer = Trainer(found, settings, tmp_path, "", report=events.append)
    outcome = trainer.run()
    assert outcome.position.step < trainer.steps
    assert isinstance(events[-1], Stopped) and events[-1].best_step == 0
    assert equal(
        {name: weight.detach() for name, weight in trainer.weights.items()}, {n: before[n] for n in trainer.weights}
    )


SCRIPT = """
import sys
from pathlib import Path
from meetscribe.training import TrainingSettings, TrainingTask
from meetscribe.training.preparation import prepare_run
from meetscribe.training.loop.trainer import Trainer
settings = TrainingSettings(epochs=2, batch_size=1, dropout=0.2, learning_rate=1e-2, rank=4, save_minutes=0.0)
task = TrainingTask(Path(sys.argv[1]), sys.argv[2], settings, device="cpu", threads=1)
print("begin", flush=True)
prepared = prepare_run(task, Path(sys.argv[2]))
trainer = Trainer(prepared, settings, Path(sys.argv[3]), "", report=lambda event: print(event, flush=True))
trainer.run()
import torch
torch.save({name: weight.detach() for name, weight in trainer.weights.items()}, Path(sys.argv[3]) / "end.pt")
"""


@pytest.mark.long
def test_killed_run_ends_like_an_undisturbed_one(short_weights: Path, data_set: Path, tmp_path: Path) -> None:
    """kill -9 at three moments, in between updates and while the state is written: the weights are equal to the bit."""

    def start(folder: Path) -> subprocess.Popen[str]:
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-c", SCRIPT, str(data_set), str(short_weights), str(folder)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    undisturbed = start(tmp_path / "a")
    undisturbed.communicate()
    assert undisturbed.returncode == 0
    for updates, delay in ((1, 0.0), (2, 0.05), (2, 0.3)):
        killed = start(tmp_path / "b")
        assert killed.stdout is not None
        seen = 0
        while seen < updates:
            seen += killed.stdout.readline().startswith("Update")
        time.sleep(delay)
        killed.kill()
        killed.communicate()
    last = start(tmp_path / "b")
    last.communicate()
    assert last.returncode == 0
    one, other = (torch.load(tmp_path / name / "end.pt", weights_only=True) for name in "ab")
    assert equal(one, other)
