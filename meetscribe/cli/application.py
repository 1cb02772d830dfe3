"""The command `meetscribe`: the table of its commands, and how errors become messages and exit codes."""

from __future__ import annotations

import difflib
import os
import signal
from typing import Any

import click
from click.shell_completion import CompletionItem

import meetscribe
from meetscribe.cli.display import messages
from meetscribe.cli.lazy_group import LazyGroup, Row
from meetscribe.errors import MeetscribeError
from meetscribe.storage.files import is_file, is_folder

_PLACE = "meetscribe.cli.commands"

COMMANDS = {
    "run": Row(f"{_PLACE}.run:command", "Transcribe recordings and label the speakers."),
    "live": Row(f"{_PLACE}.live.command:command", "Transcribe with speakers while people talk."),
    "watch": Row(f"{_PLACE}.watch:command", "Transcribe every recording that appears in a folder."),
    "transcribe": Row(f"{_PLACE}.transcribe:command", "Transcribe a recording without labelling speakers."),
    "align": Row(f"{_PLACE}.align:command", "Align the words of a transcript with its recording."),
    "diarize": Row(f"{_PLACE}.diarize:command", "Find out who speaks when in a recording."),
    "attribute": Row(f"{_PLACE}.attribute:command", "Assign the words of a transcript to speakers, given their turns."),
    "speakers": Row(f"{_PLACE}.speakers:group", "Name, merge and reassign the speakers of a transcript."),
    "profiles": Row(f"{_PLACE}.profiles.group:group", "Recognise the same persons across meetings, by their consent."),
    "correct": Row(f"{_PLACE}.correct:group", "Correct the words of a transcript; list and undo corrections."),
    "export": Row(f"{_PLACE}.export:command", "Convert a transcript to other formats."),
    "minutes": Row(f"{_PLACE}.minutes:group", "Write the minutes of a meeting, or check minutes against it."),
    "podcast": Row(f"{_PLACE}.podcast:command", "Publish an episode: captions, chapters, show notes and feed tags."),
    "report": Row(f"{_PLACE}.report:command", "Write a meeting as one page to read, hear and share."),
    "formats": Row(f"{_PLACE}.formats:command", "List the formats, what they preserve and their options."),
    "library": Row(f"{_PLACE}.library.group:group", "Find meetings by what was said in them."),
    "forget": Row(f"{_PLACE}.forget:command", "Remove what is stored about a meeting."),
    "stats": Row(f"{_PLACE}.stats:command", "Compute who talks how much, when, to whom and about what."),
    "evaluate": Row(f"{_PLACE}.evaluate:command", "Score transcripts against reference transcripts."),
    "corpus": Row(f"{_PLACE}.corpus:group", "Build and read Parquet tables of many transcripts."),
    "train": Row(f"{_PLACE}.train:group", "Fine-tune a model on recordings and corrected transcripts."),
    "serve": Row(f"{_PLACE}.serve:command", "Serve a page, jobs and an interface like OpenAI's."),
    "weights": Row(f"{_PLACE}.weights:group", "List, download, verify and convert models."),
    "cache": Row(f"{_PLACE}.cache:group", "Inspect and clear the cache of stage results."),
    "doctor": Row(f"{_PLACE}.doctor:command", "Check this machine for problems."),
}
"""The commands, in the order of the help. To add a command, add its module and a row here."""

EPILOG = """\b
Examples:
  meetscribe meeting.mp4
  meetscribe interview.wav --speakers 2 -o out -f txt,srt
  meetscribe call.m4a --language de --model large-v3
  meetscribe lecture.mp3 --no-diarize > lecture.txt
  meetscribe run meeting.mp4 --config samples/offline.toml

\b
Exit codes:
  0  success                                  4  model weights or access token missing
  1  unexpected error, or a missed threshold  5  no speech in the recording
  2  wrong usage or settings                  6  finished, but incomplete
  3  unreadable input or unwritable output    130  interrupted

Run meetscribe COMMAND --help for the options of a command.
"""


class Application(LazyGroup):
    """The top-level group: a file name in place of a command means `run`, and errors become exit codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert `run` if the first argument is neither a command nor an option of the group."""
        if args and args[0] not in self.table and args[0] not in ("--help", "--version"):
            if not ctx.resilient_parsing:
                self._check_name(ctx, args[0])
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a MeetscribeError is printed and becomes its exit code, Ctrl-C becomes 130."""
        try:
            return super().invoke(ctx)
        except MeetscribeError as error:
            messages.print_error(error, debug=bool(ctx.meta.get(messages.DEBUG)))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # a second Ctrl-C does not wait for cleanup
            messages.print_interruption(ctx)
            ctx.exit(130)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the matching commands, and files."""
        names = [name for name in self.table if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self.table[name].summary) for name in names]
        return [
            *commands,
            *click.Command.shell_complete(self, ctx, incomplete),
            CompletionItem(incomplete, type="file"),
        ]

    def _check_name(self, ctx: click.Context, name: str) -> None:
        """Raise UsageError for what looks like a misspelt command and is not an existing file or folder."""
        plain = name.isidentifier() and not is_file(name) and not is_folder(name)
        if plain and (close := difflib.get_close_matches(name, self.table, n=1)):
            raise click.UsageError(f"There is no command or file {name!r}. Did you mean {close[0]!r}?", ctx)


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and exit if --version is given."""
    if wanted and not ctx.resilient_parsing:
        click.echo(f"meetscribe {meetscribe.__version__}")
        ctx.exit()


@click.group(cls=Application, table=COMMANDS, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def application() -> None:
    """Turn recordings into transcripts that say who said what, and when.

    meetscribe FILE is short for meetscribe run FILE.
    """
