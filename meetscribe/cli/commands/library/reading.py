"""`meetscribe library list`, `show` and `export`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import STDOUT, json_option, message_options, overwrite_option
from meetscribe.cli.sections import OUTPUT, SectionedCommand, option
from meetscribe.cli.transcripts import require_new
from meetscribe.formats import write_file
from meetscribe.library import Library, Meeting
from meetscribe.library.documents import meeting_values, passage_values
from meetscribe.transcript.display import clock

SCHEMA = "meetscribe-library/1"
"""The schema of the lines that `export` writes."""

_restricted_option = option(
    "--restricted",
    is_flag=True,
    section=OUTPUT,
    help="Include restricted meetings, and meetings whose file is missing.",
)


@click.command("list", cls=SectionedCommand)
@click.argument("query", nargs=-1)
@_restricted_option
@library_option
@json_option
@message_options
def list_(query: tuple[str, ...], restricted: bool, location: str | None, as_json: bool) -> None:
    """List the meetings of the library, the latest first.

    QUERY selects meetings by fields: speaker:Anna after:2026-09 before:2026-12 lang:de meeting:planning.
    """
    with opened_library(location) as library:
        meetings = library.meetings(" ".join(query), hidden=restricted)
    if as_json:
        click.echo(json.dumps([meeting_values(meeting) for meeting in meetings], ensure_ascii=False, indent=1))
        return
    rows = [
        (
            meeting.id,
            meeting.day or "",
            clock(meeting.duration),
            meeting.language,
            f"{meeting.title}{_state(meeting)}",
            ", ".join(meeting.people),
        )
        for meeting in meetings
    ]
    print_columns(("id", "date", "duration", "language", "title", "people"), rows, right=(2,))


@click.command(cls=SectionedCommand)
@click.argument("meeting")
@library_option
@json_option
@message_options
def show(meeting: str, location: str | None, as_json: bool) -> None:
    """Show MEETING: title, date, people and all passages."""
    with opened_library(location) as library:
        found = library.meeting(meeting)
        passages = library.passages(found)
    if as_json:
        values = {**meeting_values(found), "text": [passage_values(passage) for passage in passages]}
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    facts = (found.recorded_at, clock(found.duration), found.language, f"id {found.id}")
    click.echo(f"{found.title}{_state(found)}\n{', '.join(fact for fact in facts if fact)}\n{found.source.path}\n")
    people = [(speaker.name, clock(speaker.seconds), str(speaker.words)) for speaker in found.speakers]
    if people:
        print_columns(("speaker", "talk time", "words"), people, right=(1, 2))
        click.echo()
    for passage in passages:
        click.echo(f"[{clock(passage.start)}] {f'{passage.speaker}: ' if passage.speaker else ''}{passage.text}")


@click.command(cls=SectionedCommand)
@click.argument("query", nargs=-1)
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default=STDOUT,
    section=OUTPUT,
    help="Write to this file.  [default: stdout]",
)
@overwrite_option
@_restricted_option
@library_option
@message_options
def export(query: tuple[str, ...], output: Path, overwrite: bool, restricted: bool, location: str | None) -> None:
    """Write the meetings with their passages as JSON Lines, one meeting per line.

    QUERY selects meetings by fields, as for list.
    """
    require_new(output, overwrite)
    with opened_library(location) as library:
        lines = _lines(library, library.meetings(" ".join(query), hidden=restricted))
        if str(output) == STDOUT:
            for line in lines:
                click.echo(line)
        else:
            write_file(output, "".join(f"{line}\n" for line in lines).encode())


def _lines(library: Library, meetings: list[Meeting]) -> Iterator[str]:
    """Yield each meeting with its passages as JSON."""
    for meeting in meetings:
        text = [passage_values(passage) for passage in library.passages(meeting)]
        yield json.dumps({"schema": SCHEMA, **meeting_values(meeting), "text": text}, ensure_ascii=False)


def _state(meeting: Meeting) -> str:
    """Return " (restricted)", " (file missing)", both in one pair of parentheses, or ""."""
    states = ("restricted" if meeting.access != "open" else "", "" if meeting.available else "file missing")
    text = ", ".join(filter(None, states))
    return f" ({text})" if text else ""
