"""The files of an episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from meetscribe import formats
from meetscribe.errors import JSON, InputError
from meetscribe.formats.chapters import read_chapters, write_chapters
from meetscribe.formats.podcast import CAPTION_WIDTH
from meetscribe.podcast.chapters import podlove_chapters
from meetscribe.podcast.episode import Episode
from meetscribe.podcast.rss import Tag, snippet, tags_of
from meetscribe.podcast.show_notes import show_notes
from meetscribe.podcast.tagging import can_tag, write_tagged_copy
from meetscribe.publishing.destinations import prepare_folder, require_replaceable, write_output
from meetscribe.publishing.written_files import record_written_file, was_written
from meetscribe.storage.files import LINES_BYTES, read_file

_TRANSCRIPTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    ".vtt": ("vtt", {"preset": "podcast", "width": CAPTION_WIDTH}),
    ".srt": ("srt", {"preset": "podcast"}),
    ".podcast.json": ("podcast", {"short": True}),
    ".html": ("html", {}),
}
"""The format of each transcript file and its options, by suffix."""


SUFFIXES = (*_TRANSCRIPTS, ".chapters.json", ".psc.xml", ".notes.md", ".rss.xml")
"""The suffixes of the files of an episode, besides the copy of the audio."""


@dataclass(frozen=True, slots=True)
class Published:
    """The files written for an episode, and its tags for the feed.

    A file of chapters that was kept is not in `files`, but has its tag.
    """

    files: tuple[Path, ...]
    tags: tuple[Tag, ...]


def episode_files(episode: Episode, stem: str, base_url: str = "") -> dict[PurePath, bytes]:
    """Return the content of each file by name: transcripts, chapters, show notes and the tags for the feed.

    `base_url` is the URL of the folder where the files are published.
    """
    transcript = episode.transcript.with_meta(title=episode.title)
    contents = {suffix: formats.write(transcript, name, **options) for suffix, (name, options) in _TRANSCRIPTS.items()}
    contents[".chapters.json"] = write_chapters(episode.chapters).encode()
    contents[".psc.xml"] = podlove_chapters(episode.listed_chapters).encode()
    contents[".notes.md"] = show_notes(episode).encode()
    files = {PurePath(f"{stem}{suffix}"): content for suffix, content in contents.items()}
    files[PurePath(f"{stem}.rss.xml")] = snippet(tags_of(episode, list(files), base_url)).encode()
    return files


def write_episode(
    episode: Episode,
    folder: str | Path,
    stem: str,
    *,
    base_url: str = "",
    audio: str | Path | None = None,
    overwrite: bool = False,
) -> Published:
    """Write the files of an episode and, if `audio` is an MP3, M4A, Ogg Vorbis or Opus file, its copy with chapters.

    Files are named `stem` with their suffixes; a stem may contain folders. A file of chapters that matches those of the
    episode is kept. `audio` may also be the copy that an earlier call wrote. Raises OutputError for a file that
    meetscribe did not write, or that was edited since, unless `overwrite` is on; InputError for damaged audio.
    """
    folder = Path(folder)
    contents = episode_files(episode, stem, base_url)
    chapters = folder / f"{stem}.chapters.json"
    keep = chapters if _has_chapters(chapters, episode) else None
    planned = plan_files(folder, stem, audio, overwrite=overwrite, keep=keep)
    written = []
    for name, content in contents.items():
        if folder / name in planned:
            write_output(folder / name, content, "podcast")
            written.append(folder / name)
    copy = next((file for file in planned if file not in written), None)  # the only file without content so far
    if copy is not None and audio is not None and episode.listed_chapters:
        is_own = was_written(copy)  # an earlier copy, of which the chapters are updated
        write_tagged_copy(Path(audio), copy, episode.listed_chapters, episode.duration, in_place=is_own)
        record_written_file(copy)
        written.append(copy)
    return Published(tuple(written), tags_of(episode, list(contents), base_url))


def _has_chapters(file: Path, episode: Episode) -> bool:
    """Return whether a file has the chapters of an episode; it may add images, links and other members."""
    try:
        chapters = read_chapters(read_file(file, LINES_BYTES))
    except (OSError, ValueError, InputError):
        return False
    within = [chapter for chapter in chapters if chapter.start < episode.duration]
    return len(within) == len(episode.chapters) and all(
        (old.start, old.title) == (new.start, new.title) and {**old.details, **new.details} == old.details
        for old, new in zip(within, episode.chapters, strict=True)
    )


def plan_files(
    folder: str | Path,
    stem: str,
    audio: str | Path | None,
    *,
    overwrite: bool = False,
    keep: str | Path | None = None,
) -> tuple[Path, ...]:
    """Create the folder and return the files that `write_episode` writes, the copy of the audio last.

    Audio in a container without support for chapters is not copied; the file `keep` is left out. Raises OutputError as
    `write_episode` does, and InputError for audio that cannot be read.
    """
    files = [Path(folder) / f"{stem}{suffix}" for suffix in SUFFIXES]
    if audio is not None and can_tag(Path(audio)):
        files.append(Path(folder) / f"{stem}.chapters{Path(audio).suffix}")
    prepare_folder(files[0].parent)
    files = [file for file in files if keep is None or file.resolve() != Path(keep).resolve()]
    require_replaceable(files, overwrite)
    return tuple(files)


def summary_json(episode: Episode, files: Sequence[Path]) -> dict[str, JSON]:
    """Return an episode as JSON values in the form of `meetscribe podcast --json`; times are in seconds."""
    return {
        "title": episode.title,
        "duration": episode.duration,
        "language": episode.transcript.language,
        "chapters": [
            {"start": chapter.start, "end": chapter.end, "title": chapter.title} for chapter in episode.chapters
        ],
        "speakers": [
            {"name": speaker.name, "role": speaker.role, "share": round(speaker.share, 4)}
            for speaker in episode.speakers
        ],
        "links": [{"url": link.url, "start": link.start} for link in episode.links],
        "files": [str(file) for file in files],
        "notices": [{"code": notice.code, "text": notice.text} for notice in episode.notices],
    }
