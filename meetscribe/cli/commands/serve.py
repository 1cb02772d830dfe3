"""`meetscribe serve`: the server and its page."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.flags import SERVING, extract_table, settings_flags, settings_from
from meetscribe.cli.options import general_options
from meetscribe.cli.sections import OUTPUT, SectionedCommand, option
from meetscribe.errors import SettingsError

if TYPE_CHECKING:
    from meetscribe.server.settings import ServerSettings

PACKAGES = {"starlette": "starlette", "uvicorn": "uvicorn", "websockets": "websockets", "multipart": "python-multipart"}
"""The optional packages that the server imports, with their names for pip."""

EPILOG = """\b
Examples:
  meetscribe serve
  meetscribe serve --port 9000 --model small
  MEETSCRIBE_SERVER__TOKEN=… meetscribe serve --host 0.0.0.0
  curl -F file=@talk.mp3 http://127.0.0.1:8571/v1/audio/transcriptions

\b
Settings of the server, with --set, in the table [server] of a settings file, or as variables MEETSCRIBE_SERVER__…:
  host, port, token (not with --set), hosts, folder, inputs, models, jobs, max_live, live_grace, max_upload_mb,
  max_uploads, upload_hours, max_jobs, keep_days, mcp
  For example --set server.max_upload_mb=500; README.md of meetscribe/server describes each.
  The table [live] applies to live sessions, for example --set live.step=2; see README.md of meetscribe/live.
"""

HINTS = {
    "--token": "Set the variable MEETSCRIBE_SERVER__TOKEN, or server.token in a settings file.",
    "--max-upload-mb": "Use --set server.max_upload_mb=500, for 500 MB.",
}
"""Advice for options that users expect but that do not exist."""


@click.command(cls=SectionedCommand, epilog=EPILOG, hints=HINTS)
@option("--host", section=OUTPUT, metavar="ADDRESS", help="Address to listen on.  [default: 127.0.0.1]")
@option("--port", type=int, section=OUTPUT, metavar="N", help="Port to listen on; 0 for a free one.  [default: 8571]")
@option("--folder", section=OUTPUT, metavar="FOLDER", help="Folder for jobs, uploads and transcripts.")
@option("--jobs", type=click.IntRange(1), section=OUTPUT, metavar="N", help="Recordings to process in parallel.")
@option("--inputs", section=OUTPUT, metavar="FOLDER,…", help="Folders whose recordings clients may transcribe.")
@settings_flags(SERVING)
@general_options
def command(**given: Any) -> None:
    """Serve a web page, jobs and an OpenAI-compatible API until Ctrl-C.

    Open the printed address in a browser to upload recordings, follow their transcription, name the speakers, and
    correct and export transcripts. Programs use /v1/audio/transcriptions or /api/jobs.

    Only this machine can connect, unless --host or server.host is an address that others can reach. Clients must then
    send a token.
    """
    _require_packages()
    from meetscribe.live.settings import load_live_settings
    from meetscribe.server.logs import log_to_stderr
    from meetscribe.server.memory import check_memory
    from meetscribe.server.running import serve

    server, given = _server_settings(given)
    chosen_live, given = extract_table("live", given)
    settings = settings_from(given)
    live = load_live_settings(settings, given["config"], chosen_live)
    memory = check_memory(server, settings)
    log_to_stderr(quiet=given["quiet"])

    def report(address: str) -> None:
        messages.info(f"serving at {address}  (Ctrl-C ends)")
        messages.info(memory)

    serve(server, settings, report, live)


def _server_settings(given: Mapping[str, Any]) -> tuple[ServerSettings, dict[str, Any]]:
    """Return the settings of the server, and the options without them; warn of a token that others can read.

    Raises SettingsError for invalid settings, and for a token in an argument.
    """
    from meetscribe.server.settings import ServerSettings
    from meetscribe.settings.other_tables import exposed_secrets, load_table

    chosen, others = extract_table("server", given)
    if "token" in chosen:
        raise SettingsError("arguments of a command are visible to other users of this machine", HINTS["--token"])
    names = ("host", "port", "folder", "jobs", "inputs")
    chosen |= {name: str(others[name]) for name in names if others[name] is not None}
    for file in exposed_secrets("server", ServerSettings, others["config"]):
        remedy = f"Run: chmod 600 {file}, or use the variable MEETSCRIBE_SERVER__TOKEN."
        messages.warning(f"every user of this machine can read the token in {file}\n{remedy}")
    return load_table("server", ServerSettings, others["config"], chosen), others


def _require_packages() -> None:
    """Raise SettingsError if a package of the server is missing."""
    missing = [pip for module, pip in PACKAGES.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise SettingsError(f"the server needs {', '.join(missing)}", f"Run: pip install {' '.join(missing)}")
