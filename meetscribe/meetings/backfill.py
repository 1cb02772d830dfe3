"""Suggest or assign the names of known persons in saved meetings, keeping all corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.errors import MeetscribeError
from meetscribe.formats.revisions import save_revision
from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.profiles.matching import Match
from meetscribe.profiles.naming import other_embedder, uncalibrated, with_matches
from meetscribe.profiles.suggestions import is_named
from meetscribe.storage.files import is_folder


@dataclass(frozen=True, slots=True)
class Backfilled:
    """The result for a meeting: the matches of its unnamed speakers, or the error.

    `changed` states whether the transcript changed, or would have changed in a dry run.
    """

    file: Path
    matches: tuple[Match, ...] = ()
    changed: bool = False
    error: MeetscribeError | None = None


def backfill(
    paths: Sequence[Path], tools: Tools, *, identify: bool = False, dry_run: bool = False
) -> Iterator[Backfilled]:
    """Suggest names for the unnamed speakers of saved meetings, save the meetings, and yield each result.

    `paths` are files in native JSON, and folders, which are searched with their subfolders. A suggestion is a notice in
    the transcript. With `identify`, speakers whose match has the band "named" get the name instead, as an edit. With
    `dry_run`, nothing is saved. A failed meeting, for example because its recording is missing, is yielded with its
    error.
    """
    for file in _meeting_files(paths):
        try:
            yield _backfill(file, tools, identify=identify, dry_run=dry_run)
        except MeetscribeError as error:
            yield Backfilled(file, error=error)


def _backfill(file: Path, tools: Tools, *, identify: bool, dry_run: bool) -> Backfilled:
    meeting, profiles = Meeting.load(file), tools.profiles.all()
    before = meeting.transcript
    if all(is_named(before, label) for label in meeting.labelled.speakers):
        return Backfilled(file)
    found = meeting.voiceprints(tools)
    if found.calibration is None:
        return Backfilled(file, error=MeetscribeError(uncalibrated(found.space).text))
    matches = found.matches(profiles)
    after = with_matches(before.with_notices(*other_embedder(profiles, found.space)), matches, identify=identify)
    if after != before and not dry_run:
        save_revision(after, file, "json", before=before)
    unnamed = tuple(match for label, match in matches.items() if not is_named(before, label))
    return Backfilled(file, unnamed, changed=after != before)


def _meeting_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the given files, and the native JSON files in the given folders, each once."""
    seen = set()
    for path in paths:
        files = sorted(path.rglob("*.json")) if is_folder(path) else [path]
        for file in files:
            if file.resolve() not in seen and (not is_folder(path) or _is_native(file)):
                seen.add(file.resolve())
                yield file


def _is_native(file: Path) -> bool:
    """Return whether a file is a transcript in native JSON."""
    try:
        Meeting.load(file)
    except MeetscribeError:
        return False
    return True
