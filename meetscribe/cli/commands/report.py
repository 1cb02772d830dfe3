"""`meetscribe report`: a report of a meeting as one web page, Markdown or Word."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from meetscribe.analytics import AnalyticsSettings, stats
from meetscribe.cli.display import messages
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.flags import config_option, table_assignments
from meetscribe.cli.options import (
    STDIN,
    STDOUT,
    encoding_option,
    general_options,
    json_option,
    meeting_options,
    names_option,
    overwrite_changed_option,
    progress_option,
)
from meetscribe.cli.sections import OUTPUT, SPEAKERS, SectionedCommand, option
from meetscribe.cli.transcripts import apply_meeting_options, apply_names, print_reading_notices, read_transcript
from meetscribe.errors import InputError
from meetscribe.minutes import minutes_by_rules
from meetscribe.publishing.destinations import prepare_folder, require_replaceable, write_output
from meetscribe.publishing.exports import is_folder_path
from meetscribe.publishing.speaker_names import read_speaker_names
from meetscribe.report.contents import Report, make_report
from meetscribe.report.documents.json import to_json
from meetscribe.report.saving import REPORT_FORMATS, check_format, report_bytes, report_files
from meetscribe.report.sound import Sound
from meetscribe.report.sources import find_sound, minutes_beside, read_minutes
from meetscribe.report.wording import megabytes
from meetscribe.settings.other_tables import load_table
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Minutes

RULES, NONE = "rules", "none"

EPILOG = """\b
Examples:
  meetscribe report meeting.json -o meeting.html
  meetscribe report meeting.json --minutes rules --sound embed -o share.html
  meetscribe report talk.vtt --audio talk.mp3 --title "Planning" -o reports/
  meetscribe report meeting.json -f html,md,docx -o reports/
  meetscribe report meeting.json --json | jq '.speakers[] | {speaker, talk_share}'

\b
The page needs no network and no other file except a linked recording. It contains
  a timeline of the speakers, minutes with links to their evidence, key passages, topics, keywords,
  statistics, and the transcript with search and filter.
Click a word or the timeline to play it; press ? for the list of keys. The page can be printed. Without
JavaScript, the contents, the links and the browser's own audio controls remain.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("meeting", type=click.Path())
@option(
    *("-f", "--formats"),
    metavar="LIST",
    section=OUTPUT,
    help=f"Formats to write, separated by commas: {', '.join(REPORT_FORMATS)}.  "
    "[default: by the suffix of the output, else html]",
)
@option(
    *("-o", "--output"),
    metavar="PATH",
    default=".",
    section=OUTPUT,
    help="File, folder for files such as NAME.report.html, or - for stdout.  [default: current folder]",
)
@option(
    "--minutes",
    "minutes_source",
    metavar="FILE",
    section=OUTPUT,
    help="Minutes in JSON; rules: make them without a language model; none: omit them.  "
    "[default: NAME.minutes.json beside MEETING, if it exists]",
)
@option(
    "--sound",
    type=click.Choice(("link", "embed", "none")),
    default="link",
    show_default=True,
    section=OUTPUT,
    help="Audio of the page. link: play the recording from its location. embed: include it, 15 MB per hour.",
)
@option(
    "--audio",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=OUTPUT,
    help="The recording.  [default: located beside MEETING, or by the path and the hash in MEETING]",
)
@option(
    "--set",
    "assignments",
    metavar="analytics.KEY=VALUE",
    multiple=True,
    section=SPEAKERS,
    help="Change a threshold of the statistics; see meetscribe stats. Repeatable.",
)
@config_option
@names_option
@meeting_options
@encoding_option
@json_option
@overwrite_changed_option
@progress_option
@general_options
def command(meeting: str, output: str, **given: Any) -> None:
    """Write a report of MEETING as one web page, Markdown or a Word document.

    MEETING is a transcript in any format that meetscribe reads, or - for stdin. Corrections and names are applied.
    """
    files = report_files(meeting, output, _formats(output, given["formats"]))
    if output != STDOUT and not given["as_json"]:
        require_replaceable(list(files.values()), given["overwrite"])
    transcript = read_transcript(meeting, encoding=given["encoding"])
    print_reading_notices(transcript)
    transcript = apply_meeting_options(apply_names(transcript, read_speaker_names(given["names_file"])), given)
    chosen = table_assignments("analytics", given["assignments"])
    settings = load_table("analytics", AnalyticsSettings, given["config"], chosen)
    report = make_report(transcript, _minutes(transcript, meeting, given["minutes_source"]), settings=settings)
    for notice in report.notices:
        messages.warning(notice.text)
    if given["as_json"]:
        click.echo(to_json(report), nl=False)
    elif output == STDOUT:
        name = next(iter(files))
        click.echo(report_bytes(report, name, _sound(report, name, meeting, Path(), given)), nl=False)
    else:
        _write(report, files, meeting, given)


def _formats(output: str, given: str | None) -> list[str]:
    """Return the formats to write; raises UsageError and SettingsError."""
    suffix = "" if output == STDOUT or is_folder_path(output) else Path(output).suffix.lower().removeprefix(".")
    names = (given or suffix or "html").split(",")
    found = [check_format(name.strip().lower()) for name in names if name.strip()]
    if output == STDOUT and len(found) > 1:
        raise click.UsageError("Only one format can be written to stdout. Choose one with -f, or a folder with -o.")
    if output == STDOUT and found == ["docx"] and sys.stdout.isatty():
        raise click.UsageError("docx is a binary format. Choose a file or folder with -o.")
    return list(dict.fromkeys(found)) or ["html"]


def _minutes(transcript: Transcript, meeting: str, source: str | None) -> Minutes | None:
    """Return the minutes selected by --minutes, by default those beside the transcript."""
    if source == RULES:
        return minutes_by_rules(transcript, stats(transcript).topics)
    if source == NONE:
        return None
    file = Path(source) if source else None if meeting == STDIN else minutes_beside(Path(meeting))
    return read_minutes(file) if file else None


def _write(report: Report, files: Mapping[str, Path], meeting: str, given: Mapping[str, Any]) -> None:
    """Write the files and print their names and sizes."""
    for name, file in files.items():
        prepare_folder(file.parent)
        sound = _sound(report, name, meeting, file.parent, given)
        data = report_bytes(report, name, sound)
        write_output(file, data, "report", Path(meeting))
        share = f", of which {megabytes(sound.size)} are sound" if sound and sound.size else ""
        messages.info(f"wrote {file} ({megabytes(len(data))}{share})")


def _sound(report: Report, name: str, meeting: str, folder: Path, given: Mapping[str, Any]) -> Sound | None:
    """Return the audio for the report in the format `name`, None for docx and with --sound none.

    If no recording is found, raises InputError with --audio or for an embedded recording; otherwise prints a warning
    for a page and returns None.
    """
    file = None if meeting == STDIN else Path(meeting)
    if name == "docx":
        return None
    if given["sound"] == "embed" and name == "html":
        with run_progress(given, given["audio"] or meeting, cached=False) as progress:
            return find_sound(
                *(report.transcript, "embed", folder),
                meeting=file,
                audio=given["audio"],
                progress=lambda done: progress("sound", done),
            )
    if given["sound"] == "none":
        return None
    try:
        return find_sound(report.transcript, "link", folder, meeting=file, audio=given["audio"])
    except InputError as error:
        if given["audio"] is not None:
            raise
        if name == "html":
            messages.warning(f"without sound: {error}")
        return None
