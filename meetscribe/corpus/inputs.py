"""Which recordings are meant by folders, patterns and lists; none of them is opened."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from meetscribe.errors import InputError, SettingsError
from meetscribe.storage.files import LINES_BYTES, is_file, is_folder, read_file

SUFFIXES = frozenset(
    ".aac .ac3 .aif .aiff .amr .asf .au .avi .caf .flac .flv .m4a .m4v .mka .mkv .mov .mp3 .mp4 .mpeg .mpg .mts .oga "
    ".ogg .opus .ts .w64 .wav .webm .wma .wmv .wv".split()
)
"""How the files end that are taken from a folder; a file that is named is taken whatever it is called."""

_LONGEST = 4096  # characters of a pattern that can match: no path is longer


def find_recordings(arguments: Iterable[str], listed: Path | None = None) -> tuple[Path, ...]:
    """The files that are meant, each once, in the order given; those of folders and patterns by name.

    An argument is a file, a folder, with all that is in it, or a pattern such as `talks/**/*.mp3`; `listed` is a
    text file with one to the line, paths relative to it. Raises InputError for a pattern or folder without
    recordings, and for a list that cannot be read. A file that is not there is left to whoever opens it.
    """
    lines = [] if listed is None else _lines(listed)
    found = [path for argument in (*arguments, *lines) for path in _expand(argument)]
    return tuple({path.absolute(): path for path in found}.values())


def shard(recordings: Sequence[Path], text: str | None) -> tuple[Path, ...]:
    """Those of the recordings that share `i/n` is to do; each is in exactly one of the n. Raises SettingsError."""
    if text is None:
        return tuple(recordings)
    first, _, count = text.partition("/")
    if not (first.isdigit() and count.isdigit() and 1 <= int(first) <= int(count)):
        raise SettingsError(f"--shard {text} is no share", "Write it as 2/8: the second of eight.")
    return tuple(recordings[int(first) - 1 :: int(count)])


def in_folder(folder: Path) -> Iterator[Path]:
    """The recordings in a folder and those in it, by name; hidden ones are left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def is_many(argument: str) -> bool:
    """Whether an argument stands for more than a single file."""
    pattern = glob.has_magic(argument) and "\0" not in argument and len(argument) <= _LONGEST
    return is_folder(argument) or (pattern and not is_file(argument))


def _expand(argument: str) -> list[Path]:
    """The files that one argument stands for."""
    if not is_many(argument):
        return [Path(argument)]
    if is_folder(argument):
        found = list(in_folder(Path(argument)))
    else:
        found = [Path(name) for name in _matching(argument) if is_file(name)]
    if not found:
        raise InputError(f"there are no recordings in {argument}", f"They end in {', '.join(sorted(SUFFIXES))}.")
    return found


def _matching(pattern: str) -> list[str]:
    """What a pattern matches, by name; nothing, if it leads through more folders than Python can follow."""
    try:
        return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    except RecursionError:
        return []


def _lines(listed: Path) -> list[str]:
    """The entries of a list, as paths from here; empty lines and those that begin with # are none."""
    try:
        lines = read_file(listed, LINES_BYTES).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise InputError(f"--list {listed}: {reason}", "Give a text file with a path to the line.") from error
    entries = (line.strip() for line in lines)
    return [os.path.normpath(listed.parent / entry) for entry in entries if entry and not entry.startswith("#")]
