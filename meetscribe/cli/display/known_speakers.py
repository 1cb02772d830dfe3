"""Profiles, and their similarity to speakers, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.tables import print_columns
from meetscribe.errors import JSON
from meetscribe.text.counting import counted
from meetscribe.transcript.edits.values import edit_members

if TYPE_CHECKING:
    from meetscribe.meetings import Backfilled, Forgotten, SpeakerReport
    from meetscribe.profiles import Match, Profile, Voiceprint
    from meetscribe.profiles.exchange import ImportPlan
    from meetscribe.profiles.unnamed import Unnamed

REASONS = {
    "match": "above the strict threshold",
    "likely": "likely, but not certain",
    "too-little-speech": "too little continuous speech without other speakers",
    "disagreement": "the pieces of the speech do not sound like one voice",
    "no-voiceprint": "there is no usable speech",
    "no-profiles": "there is no voiceprint of this embedder to compare with",
    "low-similarity": "not similar enough to any known speaker",
    "small-margin": "two people are similarly close",
    "better-speaker": "another speaker is closer to this person",
}
"""The texts for the reasons of `profiles.matching`."""


def print_json(value: object) -> None:
    """Print a value as JSON on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def forgotten_members(forgotten: Forgotten | None) -> dict[str, JSON]:
    """Return the deleted profile and the files that contain the name, as JSON."""
    if forgotten is None:
        return {"removed": None, "files": []}
    removed: JSON = {"name": forgotten.profile.name, "voiceprints": len(forgotten.profile.voiceprints)}
    return {"removed": removed, "files": [str(file) for file in forgotten.files]}


def print_profiles(profiles: Sequence[Profile]) -> None:
    """Print a row for each voiceprint on stdout, then the consent of each person.

    A person without a voiceprint also has a row.
    """
    if not profiles:
        messages.info("no profiles are stored")
        return
    rows = [
        (profile.name, *_voiceprint_cells(voiceprint))
        for profile in profiles
        for voiceprint in profile.voiceprints or (None,)
    ]
    print_columns(("name", "speech", "channel", "embedder", "made", "from"), rows, right=(1,))
    click.echo()
    consents = [(each.name, each.consent.date, each.consent.declared_by, each.consent.scope) for each in profiles]
    print_columns(("name", "consent of", "declared by", "scope"), consents, right=())


def _voiceprint_cells(voiceprint: Voiceprint | None) -> tuple[str, ...]:
    if voiceprint is None:
        return ("0 s", "", "", "", "")
    source = voiceprint.source
    origin = source.file if source.speaker is None else f"{source.file} {source.speaker}"
    space = voiceprint.space
    embedder = space.embedder if space.revision is None else f"{space.embedder} {space.revision[:8]}"
    return f"{voiceprint.seconds:.0f} s", voiceprint.channel, embedder, voiceprint.made[:10], origin


def voiceprint_count(profile: Profile) -> str:
    """Return the number of voiceprints of a person as text."""
    return counted(len(profile.voiceprints), "voiceprint")


def profile_members(profile: Profile) -> dict[str, JSON]:
    """Return a profile as JSON, without the vectors."""
    voiceprints: list[JSON] = [
        {
            **asdict(each.space),
            "channel": each.channel,
            "seconds": each.seconds,
            "made": each.made,
            "source": asdict(each.source),
        }
        for each in profile.voiceprints
    ]
    return {"name": profile.name, "consent": asdict(profile.consent), "voiceprints": voiceprints}


def print_unnamed(unnamed: Sequence[Unnamed]) -> None:
    """Print the number of stored unnamed speakers and their expiry on stderr."""
    for each in unnamed:
        count, expiry = len(each.voiceprints), f"{each.expires:%Y-%m-%d %H:%M} UTC"
        messages.info(f"{count} unnamed speakers of {each.recording[:19]}… are kept until {expiry}")


def unnamed_members(unnamed: Unnamed) -> dict[str, JSON]:
    """Return the unnamed speakers of a recording as JSON."""
    return {
        "recording": unnamed.recording,
        "expires": unnamed.expires.isoformat(),
        "speakers": [*unnamed.voiceprints],
    }


