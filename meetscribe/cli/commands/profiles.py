"""`meetscribe profiles`: the speakers who are known across meetings."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.corrections import save_correction
from meetscribe.cli.display import messages
from meetscribe.cli.display.known_speakers import (
    backfilled_members,
    count_of,
    print_backfilled,
    print_imported,
    print_profiles,
    print_report,
    print_unnamed,
    profile_members,
    report_members,
    unnamed_members,
)
from meetscribe.cli.flags import IDENTIFYING, settings_flags, settings_from
from meetscribe.cli.options import json_option, overwrite_option
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import IncompleteError, SettingsError
from meetscribe.publishing import destinations
from meetscribe.storage.files import replace_file

EPILOG = """\b
Examples:
  meetscribe profiles enroll Anna anna.wav --consent "recognise my voice in our meetings" --declared-by Anna
  meetscribe run monday.mp4 --profiles
  meetscribe profiles confirm monday.json SPEAKER_00
  meetscribe profiles why monday.json SPEAKER_01
  meetscribe profiles backfill meetings/ --dry-run
  meetscribe profiles forget Anna meetings/

Nobody is recognised unless a person was enrolled, with a record of the consent, and a run asks for it: --profiles
suggests names, which a person confirms; --identify also names those who are certain. Voiceprints stay on this machine,
readable by you only.
"""


@click.group(epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Recognise the same persons across meetings, by their consent."""


@group.command(cls=SectionedCommand)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path), metavar="RECORDING|MEETING")
@option("--speaker", metavar="SPEAKER", help="MEETING: the speaker who is NAME, by label or name.")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="MEETING: its recording, if it was moved.")
@option("--consent", "scope", metavar="TEXT", help='What NAME agreed to: "recognise my voice in our meetings".')
@option("--declared-by", metavar="NAME", help="Who declares that NAME agreed.")
@option("--date", "declared", metavar="DATE", help="Date of the consent.  [default: today]")
@settings_flags(IDENTIFYING)
@json_option
def enroll(name: str, file: Path, **given: Any) -> None:
    """Enrol the person NAME from a recording or a meeting.

    RECORDING contains the voice of NAME alone, at least 4 seconds of it, better 30. MEETING is a transcript in native
    JSON, and --speaker says who in it is NAME. Enrolling a person again adds a voiceprint, best of another day or
    microphone.

    The first time, the person's consent is recorded, without which no voiceprint is stored.
    """
    from meetscribe import meetings
    from meetscribe.meetings.speakers import Tools

    tools = Tools.of(settings_from(given))
    consent = _consent(name, given, known=tools.profiles.find(name) is not None)
    if given["speaker"] is None:
        profile = meetings.enrol_from_recording(name, file, consent, tools)
    else:
        meeting = meetings.Meeting.load(file, given["audio"])
        profile = meetings.enrol_from_meeting(name, meeting, given["speaker"], consent, tools)
    if given["as_json"]:
        _print_json(profile_members(profile))
        return
    added = profile.voiceprints[-1]
    messages.info(f"{profile.name}: a voiceprint from {added.seconds:.0f} s of speech, {added.channel}, was stored")
    messages.info("to have the name suggested, run: meetscribe run RECORDING --profiles")


@group.command("list", cls=SectionedCommand)
@json_option
def list_(as_json: bool) -> None:
    """List the persons who are enrolled.

    Prints the name, the voiceprints with seconds, channel, embedder and date, and the consent. Voiceprints of unnamed
    speakers that are kept for a while (profiles.remember) are listed with their expiry.
    """
    from meetscribe.profiles import ProfileStore, UnnamedStore

    profiles, unnamed = ProfileStore().all(), UnnamedStore().all()
    if as_json:
        known = [profile_members(profile) for profile in profiles]
        _print_json({"profiles": known, "unnamed": [unnamed_members(each) for each in unnamed]})
    else:
        print_profiles(profiles)
        print_unnamed(unnamed)


