"""The inputs of a run: the base on this machine, the labelled examples, and the facts that determine the result."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from meetscribe import weights
from meetscribe.errors import InputError
from meetscribe.runtime.devices import Device, resolve_device
from meetscribe.training.data import SPLITS, Example, load_examples
from meetscribe.training.data.manifest import MANIFEST
from meetscribe.training.loop.evaluation import LabelledExamples
from meetscribe.training.loop.labels import labels_of
from meetscribe.training.loop.processes import is_distributed, local_device
from meetscribe.training.loop.trainer import PreparedRun
from meetscribe.training.model.base import WhisperBase, load_base
from meetscribe.training.model.lora import prepare
from meetscribe.training.progress.events import Report, Stage, ignore_events
from meetscribe.training.tasks import TrainingTask


def locate_base(task: TrainingTask) -> Path:
    """Return the directory of the base, downloading it if necessary; raises WeightsError if it is not available."""
    spec = weights.whisper_spec(task.base, layout="transformers")
    (found,) = weights.check([spec], offline=task.offline)
    return found.path or weights.fetch(spec)


def run_facts(task: TrainingTask, directory: Path) -> dict[str, Any]:
    """Return the data, base and settings that determine the weights; raises InputError without a manifest."""
    load_examples(task.data)  # for its errors
    manifest = (task.data / MANIFEST).read_bytes()
    return {
        "data": f"sha256:{hashlib.sha256(manifest).hexdigest()}",
        "base": weights.identify(str(directory)),
        **task.settings.deciding(),
    }


def prepare_run(task: TrainingTask, directory: Path, report: Report = ignore_events) -> PreparedRun:
    """Load the base, make its weights trainable, and label the examples.

    Raises InputError if there are no examples to train on, and the errors of `load_base`, `lora.prepare` and
    `labels_of`.
    """
    report(Stage("loading", 0.0))
    device = resolve_device(local_device() if is_distributed() else task.device)
    examples = {split: load_examples(task.data, split) for split in SPLITS}
    if not examples["train"]:
        raise InputError(f"{task.data} has no clips to train on", "Make the data set of more recordings.")
    base = load_base(directory)
    wrapper = prepare(base.model, task.settings)
    base.model.to(str(device))
    train, dev, test = (_labelled(task.data, examples[split], base) for split in SPLITS)
    report(Stage("loading", 1.0))
    return PreparedRun(base, wrapper, train, dev, test)


def device_of(task: TrainingTask) -> Device:
    """Return the device on which models are compared."""
    return resolve_device(task.device)


def _labelled(folder: Path, examples: tuple[Example, ...], base: WhisperBase) -> LabelledExamples:
    return LabelledExamples(folder, examples, tuple(labels_of(example, base) for example in examples))
