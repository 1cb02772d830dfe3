"""The group `meetscribe profiles`, whose commands are imported on demand."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PACKAGE = "meetscribe.cli.commands.profiles"

COMMANDS = {
    "enroll": Row(f"{_PACKAGE}.enrolling:enroll", "Enrol a person from a recording or a meeting."),
    "list": Row(f"{_PACKAGE}.persons:list_", "List enrolled people."),
    "confirm": Row(f"{_PACKAGE}.meetings:confirm", "Confirm the name that was suggested for a speaker."),
    "why": Row(f"{_PACKAGE}.meetings:why", "Explain why a speaker was recognised, or was not."),
    "backfill": Row(f"{_PACKAGE}.meetings:backfill", "Search old meetings for known people."),
    "forget": Row(f"{_PACKAGE}.persons:forget", "Delete a profile; list the files that contain the name."),
    "export": Row(f"{_PACKAGE}.moving:export", "Write profiles to a file for another machine."),
    "import": Row(f"{_PACKAGE}.moving:import_", "Add the profiles of an exported file."),
}
"""The commands, in the order of the help. To add one, add its module and a row here."""

EPILOG = """\b
Examples:
  meetscribe profiles enroll Anna anna.wav --consent "recognise my voice in our meetings" --declared-by Anna
  meetscribe run monday.mp4 --profiles
  meetscribe profiles confirm monday.json SPEAKER_00
  meetscribe profiles why monday.json SPEAKER_01
  meetscribe profiles backfill meetings/ --dry-run
  meetscribe profiles forget Anna meetings/

Only people enrolled with a record of their consent are recognised, and only if a run requests it: --profiles suggests
names for you to confirm; --identify also assigns certain names. Voiceprints stay on this machine, readable by you only.
"""


@click.group(cls=LazyGroup, table=COMMANDS, epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Recognise people across meetings, with their consent."""
