"""Find the recordings named by files, folders, patterns, addresses and lists, without opening them."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from meetscribe.audio import is_session_folder
from meetscribe.audio.session_folder import SESSION_FILE
from meetscribe.corpus.events import Task
from meetscribe.corpus.manifest import Manifest
from meetscribe.corpus.remote.files import (
    Location,
    RemoteFile,
    as_path,
    file_state,
    is_address,
    location_of,
    normalized,
)
from meetscribe.corpus.remote.listing import expand, look_up_all
from meetscribe.errors import InputError, SettingsError
from meetscribe.publishing.file_names import stems
from meetscribe.storage.files import LINES_BYTES, is_file, is_folder, read_file
from meetscribe.timeline import Seconds

T = TypeVar("T")

SUFFIXES = frozenset(
    ".3g2 .3gp .3gpp .aac .ac3 .adts .aif .aifc .aiff .amr .asf .au .avi .bwf .caf .divx .eac3 .ec3 .f4a .f4v .flac "
    ".flv .m2t .m2ts .m4a .m4b .m4r .m4v .mk3d .mka .mkv .mov .mp1 .mp2 .mp3 .mp4 .mpa .mpeg .mpg .mts .oga .ogg .ogv "
    ".ogx .opus .qt .snd .spx .ts .vob .w64 .wav .wave .weba .webm .wma .wmv .wv".split()
)
"""The suffixes of recordings in folders; a file given explicitly may have any suffix."""

_LOSSLESS = frozenset(".aif .aifc .aiff .au .bwf .caf .flac .snd .w64 .wav .wave".split())
_VIDEO = frozenset(
    ".3g2 .3gp .3gpp .avi .divx .flv .m2t .m2ts .mkv .mov .mp4 .mpeg .mpg .mts .ts .vob .webm .wmv".split()
)
_BYTES_PER_SECOND = {"lossless": 100_000.0, "video": 250_000.0, "lossy": 12_000.0}  # typical of each kind

_LONGEST = 4096  # characters of a pattern: no path is longer


def find_recordings(arguments: Iterable[str], listed: Path | None = None) -> tuple[Location, ...]:
    """Return the recordings named by the arguments and then by the list, without duplicates.

    An argument is a file, the folder of a live session, a folder (including its subfolders) or a pattern such as
    `talks/**/*.mp3`; the recordings of folders and patterns are sorted by path. Each may be remote, such as
    s3://bucket/talks/. `listed` is a text file with an argument per line, relative to its folder. Files need not exist.
    Raises InputError for a pattern or folder without recordings, and for a list that cannot be read; for remote files
    also SettingsError and UnreachableError.
    """
    lines = [] if listed is None else _lines(listed)
    found = [path for argument in (*arguments, *lines) for path in _expand(argument)]
    return look_up_all({normalized(path): path for path in found}.values())


def make_tasks(recordings: Sequence[Location], manifest: Manifest) -> list[Task]:
    """Return a task for each recording, with a stem that is unique, also among earlier recordings of the manifest."""
    given = set(map(_identity, recordings))
    known = {path.stem.casefold() for path in given}
    folders, others = {path.parent for path in given}, set()
    # To be unique, stems depend on the earlier recordings with the same name, and on the folders of all recordings.
    for path in map(_identity, manifest.iter_inputs()):
        folders.add(path.parent)
        if path.stem.casefold() in known:
            others.add(path)
    names = stems(given | others, folders)
    return [Task(path, names[_identity(path)], estimated_length(path)) for path in recordings]


def _identity(recording: Location) -> Path:
    """Return the normalized path that identifies a recording."""
    return as_path(normalized(recording))


def estimated_length(recording: Location) -> Seconds:
    """Estimate the duration of a recording from its size and suffix, without opening it; 0 if there is no file."""
    size, _ = file_state(recording) or (0, 0)
    suffix = recording.suffix.lower()
    kind = "lossless" if suffix in _LOSSLESS else "video" if suffix in _VIDEO else "lossy"
    return size / _BYTES_PER_SECOND[kind]


def shard(items: Sequence[T], text: str | None) -> tuple[T, ...]:
    """Return the items of shard `i/n`; the n shards are a partition. Raises SettingsError for an invalid shard.

    Divide tasks, not recordings, so that stems are unique across shards.
    """
    if text is None:
        return tuple(items)
    first, _, count = text.partition("/")
    if not (first.isdigit() and count.isdigit() and 1 <= int(first) <= int(count)):
        raise SettingsError(f"--shard {text} is not a shard", "Write it as 2/8 for the second of eight.")
    return tuple(items[int(first) - 1 :: int(count)])


def recordings_in(folder: Path) -> Iterator[Path]:
    """Yield the recordings in a folder and its subfolders, sorted by path, without hidden files and folders.

    The folder of a live session is one recording.
    """
    for path in _visible_files(folder):
        if path.name == SESSION_FILE:
            yield path.parent
        elif path.suffix.lower() in SUFFIXES and not _is_in_session(path):
            yield path


def other_files(arguments: Iterable[str]) -> Counter[str]:
    """Return the number of files in the folders among the arguments that are not recordings, by suffix."""
    folders = [Path(argument) for argument in map(str, map(location_of, arguments)) if is_folder(argument)]
    files = (path for folder in folders for path in _visible_files(folder) if not _is_in_session(path))
    suffixes = [path.suffix.lower() for path in files]
    return Counter(sorted(suffix for suffix in suffixes if suffix not in SUFFIXES))


def _is_in_session(path: Path) -> bool:
    """Return whether a file belongs to a live session: it is in the session folder or its audio folder."""
    return is_session_folder(path.parent) or is_session_folder(path.parent.parent)


def _visible_files(folder: Path) -> Iterator[Path]:
    """Yield the visible files in a folder and its subfolders, sorted by path."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path


