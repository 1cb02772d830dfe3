"""Record a source, show it, and make its final transcript."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meetscribe.cli.display import messages
from meetscribe.cli.keyboard import Keyboard

if TYPE_CHECKING:
    from meetscribe.cli.display.live_display import LiveDisplay
    from meetscribe.live.protocols import Source
    from meetscribe.live.running import LiveModels, LiveRun, RunOptions


def run_source(options: RunOptions, models: LiveModels, source: Source, given: Mapping[str, Any]) -> None:
    """Record a source, show it, make its final transcript, and write its files."""
    run, _ = record_source(options, models, source, given)
    try:
        if run.refines:
            _refine(run, given)
    finally:
        run.close()
    print_files(options)


def record_source(
    options: RunOptions, models: LiveModels, source: Source, given: Mapping[str, Any], *listeners: Any
) -> tuple[LiveRun, bool]:
    """Record a source, show it, and write its live transcript; `listeners` receive the events too.

    Return the run, which is still open, and whether Ctrl-C ended it.
    """
    from meetscribe.live.running import LiveRun

    display = _display(options, models, source, given)
    run = LiveRun(options, models, source, [display.show, *listeners])
    try:
        return run, _record(run, display, given)
    except BaseException:
        run.close()
        raise


def print_files(options: RunOptions) -> None:
    """Print the files and the session folder of a run."""
    for file in options.outputs.files.values():
        messages.info(f"wrote {file}")
    if options.folder is not None:
        messages.info(f"the recording is in {options.folder}")


def _record(run: LiveRun, display: LiveDisplay, given: Mapping[str, Any]) -> bool:
    """Record and show a run until it ends or is stopped, and commit all words; return whether Ctrl-C stopped it."""
    from meetscribe.live.running import execute

    interrupted = False
    display.note("ready" if given["as_json"] or not sys.stdout.isatty() else "ready; type help for the commands")
    try:
        with Keyboard(lambda line: display.note(execute(line, run.session, run.stop)), display.typed):
            try:
                run.record()
            except KeyboardInterrupt:
                interrupted = True
                display.note("stopping")
            finally:
                _finish(run)
    finally:
        display.close()
    return interrupted


def _finish(run: LiveRun) -> None:
    """Commit all words; Ctrl-C during this skips the refinement, not the commit."""
    while True:
        try:
            run.finish()
            return
        except KeyboardInterrupt:
            run.skip_refinement()


def _refine(run: LiveRun, given: Mapping[str, Any]) -> None:
    """Run the pipeline over the recording; Ctrl-C keeps the live transcript."""
    from meetscribe.cli.display.run_progress import run_progress

    folder = run.options.folder
    assert folder is not None
    messages.info("the live transcript is written; making the final one (Ctrl-C keeps the live one)")
    try:
        with run_progress(given, folder, cached=run.options.settings.run.cache) as progress:
            transcript = run.refine(progress)
    except KeyboardInterrupt:
        messages.info(f"the live transcript is kept; meetscribe run {folder} makes the final one")
        return
    for notice in transcript.meta.notices:
        messages.warning(notice.text)


def _display(options: RunOptions, models: LiveModels, source: Source, given: Mapping[str, Any]) -> LiveDisplay:
    """Return the display: JSON Lines with --json, redrawn lines on a terminal, and plain lines otherwise."""
    from meetscribe.cli.display.live_display import JsonDisplay, PlainDisplay, TerminalDisplay
    from meetscribe.live.recording.event_log import read_log
    from meetscribe.live.running import LineFeed
    from meetscribe.live.transcript import LiveTranscript
    from meetscribe.transcript.display import clock

    if given["as_json"]:
        return JsonDisplay(quiet=given["quiet"])
    shown = LiveTranscript()
    if options.resume and options.folder is not None:
        shown = shown.apply_all(read_log(options.folder))
        messages.info(f"continuing {options.folder} at {clock(shown.time)}")
    feed = LineFeed(speakers=models.diarizer is not None, patient=source.patient)
    if sys.stdout.isatty() and messages.is_terminal():
        return TerminalDisplay(shown, feed)
    return PlainDisplay(shown, feed, quiet=given["quiet"])
