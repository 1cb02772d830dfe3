"""Options that several commands share and that are not settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from meetscribe.cli.display.messages import DEBUG, QUIET
from meetscribe.cli.sections import OUTPUT, RECORDING, SPEAKERS, WORDS, option
from meetscribe.settings.whisperx_names import ALL_FORMATS
from meetscribe.text.dates import parse_date

C = TypeVar("C", bound=Callable[..., Any])

Decorator: TypeAlias = Callable[[Any], Any]
"""Adds an option to a command."""

_WHISPERX_FORMATS = {
    "all": f"{ALL_FORMATS}. For JSON in whisperX's layout, use whisperx instead of json",
    "aud": "audacity",
}

PROGRESS_KINDS = ("auto", "lines", "json", "none")
"""The values of --progress."""

STDIN = STDOUT = "-"
"""The argument that stands for stdin or stdout in place of a file."""


def general_options(command: C) -> C:
    """Add --quiet and --debug to a command, which receives `quiet`, for example for its progress display."""
    return _QUIET(_DEBUG(command))


def message_options(command: C) -> C:
    """Add --quiet and --debug to a command without progress display, which receives neither."""
    return _QUIET_MESSAGES(_DEBUG(command))


def debug_option(command: C) -> C:
    """Add --debug to a command without --quiet."""
    return _DEBUG(command)


def progress_option(command: C) -> C:
    """Add --progress to a command."""
    return _PROGRESS(command)


def output_options(formats: str, *, dry_run: bool = True, folder: Decorator | None = None) -> Callable[[C], C]:
    """Return a decorator that adds the output options of runs; `formats` is the default of --formats.

    `folder` is the option for the output folder, by default a local folder.
    """
    plan = [_DRY_RUN] if dry_run else []

    def decorate(command: C) -> C:
        for decorator in reversed([folder or _OUTPUT_FOLDER, _formats_option(formats), _OVERWRITE_CHANGED, *plan]):
            command = decorator(command)
        return command

    return decorate


def output_file_option(stdout_format: str) -> Callable[[C], C]:
    """Return a decorator that adds -o FILE, by default stdout; `stdout_format` is the format written there."""
    return option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        default=STDOUT,
        section=OUTPUT,
        help=f"Write to this file, in the format of its suffix.  [default: stdout, in {stdout_format}]",
    )


def overwrite_option(command: C) -> C:
    """Add --overwrite to a command that otherwise replaces no file."""
    return _OVERWRITE(command)


def overwrite_changed_option(command: C) -> C:
    """Add --overwrite to a command that otherwise replaces only files that meetscribe wrote and nobody edited."""
    return _OVERWRITE_CHANGED(command)


def names_option(command: C) -> C:
    """Add --names FILE to a command, which receives it as `names_file`."""
    return _NAMES(command)


def corrections_option(command: C) -> C:
    """Add --corrections FILE to a command, which receives it as `corrections_file`."""
    return _CORRECTIONS(command)


def meeting_options(command: C) -> C:
    """Add --title and --date to a command."""
    return _TITLE(_DATE(command))


def encoding_option(command: C) -> C:
    """Add --encoding to a command that reads transcripts of other programs."""
    return _ENCODING(command)


def json_option(command: C) -> C:
    """Add --json to a command, which receives it as `as_json`."""
    return _JSON(command)


def microphone_options(command: C) -> C:
    """Add --channels and --per-speaker to a command."""
    return _CHANNELS(_PER_SPEAKER(command))


def check_formats(ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Return the argument of --formats; raises BadParameter for whisperX's "all" and "aud"."""
    for name in (part.strip().lower() for part in (text or "").split(",")):
        if equivalent := _WHISPERX_FORMATS.get(name):
            raise click.BadParameter(f"there is no format {name!r}. whisperX's {name!r} is {equivalent}.")
    return text


