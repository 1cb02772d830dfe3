"""`meetscribe stats`: talk time, turns, interruptions, keywords and topics of meetings."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from meetscribe.analytics import TABLES, AnalyticsSettings, Statistics, stats
from meetscribe.cli.display import messages
from meetscribe.cli.display.statistics import print_statistics, print_table
from meetscribe.cli.flags import config_option, table_assignments
from meetscribe.cli.options import (
    STDIN,
    STDOUT,
    encoding_option,
    general_options,
    json_option,
    overwrite_changed_option,
)
from meetscribe.cli.sections import OUTPUT, SPEAKERS, WORDS, SectionedCommand, option
from meetscribe.cli.transcripts import print_reading_notices, read_stdin
from meetscribe.errors import InputError
from meetscribe.formats.recording_files import find_transcripts, transcript_files_below, transcripts_in
from meetscribe.publishing.statistics import statistics_json, table_file, write_tables
from meetscribe.settings.other_tables import load_table
from meetscribe.transcript import Transcript

DEFAULTS = AnalyticsSettings()
FLAGS = ("window", "turn_pause", "min_overlap")
"""The thresholds that have flags."""

EPILOG = """\b
Examples:
  meetscribe stats meeting.json
  meetscribe stats monday.json tuesday.json --by speaker
  meetscribe stats turns.rttm --table turns --csv > turns.csv
  meetscribe stats out --parquet -o tables
  meetscribe stats meeting.json --json | jq '.speakers[] | {speaker, talk_share}'

\b
Tables:
  speakers       talk time, shares, turns, words, rates, questions, interruptions
  meeting        silence, overlap, floor transfer, balance
  turns          turns; short responses of others do not end a turn
  overlaps       speech of two speakers at once
  gaps           changes from one turn to the next, with the floor transfer offset
  transitions    number of changes from each speaker to each other
  interruptions  attempts to interrupt, and whether they succeed
  timeline       talk time and shares per window
  keywords       terms that set a speaker apart from the others
  window_keywords
                 terms that set a window of the timeline apart from the others
  topics         passages with their terms
  metrics        every value with its support and trust

\b
Thresholds, in the table [analytics] of a settings file, as variables MEETSCRIBE_ANALYTICS__… or with --set:
  unit_pause, turn_pause, backchannel, backchannel_words, min_overlap, yield_within, monologue, long_pause, window,
  min_talk, min_words, min_responses, keywords, min_topic

A rate with less than 20 seconds of speech or 30 words is unknown. The README of meetscribe/analytics has the
definitions, the defaults, and measurements of the reliability of statistics from diarized turns.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("meetings", metavar="MEETING...", nargs=-1, required=True, type=click.Path())
@option(
    "--by",
    type=click.Choice(("meeting", "speaker")),
    default="meeting",
    show_default=True,
    section=SPEAKERS,
    help="Rows of the table of speakers: for each meeting, or for each person over all meetings. Speakers with "
    "the same name count as one person; labels such as SPEAKER_00 are not names.",
)
@option(
    "--participant",
    "participants",
    metavar="NAME",
    multiple=True,
    section=SPEAKERS,
    help="Participant to count even if silent. Repeatable.",
)
@option(
    "--language", metavar="CODE", section=WORDS, help="Language of stop words and fillers.  [default: from the file]"
)
@option(
    "--window",
    metavar="SECONDS",
    type=float,
    section=SPEAKERS,
    help=f"Length of the windows of the timeline and of the keywords.  [default: {DEFAULTS.window:g}]",
)
@option(
    "--turn-pause",
    metavar="SECONDS",
    type=float,
    section=SPEAKERS,
    help=f"Longest pause within a turn.  [default: {DEFAULTS.turn_pause:g}]",
)
@option(
    "--min-overlap",
    metavar="SECONDS",
    type=float,
    section=SPEAKERS,
    help=f"Shortest overlap of an attempt to interrupt.  [default: {DEFAULTS.min_overlap:g}]",
)
@option(
    "--set",
    "assignments",
    metavar="analytics.KEY=VALUE",
    multiple=True,
    section=SPEAKERS,
    help="Change any other threshold: analytics.monologue=90. Repeatable.",
)
@config_option
@option(
    "--table",
    "tables",
    type=click.Choice(TABLES),
    metavar="TABLE",
    multiple=True,
    section=OUTPUT,
    help="Table to write (see below). Repeatable.  [default: a summary; all with --json or -o; speakers for CSV or "
    "Parquet on stdout]",
)
@json_option
@option("--csv", "format", flag_value="csv", section=OUTPUT, help="Write CSV: a table on stdout, or files with -o.")
@option(
    "--parquet",
    "format",
    flag_value="parquet",
    section=OUTPUT,
    help="Write Parquet: a table on stdout, or files with -o (needs pyarrow).",
)
@option(
    *("-o", "--output"),
    metavar="DIR",
    default=STDOUT,
    section=OUTPUT,
    help="Folder for the CSV or Parquet files, one per table; created if missing.  [default: stdout]",
)
@overwrite_changed_option
@encoding_option
@general_options
def command(meetings: Sequence[str], **given: Any) -> None:
    """Compute talk time, turns, interruptions, keywords and topics.

    MEETING is a transcript in any format that meetscribe reads (see meetscribe formats), speaker turns alone (RTTM),
    a folder of such files with its subfolders, or - for stdin. Several meetings can be given.
    """
    _check(given)
    flags = {name: str(given[name]) for name in FLAGS if given[name] is not None}
    chosen = table_assignments("analytics", given["assignments"]) | flags
    settings = load_table("analytics", AnalyticsSettings, given["config"], chosen)
    sources = _read(meetings, given)
    result = stats(*sources.values(), names=list(sources), by=given["by"], settings=settings)
    _write(result, given)


