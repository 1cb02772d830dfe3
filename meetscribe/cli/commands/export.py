"""`meetscribe export`: a transcript in any format that is read, written in others; no model is loaded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.names_file import names_flag
from meetscribe.cli.reading import read_transcript
from meetscribe.errors import os_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meetscribe.formats.parts.options import Option
    from meetscribe.transcript import Transcript

EPILOG = """\b
Examples:
  meetscribe export meeting.json -f srt > meeting.srt
  meetscribe export meeting.json -f vtt,docx,csv -o out
  meetscribe export whisperx.json -o meeting.TextGrid
  meetscribe export meeting.json -f srt --set srt.preset=bbc --set srt.dialogue=yes
  cat talk.vtt | meetscribe export - -f json | jq .speakers

meetscribe formats lists the formats and what each loses; meetscribe formats srt tells the options of one.
"""


@click.command(epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("transcript", type=click.Path())
@click.option("-f", "--formats", "names", metavar="LIST", help="the formats to write, with commas")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="a file, a folder, or - for stdout  [default: stdout for one format, the current folder for several]",
)
@click.option("--from", "source", metavar="FORMAT", help="what TRANSCRIPT is, if its content does not show it")
@click.option(
    "--set", "assignments", multiple=True, metavar="FORMAT.OPTION=VALUE", help="an option of a format; may be repeated"
)
@names_flag
@click.option("--overwrite", is_flag=True, help="replace files that are there")
def command(
    transcript: str,
    names: str | None,
    output: str | None,
    source: str | None,
    assignments: tuple[str, ...],
    **given: Any,
) -> None:
    """Write TRANSCRIPT in other formats.

    TRANSCRIPT is a file in any format that meetscribe reads, or - for stdin. Without -f, the suffix of the output
    names the format; without both, it is printed as text.
    """
    from meetscribe.cli import names_file
    from meetscribe.cli.display import messages
    from meetscribe.formats import parse_names
    from meetscribe.formats.converting import format_by_suffix
    from meetscribe.formats.parts.options import check_written, parse_options

    named = format_by_suffix(output) if output and not _is_folder(output) else None
    if names is None and output and output != "-" and named is None:
        raise click.UsageError(f"What is to be written to {output}? Name the formats with -f.")
    wanted = parse_names(names or (named.name if named else "txt"))
    options = parse_options(assignments)
    check_written(options, wanted)
    read = names_file.named(read_transcript(transcript, source), names_file.read_names(given["people"]))
    if not read.segments:
        messages.say(f"{transcript} holds no words{', only turns' if read.turns else ''}", "warning")
    if output == "-" or (output is None and len(wanted) == 1):
        _print(read, wanted, options)
    else:
        _write(read, _files(transcript, output or ".", wanted), options, given["overwrite"])


def _is_folder(output: str) -> bool:
    """Whether the output is a folder: it is one, or ends as one."""
    return output.endswith(("/", "\\")) or Path(output).is_dir()


def _files(transcript: str, output: str, names: Sequence[str]) -> dict[str, Path]:
    """The file for each format: the output itself, or in that folder, named after the transcript.

    Raises UsageError if several formats are to go into one file.
    """
    from meetscribe.formats import FORMATS
    from meetscribe.formats.converting import format_by_suffix

    if not _is_folder(output) and (len(names) == 1 or format_by_suffix(output) is not None):
        if len(names) > 1:
            raise click.UsageError(f"{len(names)} formats cannot be written into the one file {output}.")
        return {names[0]: Path(output)}
    name = "transcript" if transcript == "-" else Path(transcript).name
    row = format_by_suffix(name)
    suffix = next((own for own in (row.suffixes if row else ()) if name.lower().endswith(own.lower())), "")
    stem = name[: len(name) - len(suffix)] if suffix else Path(name).stem
    return {name: Path(output) / f"{stem}{FORMATS[name].suffixes[0]}" for name in names}


def _print(transcript: Transcript, names: Sequence[str], options: Mapping[str, Mapping[str, Option]]) -> None:
    """Write the one format to stdout; raises UsageError for several, and for bytes on a terminal."""
    from meetscribe.formats import write

    if len(names) > 1:
        raise click.UsageError("Only one format can be written to stdout: choose one with -f, or a folder with -o.")
    if names[0] in ("docx", "parquet") and sys.stdout.isatty():
        raise click.UsageError(f"{names[0]} is not for a terminal: give a file with -o.")
    click.echo(write(transcript, names[0], **options.get(names[0], {})), nl=False)


def _write(
    transcript: Transcript,
    files: Mapping[str, Path],
    options: Mapping[str, Mapping[str, Option]],
    overwrite: bool,
) -> None:
    """Write the files, and say so; raises OutputError if one is there, before any is written."""
    from meetscribe.cli.display import messages
    from meetscribe.errors import OutputError
    from meetscribe.formats import write, write_file

    written = {file: write(transcript, name, **options.get(name, {})) for name, file in files.items()}
    there = [str(file) for file in files.values() if file.exists() and not overwrite]
    if there:
        raise OutputError(f"{', '.join(there)} exists already", "Choose another place with -o, or use --overwrite.")
    for file, data in written.items():
        if not file.parent.is_dir():
            try:
                file.parent.mkdir(parents=True)
            except OSError as error:
                raise OutputError(f"{file.parent}: {os_reason(error)}", "Choose another with -o.") from error
        write_file(file, data)
        messages.say(f"wrote {file}")
