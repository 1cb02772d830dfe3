"""`meetscribe profiles confirm`, `why` and `backfill`: known people in saved meetings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe import meetings
from meetscribe.cli.corrections import save_correction
from meetscribe.cli.display import messages
from meetscribe.cli.display.known_speakers import (
    backfilled_members,
    print_backfilled,
    print_json,
    print_report,
    report_members,
    voiceprint_count,
)
from meetscribe.cli.flags import IDENTIFYING, settings_flags, settings_from
from meetscribe.cli.options import debug_option, json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import IncompleteError
from meetscribe.meetings.speakers import Tools


@click.command(cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="MEETING")
@click.argument("speaker")
@option("--as", "name", metavar="NAME", help="The person, if not the suggested one.")
@option("--no-learn", is_flag=True, help="Name the speaker without adding a voiceprint to the profile.")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="The recording, if it was moved.")
@settings_flags(IDENTIFYING)
@json_option
@message_options
def confirm(file: Path, speaker: str, audio: Path | None, **given: Any) -> None:
    """Confirm the name that was suggested for SPEAKER of MEETING.

    The name becomes a correction; meetscribe speakers undo MEETING reverts it. Unless --no-learn is given, a voiceprint
    from this meeting is added to the profile; meetscribe profiles forget NAME --meeting MEETING deletes it.
    """
    meeting, tools = meetings.Meeting.load(file, audio), Tools.of(settings_from(given))
    confirmed = meetings.confirm(meeting, speaker, tools, name=given["name"], teach=not given["no_learn"])
    save_correction(file, meeting.transcript, confirmed.transcript, as_json=given["as_json"])
    if confirmed.profile is not None:
        messages.info(f"{confirmed.name} has {voiceprint_count(confirmed.profile)} now")
    elif confirmed.not_learnt:
        messages.warning(f"nothing was learnt: {confirmed.not_learnt}")


@click.command(cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="MEETING")
@click.argument("speaker")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="The recording, if it was moved.")
@settings_flags(IDENTIFYING)
@json_option
@debug_option
def why(file: Path, speaker: str, audio: Path | None, **given: Any) -> None:
    """Explain why SPEAKER of MEETING was recognised, or was not.

    Prints the similarity to each known person, the closest first, with the thresholds and the reason. The recording is
    needed, unless voiceprints of its speakers were kept.
    """
    report = meetings.explain(meetings.Meeting.load(file, audio), speaker, Tools.of(settings_from(given)))
    if given["as_json"]:
        print_json(report_members(report))
    else:
        print_report(report)


@click.command(cls=SectionedCommand)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="MEETING|FOLDER..."
)
@option("--identify", is_flag=True, help="Assign certain names instead of suggesting them.")
@option("--dry-run", is_flag=True, help="Print the names without storing them.")
@settings_flags(IDENTIFYING)
@json_option
@message_options
def backfill(paths: tuple[Path, ...], identify: bool, dry_run: bool, **given: Any) -> None:
    """Search old meetings for known people.

    Suggested names are stored in the transcripts for confirmation; with --identify, certain names are assigned.
    Existing corrections and names are kept. meetscribe speakers undo MEETING removes an assigned name.
    """
    tools, results = Tools.of(settings_from(given)), []
    for result in meetings.backfill(paths, tools, identify=identify, dry_run=dry_run):
        results.append(result)
        if not given["as_json"]:
            print_backfilled(result, identify=identify)
    if given["as_json"]:
        print_json([backfilled_members(result) for result in results])
    if not results:
        messages.info("no transcript in native JSON was found")
    elif dry_run and any(result.changed for result in results):
        messages.info("nothing was stored; to store the names, omit --dry-run")
    if any(result.error for result in results):
        raise IncompleteError("some meetings could not be compared")