@group.command(cls=SectionedCommand)
@click.argument("name", required=False)
@click.argument(
    "folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[FOLDER]..."
)
@option("--unnamed", is_flag=True, help="Also delete the kept voiceprints of unnamed speakers; NAME may be left out.")
@json_option
def forget(name: str | None, folders: tuple[Path, ...], unnamed: bool, as_json: bool) -> None:
    """Delete the profile of NAME with all voiceprints, and list the files that still hold the name.

    Later runs do not recognise NAME any more. Files in FOLDER, by default the current folder, and those beside the
    meetings that NAME was enrolled from are searched for the name; they are not changed.
    """
    from meetscribe.meetings.forgetting import forget as forget_person
    from meetscribe.profiles import ProfileStore, UnnamedStore

    if name is None and not unnamed:
        raise click.UsageError("Missing argument 'NAME'.")
    cleared = UnnamedStore().clear() if unnamed else None
    forgotten = None if name is None else forget_person(name, folders or (Path(),), ProfileStore())
    if as_json:
        files = [str(file) for file in forgotten.files] if forgotten else []
        removed = (
            {"name": forgotten.profile.name, "voiceprints": len(forgotten.profile.voiceprints)} if forgotten else None
        )
        _print_json({"removed": removed, "files": files, "unnamed": cleared})
        return
    if cleared is not None:
        messages.info(f"deleted the voiceprints of unnamed speakers of {cleared} recordings")
    if forgotten is not None:
        messages.info(f"deleted the profile of {forgotten.profile.name} with {count_of(forgotten.profile)}")
        messages.info(
            "files that still hold the name:" if forgotten.files else "no file that was searched holds the name"
        )
        for file in forgotten.files:
            click.echo(file)


@group.command(cls=SectionedCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", required=True, help="File to write.")
@overwrite_option
def export(names: tuple[str, ...], output: Path, overwrite: bool) -> None:
    """Write the profiles of NAME, or all, to a file for another machine.

    The file holds voiceprints and consent records; keep it as carefully as the recordings.
    """
    from meetscribe.profiles import ProfileStore, export_profiles

    store = ProfileStore()
    profiles = [store.require(name) for name in names] or store.all()
    destinations.require_new([output], overwrite)
    replace_file(output, export_profiles(profiles))
    messages.info(f"wrote {len(profiles)} {'profile' if len(profiles) == 1 else 'profiles'} to {output}")


@group.command("import", cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@option("--replace", "replacing", is_flag=True, help="Replace profiles of the same name that differ.")
@option("--dry-run", is_flag=True, help="Print what would be imported, and exit.")
def import_(file: Path, replacing: bool, dry_run: bool) -> None:
    """Add the profiles of an exported FILE.

    Profiles are never merged: a person who is enrolled here with other voiceprints is left as is, unless --replace is
    given.
    """
    from meetscribe.profiles import ProfileStore, import_profiles, plan_import, read_profiles

    profiles, store = read_profiles(file), ProfileStore()
    found = plan_import(profiles, store) if dry_run else import_profiles(profiles, store, replacing=replacing)
    print_imported(found, replacing=replacing, dry_run=dry_run)
    if found.conflicts and not replacing and not dry_run:
        names = ", ".join(profile.name for profile in found.conflicts)
        raise IncompleteError(
            f"not imported, because other voiceprints are stored here under the same name: {names}",
            "To take those of the file instead, use --replace.",
        )


@group.command(cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="MEETING")
@click.argument("speaker")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="The recording, if it was moved.")
@settings_flags(IDENTIFYING)
@json_option
def why(file: Path, speaker: str, audio: Path | None, **given: Any) -> None:
    """Explain why SPEAKER of MEETING was recognised, or was not.

    Prints the similarity to each known person, the closest first, with the thresholds and the reason. The recording is
    needed, unless voiceprints of its speakers were kept.
    """
    from meetscribe import meetings
    from meetscribe.meetings.speakers import Tools

    report = meetings.explain(meetings.Meeting.load(file, audio), speaker, Tools.of(settings_from(given)))
    if given["as_json"]:
        _print_json(report_members(report))
    else:
        print_report(report)


@group.command(cls=SectionedCommand)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="MEETING|FOLDER..."
)
@option("--identify", is_flag=True, help="Name the speakers who are certain, instead of suggesting all names.")
@option("--dry-run", is_flag=True, help="Print the names without storing them.")
@settings_flags(IDENTIFYING)
@json_option
def backfill(paths: tuple[Path, ...], identify: bool, dry_run: bool, **given: Any) -> None:
    """Look for the known persons in old meetings.

    Suggestions are stored in the transcripts, to be confirmed; with --identify, speakers who are certain are named.
    Corrections and names given since are kept, and every name can be undone: meetscribe speakers undo MEETING.
    """
    from meetscribe import meetings
    from meetscribe.meetings.speakers import Tools

    tools, results = Tools.of(settings_from(given)), []
    for result in meetings.backfill(paths, tools, identify=identify, dry_run=dry_run):
        results.append(result)
        if not given["as_json"]:
            print_backfilled(result, identify=identify)
    if given["as_json"]:
        _print_json([backfilled_members(result) for result in results])
    if not results:
        messages.info("no transcript in native JSON was found")
    elif dry_run and any(result.changed for result in results):
        messages.info("nothing was stored; to store it, leave out --dry-run")
    if any(result.error for result in results):
        raise IncompleteError("some meetings could not be compared")


