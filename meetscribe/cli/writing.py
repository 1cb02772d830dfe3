"""Where a command writes the one transcript that it makes: a file, which is not replaced unasked, or stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from meetscribe.cli.options import SectionedOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from meetscribe.transcript import Transcript

C = TypeVar("C", bound="Callable[..., Any]")

STDOUT = "-"
"""What stands for stdout in place of a file."""


def output_flag(what: str) -> Callable[[C], C]:
    """A decorator that gives a command -o, by default stdout; `what` says of which format the transcript is there."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        default=STDOUT,
        cls=SectionedOption,
        help=f"the file to write, in the format of its suffix; - is stdout{what}  [default: -]",
    )


def overwrite_flag(command: C) -> C:
    """The command with --overwrite."""
    return click.option("--overwrite", is_flag=True, cls=SectionedOption, help="replace a file that is there")(command)


def require_free(output: Path, overwrite: bool) -> None:
    """Raise OutputError if there is a file that is not to be replaced; to be asked before any work."""
    from meetscribe.errors import OutputError

    if str(output) != STDOUT and output.exists() and not overwrite:
        raise OutputError(f"{output} exists already", "Choose another file with -o, or replace it with --overwrite.")


def deliver(transcript: Transcript, output: Path, on_stdout: str = "json", name: str | None = None) -> None:
    """Write the transcript in the format `name`, else that of the suffix or `on_stdout`, and print its warnings."""
    from meetscribe import formats
    from meetscribe.cli.display import messages

    if str(output) == STDOUT:
        click.echo(formats.write(transcript, name or on_stdout), nl=False)
    else:
        formats.save(transcript, output, name)
    for warning in transcript.meta.warnings:
        messages.say(warning, "warning")
