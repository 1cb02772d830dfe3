"""The copy of the audio that an earlier run wrote, whose chapters are updated if no audio is given."""

from __future__ import annotations

from pathlib import Path

from meetscribe import audio as recordings
from meetscribe.errors import Notice
from meetscribe.podcast.episode import Episode
from meetscribe.publishing.written_files import was_written
from meetscribe.timeline import Seconds

_SUFFIXES = (".mp3", ".m4a", ".mp4", ".ogg", ".opus")
_SLACK: Seconds = 1.0  # tolerated difference between the lengths of the copy and the episode


def earlier_copy(episode: Episode, folder: str | Path, stem: str) -> tuple[Path | None, tuple[Notice, ...]]:
    """Return the copy of the audio of an episode in a folder, None without one, and notices.

    A copy of another length belongs to other audio, for example to that before an advert was removed: it is not
    returned, but reported. Files that were edited since they were written are ignored.
    """
    copies = (Path(folder) / f"{stem}.chapters{suffix}" for suffix in _SUFFIXES)
    copy = next((file for file in copies if file.is_file() and was_written(file)), None)
    if copy is None:
        return None, ()
    length = recordings.load_audio(copy).duration
    if abs(length - episode.duration) <= _SLACK:
        return copy, ()
    text = f"{copy} still has the chapters of an earlier run: it lasts {length:.0f} s, and this episode "
    text += f"{episode.duration:.0f} s; give the published audio with --audio"
    return None, (Notice("podcast.copy-not-updated", text, {"path": str(copy)}),)
