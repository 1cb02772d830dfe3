"""`meetscribe train`: training data from corrected transcripts, and fine-tuning on it."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PACKAGE = "meetscribe.cli.commands.train"

STEPS = {
    "data": Row(f"{_PACKAGE}.data:command", "Make training data from corrected transcripts and their recordings."),
    "run": Row(f"{_PACKAGE}.run:command", "Fine-tune a model on the data, and compare it with its base."),
}
"""The steps, in the order of use."""

EPILOG = """\b
Examples:
  meetscribe train data dataset monday.json tuesday.json
  meetscribe train run dataset --base openai/whisper-small -o my-model
  meetscribe run wednesday.mp4 --model my-model

The clips of a data set contain the voices and words of the people in the recordings, and a model trained on them
retains traces of both. Ask for their consent first. Nothing leaves this machine.
"""


@click.group(cls=LazyGroup, table=STEPS, epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Fine-tune a model on your recordings and corrected transcripts."""
