"""The files of the episodes of a feed, and the copy of the feed with their tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePath
from urllib.parse import urljoin, urlsplit

from meetscribe import formats
from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.errors import MeetscribeError, OutputError
from meetscribe.podcast.episode import Episode, EpisodeOptions, make_episode
from meetscribe.podcast.feed.document import Feed, FeedItem
from meetscribe.podcast.feed.media import PlannedEpisode
from meetscribe.podcast.output import write_episode
from meetscribe.podcast.rss import Tag, address_of
from meetscribe.publishing.destinations import prepare_folder, read_native, require_replaceable, write_output
from meetscribe.publishing.written_files import record_written_file
from meetscribe.transcript import Transcript

_WRITER = "feed"  # recorded for the files, which a run for a single episode would replace with other addresses and tags


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """`EpisodeOptions` for the episodes of a feed, and the output `folder`; `overwrite` replaces edited files.

    Without `podcast.base_url`, the tags expect the files beside the audio, at the URL of the enclosure's folder.
    """

    folder: Path
    episode: EpisodeOptions = EpisodeOptions()
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class FeedEpisode:
    """The result for an episode: its files and tags, or the reason that it was not published."""

    planned: PlannedEpisode
    episode: Episode | None = None
    files: tuple[Path, ...] = ()
    tags: tuple[Tag, ...] = ()
    reason: str = ""


def publish_feed(
    feed: Feed, planned: Sequence[PlannedEpisode], stems: Mapping[Path, PurePath], options: FeedOptions
) -> tuple[tuple[FeedEpisode, ...], Path]:
    """Write the files of all episodes whose recording is transcribed, and a copy of the feed with their tags.

    The transcript of a recording is the file `STEM.json` in the folder, with the stem in `stems`. Returns the results
    and the path of the copy. A problem with one episode becomes its `reason` and does not stop the others. Raises
    OutputError if the copy cannot be written.
    """
    target = prepare_feed(feed, options.folder, options.overwrite)
    results = [_publish(episode, stems, options) for episode in planned]
    tags = {result.planned.number: result.tags for result in results if result.tags}
    write_output(target, feed.with_tags(tags), _WRITER)
    return tuple(results), target


def prepare_feed(feed: Feed, folder: Path, overwrite: bool = False) -> Path:
    """Create the folder and return the path of the copy of a feed; raises OutputError if it cannot be written."""
    target = folder / feed.path.name
    prepare_folder(folder)
    if target.exists() and target.samefile(feed.path):
        raise OutputError(f"{target} is the feed itself", "Choose another folder with -o.")
    require_replaceable([target], overwrite)
    return target


def _publish(planned: PlannedEpisode, stems: Mapping[Path, PurePath], options: FeedOptions) -> FeedEpisode:
    """Write the files of an episode, and return the result, which may be the reason that it was not published."""
    if planned.recording is None:
        return FeedEpisode(planned, reason=planned.reason)
    stem = stems[planned.recording]
    file = transcript_file(options.folder, stem)
    if not file.exists():
        return FeedEpisode(planned, reason="it is not transcribed")
    try:
        transcript = formats.load(file)
        episode = make_episode(with_title_and_date(transcript, planned.item), options.episode)
        base_url = _base_url(planned.item, stem, options)
        published = write_episode(
            episode, options.folder, stem.as_posix(), base_url=base_url, overwrite=options.overwrite
        )
    except MeetscribeError as error:
        return FeedEpisode(planned, reason=error.message)
    for written in published.files:
        record_written_file(written, _WRITER)
    return FeedEpisode(planned, episode, published.files, published.tags)


def transcript_file(folder: Path, stem: PurePath) -> Path:
    """Return the path of the transcript of the recording with a stem."""
    return folder / f"{stem.as_posix()}.json"


def is_transcribed(recording: Path, file: Path) -> bool:
    """Return whether a file is the transcript of a recording, by the recording's hash in it."""
    transcript = read_native(file)
    if transcript is None or transcript.recording is None or transcript.recording.hash is None:
        return False
    with open_recording(recording) as data:
        return file_hash(data) == transcript.recording.hash


def with_title_and_date(transcript: Transcript, item: FeedItem) -> Transcript:
    """Return the transcript with the feed's title, and with the feed's date if it has none.

    The feed's title replaces one from the tags of the audio, because listeners see the feed's.
    """
    changes = {"title": item.title} if item.title else {}
    if item.published and transcript.meta.recorded_at is None:
        with suppress(ValueError):  # some feeds do not follow RFC 822
            changes["recorded_at"] = parsedate_to_datetime(item.published).isoformat()
    return transcript.with_meta(**changes)


def folder_address(enclosure: str) -> str:
    """Return the URL of the folder of a file on the web, empty for a local file.

    >>> folder_address("https://example.org/audio/one.mp3?x=1"), folder_address("file:///home/anna/one.mp3")
    ('https://example.org/audio/', '')
    """
    return urljoin(enclosure, ".") if urlsplit(enclosure).scheme in ("http", "https") else ""


def _base_url(item: FeedItem, stem: PurePath, options: FeedOptions) -> str:
    """Return the URL of the folder of an episode's files: that of the settings, else that of the audio."""
    chosen = options.episode.settings.base_url
    if not chosen:
        return folder_address(item.enclosure or "")
    return address_of(chosen, stem.parent) if stem.parent.parts else chosen
