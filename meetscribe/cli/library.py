"""Shared parts of the library's commands: the option for its location, opening it, and adding the files of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

from meetscribe.cli.display import messages
from meetscribe.cli.options import STDOUT
from meetscribe.cli.sections import OUTPUT, option
from meetscribe.corpus.remote import Location, RemoteFile
from meetscribe.errors import MeetscribeError
from meetscribe.formats import parse_names
from meetscribe.formats.converting import format_by_suffix
from meetscribe.library.settings import LibrarySettings
from meetscribe.settings.other_tables import load_table

if TYPE_CHECKING:
    from meetscribe.library import FileResult, Library

C = TypeVar("C", bound="Callable[..., Any]")

AddOutputs: TypeAlias = Callable[[Iterable[str]], None]
"""Adds the transcript among the output files of a recording to the library."""


def library_option(command: C) -> C:
    """Add --library LOCATION to a command, which receives it as `location`."""
    return _LIBRARY(command)


def add_to_library_option(command: C) -> C:
    """Add the switch --library to a command that writes transcripts, which receives it as `to_library`."""
    return _ADD(command)


@contextmanager
def opened_library(location: str | None, *, refresh: bool = True, create: bool = True) -> Iterator[Library]:
    """Yield the library at a location, by default from the settings; `refresh` first reads changed files.

    Without `create`, a library that does not exist is not created: an empty temporary one is yielded.
    """
    from meetscribe.library import open_library  # imports the stemmers of all languages
    from meetscribe.library.stores.opening import library_exists

    overrides = {"location": location} if location else {}
    settings = load_table("library", LibrarySettings, overrides=overrides)
    with ExitStack() as stack:
        found = settings.resolved_location
        if not (create or library_exists(found)):
            found = str(Path(stack.enter_context(TemporaryDirectory())) / "library.db")
        library = stack.enter_context(open_library(found, semantic=settings.semantic))
        for notice in library.notices:
            messages.warning(notice.text)
        for result in library.refresh() if refresh else ():
            if result.outcome == "failed":
                messages.warning(
                    f"{result.path} changed and cannot be read, so its previous content is used: {result.reason}"
                )
        yield library


@contextmanager
def library_of_run(given: Mapping[str, Any], recordings: Sequence[Location] = ()) -> Iterator[AddOutputs]:
    """Yield a function that adds the transcripts of a run to the library, or does nothing without --library.

    The library is opened before the run, so that a problem is reported at once: raises the UsageError of
    `require_native_json`, and OutputError if the library cannot be opened.
    """
    require_native_json(given, recordings)
    if not given.get("to_library"):
        yield lambda outputs: None
        return
    with opened_library(None, refresh=False) as library:
        yield lambda outputs: _add_outputs(library, outputs)


def require_native_json(given: Mapping[str, Any], recordings: Sequence[Location] = ()) -> None:
    """Raise UsageError if --library is given and the run does not write native JSON to a local folder.

    With --beside, the files are written beside `recordings`, and -o is ignored.
    """
    if not given.get("to_library"):
        return
    places = recordings if given.get("beside") else (given["output"],)
    if "json" not in parse_names(given["formats"]) or STDOUT in map(str, places):
        raise click.UsageError("--library requires an output file in the format json.")
    if any(isinstance(place, RemoteFile) for place in places):
        raise click.UsageError("--library requires an output folder on this machine.")


def _add_outputs(library: Library, outputs: Iterable[str]) -> None:
    """Add the native JSON among output files; print a warning on failure, because the files are already written."""
    files = [Path(path) for path in outputs if (row := format_by_suffix(path)) is not None and row.name == "json"]
    try:
        for result in library.add(files, replace=True):
            if result.outcome == "failed":
                messages.warning(f"{result.path} was not added to the library: {result.reason}")
    except MeetscribeError as error:
        messages.warning(f"the transcript was not added to the library: {error.message}")


def print_result(result: FileResult) -> None:
    """Print the result for a file: its meeting on stdout or, if it failed or was left out, the problem on stderr."""
    if result.meeting is None or result.outcome in ("failed", "skipped", "duplicate"):
        print_problem(result)
    else:
        click.echo(f"{result.outcome:<9}  {result.meeting.id}  {result.meeting.title}")


def print_problem(result: FileResult) -> None:
    """Print on stderr why a file was not added, or not read again: a note for a skipped file, a warning for others."""
    text = result.reason if result.path in result.reason else f"{result.path}: {result.reason}"
    if result.outcome == "skipped":
        messages.info(f"skipped {text}")
    else:
        messages.warning(text)


_LIBRARY = option(
    "--library",
    "location",
    metavar="LOCATION",
    help="File of the library, or postgresql://USER@HOST/DATABASE.  [default: library.location in the settings, or "
    "library.db in the user's data folder]",
)
_ADD = option(
    "--library",
    "to_library",
    is_flag=True,
    section=OUTPUT,
    help="Also add the transcript to the library (see meetscribe library).",
)
