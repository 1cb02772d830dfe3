"""The recordings named by addresses: single files, folders and patterns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from glob import has_magic

from meetscribe.corpus.remote.files import Location, RemoteFile
from meetscribe.corpus.remote.stores import find, look_up, matching, require_store

_SINGLE = 8  # up to this number of files of a folder are requested one by one; for more, the folder is listed


def expand(file: RemoteFile, suffixes: Collection[str]) -> Sequence[RemoteFile]:
    """Return the files named by an address, with their sizes and times.

    An address with one of the suffixes and without wildcards is a file, which need not exist. Any other address is an
    existing file, else a pattern if it has wildcards, else a folder, of which the visible files with these suffixes
    are returned. Raises InputError, SettingsError and UnreachableError.
    """
    require_store(file)
    is_pattern = has_magic(file.address)
    if file.suffix.lower() in suffixes and not is_pattern:
        return [file]
    single = look_up(file)
    if single is not None:
        return [single]
    if is_pattern:
        return matching(file)
    return [found for found in find(file) if found.suffix.lower() in suffixes and not _is_hidden(found, file)]


def look_up_all(locations: Iterable[Location]) -> tuple[Location, ...]:
    """Return the locations, with size and time for each remote file that exists.

    Raises InputError, SettingsError and UnreachableError.
    """
    locations = tuple(locations)
    unknown: dict[RemoteFile, list[RemoteFile]] = defaultdict(list)
    for file in locations:
        if isinstance(file, RemoteFile) and not file.size:
            unknown[file.parent].append(file)
    known: dict[Location, RemoteFile] = {}
    for folder, files in unknown.items():
        found = map(look_up, files) if len(files) <= _SINGLE else find(folder)
        known |= {file: file for file in found if file is not None}
    return tuple(known.get(location, location) for location in locations)


def _is_hidden(file: RemoteFile, folder: RemoteFile) -> bool:
    relative = file.address.removeprefix(folder.address)
    return any(part.startswith(".") for part in relative.split("/"))
