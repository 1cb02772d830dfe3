"""`meetscribe library mcp`: read access to the library for assistants."""

from __future__ import annotations

import sys

import click

from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import message_options
from meetscribe.cli.sections import SectionedCommand

EPILOG = """\b
Example, in the settings of a client:
  {"mcpServers":
    {"meetings": {"command": "meetscribe", "args": ["library", "mcp"]}}}

Tools: search, fetch, context, list_meetings, items. Restricted meetings, and meetings whose file is missing, are
excluded. The tools change no file, and return no path, audio or voiceprint. If meetscribe serve runs on 127.0.0.1 with
server.mcp = true in its settings, the same tools are at http://127.0.0.1:8571/mcp.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@library_option
@message_options
def mcp(location: str | None) -> None:
    """Let an assistant search and read the library, through the Model Context Protocol on stdin and stdout.

    The client starts this command; its messages are printed on stderr.
    """
    from meetscribe.meetings.mcp import Endpoint, serve_stdio

    with opened_library(location) as library:
        serve_stdio(Endpoint(library), sys.stdin.buffer, sys.stdout.buffer)
