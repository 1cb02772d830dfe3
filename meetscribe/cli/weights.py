"""`meetscribe weights`: models on this machine in the layouts of the engines; where they come from is in weights."""

from __future__ import annotations

from pathlib import Path

import click

LAYOUTS = ("ctranslate2", "transformers", "openai-whisper", "mlx")

EXAMPLES = """\b
Examples:
  meetscribe weights convert my-whisper --to ctranslate2
  meetscribe weights convert my-whisper --to mlx -o my-whisper-mlx
  meetscribe meeting.mp4 --engine openai-whisper \\
    --model "$(meetscribe weights convert my-whisper --to openai-whisper)"
"""


@click.group()
def group() -> None:
    """Models on this machine."""


@group.command(epilog=EXAMPLES)
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "layout", type=click.Choice(LAYOUTS), required=True, help="The layout to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it; it must not be there yet. By default, it lies in the cache.",
)
def convert(directory: Path, layout: str, output: Path | None) -> None:
    """Write a Whisper that Transformers saved as another engine reads it, and print where.

    DIRECTORY has config.json and model.safetensors or pytorch_model.bin, such as a model that was fine-tuned or
    fetched from the Hugging Face hub. The engines faster-whisper and whisperx read ctranslate2, mlx-whisper reads
    mlx, both directories; openai-whisper reads a .pt file.

    A run converts by itself what its engine cannot read: this is for a model that is to be carried elsewhere, or
    used by another program. The numbers are kept in half precision.
    """
    from meetscribe import weights

    made = weights.converted(directory, layout)  # type: ignore[arg-type]  # click checked it
    click.echo(made if output is None else weights.copied(made, output))
