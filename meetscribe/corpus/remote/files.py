"""Remote files and folders, and locations: a local path or a remote address."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeAlias
from urllib.parse import quote, unquote

_ADDRESS = re.compile(r"(s3|gs|gcs|file)://(.*)", re.DOTALL | re.IGNORECASE)
_NAME_LENGTH = 100  # maximum length of the stem and suffix of a local copy; object names may be longer than file names


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A remote file or folder, with the attributes of `Path` that a batch uses.

    `size` in bytes and `mtime_ns` come from a listing of the store, 0 if unknown.
    """

    address: str
    size: int = field(default=0, compare=False)
    mtime_ns: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.address

    def __truediv__(self, part: str | PurePath) -> RemoteFile:
        """Return the file at a relative path in this folder."""
        relative = PurePath(part).as_posix()
        return self if relative == "." else RemoteFile(f"{self.address.rstrip('/')}/{relative}")

    @property
    def protocol(self) -> str:
        """The part before `://`."""
        return self.address.partition("://")[0]

    @property
    def name(self) -> str:
        """The part after the last slash."""
        return self.address.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The suffix of the name."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> RemoteFile:
        """The folder."""
        return RemoteFile(self.address.rpartition("/")[0])

    def absolute(self) -> RemoteFile:
        """Return this file: an address is absolute."""
        return self


Location: TypeAlias = Path | RemoteFile
"""The location of a recording or of an output folder."""


def is_address(text: str) -> bool:
    """Return whether a text is an address of a supported kind.

    >>> is_address("s3://bucket/a.mp3"), is_address("https://example.org/a.mp3")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def location_of(text: str) -> Location:
    """Return the location named by a text; `file://` is a local path.

    >>> location_of("file:///talks/a%20b.mp3").name
    'a b.mp3'
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return Path(text)
    protocol, rest = found[1].lower(), found[2]
    if protocol == "file":
        return Path(unquote(rest.removeprefix("localhost")))
    return RemoteFile(f"{protocol}://{rest.rstrip('/')}")


def normalized(location: Location) -> Location:
    """Return the location that identifies a recording: the absolute path without `.` and `..`, or the address.

    Links are not resolved.

    >>> normalized(Path("/archive/new/../talks/./a.wav")).as_posix()
    '/archive/talks/a.wav'
    """
    return Path(os.path.normpath(location.absolute())) if isinstance(location, Path) else location


def as_path(location: Location) -> Path:
    """Return a local path for a location, unique for each address; it need not exist.

    >>> as_path(RemoteFile("s3://bucket/../a.mp3")).as_posix()
    '/s3:/bucket/%2E%2E/a.mp3'
    """
    if isinstance(location, Path):
        return location.absolute()
    protocol, _, rest = location.address.partition("://")
    return Path("/", f"{protocol}:", *map(_part, rest.split("/")))


def local_name(file: RemoteFile) -> str:
    """Return a name for a local copy: the name of the file, shortened if it is long."""
    name = PurePosixPath(as_path(file).name)
    return name.stem[:_NAME_LENGTH] + name.suffix[:_NAME_LENGTH]


def file_state(location: Location) -> tuple[int, int] | None:
    """Return size in bytes and modification time in ns; nothing is fetched.

    None means that there is no such file or, for a remote file, also that its size is 0 or was not looked up.
    """
    if isinstance(location, RemoteFile):
        return (location.size, location.mtime_ns) if location.size else None
    try:
        found = location.stat()
    except (OSError, ValueError):  # ValueError: an impossible file name
        return None
    return found.st_size, found.st_mtime_ns


def _part(text: str) -> str:
    """Return a part of an address as a file name; parts such as "..", and unsafe characters, are quoted."""
    if text in ("", ".", ".."):
        return text.replace(".", "%2E") or "%"
    return quote(text, safe="") if re.search(r"[\0-\x1f\\]", text) else text
