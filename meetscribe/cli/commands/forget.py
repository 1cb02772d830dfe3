"""`meetscribe forget`: remove the stored data of a meeting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import general_options, json_option
from meetscribe.cli.sections import SectionedCommand, option

EPILOG = """\b
Examples:
  meetscribe forget 3f9c02d4ab17 --dry-run
  meetscribe forget meeting.json --corpus corpus/
  meetscribe forget "Weekly planning" --files
  meetscribe forget meeting.json --server-folder /var/lib/meetscribe

Not removed: exports, reports, podcast files, minutes written elsewhere, voiceprints of enrolled people (meetscribe
profiles forget), and replies of language models in the cache folder, which do not name their meeting.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("meeting")
@option("--dry-run", is_flag=True, help="List the data that would be removed, and remove nothing.")
@option("--files", is_flag=True, help="Also delete the transcript and the recording.")
@option(
    "--corpus", "corpora", multiple=True, metavar="FOLDER", type=click.Path(path_type=Path),
    help="Also remove its rows from this corpus. Repeatable.",
)  # fmt: skip
@option(
    "--server-folder", metavar="FOLDER",
    help="Folder of the server, as in meetscribe serve --folder.  [default: server.folder in the settings, or server "
    "in the user's data folder]",
)  # fmt: skip
@library_option
@json_option
@general_options
def command(meeting: str, location: str | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Remove the stored data of MEETING, except its transcript and recording.

    MEETING is a meeting of the library (id, title or path) or the path of a transcript. The command removes, and lists,
    the stage results in the cache, the entry in the library, the minutes beside the transcript (NAME.minutes.json and
    the other formats), voiceprints of unnamed speakers, and ended jobs of the server on this machine.
    """
    from meetscribe.meetings.traces import KnownMeeting, find_traces
    from meetscribe.server.jobs.files import server_folder
    from meetscribe.server.jobs.traces import job_traces
    from meetscribe.server.settings import ServerSettings
    from meetscribe.settings.other_tables import load_table

    folder = given["server_folder"]
    server = load_table("server", ServerSettings, overrides={"folder": folder} if folder else {})
    with opened_library(location, refresh=False, create=False) as library:
        known = KnownMeeting.find(meeting, library)
        found = [*job_traces(known.recording, server)]
        found += find_traces(known, library, given["corpora"], files=given["files"])
        for trace in found:
            if not given["dry_run"]:
                trace.remove()
            if not (as_json or quiet):
                click.echo(f"{'would remove' if given['dry_run'] else 'removed'}  {trace.place:<11}  {trace.what}")
    if as_json:
        rows = [{"place": trace.place, "what": trace.what} for trace in found]
        click.echo(json.dumps({"dry_run": given["dry_run"], "traces": rows}, ensure_ascii=False, indent=1))
    elif not found:
        messages.info(_nothing_stored(given["corpora"], server_folder(server)))


def _nothing_stored(corpora: Sequence[Path], folder: Path) -> str:
    """Return the note that nothing is stored about a meeting, with the places that were searched."""
    searched = "".join(f", the corpus {corpus}" for corpus in corpora)
    return (
        "nothing is stored about this meeting in the cache, the library, the minutes beside the transcript, the "
        f"voiceprints of unnamed speakers{searched} and the server folder {folder}"
    )