def may_name_several(argument: str) -> bool:
    """Return whether an argument is a folder, a pattern or an address, but not the folder of a live session."""
    if is_address(argument):
        return True
    if is_session_folder(argument):
        return False
    pattern = glob.has_magic(argument) and "\0" not in argument and len(argument) <= _LONGEST
    return is_folder(argument) or (pattern and not is_file(argument))


def _expand(argument: str) -> list[Location]:
    """Return the recordings that an argument names; raises InputError if a folder or pattern has none."""
    location = location_of(argument)
    if isinstance(location, RemoteFile):
        return list(_require_found(argument, expand(location, SUFFIXES), glob.has_magic(argument)))
    argument = str(location)
    if not may_name_several(argument):
        return [Path(argument)]
    if is_folder(argument):
        return list(_require_found(argument, list(recordings_in(Path(argument))), is_pattern=False))
    matches = [Path(name) for name in _matches(argument) if is_file(name)]
    return list(_require_found(argument, matches, is_pattern=True))


def _require_found(argument: str, found: Sequence[Location], is_pattern: bool) -> Sequence[Location]:
    """Return the recordings found; raises InputError if there are none."""
    if not found:
        suffixes = f"Their suffixes are {', '.join(sorted(SUFFIXES))}."
        remedy = "Check the pattern: no file matches it." if is_pattern else suffixes
        raise InputError(f"there are no recordings in {argument}", remedy)
    return found


def _matches(pattern: str) -> list[str]:
    """Return the matching paths, sorted; none if the pattern has more folders than Python can recurse into."""
    try:
        return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    except RecursionError:
        return []


def _lines(listed: Path) -> list[str]:
    """Return the entries of a list, relative to the working directory, without empty lines and comments (#)."""
    try:
        lines = read_file(listed, LINES_BYTES).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise InputError(f"--list {listed}: {reason}", "Give a text file with a path per line.") from error
    entries = (line.strip() for line in lines)
    named = [entry for entry in entries if entry and not entry.startswith("#")]
    return [entry if is_address(entry) else os.path.normpath(listed.parent / entry) for entry in named]
