"""`meetscribe library add`, `remove`, `restrict` and `reindex`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.share_bar import share_bar
from meetscribe.cli.library import library_option, opened_library, print_problem, print_result
from meetscribe.cli.options import general_options, json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import IncompleteError, InputError
from meetscribe.formats.recording_files import transcript_files_below
from meetscribe.library import FileResult, Library
from meetscribe.library.documents import file_values
from meetscribe.storage.files import is_folder


@click.command(cls=SectionedCommand)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--replace", is_flag=True, help="Replace an earlier transcript of the same recording.")
@library_option
@json_option
@general_options
def add(paths: tuple[Path, ...], replace: bool, location: str | None, as_json: bool, quiet: bool) -> None:
    """Add the transcripts at PATH to the library.

    PATH is a transcript in any format that meetscribe reads, or a folder, which is searched with its subfolders; Word
    documents and files with turns only are left out there. If a transcript exists in several formats, the most
    detailed is added. Files that are already in the library are read only if they changed. Ctrl-C keeps the files
    added so far.
    """
    messages.set_interruption_note("run the same command again to add the rest")
    with opened_library(location, refresh=False) as library:
        results = list(_print_each(_add(library, paths, replace), as_json, quiet))
    _finish(results, as_json)


@click.command(cls=SectionedCommand)
@click.argument("meetings", metavar="MEETING...", nargs=-1, required=True)
@library_option
@message_options
def remove(meetings: tuple[str, ...], location: str | None) -> None:
    """Remove MEETING from the library.

    The transcript and the recording stay. A restricted meeting stays restricted if it is added again.
    """
    with opened_library(location, refresh=False) as library:
        for meeting in [library.meeting(text) for text in meetings]:
            library.remove(meeting)
            messages.info(f"removed {meeting.id} {meeting.title}; {meeting.source.path} stays")


@click.command(cls=SectionedCommand)
@click.argument("meetings", metavar="MEETING...", nargs=-1, required=True)
@option("--open", "lift", is_flag=True, help="Lift the restriction.")
@library_option
@message_options
def restrict(meetings: tuple[str, ...], lift: bool, location: str | None) -> None:
    """Hide MEETING from searches, items and assistants.

    It remains visible in show and open, and in list and export with --restricted.
    """
    with opened_library(location, refresh=False) as library:
        for meeting in [library.meeting(text) for text in meetings]:
            library.set_access(meeting, "open" if lift else "restricted")
            messages.info(f"{meeting.id} {meeting.title} is {'open' if lift else 'restricted'}")


@click.command(cls=SectionedCommand)
@click.argument("folders", metavar="[FOLDER...]", nargs=-1, type=click.Path(path_type=Path))
@option("--rebuild", is_flag=True, help="Read all files and rebuild the whole index.")
@library_option
@json_option
@general_options
def reindex(folders: tuple[Path, ...], rebuild: bool, location: str | None, as_json: bool, quiet: bool) -> None:
    """Read changed files, find moved files, and repair the index.

    Moved files are identified by their content, in FOLDER and in the folders of all other files of the library.
    """
    for folder in folders:
        if not is_folder(folder):
            raise InputError(f"{folder} is not a folder", "Give the folders to search for moved files.")
    with opened_library(location, refresh=False) as library, share_bar("building the index", hidden=quiet) as show:
        results = list(_print_each(library.reindex(folders, rebuild=rebuild, progress=show), as_json, quiet))
    _finish(results, as_json)


def _add(library: Library, paths: Iterable[Path], replace: bool) -> Iterator[FileResult]:
    """Add files and folders; files of a folder that are not transcripts are skipped."""
    for path in paths:
        if is_folder(path):
            yield from library.add(transcript_files_below(path), replace=replace, lenient=True)
        else:
            yield from library.add([path], replace=replace)


def _print_each(results: Iterable[FileResult], as_json: bool, quiet: bool) -> Iterator[FileResult]:
    """Yield the results and print each at once; with --json or --quiet, print only the problems."""
    for result in results:
        if as_json or quiet:
            if result.outcome in ("failed", "duplicate"):
                print_problem(result)
        else:
            print_result(result)
        yield result


def _finish(results: list[FileResult], as_json: bool) -> None:
    """Print the results as JSON, or their counts; raises InputError or IncompleteError if files failed."""
    counts = Counter(result.outcome for result in results)
    if as_json:
        click.echo(json.dumps([file_values(result) for result in results], ensure_ascii=False, indent=1))
    else:
        text = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        messages.info(text or "nothing to do")
    if counts["failed"] == len(results) > 0:
        raise InputError("no file could be read", "Check the paths; meetscribe formats lists what can be read.")
    if counts["failed"]:
        raise IncompleteError(f"{counts['failed']} of {len(results)} files could not be read")
