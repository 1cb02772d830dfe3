"""`meetscribe profiles export` and `import`: copy profiles to another machine."""

from __future__ import annotations

from pathlib import Path

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.known_speakers import print_imported
from meetscribe.cli.options import message_options, overwrite_option
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import IncompleteError
from meetscribe.profiles import ProfileStore, export_profiles, import_profiles, plan_import, read_profiles
from meetscribe.publishing import destinations
from meetscribe.storage.files import replace_file
from meetscribe.text.counting import counted


@click.command(cls=SectionedCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help="File to write.")
@overwrite_option
@message_options
def export(names: tuple[str, ...], output: Path, overwrite: bool) -> None:
    """Write the profiles of NAME, or all, to a file for another machine.

    The file contains voiceprints and consent records; protect it like the recordings.
    """
    store = ProfileStore()
    profiles = [store.require(name) for name in names] or store.all()
    destinations.require_new([output], overwrite)
    replace_file(output, export_profiles(profiles))
    messages.info(f"wrote {counted(len(profiles), 'profile')} to {output}")


@click.command(cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@option("--replace", "replacing", is_flag=True, help="Replace stored profiles that differ from those of the file.")
@option("--dry-run", is_flag=True, help="List the changes without importing anything.")
@message_options
def import_(file: Path, replacing: bool, dry_run: bool) -> None:
    """Add the profiles of an exported FILE.

    Profiles are never merged: if a different profile is stored under the same name, it is kept unless --replace is
    given.
    """
    profiles, store = read_profiles(file), ProfileStore()
    found = plan_import(profiles, store) if dry_run else import_profiles(profiles, store, replacing=replacing)
    print_imported(found, replacing=replacing, dry_run=dry_run)
    if found.conflicts and not replacing and not dry_run:
        names = ", ".join(profile.name for profile in found.conflicts)
        raise IncompleteError(
            f"not imported, because different profiles are stored under these names: {names}",
            "To use the profiles of the file instead, add --replace.",
        )
