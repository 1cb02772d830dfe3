"""The group `meetscribe profiles`, whose commands are imported on demand."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PLACE = "meetscribe.cli.commands.profiles"

COMMANDS = {
    "enroll": Row(f"{_PLACE}.enrolling:enroll", "Enrol a person from a recording or a meeting."),
    "list": Row(f"{_PLACE}.persons:list_", "List enrolled persons."),
    "confirm": Row(f"{_PLACE}.meetings:confirm", "Confirm the name that was suggested for a speaker."),
    "why": Row(f"{_PLACE}.meetings:why", "Explain why a speaker was recognised, or was not."),
    "backfill": Row(f"{_PLACE}.meetings:backfill", "Look for the known persons in old meetings."),
    "forget": Row(f"{_PLACE}.persons:forget", "Delete a profile; list the files that hold the name."),
    "export": Row(f"{_PLACE}.moving:export", "Write profiles to a file for another machine."),
    "import": Row(f"{_PLACE}.moving:import_", "Add the profiles of an exported file."),
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

Only enrolled persons, with a record of their consent, are recognised, and only if a run requests it: --profiles
suggests names, which a person confirms; --identify also assigns certain names. Voiceprints stay on this machine,
readable by you only.
"""


@click.group(cls=LazyGroup, table=COMMANDS, epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Recognise the same persons across meetings, by their consent."""
