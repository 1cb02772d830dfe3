"""Serve the clients of `meetscribe live --listen`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from meetscribe.cli.commands.live.recording import print_files, record_source
from meetscribe.cli.display import messages
from meetscribe.errors import MeetscribeError

if TYPE_CHECKING:
    from meetscribe.live.running import LiveModels, LiveRun, Refinements, RunOptions
    from meetscribe.live.sources import TcpClient, TcpListener
    from meetscribe.transcript import Transcript


def listen(address: str) -> TcpListener:
    """Return a listener at HOST:PORT."""
    from meetscribe.live.sources import TcpListener, parse_address

    return TcpListener(*parse_address(address))


def serve(
    listener: TcpListener, models: LiveModels, given: Mapping[str, Any], options: Callable[[str], RunOptions]
) -> None:
    """Serve TCP clients one at a time until Ctrl-C; `options` returns the run options for the name of a client.

    The final transcripts are made while no client is connected, and after Ctrl-C; a second Ctrl-C skips them.
    """
    from meetscribe.live.running import Refinements

    refinements, interrupted = Refinements(partial(_report_refinement, quiet=given["quiet"])), False
    messages.info(f"ready: listening at {listener.host}:{listener.port}")
    with suppress(KeyboardInterrupt):
        while not interrupted:
            client = listener.accept()
            with refinements.suspended():
                interrupted = _serve_client(client, models, given, options, refinements)
    listener.close()
    if refinements.open:
        messages.info("making the final transcripts (Ctrl-C keeps the live ones)")
    with suppress(KeyboardInterrupt):
        refinements.finish()


def _serve_client(
    client: TcpClient,
    models: LiveModels,
    given: Mapping[str, Any],
    options: Callable[[str], RunOptions],
    refinements: Refinements,
) -> bool:
    """Record a client until it disconnects, and print errors; return whether Ctrl-C ended the recording."""
    try:
        chosen = options(f"client-{client.source.name}")
        run, interrupted = record_source(chosen, models, client.source, given, client.send)
    except MeetscribeError as error:
        messages.error(str(error))
        return False
    finally:
        client.close()
    print_files(chosen)
    refinements.add(run)
    return interrupted


def _report_refinement(run: LiveRun, result: Transcript | MeetscribeError, *, quiet: bool) -> None:
    """Print the error that prevented the final transcript of a client, or without `quiet` that it was written."""
    folder = run.options.folder
    if isinstance(result, MeetscribeError):
        messages.warning(f"the live transcript of {folder} is kept: {result.message}")
    elif not quiet:
        messages.info(f"wrote the final transcript of {folder}")
