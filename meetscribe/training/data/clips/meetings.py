"""The meetings that training data is made from: transcripts with their recordings, and the tracks to cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from meetscribe.audio import Audio, load_audio, load_channels, open_recording, without_crosstalk
from meetscribe.audio.opening import file_hash
from meetscribe.errors import InputError
from meetscribe.formats import FORMATS
from meetscribe.formats.recording_files import find_transcripts
from meetscribe.storage.files import is_file, is_folder
from meetscribe.training.data.settings import Sources
from meetscribe.training.data.values import Split
from meetscribe.transcript import Transcript
from meetscribe.transcript.recording_location import locate_recording

_CHANNEL = re.compile(r"SPEAKER_(\d+)")
_SHARED = re.compile(r"\.\d+$")  # suffix of a label if several people share a microphone
_TRANSCRIPTS = tuple(suffix.lower() for row in FORMATS.values() for suffix in row.suffixes)


@dataclass(frozen=True, slots=True)
class Track:
    """A source of audio: a file with its hash, or one of its channels, counted from 0, with crosstalk removed."""

    path: Path
    hash: str
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A transcript with the tracks of its recording.

    `tracks` maps original speaker labels to their separate tracks. The words of other speakers are on `mix`, the mix of
    all channels, which is None if each speaker has a separate file. `split` is the requested split, if any.
    """

    name: str
    transcript: Transcript
    mix: Track | None
    tracks: Mapping[str, Track]
    split: Split | None = None

    def track_of(self, label: str | None) -> Track | None:
        """Return the track of a speaker's words, None if there is none."""
        return self.mix if label is None else self.tracks.get(label, self.mix)

    @property
    def recordings(self) -> tuple[str, ...]:
        """The hashes of all audio files of the meeting."""
        own = [self.mix] if self.mix else []
        return tuple(dict.fromkeys(track.hash for track in (*own, *self.tracks.values())))


def read_meetings(sources: Sources) -> tuple[Meeting, ...]:
    """Return the meetings of all sources.

    Raises InputError if a transcript cannot be read or its recording is not found.
    """
    by_split: dict[Split | None, tuple[Path, ...]] = {None: sources.meetings, "dev": sources.dev, "test": sources.test}
    found = [(split, one) for split, paths in by_split.items() for path in paths for one in _transcripts(path)]
    audio = sources.audio
    if audio is not None and not is_folder(audio) and len(found) > 1:
        raise InputError(f"--audio is one file, but there are {len(found)} transcripts", "Give a folder of recordings.")
    return tuple(replace(_meeting(name, file, load(), audio), split=split) for split, (name, file, load) in found)


def load_tracks(path: Path, tracks: Sequence[Track]) -> dict[Track, Audio]:
    """Return the audio of tracks in one file; raises InputError if it cannot be decoded."""
    if all(track.channel is None for track in tracks):
        return dict.fromkeys(tracks, load_audio(path))
    channels = without_crosstalk(load_channels(path))
    found = {track: channels[track.channel] for track in tracks if track.channel is not None}
    mixed = [track for track in tracks if track.channel is None]
    return found | (dict.fromkeys(mixed, load_audio(path)) if mixed else {})


def _transcripts(source: Path) -> Iterator[tuple[str, Path, Callable[[], Transcript]]]:
    """Yield the name of each transcript, its path (or the path it would have), and a function that reads it."""
    for name, load in find_transcripts(source, with_turns=True).items():
        yield name, source / name if is_folder(source) else source, load


def _meeting(name: str, file: Path, transcript: Transcript, audio: Path | None) -> Meeting:
    """Return a meeting with its tracks; raises InputError if its recording is not found."""
    record = transcript.meta.provenance.diarization
    by_channel = record is not None and record.pipeline == "channels"
    place = audio / name if audio is not None and is_folder(audio) else file
    # A transcript made from one file per speaker records no hash.
    if by_channel and transcript.recording is not None and transcript.recording.hash is None:
        return Meeting(name, transcript, None, _files_of_speakers(transcript, place))
    path = _recording(name, place, transcript, audio if audio is not None and not is_folder(audio) else None)
    mix = _track(path)
    tracks = {
        label: Track(path, mix.hash, int(match[1]))
        for label in (transcript.speakers if by_channel else ())
        if (match := _CHANNEL.match(label))
    }
    return Meeting(name, transcript, mix, tracks)


def _recording(name: str, place: Path, transcript: Transcript, audio: Path | None) -> Path:
    """Return the recording of a transcript, from its metadata or beside it under the same name."""
    try:
        return locate_recording(transcript, place, audio)
    except InputError as error:
        beside = _named(place.parent, name)
        if audio is None and beside is not None and (transcript.recording is None or not transcript.recording.hash):
            return beside
        raise InputError(f"{place}: {error.message}", "Give the recording, or the folder it is in: --audio.") from error


def _files_of_speakers(transcript: Transcript, place: Path) -> dict[str, Track]:
    """Return the file of each speaker, named after the label; raises InputError if one is not found."""
    found: dict[str, Track] = {}
    for label in transcript.speakers:
        path = _named(place.parent, label) or _named(place.parent, _SHARED.sub("", label))
        if path is None:
            raise InputError(
                f"{place}: the recording of {label} was not found", "Give the folder of the recordings: --audio."
            )
        found[label] = _track(path)
    return found


def _named(folder: Path, stem: str) -> Path | None:
    """Return the first file of a folder with this stem that is not a transcript; None if there is none."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return None
    fitting = (path for path in files if path.stem == stem and not path.name.lower().endswith(_TRANSCRIPTS))
    return next(filter(is_file, fitting), None)


def _track(path: Path) -> Track:
    """Return the track of a whole file; raises InputError if it cannot be read."""
    with open_recording(path) as data:
        return Track(path, file_hash(data))
