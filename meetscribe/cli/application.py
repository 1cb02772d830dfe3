"""The `meetscribe` command: its table of subcommands, and the conversion of errors to messages and exit codes."""

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

_PACKAGE = "meetscribe.cli.commands"

COMMANDS = {
    "run": Row(f"{_PACKAGE}.run:command", "Transcribe recordings and label the speakers."),
    "live": Row(f"{_PACKAGE}.live.command:command", "Transcribe with speakers while people talk."),
    "watch": Row(f"{_PACKAGE}.watch:command", "Transcribe every recording that appears in a folder."),
    "transcribe": Row(f"{_PACKAGE}.transcribe:command", "Transcribe a recording without labelling speakers."),
    "align": Row(f"{_PACKAGE}.align:command", "Align the words of a transcript with its recording."),
    "diarize": Row(f"{_PACKAGE}.diarize:command", "Detect who speaks when in a recording."),
    "attribute": Row(f"{_PACKAGE}.attribute:command", "Assign the words of a transcript to speaker turns."),
    "speakers": Row(f"{_PACKAGE}.speakers:group", "Name, merge and reassign the speakers of a transcript."),
    "profiles": Row(f"{_PACKAGE}.profiles.group:group", "Recognise people across meetings, with their consent."),
    "correct": Row(f"{_PACKAGE}.correct:group", "Correct the words of a transcript; list and undo corrections."),
    "export": Row(f"{_PACKAGE}.export:command", "Convert a transcript to other formats."),
    "minutes": Row(f"{_PACKAGE}.minutes:group", "Write the minutes of a meeting, or check existing minutes."),
    "podcast": Row(f"{_PACKAGE}.podcast:command", "Write captions, chapters, show notes and feed tags."),
    "report": Row(f"{_PACKAGE}.report:command", "Write a report of a meeting as one web page, Markdown or Word."),
    "formats": Row(f"{_PACKAGE}.formats:command", "List the formats, their contents, losses and options."),
    "library": Row(f"{_PACKAGE}.library.group:group", "Search past meetings by words, people and dates."),
    "forget": Row(f"{_PACKAGE}.forget:command", "Remove the stored data of a meeting."),
    "stats": Row(f"{_PACKAGE}.stats:command", "Compute talk time, turns, interruptions, keywords and topics."),
    "evaluate": Row(f"{_PACKAGE}.evaluate:command", "Score transcripts against reference transcripts."),
    "corpus": Row(f"{_PACKAGE}.corpus:group", "Build and read Parquet tables of many transcripts."),
    "train": Row(f"{_PACKAGE}.train:group", "Fine-tune a model on recordings and corrected transcripts."),
    "serve": Row(f"{_PACKAGE}.serve:command", "Serve a web page, jobs and an OpenAI-compatible API."),
    "weights": Row(f"{_PACKAGE}.weights:group", "List, download, verify and convert models."),
    "cache": Row(f"{_PACKAGE}.cache:group", "Inspect and clear the cache of stage results."),
    "doctor": Row(f"{_PACKAGE}.doctor:command", "Check this machine for problems."),
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
  0  success                                  4  model weights missing or damaged, or no token
  1  failed check, or another error           5  no speech in the recording
  2  wrong usage or settings                  6  finished, but incomplete
  3  unreadable input or unwritable output    130, 143  interrupted

Run meetscribe COMMAND --help for the options of a command.
"""


class Application(LazyGroup):
    """The top-level group. A file name in place of a command means `run`; errors become exit codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert `run` if the first argument is neither a command nor an option of the group."""
        if args and args[0] not in self.table and args[0] not in ("--help", "--version"):
            if not ctx.resilient_parsing:
                self._check_name(ctx, args[0])
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Print a MeetscribeError and exit with its code; after Ctrl-C, exit with 130."""
        if messages.is_plain():
            ctx.color = False
        try:
            return super().invoke(ctx)
        except MeetscribeError as error:
            messages.print_error(error, debug=bool(ctx.meta.get(messages.DEBUG)))
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # a second Ctrl-C does not wait for cleanup
            messages.print_interruption(ctx)
            ctx.exit(messages.interruption_code(ctx))

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
        """Raise UsageError if a name resembles a command and is not an existing file or folder."""
        is_word = name.isidentifier() and not is_file(name) and not is_folder(name)
        if is_word and (close := difflib.get_close_matches(name, self.table, n=1)):
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
