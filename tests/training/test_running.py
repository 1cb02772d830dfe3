"""A whole run: trained, merged, converted, compared with its base, described, and used by `meetscribe run`."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import meetscribe
from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.training import TrainingSettings, TrainingTask, plan, train
from meetscribe.training.comparison import engines
from meetscribe.training.progress.events import Evaluation, Stage, TrainingEvent, Update
from tests.benchmarks.real.places import Places
from tests.benchmarks.training_runs import memorise
from tests.benchmarks.training_runs.choices import Choices
from tests.support.training_data import SAMPLES, rewrite, sample_examples, with_text

WEIGHTS = SAMPLES / "weights" / "asr"
SETTINGS = TrainingSettings(epochs=1, batch_size=2, learning_rate=1e-5, freeze_encoder=True, spec_augment=False, rank=2)


@pytest.fixture
def task(tmp_path: Path) -> TrainingTask:
    """Train on two clips, with one for dev and one for test, and a regression set of two of them."""
    data = tmp_path / "data"
    sample_examples(data, ["train", "train", "dev", "test"], seconds=3.0)
    regression = tmp_path / "regression"
    shutil.copytree(data, regression)
    lines = (regression / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    (regression / "manifest.jsonl").write_text(lines[-1] + "\n", encoding="utf-8")
    return TrainingTask(
        data, str(WEIGHTS), SETTINGS, regression=regression, persons=("Sally",), device="cpu", offline=True
    )


def few_engines(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Check only these engines; all others are checked in the long test."""
    monkeypatch.setattr(engines, "BUILT_IN", {name: BUILT_IN[name] for name in names})


def test_run_makes_a_model_that_works(task: TrainingTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result has everything that engines need, word times of the decoder included, and says nothing too good."""
    few_engines(monkeypatch, "faster-whisper")
    events: list[TrainingEvent] = []
    result = train(task, tmp_path / "model", report=events.append)
    assert result is not None
    assert [event.step for event in events if isinstance(event, Update)] == [1]
    assert [event.step for event in events if isinstance(event, Evaluation)] == [0, 1]
    stages = [event.name for event in events if isinstance(event, Stage) and event.done >= 1]
    assert stages == ["loading", "saving", "test", "regression", "engines"]
    assert {table.name for table in result.tables} == {"test", "regression"}
    assert "too few clips" in result.conclusion, "one clip does not show that a model is better"
    _check_files(tmp_path / "model", task)
    overrides = {"asr.model": str(tmp_path / "model"), "alignment.enabled": False, "diarization.enabled": False}
    clip = next((task.data / "clips").iterdir())
    transcript = meetscribe.run(clip, meetscribe.load_settings(SAMPLES / "offline.toml", overrides))
    assert transcript.words and {word.timing for word in transcript.words} == {"engine"}


def _check_files(model: Path, task: TrainingTask) -> None:
    """Check the files of a model."""
    for name in ("model.safetensors", "tokenizer.json", "preprocessor_config.json", "README.md"):
        assert (model / name).stat().st_mode & 0o777 == 0o600, name
    for name in ("model.bin", "tokenizer.json", "preprocessor_config.json"):
        assert (model / "ctranslate2" / name).is_file(), name
    generation = json.loads((model / "generation_config.json").read_text(encoding="utf-8"))
    assert generation["alignment_heads"] and generation["lang_to_id"]
    assert (model / "adapter" / "adapter_model.safetensors").is_file()
    assert (model / "training" / "losses.png").is_file()
    assert not (model / "training" / "state.pt").exists()
    card = (model / "README.md").read_text(encoding="utf-8")
    assert "- Sally" in card and "consent" in card and "sha256:" in card
    result = json.loads((model / "training" / "result.json").read_text(encoding="utf-8"))
    assert result["scores"][0]["set"] == "test"


def test_plan_states_memory_and_time(task: TrainingTask) -> None:
    """A dry run measures a step and writes nothing."""
    found = plan(task)
    assert (found.train.examples, found.dev.examples, found.test.examples) == (2, 1, 1)
    assert (found.steps, found.evaluations) == (1, 4), "three evaluations are those of interpolated weights"
    assert found.encoding_seconds > 0
    assert 0 < found.trained < found.weights
    assert found.memory > 4 * found.weights and found.seconds > 0
    assert {path.name for path in task.data.parent.iterdir()} == {"data", "regression"}


@pytest.mark.long
def test_every_engine_uses_the_model(task: TrainingTask, tmp_path: Path) -> None:
    """All installed engines load the model offline, with about the same errors."""
    result = train(task, tmp_path / "model")
    assert result is not None
    rates = {each.engine: each.errors.rate for each in result.engines if each.errors is not None}
    assert set(rates) == {each.engine for each in result.engines if not each.is_missing}
    assert {"faster-whisper", "whisperx", "transformers"} <= set(rates)
    assert not result.notices


def invented(folder: Path, text: str) -> Path:
    """Write a data set whose clips for train, dev and test all have the same text, which nobody said in them."""
    examples = sample_examples(folder, ["train", "train", "dev", "test"], seconds=3.0)
    rewrite(folder, [with_text(example, text) for example in examples])
    return folder


@pytest.mark.long
def test_forgetting_is_found(task: TrainingTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that learnt one sentence for all clips is better on test, and lost the rest: the user is warned."""
    few_engines(monkeypatch, "faster-whisper")
    data = invented(tmp_path / "invented", "The green calendar is in the garage.")
    settings = replace(SETTINGS, method="full", learning_rate=1e-3, epochs=8)
    result = train(replace(task, data=data, settings=settings), tmp_path / "model")
    assert result is not None
    test, regression = result.table("test"), result.table("regression")
    assert test is not None and regression is not None
    assert test.wer.after.errors < test.wer.before.errors
    assert regression.wer.after.errors > regression.wer.before.errors
    assert [notice.code for notice in result.notices if notice.code == "training.forgetting"]
    assert "On the regression set it lost" in result.conclusion


@pytest.mark.long
def test_made_up_texts_are_memorised(tmp_path: Path) -> None:
    """tiny.en learns four made-up texts, word for word."""
    weights = Places.default().real
    choices = Choices(tmp_path, weights, threads=1)
    if missing := choices.missing(memorise.BASE):
        pytest.skip(missing)
    *_, last = memorise.run(choices)
    assert last.endswith(", 0.0% after")
