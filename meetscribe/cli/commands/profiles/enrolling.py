"""`meetscribe profiles enroll`: store a person's voiceprint and consent record."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from meetscribe import meetings
from meetscribe.cli.display import messages
from meetscribe.cli.display.known_speakers import print_json, profile_members
from meetscribe.cli.flags import IDENTIFYING, settings_flags, settings_from
from meetscribe.cli.options import json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import SettingsError
from meetscribe.meetings.speakers import Tools
from meetscribe.profiles import Consent
from meetscribe.publishing.destinations import read_native
from meetscribe.transcript.edits.operations import list_speakers


@click.command(cls=SectionedCommand)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path), metavar="RECORDING|MEETING")
@option("--speaker", metavar="SPEAKER", help="With MEETING: label or name of the speaker to enrol.")
@option(
    "--audio", type=click.Path(path_type=Path), metavar="FILE", help="With MEETING: its recording, if it was moved."
)
@option("--consent", "scope", metavar="TEXT", help='What NAME agreed to: "recognise my voice in our meetings".')
@option("--declared-by", metavar="NAME", help="The person who declares that NAME agreed.")
@option("--date", "declared", metavar="DATE", help="Date of the consent.  [default: today]")
@settings_flags(IDENTIFYING)
@json_option
@message_options
def enroll(name: str, file: Path, **given: Any) -> None:
    """Enrol the person NAME from a recording or a meeting.

    RECORDING contains only the voice of NAME: at least 4 seconds, preferably 30. MEETING is a transcript in native
    JSON; --speaker selects the speaker in it. Enrolling a person again adds a voiceprint, preferably from another day
    or microphone.

    The first time, the person's consent is recorded; without consent, no voiceprint is stored.
    """
    tools = Tools.of(settings_from(given))
    consent = _consent(name, given, known=tools.profiles.find(name) is not None)
    if given["speaker"] is None:
        _require_no_meeting(file)
        profile = meetings.enrol_from_recording(name, file, consent, tools)
    else:
        meeting = meetings.Meeting.load(file, given["audio"])
        profile = meetings.enrol_from_meeting(name, meeting, given["speaker"], consent, tools)
    if given["as_json"]:
        print_json(profile_members(profile))
        return
    added = profile.voiceprints[-1]
    messages.info(f"{profile.name}: a voiceprint from {added.seconds:.0f} s of speech, {added.channel}, was stored")
    messages.info("to suggest this name in a transcript, run: meetscribe run RECORDING --profiles")


def _require_no_meeting(file: Path) -> None:
    """Raise UsageError if a file is a meeting, in which --speaker must select a speaker."""
    meeting = read_native(file) if file.suffix == ".json" else None
    if meeting is not None:
        known = ", ".join(speaker.name for speaker in list_speakers(meeting))
        raise click.UsageError(f"{file} is a meeting: give --speaker SPEAKER (speakers: {known or 'none'}).")


def _consent(name: str, given: Mapping[str, Any], *, known: bool) -> Consent | None:
    """Return the consent record from the options or from prompts on a terminal; None if neither gives one.

    For a person who is `known`, there are no prompts unless just one of --consent and --declared-by is given. Raises
    UsageError for an incomplete record, SettingsError for an invalid date.
    """
    scope, declared_by = given["scope"], given["declared_by"]
    if scope is None and declared_by is None and known:
        return None
    if (scope is None or declared_by is None) and sys.stdin.isatty() and sys.stderr.isatty():
        click.echo(f"A voiceprint is biometric data. It is stored only if {name} agreed.", err=True)
        scope = scope or click.prompt(
            f"What did {name} agree to?", default="recognise my voice in our meetings", err=True
        )
        declared_by = declared_by or click.prompt("Who declares this?", err=True)
    if scope is None and declared_by is None:
        return None
    if scope is None or declared_by is None:
        raise click.UsageError("--consent and --declared-by belong together.")
    try:
        return Consent(name, scope, declared_by, given["declared"] or date.today().isoformat())
    except ValueError as error:
        raise SettingsError(f"the consent record is invalid: {error}", "Write the date as 2026-11-27.") from error
