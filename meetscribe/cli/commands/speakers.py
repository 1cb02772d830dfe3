"""`meetscribe speakers`: who is who in a saved transcript, and corrections of it that stay; nothing is heard again."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from meetscribe.errors import InputError, MeetscribeError

if TYPE_CHECKING:
    from meetscribe.transcript import Transcript

EXAMPLES = """\b
Examples:
  meetscribe speakers list meeting.json
  meetscribe speakers rename meeting.json SPEAKER_00=Anna SPEAKER_01="Ben Berg"
  meetscribe speakers merge meeting.json Anna SPEAKER_02
  meetscribe speakers assign meeting.json 12:03-12:10 Ben
  meetscribe speakers undo meeting.json

Corrections lie over what was found, in the same file: they can be undone, and go on into the next run.
"""

_TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)"
_SPAN = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}")


@click.group(epilog=EXAMPLES)
def group() -> None:
    """Who is who in a transcript, and corrections that stay.

    A speaker is named by label (SPEAKER_00) or by the name so far, in upper or lower case.
    """


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The speakers of the file that may be meant, for a shell that completes names."""
    from meetscribe.formats import load
    from meetscribe.transcript.editing import speakers_of

    try:
        speakers = speakers_of(load(ctx.params["file"]))
    except (KeyError, TypeError, MeetscribeError):
        return []
    known = dict.fromkeys(word for speaker in speakers for word in (speaker.name, speaker.label))
    return [CompletionItem(word) for word in known if word.casefold().startswith(incomplete.casefold())]


_FILE = click.argument("file", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="as JSON")


@group.command("list")
@_FILE
@_JSON
def list_(file: Path, as_json: bool) -> None:
    """List the speakers of FILE: label, name, talk time, words, and how each begins.

    FILE is a transcript in any format that meetscribe reads. The talk time is that of a speaker's segments.
    """
    from meetscribe.cli.display import messages
    from meetscribe.formats import load
    from meetscribe.transcript.display import clock
    from meetscribe.transcript.editing import speakers_of

    transcript = load(file)
    speakers = speakers_of(transcript)
    head = ("label", "name", "talk time", "words", "first words")
    rows = [(one.label, one.name, clock(one.seconds), str(one.words), one.first) for one in speakers]
    _print([asdict(one) for one in speakers], (head, *rows), as_json)
    if unknown := len(transcript.words) - sum(one.words for one in speakers):
        messages.say(f"words without a speaker: {unknown}")


@group.command()
@_FILE
@_JSON
def log(file: Path, as_json: bool) -> None:
    """List the corrections of FILE, the first ones first, with the time (UTC) at which each was made."""
    from meetscribe.formats import load
    from meetscribe.transcript.editing import described

    edits = load(file).meta.edits
    head = ("number", "made", "correction")
    rows = [
        (str(number), (edit.made or "").replace("T", " ").removesuffix("+00:00"), described(edit))
        for number, edit in enumerate(edits, start=1)
    ]
    _print([{"kind": edit.kind, **asdict(edit)} for edit in edits], (head, *rows), as_json)


@group.command()
@_FILE
@click.argument("names", nargs=-1, required=True, metavar="SPEAKER=NAME...", shell_complete=_complete)
@click.option("--merge", is_flag=True, help="who gets the name of another is that person")
def rename(file: Path, names: tuple[str, ...], merge: bool) -> None:
    """Give speakers of FILE their names.

    All names are given at once, so that two can be exchanged. Nobody gets the name of another without --merge; on a
    terminal you are asked.
    """
    from meetscribe.transcript.editing import clashes

    pairs = dict(_pair(text) for text in names)
    before = _load(file)
    merge = merge or all(_are_one(name, labels) for name, labels in clashes(before, pairs).items())
    _save(file, before, before.rename(pairs, merge=merge))


@group.command()
@_FILE
@click.argument("first", shell_complete=_complete)
@click.argument("others", nargs=-1, required=True, shell_complete=_complete)
def merge(file: Path, first: str, others: tuple[str, ...]) -> None:
    """Make the OTHERS of FILE the FIRST speaker, who keeps label and name."""
    before = _load(file)
    _save(file, before, before.merge(first, *others))