@group.command(cls=SectionedCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="MEETING")
@click.argument("speaker")
@option("--as", "name", metavar="NAME", help="The person, if another one than suggested.")
@option("--no-learn", is_flag=True, help="Name the speaker without adding a voiceprint to the profile.")
@option("--audio", type=click.Path(path_type=Path), metavar="FILE", help="The recording, if it was moved.")
@settings_flags(IDENTIFYING)
@json_option
def confirm(file: Path, speaker: str, audio: Path | None, **given: Any) -> None:
    """Confirm the name that was suggested for SPEAKER of MEETING.

    The name becomes a correction, which can be undone: meetscribe speakers undo MEETING. The profile gets a voiceprint
    of this meeting, unless --no-learn is given; to undo that, forget the person.
    """
    from meetscribe import meetings
    from meetscribe.meetings.speakers import Tools

    meeting, tools = meetings.Meeting.load(file, audio), Tools.of(settings_from(given))
    done = meetings.confirm(meeting, speaker, tools, name=given["name"], teach=not given["no_learn"])
    save_correction(file, meeting.transcript, done.transcript, as_json=given["as_json"])
    if done.profile is not None:
        messages.info(f"{done.name} has {count_of(done.profile)} now")
    elif done.not_learnt:
        messages.warning(f"nothing was learnt: {done.not_learnt}")


def _consent(name: str, given: Mapping[str, Any], *, known: bool) -> Any:
    """Return the consent record of the options, or asked for on a terminal; None if one is stored already.

    Raises UsageError for an incomplete one, and SettingsError for another date.
    """
    from meetscribe.profiles import Consent

    scope, declared_by = given["scope"], given["declared_by"]
    if scope is None and declared_by is None and known:
        return None
    if (scope is None or declared_by is None) and sys.stdin.isatty() and sys.stderr.isatty():
        click.echo(f"A voiceprint is biometric data. It is stored only if {name} agreed.", err=True)
        scope = scope or click.prompt(
            f"What did {name} agree to?", default="recognise my voice in our meetings", err=True
        )
        declared_by = declared_by or click.prompt("Who declares this?", err=True)
    if scope is None and declared_by is None:
        return None
    if scope is None or declared_by is None:
        raise click.UsageError("--consent and --declared-by belong together.")
    try:
        return Consent(name, scope, declared_by, given["declared"] or date.today().isoformat())
    except ValueError as error:
        raise SettingsError(f"the consent record is incomplete: {error}", "Write the date as 2026-11-27.") from error


def _print_json(value: object) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
