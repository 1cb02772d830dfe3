"""`meetscribe train run`: fine-tune a model on a data set, and compare it with its base."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.flags import config_option, table_assignments
from meetscribe.cli.options import general_options, json_option, progress_option
from meetscribe.cli.sections import MACHINE, OUTPUT, SCORING, WORDS, SectionedCommand, option
from meetscribe.corpus.estimates import format_duration
from meetscribe.settings.other_tables import load_table
from meetscribe.training import TrainingSettings, TrainingTask, plan, train

if TYPE_CHECKING:
    from meetscribe.training import Plan, TrainingResult

DEFAULTS = TrainingSettings()
FLAGS = ("method", "epochs", "learning_rate", "batch_size", "freeze_encoder")
"""The settings that have flags."""

EPILOG = """\b
Examples:
  meetscribe train run dataset --base openai/whisper-small -o my-model --dry-run
  meetscribe train run dataset --base openai/whisper-small -o my-model --regression talks
  meetscribe train run dataset --base whisper-base -o my-model --full --epochs 3 --learning-rate 1e-5
  torchrun --nproc-per-node 2 -m meetscribe train run dataset --base large -o my-model
  meetscribe run meeting.mp4 --model my-model

\b
The folder OUT:
  model.safetensors …  the model in the layout of Transformers, with tokenizer.json and preprocessor_config.json
  ctranslate2/         the same model for faster-whisper and whisperX
  adapter/             the LoRA matrices only
  README.md            the model card: data, settings, scores, people
  training/            log.jsonl, events for TensorBoard, losses.png, texts and scores

Run the same command again to continue after an interruption. The checkpoint with the fewest word errors on dev is kept.
test and the regression set are scored once before and once after training; the model counts as better only if the 95 %
interval of the difference excludes zero.

\b
Other settings, in the table [training] of a settings file, as variables MEETSCRIBE_TRAINING__… or with --set:
  max_steps, micro_batch, warmup, schedule, weight_decay, clip, rank, dropout, freeze_embeddings, spec_augment,
  checkpointing, evaluate_every, patience, interpolate, save_minutes, seed

The trained weights retain traces of the voices and words of the people in the recordings. Ask for their consent first.
Nothing leaves this machine.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("data", type=click.Path(path_type=Path))
@option(
    "--base",
    metavar="MODEL",
    required=True,
    section=MACHINE,
    help="Model to start from, in the layout of Transformers: a folder, a name such as small, or an id on the hub.",
)
@option(
    *("-o", "--output"),
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Folder of the trained model; required unless --dry-run is given.",
    section=OUTPUT,
)
@option("--lora", "method", flag_value="lora", section=WORDS, help="Train added low-rank matrices (default).")
@option("--full", "method", flag_value="full", section=WORDS, help="Train all weights: more memory, more forgetting.")
@option("--epochs", metavar="N", type=int, section=WORDS, help=f"Passes over the clips.  [default: {DEFAULTS.epochs}]")
@option(
    "--learning-rate",
    metavar="RATE",
    type=float,
    section=WORDS,
    help="Peak learning rate.  [default: 1e-3 with LoRA, 1e-5 without]",
)
@option(
    "--batch-size",
    metavar="N",
    type=int,
    section=WORDS,
    help=f"Clips per update.  [default: {DEFAULTS.batch_size}]",
)
@option(
    "--freeze-encoder",
    is_flag=True,
    default=None,
    section=WORDS,
    help="Train the decoder only: faster, enough for new terms in known voices.",
)
@option(
    "--set",
    "assignments",
    metavar="training.KEY=VALUE",
    multiple=True,
    section=WORDS,
    help="Change any other setting of the training: training.rank=8. Repeatable.",
)
@config_option
@option(
    "--regression",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    section=SCORING,
    help="Recordings with references beside them, or a data set, on which the model must not become worse, such as "
    "other languages or clean speech.",
)
@option(
    "--person",
    "persons",
    metavar="NAME",
    multiple=True,
    section=OUTPUT,
    help="Person whose voice the model was trained on, to list in the model card. Repeatable.",
)
@option(
    "--device", metavar="DEVICE", default="auto", show_default=True, section=MACHINE, help="Device: auto, cpu or cuda."
)
@option(
    "--threads",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    section=MACHINE,
    help="Processor threads.  [default: chosen by torch]",
)
@option("--offline", is_flag=True, section=MACHINE, help="Make no requests to the network.")
@option(
    "--dry-run",
    is_flag=True,
    section=OUTPUT,
    help="Measure memory and time in a short trial, print the plan, and exit.",
)
@option("--overwrite", is_flag=True, section=OUTPUT, help="Replace a model or a run in OUT.")
@json_option
@progress_option
@general_options
def command(data: Path, **given: Any) -> None:
    """Fine-tune a Whisper model on the data set in the folder DATA, and compare it with its base.

    meetscribe train data makes such a folder from corrected transcripts.
    """
    from meetscribe.cli.display.training_progress import training_progress

    task = _task(data, given)
    if given["dry_run"]:
        _print_plan(plan(task), given)
        return
    if given["output"] is None:
        raise click.UsageError("Missing option '-o': the folder of the trained model.")
    with training_progress(given) as report:
        result = train(task, given["output"], overwrite=given["overwrite"], report=report)
    if result is not None:
        _print_result(result, given)


def _task(data: Path, given: Mapping[str, Any]) -> TrainingTask:
    """Return the training task for the arguments and settings."""
    flags = {name: str(given[name]) for name in FLAGS if given[name] is not None}
    chosen = table_assignments("training", given["assignments"]) | flags
    return TrainingTask(
        data=data,
        base=given["base"],
        settings=load_table("training", TrainingSettings, given["config"], chosen),
        regression=given["regression"],
        persons=given["persons"],
        device=given["device"],
        threads=given["threads"],
        offline=given["offline"],
    )


def _print_plan(found: Plan, given: Mapping[str, Any]) -> None:
    """Print the plan of a run."""
    if given["as_json"]:
        click.echo(json.dumps(found.to_json(), indent=1))
        return
    splits = {"train": found.train, "dev": found.dev, "test": found.test}
    rows = [
        (name, str(size.examples), format_duration(size.seconds), str(size.tokens)) for name, size in splits.items()
    ]
    print_columns(("split", "clips", "time", "tokens"), rows, right=(1, 2, 3))
    click.echo()
    click.echo(f"weights   {found.trained:,} trained of {found.weights:,}")
    click.echo(f"updates   {found.steps}, with {found.evaluations} evaluations on dev")
    click.echo(f"memory    {found.memory / 1e9:.1f} GB at most, measured with the longest clips")
    click.echo(
        f"time      about {format_duration(found.seconds)}: {found.update_seconds:.1f} s per update, "
        f"{found.evaluation_seconds:.1f} s per evaluation"
    )


def _print_result(result: TrainingResult, given: Mapping[str, Any]) -> None:
    """Print the scores, the conclusion, and a command that uses the model."""
    from meetscribe.training.comparison.card import SCORE_HEAD, score_rows

    for notice in result.notices:
        messages.warning(notice.text)
    if given["as_json"]:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
        return
    if result.tables:
        print_columns(SCORE_HEAD, score_rows(result.tables), right=(2, 3, 4))
        click.echo()
    click.echo(result.conclusion)
    click.echo(result.weights_text)
    click.echo(result.heads_text)
    for line in result.engine_lines:
        click.echo(f"  {line}")
    messages.info(f"written to {result.folder}; use it with: meetscribe run RECORDING --model {result.folder}")