@group.command()
@_FILE
@click.argument("times", metavar="START-END")
@click.argument("speaker", shell_complete=_complete)
def assign(file: Path, times: str, speaker: str) -> None:
    """Give what is said from START to END in FILE to SPEAKER, who may be new.

    Times are such as 12:03-12:10, 1:02:03.5-1:02:07 or 723-730 (seconds). A word counts where its middle is.
    """
    from meetscribe.cli.display import messages
    from meetscribe.transcript.editing import speakers_of

    match = _SPAN.fullmatch(times.strip())
    if match is None:
        raise click.UsageError(f"{times!r} is no START-END: write it as 12:03-12:10.")
    start, end = _seconds(*match.groups()[:3]), _seconds(*match.groups()[3:])
    before = _load(file)
    after = before.assign(start, end, speaker)
    known, new = speakers_of(before), speakers_of(after)
    if len(new) > len(known):
        names = ", ".join(one.name for one in known)
        messages.say(f"{speaker} is a new speaker, beside {names}" if known else f"{speaker} is the first speaker")
    _save(file, before, after)


@group.command()
@_FILE
@click.argument("steps", type=click.IntRange(min=1), default=1)
def undo(file: Path, steps: int) -> None:
    """Take back the last correction of FILE, or the last STEPS."""
    before = _load(file)
    _save(file, before, before.undo(steps))


def _load(file: Path) -> Transcript:
    """The transcript in native JSON, which alone keeps corrections; raises InputError for another format."""
    from meetscribe.formats import load
    from meetscribe.formats.converting import format_by_suffix
    from meetscribe.formats.json import matches
    from meetscribe.formats.parts.document import Document
    from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file

    transcript = load(file)
    if not matches(Document(read_file(file, TRANSCRIPT_BYTES), str(file))):
        row = format_by_suffix(file)
        raise InputError(
            f"{file}: {row.name if row else 'this format'} does not keep corrections",
            f"Give the .json that meetscribe wrote, or make one: meetscribe export {file} -f json -o .",
        )
    return transcript


def _save(file: Path, before: Transcript, after: Transcript) -> None:
    """Write the file, and say what was corrected, and which exports are older than that."""
    from meetscribe.cli.display import messages
    from meetscribe.formats import FORMATS, save
    from meetscribe.publishing import destinations
    from meetscribe.transcript.editing import described

    old, new = before.meta.edits, after.meta.edits
    if old == new:
        messages.say("nothing to change")
        return
    save(after, file, "json")
    for edit in new[len(old) :]:
        messages.say(described(edit))
    for edit in reversed(old[len(new) :]):
        messages.say(f"undone: {described(edit)}")
    siblings = {name: file.with_suffix(row.suffixes[0]) for name, row in FORMATS.items() if row.writes}
    stale = [
        name for name, sibling in siblings.items() if name != "json" and destinations.is_ours(sibling, name, before)
    ]
    if stale:
        messages.say(f"not written again: {', '.join(siblings[name].name for name in stale)}; to do so:")
        again = ["export", str(file), "-f", ",".join(stale), "-o", str(file.parent), "--overwrite"]
        messages.say(f"  {shlex.join(['meetscribe', *again])}")


def _are_one(name: str, labels: Sequence[str]) -> bool:
    """Whether the speakers are one person, as somebody at the terminal says; no, where there is none."""
    first, *others = labels
    question = f"{', '.join(others)} would be {name} like {first}. Are they one person?"
    return _on_a_terminal() and click.confirm(question, err=True)


def _on_a_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _pair(text: str) -> tuple[str, str]:
    """The speaker and the name in SPEAKER=NAME; raises UsageError."""
    said, equals, name = text.partition("=")
    if not (said.strip() and equals and name.strip()):
        raise click.UsageError(f"{text!r} is no SPEAKER=NAME.")
    return said.strip(), name.strip()


def _seconds(hours: str | None, minutes: str | None, seconds: str) -> float:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def _print(values: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]], as_json: bool) -> None:
    """Print the values as JSON, or the rows as a table under their head, numbers to the right."""
    import json

    from rich.cells import cell_len

    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            " " * (width - cell_len(cell)) + cell if head in _RIGHT else cell + " " * (width - cell_len(cell))
            for head, cell, width in zip(rows[0], row, widths, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


_RIGHT = ("talk time", "words", "number")
