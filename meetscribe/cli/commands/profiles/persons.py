"""`meetscribe profiles list` and `forget`: list and delete enrolled people."""

from __future__ import annotations

from pathlib import Path

import click

from meetscribe import meetings
from meetscribe.cli.display import messages
from meetscribe.cli.display.known_speakers import (
    forgotten_members,
    print_json,
    print_profiles,
    print_unnamed,
    profile_members,
    unnamed_members,
    voiceprint_count,
)
from meetscribe.cli.options import debug_option, json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.profiles import ProfileStore, UnnamedStore


@click.command(cls=SectionedCommand)
@json_option
@debug_option
def list_(as_json: bool) -> None:
    """List enrolled people.

    Prints the name, the voiceprints with seconds, channel, embedder and date, and the consent. Voiceprints of unnamed
    speakers kept for a limited time (profiles.remember) are listed with their expiry.
    """
    profiles, unnamed = ProfileStore().all(), UnnamedStore().all()
    if as_json:
        known = [profile_members(profile) for profile in profiles]
        print_json({"profiles": known, "unnamed": [unnamed_members(each) for each in unnamed]})
    else:
        print_profiles(profiles)
        print_unnamed(unnamed)


@click.command(cls=SectionedCommand)
@click.argument("name", required=False)
@click.argument(
    "folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[FOLDER]..."
)
@option("--meeting", type=click.Path(path_type=Path), help="Delete only the voiceprints from this meeting.")
@option("--unnamed", is_flag=True, help="Delete the kept voiceprints of unnamed speakers; NAME may be omitted.")
@json_option
@message_options
def forget(name: str | None, folders: tuple[Path, ...], meeting: Path | None, unnamed: bool, as_json: bool) -> None:
    """Delete the profile of NAME with all voiceprints, and list the files that still contain the name.

    Later runs no longer recognise NAME. The files in FOLDER (by default the current folder), and those beside the
    meetings from which NAME was enrolled, are searched for the name and not changed.

    With --meeting, the profile stays, without the voiceprints of that transcript or recording.
    """
    if name is None and (meeting is not None or not unnamed):
        raise click.UsageError("Missing argument 'NAME'.")
    cleared = UnnamedStore().clear() if unnamed else None
    if name is not None and meeting is not None:
        profile = meetings.forget_voiceprints(name, meeting, ProfileStore())
        messages.info(f"{profile.name} has {voiceprint_count(profile)} now")
        name = None
    forgotten = None if name is None else meetings.forget(name, folders or (Path(),), ProfileStore())
    if as_json:
        print_json({**forgotten_members(forgotten), "unnamed": cleared})
        return
    if cleared is not None:
        messages.info(f"deleted the voiceprints of unnamed speakers of {cleared} recordings")
    if forgotten is not None:
        messages.info(f"deleted the profile of {forgotten.profile.name} with {voiceprint_count(forgotten.profile)}")
        messages.info("files that still contain the name:" if forgotten.files else "no searched file contains the name")
        for file in forgotten.files:
            click.echo(file)
