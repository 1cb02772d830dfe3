"""Messages on stderr: errors, warnings and notes; transcripts and results go to stdout."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence
from types import TracebackType

import click

from meetscribe.errors import MeetscribeError, first_line
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Finding
from meetscribe.transcript.display import clock

DEBUG = "meetscribe.debug"
"""The key in a context's `meta` under which --debug is stored."""

QUIET = "meetscribe.quiet"
"""The key in a context's `meta` under which --quiet is stored."""

_INTERRUPTION = "meetscribe.interruption"  # the key of the note printed after Ctrl-C
_INTERRUPTION_CODE = "meetscribe.interruption-code"  # the key of the exit code
_MAX_FINDINGS = 10
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def info(text: str) -> None:
    """Print a line on stderr, without control characters; with --quiet, print nothing."""
    context = click.get_current_context(silent=True)
    if context is None or QUIET not in context.meta:
        _print(text)


def warning(text: str) -> None:
    """Print a warning on stderr."""
    _print(text, "warning", "yellow")


def error(text: str) -> None:
    """Print an error on stderr."""
    _print(text, "error", "red")


def is_terminal() -> bool:
    """Return whether stderr is a terminal that can move the cursor."""
    return sys.stderr.isatty() and not _is_dumb()


def is_plain() -> bool:
    """Return whether the environment forbids colours."""
    return bool(os.environ.get("NO_COLOR")) or _is_dumb()


def print_findings(findings: Sequence[Finding]) -> None:
    """Print a line for each of the first ten findings, and the number of the others."""
    for finding in findings[:_MAX_FINDINGS]:
        text = f" “{one_line(finding.text)}”" if finding.text else ""
        info(f"  [{clock(finding.start)}] {finding.kind}{text}: {one_line(finding.reason)}")
    if len(findings) > _MAX_FINDINGS:
        info(f"  and {len(findings) - _MAX_FINDINGS} more; native JSON lists them all")


def print_error(raised: MeetscribeError, debug: bool) -> None:
    """Print an error with its remedy, after the traceback if `debug`."""
    if debug:
        click.echo(traceback.format_exc(), err=True)
    error(str(raised))


def set_interruption_note(note: str) -> None:
    """Set the note that is printed if the current command is interrupted."""
    click.get_current_context().meta[_INTERRUPTION] = note


def set_interruption_code(code: int) -> None:
    """Set the exit code of the current command, if there is one, for an interruption."""
    if (ctx := click.get_current_context(silent=True)) is not None:
        ctx.meta[_INTERRUPTION_CODE] = code


def interruption_code(ctx: click.Context) -> int:
    """Return the exit code of an interrupted command, by default that of Ctrl-C."""
    return int(ctx.meta.get(_INTERRUPTION_CODE, 130))


def print_interruption(ctx: click.Context) -> None:
    """Print "interrupted", followed by the note of the command if it has one."""
    info(": ".join(part for part in ("interrupted", ctx.meta.get(_INTERRUPTION)) if part))


def print_unexpected_error(kind: type[BaseException], raised: BaseException, trace: TracebackType | None) -> None:
    """Print an unexpected exception without traceback, and the advice to use --debug; a `sys.excepthook`."""
    reason = first_line(raised, "no message")
    error(f"{kind.__name__}: {reason}\nThis error is unexpected. Run the command again with --debug for the traceback.")


def _print(text: str, kind: str = "", color: str | None = None) -> None:
    """Print a line on stderr, with its kind in front if it has one."""
    start = f"{click.style(f'{kind}:', fg=color, bold=True)} " if kind else ""
    # Not `err=True`: while bars are shown, rich replaces sys.stderr and must receive the line.
    click.echo(f"{start}{_CONTROLS.sub('', text)}", file=sys.stderr, color=False if is_plain() else None)


def _is_dumb() -> bool:
    return os.environ.get("TERM") == "dumb"
