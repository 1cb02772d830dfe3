"""The local recordings of the episodes of a feed; nothing is fetched, and no file outside two folders is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import url2pathname

from meetscribe.podcast.feed.document import Feed, FeedItem
from meetscribe.storage.files import is_file
from meetscribe.text.whitespace import one_line


@dataclass(frozen=True, slots=True)
class PlannedEpisode:
    """An episode of a feed: its index among the items, and its recording or the reason that it has none."""

    number: int
    item: FeedItem
    recording: Path | None
    reason: str = ""


def plan_feed(feed: Feed, media: str | Path | None = None) -> tuple[PlannedEpisode, ...]:
    """Return the recording of each episode of a feed, or the reason to skip it.

    An enclosure with a `file:` URL or a relative path names its recording, which must be below the folder of the feed
    or below `media`. For other URLs, or without such a file, the recording is the file below `media`, otherwise below
    the folder of the feed, with the longest common suffix of the path: for `https://example.org/audio/1.mp3` it is
    `audio/1.mp3`, else `1.mp3`. A recording that matches two episodes is assigned to neither. Episodes with a
    transcript in the feed are skipped.
    """
    folders = [feed.path.parent.resolve(), *([Path(media).resolve()] if media is not None else [])]
    planned = [_plan(number, item, folders) for number, item in enumerate(feed.items)]
    counts = Counter(episode.recording for episode in planned if episode.recording)
    return tuple(
        replace(episode, recording=None, reason=f"{episode.recording.name} fits several episodes")
        if episode.recording and counts[episode.recording] > 1
        else episode
        for episode in planned
    )


def _plan(number: int, item: FeedItem, folders: Sequence[Path]) -> PlannedEpisode:
    if "transcript" in item.tags:
        return PlannedEpisode(number, item, None, "it has a transcript")
    if not item.enclosure:
        return PlannedEpisode(number, item, None, "it has no audio")
    try:
        parts = urlsplit(item.enclosure)
    except ValueError:
        return PlannedEpisode(number, item, None, "its audio has no valid address")
    recording = next(_candidates(parts, folders), None)
    name = one_line(PurePosixPath(unquote(parts.path)).name)
    return PlannedEpisode(number, item, recording, "" if recording else f"there is no local file {name} (--media)")


def _candidates(parts: SplitResult, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the existing files that a URL may refer to, the most likely one first."""
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        yield from _below(Path(url2pathname(parts.path)), folders)
    elif not parts.scheme and not parts.netloc:
        yield from _below(folders[0] / unquote(parts.path), folders)
    names = [name for name in PurePosixPath(unquote(parts.path)).parts if name not in ("/", "..")]
    for folder in (*folders[1:], folders[0]):
        for first in range(len(names)):
            yield from _below(folder.joinpath(*names[first:]), folders)


def _below(path: Path, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the path with symbolic links resolved, if it is an existing file below one of the folders."""
    if "\0" in str(path) or not is_file(path):
        return
    real = path.resolve()
    if any(real.is_relative_to(folder) for folder in folders):
        yield real
