"""Remote stores: listing, reading and writing with fsspec, and errors with a remedy."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.errors import InputError, OutputError, SettingsError, UnreachableError, first_line, os_reason
from meetscribe.runtime.progress import Progress, ignore_progress

_BLOCK = 1 << 24  # bytes fetched at once and held in memory
_CONNECT, _READ = 10, 60  # seconds of one attempt; s3fs is set to make three, gcsfs makes six

ErrorKind: TypeAlias = type[InputError] | type[OutputError]
"""The class of the errors that a store raises for a file: InputError when reading, OutputError when writing."""


@dataclass(frozen=True, slots=True)
class Store:
    """A kind of store: the package that fsspec needs for it, and the meaning of its exceptions.

    `unreachable` and `refused` name exceptions as MODULE:CLASS, `credentials` is the remedy for missing credentials,
    and `options` returns the arguments of the file system.
    """

    package: str
    credentials: str
    unreachable: tuple[str, ...]
    refused: tuple[str, ...]
    options: Callable[[], Mapping[str, Any]]


def _s3_options() -> dict[str, Any]:
    limits = {"connect_timeout": _CONNECT, "read_timeout": _READ}
    return {"config_kwargs": {**limits, "retries": {"total_max_attempts": 3, "mode": "standard"}}}


def _google_options() -> dict[str, Any]:
    import aiohttp  # a dependency of gcsfs

    return {"requests_timeout": aiohttp.ClientTimeout(sock_connect=_CONNECT, sock_read=_READ)}


_S3 = Store(
    "s3fs",
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; set AWS_ENDPOINT_URL for a store outside AWS.",
    ("botocore.exceptions:ConnectionError", "botocore.exceptions:HTTPClientError", "aiohttp:ClientError"),
    ("botocore.exceptions:BotoCoreError",),
    _s3_options,
)
_GOOGLE = Store(
    "gcsfs",
    "Set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run: gcloud auth application-default login",
    ("google.auth.exceptions:TransportError", "aiohttp:ClientError"),
    ("google.auth.exceptions:GoogleAuthError", "gcsfs.retry:HttpError"),
    _google_options,
)

STORES: Mapping[str, Store] = {"s3": _S3, "gs": _GOOGLE, "gcs": _GOOGLE}
"""The stores by the protocol of their addresses."""


def require_store(file: RemoteFile) -> None:
    """Raise SettingsError if the package for an address is missing."""
    _file_system_class(file)


def find(folder: RemoteFile) -> list[RemoteFile]:
    """Return the files in a folder and its subfolders with sizes and times, sorted; raises as `read` does."""
    with store_errors(folder, InputError):
        system = _fresh(folder)
        return _listed(folder, system.find(folder.address, detail=True))


def matching(pattern: RemoteFile) -> list[RemoteFile]:
    """Return the files that match a pattern such as s3://bucket/talks/*.mp3, with sizes and times, sorted."""
    with store_errors(pattern, InputError):
        system = _fresh(pattern)
        return _listed(pattern, system.glob(pattern.address, detail=True))


def look_up(file: RemoteFile) -> RemoteFile | None:
    """Return a file with its size and time, None if there is no such file; raises as `read` does."""
    with store_errors(file, InputError):
        try:
            info = _fresh(file).info(file.address)
        except FileNotFoundError:
            return None
    return None if info["type"] == "directory" else _with_state(file.address, info)


def exists(file: RemoteFile) -> bool:
    """Return whether a file exists; the listing of its folder is cached until `forget_listings`."""
    with store_errors(file, InputError):
        system = _file_system(file)
        try:
            listed = system.ls(file.parent.address, detail=True)
        except FileNotFoundError:
            return False
    return any(info["type"] == "file" and info["name"].endswith(f"/{file.name}") for info in listed)


def forget_listings() -> None:
    """Clear the listings that `exists` caches."""
    for protocol, store in STORES.items():
        if store.package in sys.modules:
            _fresh(RemoteFile(f"{protocol}://"))


def read(file: RemoteFile, limit: int) -> bytes:
    """Return the content of a file of at most `limit` bytes.

    Raises InputError if it cannot be read, UnreachableError if the store does not respond, and SettingsError if the
    package of the store is missing.
    """
    with store_errors(file, InputError), _file_system(file).open(file.address, "rb", cache_type="none") as data:
        if data.size > limit:
            raise OSError(errno.EFBIG, f"it is larger than {limit / 1e6:g} MB, the limit for such a file")
        return bytes(data.read())


