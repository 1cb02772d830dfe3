"""The last steps of a run: merge, save and convert the model, compare it with its base, and write its card."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meetscribe.errors import Notice
from meetscribe.plots import training_curves
from meetscribe.runtime.devices import release_unused_models
from meetscribe.runtime.packages import versions
from meetscribe.runtime.progress import Progress
from meetscribe.settings import load_settings
from meetscribe.storage.files import replace_file
from meetscribe.training.comparison.card import model_card
from meetscribe.training.comparison.engines import EngineCheck, check_engines
from meetscribe.training.comparison.regression import score_clips, score_regression
from meetscribe.training.comparison.scores import ScoredText, ScoreTable, score_texts
from meetscribe.training.comparison.transcribing import Clips, Machine
from meetscribe.training.licences import licence_of
from meetscribe.training.loop import states
from meetscribe.training.loop.trainer import Outcome, PreparedRun
from meetscribe.training.model.alignment_heads import HeadChoice, choose_heads
from meetscribe.training.model.base import load_base
from meetscribe.training.model.lora import merge
from meetscribe.training.model.saving import convert, make_private, save_model, set_heads
from meetscribe.training.output import PARTS, RESULT
from meetscribe.training.planning import split_size
from meetscribe.training.preparation import device_of
from meetscribe.training.progress.events import Report, Stage
from meetscribe.training.progress.log import read_curves
from meetscribe.training.results import REGRESSION, TEST, TOLERANCE, Facts, TrainingResult
from meetscribe.training.tasks import TrainingTask

ADAPTER = "adapter"
"""The folder of the LoRA matrices, within that of the model."""

_CARD = "README.md"
_PLOT = "losses.png"
_ENGINE_TOLERANCE = 0.1  # word error rate above the lowest of all engines


@dataclass(frozen=True, slots=True)
class FinishedTraining:
    """A run after its last update: the task, the model with its best weights, and the facts from `run_facts`."""

    task: TrainingTask
    prepared: PreparedRun
    outcome: Outcome
    facts: dict[str, Any]
    output: Path


def finish(run: FinishedTraining, report: Report) -> TrainingResult:
    """Write the model to its folder, score it and its base, check it in each engine, and return the result."""
    output, base = run.output, run.prepared.base
    report(Stage("saving", 0.0))
    model = merge(base.model, run.prepared.wrapper, output / ADAPTER)
    save_model(base, model.cpu(), output)
    release_unused_models()
    heads = _choose_heads(run)
    report(Stage("saving", 0.5))
    convert(output)
    report(Stage("saving", 1.0))
    _draw(output / PARTS)
    machine = Machine(device_of(run.task), run.task.threads, load_settings(overrides=_overrides(run.task)))
    tables = tuple(_tables(run, machine, report))
    engines = tuple(_check_engines(run, machine, report))
    result = _result(run, tables, engines, heads)
    _write(result)
    return result


def _choose_heads(run: FinishedTraining) -> HeadChoice:
    """Choose the alignment heads of the saved model, and write new ones into its generation config."""
    saved = load_base(run.output, attention="eager")  # the only implementation that returns the attention
    train, dev = run.prepared.train, run.prepared.dev
    choice = choose_heads(saved, train.folder, train.examples, dev.examples)
    if choice.is_new:
        set_heads(run.output, choice.heads)
    return choice


def _tables(run: FinishedTraining, machine: Machine, report: Report) -> Iterator[ScoreTable]:
    """Yield the scores of test and of the regression set, and store the texts."""
    base, output, task = run.prepared.base.directory, run.output, run.task
    if len(run.prepared.test):
        progress = _progress(TEST, report)
        texts = score_clips(task.data, base, output, machine, splits=(TEST,), progress=progress)
        yield _table(TEST, texts, output)
    if task.regression is not None:
        texts = score_regression(task.regression, base, output, machine, _progress(REGRESSION, report))
        yield _table(REGRESSION, texts, output)


def _table(name: str, texts: Sequence[ScoredText], output: Path) -> ScoreTable:
    lines = [json.dumps(asdict(text), ensure_ascii=False) + "\n" for text in texts]
    replace_file(output / PARTS / f"{name}.jsonl", "".join(lines).encode())
    return score_texts(name, texts)


def _check_engines(run: FinishedTraining, machine: Machine, report: Report) -> list[EngineCheck]:
    """Load the model in every installed engine; clips of test are used, else of dev, else of train."""
    splits = (run.prepared.test, run.prepared.dev, run.prepared.train)
    examples = next(split.examples for split in splits if len(split))
    clips = Clips(run.task.data, examples)
    return check_engines(run.output, clips, machine, _progress("engines", report))


def _result(
    run: FinishedTraining, tables: tuple[ScoreTable, ...], engines: tuple[EngineCheck, ...], heads: HeadChoice
) -> TrainingResult:
    outcome, position = run.outcome, run.outcome.position
    best = position.best_step if position.best_step >= 0 else position.step
    notices = tuple(_notices(tables, engines))
    return TrainingResult(
        run.output,
        _facts(run),
        position.step,
        best,
        outcome.share,
        outcome.seconds,
        outcome.memory,
        tables,
        engines,
        _heads(heads),
        notices,
    )


def _facts(run: FinishedTraining) -> Facts:
    """Return the facts about a run for the model card."""
    prepared, task = run.prepared, run.task
    splits = {"train": prepared.train, "dev": prepared.dev, "test": prepared.test}
    return Facts(
        name=run.output.resolve().name,
        base=task.base if not Path(task.base).exists() else Path(task.base).resolve().name,
        licence=licence_of(task.base, prepared.base.directory),
        version=versions()["meetscribe"],
        data_digest=run.facts["data"],
        languages=tuple(sorted({example.language for each in splits.values() for example in each.examples})),
        settings=task.settings.deciding(),
        sizes={name: asdict(split_size(each)) for name, each in splits.items()},
        persons=task.persons,
    )


def _heads(choice: HeadChoice) -> str:
    """Return a sentence on the alignment heads."""
    if choice.base_error is None and choice.is_new:
        return "The alignment heads are estimated from the training clips; the base has none."
    if choice.base_error is None or choice.new_error is None:
        return "The alignment heads are not changed: train or dev has no word times to compare others with them."
    error = f"{1000 * choice.base_error:.0f} ms"
    if choice.new_error == choice.base_error:
        return (
            "The alignment heads are those of the base, and heads estimated from the training clips are as accurate: "
            f"the mean error of word boundaries on dev is {error}."
        )
    errors = f"{error} with those of the base, {1000 * choice.new_error:.0f} ms with the estimated ones"
    kept = "estimated from the training clips" if choice.is_new else "those of the base"
    return f"The alignment heads are {kept}: the mean error of word boundaries on dev is {errors}."


def _notices(tables: Sequence[ScoreTable], engines: Sequence[EngineCheck]) -> Iterator[Notice]:
    """Yield notices about poor scores and about engines that cannot use the model."""
    for table in tables:
        difference = table.wer.comparison.difference
        if table.name == REGRESSION and difference is not None and difference > TOLERANCE:
            text = f"the word error rate on the regression set rose by {100 * difference:.1f} points"
            yield Notice("training.forgetting", text, {"difference": difference})
    rates = {
        each.engine: each.errors.rate for each in engines if each.errors is not None and each.errors.rate is not None
    }
    lowest = min(rates.values(), default=0.0)
    for engine, rate in rates.items():
        if rate - lowest > _ENGINE_TOLERANCE:
            text = f"{engine} makes more errors with the model than other engines ({100 * rate:.1f} %)"
            yield Notice("training.engine", text, {"engine": engine, "rate": rate})
    for each in engines:
        if each.problem:
            yield Notice(
                "training.engine", f"{each.engine} cannot use the model: {each.problem}", {"engine": each.engine}
            )


def _write(result: TrainingResult) -> None:
    """Write the card and the result, and remove the files that only an unfinished run needs."""
    run_folder = result.folder / PARTS
    replace_file(result.folder / _CARD, model_card(result).encode())
    replace_file(run_folder / RESULT, json.dumps(result.to_json(), ensure_ascii=False, indent=1).encode())
    for name in (states.STATE, states.BEST):
        (run_folder / name).unlink(missing_ok=True)
    make_private(run_folder)


def _draw(run_folder: Path) -> None:
    """Write the plot of the losses, if matplotlib is installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return
    curves = read_curves(run_folder)
    figure = Figure(figsize=(8, 4), layout="constrained")
    training_curves(curves.train, curves.dev, curves.errors, figure.subplots())
    figure.savefig(run_folder / _PLOT)


def _progress(stage: str, report: Report) -> Progress:
    """Report the start of a stage, and return a callback that reports its progress as events."""
    report(Stage(stage, 0.0))
    return lambda done: report(Stage(stage, done))


def _overrides(task: TrainingTask) -> dict[str, Any]:
    """Return the settings of a task, by key, that also apply when recordings are transcribed."""
    return {"run.device": task.device, "run.offline": task.offline, "run.threads": task.threads}
