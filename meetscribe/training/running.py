"""Run training from a data set and a base to a model for every engine."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from meetscribe.runtime.threads import use_torch_threads
from meetscribe.training.finishing import FinishedTraining, finish
from meetscribe.training.loop.processes import joined
from meetscribe.training.loop.trainer import Outcome, Trainer
from meetscribe.training.output import PARTS, digest, open_output
from meetscribe.training.planning import Plan, make_plan
from meetscribe.training.preparation import locate_base, prepare_run, run_facts
from meetscribe.training.progress.events import Report, TrainingEvent, ignore_events
from meetscribe.training.progress.log import RunLog
from meetscribe.training.results import TrainingResult
from meetscribe.training.tasks import TrainingTask


def train(
    task: TrainingTask, output: Path, *, overwrite: bool = False, report: Report = ignore_events
) -> TrainingResult | None:
    """Train a model, compare it with its base, and write it to `output`; an unfinished run there is continued.

    Returns None in all but the first of the processes that torchrun started. Raises InputError if the data set cannot
    be read, WeightsError if the base cannot be loaded, SettingsError if the settings cannot be honoured, OutputError
    if `output` cannot be used, and MeetscribeError if training diverges.
    """
    directory = locate_base(task)
    facts = run_facts(task, directory)
    with joined() as processes, use_torch_threads(task.threads):
        run_folder = open_output(output, facts, overwrite=overwrite) if processes.is_first else output / PARTS
        processes.wait()
        prepared = prepare_run(task, directory, report)
        own_report = report if processes.is_first else ignore_events
        trainer = Trainer(prepared, task.settings, run_folder, digest(facts), processes=processes, report=own_report)
        outcome = _train(trainer, own_report)
        if not processes.is_first:
            return None
    return finish(FinishedTraining(task, prepared, outcome, facts, output), own_report)


def plan(task: TrainingTask) -> Plan:
    """Return the plan of a run, from a trial with a few examples; nothing is written.

    Raises InputError, WeightsError and SettingsError for the same reasons as `train`.
    """
    directory = locate_base(task)
    with use_torch_threads(task.threads), TemporaryDirectory() as scratch:
        prepared = prepare_run(task, directory)
        return make_plan(Trainer(prepared, task.settings, Path(scratch), ""), prepared.test)


def _train(trainer: Trainer, report: Report) -> Outcome:
    """Run a trainer with a log, and return the end of training."""
    if not trainer.processes.is_first:
        return trainer.run()
    log = RunLog(trainer.folder, trainer.position.step if trainer.is_resumed else None)

    def report_and_log(event: TrainingEvent) -> None:
        log(event)
        report(event)

    trainer.report = report_and_log
    try:
        return trainer.run()
    finally:
        log.close()