def fetch(file: RemoteFile, target: Path, progress: Progress = ignore_progress) -> RemoteFile:
    """Copy a file block by block to a new local file with mode 0600, and return it with its size and time.

    An exception raised by `progress` stops copying and is passed on. Raises InputError, UnreachableError,
    SettingsError, and OutputError if the target cannot be written.
    """
    with store_errors(file, InputError):
        system = _fresh(file)
        before = _with_state(file.address, system.info(file.address))
        _require_space(before, target.parent)
        with _created(target) as copy, system.open(file.address, "rb", block_size=_BLOCK, cache_type="none") as data:
            while block := data.read(_BLOCK):
                _write(file, block, copy)
                progress(min(copy.tell() / max(before.size, 1), 1.0))
            size = copy.tell()
        system.invalidate_cache(file.parent.address)
        after = _with_state(file.address, system.info(file.address))
    if (after.size, after.mtime_ns) != (size, before.mtime_ns):
        raise InputError(f"{file} was changed while it was fetched", "Wait until it is complete.")
    os.utime(target, ns=(after.mtime_ns, after.mtime_ns))
    return after


def send(path: Path, file: RemoteFile) -> None:
    """Upload a local file, which appears complete or not at all; raises OutputError, else as `read` does."""
    with store_errors(file, OutputError):
        _file_system(file).put_file(str(path), file.address)


@contextmanager
def store_errors(file: RemoteFile, kind: ErrorKind) -> Iterator[None]:
    """Convert the errors of a store to `kind`, or to UnreachableError if it does not respond."""
    store = STORES[file.protocol]
    try:
        yield
    except FileNotFoundError as error:
        raise kind(f"{file}: there is no such file or bucket", "Check the address.") from error
    except _classes(store.unreachable, TimeoutError, ConnectionError) as error:
        text = f"{file}: the store does not respond: {first_line(error, 'time-out')}"
        raise UnreachableError(text, "Check the network, and run the command again.") from error
    except _classes(store.refused, PermissionError) as error:
        raise kind(f"{file}: access was refused: {first_line(error)}", store.credentials) from error
    except OSError as error:
        raise kind(f"{file}: {os_reason(error)}", "Check the address.") from error


def _file_system(file: RemoteFile) -> Any:
    """Return the fsspec file system for an address; raises SettingsError if its package is missing."""
    return _file_system_class(file)(**STORES[file.protocol].options())


def _file_system_class(file: RemoteFile) -> Any:
    """Return the class of the file system for an address; raises SettingsError if its package is missing."""
    store = STORES[file.protocol]
    try:
        import fsspec

        return fsspec.get_filesystem_class(file.protocol)
    except ImportError as error:
        text = f"addresses {file.protocol}:// need the package {store.package}"
        raise SettingsError(text, f"Install it: pip install {store.package}") from error


def _fresh(file: RemoteFile) -> Any:
    """Return the file system with its cached listings cleared."""
    system = _file_system(file)
    system.invalidate_cache()
    return system


def _listed(folder: RemoteFile, found: Mapping[str, Mapping[str, Any]]) -> list[RemoteFile]:
    """Return the files of a listing, in which names have no protocol."""
    files = ((name, info) for name, info in sorted(found.items()) if info["type"] == "file")
    return [_with_state(f"{folder.protocol}://{name}", info) for name, info in files]


def _with_state(address: str, info: Mapping[str, Any]) -> RemoteFile:
    """Return the file with its size and its time in whole seconds, since listings and `info` differ in fractions."""
    found = next((info[key] for key in ("LastModified", "mtime", "updated") if info.get(key)), 0)
    if isinstance(found, str):
        found = datetime.datetime.fromisoformat(found.replace("Z", "+00:00"))
    seconds = found.timestamp() if isinstance(found, datetime.datetime) else float(found)
    return RemoteFile(address, int(info.get("size") or 0), int(seconds) * 1_000_000_000)


def _classes(names: tuple[str, ...], *others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return the exceptions `others` and those in `names` whose modules are imported; the rest cannot occur."""
    parts = (name.split(":") for name in names)
    found = [getattr(sys.modules[module], name) for module, name in parts if module in sys.modules]
    return (*others, *found)


def _require_space(file: RemoteFile, folder: Path) -> None:
    """Raise OutputError if a file does not fit into a folder."""
    free = shutil.disk_usage(folder).free
    if file.size > free:
        full = OSError(errno.ENOSPC, f"it has {file.size / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free")
        raise _no_space(file, full) from full


def _created(path: Path) -> IO[bytes]:
    """Create a file with mode 0600."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)


def _write(file: RemoteFile, block: bytes, target: IO[bytes]) -> None:
    """Write a block of a file; raises OutputError."""
    try:
        target.write(block)
    except OSError as error:
        raise _no_space(file, error) from error


def _no_space(file: RemoteFile, error: OSError) -> OutputError:
    """Return the error for a temporary copy that cannot be written."""
    text = f"{file} cannot be fetched into a temporary file: {os_reason(error)}"
    return OutputError(text, "Free some space, or set TMPDIR to a folder on a larger disk.")