def _check(given: Mapping[str, Any]) -> None:
    """Raise UsageError for options that contradict each other."""
    if given["format"] and given["as_json"]:
        raise click.UsageError("Choose one of --json, --csv and --parquet.")
    if given["output"] != STDOUT and not given["format"]:
        raise click.UsageError("-o requires --csv or --parquet.")
    if given["format"] and given["output"] == STDOUT and len(given["tables"]) > 1:
        raise click.UsageError("Only one table can be written to stdout. Choose a folder with -o.")
    if given["format"] == "parquet" and given["output"] == STDOUT and sys.stdout.isatty():
        raise click.UsageError("parquet is a binary format. Choose a folder with -o.")


def _read(meetings: Sequence[str], given: Mapping[str, Any]) -> dict[str, Transcript]:
    """Return the transcripts by name; raises InputError if no speaker is known in any of them."""
    found: dict[str, Transcript] = {}
    for path in (place for meeting in meetings for place in _places(meeting)):
        if path == STDIN:
            recordings = transcripts_in(read_stdin(), Path("stdin"), encoding=given["encoding"])
        else:
            recordings = find_transcripts(Path(path), with_turns=True, encoding=given["encoding"])
        for name, load in recordings.items():
            transcript = load()
            print_reading_notices(transcript)
            label = name if name not in found else f"{name} ({path})"
            found[label] = _with_options(transcript, given)
    unlabelled = [name for name, transcript in found.items() if not (transcript.speakers or transcript.turns)]
    if len(unlabelled) == len(found):
        raise InputError(
            f"no speaker is known in {', '.join(unlabelled)}",
            "Label the speakers first: meetscribe run RECORDING, or meetscribe attribute TRANSCRIPT TURNS.",
        )
    for name in unlabelled:
        messages.warning(f"no speaker is known in {name}")
    return found


def _places(path: str) -> list[str]:
    """Return the folders with transcripts at and below a folder; the path itself if there are none in subfolders."""
    folders = {file.parent for file in transcript_files_below(Path(path))} if Path(path).is_dir() else set()
    return sorted(map(str, folders)) if folders - {Path(path)} else [path]


def _with_options(transcript: Transcript, given: Mapping[str, Any]) -> Transcript:
    """Return the transcript with the language and the participants of the options.

    These participants replace those of the transcript. The speakers are added to them, because participants without
    speech count as silent only if all speakers are participants (see `analytics.meeting`).
    """
    changes: dict[str, Any] = {"language": given["language"]} if given["language"] else {}
    if given["participants"]:
        changes["participants"] = (*transcript.edited().speakers, *given["participants"])
    return transcript.with_meta(**changes) if changes else transcript


def _write(result: Statistics, given: Mapping[str, Any]) -> None:
    """Print or write the requested tables."""
    tables, format = list(dict.fromkeys(given["tables"])), given["format"]
    if given["as_json"]:
        click.echo(statistics_json(result, tables or TABLES))
    elif not format and not tables:
        print_statistics(result)
    elif not format:
        for table in tables:
            print_table(result, table)
    elif given["output"] == STDOUT:
        click.echo(table_file(result, tables[0] if tables else "speakers", format), nl=False)
    else:
        for file in write_tables(result, tables or TABLES, Path(given["output"]), format, given["overwrite"]):
            messages.info(f"wrote {file}")
