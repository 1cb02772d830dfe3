"""`meetscribe export`: convert a transcript to other formats, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.flags import read_format_options
from meetscribe.cli.options import STDOUT, check_formats, encoding_option, message_options, names_option
from meetscribe.cli.sections import OUTPUT, SectionedCommand, option
from meetscribe.cli.transcripts import (
    apply_names,
    check_printable,
    print_format,
    print_reading_notices,
    read_transcript,
)
from meetscribe.formats import parse_names
from meetscribe.formats.converting import format_by_suffix
from meetscribe.publishing.exports import export_files, is_folder_path, with_recording_name, write_exports
from meetscribe.publishing.speaker_names import read_speaker_names

EPILOG = """\b
Examples:
  meetscribe export meeting.json -f srt > meeting.srt
  meetscribe export meeting.json -f vtt,docx,csv -o out
  meetscribe export whisperx.json -o meeting.TextGrid
  meetscribe export meeting.json -f srt --set srt.preset=bbc --set srt.dialogue=yes
  cat talk.vtt | meetscribe export - -f json | jq .speakers

Run meetscribe formats for the list of formats, and meetscribe formats NAME for the options of one.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("transcript", type=click.Path())
@option(
    *("-f", "--formats"),
    metavar="LIST",
    callback=check_formats,
    section=OUTPUT,
    help="Formats to write, separated by commas.  [default: by the suffix of the output; txt on stdout]",
)
@option(
    *("-o", "--output"),
    metavar="PATH",
    section=OUTPUT,
    help="File, folder, or - for stdout.  [default: stdout for one format, the current folder for several]",
)
@option(
    "--from",
    "source",
    metavar="FORMAT",
    help="Format of TRANSCRIPT, if it cannot be detected from the content.",
)
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="FORMAT.OPTION=VALUE",
    section=OUTPUT,
    help="Set an option of a format. Repeatable.",
)
@option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    section=OUTPUT,
    help="Read options of formats from this TOML file.  [default: ./meetscribe.toml, if it exists]",
)
@encoding_option
@names_option
@option(
    "--overwrite",
    is_flag=True,
    section=OUTPUT,
    help="Also replace meetscribe's JSON, and files that meetscribe did not write or that were edited since.",
)
@message_options
def command(transcript: str, output: str | None, source: str | None, **given: Any) -> None:
    """Convert TRANSCRIPT to other formats.

    TRANSCRIPT can be in any format that meetscribe reads, or - for stdin.
    """
    named = format_by_suffix(output) if output and not is_folder_path(output) else None
    if given["formats"] is None and output and output != STDOUT and named is None:
        problem = "is a folder" if is_folder_path(output) else "has no suffix of a format"
        raise click.UsageError(f"{output} {problem}. Choose formats with -f.")
    wanted = parse_names(given["formats"] or (named.name if named else "txt"))
    options = read_format_options(given["assignments"], given["config"], wanted)
    read = read_transcript(transcript, source, given["encoding"])
    print_reading_notices(read)
    read = apply_names(read, read_speaker_names(given["names_file"]))
    if not read.segments:
        messages.warning(f"{transcript} contains no words{', only turns' if read.turns else ''}")
    if output == STDOUT or (output is None and len(wanted) == 1):
        check_printable(wanted)
        print_format(with_recording_name(read, wanted[0], Path(transcript)), wanted[0], options)
        return
    files = export_files(transcript, output or ".", wanted)
    write_exports(read, files, options, given["overwrite"], Path(transcript))
    for file in files.values():
        messages.info(f"wrote {file}")
