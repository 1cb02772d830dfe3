"""`meetscribe doctor`: checks of this machine, with the commands that fix the problems found."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from meetscribe import doctor
from meetscribe.cli.flags import MODELS_ON_MACHINE, settings_flags, settings_from
from meetscribe.cli.options import debug_option, json_option
from meetscribe.cli.sections import SectionedCommand, option

_MARKS = {"fine": ("ok", "green"), "worse": ("--", "yellow"), "broken": ("!!", "red")}

EPILOG = """\b
Examples:
  meetscribe doctor
  meetscribe doctor --model large-v3 --language de
  meetscribe doctor -q && meetscribe run meeting.mp4
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@settings_flags(MODELS_ON_MACHINE)
@json_option
@option("-q", "--quiet", is_flag=True, help="Print only the problems.")
@debug_option
def command(quiet: bool, as_json: bool, **given: Any) -> None:
    """Check this machine for problems that affect a run with these settings.

    Decodes a test clip, runs the inference libraries on each device, compares package versions, and looks for the
    models on this machine and on the Hugging Face hub. Each problem is printed with the command that fixes it.

    "!!" marks problems that make a run fail (exit code 1), "--" problems that make it slower or less accurate.
    """
    results = []
    for result in doctor.run_checks(settings_from(given)):
        if quiet and result.state == "fine":
            continue
        results.append(result)
        if not as_json:
            _print_result(result)
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results], indent=1))
    if any(result.state == "broken" for result in results):
        raise SystemExit(1)


def _print_result(result: doctor.CheckResult) -> None:
    """Print a result, followed by its remedy."""
    mark, color = _MARKS[result.state]
    click.echo(f"{click.style(mark, fg=color, bold=True)} {result.subject}: {result.text}")
    for line in result.remedy.splitlines():
        click.echo(f"     {line}")