def print_report(report: SpeakerReport) -> None:
    """Print why a speaker has a name or none, the similarity to each known person, and the embedder's thresholds."""
    match, extraction = report.match, report.extraction
    shown = report.speaker if report.name == report.speaker else f"{report.speaker} is {report.name}"
    click.echo(f"{shown}{_origin(report)}")
    channel = "" if extraction.voiceprint is None else f", {extraction.voiceprint.channel}"
    click.echo(f"speech: {extraction.seconds:.1f} s{channel}")
    if extraction.agreement is not None:
        click.echo(f"similarity of its pieces: at least {extraction.agreement:.2f}")
    click.echo(f"result: {match.band}, {REASONS[match.reason]}{_other(match)}")
    rows = [(each.name, f"{each.score:.2f}", f"{each.mean:.2f}", each.channel) for each in match.candidates]
    if rows:
        print_columns(("person", "best", "mean", "channel"), rows, right=(1, 2))
    if report.left_out:
        click.echo(f"left out: the voiceprints of {', '.join(report.left_out)} from this meeting")
    if match.margin is not None:
        click.echo(f"margin between the first two people: {match.margin:.2f}")
    if (limits := match.thresholds) is not None:
        click.echo(
            f"to be named: {limits.named:.2f} and a margin of {limits.named_margin:.2f}; "
            f"suggested: {limits.suggested:.2f} and {limits.suggested_margin:.2f}"
        )
    click.echo(f"thresholds of the embedder {report.space}: {report.measured}")


def _origin(report: SpeakerReport) -> str:
    """Return the origin of the name in parentheses, or ", not named"."""
    edit = report.given
    if edit is None:
        return ", not named"
    source = {None: "by a person", "hint": "by a hint", "profile": "by voice", "confirmed": "by voice, confirmed"}
    score = "" if edit.score is None else f", similarity {edit.score:.2f}"
    return f" (named {source[edit.source]}{score}; {edit.made or 'no date'})"


def _other(match: Match) -> str:
    """Return the speaker who is closer to the person as the end of the result line, "" if there is none."""
    return "" if match.other is None else f": {match.other}"


def report_members(report: SpeakerReport) -> dict[str, JSON]:
    """Return the report as JSON."""
    voiceprint = report.extraction.voiceprint
    return {
        "speaker": report.speaker,
        "name": report.name,
        "given": None if report.given is None else edit_members(report.given),
        "seconds": report.extraction.seconds,
        "channel": None if voiceprint is None else voiceprint.channel,
        "agreement": report.extraction.agreement,
        **match_members(report.match),
        "left_out": list(report.left_out),
        "embedder": report.space,
        "measured": report.measured,
    }


def match_members(match: Match) -> dict[str, JSON]:
    """Return a match as JSON."""
    return {
        "speaker": match.speaker,
        "band": match.band,
        "reason": match.reason,
        "person": match.name,
        "score": match.score,
        "margin": match.margin,
        "other": match.other,
        "candidates": [asdict(each) for each in match.candidates],
        "thresholds": None if match.thresholds is None else asdict(match.thresholds),
    }


def print_backfilled(result: Backfilled, *, identify: bool) -> None:
    """Print a row for each speaker of a meeting who resembles a known person; print an error on stderr."""
    if result.error is not None:
        messages.warning(f"{result.file}: {result.error.message}")
    for match in result.matches:
        if match.band != "unknown":
            verb = "named" if identify and match.band == "named" else "suggested"
            margin = "" if match.margin is None else f", margin {match.margin:.2f}"
            click.echo(f"{result.file}  {match.speaker}  {verb} {match.name} (similarity {match.score:.2f}{margin})")


def backfilled_members(result: Backfilled) -> dict[str, JSON]:
    """Return the result of a meeting as JSON."""
    return {
        "file": str(result.file),
        "changed": result.changed,
        "error": None if result.error is None else result.error.message,
        "speakers": [match_members(match) for match in result.matches],
    }


def print_imported(found: ImportPlan, *, replacing: bool, dry_run: bool) -> None:
    """Print the imported profiles, or with --dry-run those that would be, and the conflicts."""
    would, kept = ("would be ", "would not be imported") if dry_run else ("", "not imported")
    for profile in found.new:
        messages.info(f"{profile.name}: {would}added, {voiceprint_count(profile)}")
    for profile in found.known:
        messages.info(f"{profile.name}: already stored")
    for profile in found.conflicts:
        result = f"{would}replaced" if replacing else f"{kept}, because the stored profile differs"
        messages.info(f"{profile.name}: {result}")
