"""`meetscribe doctor`: what works on this machine, and the commands that mend what does not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.options import FLAGS, SectionedCommand, overrides, settings_flags

if TYPE_CHECKING:
    from meetscribe.doctor import Finding

_FLAGS = ("--language", "--asr", "--model", "--no-align", "--no-diarize", "--device", "--weights", "--offline")
_SIGNS = {"fine": ("ok", "green"), "worse": ("--", "yellow"), "broken": ("!!", "red")}

EPILOG = """\b
Examples:
  meetscribe doctor
  meetscribe doctor --model large-v3 --language de
  meetscribe doctor -q && meetscribe run meeting.mp4
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@settings_flags(tuple(flag for flag in FLAGS if flag.name in _FLAGS))
@click.option("-q", "--quiet", is_flag=True, help="say nothing of what is fine")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def command(quiet: bool, as_json: bool, **given: Any) -> None:
    """Try what a run with these settings needs, and say how to mend what does not work.

    A made clip is decoded, both engines compute on each device, versions are compared, models looked for here and on
    the hub. In front of a line, !! means that a run would fail (exit code 1), -- that it would work less well.
    """
    from meetscribe import doctor
    from meetscribe.settings import load_settings

    findings = []
    for finding in doctor.examine(load_settings(given["config"], overrides(given))):
        findings.append(finding)
        if not as_json and not (quiet and finding.state == "fine"):
            _tell(finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    if any(finding.state == "broken" for finding in findings):
        raise SystemExit(1)


def _tell(finding: Finding) -> None:
    """Print a finding, and under it how to mend it."""
    sign, color = _SIGNS[finding.state]
    click.echo(f"{click.style(sign, fg=color, bold=True)} {finding.subject}: {finding.text}")
    for line in finding.remedy.splitlines():
        click.echo(f"     {line}")
