"""The command `meetscribe` itself: its commands, and what becomes of errors."""

from __future__ import annotations

import difflib
import os
import signal
from typing import Any

import click
from click.shell_completion import CompletionItem

from meetscribe.cli.commands import (
    align,
    attribute,
    cache,
    diarize,
    doctor,
    evaluate,
    export,
    formats,
    run,
    speakers,
    transcribe,
    watch,
    weights,
)
from meetscribe.cli.display import messages
from meetscribe.cli.options import DEBUG
from meetscribe.errors import MeetscribeError
from meetscribe.storage.files import is_file, is_folder

EXAMPLES = """\b
Examples:
  meetscribe meeting.mp4                      transcript on stdout, files in all formats here
  meetscribe interview.wav --speakers 2 -o out -f txt,srt
  meetscribe call.m4a --language de --model large-v3
  meetscribe lecture.mp3 --no-diarize > lecture.txt
  meetscribe run meeting.mp4 --config samples/offline.toml

meetscribe COMMAND --help tells more about a command.
"""


class Application(click.Group):
    """A group of commands in which a file's name stands for `run`; it turns errors into exit codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` before what is neither a command nor an option of the group."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            if not ctx.resilient_parsing:
                self._check_name(ctx, args[0])
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error raised on purpose is told in words, and its code is the process's."""
        try:
            return super().invoke(ctx)
        except MeetscribeError as error:
            messages.failure(error, debug=bool(ctx.meta.get(DEBUG)))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # who asks twice does not wait for what still runs
            messages.interruption(ctx)
            ctx.exit(130)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that may be meant, and files."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]

    def _check_name(self, ctx: click.Context, name: str) -> None:
        """Raise UsageError for a misspelt command, which looks like no file and is none."""
        plain = name.isidentifier() and not is_file(name) and not is_folder(name)
        if plain and (close := difflib.get_close_matches(name, self.commands, n=1)):
            raise click.UsageError(f"There is no command or file {name!r}: did you mean {close[0]!r}?", ctx)


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and exit, if that is wanted."""
    if wanted and not ctx.resilient_parsing:
        import meetscribe

        click.echo(f"meetscribe {meetscribe.__version__}")
        ctx.exit()


@click.group(cls=Application, epilog=EXAMPLES, context_settings={"max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def application() -> None:
    """Who said what, and when: recordings to transcripts with speakers.

    meetscribe FILE is meetscribe run FILE.
    """


application.add_command(run.command, "run")
application.add_command(transcribe.command, "transcribe")
application.add_command(align.command, "align")
application.add_command(diarize.command, "diarize")
application.add_command(attribute.command, "attribute")
application.add_command(export.command, "export")
application.add_command(evaluate.command, "evaluate")
application.add_command(speakers.group, "speakers")
application.add_command(formats.command, "formats")
application.add_command(watch.command, "watch")
application.add_command(cache.group, "cache")
application.add_command(weights.group, "weights")
application.add_command(doctor.command, "doctor")
