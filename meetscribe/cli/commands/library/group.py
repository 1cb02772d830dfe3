"""The group `meetscribe library`, whose commands are imported on demand."""

from __future__ import annotations

import click

from meetscribe.cli.lazy_group import LazyGroup, Row

_PLACE = "meetscribe.cli.commands.library"

COMMANDS = {
    "add": Row(f"{_PLACE}.changing:add", "Add transcripts, and those in folders."),
    "search": Row(f"{_PLACE}.searching:search", "Find passages by words, people and dates."),
    "open": Row(f"{_PLACE}.searching:open_", "Show or play the place of a hit."),
    "list": Row(f"{_PLACE}.reading:list_", "List the meetings."),
    "show": Row(f"{_PLACE}.reading:show", "Show a meeting, its people and its passages."),
    "items": Row(f"{_PLACE}.items:items_", "List actions and decisions, and what became of them."),
    "stats": Row(f"{_PLACE}.stats:stats_", "Compute who talks how much, over all meetings."),
    "export": Row(f"{_PLACE}.reading:export", "Write meetings and passages as JSON Lines."),
    "mcp": Row(f"{_PLACE}.assistants:mcp", "Let assistants search and read, by MCP."),
    "restrict": Row(f"{_PLACE}.changing:restrict", "Hide meetings from searches and assistants."),
    "remove": Row(f"{_PLACE}.changing:remove", "Remove meetings; their files stay."),
    "reindex": Row(f"{_PLACE}.changing:reindex", "Follow changed and moved files; repair the index."),
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
    """Find meetings by words, speakers and dates.

    MEETING is the id of a meeting or its beginning, the title or a part of it, or the path of the transcript.
    """
