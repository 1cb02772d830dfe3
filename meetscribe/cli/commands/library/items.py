"""`meetscribe library items`: actions and decisions, with their status in later meetings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.share_bar import share_bar
from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import general_options, json_option
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.meetings.follow_up.collecting import items
from meetscribe.meetings.follow_up.documents import item_values
from meetscribe.meetings.follow_up.values import ItemStatus, MeetingItem
from meetscribe.transcript.display import clock

EPILOG = """\b
Examples:
  meetscribe library items --owner Anna --open
  meetscribe library items --contradicted --stale
  meetscribe library items after:2026-09 meeting:planning --json
  meetscribe library items --make

\b
Status:
  open          no later evidence; a decision still stands
  done          a later sentence, printed below, reports completion
  contradicted  a later decision on the same subject differs; review both
  stale         not mentioned in two further meetings that the owner attended

"perhaps" marks a suggested status: fewer than 90 % of such statuses were right when measured.
"""


@click.command("items", cls=SectionedCommand, epilog=EPILOG)
@click.argument("query", nargs=-1)
@option("--owner", metavar="NAME", help="Only actions of this person; part of the name suffices.")
@option("--open", "statuses", flag_value="open", multiple=True, help="Only open items.")
@option(
    "--done",
    "statuses",
    flag_value="done",
    multiple=True,
    help="Only items that are done; combines with --open.",
)
@option("--stale", "statuses", flag_value="stale", multiple=True, help="Only stale items; combines with the others.")
@option("--contradicted", "statuses", flag_value="contradicted", multiple=True, help="Only contradicted decisions.")
@option("--make", is_flag=True, help="Write missing minutes by rules, and save them beside the transcripts.")
@library_option
@json_option
@general_options
def items_(
    query: Sequence[str], statuses: tuple[ItemStatus, ...], location: str | None, as_json: bool, **given: Any
) -> None:
    """List the agreed actions and the decisions of the library's meetings, with their status in later meetings.

    They are read from the minutes beside the transcripts: X.minutes.json beside X.json. QUERY selects meetings by
    fields, as for list. Each item is printed with an id for meetscribe library open. Restricted meetings, and meetings
    whose file is missing, are excluded.
    """
    with opened_library(location) as library, share_bar("reading the meetings", hidden=given["quiet"]) as show:
        found = items(
            library, given["owner"], statuses or None, query=" ".join(query), make=given["make"], progress=show
        )
    if as_json:
        click.echo(json.dumps([item_values(item) for item in found], ensure_ascii=False, indent=1))
        return
    for item in found:
        _print(item)
    if not found:
        messages.info("no agreed action or decision matches; --make writes the minutes of meetings that have none")


def _print(item: MeetingItem) -> None:
    """Print an item with its place, and its evidence below."""
    due = f"due {item.due.day or item.due.said}" if item.due else ""
    facts = (item.kind, ", ".join(item.owners), due)
    click.echo(f"{click.style(item.status_text, bold=True)}: {item.text}  ({'; '.join(filter(None, facts))})")
    click.echo(f"    {_place(item.hit, item.meeting.title, item.meeting.day, item.start)}")
    for evidence in item.evidence:
        meeting, speaker = evidence.meeting, f"{evidence.speaker}: " if evidence.speaker else ""
        place = _place(evidence.hit, meeting.title, meeting.day, evidence.start)
        click.echo(f"    {place}  {speaker}{evidence.quote}")


def _place(hit: str, title: str, day: str | None, start: float) -> str:
    """Return the place of a passage as text: its id, the title and day of the meeting, and its start."""
    return "  ".join(filter(None, (click.style(hit, fg="cyan"), title, day, clock(start))))