def _set_debug(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print tracebacks of errors if --debug is given."""
    if wanted:
        sys.excepthook = sys.__excepthook__
        ctx.meta[DEBUG] = True


def _set_quiet(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> bool:
    """Let `messages.info` print nothing if --quiet is given; return whether it is."""
    if wanted:
        ctx.meta[QUIET] = True
    return wanted


def check_date(ctx: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Return the argument of --date; raises BadParameter if it is not an ISO 8601 date."""
    try:
        if text is not None:
            parse_date(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a date. Write it as 2026-11-27 or 2026-11-27T10:00.") from error
    return text


def _folder_option(stdout: str = "") -> Callable[[C], C]:
    """Return -o for the folder of the output files; `stdout` is the sentence of the help about `-o -`, if allowed."""
    return option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="DIR",
        default=".",
        section=OUTPUT,
        help=f"Folder for the output files; created if missing.{stdout}  [default: current folder]",
    )


_TITLE = option(
    "--title",
    metavar="TEXT",
    section=RECORDING,
    help="Title of the meeting, instead of the one in the metadata.",
)
_DATE = option(
    "--date",
    metavar="DATE",
    callback=check_date,
    section=RECORDING,
    help="Date of the recording (2026-11-27 or 2026-11-27T10:00), instead of the one in the metadata.",
)
_quiet_option = partial(
    option,
    *("-q", "--quiet"),
    is_flag=True,
    is_eager=True,
    callback=_set_quiet,
    help="Print only warnings and errors on stderr.",
)
_QUIET = _quiet_option()
_QUIET_MESSAGES = _quiet_option(expose_value=False)
_DEBUG = option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_set_debug,
    help="Print the traceback of an error.",
)
_PROGRESS = option(
    "--progress",
    type=click.Choice(PROGRESS_KINDS),
    default="auto",
    show_default=True,
    help="Progress display on stderr. auto shows bars on a terminal and lines elsewhere; json writes JSON Lines.",
)
_OUTPUT_FOLDER = _folder_option(" With -, the output is printed on stdout, in the only format of -f.")
folder_only_option = _folder_option()
"""The option -o of commands that cannot print their output on stdout."""

_OVERWRITE_CHANGED = option(
    "--overwrite",
    is_flag=True,
    section=OUTPUT,
    help="Also replace files that meetscribe did not write or that were edited since.",
)
_DRY_RUN = option(
    "--dry-run",
    is_flag=True,
    section=OUTPUT,
    help="Print the models, threads and output files that would be used, and exit.",
)
_OVERWRITE = option("--overwrite", is_flag=True, section=OUTPUT, help="Replace existing files.")
_NAMES = option(
    "--names",
    "names_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    section=SPEAKERS,
    help='TOML file with the names of speakers, one per line: SPEAKER_00 = "Anna".',
)
_CORRECTIONS = option(
    "--corrections",
    "corrections_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    section=WORDS,
    help='TOML file with words to correct, one per line: "vitter bee" = "Viterbi".',
)
_ENCODING = option(
    "--encoding",
    metavar="NAME",
    help="Character encoding of transcripts, such as cp1252.  [default: detected from the content]",
)
_JSON = option("--json", "as_json", is_flag=True, section=OUTPUT, help="Print JSON.")
_CHANNELS = option(
    "--channels",
    type=click.Choice(["mix", "split"]),
    default="mix",
    show_default=True,
    section=SPEAKERS,
    help="mix: downmix all channels. split: each channel is the microphone of one speaker (see --speakers-each).",
)
_PER_SPEAKER = option(
    "--per-speaker",
    is_flag=True,
    section=SPEAKERS,
    help="Each RECORDING is the microphone of one speaker in the same meeting; the speaker is named after the file.",
)


def _formats_option(default: str) -> Callable[[C], C]:
    """Return the option --formats with a default."""
    return option(
        "-f",
        "--formats",
        metavar="LIST",
        default=default,
        callback=check_formats,
        show_default=True,
        section=OUTPUT,
        help="Formats to write, separated by commas. See meetscribe formats.",
    )
