"""Two processes of torchrun compute the same updates as one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from meetscribe.training.loop.processes import Processes

ROOT = Path(__file__).parents[3]

SCRIPT = """
import sys
from pathlib import Path
import torch
from meetscribe.training import TrainingSettings, TrainingTask
from meetscribe.training.loop.processes import joined
from meetscribe.training.loop.trainer import Trainer
from meetscribe.training.preparation import prepare_run
settings = TrainingSettings(method="full", learning_rate=1e-4, epochs=1, batch_size=3, micro_batch=1, patience=0)
task = TrainingTask(Path(sys.argv[1]), sys.argv[2], settings, device="cpu", threads=1)
folder = Path(sys.argv[3])
with joined() as processes:
    trainer = Trainer(prepare_run(task, Path(sys.argv[2])), settings, folder, "", processes=processes)
    losses = []
    trainer.report = lambda event: losses.append(getattr(event, "loss", None))
    outcome = trainer.run()
    name = "model.decoder.layers.0.fc1.weight"
    torch.save([losses, trainer.weights[name].detach()], folder / f"end.{processes.index}.pt")
"""


def test_parts_are_disjoint_and_complete() -> None:
    """Each item belongs to one process."""
    parts = [Processes(index, 3).part(list(range(8))) for index in range(3)]
    assert sorted(item for part in parts for item in part) == list(range(8))


@pytest.mark.long
def test_two_processes_train_like_one(short_weights: Path, data_set: Path, tmp_path: Path) -> None:
    """Batches of 3 and 1 clips over 2 processes (gloo): one has no clip in the last batch, and the weights agree."""
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, encoding="utf-8")
    found = []
    for count in (1, 2):
        folder = tmp_path / str(count)
        folder.mkdir()
        launch = ["torch.distributed.run", "--standalone", f"--nproc-per-node={count}"] if count > 1 else []
        command = [sys.executable, *(["-m", *launch] if launch else []), str(script)]
        done = subprocess.run(
            [*command, str(data_set), str(short_weights), str(folder)],
            cwd=ROOT, capture_output=True, text=True, env=_environment(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found.append([torch.load(folder / f"end.{index}.pt", weights_only=True) for index in range(count)])
    (one,), (first, second) = found
    assert torch.equal(first[1], second[1])
    assert torch.allclose(one[1], first[1], atol=1e-5)
    assert one[0] == pytest.approx(first[0], rel=1e-3)


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
