"""What the command line says on stderr: errors, warnings, and passages to look at; transcripts go to stdout."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import click

from meetscribe.errors import MeetscribeError, first_line

if TYPE_CHECKING:
    from meetscribe.transcript import Finding

_FORESEEN = "meetscribe.interruption"  # where a command's context keeps what Ctrl-C leaves
_MOST_FINDINGS = 10
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COLORS = {"error": "red", "warning": "yellow"}


def say(text: str, kind: str = "") -> None:
    """Print a line on stderr, after its kind ("error" or "warning") if it has one; nothing in it steers a terminal."""
    start = click.style(f"{kind}:", fg=_COLORS[kind], bold=True) + " " if kind else ""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    # Not `err=True`, which would pass by the bars that take what is written to sys.stderr while they move.
    click.echo(f"{start}{_CONTROLS.sub('', text)}", file=sys.stderr, color=False if plain else None)


def is_terminal() -> bool:
    """Whether stderr is a terminal on which things can move."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def findings(found: Sequence[Finding]) -> None:
    """Print a line for each passage to look at, up to ten."""
    from meetscribe.text.whitespace import one_line
    from meetscribe.transcript.display import clock

    for finding in found[:_MOST_FINDINGS]:
        text = f" “{one_line(finding.text)}”" if finding.text else ""
        say(f"  [{clock(finding.start)}] {finding.kind}{text}: {one_line(finding.reason)}")
    if len(found) > _MOST_FINDINGS:
        say(f"  and {len(found) - _MOST_FINDINGS} more, in the JSON")


def failure(error: MeetscribeError, debug: bool) -> None:
    """Print what went wrong and what to do about it; where in the code, only if asked for."""
    if debug:
        click.echo(traceback.format_exc(), err=True)
    say(str(error), "error")


def foresee_interruption(left: str) -> None:
    """Have Ctrl-C, from now on, tell what it leaves behind."""
    click.get_current_context().meta[_FORESEEN] = left


def interruption(ctx: click.Context) -> None:
    """Print that a command was interrupted, and what it leaves behind if that was foreseen."""
    say(": ".join(part for part in ("interrupted", ctx.meta.get(_FORESEEN)) if part))


def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what nobody foresaw in one line, as an excepthook; Python's exit code is then 1."""
    reason = first_line(error, "no reason given")
    say(
        f"{kind.__name__}: {reason}\nThis was not expected. Run again with --debug to see where it happened.",
        "error",
    )
