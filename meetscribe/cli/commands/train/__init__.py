"""`meetscribe train`: training data from corrected transcripts, and fine-tuning on it."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PLACE = "meetscribe.cli.commands.train"

STEPS = {
    "data": Row(f"{_PLACE}.data:command", "Make training data of corrected transcripts and their recordings."),
    "run": Row(f"{_PLACE}.run:command", "Fine-tune a model on such data, and compare it with its base."),
}
"""The steps, in the order in which they are used."""

EPILOG = """\b
Examples:
  meetscribe train data dataset monday.json tuesday.json
  meetscribe train run dataset --base openai/whisper-small -o my-model
  meetscribe run wednesday.mp4 --model my-model

The clips of a data set hold the voices and words of the persons in the recordings, and so will a model that is trained
on them. Ask for their consent first. Nothing leaves this machine.
"""


@click.group(cls=LazyGroup, table=STEPS, epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Fine-tune a model on your recordings and corrected transcripts."""
