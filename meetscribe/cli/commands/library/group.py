"""The group `meetscribe library`, whose commands are imported on demand."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PACKAGE = "meetscribe.cli.commands.library"

COMMANDS = {
    "add": Row(f"{_PACKAGE}.changing:add", "Add transcripts, and those in folders."),
    "search": Row(f"{_PACKAGE}.searching:search", "Find passages by words, people and dates."),
    "open": Row(f"{_PACKAGE}.searching:open_", "Show or play the passage of a hit."),
    "list": Row(f"{_PACKAGE}.reading:list_", "List the meetings."),
    "show": Row(f"{_PACKAGE}.reading:show", "Show a meeting, its people and its passages."),
    "items": Row(f"{_PACKAGE}.items:items_", "List agreed actions and decisions, with their status."),
    "stats": Row(f"{_PACKAGE}.stats:stats_", "Compute statistics over all meetings."),
    "export": Row(f"{_PACKAGE}.reading:export", "Write meetings and passages as JSON Lines."),
    "mcp": Row(f"{_PACKAGE}.assistants:mcp", "Let assistants search and read, through MCP."),
    "restrict": Row(f"{_PACKAGE}.changing:restrict", "Hide meetings from searches and assistants."),
    "remove": Row(f"{_PACKAGE}.changing:remove", "Remove meetings; their files stay."),
    "reindex": Row(f"{_PACKAGE}.changing:reindex", "Read changed files, find moved ones, repair the index."),
}
"""The commands of the library, in the order of the help. To add one, add its module and a row here."""

EPILOG = """\b
Examples:
  meetscribe library add ~/Transcripts
  meetscribe run meeting.mp4 --library
  meetscribe library search budget 'speaker:Anna' 'after:2026-09'
  meetscribe library search '"next year"' --json
  meetscribe library open 3f9c02d4ab17@754.2 --play
  meetscribe library list lang:de
  meetscribe library items --owner Anna --open
  meetscribe library restrict 3f9c02d4ab17

The transcripts stay where they are; the library is an index of them. It is the file library.db in the user's data
folder, unless library.location in the settings, or --library, names another file or a PostgreSQL database.
"""


@click.group(cls=LazyGroup, table=COMMANDS, epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Search past meetings by words, people and dates.

    MEETING is an id or its first characters, a title or part of a title, or the path of a transcript.
    """
